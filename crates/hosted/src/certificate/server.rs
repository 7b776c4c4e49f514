//! The server's certificate: issued, looked at, and put to use.

use std::{fs, net::IpAddr, ops::RangeInclusive, path::Path, sync::Arc};

use practice::time::Stamp;
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use x509_parser::extensions::GeneralName;
use zeroize::Zeroizing;

use super::{authority::Authority, files};
use crate::store::StoreError;

/// Browsers take no more than 398 days; there is no reason to differ.
const DAYS: i64 = 397;

const BAD: StoreError = StoreError::Damaged("the server's certificate");

/// What a server certificate says of itself.
pub(super) struct Facts {
    pub not_before: Stamp,
    pub not_after: Stamp,
    pub names: Vec<String>,
    /// Who signed it, DER.
    pub issuer: Vec<u8>,
}

/// Midnight, `days` days from `now`.
pub(super) fn day(now: Stamp, days: i64) -> Result<time::OffsetDateTime, StoreError> {
    time::OffsetDateTime::from_unix_timestamp(now.millis() / 1000 + days * 86_400).map_err(|_| BAD)
}

/// Issues a certificate for `names` and keeps it in `file`.
pub(super) fn issue(authority: &Authority, names: &[String], file: &Path, now: Stamp) -> Result<(), StoreError> {
    let pair = KeyPair::generate().map_err(|_| BAD)?;
    let mut params = CertificateParams::new(names.to_vec()).map_err(|_| BAD)?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Shadowchart host");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params.not_before = day(now, -1)?;
    params.not_after = day(now, DAYS)?;
    let made = params.signed_by(&pair, &authority.issuer).map_err(|_| BAD)?;
    let text = Zeroizing::new(format!("{}{}", *Zeroizing::new(pair.serialize_pem()), made.pem()));
    files::write(file, &text, 0o600)
}

/// What the certificate in `file` says; none when there is no good one.
pub(super) fn facts(file: &Path) -> Option<Facts> {
    let der = CertificateDer::from_pem_file(file).ok()?;
    let (_, certificate) = x509_parser::parse_x509_certificate(&der).ok()?;
    let moment = |at: x509_parser::time::ASN1Time| Stamp::from_millis(at.timestamp() * 1000);
    let names =
        certificate.subject_alternative_name().ok()??.value.general_names.iter().filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            GeneralName::IPAddress(bytes) => match <[u8; 4]>::try_from(*bytes) {
                Ok(four) => Some(IpAddr::from(four).to_string()),
                Err(_) => <[u8; 16]>::try_from(*bytes).ok().map(|sixteen| IpAddr::from(sixteen).to_string()),
            },
            _ => None,
        });
    Some(Facts {
        not_before: moment(certificate.validity().not_before)?,
        not_after: moment(certificate.validity().not_after)?,
        names: names.collect(),
        issuer: certificate.issuer.as_raw().to_vec(),
    })
}

/// TLS 1.2 and 1.3 with the certificate in `file`; HTTP/2 and 1.1.
///
/// # Errors
/// When the file holds no key that fits its certificate.
pub fn tls_config(file: &Path) -> Result<Arc<ServerConfig>, StoreError> {
    let text = Zeroizing::new(fs::read(file)?);
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&text).collect::<Result<_, _>>().map_err(|_| BAD)?;
    let key = PrivateKeyDer::from_pem_slice(&text).map_err(|_| BAD)?;
    config(chain, key).ok_or(BAD)
}

/// The same with `chain`; none when `key` is not its own.
pub(super) fn config(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Option<Arc<ServerConfig>> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .ok()?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Some(Arc::new(config))
}

/// From when until when the certificate is good.
pub(super) fn validity(certificate: &CertificateDer<'_>) -> Option<RangeInclusive<Stamp>> {
    let (_, read) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let moment = |at: x509_parser::time::ASN1Time| Stamp::from_millis(at.timestamp() * 1000);
    Some(moment(read.validity().not_before)?..=moment(read.validity().not_after)?)
}
