//! The whole play: founding, people, master record, one batch to its end, a forgery found, a second batch.

use super::super::house::{House, NewSite, Running, Site};
use super::super::verify::line;
use super::DemoDir;
use super::cast::{self, Cast};
use super::client::{DemoError, Persona, Tally};
use super::devices::Devices;
use super::floor;
use super::scenes::{complaint, fill, finish, harvest, purification, upstream};
use super::stage::Stage;
use super::story::Story;
use crate::domain::clock::Instant;
use crate::domain::site::Environment;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time;

/// The master record as shipped: version 1, and version 2, which is played.
const MASTERS: [&str; 2] = [
    include_str!("../../../schemas/examples/amab-drug-substance.json"),
    include_str!("../../../schemas/examples/amab-drug-substance-2.json"),
];

/// Simulated days between the first act and today: the story ends before now.
const DAYS_BACK: i64 = 68;

/// The batch.
const BATCH: &str = "AMAB-26-001";

/// The most signings, sign-ins aside, that a batch of this process with its incidents may take.
const MOST_SIGNINGS: u32 = 90;

/// The batch that is in mid-culture when the demo serves.
const SECOND_BATCH: &str = "AMAB-26-002";

/// A server of the demo, stopped gracefully also when the story breaks off.
struct Server(Rc<Box<dyn Running>>);

fn other(message: impl Into<String>) -> DemoError {
    DemoError::Other(message.into())
}

/// The first moment of the story: so many days before today, at six in the morning UTC.
fn first_moment() -> Instant {
    let real =
        time::SystemTime::now().duration_since(time::UNIX_EPOCH).map_or(0, |d| d.as_micros());
    let today = i64::try_from(real).unwrap_or(i64::MAX);
    let day = super::stage::DAY;
    Instant(today - today.rem_euclid(day) - DAYS_BACK * day + day / 4)
}

/// Plays everything and leaves a whole demo site behind.
///
/// # Errors
/// When the server refuses what the story needs, or accepts what it must refuse.
pub fn whole(dir: &DemoDir, listen: SocketAddr, house: &dyn House) -> Result<(), DemoError> {
    let began = time::Instant::now();
    let start = first_moment();
    let password = house.password();
    let site = Site { simulated_from: Some(start), ..dir.site() };
    let fingerprint = house
        .found(&NewSite {
            site: site.clone(),
            name: "A-Mab Demo Site".into(),
            origin: "demo.invalid/batchwright".into(),
            zone: "Europe/Berlin".into(),
            environment: Environment::Demo,
            administrator: "ada".into(),
            printed_name: "Ada Admin".into(),
            password: password.clone(),
        })
        .map_err(other)?;
    println!("▌ Batchwright demo: the A-Mab drug substance, eight simulated weeks");
    println!("▌ founded a demo site in {}", dir.dir.display());
    println!("▌ founding key {fingerprint}");
    println!("  (verify --trust with this fingerprint says whose record it is)");
    let port = SocketAddr::new(listen.ip(), 0);
    let running: Rc<Box<dyn Running>> = Rc::new(house.start(&site, port, false).map_err(other)?);
    let server = Server(Rc::clone(&running));
    let tally = Rc::new(Tally::default());
    let played = play(&server, start, &password, &tally, house, dir);
    drop(server);
    let running =
        Rc::into_inner(running).ok_or_else(|| other("the demo's server is still in use"))?;
    running.stop().map_err(other)?;
    let accounts = played?;
    let text = serde_json::to_vec_pretty(&accounts).unwrap_or_default();
    house.write(&dir.file("accounts.json"), &text, true).map_err(other)?;
    forgery(dir, house)?;
    println!(
        "\nplayed in {} s: {} acts, {} sign-ins, {} signings in all",
        began.elapsed().as_secs(),
        tally.acts.get(),
        tally.sign_ins.get(),
        tally.signings.get(),
    );
    Ok(())
}

