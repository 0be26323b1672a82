//! The site's seal: a certifying signature (PAdES B-B) added to a finished PDF as an incremental revision. The bytes
//! before it stay as they are; whoever changes one of them breaks the seal.

mod certificate;
mod check;
mod cms;
mod reader;
mod revision;

pub use certificate::{P256Seal, seal_certificate};
pub use check::{SealFault, Sealed, check_seal};

use reader::{Dictionary, File, ObjectId};
use revision::Revision;
use sha2::{Digest, Sha256};

/// Whoever can sign for the site. The private key stays behind this trait.
pub trait SealSigner {
    /// The certificate, DER.
    fn certificate(&self) -> &[u8];
    /// The signature (ECDSA P-256 with SHA-256, DER) over the bytes, which the signer hashes.
    fn sign(&self, bytes: &[u8]) -> Vec<u8>;
}

/// Why a PDF cannot be sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The file's structure cannot be read.
    #[error("the PDF cannot be sealed: {0}; seal only files as this program writes them")]
    Unreadable(&'static str),
    /// The file has a form or permissions already.
    #[error("the PDF has a signature or form already; the seal must be the first")]
    SealedAlready,
    /// The certificate or the signature cannot be encoded.
    #[error("the seal's certificate or signature cannot be encoded: {0}")]
    Encoding(String),
    /// The signature is longer than the room kept for it.
    #[error("the seal needs {needed} bytes but the file keeps {kept}: use a shorter certificate")]
    TooLong {
        /// Bytes needed.
        needed: usize,
        /// Bytes kept.
        kept: usize,
    },
    /// The time of sealing lies outside the years a PDF can name.
    #[error(
        "the time of sealing, {micros} microseconds since 1970, lies outside the years 0 to 9999"
    )]
    Time {
        /// The time given.
        micros: i64,
    },
}

/// Bytes kept for the signature; a seal with its certificate takes about 1,300.
const ROOM: usize = 4096;

/// Seals a PDF: certifies that it comes from the site and that nothing but further signatures may be added (DocMDP,
/// level 2). `at_micros` is the claimed time in microseconds since 1970-01-01 UTC; the same arguments give the same
/// bytes if the signer's signatures are deterministic.
pub fn seal(pdf: &[u8], signer: &dyn SealSigner, at_micros: i64) -> Result<Vec<u8>, SealError> {
    let file = File::read(pdf)?;
    let catalog = file.dictionary(file.root)?;
    if catalog.has("AcroForm") || catalog.has("Perms") {
        return Err(SealError::SealedAlready);
    }
    let page_id = file.first_page(&catalog)?;
    let page = file.dictionary(page_id)?;
    let (signature_id, field_id) = (ObjectId(file.size), ObjectId(file.size + 1));

    let mut revision = Revision::after(pdf);
    revision.object(file.root, &sealed_catalog(&catalog, signature_id, field_id));
    revision.object(page_id, &sealed_page(&page, &file, field_id)?);
    revision.object(field_id, &field(signature_id, page_id));
    let holes = revision.signature(signature_id, &signature(at_micros)?, ROOM);
    let mut sealed = revision.finish(&file);

    let ranges = holes.close(&mut sealed);
    let mut hash = Sha256::new();
    ranges.iter().for_each(|range| hash.update(&sealed[range.clone()]));
    let container = cms::signed_data(&hash.finalize().into(), signer)?;
    holes.fill(&mut sealed, &container)?;
    Ok(sealed)
}

fn sealed_catalog(catalog: &Dictionary, signature: ObjectId, field: ObjectId) -> Vec<u8> {
    let form = format!("<</Fields[{field}]/SigFlags 3>>");
    let permissions = format!("<</DocMDP {signature}>>");
    catalog.with(&[("AcroForm", form.as_bytes()), ("Perms", permissions.as_bytes())])
}

/// The first page with the field's widget among its annotations, walked in the order of the structure.
fn sealed_page(page: &Dictionary, file: &File, field: ObjectId) -> Result<Vec<u8>, SealError> {
    let mut annotations = b"[".to_vec();
    if let Some(present) = page.get("Annots") {
        let array = file.resolve(present)?;
        let inner = array.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]"));
        annotations.extend_from_slice(
            inner.ok_or(SealError::Unreadable("a page's annotations are no array"))?,
        );
        annotations.push(b' ');
    }
    annotations.extend_from_slice(format!("{field}]").as_bytes());
    Ok(page.with(&[("Annots", &annotations), ("Tabs", b"/S")]))
}

/// The signature field and its widget in one: without size and beyond the page's edge, so that it needs no appearance
/// and no place in the structure. The flags say: printed (as PDF/A asks of all annotations) and locked.
fn field(signature: ObjectId, page: ObjectId) -> Vec<u8> {
    format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/TU(Electronic seal of the site)/F 132/Rect[-9 -9 -9 -9]/P {page}/V \
         {signature}>>"
    )
    .into_bytes()
}

/// The signature's entries beside its byte range and contents.
fn signature(at_micros: i64) -> Result<Vec<u8>, SealError> {
    let time = jiff::Timestamp::from_microsecond(at_micros)
        .map_err(|_| SealError::Time { micros: at_micros })?;
    let civil = jiff::tz::Offset::UTC.to_datetime(time);
    if !(0..=9999).contains(&civil.year()) {
        return Err(SealError::Time { micros: at_micros });
    }
    let when = format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}+00'00'",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second()
    );
    Ok(format!(
        "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M({when})/Reference[<</Type/SigRef/TransformMethod\
         /DocMDP/TransformParams<</Type/TransformParams/P 2/V/1.2>>>>]"
    )
    .into_bytes())
}
