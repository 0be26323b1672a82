//! Orders handed to the lane through [`Store`], without HTTP: the one file here that uses the library.
//!
//! The site is the one that the server serves; sessions are opened over HTTP before. Every order has its
//! receipt and request id as over HTTP, and the same rules decide; only what HTTP does in front is left out:
//! tokens, bodies, and the HMAC of the receipt, whose 32 bytes here are a number.

use super::engine::Database;
use super::people::Persona;
use super::process::{self, Threads};
use super::recipe::{Recipe, entry_id, step_id};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use batchwright::app::run::act::RunAct;
use batchwright::app::session::judged;
use batchwright::domain::entry::Input;
use batchwright::domain::run::acts::{CompleteStep, RecordEntry, RunCommand, StartStep};
use batchwright::domain::words::{Basis, EntryKey};
use batchwright::identity::session::{SessionLimits, judge_session};
use batchwright::identity::site_keys::ServingKeys;
use batchwright::store::{OpenOptions, Outcome, Pending, ReceiptKey, Store, Submission};
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use uuid::Uuid;

/// So many orders wait before the lane: several groups.
const WAITING: usize = 256;

/// Whose orders these are.
#[derive(Debug, Clone, Copy)]
pub struct Author {
    person: Uuid,
    session: Uuid,
}

impl Author {
    /// The person and session that an access token names.
    pub fn signed_in(persona: &mut Persona) -> Self {
        persona.sign_in();
        let token = persona.token();
        let claims = token.split('.').nth(1).expect("a token has claims");
        let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64");
        let claims: Value = serde_json::from_slice(&claims).expect("JSON");
        let id = |name: &str| {
            let text = claims[name].as_str().unwrap_or_default();
            Uuid::parse_str(text).unwrap_or_else(|e| panic!("{name} in {claims}: {e}"))
        };
        Self { person: id("sub"), session: id("sid") }
    }
}

/// A step that is recorded, occurrence after occurrence.
struct Track {
    run: String,
    step: String,
    occurrence: u32,
    next: Next,
    /// Entries that are still to be recorded at it now.
    left: usize,
}

/// What comes next at a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Start,
    Entry(usize),
    /// Its last entry is on its way: the completion names that version.
    Awaited,
    Complete(u64),
}

/// Every step of some runs, recorded in turn.
pub struct Tracks {
    tracks: VecDeque<Track>,
    entries: usize,
}

impl Tracks {
    pub fn of(runs: &[String], recipe: &Recipe) -> Self {
        let steps = 0..recipe.steps;
        let track = |(run, no): (&String, usize)| Track {
            run: run.clone(),
            step: step_id(no),
            occurrence: 1,
            next: Next::Start,
            left: 0,
        };
        let all = runs.iter().flat_map(|run| steps.clone().map(move |no| (run, no)));
        Self { tracks: all.map(track).collect(), entries: recipe.entries }
    }
}

/// A site's store, opened in this process.
pub struct Lane {
    store: Store,
    author: Author,
}

/// What was recorded.
pub struct Recorded {
    pub entries: usize,
    pub seconds: f64,
    /// What the threads of this process spent.
    pub spent: Threads,
}

impl Recorded {
    pub fn rate(&self) -> f64 {
        super::floor::count(self.entries) / self.seconds
    }
}

impl Lane {
    pub fn open(database: &Database, author: Author) -> Self {
        let phrase = std::fs::read_to_string(database.dir.join("passphrase")).expect("a phrase");
        let keys = database.dir.join("keys");
        let keys = ServingKeys::open(&phrase, |name| std::fs::read(keys.join(name)).ok())
            .unwrap_or_else(|e| panic!("the key files: {e}"));
        let store = Store::open(OpenOptions {
            log_signer: Some(keys.log),
            session_judge: Some(Arc::new(|row, real| {
                judge_session(&judged(row), SessionLimits::USUAL, real)
            })),
            ..OpenOptions::new(&database.url)
        })
        .unwrap_or_else(|e| panic!("{}: {e}", database.url));
        Self { store, author }
    }

