//! A run: the whole picture, and a line of a list.

use super::after::{AddendumView, NoticeView, QuestionView};
use super::entry::{EntryView, entry, so_far};
use super::floor::{AmendmentView, EmergencyView, HappeningView};
use super::quality::{ExceptionView, GateView, HoldView, exception, gate_views};
use super::step::{NextView, OperationView, StepView, TakenBackView, operations, steps};
use super::testing::AlarmView;
use super::timer::{TimerLine, running};
use super::{SignatureView, WhoView, at, at_micros, etag, word};
use crate::app::run::list::RunRow;
use crate::app::run::next::next_steps;
use crate::domain::clock::Instant;
use crate::domain::disposition::standing::Standing;
use crate::domain::run::{Rendition, Review, Run};
use crate::domain::words::EntryKey;
use serde::Serialize;
use utoipa::ToSchema;

/// A run as a line of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunLine {
    /// Batch number.
    pub number: String,
    /// As the plant writes it, where that is another text.
    pub printed: Option<String>,
    /// Issue number of the site.
    pub issue_no: i64,
    /// What it is for.
    pub purpose: String,
    /// Phase.
    pub phase: String,
    /// Product code.
    pub product: String,
    /// Master record's code.
    pub master_code: String,
    /// Its version.
    pub master_version: i64,
    /// Issued at.
    #[schema(format = DateTime)]
    pub issued_at: String,
    /// Execution complete at.
    #[schema(format = DateTime)]
    pub completed_at: Option<String>,
}

/// Part of a list of runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunPage {
    /// Newest issue first.
    pub batches: Vec<RunLine>,
    /// The next part's cursor.
    pub next: Option<String>,
}

/// The frozen master record of a run.
#[derive(Debug, Serialize, ToSchema)]
pub struct FrozenMaster {
    /// Code.
    pub code: String,
    /// Version.
    pub version: u32,
    /// SHA-256 of its content, hex.
    pub content_hash: String,
    /// Title.
    pub title: String,
}

/// A product.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductView {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// A lot of the run.
#[derive(Debug, Serialize, ToSchema)]
pub struct LotLinkView {
    /// Lot number.
    pub number: String,
    /// As the plant writes it, where that is another text.
    pub printed: Option<String>,
    /// Disposition.
    pub disposition: String,
    /// Why the released lot is in question; null: it is not.
    pub questioned: Option<QuestionView>,
    /// Whether that keeps it from leaving, and its children from release.
    pub blocked: bool,
    /// Whether it may be shipped: released, and not blocked.
    pub may_ship: bool,
}

/// A deviation that concerns the run.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviationLinkView {
    /// Number.
    pub number: String,
    /// Exceptions of the run it covers.
    pub exceptions: Vec<u32>,
    /// Its impact is concluded: the process may go on.
    pub impact_concluded: bool,
    /// It is closed.
    pub closed: bool,
}

/// Quality's review.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewView {
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Up to which entry.
    pub covers_seq: u64,
    /// Who.
    pub signed: Option<SignatureView>,
    /// Why it no longer stands.
    pub lapsed: Option<String>,
}

/// A rendition.
#[derive(Debug, Serialize, ToSchema)]
pub struct RenditionView {
    /// From 1.
    pub no: u32,
    /// SHA-256 of the PDF, hex.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
    /// Which entry of the run it shows.
    pub covers_seq: u64,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// By whom.
    pub by: WhoView,
    /// The newer rendition that takes its place; null: it is the newest.
    pub superseded_by: Option<u32>,
}

/// A run, whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunView {
    pub number: String,
    /// As the plant writes it, where that is another text.
    pub printed: Option<String>,
    pub issue_no: u64,
    pub purpose: String,
    pub phase: String,
    pub master: FrozenMaster,
    pub product: ProductView,
    #[schema(format = DateTime)]
    pub issued_at: String,
    pub issued: Option<SignatureView>,
    pub operations: Vec<OperationView>,
    pub steps: Vec<StepView>,
    pub taken_back: Vec<TakenBackView>,
    pub release_entries: Vec<EntryView>,
    pub next: Vec<NextView>,
    pub gates: Vec<GateView>,
    pub holds: Vec<HoldView>,
    pub exceptions: Vec<ExceptionView>,
    pub alarms: Vec<AlarmView>,
    pub happenings: Vec<HappeningView>,
    pub emergency_acts: Vec<EmergencyView>,
    pub amendments: Vec<AmendmentView>,
    pub timers: Vec<TimerLine>,
    pub lots: Vec<LotLinkView>,
    pub deviations: Vec<DeviationLinkView>,
    pub participants_count: usize,
    pub corrections: u32,
    pub completed: Option<SignatureView>,
    pub aborted: Option<String>,
    pub reviews: Vec<ReviewView>,
    pub renditions: Vec<RenditionView>,
    pub notices: Vec<NoticeView>,
    pub addenda: Vec<AddendumView>,
    pub seq: u64,
    pub etag: String,
}

