//! A sorted set whose copies share.

use super::seq::Seq;
use std::fmt;

/// Items in order, each once.
pub struct Set<T>(Seq<T>);

impl<T> Set<T> {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self(Seq::new())
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.0.iter()
    }
}

impl<T: Ord> Set<T> {
    /// Whether it is there.
    #[must_use]
    pub fn contains(&self, item: &T) -> bool {
        self.0.last_of(|it| it <= item).is_some_and(|it| it == item)
    }

    /// Whether another one has all that this one has.
    #[must_use]
    pub fn is_subset(&self, of: &Self) -> bool {
        self.iter().all(|item| of.contains(item))
    }

    /// Whether this one has all that another one has.
    #[must_use]
    pub fn is_superset(&self, of: &Self) -> bool {
        of.is_subset(self)
    }

    /// One more, if it is not there; nothing is copied for one that is.
    pub fn insert(&mut self, item: T) -> bool {
        let is_new = !self.contains(&item);
        if is_new {
            self.0.insert(self.0.partition_point(|it| *it < item), item);
        }
        is_new
    }
}

impl<T> Clone for Set<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter()).finish()
    }
}

impl<T: PartialEq> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.0.iter().eq(other.0.iter())
    }
}

impl<T: Eq> Eq for Set<T> {}

impl<T: Ord> Extend<T> for Set<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for item in items {
            self.insert(item);
        }
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut set = Self::new();
        set.extend(items);
        set
    }
}
