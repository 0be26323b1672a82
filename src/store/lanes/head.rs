//! Taking the lane: whoever takes it holds the head of the log against what it knows, and against the
//! tables, before it writes anything.
//!
//! Signed by the log key, with the frontier that gives its root; the rows since the head that was known
//! lead to it, and none stands behind it. Otherwise nothing is written until a restart on a sound database,
//! and the fault names table and row: the lane never signs over what it neither wrote nor verified. While
//! one lane owns the log this is one look at the head and at both ends of the two tables.

use crate::seal::checkpoint::{Checkpoint, Head};
use crate::seal::digest::Hash;
use crate::seal::frontier::Frontier;
use crate::store::db::Db;
use crate::store::fault::{LogFault, StoreError};
use crate::store::journal;
use crate::store::log::{HeadRow, Known, Log, LogState, newest_checkpoint, whole};
use crate::store::schema::{access_log, journal as entries, log_head};
use diesel::dsl::{max, min};
use diesel::prelude::*;

/// Rows read at once.
const PART: u64 = 4096;

/// Lowest and highest leaf of the journal, then of the access log.
type Ends = (Option<i64>, Option<i64>, Option<i64>, Option<i64>);

/// Makes sure, in the transaction that is open, that the log goes on from what this process knows of it.
pub(super) fn take(conn: &mut Db, log: &Log) -> Result<(), StoreError> {
    if let Some(fault) = log.fault() {
        return Err(fault.clone().into());
    }
    let mut state = log.lock();
    // Without a log key this process adds no leaf.
    if !state.signs() {
        return Ok(());
    }
    let taken = judge(conn, &mut state);
    if let Err(StoreError::Log(fault)) = &taken {
        log.ends_with(fault.clone());
    }
    taken
}

fn judge(conn: &mut Db, state: &mut LogState) -> Result<(), StoreError> {
    let (stored, ends) = seen(conn)?;
    let Some(stored) = stored else { return empty(conn, state, ends) };
    check_ends(conn, &stored, ends)?;
    if let Some(known) = &state.known
        && known.row()?.as_ref() == Some(&stored)
    {
        return Ok(());
    }
    let head = opened(conn, state, &stored)?;
    let frontier = frontier_of(&stored, &head)?;
    let checkpoint = covered(conn, state, &head)?;
    match (&state.known, state.kept.clone()) {
        (Some(known), _) => {
            let before = known.head.as_ref().map_or((0, 0), |head| (head.size, head.checkpoint));
            if (head.size, head.checkpoint) < before {
                let detail =
                    format!("the log was put back from {} leaves to {}", before.0, head.size);
                return Err(of_head(detail).into());
            }
            let led = leads(conn, known.frontier.clone(), &frontier)?;
            led.map_err(|detail| of_head(detail.into()))?;
        }
        (None, Some(kept)) => {
            let signer = state.signer(|| None)?;
            let (before, known) = kept
                .open(signer.origin(), std::slice::from_ref(signer.public()))
                .map_err(|why| older(format!("the head kept beside the log key: {why}")))?;
            if (head.size, head.checkpoint) < (before.size, before.checkpoint) {
                let told = (before.size, before.checkpoint, head.size, head.checkpoint);
                return Err(older(format!(
                    "the log had {} leaves and checkpoint {}, and this database has {} and {}",
                    told.0, told.1, told.2, told.3
                ))
                .into());
            }
            let led = leads(conn, known, &frontier)?;
            led.map_err(|detail| older(detail.into()))?;
        }
        (None, None) => {
            let led = leads(conn, frontier.earlier(), &frontier)?;
            led.map_err(|detail| of_head(detail.into()))?;
        }
    }
    state.known = Some(Known { frontier, head: Some(head), checkpoint });
    state.kept = None;
    Ok(())
}

