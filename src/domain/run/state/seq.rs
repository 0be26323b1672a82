//! A sequence in a tree of small shared nodes: what [`List`](super::List), [`Map`](super::Map) and
//! [`Set`](super::Set) are made of.

use std::collections::BTreeSet;
use std::sync::Arc;

/// Items or nodes in a node at most: a change copies one node of each level, so few; a look descends
/// one level for each power of it, so not too few.
const WIDTH: usize = 32;

/// Items in order.
pub(super) struct Seq<T> {
    root: Option<Arc<Node<T>>>,
}

enum Node<T> {
    Leaf(Vec<Arc<T>>),
    Inner { len: usize, nodes: Vec<Arc<Node<T>>> },
}

/// How much of one container another one does not share: counted, not timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shared {
    /// Items that only this one holds.
    pub items: usize,
    /// Nodes that only this one holds.
    pub nodes: usize,
}

impl<T> Clone for Seq<T> {
    fn clone(&self) -> Self {
        Self { root: self.root.clone() }
    }
}

impl<T> Clone for Node<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Leaf(items) => Self::Leaf(items.clone()),
            Self::Inner { len, nodes } => Self::Inner { len: *len, nodes: nodes.clone() },
        }
    }
}

impl<T> Node<T> {
    fn len(&self) -> usize {
        match self {
            Self::Leaf(items) => items.len(),
            Self::Inner { len, .. } => *len,
        }
    }

    fn first(&self) -> &Arc<T> {
        match self {
            Self::Leaf(items) => &items[0],
            Self::Inner { nodes, .. } => nodes[0].first(),
        }
    }

    /// Puts an item in front of the one at an index; the part that no longer has room stands right of this.
    fn insert(this: &mut Arc<Self>, index: usize, item: Arc<T>) -> Option<Arc<Self>> {
        match Arc::make_mut(this) {
            Self::Leaf(items) => {
                items.insert(index, item);
                Some(Arc::new(Self::Leaf(overflow(items, index)?)))
            }
            Self::Inner { len, nodes } => {
                *len += 1;
                let (at, within) = child(nodes, index, |within, len| within <= len);
                if let Some(right) = Self::insert(&mut nodes[at], within, item) {
                    nodes.insert(at + 1, right);
                }
                let right = overflow(nodes, at + 1)?;
                let moved = right.iter().map(|node| node.len()).sum();
                *len -= moved;
                Some(Arc::new(Self::Inner { len: moved, nodes: right }))
            }
        }
    }

    fn remove(this: &mut Arc<Self>, index: usize) -> Arc<T> {
        match Arc::make_mut(this) {
            Self::Leaf(items) => items.remove(index),
            Self::Inner { len, nodes } => {
                *len -= 1;
                let (at, within) = child(nodes, index, |within, len| within < len);
                let item = Self::remove(&mut nodes[at], within);
                if nodes[at].len() == 0 {
                    nodes.remove(at);
                }
                item
            }
        }
    }

    fn get_mut(this: &mut Arc<Self>, index: usize) -> &mut Arc<T> {
        match Arc::make_mut(this) {
            Self::Leaf(items) => &mut items[index],
            Self::Inner { nodes, .. } => {
                let (at, within) = child(nodes, index, |within, len| within < len);
                Self::get_mut(&mut nodes[at], within)
            }
        }
    }

    /// How many items from the front fulfil what none behind the first that does not fulfils.
    fn partition_point(&self, holds: &impl Fn(&T) -> bool) -> usize {
        match self {
            Self::Leaf(items) => items.partition_point(|item| holds(item)),
            Self::Inner { nodes, .. } => {
                let at = nodes.partition_point(|node| holds(node.first()));
                let Some((last, before)) = nodes[..at].split_last() else { return 0 };
                let before: usize = before.iter().map(|node| node.len()).sum();
                before + last.partition_point(holds)
            }
        }
    }

    fn depth(&self) -> usize {
        match self {
            Self::Leaf(_) => 0,
            Self::Inner { nodes, .. } => nodes.first().map_or(0, |node| node.depth() + 1),
        }
    }

