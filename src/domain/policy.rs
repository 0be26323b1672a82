//! Who may: authorities, shipped roles, scopes, and the combinations nobody may hold.

use super::alike::alike;
use super::ids::PersonId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

macro_rules! authorities {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal, $family:ident;)*) => {
        /// A right to one sort of act. Roles are site-named sets of these.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Authority { $($(#[doc = $doc])* $name),* }

        impl Authority {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word in roles, master records and refusals.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// The family it belongs to: families decide what excludes what.
            #[must_use]
            pub fn family(self) -> Family {
                match self { $(Self::$name => Family::$family),* }
            }
        }
    };
}

/// Families of authorities; two families may exclude each other in one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Does, records, checks or directs production work.
    Production,
    /// Tests samples.
    Laboratory,
    /// Writes and checks master records.
    Engineering,
    /// Oversees quality.
    Quality,
    /// Reads only.
    Reading,
    /// Runs the system; holds nothing of GMP.
    Administration,
}

authorities! {
    /// Execute and record steps.
    Execute = "execute", Production;
    /// Check or witness somebody else's work.
    Check = "check", Production;
    /// Direct work: not-applicable, at risk, abort, production holds.
    Supervise = "supervise", Production;
    /// Issue a run from an effective master record.
    Issue = "issue", Production;
    /// Record laboratory results.
    Test = "test", Laboratory;
    /// Direct laboratory work: the first phase of an investigation.
    SuperviseLaboratory = "supervise-laboratory", Laboratory;
    /// Evaluate process data (process engineer at a step).
    Evaluate = "evaluate", Engineering;
    /// Write master records.
    AuthorMaster = "author-master", Engineering;
    /// Check master records.
    CheckMaster = "check-master", Engineering;
    /// Approve master records.
    ApproveMaster = "approve-master", Quality;
    /// Review batch records and audit trail; check steps the master record gives to quality.
    Review = "review", Quality;
    /// Decide what an exception is; classify and close deviations; ratify.
    Triage = "triage", Quality;
    /// Place and lift quality holds.
    Hold = "hold", Quality;
    /// Decide on lots: quarantine, release, reject, withdraw.
    Release = "release", Quality;
    /// Certify as qualified person.
    Certify = "certify", Quality;
    /// Read all records of the scope.
    Read = "read", Reading;
    /// Issue renditions and exports.
    Export = "export", Reading;
    /// Manage persons, roles and settings.
    Administer = "administer", Administration;
    /// Unlock accounts after an identity check.
    Unlock = "unlock", Administration;
    /// Verify identities and enrol signing keys.
    Enrol = "enrol", Administration;
}

impl Authority {
    /// Whether holding it lets somebody record facts at all (ARCHITECTURE.md, bounds of principle 1).
    #[must_use]
    pub fn records(self) -> bool {
        matches!(self, Self::Execute | Self::Supervise | Self::Test | Self::Evaluate)
    }

    /// Reads an authority's word.
    ///
    /// # Errors
    /// A sentence naming the unknown word.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::ALL
            .iter()
            .copied()
            .find(|a| a.as_str() == text)
            .ok_or_else(|| format!("no authority is called {text:?}"))
    }
}

/// A role: a site's name for a set of authorities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Name, as in `supervisor`.
    pub name: String,
    /// What it lets do.
    pub authorities: BTreeSet<Authority>,
}

/// The roles every site is founded with.
#[must_use]
pub fn shipped_roles() -> Vec<Role> {
    use Authority::{
        Administer, ApproveMaster, AuthorMaster, Certify, Check, CheckMaster, Enrol, Evaluate,
        Execute, Export, Hold, Issue, Read, Release, Review, Supervise, SuperviseLaboratory, Test,
        Triage, Unlock,
    };
    let role = |name: &str, list: &[Authority]| Role {
        name: name.to_owned(),
        authorities: list.iter().copied().collect(),
    };
    vec![
        role("operator", &[Execute, Check, Read]),
        role("supervisor", &[Execute, Check, Supervise, Issue, CheckMaster, Read, Export]),
        role("process-engineer", &[Evaluate, AuthorMaster, CheckMaster, Read, Export]),
        role("qc-analyst", &[Test, Check, Read]),
        role("qc-supervisor", &[Test, SuperviseLaboratory, Check, Read]),
        role("qa", &[ApproveMaster, Review, Triage, Hold, Release, Read, Export]),
        role("qualified-person", &[Review, Certify, Hold, Release, Read, Export]),
        role("auditor", &[Read, Export]),
        role("administrator", &[Administer, Unlock, Enrol]),
    ]
}

