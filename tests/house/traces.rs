//! What a world leaves in the journal, held against everything that was sent to it: each order done
//! left the event that the table of routes names, and nothing else left anything.

use super::client::Sent;
use super::met::Met;
use super::world::World;
use batchwright::api::{ROUTES, Route};
use std::collections::{BTreeMap, BTreeSet};

fn fits(template: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let (template, path): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template
            .iter()
            .zip(&path)
            .all(|(t, p)| t == p || (t.contains('{') && (!t.contains('~') || p.contains('~'))))
}

/// The route of an order; one that names its place exactly counts before one with a variable there.
fn route(sent: &Sent) -> Option<&'static Route> {
    let mut found: Vec<_> =
        ROUTES.iter().filter(|r| r.method == sent.verb && fits(r.path, &sent.path)).collect();
    found.sort_by_key(|route| route.path.matches('{').count());
    found.first().copied()
}

/// Events by the id of the request that brought them about.
fn journal(world: &World) -> BTreeMap<String, BTreeSet<String>> {
    let reader = world.person("qadir");
    let mut events: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut path = "/audit-trail?limit=500".to_owned();
    loop {
        let mut page = reader.get(&path);
        // A benchmark's trail is long enough for a token to expire over it.
        if page.status == 401 {
            reader.sign_in().done();
            page = reader.get(&path);
        }
        let page = page.done();
        for line in page["entries"].as_array().expect("lines") {
            let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            events.entry(text("request_id")).or_default().insert(text("event"));
        }
        let Some(next) = page["next"].as_str() else { return events };
        path = format!("/audit-trail?limit=500&cursor={next}");
    }
}

/// Looks at everything that was sent in a world; what it met.
pub fn look(world: &World) -> Met {
    let mut met = Met::default();
    let events = journal(world);
    let sent = world.line.sent.lock().expect("what was sent").clone();
    for one in sent {
        if !one.code.is_empty() {
            met.codes.insert(one.code.clone());
        }
        let asked = format!("{} {} {} [{}]", one.verb, one.path, one.status, one.request_id);
        let left = events.get(&one.request_id).cloned().unwrap_or_default();
        let done = one.verb == "POST" && one.status < 300 && !one.replayed;
        let Some(route) = route(&one).filter(|_| done) else {
            let locked = left.iter().all(|event| event == "person.locked-out");
            assert!(locked, "{asked} was not done, or is a question, and left {left:?}");
            continue;
        };
        if route.leaves == "access log" {
            assert!(left.is_empty(), "{asked} left {left:?}");
        } else {
            let either: Vec<_> = route.leaves.split(" or ").collect();
            let there = either.iter().any(|all| all.split(" and ").all(|e| left.contains(e)));
            let kept = left.contains("run.implausible-value-kept");
            assert!(there || kept, "{asked} must leave {}, and left {left:?}", route.leaves);
        }
        met.routes.insert(route.path.to_owned());
    }
    met
}
