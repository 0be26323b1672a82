//! The lane's thread: drains, runs a group in one transaction, commits, answers.

use super::decided::Group;
use super::knowledge::Knowledge;
use super::shelf::Shelf;
use super::turn::{self, Fate, Turn};
use super::{GROUP, Item, head, jump, news};
use crate::store::checkpointer::Notice;
use crate::store::clock::Clock;
use crate::store::db::{Access, Address, Db};
use crate::store::fault::StoreError;
use crate::store::log::Log;
use crate::store::options::SessionJudge;
use crate::store::replay::Recipes;
use crate::store::schema::op_lane;
use crate::store::submission::Outcome;
use crossbeam_channel::{Receiver, Sender};
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use uuid::Uuid;

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
    turn: Turn,
    owner: Uuid,
}

/// What an item is answered with.
enum Answer {
    Outcome(Outcome),
    Done(Result<(), StoreError>),
}

impl Answer {
    fn failed(item: &Item, fault: StoreError) -> Self {
        match item {
            Item::Command(..) => Self::Outcome(Outcome::Failed(fault)),
            Item::Attempt(..) | Item::Task(..) | Item::Stop => Self::Done(Err(fault)),
        }
    }

    /// Nothing was written; the same may be sent again in a moment.
    fn later(item: &Item) -> Self {
        match item {
            Item::Command(..) => Self::Outcome(Outcome::Busy),
            Item::Attempt(..) | Item::Task(..) | Item::Stop => Self::Done(Err(StoreError::Held)),
        }
    }
}

/// Why a group is not written.
enum Fault {
    /// Somebody else kept the lane too long.
    Held,
    /// The connection was lost; nothing was written.
    Lost,
    /// An item failed, or the engine refused one of its rows; nothing was written.
    Undone(StoreError),
    /// The commit was not answered, and whether it was written cannot be found out.
    Unknown(StoreError),
}

/// A group that only has to be committed.
struct Decided {
    answers: Vec<Answer>,
    row: Vec<u8>,
    transaction: Option<i64>,
    standing: bool,
}

impl Lane {
    /// Connects.
    pub(in crate::store) fn new(parts: LaneParts) -> Result<Self, StoreError> {
        let conn = parts.address.connect(Access::Write)?;
        let known = Knowledge::new(parts.shelf, parts.recipes, parts.log, parts.judge, parts.clock);
        let (address, items, committed) = (parts.address, parts.items, parts.committed);
        let (turn, owner) = (Turn::default(), Uuid::now_v7());
        Ok(Self { conn, address, items, committed, known, turn, owner })
    }

