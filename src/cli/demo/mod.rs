//! `batchwright demo`: a whole batch over the demo's own HTTP API, told scene by scene.

pub mod bodies;
pub mod cast;
pub mod client;
pub mod devices;
pub mod floor;
pub mod laboratory;
mod play;
pub mod scenes;
pub mod stage;
mod stores;
pub mod story;

use super::args::DemoArgs;
use super::fonts;
use super::house::{House, Site};
use std::path::PathBuf;

/// The files of a demo site.
#[derive(Debug, Clone)]
pub struct DemoDir {
    /// The directory.
    pub dir: PathBuf,
}

impl DemoDir {
    /// A file in it.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Its database.
    #[must_use]
    pub fn database_url(&self) -> String {
        format!("sqlite:{}", self.file("batchwright.sqlite").display())
    }

    /// The site in it.
    #[must_use]
    pub fn site(&self) -> Site {
        Site {
            database_url: self.database_url(),
            keys: Some(self.file("keys")),
            checkpoint: Some(self.file("checkpoint")),
            simulated_from: None,
        }
    }
}

/// Plays or finds the demo site, then serves it.
///
/// # Errors
/// A sentence for people.
pub fn run(args: &DemoArgs, house: &dyn House) -> Result<(), String> {
    if !args.listen.ip().is_loopback() {
        return Err(format!("a demo site answers on loopback only, not on {}", args.listen.ip()));
    }
    fonts::add(&args.fonts, house)?;
    let dir = DemoDir { dir: args.dir.clone() };
    let names = house.names(&dir.dir)?;
    let existing = ["batchwright.sqlite", "keys", "accounts.json"]
        .iter()
        .all(|n| names.iter().any(|m| m == n));
    if !existing && !names.is_empty() {
        return Err(format!(
            "{} holds something that is not a demo site; nothing was touched. Name another --dir.",
            dir.dir.display()
        ));
    }
    if existing {
        println!("A demo site is here already: verifying it.");
    } else {
        play::whole(&dir, args.listen, house).map_err(|e| e.to_string())?;
    }
    verify(&dir, house)?;
    if args.once {
        println!("verified");
        return Ok(());
    }
    serve(&dir, args, house)
}

/// Verifies the site with the checkpoint that lies beside it.
fn verify(dir: &DemoDir, house: &dyn House) -> Result<(), String> {
    let note = house.read(&dir.file("checkpoint")).ok().and_then(|b| String::from_utf8(b).ok());
    let report = house.verify(&dir.database_url(), note.as_deref(), None)?;
    if report.is_whole() {
        return Ok(());
    }
    super::verify::print(&report);
    Err("the demo site is broken".into())
}

fn serve(dir: &DemoDir, args: &DemoArgs, house: &dyn House) -> Result<(), String> {
    let running = house.start(&dir.site(), args.listen, false)?;
    running.follow_system();
    println!(
        "\nserving on http://{}  (documentation: http://{}/docs/)",
        running.address(),
        running.address()
    );
    println!("accounts, with their passwords ({}):", dir.file("accounts.json").display());
    let accounts: serde_json::Value =
        serde_json::from_slice(&house.read(&dir.file("accounts.json"))?).unwrap_or_default();
    for account in accounts.as_array().into_iter().flatten() {
        let text = |name: &str| account[name].as_str().unwrap_or_default().to_owned();
        let role = account["roles"][0].as_str().unwrap_or_default();
        println!("  {:<10} {:<18} {}", text("user_name"), role, text("password"));
    }
    println!("batch records: {}/", dir.file("records").display());
    println!("Ctrl-C stops.");
    running.wait()
}
