//! Verification of a whole database: what is hashed and signed by `seal::verify`, then replay against
//! the derived tables, then the triggers. Needs no key files and writes nothing.

mod classes;
mod derived;
mod forge;
mod tables;

pub use forge::forge;

use super::db::{Access, Address, Db};
use super::fault::StoreError;
use super::triggers;
use crate::seal::key::KeyId;
use crate::seal::verify::{Code, Finding, Options, Report, Verifier};

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
    let mut conn = Address::parse(url)?.connect(Access::Read)?;
    let options = Options {
        trust,
        kept_checkpoint: checkpoint.map(str::to_owned),
        describe: Some(tables::describe),
        must_be_signed: Some(crate::domain::signing::must_be_signed),
    };
    conn.read(|conn| whole(conn, options))
}

fn whole(conn: &mut Db, options: Options) -> Result<Report, StoreError> {
    let mut verifier = Verifier::new(options);
    let records = tables::feed(conn, &mut verifier)?;
    classes::check(conn, &mut verifier)?;
    derived::compare(conn, &records, &mut verifier)?;
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