    /// Visits the items that another one may not hold as they are here: shared nodes are passed over, so that
    /// what changed is found and not searched.
    fn apart<'a>(this: &'a Arc<Self>, other: Option<&Arc<Self>>, visit: &mut dyn FnMut(&'a T)) {
        if other.is_some_and(|other| Arc::ptr_eq(this, other)) {
            return;
        }
        match (&**this, other.map(|other| &**other)) {
            (Self::Leaf(items), Some(Self::Leaf(others))) => {
                let held = |item: &Arc<T>| others.iter().any(|other| Arc::ptr_eq(item, other));
                items.iter().filter(|item| !held(item)).for_each(|item| visit(item));
            }
            (Self::Leaf(items), _) => items.iter().for_each(|item| visit(item)),
            // One that grew by a level has the other below it.
            (Self::Inner { nodes, .. }, Some(of)) if this.depth() > of.depth() => {
                nodes.iter().for_each(|node| Self::apart(node, other, visit));
            }
            (Self::Inner { nodes, .. }, Some(Self::Inner { nodes: others, .. })) => {
                let held =
                    |node: &&Arc<Self>, by: &[Arc<Self>]| by.iter().any(|it| Arc::ptr_eq(node, it));
                // Both halves of one that was split stand against what they were.
                let gone: Vec<_> = others.iter().filter(|node| !held(node, nodes)).collect();
                for (index, node) in nodes.iter().filter(|node| !held(node, others)).enumerate() {
                    let was = gone.get(index).or(gone.last());
                    Self::apart(node, was.copied(), visit);
                }
            }
            (Self::Inner { nodes, .. }, _) => {
                nodes.iter().for_each(|node| Self::apart(node, other, visit));
            }
        }
    }

    fn collect<'a>(
        this: &'a Arc<Self>,
        nodes: &mut BTreeSet<*const Self>,
        items: &mut Vec<&'a Arc<T>>,
    ) {
        nodes.insert(Arc::as_ptr(this));
        match &**this {
            Self::Leaf(own) => items.extend(own),
            Self::Inner { nodes: own, .. } => {
                own.iter().for_each(|node| Self::collect(node, nodes, items));
            }
        }
    }
}

/// What has no room any more. Appending leaves full nodes behind; inserting halves them.
fn overflow<X>(list: &mut Vec<X>, inserted: usize) -> Option<Vec<X>> {
    let last = inserted + 1 >= list.len();
    (list.len() > WIDTH).then(|| list.split_off(if last { WIDTH } else { WIDTH / 2 }))
}

/// The child that has an index, and the index within it.
fn child<T>(
    nodes: &[Arc<Node<T>>],
    index: usize,
    has: impl Fn(usize, usize) -> bool,
) -> (usize, usize) {
    let mut within = index;
    for (at, node) in nodes.iter().enumerate() {
        if has(within, node.len()) {
            return (at, within);
        }
        within -= node.len();
    }
    // Whoever asks has compared the index with the length.
    (nodes.len() - 1, within)
}

impl<T> Seq<T> {
    pub(super) const fn new() -> Self {
        Self { root: None }
    }

    pub(super) fn len(&self) -> usize {
        self.root.as_ref().map_or(0, |root| root.len())
    }

