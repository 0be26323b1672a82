//! Sessions and refresh tokens as rows; what they mean is identity's to say.

use crate::domain::clock::Instant;
use crate::domain::ids::PersonId;
use crate::store::db::{Db, on_engine};
use crate::store::fault::StoreError;
use crate::store::schema::{op_refresh, sessions};
use diesel::prelude::*;
use uuid::Uuid;

/// A session as stored. Times are real time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Its identity.
    pub id: Uuid,
    /// Whose.
    pub person: PersonId,
    /// Where it was opened.
    pub station: String,
    /// Signed in at.
    pub started_at: Instant,
    /// Last used at.
    pub last_seen_at: Instant,
    /// Ended at.
    pub revoked_at: Option<Instant>,
    /// When its first signing with both components was done.
    pub full_signing_at: Option<Instant>,
    /// Signed in with a password that somebody else issued.
    pub password_change_owed: bool,
}

/// One issued refresh token, by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshRow {
    /// SHA-256 of its text.
    pub hash: [u8; 32],
    pub session: Uuid,
    /// Worthless from then on.
    pub expires_at: Instant,
    /// When it was exchanged for the next.
    pub used_at: Option<Instant>,
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = sessions, treat_none_as_null = true, treat_none_as_default_value = false)]
struct SessionColumns {
    id: Vec<u8>,
    person: Vec<u8>,
    station: String,
    started_at: i64,
    last_seen_at: i64,
    revoked_at: Option<i64>,
    full_signing_at: Option<i64>,
    password_change_owed: bool,
}

impl From<&SessionRow> for SessionColumns {
    fn from(row: &SessionRow) -> Self {
        Self {
            id: row.id.as_bytes().to_vec(),
            person: row.person.as_bytes().to_vec(),
            station: row.station.clone(),
            started_at: row.started_at.0,
            last_seen_at: row.last_seen_at.0,
            revoked_at: row.revoked_at.map(|at| at.0),
            full_signing_at: row.full_signing_at.map(|at| at.0),
            password_change_owed: row.password_change_owed,
        }
    }
}

fn unreadable(table: &'static str) -> StoreError {
    StoreError::Broken { table, row: "a row".into(), detail: "an identity or hash is cut".into() }
}

impl TryFrom<SessionColumns> for SessionRow {
    type Error = StoreError;
    fn try_from(row: SessionColumns) -> Result<Self, StoreError> {
        let uuid = |bytes: &[u8]| Uuid::from_slice(bytes).map_err(|_| unreadable("sessions"));
        Ok(Self {
            id: uuid(&row.id)?,
            person: uuid(&row.person)?,
            station: row.station,
            started_at: Instant(row.started_at),
            last_seen_at: Instant(row.last_seen_at),
            revoked_at: row.revoked_at.map(Instant),
            full_signing_at: row.full_signing_at.map(Instant),
            password_change_owed: row.password_change_owed,
        })
    }
}

/// Writes a session: a new one, or the new form of one that is there.
///
/// # Errors
/// The engine's.
pub fn put(conn: &mut Db, row: &SessionRow) -> Result<(), StoreError> {
    let columns = SessionColumns::from(row);
    let key = sessions::table.find(columns.id.clone());
    if diesel::update(key).set(&columns).execute(conn)? == 0 {
        diesel::insert_into(sessions::table).values(&columns).execute(conn)?;
    }
    Ok(())
}

/// A session.
///
/// # Errors
/// The engine's, or a row that cannot be.
pub fn get(conn: &mut Db, id: Uuid) -> Result<Option<SessionRow>, StoreError> {
    let row = sessions::table.find(id.as_bytes().as_slice());
    // Asked for each order: the statement stays prepared.
    let found = on_engine!(conn, conn => row.get_result::<SessionColumns>(conn).optional()?);
    found.map(TryInto::try_into).transpose()
}