/// Both ends of both tables, each by a statement that stays prepared and looks at one end of one key.
macro_rules! ends {
    ($conn:expr) => {
        (
            entries::table.select(min(entries::leaf)).get_result($conn)?,
            entries::table.select(max(entries::leaf)).get_result($conn)?,
            access_log::table.select(min(access_log::leaf)).get_result($conn)?,
            access_log::table.select(max(access_log::leaf)).get_result($conn)?,
        )
    };
}

/// What is stored: the head, and the ends of both tables.
fn seen(conn: &mut Db) -> Result<(Option<HeadRow>, Ends), StoreError> {
    let row = log_head::table.filter(log_head::id.eq(1_i64));
    match conn {
        Db::Sqlite(conn) => Ok((row.get_result(conn).optional()?, ends!(conn))),
        // One journey instead of five.
        Db::Postgres(conn) => {
            let ends = (
                entries::table.select(min(entries::leaf)).single_value(),
                entries::table.select(max(entries::leaf)).single_value(),
                access_log::table.select(min(access_log::leaf)).single_value(),
                access_log::table.select(max(access_log::leaf)).single_value(),
            );
            let found = row.select((log_head::all_columns, ends)).get_result(conn).optional()?;
            match found {
                Some((head, ends)) => Ok((Some(head), ends)),
                None => Ok((None, ends!(conn))),
            }
        }
    }
}

/// Without a head there may be no row either: the site is being founded.
fn empty(conn: &mut Db, state: &mut LogState, ends: Ends) -> Result<(), StoreError> {
    let grown = state.known.as_ref().is_some_and(|known| known.head.is_some());
    if grown || newest_checkpoint(conn)?.is_some() || ends != (None, None, None, None) {
        return Err(of_head("it is not there, and the log has leaves".into()).into());
    }
    if state.kept.is_some() {
        return Err(older("the log had leaves, and this database has none".into()).into());
    }
    state.known = Some(Known::default());
    Ok(())
}

/// The rows of the two tables end where the head says.
fn check_ends(conn: &mut Db, stored: &HeadRow, ends: Ends) -> Result<(), StoreError> {
    let (first, last, first_access, last_access) = ends;
    if last.max(last_access) >= Some(stored.size) {
        return Err(behind(conn, stored.size)?.into());
    }
    if last.max(last_access) != Some(stored.size - 1) {
        let detail = format!("the row of leaf {} is not there", stored.size - 1);
        return Err(of_head(detail).into());
    }
    if first != Some(0) || first_access.is_some_and(|leaf| leaf < 1) {
        let at = first.min(first_access.or(first)).unwrap_or(0);
        let detail = "the log begins with the founding at leaf 0, and here it does not";
        return Err(fault("journal", format!("leaf {at}"), detail.into()).into());
    }
    Ok(())
}

/// Names the first row behind the head.
fn behind(conn: &mut Db, size: i64) -> Result<LogFault, StoreError> {
    let entry: Option<(i64, String, Vec<u8>, i64)> = entries::table
        .filter(entries::leaf.ge(size))
        .order(entries::leaf)
        .select((entries::leaf, entries::record_kind, entries::record_id, entries::seq))
        .first(conn)
        .optional()?;
    let detail = "the row stands behind the signed head of the log: it is forged".to_owned();
    if let Some((leaf, kind, id, seq)) = entry {
        let row = format!("leaf {leaf} ({kind} {} entry {seq})", hex::encode(id));
        return Ok(fault("journal", row, detail));
    }
    let row: Option<i64> = access_log::table
        .filter(access_log::leaf.ge(size))
        .select(min(access_log::leaf))
        .first(conn)?;
    Ok(fault("access_log", format!("leaf {}", row.unwrap_or(size)), detail))
}

