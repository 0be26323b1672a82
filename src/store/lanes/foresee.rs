//! What all commands of a group will ask for, in one query each: on PostgreSQL every question is a journey.
//!
//! On SQLite nothing is asked ahead: a prepared look-up by key costs less than a statement whose number of
//! keys changes, which is compiled anew each time.

use super::Item;
use super::decided::Group;
use super::group::principal_bytes;
use crate::store::db::Db;
use crate::store::fault::StoreError;
use crate::store::operational::sessions;
use crate::store::unit;
use uuid::Uuid;

impl Group {
    /// Reads the receipts and sessions of all commands of a batch.
    pub(super) fn foresee(&mut self, conn: &mut Db, batch: &[Item]) -> Result<(), StoreError> {
        let Db::Postgres(conn) = conn else { return Ok(()) };
        let commands = batch.iter().filter_map(|item| match item {
            Item::Command(submission, _) => Some(submission),
            Item::Attempt(..) | Item::Task(..) | Item::Stop => None,
        });
        let (mut keys, mut asked): (Vec<i64>, Vec<Uuid>) = (Vec::new(), Vec::new());
        for submission in commands {
            let receipt = submission.receipt.as_ref();
            keys.extend(receipt.map(|it| unit::key_hash(&principal_bytes(submission), &it.key)));
            asked.extend(submission.session.filter(|session| !asked.contains(session)));
        }
        self.receipts =
            Some(if keys.is_empty() { Vec::new() } else { unit::receipts_of(conn, keys)? });
        if asked.is_empty() {
            return Ok(());
        }
        let mut stored = sessions::get_all(conn, &asked)?;
        for id in asked {
            let place = stored.iter().position(|row| row.id == id);
            self.sessions.insert(id, place.map(|place| stored.swap_remove(place)));
        }
        Ok(())
    }
}