    /// Works until it is told to stop or nobody can hand it anything any more.
    pub(in crate::store) fn run(mut self) {
        while let Some(first) = self.next() {
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
                self.serve(batch, true);
            }
            if stop.is_some() {
                break;
            }
        }
        self.turn.pass(&mut self.conn);
        if let Db::Sqlite(conn) = &mut self.conn {
            // So that the file alone is the whole database.
            let _ = conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    /// The next item. Who waits keeps no turn.
    fn next(&mut self) -> Option<Item> {
        if let Ok(item) = self.items.try_recv() {
            return Some(item);
        }
        self.turn.pass(&mut self.conn);
        self.items.recv().ok()
    }

    fn serve(&mut self, mut batch: Vec<Item>, again: bool) {
        let fault = match self.group(&mut batch) {
            Ok((answers, wrote)) => return self.answer(batch, answers, wrote),
            Err(fault) => fault,
        };
        let answers: Vec<Answer> = match fault {
            Fault::Lost if again => return self.serve(batch, false),
            Fault::Undone(_) if batch.len() > 1 => {
                return batch.into_iter().for_each(|item| self.serve(vec![item], again));
            }
            Fault::Undone(fault) => {
                let item = batch.first();
                item.map(|item| Answer::failed(item, fault)).into_iter().collect()
            }
            Fault::Held | Fault::Lost => batch.iter().map(Answer::later).collect(),
            Fault::Unknown(fault) => {
                let text = format!("whether this was written is not known: {fault}");
                let failed = |item| Answer::failed(item, StoreError::Process(text.clone()));
                batch.iter().map(failed).collect()
            }
        };
        self.answer(batch, answers, false);
    }

    /// One transaction over the whole batch. After a fault nothing of it is remembered, and all that
    /// was known before stands.
    fn group(&mut self, batch: &mut [Item]) -> Result<(Vec<Answer>, bool), Fault> {
        let mut group = Group::default();
        let before = self.known.pace.clone();
        let done = match self.decide(&mut group, batch) {
            Ok(decided) => self.commit(decided),
            Err(fault) => Err(self.recover(fault)),
        };
        let known = &mut self.known;
        match done {
            Ok(decided) => {
                known.log.committed();
                known.site = known.site.or(group.site);
                known.learn(group.numbers);
                known.marks.make_room();
                known.anchor = group.unit.newest().or(known.anchor);
                known.told_of_clock();
                known.row = Some(decided.row);
                known.shelf.publish(group.changed);
                if decided.standing {
                    known.shelf.standing_changed();
                }
                Ok((decided.answers, group.unit.has_leaves()))
            }
            Err(fault) => {
                known.log.undone();
                known.pace = before;
                if let Some(clock) = group.clock {
                    known.restore_clock(clock);
                }
                known.row = None;
                known.marks.forget(group.changed.keys());
                Err(fault)
            }
        }
    }

    /// Takes the turn, decides the whole batch and writes it in a transaction that is left open.
    fn decide(&mut self, group: &mut Group, batch: &mut [Item]) -> Result<Decided, StoreError> {
        let Self { conn, known, turn, owner, .. } = self;
        let decided = catch_unwind(AssertUnwindSafe(|| {
            turn.begin(conn)?;
            let owned = own(conn, known)?;
            let answers = work(conn, known, group, batch)?;
            group.close(known);
            group.unit.write(conn, &known.log)?;
            let standing = batch.iter().any(Item::may_change_standing) || group.changes_persons();
            let row = owned.leave(conn, *owner, standing)?;
            Ok(Decided { answers, row, transaction: owned.transaction, standing })
        }));
        decided.unwrap_or_else(|_| {
            Err(StoreError::Decision("a rule of this program panicked; its log says where".into()))
        })
    }

    /// Commits, and finds out what became of a commit that was not answered.
    fn commit(&mut self, decided: Decided) -> Result<Decided, Fault> {
        let more = !self.items.is_empty();
        let Err(fault) = self.turn.commit(&mut self.conn, more) else { return Ok(decided) };
        let lost = !self.turn.clean(&mut self.conn);
        if lost && let Err(gone) = self.connect() {
            tracing::error!(%fault, %gone, "the database went away in a commit");
            return Err(Fault::Unknown(fault));
        }
        let fate = match (&self.conn, decided.transaction) {
            (Db::Sqlite(_), _) => Fate::Undone,
            (Db::Postgres(_), Some(transaction)) => turn::fate(&mut self.conn, transaction),
            (Db::Postgres(_), None) => Fate::Unknown,
        };
        match fate {
            Fate::Written => Ok(decided),
            Fate::Undone if lost => Err(Fault::Lost),
            Fate::Undone => Err(Fault::Undone(fault)),
            Fate::Unknown => Err(Fault::Unknown(fault)),
        }
    }

    /// After a fault before the commit: no transaction and no lock stay behind, and a connection that
    /// does not answer any more is made anew.
    fn recover(&mut self, fault: StoreError) -> Fault {
        if self.turn.clean(&mut self.conn) {
            return match fault {
                StoreError::Held => Fault::Held,
                fault => Fault::Undone(fault),
            };
        }
        if let Err(gone) = self.connect() {
            tracing::error!(%fault, %gone, "the database went away");
        }
        Fault::Lost
    }

    fn connect(&mut self) -> Result<(), StoreError> {
        self.conn = self.address.connect(Access::Write)?;
        Ok(())
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
    group.foresee(conn, batch)?;
    jump::note(conn, known, group)?;
    let mut answers = Vec::with_capacity(batch.len());
    for item in batch {
        answers.push(match item {
            Item::Command(submission, _) => {
                Answer::Outcome(group.command(conn, known, submission)?)
            }
            Item::Attempt(attempt, _) => {
                match group.attempt(conn, known, attempt.as_ref().clone()) {
                    Err(StoreError::Engine(fault)) => return Err(fault.into()),
                    done => Answer::Done(done),
                }
            }
            Item::Task(task, _) => {
                // It may end a session: the next command asks again.
                group.sessions.clear();
                Answer::Done(in_savepoint(conn, task)?)
            }
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

/// The lane's row, locked until the commit: who wrote last, and a count that rises when sessions or
/// persons may be others. On PostgreSQL it also says which transaction this is.
struct Owned {
    last: Option<Vec<u8>>,
    transaction: Option<i64>,
}

/// Locks the lane's row. When another lane wrote last, what it wrote is heard of first.
fn own(conn: &mut Db, known: &mut Knowledge) -> Result<Owned, StoreError> {
    let row = op_lane::table.find(1_i64);
    let owned = match conn {
        Db::Sqlite(conn) => {
            let last = row.select(op_lane::owner).get_result(conn).optional()?;
            Owned { last, transaction: None }
        }
        Db::Postgres(conn) => {
            let id = sql::<BigInt>("pg_current_xact_id()::text::bigint");
            let locked = row.select((op_lane::owner, id)).for_update();
            let found: Option<(Vec<u8>, i64)> =
                locked.get_result(conn).optional().map_err(turn::held)?;
            let (last, transaction) = found.unzip();
            Owned { last, transaction }
        }
    };
    head::take(conn, &known.log)?;
    if owned.last.is_none() || owned.last != known.row {
        if count(owned.last.as_deref()) != count(known.row.as_deref()) {
            known.shelf.standing_changed();
        }
        news::hear(conn, known)?;
    }
    Ok(owned)
}

/// How often sessions or persons may have become others: behind the owner's 16 bytes.
fn count(row: Option<&[u8]>) -> u64 {
    let bytes = row.and_then(|row| row.get(16..24)).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u64::from_be_bytes)
}

impl Owned {
    /// Leaves this lane's name in the row; only what differs is written.
    fn leave(&self, conn: &mut Db, owner: Uuid, standing: bool) -> Result<Vec<u8>, StoreError> {
        let count = count(self.last.as_deref()).wrapping_add(u64::from(standing));
        let row = [owner.as_bytes().as_slice(), &count.to_be_bytes()].concat();
        if self.last.is_none() {
            let columns = (op_lane::id.eq(1_i64), op_lane::owner.eq(&row));
            diesel::insert_into(op_lane::table).values(columns).execute(conn)?;
        } else if self.last.as_ref() != Some(&row) {
            let key = op_lane::table.find(1_i64);
            diesel::update(key).set(op_lane::owner.eq(&row)).execute(conn)?;
        }
        Ok(row)
    }
}
