//! Verification of a whole database: what is hashed and signed by `seal::verify`, every record replayed
//! against the derived tables, then the triggers. Needs no key files and writes nothing.
//!
//! One walk over the log by its leaves, and beside it, on as many threads as the machine has, one over the
//! records by ranges of their identities: each entry is opened once and folded where it is opened, and
//! memory holds a record and a page a thread, however large the site. Each walk reads one unchanging
//! picture of the database, and the server may write meanwhile: the pictures of the records are taken before
//! that of keys and blobs, so that whatever they name is there.

mod classes;
mod derived;
mod forge;
mod log;
mod records;
mod roll;
mod tables;

pub use forge::forge;

use super::db::{Access, Address, Db};
use super::fault::StoreError;
use super::replay::Recipes;
use super::triggers;
use crate::seal::key::KeyId;
use crate::seal::verify::{Code, Finding, Options, Report, Verifier};
use diesel::connection::SimpleConnection;
use records::{Of, Range};
use roll::Roll;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Verifies the database behind an address: `checkpoint` is a note kept elsewhere, `trust` the founding
/// key's fingerprint known from elsewhere.
///
/// # Errors
/// Only when the database cannot be read at all, or the fingerprint is not one: a row that cannot be is
/// a finding.
pub fn verify(
    url: &str,
    checkpoint: Option<&str>,
    trust: Option<&str>,
) -> Result<Report, StoreError> {
    let trust =
        trust.map(KeyId::parse).transpose().map_err(|e| StoreError::Process(e.to_string()))?;
    let address = Address::parse(url)?;
    let options = Options {
        trust,
        kept_checkpoint: checkpoint.map(str::to_owned),
        describe: Some(tables::describe),
        must_be_signed: Some(crate::domain::state::State::must_be_signed),
    };
    let hands = std::thread::available_parallelism().map_or(1, usize::from);
    let pictures: Result<Vec<Db>, StoreError> = (0..hands).map(|_| picture(&address)).collect();
    let pictures = pictures?;
    address.connect(Access::Read)?.read(|conn| whole(conn, pictures, options))
}

/// A connection that sees the database as it is now, however long it is used.
fn picture(address: &Address) -> Result<Db, StoreError> {
    let mut conn = address.connect(Access::Read)?;
    let begin = match &conn {
        Db::Sqlite(_) => "BEGIN",
        Db::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    conn.batch_execute(begin)?;
    // The picture is taken by the first statement that reads.
    conn.batch_execute("SELECT 1 FROM journal LIMIT 1")?;
    Ok(conn)
}

fn whole(conn: &mut Db, pictures: Vec<Db>, options: Options) -> Result<Report, StoreError> {
    let mut verifier = Verifier::new(options);
    let recipes = Recipes::default();
    tables::stored_blobs(conn, &mut verifier)?;
    let mut roll = Roll::empty();
    records::walk(conn, &mut verifier, Of::Keys, &Range::default(), &recipes, &mut roll)?;
    verifier.settle();
    let roster = roll.settle(&mut verifier);
    let ranges = records::ranges(conn)?;
    let next = AtomicUsize::new(0);
    let found = std::thread::scope(|scope| {
        let hands: Vec<_> = pictures
            .into_iter()
            .map(|conn| {
                let (fork, recipes) = (verifier.fork(), recipes.clone());
                let roll = Roll::Known(Arc::clone(&roster));
                let (ranges, next) = (&ranges, &next);
                scope.spawn(move || hand(conn, fork, ranges, next, &recipes, roll))
            })
            .collect();
        let mut beside = || -> Result<(), StoreError> {
            log::read(conn, &mut verifier)?;
            classes::check(conn, &mut verifier)?;
            derived::ownerless(conn, &mut verifier)
        };
        let read = beside();
        let panicked = || StoreError::Process("a thread of the verification had died".into());
        let joined: Vec<_> =
            hands.into_iter().map(|hand| hand.join().map_err(|_| panicked())?).collect();
        read.map(|()| joined)
    })?;
    for fork in found {
        verifier.join(fork?);
    }
    for fault in triggers::check(conn)? {
        let detail = format!(
            "the trigger {} that keeps {} append-only is {}",
            fault.name, fault.table, fault.what
        );
        verifier.add(Finding {
            row: Some(fault.name.clone()),
            ..Finding::new(Code::ProtectionMissing, &fault.table, &detail)
        });
    }
    Ok(verifier.finish())
}

/// One thread: takes range after range until none is left.
fn hand(
    mut conn: Db,
    mut verifier: Verifier,
    ranges: &[Range],
    next: &AtomicUsize,
    recipes: &Recipes,
    mut roll: Roll,
) -> Result<Verifier, StoreError> {
    while let Some(range) = ranges.get(next.fetch_add(1, Ordering::SeqCst)) {
        records::walk(&mut conn, &mut verifier, Of::Rest, range, recipes, &mut roll)?;
    }
    Ok(verifier)
}
