//! The signature's container: CMS SignedData as PAdES B-B asks for it. Signed are the type of the content, its hash and
//! the hash of the certificate; no signing time, which stands in the signature dictionary.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedAttributes, SignedData, SignerIdentifier,
    SignerInfo, SignerInfos,
};
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode, Encode, Sequence};
use sha2::{Digest, Sha256};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::{SealError, SealSigner};

/// id-data: the content is bytes.
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
/// id-signedData.
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// The attribute that names the type of the content.
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
/// The attribute that holds the content's hash.
pub const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
/// The attribute that names the signing certificate.
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
/// ecdsa-with-SHA256.
pub const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// ESS SigningCertificateV2 (RFC 5035): which certificate signed. SHA-256 is the default and so not written.
#[derive(Sequence)]
struct SigningCertificateV2 {
    /// The signing certificate alone.
    certificates: Vec<EssCertificate>,
}

/// A certificate by its hash.
#[derive(Sequence)]
struct EssCertificate {
    hash: OctetString,
}

impl EssCertificate {
    /// Names a certificate (DER).
    pub fn of(certificate: &[u8]) -> der::Result<Self> {
        Ok(EssCertificate { hash: OctetString::new(Sha256::digest(certificate).to_vec())? })
    }
}

/// The container over content with the given SHA-256 hash.
pub fn signed_data(content_hash: &[u8; 32], signer: &dyn SealSigner) -> Result<Vec<u8>, SealError> {
    let encoding = |error: der::Error| SealError::Encoding(error.to_string());
    let certificate = signer.certificate();
    let signature = signer.sign(&to_be_signed(content_hash, certificate).map_err(encoding)?);
    container(content_hash, certificate, &signature).map_err(encoding)
}

/// What is signed: the SET OF form of the attributes, not the [0] form that stands in the container.
pub fn to_be_signed(content_hash: &[u8; 32], certificate: &[u8]) -> der::Result<Vec<u8>> {
    attributes(content_hash, certificate)?.to_der()
}

/// The container around a signature: nothing in it can be other than its arguments say.
pub fn container(
    content_hash: &[u8; 32],
    certificate: &[u8],
    signature: &[u8],
) -> der::Result<Vec<u8>> {
    let attributes = attributes(content_hash, certificate)?;
    let certificate = Certificate::from_der(certificate)?;
    let signer_info = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: certificate.tbs_certificate.issuer.clone(),
            serial_number: certificate.tbs_certificate.serial_number.clone(),
        }),
        digest_alg: algorithm(SHA_256),
        signed_attrs: Some(attributes),
        signature_algorithm: algorithm(ECDSA_SHA_256),
        signature: OctetString::new(signature)?,
        unsigned_attrs: None,
    };
    let certificates = SetOfVec::from_iter([CertificateChoices::Certificate(certificate)])?;
    let signed = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::from_iter([algorithm(SHA_256)])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
        certificates: Some(CertificateSet(certificates)),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::from_iter([signer_info])?),
    };
    ContentInfo { content_type: SIGNED_DATA, content: Any::encode_from(&signed)? }.to_der()
}

fn attributes(content_hash: &[u8; 32], certificate: &[u8]) -> der::Result<SignedAttributes> {
    let signing = SigningCertificateV2 { certificates: vec![EssCertificate::of(certificate)?] };
    SetOfVec::from_iter([
        attribute(CONTENT_TYPE, Any::encode_from(&DATA)?)?,
        attribute(MESSAGE_DIGEST, Any::encode_from(&OctetString::new(content_hash.as_slice())?)?)?,
        attribute(SIGNING_CERTIFICATE_V2, Any::encode_from(&signing)?)?,
    ])
}

fn attribute(oid: ObjectIdentifier, value: Any) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::from_iter([value])? })
}

fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}
