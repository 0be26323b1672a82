//! Further determinations of the same sample: they settle one of which it cannot be told whether it is within.

use super::standing::{Room, Standing};
use crate::domain::alike::alike;
use crate::domain::entry::EntryValue;
use crate::domain::entry::result::{Level, item_of, level, sample_of};
use crate::domain::limits::Verdict;
use crate::domain::run::testing::{DeterminationRun, TestRun};

impl<'r> Standing<'r> {
    /// Whether a further determination of the same sample has taken its place.
    #[must_use]
    pub fn is_settled(&self, no: u32) -> bool {
        self.all().any(|tested| tested.told.settles == Some(no))
    }

    /// The determination that a further one with this value settles: of the same sample, one of which it cannot be
    /// told whether it is within, as often as the method allows.
    #[must_use]
    pub fn settled_by(&self, value: &EntryValue) -> Option<&'r DeterminationRun> {
        if self.spec.further == 0 || self.room() != Room::None {
            return None;
        }
        let one = |own: Option<&str>, other: Option<&str>| match (own, other) {
            (Some(own), Some(other)) => alike(own, other),
            (own, other) => own == other,
        };
        let same = |tested: &&DeterminationRun| {
            let other = tested.value();
            one(sample_of(other), sample_of(value)) && one(item_of(other), item_of(value))
        };
        let open = self.counting().filter(same).filter(|tested| self.cannot_be_told(tested));
        let allowed = |tested: &&DeterminationRun| self.furthers(tested) < self.spec.further;
        open.filter(allowed).map(|tested| tested.told.no).next().and_then(|no| self.find(no))
    }

    /// How many further determinations led to this one.
    fn furthers(&self, tested: &DeterminationRun) -> u32 {
        let (mut of, mut n) = (tested.told.settles, 0);
        while let Some(before) = of.and_then(|no| self.find(no)) {
            (of, n) = (before.told.settles, n + 1);
        }
        n
    }

    /// Whether it cannot be told, of it or of what is joined of it, because it is censored.
    fn cannot_be_told(&self, tested: &DeterminationRun) -> bool {
        let told = |verdicts: &[Verdict]| level(verdicts) == Level::CannotBeTold;
        let member = |run: &&TestRun| run.members.contains(&tested.told.no);
        let joined = self.all().filter_map(|it| it.run.as_ref()).filter(member).last();
        tested.value().censored().is_some()
            && (told(tested.verdicts()) || joined.is_some_and(|run| told(&run.verdicts)))
    }
}
