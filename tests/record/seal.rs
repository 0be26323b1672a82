//! The site's seal: present, whole, beside a file that still conforms.

use batchwright::record::pdf::document::{Block, Level};
use batchwright::record::pdf::{
    P256Seal, SealError, SealFault, SealSigner, check_seal, render, seal, seal_certificate,
};
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
fn a_first_page_with_links_keeps_them_beside_the_seal() {
    let mut document = report(1);
    document.blocks.insert(0, Block::Contents(Level::Three));
    let sealed = seal(&render(&document).expect("renders"), &site(), PRINTED).expect("seals");
    kept("links.pdf", &sealed);
    assert!(check_seal(&sealed).is_ok());
    assert_eq!(broken_rules(&sealed), Vec::<String>::new());
}

// shows: P11-10b.e, P11-30.a
#[test]
fn every_changed_byte_breaks_the_seal() {
    let plain = render(&report(1)).expect("renders");
    let sealed = seal(&plain, &site(), PRINTED).expect("seals");
    let whole = check_seal(&sealed).expect("whole");
    assert_eq!(whole.certificate, site().certificate());
    assert!(whole.to_the_end);
    // A prime step meets every kind of place in the file: pages, table, dictionary, signature, trailer.
    for place in (0..sealed.len()).step_by(499).chain(sealed.len() - 700..sealed.len()) {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        assert!(check_seal(&changed).is_err(), "byte {place} changed unseen");
    }
    let mut longer = sealed.clone();
    longer.extend_from_slice(b"% more");
    assert_eq!(check_seal(&longer).map(|found| found.to_the_end), Ok(false));
    assert!(matches!(check_seal(&plain), Err(SealFault::Unreadable(_))));
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
