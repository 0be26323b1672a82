//! Large bytes by their SHA-256: masters, renditions, attachments. Written once, in chunks.

use super::db::Db;
use super::fault::StoreError;
use super::schema::blobs;
use crate::seal::digest::{self, Hash};
use diesel::prelude::*;

/// The most bytes of a chunk.
pub const CHUNK: usize = 1024 * 1024;

/// Whether a blob is there.
///
/// # Errors
/// The engine's.
pub fn is_there(conn: &mut Db, hash: &Hash) -> Result<bool, StoreError> {
    let first = blobs::table.find((hash.as_slice(), 0_i64)).select(blobs::chunk_no);
    Ok(first.get_result::<i64>(conn).optional()?.is_some())
}

/// Writes a blob unless it is there. Only the lane calls this.
pub(in crate::store) fn put(conn: &mut Db, hash: &Hash, bytes: &[u8]) -> Result<(), StoreError> {
    if digest::sha256(&[bytes]) != *hash {
        return Err(StoreError::Decision("a blob does not have the hash it is named by".into()));
    }
    if is_there(conn, hash)? {
        return Ok(());
    }
    let empty: [&[u8]; 1] = [&[]];
    let chunks: Box<dyn Iterator<Item = &[u8]>> =
        if bytes.is_empty() { Box::new(empty.into_iter()) } else { Box::new(bytes.chunks(CHUNK)) };
    for (no, chunk) in (0_i64..).zip(chunks) {
        let columns =
            (blobs::hash.eq(hash.as_slice()), blobs::chunk_no.eq(no), blobs::bytes.eq(chunk));
        diesel::insert_into(blobs::table).values(columns).execute(conn)?;
    }
    Ok(())
}

/// A blob's bytes, their hash checked.
///
/// # Errors
/// The engine's, or chunks that do not make the bytes of this hash.
pub fn get(conn: &mut Db, hash: &Hash) -> Result<Option<Vec<u8>>, StoreError> {
    let chunks: Vec<Vec<u8>> = blobs::table
        .filter(blobs::hash.eq(hash.as_slice()))
        .order(blobs::chunk_no)
        .select(blobs::bytes)
        .load(conn)?;
    if chunks.is_empty() {
        return Ok(None);
    }
    let bytes = chunks.concat();
    if digest::sha256(&[&bytes]) == *hash {
        return Ok(Some(bytes));
    }
    Err(StoreError::Broken {
        table: "blobs",
        row: digest::to_hex(hash),
        detail: "the stored bytes do not have this hash".into(),
    })
}
