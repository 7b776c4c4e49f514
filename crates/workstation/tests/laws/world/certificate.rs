//! Certificates, good and bad.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};

/// What is wrong with a server's certificate.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    None,
    Expired,
    NotYet,
    OtherName,
    OtherAuthority,
    SelfSigned,
}

pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub pem: String,
}

impl Authority {
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(rcgen::DnType::CommonName, format!("Authority {}", key_name(&key)));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// One that another program made.
    pub fn of(pem: &str, key: &str) -> Self {
        let issuer = Issuer::from_ca_cert_pem(pem, KeyPair::from_pem(key).unwrap()).unwrap();
        Self { issuer, pem: pem.to_owned() }
    }

    /// A server with a certificate that has `fault`.
    pub fn server(&self, fault: Fault) -> Arc<ServerConfig> {
        let name = if matches!(fault, Fault::OtherName) { "elsewhere.test" } else { "localhost" };
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        match fault {
            Fault::Expired => params.not_after = date_time_ymd(2020, 1, 1),
            Fault::NotYet => params.not_before = date_time_ymd(2900, 1, 1),
            Fault::None | Fault::OtherName | Fault::OtherAuthority | Fault::SelfSigned => {}
        }
        let made = match fault {
            Fault::SelfSigned => params.self_signed(&key),
            Fault::OtherAuthority => params.signed_by(&key, &Self::new().issuer),
            Fault::None | Fault::Expired | Fault::NotYet | Fault::OtherName => params.signed_by(&key, &self.issuer),
        };
        let chain = vec![made.unwrap().der().clone()];
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap())
    }
}

fn key_name(key: &KeyPair) -> String {
    key.public_key_raw().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