    /// The leaf that holds an index, with the index of its first item.
    fn leaf(&self, index: usize) -> (&[Arc<T>], usize) {
        let Some(root) = &self.root else { return (&[], 0) };
        let (mut node, mut start) = (root, 0);
        loop {
            match &**node {
                Node::Leaf(items) => return (items, start),
                Node::Inner { nodes, .. } => {
                    let (at, within) = child(nodes, index - start, |within, len| within < len);
                    start = index - within;
                    node = &nodes[at];
                }
            }
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<&T> {
        if index >= self.len() {
            return None;
        }
        let (leaf, start) = self.leaf(index);
        Some(&leaf[index - start])
    }

    pub(super) fn insert(&mut self, index: usize, item: T) {
        let item = Arc::new(item);
        let Some(root) = &mut self.root else {
            self.root = Some(Arc::new(Node::Leaf(vec![item])));
            return;
        };
        if let Some(right) = Node::insert(root, index, item) {
            let len = root.len() + right.len();
            *root = Arc::new(Node::Inner { len, nodes: vec![Arc::clone(root), right] });
        }
    }

    /// Removes an item of which the caller knows that it is there.
    pub(super) fn remove(&mut self, index: usize) -> Option<Arc<T>> {
        if index >= self.len() {
            return None;
        }
        let root = self.root.as_mut()?;
        let item = Node::remove(root, index);
        loop {
            let next = match &**root {
                Node::Inner { nodes, .. } if nodes.len() == 1 => Arc::clone(&nodes[0]),
                _ => break,
            };
            *root = next;
        }
        if root.len() == 0 {
            self.root = None;
        }
        Some(item)
    }

    /// Keeps those that fulfil something.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        let all = self.iter().enumerate();
        let gone: Vec<usize> = all.filter(|(_, it)| !keep(it)).map(|(index, _)| index).collect();
        for index in gone.into_iter().rev() {
            self.remove(index);
        }
    }

    pub(super) fn partition_point(&self, holds: impl Fn(&T) -> bool) -> usize {
        self.root.as_ref().map_or(0, |root| root.partition_point(&holds))
    }

    /// The last item of those from the front that fulfil what none behind them fulfils.
    pub(super) fn last_of(&self, holds: impl Fn(&T) -> bool) -> Option<&T> {
        let mut node = self.root.as_ref()?;
        loop {
            match &**node {
                Node::Leaf(items) => {
                    let at = items.partition_point(|item| holds(item));
                    return at.checked_sub(1).map(|at| &*items[at]);
                }
                Node::Inner { nodes, .. } => {
                    let at = nodes.partition_point(|node| holds(node.first()));
                    node = &nodes[at.checked_sub(1)?];
                }
            }
        }
    }

    pub(super) fn iter(&self) -> Iter<'_, T> {
        self.range(0, self.len())
    }

    pub(super) fn range(&self, front: usize, back: usize) -> Iter<'_, T> {
        Iter { seq: self, front, back: back.max(front), head: &[], tail: &[] }
    }

    /// The items that another one may not hold as they are here.
    pub(super) fn apart(&self, other: &Self) -> Vec<&T> {
        let mut found = Vec::new();
        if let Some(root) = &self.root {
            Node::apart(root, other.root.as_ref(), &mut |item| found.push(item));
        }
        found
    }

    /// What this one does not share with another.
    pub(super) fn apart_from(&self, other: &Self) -> Shared {
        let all = |seq: &Self| {
            let (mut nodes, mut items) = (BTreeSet::new(), Vec::new());
            if let Some(root) = &seq.root {
                Node::collect(root, &mut nodes, &mut items);
            }
            let items: BTreeSet<_> = items.into_iter().map(Arc::as_ptr).collect();
            (nodes, items)
        };
        let (own, others) = (all(self), all(other));
        Shared {
            nodes: own.0.difference(&others.0).count(),
            items: own.1.difference(&others.1).count(),
        }
    }
}

impl<T: Clone> Seq<T> {
    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        if index >= self.len() {
            return None;
        }
        let root = self.root.as_mut()?;
        Some(Arc::make_mut(Node::get_mut(root, index)))
    }
}

/// Items in order, from both ends.
pub(super) struct Iter<'a, T> {
    seq: &'a Seq<T>,
    front: usize,
    back: usize,
    head: &'a [Arc<T>],
    tail: &'a [Arc<T>],
}

impl<T> Clone for Iter<'_, T> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        if self.front >= self.back {
            return None;
        }
        if self.head.is_empty() {
            let (leaf, start) = self.seq.leaf(self.front);
            self.head = &leaf[self.front - start..];
        }
        let (item, rest) = self.head.split_first()?;
        self.head = rest;
        self.front += 1;
        Some(item)
    }

    fn nth(&mut self, n: usize) -> Option<&'a T> {
        self.front = self.front.saturating_add(n).min(self.back);
        self.head = self.head.get(n..).unwrap_or_default();
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.back - self.front;
        (left, Some(left))
    }
}

impl<T> DoubleEndedIterator for Iter<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        if self.front >= self.back {
            return None;
        }
        if self.tail.is_empty() {
            let (leaf, start) = self.seq.leaf(self.back - 1);
            self.tail = &leaf[..self.back - start];
        }
        let (item, rest) = self.tail.split_last()?;
        self.tail = rest;
        self.back -= 1;
        Some(item)
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}
