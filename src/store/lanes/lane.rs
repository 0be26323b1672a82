//! The lane's thread: drains, runs a group in one transaction, commits, answers.

use super::group::Group;
use super::shelf::Shelf;
use super::{GROUP, Item, jump};
use crate::domain::clock::{Instant, Zone};
use crate::domain::ids::{RecordKey, RecordKind};
use crate::seal::digest::Hash;
use crate::store::access_log;
use crate::store::checkpointer::Notice;
use crate::store::clock::Clock;
use crate::store::db::{Access, Address, Db, on_engine};
use crate::store::derived::Marks;
use crate::store::fault::StoreError;
use crate::store::log::Log;
use crate::store::options::SessionJudge;
use crate::store::replay::Recipes;
use crate::store::schema::{journal, op_lane};
use crate::store::submission::Outcome;
use crossbeam_channel::{Receiver, Sender};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use uuid::Uuid;

/// What the lane knows of the committed database, as long as nobody else writes it.
pub(super) struct Knowledge {
    pub(super) shelf: Arc<Shelf>,
    pub(super) recipes: Recipes,
    pub(super) log: Log,
    pub(super) judge: Option<SessionJudge>,
    pub(super) clock: Clock,
    pub(super) site: Option<RecordKey>,
    pub(super) numbers: HashMap<(RecordKind, String), RecordKey>,
    pub(super) marks: HashMap<RecordKey, Marks>,
    /// Place and link of the newest access row.
    pub(super) access: (u64, Hash),
    blobs: HashMap<Hash, Arc<Vec<u8>>>,
    zone: Option<(String, i64, Zone)>,
    pub(super) last_at: i64,
    pub(super) jumped: bool,
    /// The clock and the machine's steady time when the lane last looked.
    pub(super) looked: Option<(i64, std::time::Instant)>,
}

impl Knowledge {
    /// The site's time, later than everything written before.
    pub(super) fn next_time(&mut self) -> Instant {
        self.last_at = self.clock.time().0.max(self.last_at + 1);
        self.clock.written(Instant(self.last_at));
        Instant(self.last_at)
    }

    /// The zone at a moment. Offsets change on the minute: within one the last answer serves.
    pub(super) fn zone(&mut self, name: &str, at: Instant) -> Result<Zone, StoreError> {
        let minute = at.0.div_euclid(crate::domain::clock::MINUTE);
        match &self.zone {
            Some((known, when, zone)) if known == name && *when == minute => Ok(zone.clone()),
            _ => {
                let zone = Zone::at(name, at).map_err(StoreError::Decision)?;
                self.zone = Some((name.to_owned(), minute, zone.clone()));
                Ok(zone)
            }
        }
    }

    /// A blob's bytes: the few that are asked for again and again are kept.
    pub(super) fn blob(
        &mut self,
        hash: Hash,
        read: impl FnOnce() -> Result<Option<Vec<u8>>, StoreError>,
    ) -> Result<Option<Arc<Vec<u8>>>, StoreError> {
        if let Some(bytes) = self.blobs.get(&hash) {
            return Ok(Some(Arc::clone(bytes)));
        }
        let Some(bytes) = read()?.map(Arc::new) else { return Ok(None) };
        if self.blobs.len() >= 32 {
            self.blobs.clear();
        }
        self.blobs.insert(hash, Arc::clone(&bytes));
        Ok(Some(bytes))
    }

    /// Forgets everything that a failed group or another writer may have made untrue.
    fn forget(&mut self) {
        self.shelf.clear();
        self.marks.clear();
        self.numbers.clear();
        self.site = None;
    }
}

/// What a lane is made of.
pub(in crate::store) struct LaneParts {
    pub(in crate::store) address: Address,
    pub(in crate::store) items: Receiver<Item>,
    pub(in crate::store) shelf: Arc<Shelf>,
    pub(in crate::store) recipes: Recipes,
    pub(in crate::store) log: Log,
    pub(in crate::store) judge: Option<SessionJudge>,
    pub(in crate::store) clock: Clock,
    /// Told after each commit that added a leaf.
    pub(in crate::store) committed: Sender<Notice>,
}

