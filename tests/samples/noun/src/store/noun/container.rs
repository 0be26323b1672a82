//! Containers and their list.

use super::table::prelude::*;
use crate::domain::container::Container;
use crate::store::journal::Page;
use crate::store::journal::cursor::{self, Number};
use crate::store::lists::{Paging, page};

derived! {
    /// Containers. Read by the list of containers.
    ContainerRow in containers by (id) of id
        unique (number)
        looked up by (place) {
        /// Identity.
        id: Binary,
        /// Number.
        number: Text,
        /// Where it stands.
        place: Text,
        /// How often it was moved.
        moves: BigInt,
    }
}

impl Rows for Container {
    fn rows(&self, visit: &mut dyn FnMut(Part<'_>)) {
        visit(Part::new(ContainerRow::TABLE.name, (), self.seq, &|| Row::Container(row(self))));
    }
}

fn row(container: &Container) -> ContainerRow {
    ContainerRow {
        id: container.key.id.as_bytes().to_vec(),
        number: container.number.clone(),
        place: container.place.clone(),
        moves: i64::try_from(container.seq).unwrap_or(i64::MAX) - 1,
    }
}

/// Containers by number, of one place or of all.
///
/// # Errors
/// The engine's.
pub fn list_containers(
    conn: &mut Db,
    place: Option<&str>,
    paging: &Paging,
) -> Result<Page<ContainerRow>, StoreError> {
    let mut query = containers::table.order(containers::number).into_boxed();
    if let Some(place) = place {
        query = query.filter(containers::place.eq(place.to_owned()));
    }
    if let Some(Number(after)) = cursor::read(paging.cursor.as_deref())? {
        query = query.filter(containers::number.gt(after));
    }
    let limit = cursor::limit(paging.limit);
    page(query.limit(limit + 1).load(conn)?, limit, |row: &ContainerRow| row.number.clone())
}
