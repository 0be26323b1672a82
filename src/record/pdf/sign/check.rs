//! Is the seal of a PDF whole? Needs the file alone: the caller compares the certificate's fingerprint with the one the
//! site has published, which is what trust rests on.

use std::ops::Range;

use ::cms::cert::CertificateChoices;
use ::cms::content_info::ContentInfo;
use ::cms::signed_data::{SignedData, SignerInfo};
use der::asn1::OctetString;
use der::{Decode, Encode, SliceReader};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use sha2::{Digest, Sha256};
use x509_cert::Certificate;

use super::cms::{self, MESSAGE_DIGEST};
use super::reader::{Dictionary, File, numbers};

/// A seal that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The certificate it was made with, DER.
    pub certificate: Vec<u8>,
    /// SHA-256 of the certificate: compare it with the one the site has published.
    pub fingerprint: [u8; 32],
    /// Whether the seal covers the file to its last byte. If not, something was added after sealing: a further
    /// signature perhaps, or a change that hides what was sealed.
    pub to_the_end: bool,
}

/// Why a seal is not whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// No seal can be found or read.
    #[error("the file has no seal that can be read: {0}")]
    Unreadable(String),
    /// The bytes are not those that were sealed.
    #[error("the file was changed after it was sealed: its hash is not the sealed one")]
    Changed,
    /// The signature does not fit its certificate.
    #[error("the seal is forged or damaged: its signature does not fit its certificate")]
    Signature,
}

/// Checks a PDF's certifying seal, as [`super::seal`] makes it.
pub fn check_seal(pdf: &[u8]) -> Result<Sealed, SealFault> {
    let (ranges, contents) = signature(pdf)?;
    let signed = signed_data(&contents)?;
    let [signer] = signed.signer_infos.0.as_slice() else {
        return Err(SealFault::Unreadable("it has not exactly one signer".into()));
    };
    let certificate = certificate(&signed)?;
    let encoded = certificate.to_der().map_err(der_fault)?;
    let mut hash = Sha256::new();
    ranges.iter().for_each(|range| hash.update(&pdf[range.clone()]));
    let hash: [u8; 32] = hash.finalize().into();
    if sealed_hash(signer)? != hash {
        return Err(SealFault::Changed);
    }
    let signature = signer.signature.as_bytes();
    let key = certificate.tbs_certificate.subject_public_key_info.to_der().map_err(der_fault)?;
    let signed = cms::to_be_signed(&hash, &encoded).map_err(der_fault)?;
    let fits = match (VerifyingKey::from_public_key_der(&key), DerSignature::from_bytes(signature))
    {
        (Ok(key), Ok(signature)) => key.verify(&signed, &signature).is_ok(),
        _ => false,
    };
    // Made again from its parts it must be the same to the last byte: nothing unsigned can say something else.
    let again = cms::container(&hash, &encoded, signature).map_err(der_fault)?;
    let padding = contents.strip_prefix(again.as_slice()).ok_or(SealFault::Signature)?;
    if !fits || padding.iter().any(|byte| *byte != 0) {
        return Err(SealFault::Signature);
    }
    let fingerprint = Sha256::digest(&encoded).into();
    Ok(Sealed { certificate: encoded, fingerprint, to_the_end: ranges[1].end == pdf.len() })
}

/// The two signed ranges and what stands between them.
fn signature(pdf: &[u8]) -> Result<([Range<usize>; 2], Vec<u8>), SealFault> {
    let unreadable = |words: &str| SealFault::Unreadable(words.into());
    let read = |error: super::SealError| SealFault::Unreadable(error.to_string());
    let file = File::read(pdf).map_err(read)?;
    let catalog = file.dictionary(file.root).map_err(read)?;
    let permissions = catalog.get("Perms").ok_or(unreadable("nothing certifies the file"))?;
    let permissions = Dictionary::read(file.resolve(permissions).map_err(read)?).map_err(read)?;
    let certifying = permissions.get("DocMDP").ok_or(unreadable("nothing certifies the file"))?;
    let dictionary = Dictionary::read(file.resolve(certifying).map_err(read)?).map_err(read)?;
    let range = dictionary.get("ByteRange").ok_or(unreadable("it has no byte range"))?;
    let contents = dictionary.get("Contents").ok_or(unreadable("it has no contents"))?;
    let [0, first, second, length] = numbers(range).map_err(read)?[..] else {
        return Err(unreadable("its byte range is not one of two ranges from the beginning"));
    };
    let end = second.checked_add(length).filter(|end| *end <= pdf.len() && first <= second);
    let end = end.ok_or(unreadable("its byte range lies outside the file"))?;
    // Between the ranges lies the signature and nothing else.
    if pdf.get(first..second) != Some(contents) || contents.len() < 2 {
        return Err(SealFault::Changed);
    }
    let bytes = hex::decode(&contents[1..contents.len() - 1])
        .map_err(|_| unreadable("its contents are not written as digits"))?;
    Ok(([0..first, second..end], bytes))
}

fn signed_data(contents: &[u8]) -> Result<SignedData, SealFault> {
    let mut reader = SliceReader::new(contents).map_err(der_fault)?;
    let info = ContentInfo::decode(&mut reader).map_err(der_fault)?;
    info.content.decode_as().map_err(der_fault)
}

fn certificate(signed: &SignedData) -> Result<Certificate, SealFault> {
    let certificates = signed.certificates.as_ref().map(|set| set.0.as_slice());
    match certificates {
        Some([CertificateChoices::Certificate(certificate)]) => Ok(certificate.clone()),
        _ => Err(SealFault::Unreadable("it has not exactly one certificate".into())),
    }
}

/// The hash of the content as the signer wrote it down.
fn sealed_hash(signer: &SignerInfo) -> Result<[u8; 32], SealFault> {
    let attributes = signer.signed_attrs.iter().flat_map(|attributes| attributes.iter());
    let mut hashes = attributes.filter(|attribute| attribute.oid == MESSAGE_DIGEST);
    let value = hashes.next().and_then(|attribute| attribute.values.get(0));
    let hash = value.and_then(|value| value.decode_as::<OctetString>().ok());
    hash.and_then(|hash| hash.as_bytes().try_into().ok())
        .ok_or_else(|| SealFault::Unreadable("it holds no hash".into()))
}

fn der_fault(error: der::Error) -> SealFault {
    SealFault::Unreadable(error.to_string())
}