/// The lane.
pub(in crate::store) struct Lane {
    conn: Db,
    address: Address,
    items: Receiver<Item>,
    committed: Sender<Notice>,
    known: Knowledge,
    owner: Uuid,
}

/// What an item is answered with.
enum Answer {
    Outcome(Outcome),
    Done(Result<(), StoreError>),
}

impl Lane {
    /// Connects.
    pub(in crate::store) fn new(parts: LaneParts) -> Result<Self, StoreError> {
        let conn = parts.address.connect(Access::Write)?;
        let known = Knowledge {
            shelf: parts.shelf,
            recipes: parts.recipes,
            log: parts.log,
            judge: parts.judge,
            clock: parts.clock,
            site: None,
            numbers: HashMap::new(),
            marks: HashMap::new(),
            access: (0, [0; 32]),
            blobs: HashMap::new(),
            zone: None,
            last_at: i64::MIN + 1,
            jumped: false,
            looked: None,
        };
        let (address, items, committed) = (parts.address, parts.items, parts.committed);
        Ok(Self { conn, address, items, committed, known, owner: Uuid::now_v7() })
    }

    /// Works until it is told to stop or nobody can hand it anything any more.
    pub(in crate::store) fn run(mut self) {
        loop {
            let Ok(first) = self.items.recv() else { return };
            let mut batch = vec![first];
            while batch.len() < GROUP {
                match self.items.try_recv() {
                    Ok(item) => batch.push(item),
                    Err(_) => break,
                }
            }
            let stop = batch.iter().position(|item| matches!(item, Item::Stop));
            if let Some(at) = stop {
                batch.truncate(at);
            }
            if !batch.is_empty() {
                self.serve(batch);
            }
            if stop.is_some() {
                if let Db::Sqlite(conn) = &mut self.conn {
                    // So that the file alone is the whole database.
                    let _ = conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)");
                }
                return;
            }
        }
    }

    fn serve(&mut self, mut batch: Vec<Item>) {
        match self.group(&mut batch) {
            Ok((answers, wrote)) => self.answer(batch, answers, wrote),
            Err(fault) if batch.len() == 1 => {
                self.revive();
                let answer = match batch.first() {
                    Some(Item::Command(..)) => Answer::Outcome(Outcome::Failed(fault)),
                    _ => Answer::Done(Err(fault)),
                };
                self.answer(batch, vec![answer], false);
            }
            Err(_) => {
                self.revive();
                for item in batch {
                    self.serve(vec![item]);
                }
            }
        }
    }

    /// A connection that does not answer any more is made anew.
    fn revive(&mut self) {
        if self.conn.batch_execute("SELECT 1").is_err()
            && let Ok(conn) = self.address.connect(Access::Write)
        {
            self.conn = conn;
        }
    }

    /// One transaction over the whole batch. After an error nothing of it is written or remembered.
    fn group(&mut self, batch: &mut [Item]) -> Result<(Vec<Answer>, bool), StoreError> {
        let Self { conn, known, owner, .. } = self;
        let mut group = Group::default();
        let done = catch_unwind(AssertUnwindSafe(|| {
            conn.write(|conn| {
                own(conn, known, *owner)?;
                let answers = work(conn, known, &mut group, batch)?;
                group.close(known);
                group.unit.write(conn, &known.log)?;
                Ok(answers)
            })
        }));
        let done = done.unwrap_or_else(|_| {
            let _ = conn.batch_execute("ROLLBACK");
            Err(StoreError::Decision("a rule of this program panicked; its log says where".into()))
        });
        match done {
            Ok(answers) => {
                known.log.committed();
                known.site = known.site.or(group.site);
                known.numbers.extend(group.numbers);
                if known.numbers.len() > 100_000 {
                    known.numbers.clear();
                }
                if known.marks.len() > 4096 {
                    known.marks.clear();
                }
                known.shelf.put(group.changed);
                if batch.iter().any(Item::may_change_standing) {
                    known.shelf.standing_changed();
                }
                Ok((answers, group.unit.has_leaves()))
            }
            Err(fault) => {
                known.log.undone();
                known.forget();
                // Marks of time and access rows are read anew as well.
                self.owner = Uuid::now_v7();
                Err(fault)
            }
        }
    }

    fn answer(&self, batch: Vec<Item>, answers: Vec<Answer>, wrote: bool) {
        for (item, answer) in batch.into_iter().zip(answers) {
            match (item, answer) {
                (Item::Command(_, reply), Answer::Outcome(outcome)) => {
                    // Who asked may have gone away; what was done is done.
                    let _ = reply.send(outcome);
                }
                (Item::Attempt(_, reply) | Item::Task(_, reply), Answer::Done(done)) => {
                    let _ = reply.send(done);
                }
                _ => {}
            }
        }
        if wrote {
            // The keeper of checkpoints ends before the lane does: then the head is all there is.
            let _ = self.committed.send(Notice::Committed);
        }
    }
}