impl FrozenMaster {
    /// Of a run.
    pub fn of(run: &Run) -> Self {
        Self {
            code: run.master.code.clone(),
            version: run.master.version,
            content_hash: run.master.content_hash.clone(),
            title: run.recipe.title.clone(),
        }
    }
}

impl ProductView {
    /// Of a run.
    pub fn of(run: &Run) -> Self {
        let product = &run.recipe.product;
        Self { code: product.code.clone(), name: product.name.clone() }
    }
}

impl From<&Review> for ReviewView {
    fn from(review: &Review) -> Self {
        Self {
            at: at(review.at),
            covers_seq: review.covers_seq,
            signed: review.signed.as_ref().map(Into::into),
            lapsed: review.lapsed.as_ref().map(|(_, cause)| cause.clone()),
        }
    }
}

impl RenditionView {
    /// A rendition among all of its run.
    pub fn of(rendition: &Rendition, newest: Option<u32>) -> Self {
        Self {
            no: rendition.no,
            sha256: rendition.blob.clone(),
            bytes: rendition.bytes,
            covers_seq: rendition.covers_seq,
            at: at(rendition.at),
            by: WhoView::from(&rendition.by),
            superseded_by: newest.filter(|newest| *newest > rendition.no),
        }
    }
}

impl From<&RunRow> for RunLine {
    fn from(row: &RunRow) -> Self {
        Self {
            number: row.number.clone(),
            printed: row.printed.clone(),
            issue_no: row.issue_no,
            purpose: row.purpose.clone(),
            phase: row.phase.clone(),
            product: row.product.clone(),
            master_code: row.master_code.clone(),
            master_version: row.master_version,
            issued_at: at_micros(row.issued_at),
            completed_at: row.completed_at.map(at_micros),
        }
    }
}

/// The renditions of a run, each older one marked as superseded by the newest.
pub fn renditions(all: &[Rendition]) -> Vec<RenditionView> {
    let newest = all.iter().map(|rendition| rendition.no).max();
    all.iter().map(|rendition| RenditionView::of(rendition, newest)).collect()
}

fn links(run: &Run, standings: &[Standing]) -> (Vec<LotLinkView>, Vec<DeviationLinkView>) {
    let lot = |lot: &crate::domain::run::LotLink| {
        let standing = standings.iter().find(|standing| standing.record == lot.record);
        LotLinkView {
            number: lot.number.clone(),
            printed: lot.printed.clone(),
            disposition: lot.disposition.clone(),
            questioned: standing.and_then(QuestionView::of),
            blocked: standing.is_some_and(Standing::blocked),
            may_ship: standing.is_some_and(Standing::fit),
        }
    };
    let deviations = run.deviations.iter().map(|(number, link)| DeviationLinkView {
        number: number.clone(),
        exceptions: link.exceptions.clone(),
        impact_concluded: link.impact_concluded,
        closed: link.closed,
    });
    (run.lots.iter().map(lot).collect(), deviations.collect())
}

/// A run as it stands at this moment.
pub fn run(run: &Run, standings: &[Standing], now: Instant) -> RunView {
    let (lots, deviations) = links(run, standings);
    let specs = run.recipe.release_specifications.iter();
    RunView {
        number: run.number.clone(),
        printed: run.printed.clone(),
        issue_no: run.issue_no,
        purpose: word(&run.purpose),
        phase: word(&run.phase),
        master: FrozenMaster::of(run),
        product: ProductView::of(run),
        issued_at: at(run.issued_at),
        issued: run.issued.as_ref().map(Into::into),
        operations: operations(run),
        steps: steps(run),
        taken_back: run.taken_back.iter().map(Into::into).collect(),
        release_entries: specs
            .map(|spec| {
                let at = EntryKey { step: None, entry: spec.id.clone() };
                let view = entry(spec, run.release_entries.get(&spec.id));
                EntryView { so_far: so_far(run, spec, &at), ..view }
            })
            .collect(),
        next: next_steps(run, now).iter().map(Into::into).collect(),
        gates: gate_views(run, now),
        holds: run.holds.iter().map(Into::into).collect(),
        exceptions: run.exceptions.iter().map(|it| exception(run, it)).collect(),
        alarms: run.alarms.iter().map(Into::into).collect(),
        happenings: run.happenings.iter().map(Into::into).collect(),
        emergency_acts: run.emergencies.iter().map(Into::into).collect(),
        amendments: run.amendments.iter().map(Into::into).collect(),
        timers: running(run, now),
        lots,
        deviations,
        participants_count: run.participants.len(),
        corrections: run.corrections,
        completed: run.completed.as_ref().map(|(_, signed)| signed.into()),
        aborted: run.aborted.as_ref().map(|(_, reason)| reason.clone()),
        reviews: run.reviews.iter().map(Into::into).collect(),
        renditions: renditions(&run.renditions.to_vec()),
        notices: run.notices.iter().map(Into::into).collect(),
        addenda: run.addenda.iter().map(Into::into).collect(),
        seq: run.seq,
        etag: etag(run.seq),
    }
}
