//! What a person asks of the host beyond what their computer may: with their token, and with this computer's signature
//! under each request ([`practice::proof`]).

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use practice::{
    Code,
    ids::{MemberId, WorkstationId},
    policy::SignedPolicy,
    proof::{self, Proof},
    time::Stamp,
    wire::{
        AccountInfo, Backups, DeletionWish, Deletions, Invitation, MemberWish, PolicyWish, SecondFactorInfo,
        SignOutRequest, TokenReply, TokenRequest, WorkstationInfo, WorkstationWish,
    },
};
use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use super::{
    Bearer, ExportLine, HostError, HostLine, MAX_OWN,
    answer::{Answer, check_version, read},
    refused,
};
use crate::{refused::Outcome, screen::Refused, use_cases::person::UNPROVEN};

/// How far the host's clock was ahead of ours when a proof was last refused, in milliseconds.
pub(super) type Ahead = Arc<AtomicI64>;

/// Signs as this computer. Asks the keychain: blocks.
pub(crate) type Sign = Arc<dyn Fn(&[u8]) -> Outcome<[u8; 64]> + Send + Sync>;

/// A person at this computer, as the host knows them.
pub(crate) struct Person {
    pub token: Zeroizing<String>,
    pub sign: Sign,
    /// By our clock.
    pub now: Stamp,
}

impl HostLine {
    /// Asks for another policy, as the admin who it is.
    pub(crate) async fn change_policy(&self, who: &Person, wish: &PolicyWish) -> Result<SignedPolicy, HostError> {
        self.by(who, Method::PUT, "/policy", Some(wish)).await
    }

    /// The practice's computers, for the admin who it is.
    pub(crate) async fn workstations(&self, who: &Person) -> Result<Vec<WorkstationInfo>, HostError> {
        self.by(who, Method::GET, "/workstations", None::<&()>).await
    }

    /// Asks for another standing of one of them.
    pub(crate) async fn change_workstation(
        &self,
        who: &Person,
        id: &WorkstationId,
        wish: &WorkstationWish,
    ) -> Result<WorkstationInfo, HostError> {
        self.by(who, Method::PUT, &format!("/workstations/{id}"), Some(wish)).await
    }

    /// The practice's members, for the admin who it is.
    pub(crate) async fn accounts(&self, who: &Person) -> Result<Vec<AccountInfo>, HostError> {
        self.by(who, Method::GET, "/accounts", None::<&()>).await
    }

    /// Asks for another member.
    pub(crate) async fn invite(&self, who: &Person, wish: &Invitation) -> Result<AccountInfo, HostError> {
        self.by(who, Method::POST, "/members", Some(wish)).await
    }

    /// Asks for another standing of one of them.
    pub(crate) async fn change_member(
        &self,
        who: &Person,
        id: &MemberId,
        wish: &MemberWish,
    ) -> Result<AccountInfo, HostError> {
        self.by(who, Method::PUT, &format!("/members/{id}"), Some(wish)).await
    }

    /// Ends their tokens of this computer.
    pub(crate) async fn sign_out(&self, who: &Person) -> Result<(), HostError> {
        let wish = Some(&SignOutRequest { everywhere: false });
        self.proven_bytes(who, Method::POST, "/sign-out", Bearer(&who.token), wish).await.map(drop)
    }

    /// How their second factor stands.
    pub(crate) async fn second_factor(&self, who: &Person) -> Result<SecondFactorInfo, HostError> {
        self.by(who, Method::GET, "/second-factor", None::<&()>).await
    }

    /// How the practice's backups stand, for the admin who it is.
    pub(crate) async fn backups(&self, who: &Person) -> Result<Backups, HostError> {
        self.by(who, Method::GET, "/backups", None::<&()>).await
    }

    /// Whether the practice is to be deleted, for the admin who it is.
    pub(crate) async fn deletions(&self, who: &Person) -> Result<Deletions, HostError> {
        self.by(who, Method::GET, "/deletion", None::<&()>).await
    }

    /// Asks that it be deleted, or stay.
    pub(crate) async fn wish_deletion(&self, who: &Person, wish: &DeletionWish) -> Result<Deletions, HostError> {
        self.by(who, Method::PUT, "/deletion", Some(wish)).await
    }

