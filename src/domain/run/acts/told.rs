//! What somebody who ordered something of a run needs to go on.

use crate::domain::exception::Opened;
use crate::domain::limits::Verdict;
use crate::domain::run::notice::Addended;
use crate::domain::words::EntryKey;

/// What the events of an order tell, each its part.
#[derive(Debug, Default)]
pub struct Told {
    /// The entry that was sent.
    pub entry: Option<String>,
    /// The value as people read it.
    pub shown: Option<String>,
    /// Verdicts on it.
    pub verdicts: Option<Vec<Verdict>>,
    /// Whether a second person looks at it too.
    pub check_owed: Option<bool>,
    /// The value is implausible: it was kept, and waits to be confirmed.
    pub confirmation_asked: Option<bool>,
    /// Number of the determination.
    pub determination: Option<u32>,
    /// Number of the corrected determination.
    pub claim: Option<u32>,
    /// Whether the correction is claimed only, because it may make the result better.
    pub claimed: Option<bool>,
    /// Number of the hold.
    pub hold: Option<u32>,
    /// Number of the alarm.
    pub alarm: Option<u32>,
    /// Number of what happened.
    pub happening: Option<u32>,
    /// Number of the emergency act.
    pub emergency_act: Option<u32>,
    /// Number of the change.
    pub amendment: Option<u32>,
    /// Number of the notice.
    pub notice: Option<u32>,
    /// The lot that came out.
    pub lot: Option<String>,
    /// What was added to a record that is final.
    pub addendum: Option<Addended>,
    /// Exceptions that opened.
    pub exceptions: Vec<Opened>,
}

impl Told {
    /// A value as it was judged.
    pub fn judged(&mut self, shown: &str, verdicts: &[Verdict]) {
        self.shown = Some(shown.to_owned());
        self.verdicts = Some(verdicts.to_vec());
    }

    /// A value as it was recorded and judged.
    pub fn recorded(&mut self, at: &EntryKey, shown: &str, verdicts: &[Verdict]) {
        self.entry = Some(at.entry.clone());
        self.judged(shown, verdicts);
    }
}