fn work(
    conn: &mut Db,
    known: &mut Knowledge,
    group: &mut Group,
    batch: &mut [Item],
) -> Result<Vec<Answer>, StoreError> {
    jump::note(conn, known, group)?;
    let mut answers = Vec::with_capacity(batch.len());
    for item in batch {
        answers.push(match item {
            Item::Command(submission, _) => {
                Answer::Outcome(group.command(conn, known, submission)?)
            }
            Item::Attempt(attempt, _) => {
                Answer::Done(group.attempt(conn, known, attempt.as_ref().clone()))
            }
            Item::Task(task, _) => Answer::Done(in_savepoint(conn, task)?),
            Item::Stop => Answer::Done(Ok(())),
        });
    }
    Ok(answers)
}

/// A task that fails is undone alone.
fn in_savepoint(
    conn: &mut Db,
    task: &mut super::Task,
) -> Result<Result<(), StoreError>, StoreError> {
    conn.batch_execute("SAVEPOINT task")?;
    let done = task(conn);
    conn.batch_execute(match done {
        Ok(()) => "RELEASE SAVEPOINT task",
        Err(_) => "ROLLBACK TO SAVEPOINT task; RELEASE SAVEPOINT task",
    })?;
    Ok(done)
}

/// Makes this lane the one that wrote last. When it was another, what this one knows is not true any
/// more. On PostgreSQL the row is locked until the commit, so that lanes of several nodes take turns.
fn own(conn: &mut Db, known: &mut Knowledge, owner: Uuid) -> Result<(), StoreError> {
    let row = op_lane::table.find(1_i64).select(op_lane::owner);
    let last: Option<Vec<u8>> = match conn {
        Db::Sqlite(conn) => row.first(conn).optional()?,
        Db::Postgres(conn) => row.for_update().first(conn).optional()?,
    };
    super::head::take(conn, &known.log)?;
    let owner = owner.as_bytes().as_slice();
    match last {
        Some(last) if last == owner => return Ok(()),
        Some(_) => {
            let key = op_lane::table.find(1_i64);
            diesel::update(key).set(op_lane::owner.eq(owner)).execute(conn)?;
        }
        None => {
            let columns = (op_lane::id.eq(1_i64), op_lane::owner.eq(owner));
            diesel::insert_into(op_lane::table).values(columns).execute(conn)?;
        }
    }
    known.forget();
    known.site = super::load::site_record(conn)?;
    let newest: Option<i64> = on_engine!(conn, conn => {
        journal::table.select(diesel::dsl::max(journal::at)).first(conn)?
    });
    let (seq, link, at) = access_log::head(conn)?;
    known.access = (seq, link);
    known.last_at = newest.unwrap_or(i64::MIN + 1).max(at);
    Ok(())
}