/// Sessions by their identities, in one query.
///
/// # Errors
/// The engine's, or a row that cannot be.
pub(in crate::store) fn get_all(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> Result<Vec<SessionRow>, StoreError> {
    let ids: Vec<&[u8]> = ids.iter().map(|id| id.as_bytes().as_slice()).collect();
    let found: Vec<SessionColumns> = sessions::table.filter(sessions::id.eq_any(ids)).load(conn)?;
    found.into_iter().map(TryInto::try_into).collect()
}

/// A person's sessions that nobody ended.
///
/// # Errors
/// The engine's, or a row that cannot be.
pub fn of_person(conn: &mut Db, person: PersonId) -> Result<Vec<SessionRow>, StoreError> {
    let found: Vec<SessionColumns> = sessions::table
        .filter(sessions::person.eq(person.as_bytes().as_slice()))
        .filter(sessions::revoked_at.is_null())
        .order(sessions::started_at)
        .load(conn)?;
    found.into_iter().map(TryInto::try_into).collect()
}

/// Notes that a session was used.
///
/// # Errors
/// The engine's.
pub fn seen(conn: &mut Db, id: Uuid, at: Instant) -> Result<(), StoreError> {
    let key = sessions::table.find(id.as_bytes().as_slice());
    diesel::update(key).set(sessions::last_seen_at.eq(at.0)).execute(conn)?;
    Ok(())
}

/// Ends a session; the first end stays.
///
/// # Errors
/// The engine's.
pub fn revoke(conn: &mut Db, id: Uuid, at: Instant) -> Result<(), StoreError> {
    let key = sessions::table.find(id.as_bytes().as_slice()).filter(sessions::revoked_at.is_null());
    diesel::update(key).set(sessions::revoked_at.eq(at.0)).execute(conn)?;
    Ok(())
}

/// Ends a person's sessions, all but one. Gives how many.
///
/// # Errors
/// The engine's.
pub fn revoke_all(
    conn: &mut Db,
    person: PersonId,
    except: Option<Uuid>,
    at: Instant,
) -> Result<usize, StoreError> {
    let except = except.map_or_else(Vec::new, |id| id.as_bytes().to_vec());
    let open = sessions::table
        .filter(sessions::person.eq(person.as_bytes().as_slice()))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::id.ne(except));
    Ok(diesel::update(open).set(sessions::revoked_at.eq(at.0)).execute(conn)?)
}

/// Notes the session's first signing with both components; the first stays.
///
/// # Errors
/// The engine's.
pub fn full_signing(conn: &mut Db, id: Uuid, at: Instant) -> Result<(), StoreError> {
    let key =
        sessions::table.find(id.as_bytes().as_slice()).filter(sessions::full_signing_at.is_null());
    diesel::update(key).set(sessions::full_signing_at.eq(at.0)).execute(conn)?;
    Ok(())
}

/// The owner has chosen a password.
///
/// # Errors
/// The engine's.
pub fn password_chosen(conn: &mut Db, id: Uuid) -> Result<(), StoreError> {
    let key = sessions::table.find(id.as_bytes().as_slice());
    diesel::update(key).set(sessions::password_change_owed.eq(false)).execute(conn)?;
    Ok(())
}

/// Writes a refresh token's row: a new one, or the new form of one that is there.
///
/// # Errors
/// The engine's.
pub fn put_refresh(conn: &mut Db, row: &RefreshRow) -> Result<(), StoreError> {
    let key = op_refresh::table.find(row.hash.as_slice());
    let used = op_refresh::used_at.eq(row.used_at.map(|at| at.0));
    if diesel::update(key).set(used).execute(conn)? == 0 {
        let columns = (
            op_refresh::hash.eq(row.hash.as_slice()),
            op_refresh::session.eq(row.session.as_bytes().as_slice()),
            op_refresh::expires_at.eq(row.expires_at.0),
            used,
        );
        diesel::insert_into(op_refresh::table).values(columns).execute(conn)?;
    }
    Ok(())
}

/// A refresh token's row.
///
/// # Errors
/// The engine's, or a row that cannot be.
pub fn refresh(conn: &mut Db, hash: &[u8; 32]) -> Result<Option<RefreshRow>, StoreError> {
    let found = op_refresh::table
        .find(hash.as_slice())
        .get_result::<(Vec<u8>, Vec<u8>, i64, Option<i64>)>(conn)
        .optional()?;
    let Some((hash, session, expires_at, used_at)) = found else { return Ok(None) };
    Ok(Some(RefreshRow {
        hash: hash.try_into().map_err(|_| unreadable("op_refresh"))?,
        session: Uuid::from_slice(&session).map_err(|_| unreadable("op_refresh"))?,
        expires_at: Instant(expires_at),
        used_at: used_at.map(Instant),
    }))
}