/// The signed head, when the row says the same.
fn opened(conn: &mut Db, state: &mut LogState, stored: &HeadRow) -> Result<Head, StoreError> {
    let founding = if state.signer.is_none() { journal::origin(conn)? } else { None };
    let signer = state.signer(|| founding)?;
    let (head, _) =
        Head::open(&stored.note, signer.origin(), std::slice::from_ref(signer.public()))
            .map_err(|why| of_head(why.to_string()))?;
    let columns = [
        ("checkpoint", whole(head.checkpoint)? == stored.checkpoint),
        ("size", whole(head.size)? == stored.size),
        ("root", head.root.as_slice() == stored.root),
        ("at", head.at == stored.at),
    ];
    match columns.iter().find(|(_, same)| !same) {
        Some((name, _)) => Err(of_head(format!("the column {name} is not what was signed")).into()),
        None => Ok(head),
    }
}

fn frontier_of(stored: &HeadRow, head: &Head) -> Result<Frontier, StoreError> {
    let frontier = Frontier::read(head.size, &stored.frontier);
    let right = frontier.filter(|frontier| frontier.root() == head.root);
    Ok(right.ok_or_else(|| of_head("the column frontier does not give the signed root".into()))?)
}

/// The newest numbered checkpoint: the one that the head names, signed, and not beyond it.
fn covered(
    conn: &mut Db,
    state: &mut LogState,
    head: &Head,
) -> Result<Option<Checkpoint>, StoreError> {
    let newest = newest_checkpoint(conn)?;
    let number = newest.as_ref().map_or(0, |checkpoint| checkpoint.number);
    let wrong = |detail: String| fault("checkpoints", format!("number {number}"), detail);
    if number != head.checkpoint {
        let detail = format!("the signed head names {} as the newest", head.checkpoint);
        return Err(wrong(detail).into());
    }
    let Some(newest) = newest else { return Ok(None) };
    let signer = state.signer(|| None)?;
    let keys = std::slice::from_ref(signer.public());
    let (signed, _) = Checkpoint::open(&newest.note, signer.origin(), keys)
        .map_err(|why| wrong(why.to_string()))?;
    let fits = signed.size < head.size || (signed.size == head.size && signed.root == head.root);
    if signed != newest || !fits {
        return Err(wrong("it is not what was signed, or not of this log".into()).into());
    }
    Ok(Some(newest))
}

/// Whether the rows since `known` lead to `frontier`; the inner error says why not.
fn leads(
    conn: &mut Db,
    mut known: Frontier,
    frontier: &Frontier,
) -> Result<Result<(), &'static str>, StoreError> {
    while known.size() < frontier.size() {
        let (from, to) = (known.size(), frontier.size().min(known.size() + PART));
        for (leaf, link) in links(conn, whole(from)?, whole(to)?)? {
            let link = Hash::try_from(link.as_slice());
            match link {
                Ok(link) if whole(known.size())? == leaf => known.push(&link),
                _ => return Ok(Err("a row since the head that was known is missing or doubled")),
            };
        }
        if known.size() != to {
            return Ok(Err("a row since the head that was known is missing"));
        }
    }
    let same = known == *frontier;
    Ok(if same {
        Ok(())
    } else {
        Err("the rows do not lead to the signed head from the one known")
    })
}

/// The links of both tables from one leaf to another, in order.
fn links(conn: &mut Db, from: i64, to: i64) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    let of_entries = entries::table
        .filter(entries::leaf.ge(from))
        .filter(entries::leaf.lt(to))
        .select((entries::leaf, entries::link));
    let mut links: Vec<(i64, Vec<u8>)> = of_entries.load(conn)?;
    let of_attempts = access_log::table
        .filter(access_log::leaf.ge(from))
        .filter(access_log::leaf.lt(to))
        .select((access_log::leaf, access_log::link));
    links.extend(of_attempts.load::<(i64, Vec<u8>)>(conn)?);
    links.sort_unstable_by_key(|(leaf, _)| *leaf);
    Ok(links)
}

fn fault(table: &'static str, row: String, detail: String) -> LogFault {
    LogFault { table, row, detail, older: false }
}

fn of_head(detail: String) -> LogFault {
    fault("log_head", "row 1".into(), detail)
}

fn older(detail: String) -> LogFault {
    LogFault { older: true, ..of_head(detail) }
}
