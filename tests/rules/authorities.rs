//! Role × authority, and which authorities exclude each other in one person.

use super::matrix::{hold, table};
use batchwright::domain::person::decide::forbidden_together;
use batchwright::domain::policy::{Authority, Grant, excludes, shipped_roles};

// shows: P11-10g.a, P11-10g.d, A11D-11.10.b
#[test]
fn shipped_roles_hold_what_the_matrix_says() {
    let roles = shipped_roles();
    let mut rows = vec![vec!["authority".to_owned(), "family".to_owned()]];
    rows[0].extend(roles.iter().map(|role| role.name.clone()));
    for authority in Authority::ALL {
        let mut row =
            vec![authority.as_str().to_owned(), format!("{:?}", authority.family()).to_lowercase()];
        let cell = |held: bool| if held { "yes" } else { "." }.to_owned();
        row.extend(roles.iter().map(|role| cell(role.authorities.contains(authority))));
        rows.push(row);
    }
    let head = "Shipped roles and their authorities. A site may name and cut roles anew, within forbidden-combinations.txt.\n\n";
    hold("authorities.txt", &format!("{head}{}", table(&rows)));
}

// shows: Q7-2.1.a, A11D-11.10.a
#[test]
fn forbidden_combinations_are_what_the_matrix_says() {
    let mut rows = vec![vec!["authority".to_owned(), "excludes".to_owned(), "because".to_owned()]];
    for (i, a) in Authority::ALL.iter().enumerate() {
        for b in &Authority::ALL[i..] {
            assert_eq!(excludes(*a, *b), excludes(*b, *a), "{a:?} {b:?}");
            if let Some(why) = excludes(*a, *b) {
                rows.push(vec![a.as_str().to_owned(), b.as_str().to_owned(), why.to_owned()]);
            }
        }
    }
    let roles = shipped_roles();
    let grant = |role: &str, area: &str| Grant {
        role: role.into(),
        product: None,
        area: Some(area.into()),
    };
    let mut pairs = vec![vec![String::new()]];
    pairs[0].extend(roles.iter().map(|role| role.name.clone()));
    for first in &roles {
        let mut row = vec![first.name.clone()];
        for second in &roles {
            let held = [grant(&first.name, "A"), grant(&second.name, "B")];
            let never = forbidden_together(&held, &roles).is_some();
            row.push(if never { "never" } else { "." }.to_owned());
        }
        pairs.push(row);
    }
    let text = format!(
        "Authorities that exclude each other in one person. Fixed in code; no setting lifts any of them.\n\n{}\nWhat that means for the shipped roles (never: not in one person, in no product or area; .: may be held together).\n\n{}",
        table(&rows),
        table(&pairs),
    );
    hold("forbidden-combinations.txt", &text);
}