/// A role given to a person, scoped to products and areas (`None`: all).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The role's name.
    pub role: String,
    /// Product code it is limited to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Area it is limited to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
}

/// Where an act happens: what a grant's scope is held against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place<'a> {
    /// Product code.
    pub product: Option<&'a str>,
    pub area: Option<&'a str>,
}

/// The permission a command was granted by: it stands in the entry's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    /// The role in which the person acts.
    pub role: String,
    /// The authority used, where one was asked.
    pub authority: Option<Authority>,
}

impl Grant {
    fn covers(&self, place: Place<'_>) -> bool {
        let fits = |scope: &Option<String>, at: Option<&str>| match scope {
            None => true,
            Some(scope) => at.is_none_or(|at| at == scope),
        };
        let there = match &self.area {
            None => true,
            Some(area) => place.area.is_none_or(|at| alike(at, area)),
        };
        fits(&self.product, place.product) && there
    }
}

/// The first of `wanted` that the grants give at this place, with the role that gives it.
#[must_use]
pub fn permit(
    grants: &[Grant],
    roles: &[Role],
    wanted: &[Authority],
    place: Place<'_>,
) -> Option<Permit> {
    wanted.iter().find_map(|authority| {
        let grant = grants.iter().find(|grant| {
            grant.covers(place)
                && roles
                    .iter()
                    .any(|role| role.name == grant.role && role.authorities.contains(authority))
        })?;
        Some(Permit { role: grant.role.clone(), authority: Some(*authority) })
    })
}

/// Whether two authorities may not be held by one person, and why.
/// Fixed in code: no setting lifts it (Annex 11 draft 11.10, ICH Q7 2.1, law 8).
#[must_use]
pub fn excludes(a: Authority, b: Authority) -> Option<&'static str> {
    let (fa, fb) = (a.family(), b.family());
    let pair = |x: Family, y: Family| (fa == x && fb == y) || (fa == y && fb == x);
    if fa != fb && (fa == Family::Administration || fb == Family::Administration) {
        // Reading is GMP too: an administrator who can read records can pick what to hide.
        return Some("an administrator holds no GMP authority (Annex 11 draft 11.10)");
    }
    if pair(Family::Quality, Family::Production) {
        return Some("quality oversight is independent of production (ICH Q7 2.1)");
    }
    if pair(Family::Quality, Family::Laboratory) {
        return Some("quality does not review results it has produced (21 CFR 211.194(a)(8))");
    }
    if pair(Family::Quality, Family::Engineering) {
        return Some("who approves a master record does not write or check it (21 CFR 211.186(a))");
    }
    None
}

/// The first forbidden pair in a set of authorities.
#[must_use]
pub fn forbidden(held: &BTreeSet<Authority>) -> Option<(Authority, Authority, &'static str)> {
    held.iter().find_map(|a| held.iter().find_map(|b| Some((*a, *b, excludes(*a, *b)?))))
}

/// Somebody as the rules see them, loaded from their own record in the lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub person: PersonId,
    pub user_name: String,
    pub printed_name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    // shows: Q7-2.1.a, A11D-11.10.a, A11D-12.3.c
    #[test]
    fn no_shipped_role_holds_a_forbidden_pair_and_administration_excludes_all_gmp() {
        for role in shipped_roles() {
            assert_eq!(forbidden(&role.authorities), None, "{}", role.name);
        }
        for a in Authority::ALL {
            let gmp = a.family() != Family::Administration;
            assert_eq!(excludes(Authority::Administer, *a).is_some(), gmp, "{a:?}");
        }
        for production in [Authority::Execute, Authority::Check, Authority::Supervise] {
            assert!(excludes(Authority::Release, production).is_some());
        }
    }

    // shows: P11-10g.a
    #[test]
    fn a_grant_counts_only_where_its_scope_reaches() {
        let roles = shipped_roles();
        let grant = Grant { role: "operator".into(), product: Some("AMAB".into()), area: None };
        let at = |product| Place { product: Some(product), area: Some("USP") };
        let grants = [grant];
        assert!(permit(&grants, &roles, &[Authority::Execute], at("AMAB")).is_some());
        assert!(permit(&grants, &roles, &[Authority::Execute], at("OTHER")).is_none());
        assert!(permit(&grants, &roles, &[Authority::Release], at("AMAB")).is_none());
    }
}