fn play(
    server: &Server,
    start: Instant,
    password: &str,
    tally: &Rc<Tally>,
    house: &dyn House,
    dir: &DemoDir,
) -> Result<Value, DemoError> {
    let base = format!("http://{}", server.0.address());
    let clock = Rc::clone(&server.0);
    let stage = Stage::new(start, "Europe/Berlin", 1000, Box::new(move |at| clock.move_clock(at)));
    stage.scene("The people: each with an identity check, an own password and an own signing key");
    let ada = Persona::new(&base, "ada", password, Rc::clone(tally));
    let cast = cast::hire(&base, ada, tally, || house.password(), || stage.tick())?;
    stage.say(&format!(
        "   {} people; the administrator holds no GMP authority.",
        cast::PEOPLE.len()
    ));
    let devices = registered(&stage, &cast, house)?;
    let content = master_records(&stage, &cast)?;
    let before = (tally.signings.get(), tally.acts.get());
    let story = begin_batch(&stage, &cast, &devices, BATCH, &content, start)?;
    upstream::play(&story)?;
    harvest::play(&story)?;
    purification::play(&story)?;
    fill::play(&story)?;
    finish::play(&story)?;
    let signings = tally.signings.get() - before.0;
    stage.say(&format!(
        "   The batch took {signings} signings, of {MOST_SIGNINGS} at most, and {} acts.",
        tally.acts.get() - before.1
    ));
    if signings > MOST_SIGNINGS {
        return Err(other(format!(
            "the batch took {signings} signings, more than {MOST_SIGNINGS}"
        )));
    }
    report(&story, house, dir, "The batch record leaves the house: a sealed PDF/A")?;
    second_batch(&story, &content)?;
    report(&story, house, dir, "The record is printed anew; the first rendition is superseded")?;
    stage.end();
    cast.end_shift()?;
    Ok(cast.accounts())
}

/// The devices whose signed text counts as a reading.
fn registered(stage: &Stage, cast: &Cast, house: &dyn House) -> Result<Devices, DemoError> {
    stage.scene("The devices: each signs its own readings and alarms");
    let devices = Devices::new(|| house.password());
    let year = Instant(stage.now().0 + 365 * super::stage::DAY);
    devices.register(cast.get("ada"), year)?;
    for what in Devices::told() {
        stage.say(&format!("   {what}: registered, calibrated for a year"));
    }
    Ok(devices)
}

/// Two versions, each by three different people; the second supersedes the first.
fn master_records(stage: &Stage, cast: &Cast) -> Result<Value, DemoError> {
    stage.scene("The master record: written, checked, approved by three different people");
    let [first, second] = MASTERS.map(serde_json::from_str::<Value>);
    let (first, second) = (first.map_err(broken)?, second.map_err(broken)?);
    approved(stage, cast, &first)?;
    stage.say("   Version 1 has people type the design-space predictors and the hold times.");
    approved(stage, cast, &second)?;
    stage.say("   In version 2 the server computes predictors, hold times and yields; results");
    stage.say("   are determinations on samples; readings come signed from devices.");
    cast.end_shift()?;
    Ok(second)
}

fn broken(error: serde_json::Error) -> DemoError {
    other(error.to_string())
}

/// Author, checker, approver: three people over the same content hash.
fn approved(stage: &Stage, cast: &Cast, content: &Value) -> Result<(), DemoError> {
    let (petra, paul, qadir) = (cast.get("petra"), cast.get("paul"), cast.get("qadir"));
    let drafted = petra.post("/api/v1/masters", &json!({ "content": content }))?;
    let code = content["code"].as_str().unwrap_or_default();
    let path = format!("/api/v1/masters/{code}/versions/{}", drafted["version"]);
    petra.post(&format!("{path}/submission"), &json!({ "signature": petra.signature() }))?;
    stage.minutes(150);
    paul.post(&format!("{path}/check"), &json!({ "signature": paul.signature() }))?;
    stage.minutes(150);
    qadir.post(&format!("{path}/approval"), &json!({ "signature": qadir.signature() }))?;
    let hash = drafted["content_hash"].as_str().unwrap_or_default();
    stage.say(&format!(
        "   {code} version {} is effective; all three signed {}…",
        drafted["version"],
        hash.get(..16).unwrap_or(hash)
    ));
    Ok(())
}

