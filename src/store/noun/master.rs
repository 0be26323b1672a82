//! Versions of master records: their list, and the one in effect.

use super::table::prelude::*;
use crate::domain::clock::Instant;
use crate::domain::master::state::{Master, MasterPhase};
use crate::domain::noun::word;
use crate::store::journal::Page;
use crate::store::journal::cursor::{self, Within};
use crate::store::lists::{Paging, page};
use diesel::dsl::not;

derived! {
    /// Versions of master records. Read by their list, and to find the version in effect.
    MasterRow in masters by (id) of id
            unique (code, version) {
        /// Identity.
        id: Binary,
        /// Code.
        code: Text,
        /// Version.
        version: BigInt,
        /// Title.
        title: Text,
        /// Product code.
        product: Text,
        /// Phase.
        phase: Text,
        /// SHA-256 of its content, hex.
        content_hash: Text,
        /// Effective from.
        effective_from: Nullable<BigInt>,
        /// A later version takes its place from then on.
        superseded_from: Nullable<BigInt>,
    }
}

impl MasterRow {
    /// The phase at a moment, as [`Master::phase_at`](crate::domain::master::state::Master::phase_at).
    #[must_use]
    pub fn phase_at(&self, moment: Instant) -> String {
        let read = serde_json::from_value::<MasterPhase>(self.phase.as_str().into());
        read.map_or_else(
            |_| self.phase.clone(),
            |phase| {
                let (from, until) = (self.effective_from, self.superseded_from);
                word(&phase.at(from.map(Instant), until.map(Instant), moment))
            },
        )
    }
}

impl Rows for Master {
    fn rows(&self, visit: &mut dyn FnMut(Part<'_>)) {
        visit(Part::new(MasterRow::TABLE.name, (), self.seq, &|| Row::Master(row(self))));
    }
}

fn row(master: &Master) -> MasterRow {
    MasterRow {
        id: master.key.id.as_bytes().to_vec(),
        code: master.code.clone(),
        version: i64::from(master.version),
        title: master.title.clone(),
        product: master.product.clone(),
        phase: word(&master.phase),
        content_hash: master.content_hash.clone(),
        effective_from: master.effective_from.map(|at| at.0),
        superseded_from: master.superseded_from().map(|at| at.0),
    }
}

/// Which master records.
#[derive(Debug, Clone)]
pub struct MasterFilter {
    /// With this code.
    pub code: Option<String>,
    /// In this phase, as in `effective`, at the moment `at`.
    pub phase: Option<String>,
    /// The moment at which the phase is asked for: dates bring versions into effect.
    pub at: Instant,
    /// Which part.
    pub paging: Paging,
}

/// Master records by code, the newest version first.
///
/// # Errors
/// The engine's.
pub fn list_masters(conn: &mut Db, filter: &MasterFilter) -> Result<Page<MasterRow>, StoreError> {
    let mut query = masters::table.order((masters::code, masters::version.desc())).into_boxed();
    if let Some(code) = &filter.code {
        query = query.filter(masters::code.eq(code));
    }
    if let Some(phase) = &filter.phase {
        let at = filter.at.0;
        let begun = masters::effective_from
            .is_not_null()
            .and(masters::effective_from.assume_not_null().le(at));
        let over = masters::superseded_from
            .is_not_null()
            .and(masters::superseded_from.assume_not_null().le(at));
        let approved = ["approved", "effective"];
        query = match phase.as_str() {
            "effective" => query.filter(masters::phase.eq_any(approved).and(begun).and(not(over))),
            "approved" => {
                query.filter(masters::phase.eq_any(approved).and(not(begun)).and(not(over)))
            }
            "suspended" => query.filter(masters::phase.eq("suspended").and(not(over))),
            "superseded" => {
                let was = masters::phase.eq_any(["approved", "effective", "suspended"]);
                query.filter(was.and(over))
            }
            other => query.filter(masters::phase.eq(other.to_owned())),
        };
    }
    if let Some(Within(code, version)) = cursor::read(filter.paging.cursor.as_deref())? {
        let same = masters::code.eq(code.clone()).and(masters::version.lt(version));
        query = query.filter(masters::code.gt(code).or(same));
    }
    let limit = cursor::limit(filter.paging.limit);
    page(query.limit(limit + 1).load(conn)?, limit, |row: &MasterRow| {
        format!("{}~{}", row.code, row.version)
    })
}
