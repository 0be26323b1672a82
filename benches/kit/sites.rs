//! Sites to measure on: founded once for each program and engine, then copied.

use super::engine::{Database, Engine};
use super::people::{self, Passwords, Persona};
use super::program::{Program, Server};
use super::recipe::{self, FIRST, Recipe, WATCH};
use serde_json::json;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A founded site with its people and its recipes, which nobody has open.
struct Template {
    database: Database,
    passwords: Passwords,
}

/// The templates of a benchmark.
#[derive(Default)]
pub struct Sites(RefCell<BTreeMap<(PathBuf, Engine), Rc<Template>>>);

impl Sites {
    fn template(&self, program: &Program, engine: Engine) -> Rc<Template> {
        let key = (program.path.clone(), engine);
        if let Some(template) = self.0.borrow().get(&key) {
            return Rc::clone(template);
        }
        let database = Database::empty(engine);
        let password = program.found(&database);
        let server = program.serve(&database);
        let passwords = people::hire(server.address, &password);
        for recipe in recipe::ALL {
            let document = recipe.document(&program.example);
            people::bring_into_effect(server.address, &passwords, &document);
        }
        server.stop();
        let template = Rc::new(Template { database, passwords });
        self.0.borrow_mut().insert(key, Rc::clone(&template));
        template
    }

    /// A fresh site, served.
    pub fn open(&self, program: &Program, engine: Engine) -> World {
        let mut world = self.closed(program, engine);
        world.serve();
        world
    }

    /// A fresh site that nobody serves.
    pub fn closed(&self, program: &Program, engine: Engine) -> World {
        let template = self.template(program, engine);
        World::on(program, Database::copy(&template.database), template.passwords.clone())
    }

    /// A fresh SQLite site in a directory that stays.
    pub fn kept(&self, program: &Program, dir: &Path) -> World {
        let template = self.template(program, Engine::Sqlite);
        let database = Database::copy_into(&template.database, dir);
        World::on(program, database, template.passwords.clone())
    }
}

/// A site, and the server that serves it, if one does.
pub struct World {
    pub program: Program,
    server: Option<Server>,
    pub database: Database,
    passwords: Passwords,
    people: RefCell<BTreeMap<String, Persona>>,
}

impl World {
    fn on(program: &Program, database: Database, passwords: Passwords) -> Self {
        let people = RefCell::default();
        Self { program: program.clone(), server: None, database, passwords, people }
    }

    pub fn serve(&mut self) {
        assert!(self.server.is_none(), "it is served already");
        self.server = Some(self.program.serve(&self.database));
    }

    pub fn server(&self) -> &Server {
        self.server.as_ref().expect("a served site")
    }

    pub fn address(&self) -> SocketAddr {
        self.server().address
    }

    pub fn stop(&mut self) {
        self.people.borrow_mut().clear();
        self.server.take().expect("a served site").stop();
    }

    /// A further server on the same database.
    pub fn second_node(&self) -> Server {
        self.program.serve(&self.database)
    }

    /// Somebody at a terminal of their own, not signed in.
    pub fn stranger(&self, name: &str) -> Persona {
        Persona::new(self.address(), name, &self.passwords[name])
    }

    /// Somebody, signed in.
    pub fn with<T>(&self, name: &str, act: impl FnOnce(&mut Persona) -> T) -> T {
        let mut people = self.people.borrow_mut();
        act(people.entry(name.to_owned()).or_insert_with(|| self.stranger(name)))
    }

    /// Issues a run; where the recipe has a first step, that is done and its limits of time run.
    pub fn issue(&self, number: &str, recipe: &Recipe) {
        let body = json!({ "number": number, "master": { "code": recipe.code } });
        self.with("sven", |sven| sven.sign("/batches", &body, None));
        if recipe.listed {
            let step = format!("/batches/{number}/operations/OP-01~1/steps/{WATCH}~1");
            self.with("olga", |olga| olga.post(&format!("{step}/start"), &json!({})));
        }
        if recipe.timed {
            let step = format!("/batches/{number}/operations/OP-01~1/steps/{FIRST}~1");
            self.with("olga", |olga| {
                olga.post(&format!("{step}/start"), &json!({}));
                let report =
                    json!({ "entry": recipe::entry_id(0), "value": "0.272", "unit": "kg" });
                let version = olga.post(&format!("{step}/entries"), &report).etag;
                olga.post_on(&format!("{step}/completion"), &json!({}), version.as_deref());
            });
        }
    }

    /// The path of one part of a batch, or of the whole where this program knows no parts.
    pub fn part_of(&self, run: &str) -> String {
        let parts = ["/operations/OP-01~1/steps/s000~1", "/operations/OP-01~1"];
        let paths = parts.iter().map(|part| format!("/batches/{run}{part}"));
        let known = |path: &String| self.with("sven", |sven| sven.status(path)) == 200;
        paths.into_iter().find(known).unwrap_or_else(|| format!("/batches/{run}"))
    }
}
