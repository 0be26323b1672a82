//! The site's founding and keys as the journal tells them.

use serde_json::Value;
use uuid::Uuid;

use super::Verifier;
use super::finding::{Code, Finding};
use super::place::{Here, JOURNAL, Place};
use crate::seal::entry::ClockKind;
use crate::seal::key::{KeyId, PublicKey};
use crate::seal::signature::Position;
use crate::seal::site::{
    CLOCK_SET_BACK, Founding, KEY_ROTATED, KeyUse, Rotation, SITE_FOUNDED, SiteFault, Statement,
};

/// A site key and the entry that stated it.
#[derive(Debug, Clone)]
pub(super) struct StatedKey {
    pub purpose: KeyUse,
    pub public: PublicKey,
    pub place: Place,
}

/// A statement whose place is right, waiting for the keys to be known.
#[derive(Debug)]
pub(super) struct Waiting {
    statement: Statement,
    place: Place,
}

/// What is remembered of the site.
#[derive(Debug, Default)]
pub(super) struct Site {
    pub origin: Option<String>,
    founded: Option<Place>,
    keys: Vec<StatedKey>,
    rotated: Vec<(Rotation, Place)>,
    waiting: Vec<Waiting>,
    /// Sites and clocks named in headers and access rows, with the first place of each.
    named: Vec<(Uuid, ClockKind, Finding)>,
    identity: Option<(Uuid, ClockKind)>,
    /// Places in the log at which the clock was set back, by signed acts.
    set_back: Vec<u64>,
}

impl Site {
    /// The founding key's fingerprint, as the founding entry states it.
    pub fn founding_key(&self) -> Option<KeyId> {
        self.of(KeyUse::Founding).next().map(|key| key.public.id())
    }

    /// The same site, named by nobody yet.
    pub fn fork(&self) -> Self {
        Self {
            origin: self.origin.clone(),
            founded: self.founded.clone(),
            keys: self.keys.clone(),
            identity: self.identity,
            set_back: self.set_back.clone(),
            ..Self::default()
        }
    }

    /// What another verification met.
    pub fn join(&mut self, other: Self) {
        for (site, clock, first) in other.named {
            self.name(site, clock, || first);
        }
    }

    /// Whether the clock was set back behind one place in the log and up to another.
    pub fn was_set_back(&self, after: u64, until: u64) -> bool {
        self.set_back.iter().any(|leaf| (after + 1..=until).contains(leaf))
    }

    /// Remembers each pair of site and clock once: a few pairs at most, unless somebody wrote nonsense. A clock that was
    /// apart for a while is the system's.
    fn name(&mut self, site: Uuid, clock: ClockKind, first: impl FnOnce() -> Finding) {
        let clock = match clock {
            ClockKind::Unsettled => ClockKind::System,
            clock => clock,
        };
        if !self.named.iter().any(|(other, kind, _)| *other == site && *kind == clock) {
            self.named.push((site, clock, first()));
        }
    }

    /// All keys there ever were for a use, oldest first.
    pub fn of(&self, purpose: KeyUse) -> impl Iterator<Item = &StatedKey> {
        self.keys.iter().filter(move |key| key.purpose == purpose)
    }
}

impl Verifier {
    pub(super) fn check_header_of_site(&mut self, here: &Here<'_>) {
        let template = || here.finding(Code::EntryForeign, "");
        self.name_site(here.header.site, here.header.clock, &template);
    }

    pub(super) fn name_site(&mut self, site: Uuid, clock: ClockKind, first: &dyn Fn() -> Finding) {
        self.site.name(site, clock, first);
    }

    pub(super) fn site_event(&mut self, here: &Here<'_>, data: &Value) {
        let event = here.header.event.name.as_str();
        if event != SITE_FOUNDED && event != KEY_ROTATED && event != CLOCK_SET_BACK {
            return;
        }
        if self.settled {
            let detail = "an event of the site's keys or clock stands in another record";
            return self.add(here.finding(Code::EntryForeign, detail));
        }
        if event == CLOCK_SET_BACK {
            return self.site.set_back.push(here.row.leaf);
        }
        if event == SITE_FOUNDED {
            return self.founding(here, data);
        }
        match Rotation::read(data) {
            Ok(rotation) => self.site.rotated.push((rotation, here.place())),
            Err(fault) => self.site_fault(&fault, &here.place()),
        }
    }

    fn founding(&mut self, here: &Here<'_>, data: &Value) {
        let (header, place) = (here.header, &here.place());
        if self.site.founded.is_some() {
            self.add(place.finding(Code::FoundedTwice, "a site is founded once"));
            return;
        }
        self.site.founded = Some(place.clone());
        self.site.identity = Some((header.site, header.clock));
        if header.seq != 1 {
            self.add(
                place.finding(
                    Code::SiteKeyFault,
                    "the founding must be the first entry of its record",
                ),
            );
        }
        let read = Founding::read(data).and_then(|founding| {
            let keys: Result<Vec<StatedKey>, SiteFault> = KeyUse::ALL
                .into_iter()
                .map(|purpose| {
                    let public = founding.key(purpose)?;
                    Ok(StatedKey { purpose, public, place: place.clone() })
                })
                .collect();
            Ok((founding.origin, keys?))
        });
        match read {
            Ok((origin, keys)) => {
                self.site.origin = Some(origin);
                // The founding's keys stand before any that replaced them, whatever came in first.
                self.site.keys.splice(0..0, keys);
            }
            Err(fault) => self.site_fault(&fault, place),
        }
    }

