//! Issuing a rendition: the record as it stands is drawn, sealed, and told in the run's own chain.

use crate::app::answer::{Core, RenditionAnswer, Tells, told};
use crate::app::audit::trail::line_of;
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::app::refusal::RUN_CHANGED;
use crate::domain::clock::{Instant, Zone};
use crate::domain::command::{Decision, Stamp};
use crate::domain::ids::{Key, PersonId, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::policy::{Authority, Place};
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::rendition::RenditionIssued;
use crate::domain::run::obligations::Obligation;
use crate::domain::run::time::limits;
use crate::domain::site::Site;
use crate::record::model::files::pictures;
use crate::record::model::trail::TrailLine;
use crate::record::model::{BatchRecord, CheckpointLine, ObligationLine, RenditionLine};
use crate::record::pdf::{LARGEST_PHOTO, P256Seal, render, seal, seal_certificate};
use crate::record::report;
use crate::seal::digest::{sha256, to_hex};
use crate::store::journal::entries;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::SigningKey;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Tells in the run's chain that a rendition was issued.
pub struct IssueRendition {
    /// Batch number.
    pub run: String,
    /// The run's entry that it shows; nothing may have been added since.
    pub covers_seq: u64,
    /// Its number.
    pub no: u32,
    pub pdf: Arc<Vec<u8>>,
}

impl Command for IssueRendition {
    fn name(&self) -> &'static str {
        "issue-rendition"
    }

    fn reads(&self) -> Vec<Key> {
        vec![Key::Number(RecordKind::Run, self.run.clone())]
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let run = loaded.run(&Key::Number(RecordKind::Run, self.run.clone()))?;
        let place = Place { product: Some(&run.recipe.product.code), area: None };
        let permit = loaded.actor(stamp)?.account().permit(
            loaded.site()?.facts(),
            &[Authority::Export],
            place,
        )?;
        if run.seq != self.covers_seq || next_no(run) != self.no {
            let detail = format!("entry {} follows {}", run.seq, self.covers_seq);
            return Err(Refusal::new(&RUN_CHANGED, detail));
        }
        let blob = to_hex(&sha256(&[&self.pdf]));
        let bytes = self.pdf.len() as u64;
        let event = RunEvent::RenditionIssued(RenditionIssued {
            no: self.no,
            blob: blob.clone(),
            bytes,
            covers_seq: self.covers_seq,
        });
        let mut events = Ruling::of(permit.clone(), event).into_planned(run.key, "run", None);
        if let Some(first) = events.first_mut() {
            first.blobs.push((blob.clone(), Arc::clone(&self.pdf)));
        }
        let core = Core::of(run.key, (Some(&run.number), run.seq), loaded, &events);
        let answer = RenditionAnswer::new(core, self.no, blob, bytes, self.covers_seq);
        Ok(Decision { permit, events, answer: told::<Self>(&answer) })
    }
}

impl Tells for IssueRendition {
    type Answer = RenditionAnswer;
}

/// All pictures of a report together hold no more bytes than this.
const ALL_PICTURES: u64 = 64 * 1024 * 1024;

fn next_no(run: &Run) -> u32 {
    run.renditions.last().map_or(1, |last| last.no + 1)
}

fn owed_line(obligation: &Obligation) -> ObligationLine {
    ObligationLine {
        id: obligation.id.clone(),
        rule: obligation.rule.clone(),
        clause: obligation.clause.clone(),
        what: obligation.what.clone(),
        standing: obligation.status,
        waivable: obligation.waivable,
        evidence: obligation.evidence.clone(),
    }
}

impl Desk {
    /// Issues a rendition of a run as it stands. Blocks for as long as drawing takes.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *export*, `run-changed-meanwhile` when somebody goes
    /// on writing faster than pages are drawn.
    pub fn issue_report(
        &self,
        envelope: Envelope,
        number: &str,
    ) -> Result<Done<RenditionAnswer>, Failure> {
        let (caller, request) = (envelope.caller.clone(), envelope.request_id.clone());
        let mut envelope = Some(envelope);
        let mut tries = 0;
        loop {
            let state = self.run(&caller, number)?;
            let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
            let no = next_no(run);
            let pdf = Arc::new(self.drawn(run, no, &caller.user_name)?);
            let run = number.to_owned();
            let command = IssueRendition { run, covers_seq: state.seq(), no, pdf };
            let wrapped =
                envelope.take().unwrap_or_else(|| Envelope::of(caller.clone(), &request, None));
            let sent = wrapped.sent.clone();
            match self.order(wrapped, Box::new(command)) {
                Err(Failure::Refused(refusal))
                    if refusal.rule.code == RUN_CHANGED.code && tries < 2 =>
                {
                    tries += 1;
                    envelope = Some(Envelope::of(caller.clone(), &request, sent));
                }
                outcome => return outcome,
            }
        }
    }

