//! The certificate authority of one data folder: made once, for ten years, to sign server certificates.

use std::{fs, path::Path};

use practice::time::Stamp;
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use zeroize::Zeroizing;

use super::{files, server::day};
use crate::{random, store::StoreError};

const DAYS: i64 = 3650;

pub(super) type Authority = Issuer<'static, KeyPair>;

/// The authority in `tls`, made when there is none.
pub(super) fn open_or_create(tls: &Path, now: Stamp) -> Result<Authority, StoreError> {
    const BAD: StoreError = StoreError::Damaged("the certificate authority's files");
    let (certificate, key) = (tls.join("ca.pem"), tls.join("ca.key"));
    if certificate.exists() {
        let key = KeyPair::from_pem(&Zeroizing::new(fs::read_to_string(key)?)).map_err(|_| BAD)?;
        return Issuer::from_ca_cert_pem(&fs::read_to_string(certificate)?, key).map_err(|_| BAD);
    }
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
    // The certificate comes last: it says that the pair is complete.
    files::write(&key, &Zeroizing::new(pair.serialize_pem()), 0o600)?;
    files::write(&certificate, &made.pem(), 0o644)?;
    Ok(Issuer::new(params, pair))
}
