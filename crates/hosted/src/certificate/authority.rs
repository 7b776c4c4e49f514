//! The certificate authorities of one data folder, each made for ten years to sign server certificates.
//!
//! There is one, and for a while a second: the first in `ca.pem` signs, and workstations trust all of them. `ca.key`
//! holds their keys; one that belongs to none of them was left by a command that broke off, and signs nothing.

use std::{fs, path::Path};

use practice::{Code, time::Stamp};
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use zeroize::Zeroizing;

use super::{files, server::day};
use crate::{random, store::StoreError};

const DAYS: i64 = 3650;

const BAD: StoreError = StoreError::Damaged("the certificate authority's files");

const END_OF_CERTIFICATE: &str = "-----END CERTIFICATE-----\n";
const END_OF_KEY: &str = "-----END PRIVATE KEY-----\n";

/// The authority that signs.
pub(super) struct Authority {
    pub issuer: Issuer<'static, KeyPair>,
    /// Its name, DER, as the certificates that it signed give it.
    pub name: Vec<u8>,
}

/// The authority in `tls` that signs; made when there is none, and never in the place of one that has signed.
pub(super) fn open_or_create(tls: &Path, now: Stamp) -> Result<Authority, StoreError> {
    if !tls.join("ca.pem").exists() && !tls.join("server.pem").exists() {
        let (certificate, key) = make(now)?;
        // The certificate comes last: it says that the pair is complete.
        files::write(&tls.join("ca.key"), &key, 0o600)?;
        files::write(&tls.join("ca.pem"), &certificate, 0o644)?;
    }
    let certificates = certificates(tls)?;
    let first = certificates.first().ok_or(BAD)?;
    let key = KeyPair::from_pem(&key_of(tls, first)?).map_err(|_| BAD)?;
    let issuer = Issuer::from_ca_cert_pem(first, key).map_err(|_| BAD)?;
    Ok(Authority { issuer, name: facts(first)?.0 })
}

/// The authorities in `tls`, PEM, as workstations are to trust them.
pub(super) fn trusted(tls: &Path) -> Result<String, StoreError> {
    Ok(certificates(tls)?.concat())
}

/// Makes a second authority, which signs nothing yet, unless there is one.
pub(super) fn add(tls: &Path, now: Stamp) -> Result<(), StoreError> {
    let held = certificates(tls)?;
    let [first] = &held[..] else { return Ok(()) };
    let (certificate, key) = make(now)?;
    let keys = Zeroizing::new(format!("{}{}", *key_of(tls, first)?, *key));
    files::write(&tls.join("ca.key"), &keys, 0o600)?;
    files::write(&tls.join("ca.pem"), &format!("{first}{certificate}"), 0o644)
}

/// From now on the other authority signs.
pub(super) fn switch(tls: &Path) -> Result<(), StoreError> {
    let [first, second] = both(tls)?;
    files::write(&tls.join("ca.pem"), &format!("{second}{first}"), 0o644)
}

/// Forgets the authority that does not sign.
pub(super) fn retire(tls: &Path) -> Result<(), StoreError> {
    let [first, _] = both(tls)?;
    files::write(&tls.join("ca.pem"), &first, 0o644)?;
    files::write(&tls.join("ca.key"), &key_of(tls, &first)?, 0o600)
}

fn both(tls: &Path) -> Result<[String; 2], StoreError> {
    certificates(tls)?.try_into().map_err(|_| {
        StoreError::refused(Code::NotNow, "There is no other authority. `authority next` makes one and announces it.")
    })
}

fn make(now: Stamp) -> Result<(String, Zeroizing<String>), StoreError> {
    let pair = KeyPair::generate().map_err(|_| BAD)?;
    let mut params = CertificateParams::default();
    // Each authority has a name of its own, so that a client which trusts another one says "unknown", not "forged".
    let name = format!("Shadowchart practice authority {}", &random::uuid().simple().to_string()[..8]);
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = day(now, -1)?;
    params.not_after = day(now, DAYS)?;
    let made = params.self_signed(&pair).map_err(|_| BAD)?;
    Ok((lines(&made.pem()), Zeroizing::new(lines(&Zeroizing::new(pair.serialize_pem())))))
}

/// With one kind of line end.
fn lines(pem: &str) -> String {
    pem.replace("\r\n", "\n")
}

fn certificates(tls: &Path) -> Result<Vec<String>, StoreError> {
    let text = lines(&fs::read_to_string(tls.join("ca.pem"))?);
    Ok(text
        .split_inclusive(END_OF_CERTIFICATE)
        .filter(|one| one.ends_with(END_OF_CERTIFICATE))
        .map(str::to_owned)
        .collect())
}

/// The key that belongs to `certificate`, PEM.
fn key_of(tls: &Path, certificate: &str) -> Result<Zeroizing<String>, StoreError> {
    let (_, public) = facts(certificate)?;
    let text = Zeroizing::new(lines(&Zeroizing::new(fs::read_to_string(tls.join("ca.key"))?)));
    let own = |key: &&str| KeyPair::from_pem(key).is_ok_and(|pair| pair.public_key_raw() == public);
    let key = text.split_inclusive(END_OF_KEY).find(own).ok_or(BAD)?;
    Ok(Zeroizing::new(key.to_owned()))
}

/// The name and the public key in a certificate.
fn facts(certificate: &str) -> Result<(Vec<u8>, Vec<u8>), StoreError> {
    let der = CertificateDer::from_pem_slice(certificate.as_bytes()).map_err(|_| BAD)?;
    let (_, read) = x509_parser::parse_x509_certificate(&der).map_err(|_| BAD)?;
    Ok((read.subject.as_raw().to_vec(), read.public_key().subject_public_key.data.to_vec()))
}
