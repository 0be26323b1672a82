//! The seal's certificate, which the site signs itself: trust comes from comparing its fingerprint, not from a
//! certification authority.

use der::asn1::{
    Any, BitString, GeneralizedTime, ObjectIdentifier, OctetString, SetOfVec, UtcTime,
    Utf8StringRef,
};
use der::flagset::FlagSet;
use der::oid::AssociatedOid;
use der::{DateTime, Decode, Encode};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use sha2::{Digest, Sha256};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::certificate::{Certificate, TbsCertificate, Version};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::{Time, Validity};

use super::cms::ECDSA_SHA_256;
use super::{SealError, SealSigner};

/// Years a seal's certificate is valid: longer than any record must be kept.
const YEARS: u16 = 35;
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
/// The longest common name that certificates may carry, in characters.
const LONGEST_NAME: usize = 64;

/// A P-256 key with its certificate, in memory.
pub struct P256Seal {
    key: SigningKey,
    certificate: Vec<u8>,
}

impl P256Seal {
    /// A signer from a key and the certificate made for it (see [`seal_certificate`]).
    pub fn new(key: SigningKey, certificate: Vec<u8>) -> Self {
        P256Seal { key, certificate }
    }
}

impl SealSigner for P256Seal {
    fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        let signature: DerSignature = self.key.sign(bytes);
        signature.as_bytes().to_vec()
    }
}

/// A self-signed certificate (DER) for the site's seal: named "*site* seal", valid for 35 years from `not_before_micros`
/// (microseconds since 1970-01-01 UTC), for signing content only. Its serial number is made from the key, so the same
/// arguments give the same certificate.
pub fn seal_certificate(
    key: &SigningKey,
    site_name: &str,
    not_before_micros: i64,
) -> Result<Vec<u8>, SealError> {
    let encoding = |error: der::Error| SealError::Encoding(error.to_string());
    let time = SealError::Time { micros: not_before_micros };
    let not_before = u64::try_from(not_before_micros / 1_000_000)
        .ok()
        .and_then(|seconds| {
            DateTime::from_unix_duration(std::time::Duration::from_secs(seconds)).ok()
        })
        .ok_or(time.clone())?;
    let not_after = years_later(not_before, YEARS).ok_or(time)?;
    let public = key
        .verifying_key()
        .to_public_key_der()
        .map_err(|error| SealError::Encoding(error.to_string()))?;
    build(key, public.as_bytes(), site_name, not_before, not_after).map_err(encoding)
}

fn build(
    key: &SigningKey,
    public: &[u8],
    site_name: &str,
    not_before: DateTime,
    not_after: DateTime,
) -> der::Result<Vec<u8>> {
    let name = name(site_name)?;
    let key_hash = Sha256::digest(public);
    let mut serial = key_hash[..16].to_vec();
    // Positive and of full length.
    serial[0] = serial[0] & 0x7f | 0x40;
    let algorithm = AlgorithmIdentifierOwned { oid: ECDSA_SHA_256, parameters: None };
    let usage: FlagSet<KeyUsages> = KeyUsages::DigitalSignature | KeyUsages::NonRepudiation;
    let certificate = TbsCertificate {
        version: Version::V3,
        serial_number: SerialNumber::new(&serial)?,
        signature: algorithm.clone(),
        issuer: name.clone(),
        validity: Validity { not_before: x509_time(not_before)?, not_after: x509_time(not_after)? },
        subject: name,
        subject_public_key_info: SubjectPublicKeyInfoOwned::from_der(public)?,
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: Some(vec![
            extension(true, &BasicConstraints { ca: false, path_len_constraint: None })?,
            extension(true, &KeyUsage(usage))?,
            extension(false, &SubjectKeyIdentifier(OctetString::new(&key_hash[..20])?))?,
        ]),
    };
    let signature: DerSignature = key.sign(&certificate.to_der()?);
    Certificate {
        tbs_certificate: certificate,
        signature_algorithm: algorithm,
        signature: BitString::from_bytes(signature.as_bytes())?,
    }
    .to_der()
}

fn name(site_name: &str) -> der::Result<Name> {
    const SUFFIX: &str = " seal";
    let site: String = site_name.chars().take(LONGEST_NAME - SUFFIX.len()).collect();
    let words = format!("{site}{SUFFIX}");
    let value = Any::encode_from(&Utf8StringRef::new(&words)?)?;
    let part = AttributeTypeAndValue { oid: COMMON_NAME, value };
    Ok(RdnSequence(vec![RelativeDistinguishedName(SetOfVec::from_iter([part])?)]))
}

fn extension<T: AssociatedOid + Encode>(critical: bool, value: &T) -> der::Result<Extension> {
    Ok(Extension { extn_id: T::OID, critical, extn_value: OctetString::new(value.to_der()?)? })
}

/// Until 2049 certificates write two digits of the year (RFC 5280, 4.1.2.5).
fn x509_time(time: DateTime) -> der::Result<Time> {
    if time.year() < 2050 {
        UtcTime::from_date_time(time).map(Time::UtcTime)
    } else {
        Ok(Time::GeneralTime(GeneralizedTime::from_date_time(time)))
    }
}

fn years_later(time: DateTime, years: u16) -> Option<DateTime> {
    let year = time.year().checked_add(years)?;
    // A 29th of February ends on the 28th in a year without one.
    let day = if time.month() == 2 { time.day().min(28) } else { time.day() };
    DateTime::new(year, time.month(), day, time.hour(), time.minutes(), time.seconds()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_slice(&[7; 32]).expect("a valid scalar")
    }

    #[test]
    fn the_certificate_names_the_site_and_may_only_sign() {
        let made = seal_certificate(&key(), "Riverside", 1_709_164_800_000_000).expect("encodes");
        let read = Certificate::from_der(&made).expect("decodes").tbs_certificate;
        assert!(read.subject.to_string().contains("Riverside seal"));
        assert_eq!(read.subject, read.issuer);
        assert_eq!(read.validity.not_before.to_date_time().year(), 2024);
        assert_eq!(read.validity.not_after.to_date_time().year(), 2059);
        assert_eq!(read.extensions.map(|extensions| extensions.len()), Some(3));
    }

    #[test]
    fn the_same_arguments_give_the_same_certificate() {
        let one = seal_certificate(&key(), &"Ä".repeat(100), 0).expect("encodes");
        assert_eq!(one, seal_certificate(&key(), &"Ä".repeat(100), 0).expect("encodes"));
        assert!(seal_certificate(&key(), "x", -1_000_000).is_err());
    }
}