    pub(super) fn site_statement(
        &mut self,
        statement: Statement,
        data: &Value,
        position: &Position<'_>,
        here: &Here<'_>,
    ) {
        self.counts.statements += 1;
        let place = here.place();
        match statement.check_place(data, position) {
            Ok(()) if self.settled => {
                self.judge_statement(&Waiting { statement, place });
            }
            Ok(()) => self.site.waiting.push(Waiting { statement, place }),
            Err(fault) => self.site_fault(&fault, &place),
        }
    }

    pub(super) fn site_fault(&mut self, fault: &SiteFault, place: &Place) {
        self.add(place.finding(Code::SiteKeyFault, fault.to_string()));
    }

    pub(super) fn finish_site(&mut self) {
        self.finish_rotations();
        self.finish_statements();
        if let Some(trusted) = self.options.trust {
            let found = self.site.founding_key();
            if found != Some(trusted) {
                let finding = match &self.site.founded {
                    Some(place) => place.finding(
                        Code::FoundingKeyDiffers,
                        "the record is not of the trusted founding key",
                    ),
                    None => Finding::new(
                        Code::FoundingKeyDiffers,
                        JOURNAL,
                        "there is no founding key to trust",
                    ),
                };
                let found = found.map_or_else(|| "none".to_owned(), |key| key.to_hex());
                self.add(finding.values(trusted.to_hex(), found));
            }
        }
    }

    pub(super) fn finish_identity(&mut self) {
        let Some((site, clock)) = self.site.identity else {
            self.add(Finding::new(
                Code::NotFounded,
                JOURNAL,
                "there is no founding entry that can be believed",
            ));
            return;
        };
        for (other, kind, first) in std::mem::take(&mut self.site.named) {
            if other != site {
                let finding = first.clone().values(site.to_string(), other.to_string());
                let detail = "another site is named here than the one founded".into();
                self.add(Finding { detail, ..finding });
            }
            if kind != clock {
                let finding = first.values(format!("{clock:?}"), format!("{kind:?}"));
                let detail = "the clock is of another kind than the site was founded with".into();
                let code = Code::ClockDiffers;
                self.add(Finding { code, detail, ..finding });
            }
        }
    }

    /// Each rotation must be signed by the key it replaces, which must be the one in force.
    fn finish_rotations(&mut self) {
        let mut rotated = std::mem::take(&mut self.site.rotated);
        rotated.sort_by_key(|(_, place)| (place.record, place.seq));
        for (rotation, place) in rotated {
            let purpose = rotation.new.purpose;
            let Some(old) = self.site.of(purpose).last().map(|key| key.public.clone()) else {
                self.site_fault(&SiteFault::KeyCount(purpose.word()), &place);
                continue;
            };
            let signed = self.site.waiting.iter().any(|waiting| {
                waiting.place.record == place.record
                    && waiting.place.seq == place.seq
                    && waiting.statement.check_key_and_value(purpose, &old).is_ok()
            });
            if rotation.old != old.id().to_hex() || !signed {
                self.site_fault(&SiteFault::OtherKey(purpose.word()), &place);
                continue;
            }
            match rotation.new.open() {
                Ok(public) => self.site.keys.push(StatedKey { purpose, public, place }),
                Err(fault) => self.site_fault(&fault, &place),
            }
        }
    }

    fn finish_statements(&mut self) {
        let mut founding_signed = false;
        for waiting in std::mem::take(&mut self.site.waiting) {
            founding_signed |= self.judge_statement(&waiting);
        }
        if let (false, Some(place)) = (founding_signed, self.site.founded.clone()) {
            self.add(place.finding(
                Code::SiteKeyFault,
                "the founding entry is not signed by its founding key",
            ));
        }
    }

    /// Whether the statement stands; gives whether it is the founding key's over the founding.
    fn judge_statement(&mut self, waiting: &Waiting) -> bool {
        let Waiting { statement, place } = waiting;
        let purpose = statement.manifest.purpose;
        let keys: Vec<PublicKey> = self.site.of(purpose).map(|key| key.public.clone()).collect();
        let verdict = keys
            .iter()
            .find(|key| key.id().to_hex() == statement.manifest.key)
            .ok_or(SiteFault::OtherKey(purpose.word()))
            .and_then(|key| statement.check_key_and_value(purpose, key));
        match verdict {
            Ok(()) if purpose == KeyUse::Founding => {
                self.people.countersigned_by_site(place);
                place.event == SITE_FOUNDED
            }
            Ok(()) => false,
            Err(fault) => {
                self.site_fault(&fault, place);
                false
            }
        }
    }
}