fn begin_batch<'a>(
    stage: &'a Stage,
    cast: &'a Cast,
    devices: &'a Devices,
    number: &str,
    content: &Value,
    start: Instant,
) -> Result<Story<'a>, DemoError> {
    stage.at(Instant(start.0 + super::stage::DAY));
    let sven = cast.get("sven");
    let body = json!({ "number": number, "master": { "code": content["code"] }, "signature": sven.signature() });
    let issued = sven.post("/api/v1/batches", &body)?;
    stage.scene(&format!("Batch {number} is issued (issue number {})", issued["issue_no"]));
    let gates = content["gates"].as_array().into_iter().flatten().flat_map(|gate| {
        let id = gate["id"].as_str().unwrap_or_default().to_owned();
        let before = gate["before"].as_array().cloned().unwrap_or_default();
        before.into_iter().filter_map(move |s| Some((s.as_str()?.to_owned(), id.clone())))
    });
    Ok(Story {
        stage,
        cast,
        batch: number.to_owned(),
        steps: floor::steps(content),
        gates: gates.collect(),
        specifications: content["release_specifications"].as_array().cloned().unwrap_or_default(),
        devices,
        day_zero: stage.now(),
        played: RefCell::default(),
        deviations: RefCell::default(),
    })
}

/// The report is issued once: its bytes are kept under a number and come back the same.
fn report(
    story: &Story<'_>,
    house: &dyn House,
    dir: &DemoDir,
    title: &str,
) -> Result<(), DemoError> {
    story.stage.scene(title);
    let qadir = story.cast.get("qadir");
    let issued = qadir.post(&story.path("reports"), &json!({}))?;
    let (status, bytes) = qadir.get_bytes(&story.path(&format!("reports/{}", issued["no"])))?;
    if status != 200 || !bytes.starts_with(b"%PDF") {
        return Err(other(format!("the report came back with status {status}")));
    }
    let path = dir.file("records").join(format!("{}.pdf", story.batch));
    house.write(&path, &bytes, false).map_err(other)?;
    story.stage.say(&format!(
        "   {} ({} kB), rendition {}",
        path.display(),
        bytes.len() / 1024,
        issued["no"]
    ));
    Ok(())
}

/// A second batch, left in mid-culture, so that whoever opens the demo has something to do.
///
/// While it grows, somebody complains about the first one.
fn second_batch(first: &Story<'_>, content: &Value) -> Result<(), DemoError> {
    let Story { stage, cast, devices, .. } = *first;
    let story = begin_batch(stage, cast, devices, SECOND_BATCH, content, stage.now())?;
    upstream::mid_culture(&story, 4, |day| complaint::afternoon(first, day))?;
    cast.end_shift()
}

/// One number changed in a copy of the database, as somebody with a database tool would.
fn forgery(dir: &DemoDir, house: &dyn House) -> Result<(), DemoError> {
    println!("\n▌ Somebody with a database tool changes one number in a copy");
    let copy = dir.file("forged-copy.sqlite");
    let what = house.forge(&dir.database_url(), &copy).map_err(other)?;
    println!("   {what}");
    let url = format!("sqlite:{}", copy.display());
    let report = house.verify(&url, None, None).map_err(other)?;
    if report.is_whole() {
        return Err(other("verify did not find the forgery"));
    }
    for finding in report.findings.iter().take(4) {
        println!("   {}", line(finding));
    }
    Ok(())
}