    /// The sealed PDF of a run as it stands.
    fn drawn(&self, run: &Run, no: u32, user_name: &str) -> Result<Vec<u8>, Failure> {
        let site_state = self.state(&Key::Site)?;
        let site = site_state.as_site().ok_or_else(|| Failure::Broken("no site".into()))?;
        let related = self.related(run)?;
        let lots = related.lots();
        let stand = self.shown_of_lots(None, &lots)?;
        let (parents, standings): (Vec<_>, Vec<_>) = stand.into_iter().unzip();
        let numbers = lots.iter().map(|lot| lot.number.clone());
        let journal = self.read(|db| entries(db, run.key, 0))?;
        let trail: Vec<TrailLine> = journal
            .iter()
            .filter(|entry| entry.header.seq <= run.seq)
            .map(|entry| line_of(entry).line)
            .collect();
        let embedded = serde_json::to_vec(&trail)
            .map_err(|e| Failure::Broken(format!("the trail as JSON: {e}")))?;
        let at = self.time();
        let mut record = BatchRecord {
            site,
            run,
            deviations: related.deviations(),
            parents: numbers.zip(parents).collect(),
            components: self.components(run)?,
            standings,
            lots,
            obligations: self.owed(run)?.iter().map(owed_line).collect(),
            limits: limits(run, at),
            pictures: self.pictures(run)?,
            trail,
            checkpoint: self.checkpoint_line()?,
            founding: founding(site),
            keys: BTreeMap::new(),
            rendition: RenditionLine {
                no,
                at,
                zone: Zone::at(&site.zone, at).unwrap_or_else(|_| Zone::utc()),
                printed_name: self.printed_name(user_name)?,
                user_name: user_name.to_owned(),
            },
        };
        record.keys = self.keys_of(report::signers(&record))?;
        let document = report::build(&record, embedded);
        let pdf = render(&document).map_err(|e| Failure::Broken(format!("the report: {e}")))?;
        self.sealed(&pdf, site, at)
    }

    /// The bytes of what the pages show, up to a sum: what is beyond it is named, with its hash.
    fn pictures(&self, run: &Run) -> Result<BTreeMap<String, Arc<Vec<u8>>>, Failure> {
        let (mut shown, mut sum) = (BTreeMap::new(), 0u64);
        for file in pictures(run, LARGEST_PHOTO as u64) {
            sum = sum.saturating_add(file.bytes);
            if sum > ALL_PICTURES {
                break;
            }
            let bytes = self.content_bytes(&file.sha256)?;
            shown.insert(file.sha256, Arc::new(bytes));
        }
        Ok(shown)
    }

    fn sealed(&self, pdf: &[u8], site: &Site, at: Instant) -> Result<Vec<u8>, Failure> {
        let broken = |what: String| Failure::Broken(format!("the seal: {what}"));
        let key =
            SigningKey::from_slice(&*self.seal.secret()).map_err(|e| broken(e.to_string()))?;
        let certificate = seal_certificate(&key, &site.name, site.founded_at.0)
            .map_err(|e| broken(e.to_string()))?;
        seal(pdf, &P256Seal::new(key, certificate), at.0).map_err(|e| broken(e.to_string()))
    }

    /// The signing keys of persons, the one in use first.
    fn keys_of(
        &self,
        persons: BTreeSet<PersonId>,
    ) -> Result<BTreeMap<PersonId, Vec<String>>, Failure> {
        let mut keys = BTreeMap::new();
        for id in persons {
            let state = self.person_state(id)?;
            let Some(person) = state.as_person() else { continue };
            let all = person.signing_key.iter().chain(person.former_keys.iter().rev());
            keys.insert(id, all.map(|key| key.fingerprint.clone()).collect());
        }
        Ok(keys)
    }

    fn printed_name(&self, user_name: &str) -> Result<String, Failure> {
        let person = self.person_of(Some(user_name))?.flatten();
        let Some(id) = person else { return Ok(user_name.to_owned()) };
        let state = self.person_state(id)?;
        Ok(state.as_person().map(|p| p.printed_name.clone()).unwrap_or_default())
    }

    fn checkpoint_line(&self) -> Result<Option<CheckpointLine>, Failure> {
        // The page names a checkpoint that covers the record as it is printed.
        self.store.checkpoint_now()?;
        let newest = self.store.newest_checkpoint()?;
        Ok(newest.map(|checkpoint| CheckpointLine {
            number: checkpoint.number,
            size: checkpoint.size,
            root: STANDARD.encode(checkpoint.root),
            note: checkpoint.note,
        }))
    }
}

/// Fingerprint of the site's founding key.
#[must_use]
pub fn founding(site: &Site) -> String {
    let key = site.keys.iter().find(|key| key.purpose == "founding");
    key.map(|key| key.fingerprint.clone()).unwrap_or_default()
}
