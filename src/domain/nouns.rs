//! The nouns: every kind of record that has a journal of its own, one line each.
//!
//! Whoever needs something of every noun hands the lines to a macro of its own: `ids` makes [`RecordKind`] of
//! them, `state` the state of any record, `loaded` its readers, the store the rows that a state writes. What a
//! noun answers for itself is [`Noun`](super::noun::Noun), in its own folder.
//!
//! A line: the kind, module and type of its state, the word that headers and tables name it by, its accessor,
//! its reader, what it is. The order is fixed: records are locked in it.
//!
//! [`RecordKind`]: super::ids::RecordKind

/// Hands the lines to another macro.
macro_rules! nouns {
    ($with:ident) => {
        $with! {
            Site: site::Site = "site", as_site, site_at, "The installation itself: founding, keys, roles.";
            Series: series::Series = "series", as_series, series, "A number series without gaps.";
            Person: person::Person = "person", as_person, person_at, "A person with user name, roles and signing key.";
            Master: master::Master = "master", as_master, master, "One version of a master record.";
            Run: run::Run = "run", as_run, run, "A run: batch, preparation, cleaning, set-up or test.";
            Deviation: deviation::Deviation = "deviation", as_deviation, deviation, "A deviation, n:m with runs.";
            Device: device::Device = "device", as_device, device, "A device whose signed text counts as a reading.";
            Lot: lot::Lot = "lot", as_lot, lot, "An output lot with its dispositions.";
        }
    };
}
pub(crate) use nouns;
