//! What is wrong with a certificate of the host, in words.

use std::error::Error as _;

use practice::Code;

use super::HostError;
use crate::screen::Refused;

/// Tells a certificate that does not hold from a line that is down.
pub(super) fn classify(error: &reqwest::Error) -> HostError {
    error.source().and_then(tls_cause).map_or(HostError::Unreachable, certificate)
}

/// The TLS error at the bottom. An I/O error names not what it wraps as its source, but what that one has as its own.
fn tls_cause<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(tls) = error.downcast_ref() {
        return Some(tls);
    }
    match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        Some(wrapped) => tls_cause(wrapped),
        None => error.source().and_then(tls_cause),
    }
}

fn certificate(error: &rustls::Error) -> HostError {
    use rustls::CertificateError as Bad;
    let say = match error {
        rustls::Error::InvalidCertificate(bad) => match bad {
            Bad::Expired | Bad::ExpiredContext { .. } => {
                "The host's certificate has expired. Tell your admin; the office can go on offline."
            }
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => {
                "The host's certificate is not valid yet. Check this computer's date and time."
            }
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                "The host's certificate belongs to another address. Check the address; do not sign in there."
            }
            _ => {
                "The host's certificate was not made by your practice's authority. Do not sign in there; tell your admin. If the practice changed its authority while this computer was off, it has to be enrolled anew."
            }
        },
        _ => return HostError::Unreachable,
    };
    HostError::Certificate(Refused { code: Code::CertificateRefused, say: say.into() })
}
