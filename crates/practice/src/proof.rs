//! Proof of possession: whoever shows a token of a member signs each request with the computer's own key, so that a
//! token that was copied is of no use elsewhere. In the manner of DPoP (RFC 9449), in our own JSON and with Ed25519 alone.
//!
//! The header holds `base64url(document) "." base64url(signature)`. A proof is good for one request, for one token, around
//! one moment of the host's clock.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::time::Stamp;

/// The header in which a proof comes.
pub const HEADER: &str = "x-proof";

/// The header in which the host tells its clock when it refuses a proof.
pub const CLOCK: &str = "x-host-time";

/// What every proof begins with, so that nothing else that is signed can be taken for one.
const KIND: &str = "shadowchart-proof-1";

/// How far a proof may be from the host's clock, either way.
pub const SKEW_MILLIS: i64 = 120_000;

/// Longest header read.
const LONGEST: usize = 4096;

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    kind: String,
    /// HTTP method.
    pub method: String,
    /// Path and query, as they are asked for.
    pub path: String,
    /// When, by the host's clock.
    pub at: Stamp,
    /// Never twice.
    pub id: String,
    /// SHA-256 of the token that it goes with, base64url.
    pub token: String,
}

impl Proof {
    /// A proof for one request with `token`; `id` is never used twice.
    pub fn new(method: &str, path: &str, at: Stamp, id: String, token: &str) -> Self {
        let (method, path) = (method.to_owned(), path.to_owned());
        Self { kind: KIND.to_owned(), method, path, at, id, token: hash(token) }
    }

    /// The bytes to sign.
    pub fn document(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| unreachable!("a proof is plain data"))
    }
}

/// The header's value, of what was signed and the signature.
pub fn written(document: &str, signature: &[u8; 64]) -> String {
    format!("{}.{}", BASE64_URL_SAFE_NO_PAD.encode(document), BASE64_URL_SAFE_NO_PAD.encode(signature))
}

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It is none, or not signed by this key.
    Forged,
    /// It is for another request or another token.
    Elsewhere,
    /// It is too far from the host's clock.
    Untimely,
}

/// Reads a proof, and checks all but whether it was seen before: that takes a memory.
///
/// # Errors
/// What is wrong with it.
pub fn check(
    header: &str,
    key: &VerifyingKey,
    (method, path, token): (&str, &str, &str),
    now: Stamp,
) -> Result<Proof, Flaw> {
    if header.len() > LONGEST {
        return Err(Flaw::Forged);
    }
    let (document, signature) = header.split_once('.').ok_or(Flaw::Forged)?;
    let decode = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| Flaw::Forged);
    let (document, signature) = (decode(document)?, decode(signature)?);
    let signature = Signature::from_slice(&signature).map_err(|_| Flaw::Forged)?;
    key.verify(&document, &signature).map_err(|_| Flaw::Forged)?;
    let proof: Proof = serde_json::from_slice(&document).map_err(|_| Flaw::Forged)?;
    if proof.kind != KIND || proof.id.is_empty() {
        return Err(Flaw::Forged);
    }
    if proof.method != method || proof.path != path || proof.token != hash(token) {
        return Err(Flaw::Elsewhere);
    }
    if proof.at.millis().abs_diff(now.millis()) > SKEW_MILLIS.unsigned_abs() {
        return Err(Flaw::Untimely);
    }
    Ok(proof)
}

fn hash(token: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};

    use super::*;

    #[test]
    fn a_proof_holds_for_its_own_request_token_key_and_moment_alone() {
        let (ours, theirs) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let at = |millis| Stamp::from_millis(millis).unwrap();
        let sign = |key: &SigningKey, document: &str| written(document, &key.sign(document.as_bytes()).to_bytes());
        let proof = Proof::new("PUT", "/policy?x=1", at(1_000_000), "n1".into(), "elm~secret");
        let header = sign(&ours, &proof.document());
        let asked = ("PUT", "/policy?x=1", "elm~secret");
        let key = ours.verifying_key();
        assert_eq!(check(&header, &key, asked, at(1_000_000)), Ok(proof.clone()));
        for (what, header, asked, now, flaw) in [
            ("another key", sign(&theirs, &proof.document()), asked, 1_000_000, Flaw::Forged),
            ("altered", header.replacen('e', "f", 1), asked, 1_000_000, Flaw::Forged),
            ("another kind", sign(&ours, &proof.document().replace(KIND, "wipe")), asked, 1_000_000, Flaw::Forged),
            ("without a number", sign(&ours, &proof.document().replace("n1", "")), asked, 1_000_000, Flaw::Forged),
            ("nothing", String::new(), asked, 1_000_000, Flaw::Forged),
            ("a dot", ".".into(), asked, 1_000_000, Flaw::Forged),
            ("huge", "A".repeat(100_000), asked, 1_000_000, Flaw::Forged),
            ("another method", header.clone(), ("GET", asked.1, asked.2), 1_000_000, Flaw::Elsewhere),
            ("another path", header.clone(), (asked.0, "/policy?x=2", asked.2), 1_000_000, Flaw::Elsewhere),
            ("another token", header.clone(), (asked.0, asked.1, "elm~other"), 1_000_000, Flaw::Elsewhere),
            ("late", header.clone(), asked, 1_120_001, Flaw::Untimely),
            ("early", header.clone(), asked, 879_999, Flaw::Untimely),
        ] {
            assert_eq!(check(&header, &key, asked, at(now)), Err(flaw), "{what}");
        }
        assert!(check(&header, &key, asked, at(1_120_000)).is_ok() && check(&header, &key, asked, at(880_000)).is_ok());
    }
}
