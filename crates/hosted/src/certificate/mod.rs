//! The host's own certificate authority and the certificate it serves with, as files in `DATA/tls`.
//!
//! ```text
//! ca.pem       the authority: workstations are given this file and trust nothing else. For a while there are two
//! ca.key       the authorities' keys; they sign server certificates only
//! server.pem   key and certificate of the server, in one file so that they change together
//! ```

mod authority;
mod files;
mod presented;
mod server;

use std::path::{Path, PathBuf};

use practice::{Code, time::Stamp};

use crate::store::StoreError;

pub use presented::KeyFiles;
pub(crate) use presented::{Made, Presented, Source};
pub use server::tls_config;

/// Names that every server certificate has.
const ALWAYS: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// A server certificate with less left than this is made anew.
const RENEW_DAYS: i64 = 30;

/// The certificates of a data folder, ready for use.
pub struct Certificates {
    /// The authority's certificate, for workstations.
    pub ca: PathBuf,
    /// The server's key and certificate.
    pub server: PathBuf,
}

/// Makes what is missing in `tls`, and a new server certificate when the present one ends soon, lacks one of `names` or
/// is not of the authority that signs.
///
/// # Errors
/// In words, when a name can't stand in a certificate; when the folder can't be written.
pub fn ensure(tls: &Path, names: &[String], now: Stamp) -> Result<Certificates, StoreError> {
    let names = wanted(names)?;
    files::folder(tls)?;
    let ready = Certificates { ca: tls.join("ca.pem"), server: tls.join("server.pem") };
    let authority = authority::open_or_create(tls, now)?;
    let present = server::facts(&ready.server);
    let good = present.as_ref().is_some_and(|facts| {
        let left = (facts.not_after.millis() - now.millis()) / 86_400_000;
        left >= RENEW_DAYS
            && facts.not_before <= now
            && facts.issuer == authority.name
            && names.iter().all(|name| facts.names.contains(name))
    });
    if !good {
        let mut all = present.map(|facts| facts.names).unwrap_or_default();
        all.extend(names);
        server::issue(&authority, &all, &ready.server, now)?;
    }
    Ok(ready)
}

/// What becomes of the authorities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is a second one, to be announced.
    Next,
    /// The other one signs.
    Switch,
    /// The one that does not sign is forgotten.
    Retire,
}

/// Takes a step; gives the authorities that workstations are to trust, PEM.
///
/// # Errors
/// In words, when there is no second one to switch to or to retire.
pub fn step(tls: &Path, step: Step, now: Stamp) -> Result<String, StoreError> {
    match step {
        Step::Next => authority::add(tls, now)?,
        Step::Switch => authority::switch(tls)?,
        Step::Retire => authority::retire(tls)?,
    }
    authority::trusted(tls)
}

/// The authorities that workstations are to trust, PEM.
///
/// # Errors
/// When the file can't be read.
pub fn trusted(tls: &Path) -> Result<String, StoreError> {
    authority::trusted(tls)
}

/// The machine's name, the names that the operator gives, and those that always are.
fn wanted(given: &[String]) -> Result<Vec<String>, StoreError> {
    let machine = rustix::system::uname().nodename().to_string_lossy().to_lowercase();
    let mut names: Vec<String> = ALWAYS.iter().map(|name| (*name).to_owned()).collect();
    // A machine's name may be anything; what can't be a host name is not what anybody reaches it by.
    names.extend(Some(machine).filter(|name| is_host(name)));
    for name in given {
        let name = name.trim().to_lowercase();
        if !is_host(&name) {
            return Err(StoreError::refused(
                Code::Invalid,
                "A name for the certificate is a host name or an address, such as host.example.org or 192.0.2.7.",
            ));
        }
        names.push(name);
    }
    names.sort();
    names.dedup();
    Ok(names)
}

fn is_host(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.parse::<std::net::IpAddr>().is_ok() || (name.len() <= 253 && name.split('.').all(label))
}

#[cfg(test)]
mod tests;