    pub fn close(self) {
        self.store.shutdown().expect("the store ends");
    }

    /// Records at least so many entries, at each step as many, as fast as the lane takes them; occurrences
    /// are begun and completed as they come, and are not counted.
    pub fn record(&self, tracks: &mut Tracks, entries: usize) -> Recorded {
        let each = entries.div_ceil(tracks.tracks.len());
        tracks.tracks.iter_mut().for_each(|track| track.left = each);
        let entries = each * tracks.tracks.len();
        let before = process::threads(None);
        let begin = Instant::now();
        let mut waiting: VecDeque<(Pending, Option<Track>)> = VecDeque::new();
        let mut done = VecDeque::new();
        loop {
            if waiting.len() < WAITING
                && let Some(mut track) = tracks.tracks.pop_front()
            {
                if track.left == 0 {
                    done.push_back(track);
                    continue;
                }
                let pending = self.send(&mut track, tracks.entries);
                if track.next == Next::Awaited {
                    waiting.push_back((pending, Some(track)));
                } else {
                    tracks.tracks.push_back(track);
                    waiting.push_back((pending, None));
                }
                continue;
            }
            let Some((pending, track)) = waiting.pop_front() else { break };
            let head = head_of(pending);
            if let Some(mut track) = track {
                track.next = Next::Complete(head);
                tracks.tracks.push_back(track);
            }
        }
        let seconds = begin.elapsed().as_secs_f64();
        tracks.tracks = done;
        Recorded { entries, seconds, spent: process::threads(None).since(&before) }
    }

    /// Completes every occurrence whose entries are all recorded. Returns how many.
    pub fn complete(&self, tracks: &mut Tracks) -> usize {
        let mut completed = 0;
        let entries = tracks.entries;
        for track in &mut tracks.tracks {
            if matches!(track.next, Next::Complete(_)) {
                head_of(self.send(track, entries));
                completed += 1;
            }
        }
        completed
    }

    fn send(&self, track: &mut Track, entries: usize) -> Pending {
        let step = format!("OP-01~1/{}~{}", track.step, track.occurrence);
        let step = step.parse().expect("an occurrence");
        let order = match track.next {
            Next::Start => {
                track.next = Next::Entry(0);
                RunCommand::StartStep(StartStep { step, expected: None })
            }
            Next::Entry(no) => {
                track.left -= 1;
                track.next = if no + 1 == entries { Next::Awaited } else { Next::Entry(no + 1) };
                record(EntryKey { step: Some(step), entry: entry_id(no) })
            }
            Next::Complete(version) => {
                track.next = Next::Start;
                track.occurrence += 1;
                RunCommand::CompleteStep(CompleteStep { step, expected: Some(version) })
            }
            Next::Awaited => unreachable!("it is with those that are waited for"),
        };
        // Counted over all lanes of this process: a second request under one key would be a repeated one.
        static SENT: AtomicU64 = AtomicU64::new(1);
        let sent = SENT.fetch_add(1, Ordering::Relaxed);
        let Author { person, session } = self.author;
        let command = Box::new(RunAct::new(track.run.clone(), order));
        let mut hmac = [7; 32];
        hmac[..8].copy_from_slice(&sent.to_be_bytes());
        let key = format!("{}-{:08}", session.simple(), sent);
        self.store.submit(Submission {
            station: Some("bench-1".into()),
            request_id: Some(Uuid::now_v7().to_string()),
            receipt: Some(ReceiptKey { key, hmac }),
            ..Submission::by(command, person, Some(session))
        })
    }
}

fn record(at: EntryKey) -> RunCommand {
    RunCommand::RecordEntry(RecordEntry {
        at,
        input: Input { value: "0.272".into(), unit: Some("kg".into()) },
        performed_at: None,
        basis: Basis::default(),
        reason: None,
        confirmed: false,
    })
}

/// The head of the run after an order, which must have been done.
fn head_of(pending: Pending) -> u64 {
    match pending.wait() {
        Outcome::Done { heads, replayed: false, .. } => heads.first().expect("a run was changed").1,
        other => panic!("not done: {other:?}"),
    }
}
