//! The catalogue of rules that can refuse: every `ALL` of every room, each code once.

use crate::domain::refusal::Rule;
use crate::domain::state::State;
use crate::{app, domain, identity, store};

/// Every rule that can refuse anything, by code. Where two rooms say the same code, the first counts.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    let mut all: Vec<&'static Rule> = [
        domain::refusal::ALL,
        domain::signing::refusal::ALL,
        &State::rules(),
        identity::refusal::ALL,
        store::refusal::ALL,
        app::refusal::ALL,
    ]
    .concat();
    all.sort_by_key(|rule| rule.code);
    all.dedup_by_key(|rule| rule.code);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    // shows: L8.a
    #[test]
    fn every_rule_says_rule_clause_and_resolution() {
        for rule in rules() {
            let texts = [rule.code, rule.rule, rule.clause, rule.title, rule.resolution];
            assert!(texts.iter().all(|text| !text.trim().is_empty()), "{rule:?}");
        }
    }
}