    /// Everything that the practice owns, line by line, for the admin who it is.
    pub(crate) async fn export(&self, who: &Person, history: bool) -> Result<ExportLine, HostError> {
        let path = if history { "/export?history=true" } else { "/export" };
        for again in [true, false] {
            let proof = self.proof(who, &Method::GET, path).await?;
            let answer = self.open(path, Bearer(&who.token), proof).await?;
            if answer.status().is_success() {
                check_version(&answer)?;
                return Ok(ExportLine(answer));
            }
            let answer = read(answer, MAX_OWN).await?;
            if !(again && self.learns_clock(who, &answer)) {
                return Err(said(&answer, path));
            }
        }
        Err(HostError::Confused)
    }

    /// The next tokens; `who` has the refresh token, which is used up.
    pub(crate) async fn renew(&self, device: Bearer<'_>, who: &Person) -> Result<TokenReply, HostError> {
        let request = TokenRequest { refresh_token: who.token.as_str().to_owned() };
        let reply = self.proven(who, Method::POST, "/token", device, Some(&request)).await;
        drop(Zeroizing::new(request.refresh_token));
        reply
    }

    async fn by<Q: Serialize, A: DeserializeOwned>(
        &self,
        who: &Person,
        method: Method,
        path: &str,
        body: Option<&Q>,
    ) -> Result<A, HostError> {
        self.proven(who, method, path, Bearer(&who.token), body).await
    }

    async fn proven<Q: Serialize, A: DeserializeOwned>(
        &self,
        who: &Person,
        method: Method,
        path: &str,
        bearer: Bearer<'_>,
        body: Option<&Q>,
    ) -> Result<A, HostError> {
        let bytes = self.proven_bytes(who, method, path, bearer, body).await?;
        serde_json::from_slice(&bytes).map_err(|_| HostError::Confused)
    }

    /// Asks with a proof for the person's token. When the clocks differ too much the host says what its own is, once.
    async fn proven_bytes<Q: Serialize>(
        &self,
        who: &Person,
        method: Method,
        path: &str,
        bearer: Bearer<'_>,
        body: Option<&Q>,
    ) -> Result<Zeroizing<Vec<u8>>, HostError> {
        let body = body.map(|body| serde_json::to_vec(body).unwrap_or_else(|_| unreachable!("plain data")));
        let mut answer = self.signed(who, &method, path, bearer, body.clone()).await?;
        if self.learns_clock(who, &answer) {
            answer = self.signed(who, &method, path, bearer, body).await?;
        }
        if !answer.status.is_success() {
            return Err(said(&answer, path));
        }
        Ok(Zeroizing::new(answer.bytes))
    }

    /// Whether the answer refused a proof and told the host's clock, which the next one is made for.
    fn learns_clock(&self, who: &Person, answer: &Answer) -> bool {
        let is_refused = !answer.status.is_success()
            && matches!(refused(answer.status, &answer.bytes), HostError::Refused(r) if r.code == Code::ProofRefused);
        let Some(theirs) = answer.clock.filter(|_| is_refused) else { return false };
        self.ahead.store(theirs - who.now.millis(), Ordering::Relaxed);
        true
    }

    async fn signed(
        &self,
        who: &Person,
        method: &Method,
        path: &str,
        bearer: Bearer<'_>,
        body: Option<Vec<u8>>,
    ) -> Result<Answer, HostError> {
        let proof = self.proof(who, method, path).await?;
        self.exchange(method.clone(), path, Some(bearer), body, Some(proof)).await
    }

    /// This computer's word that the person asks for `path` now.
    async fn proof(&self, who: &Person, method: &Method, path: &str) -> Result<String, HostError> {
        let at = who.now.millis() + self.ahead.load(Ordering::Relaxed);
        let at = Stamp::from_millis(at).unwrap_or(who.now);
        let id = uuid::Uuid::new_v4().to_string();
        let document = Proof::new(method.as_str(), path, at, id, &who.token).document();
        let (sign, text) = (Arc::clone(&who.sign), document.clone());
        let signature = crate::blocking(move || sign(text.as_bytes())).await.map_err(HostError::Refused)?;
        Ok(proof::written(&document, &signature))
    }
}

/// Why the person does not get what they asked for.
fn said(answer: &Answer, path: &str) -> HostError {
    match refused(answer.status, &answer.bytes) {
        // Signed out elsewhere. The renewal of a token is asked by the sign-in itself, and has its own way on.
        HostError::Refused(r) if r.code == Code::SignedOut && path != "/token" => {
            HostError::Refused(Refused { code: Code::Unproven, say: UNPROVEN.into() })
        }
        error => error,
    }
}
