//! The site's seal: present, whole, beside a file that still conforms.

use batchwright::record::pdf::{P256Seal, SealError, render, seal, seal_certificate};
use p256::ecdsa::SigningKey;

use crate::pages::{broken_rules, kept};
use crate::sample::{PRINTED, report};

fn site() -> P256Seal {
    let key = SigningKey::from_slice(&[42; 32]).expect("a valid scalar");
    let certificate =
        seal_certificate(&key, "Riverside Biologics", PRINTED - 1_000_000).expect("encodes");
    kept("seal.der", &certificate);
    P256Seal::new(key, certificate)
}

#[test]
fn a_sealed_report_keeps_its_pages_and_conforms() {
    let plain = render(&report(2)).expect("renders");
    let sealed = seal(&plain, &site(), PRINTED).expect("seals");
    kept("sealed.pdf", &sealed);
    assert!(sealed.starts_with(&plain));
    assert_eq!(sealed, seal(&plain, &site(), PRINTED).expect("seals"));
    assert_eq!(broken_rules(&sealed), Vec::<String>::new());
}

#[test]
fn a_sealed_report_is_not_sealed_again() {
    let plain = render(&report(1)).expect("renders");
    let sealed = seal(&plain, &site(), PRINTED).expect("seals");
    assert_eq!(seal(&sealed, &site(), PRINTED), Err(SealError::SealedAlready));
}

#[test]
fn what_is_no_pdf_is_refused() {
    for bytes in [&b""[..], b"%PDF-1.7", b"startxref\n99999999\n%%EOF"] {
        assert!(matches!(seal(bytes, &site(), PRINTED), Err(SealError::Unreadable(_))));
    }
}
