//! A list that grows: pushing and copying cost the same, however long it is and whoever reads it.

use super::seq::{Iter, Seq, Shared};
use std::fmt;
use std::ops::Index;

/// Items in the order in which they came.
pub struct List<T>(Seq<T>);

impl<T> List<T> {
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

    /// The one at an index.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&T> {
        self.0.get(index)
    }

    /// The first.
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.0.get(0)
    }

    /// The newest.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.0.get(self.len().checked_sub(1)?)
    }

    /// All, in order.
    pub fn iter(&self) -> ListIter<'_, T> {
        ListIter(self.0.iter())
    }

    /// Those from an index on.
    pub fn since(&self, index: usize) -> ListIter<'_, T> {
        ListIter(self.0.range(index.min(self.len()), self.len()))
    }

    /// One more.
    pub fn push(&mut self, item: T) {
        self.0.insert(self.len(), item);
    }

    /// What this one does not share with another.
    #[must_use]
    pub fn apart_from(&self, other: &Self) -> Shared {
        self.0.apart_from(&other.0)
    }
}

impl<T: Clone> List<T> {
    /// The one at an index, to change it.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        self.0.get_mut(index)
    }

    /// The newest, to change it.
    pub fn last_mut(&mut self) -> Option<&mut T> {
        self.0.get_mut(self.len().checked_sub(1)?)
    }

    /// The first that fulfils something, to change it: the others stay shared.
    pub fn find_mut(&mut self, is: impl FnMut(&T) -> bool) -> Option<&mut T> {
        let index = self.iter().position(is)?;
        self.0.get_mut(index)
    }

    /// Changes those that fulfil something: the others stay shared.
    pub fn change(&mut self, mut is: impl FnMut(&T) -> bool, mut change: impl FnMut(&mut T)) {
        let all = self.iter().enumerate();
        let found: Vec<usize> = all.filter(|(_, it)| is(it)).map(|(index, _)| index).collect();
        for index in found {
            if let Some(item) = self.0.get_mut(index) {
                change(item);
            }
        }
    }

    /// Keeps those that fulfil something.
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.0.retain(keep);
    }

    /// All, copied.
    #[must_use]
    pub fn to_vec(&self) -> Vec<T> {
        self.iter().cloned().collect()
    }
}

/// All of a list, in order.
pub struct ListIter<'a, T>(Iter<'a, T>);

impl<T> Clone for ListIter<'_, T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<'a, T> Iterator for ListIter<'a, T> {
    type Item = &'a T;
    fn next(&mut self) -> Option<&'a T> {
        self.0.next()
    }
    fn nth(&mut self, n: usize) -> Option<&'a T> {
        self.0.nth(n)
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<T> DoubleEndedIterator for ListIter<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back()
    }
}

impl<T> ExactSizeIterator for ListIter<'_, T> {}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<T: Eq> Eq for List<T> {}

impl<T> Index<usize> for List<T> {
    type Output = T;
    #[allow(clippy::expect_used)]
    fn index(&self, index: usize) -> &T {
        self.get(index).expect("an index within the list")
    }
}

impl<T> Extend<T> for List<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.push(item));
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Self::new();
        list.extend(items);
        list
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = ListIter<'a, T>;
    fn into_iter(self) -> ListIter<'a, T> {
        self.iter()
    }
}
