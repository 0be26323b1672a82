//! One record's chain: sequence numbers without gaps, each header naming the link before it.

use super::digest::{self, Hash, NO_PREVIOUS};
use super::entry::Header;

/// What is wrong between the entries of one record. `seq` is the sequence the headers claim.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// Entries are missing.
    #[error("entries {from} to {to} are missing")]
    Missing {
        /// First missing sequence.
        from: u64,
        /// Last missing sequence.
        to: u64,
    },
    /// An entry stands after one with the same or a later sequence: swapped or twice.
    #[error("entry {seq} stands after entry {after}: swapped, or there twice")]
    OutOfOrder {
        /// The entry's sequence.
        seq: u64,
        /// The sequence before it.
        after: u64,
    },
    /// The previous link named is not the link of the entry before.
    #[error("entry {seq} names the previous link {named}, the entry before has {found}")]
    PreviousDiffers {
        /// The entry's sequence.
        seq: u64,
        /// What it names, in hex.
        named: String,
        /// What is there, in hex.
        found: String,
    },
    /// An entry names another site, kind or record than the chain's first.
    #[error("entry {seq} belongs to another record or site: its {what} differs")]
    OtherRecord {
        /// The entry's sequence.
        seq: u64,
        /// Which part differs.
        what: &'static str,
    },
}

/// A chain being checked, entry by entry, in the order they are stored in.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    first: Option<Header>,
    last_seq: u64,
    last_link: Hash,
    /// Set after a gap or an unreadable entry: the next previous link cannot be compared.
    unknown_before: bool,
}

impl Chain {
    /// An empty chain.
    #[must_use]
    pub fn new() -> Self {
        Self { first: None, last_seq: 0, last_link: NO_PREVIOUS, unknown_before: false }
    }

    /// A chain that goes on behind an entry that was checked before.
    #[must_use]
    pub fn behind(seq: u64, link: Hash) -> Self {
        Self { last_seq: seq, last_link: link, ..Self::new() }
    }

    /// The sequence of the last entry taken, 0 before the first.
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// Takes the next entry and gives what is wrong with its place.
    pub fn take(&mut self, header: &Header, link: &Hash) -> Vec<ChainFault> {
        let mut faults = Vec::new();
        let seq = header.seq;
        self.check_record(header, &mut faults);
        if seq <= self.last_seq {
            faults.push(ChainFault::OutOfOrder { seq, after: self.last_seq });
            return faults;
        }
        if seq > self.last_seq + 1 {
            faults.push(ChainFault::Missing { from: self.last_seq + 1, to: seq - 1 });
        } else if !self.unknown_before && header.previous != digest::to_hex(&self.last_link) {
            faults.push(ChainFault::PreviousDiffers {
                seq,
                named: header.previous.clone(),
                found: digest::to_hex(&self.last_link),
            });
        }
        self.last_seq = seq;
        self.last_link = *link;
        self.unknown_before = false;
        faults
    }

    /// Takes an entry that could not be read: its place counts as filled, its link is the one stored.
    ///
    /// The fault of the entry itself is reported elsewhere; a wrong link of it shows at the next entry.
    pub fn take_unreadable(&mut self, seq: u64, link: Option<&Hash>) {
        if seq == self.last_seq + 1 {
            self.last_seq = seq;
            match link {
                Some(link) => self.last_link = *link,
                None => self.unknown_before = true,
            }
        }
    }

    fn check_record(&mut self, header: &Header, faults: &mut Vec<ChainFault>) {
        let Some(first) = &self.first else {
            self.first = Some(header.clone());
            return;
        };
        let parts = [
            ("site", first.site == header.site),
            ("record kind", first.record_kind == header.record_kind),
            ("record", first.record_id == header.record_id),
        ];
        for (what, same) in parts {
            if !same {
                faults.push(ChainFault::OtherRecord { seq: header.seq, what });
            }
        }
    }
}

/// Checks a whole sequence of opened entries of one record, in stored order.
#[must_use]
pub fn check_chain<'a>(
    entries: impl IntoIterator<Item = (&'a Header, &'a Hash)>,
) -> Vec<ChainFault> {
    let mut chain = Chain::new();
    let mut faults = Vec::new();
    for (header, link) in entries {
        faults.extend(chain.take(header, link));
    }
    faults
}

#[cfg(test)]
mod tests;
