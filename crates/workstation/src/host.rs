//! Talking to the hosted backend: TLS against the practice's own certificate authority, and nothing else.
//!
//! An answer is one of four things: what was asked for, a refusal in words, a certificate that does not hold, or
//! nothing. There is no switch to go on past a bad certificate.

mod account;
mod answer;
mod certificate;
mod chain;
mod export;
mod person;
mod trust;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use practice::{
    Code,
    ids::{MemberId, PracticeId},
    policy::SignedPolicy,
    protocol,
    wire::{
        self, AuditReceipt, AuditUpload, EnrolReply, EnrolRequest, GivenBack, GivenBackReceipt, Health, Live,
        MemberInfo, RefusalBody, SignedReceipt,
    },
};
use reqwest::{Method, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::timeout;

use crate::{refused::Outcome, screen::Refused};
use answer::{Answer, PACKING, check_version, read};
use certificate::classify;
use trust::Trust;

pub(crate) use chain::{Ending, Place};
pub(crate) use export::ExportLine;
pub(crate) use person::{Person, Sign};

/// The largest page or answer to a change, in bytes, packed and unpacked: the host ends a page at 8 MB and a record is
/// 5 MB at most.
const MAX_FHIR: usize = 64 * 1024 * 1024;

/// The largest of all other answers, in bytes, packed and unpacked.
const MAX_OWN: usize = 16 * 1024 * 1024;

/// The longest event of a live line, in bytes.
const MAX_EVENT: usize = 64 * 1024;

/// The longest that anything but a page may take in all: a host that trickles holds nobody up.
const LONGEST: Duration = Duration::from_secs(30);

/// The longest that a page may take in all: some MB on the slowest of lines.
const LONGEST_PAGE: Duration = Duration::from_secs(600);

/// The longest sentence taken from the host, in characters. It is shown, and kept beside what was refused.
const LONGEST_SAY: usize = 500;

/// Why the host did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostError {
    /// No answer, or one that broke off; trying again makes sense.
    Unreachable,
    /// It answers that something went wrong on its side.
    InTrouble,
    /// Its certificate does not hold.
    Certificate(Refused),
    /// It speaks no version of the protocol that we do.
    Version(Refused),
    /// It refused, with its words.
    Refused(Refused),
    /// It does not know the cursor that the history was asked with, in its words.
    UnknownCursor(Refused),
    /// It answered something that is not the protocol.
    Confused,
}

impl From<HostError> for Refused {
    fn from(error: HostError) -> Self {
        match error {
            HostError::Unreachable => Refused {
                code: Code::HostUnreachable,
                say: "The host can't be reached. Check the network and the address, then try again.".into(),
            },
            HostError::InTrouble => Refused {
                code: Code::HostUnreachable,
                say: "The host answers, but something is wrong on its side. Nothing was lost. Try again in a while."
                    .into(),
            },
            HostError::Certificate(refused)
            | HostError::Version(refused)
            | HostError::Refused(refused)
            | HostError::UnknownCursor(refused) => refused,
            HostError::Confused => Refused {
                code: Code::HostConfused,
                say: "The host gave an answer that makes no sense. It may be another program, or need an update."
                    .into(),
            },
        }
    }
}

/// A line to the host of one practice.
#[derive(Clone)]
pub struct HostLine {
    trust: Arc<RwLock<Trust>>,
    base: String,
    ahead: person::Ahead,
    /// The version of the policy in force here, which each request tells; 0 before there was one.
    policy: Arc<AtomicU32>,
}

/// A page of the history feed: its text, and the life of the host that it comes from.
pub struct Feed {
    /// The cursor was of another life of the host, so there is no page.
    pub gone: bool,
    /// A Bundle.
    pub bytes: Vec<u8>,
    /// The host's epoch.
    pub epoch: String,
    /// Where the next page begins, when the host says that there is one already.
    pub next: Option<String>,
    /// How the practice stood, when the host says so ([`practice::wire::STANDING`]).
    pub standing: Option<String>,
}

/// The line on which the host says that something has changed.
pub struct LiveLine {
    answer: reqwest::Response,
    heard: Vec<u8>,
}

impl LiveLine {
    /// The next news; `None` when the host has ended the line.
    pub async fn next(&mut self) -> Result<Option<Live>, HostError> {
        loop {
            while let Some(end) = self.heard.windows(2).position(|pair| pair == b"\n\n") {
                let event: Vec<u8> = self.heard.drain(..end + 2).collect();
                let data = event.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"data:"));
                // Anything else is a heartbeat, or from a newer host.
                if let Some(told) = data.and_then(|data| serde_json::from_slice(data).ok()) {
                    return Ok(Some(told));
                }
            }
            if self.heard.len() > MAX_EVENT {
                return Err(HostError::Confused);
            }
            match self.answer.chunk().await.map_err(|e| classify(&e))? {
                Some(chunk) => self.heard.extend_from_slice(&chunk),
                None => return Ok(None),
            }
        }
    }
}

/// A credential for one request. Never shown.
#[derive(Clone, Copy)]
pub struct Bearer<'a>(pub &'a str);

impl HostLine {
    /// Prepares a line to `host`, trusting only the authority in `ca_pem`.
    ///
    /// # Errors
    /// When the address is not `https://name[:port]`, or the authority is no certificate.
    pub fn to(host: &str, ca_pem: &str) -> Outcome<Self> {
        let base = host.trim().trim_end_matches('/');
        let url: Option<reqwest::Url> = base.parse().ok();
        let sane = |u: &reqwest::Url| u.scheme() == "https" && u.has_host() && u.path() == "/" && u.query().is_none();
        if !url.as_ref().is_some_and(sane) {
            return crate::refused::refuse(Code::Invalid, "The host's address looks like https://name:port.");
        }
        Ok(Self {
            trust: Arc::new(RwLock::new(Trust::of(ca_pem)?)),
            base: base.to_owned(),
            ahead: Arc::default(),
            policy: Arc::default(),
        })
    }

    /// When each certificate of the host's chain ends, as last seen; empty before the host was reached.
    pub fn endings(&self) -> Vec<Ending> {
        self.trust.read().unwrap_or_else(PoisonError::into_inner).witness.endings()
    }

    /// Who may vouch for the host, PEM.
    pub fn trusted(&self) -> String {
        self.trust.read().unwrap_or_else(PoisonError::into_inner).ca_pem.clone()
    }

    /// From now on `ca_pem` alone is trusted, by every clone of this line.
    ///
    /// # Errors
    /// When it holds no authority; then nothing has changed.
    pub fn trust(&self, ca_pem: &str) -> Outcome<()> {
        let trust = Trust::of(ca_pem)?;
        *self.trust.write().unwrap_or_else(PoisonError::into_inner) = trust;
        Ok(())
    }

    /// From now on each request tells that this version of the policy is in force here.
    pub(crate) fn holds_policy(&self, version: u32) {
        self.policy.store(version, Ordering::Relaxed);
    }

    fn http(&self) -> reqwest::Client {
        self.trust.read().unwrap_or_else(PoisonError::into_inner).http.clone()
    }

    /// Joins the practice.
    pub async fn enrol(&self, request: &EnrolRequest) -> Result<EnrolReply, HostError> {
        self.json(Method::POST, "/enrol", None, Some(request)).await
    }

    /// Whether the host answers.
    pub async fn health(&self) -> Result<Health, HostError> {
        self.json(Method::GET, "/health", None, None::<&()>).await
    }

    /// The policy in force, and the life that the host is in.
    pub async fn policy(&self, device: Bearer<'_>) -> Result<(SignedPolicy, String), HostError> {
        let answer = self.exchange(Method::GET, "/policy", Some(device), None, None).await?;
        if !answer.status.is_success() {
            return Err(refused(answer.status, &answer.bytes));
        }
        let policy = serde_json::from_slice(&answer.bytes).map_err(|_| HostError::Confused)?;
        Ok((policy, answer.epoch.ok_or(HostError::Confused)?))
    }

    /// Everyone with a sign-in.
    ///
    /// # Errors
    /// Also when `me` has become something that this version can't read.
    pub async fn members(&self, device: Bearer<'_>, me: &MemberId) -> Result<Vec<MemberInfo>, HostError> {
        let all: Vec<serde_json::Value> = self.json(Method::GET, "/members", Some(device), None::<&()>).await?;
        let told_of_me = all.iter().any(|member| member["id"] == me.as_str());
        let members = MemberInfo::readable(all);
        if told_of_me && members.iter().all(|member| member.id != *me) {
            return Err(HostError::Version(protocol::WORKSTATION_TOO_OLD.into()));
        }
        Ok(members)
    }

    /// Sends links of the audit chain.
    pub async fn send_audit(&self, device: Bearer<'_>, upload: &AuditUpload) -> Result<AuditReceipt, HostError> {
        self.json(Method::POST, "/audit", Some(device), Some(upload)).await
    }

    /// Opens the line on which the host says that something has changed.
    pub async fn live(&self, device: Bearer<'_>) -> Result<LiveLine, HostError> {
        let opening = self.http().get(format!("{}/live", self.base)).bearer_auth(device.0).send();
        let answer = timeout(LONGEST, opening).await.map_err(|_| HostError::Unreachable)?.map_err(|e| classify(&e))?;
        if answer.status().is_success() {
            check_version(&answer)?;
            return Ok(LiveLine { answer, heard: Vec::new() });
        }
        let Answer { status, bytes, .. } = read(answer, MAX_OWN).await?;
        Err(refused(status, &bytes))
    }

    /// Gives back what a restored host has lost.
    pub async fn give_back(&self, device: Bearer<'_>, given: &GivenBack<'_>) -> Result<GivenBackReceipt, HostError> {
        self.json(Method::POST, "/given-back", Some(device), Some(given)).await
    }

    /// Gives the practice this computer's word that it has forgotten it.
    pub async fn wiped(&self, device: Bearer<'_>, receipt: &SignedReceipt) -> Result<(), HostError> {
        let body = serde_json::to_vec(receipt).unwrap_or_else(|_| unreachable!("plain data"));
        self.send(Method::POST, "/wiped", Some(device), Some(body)).await.map(drop)
    }

    /// A page of the history feed of `practice`.
    pub async fn history(
        &self,
        device: Bearer<'_>,
        practice: &PracticeId,
        cursor: Option<&str>,
        count: u32,
    ) -> Result<Feed, HostError> {
        let cursor = cursor.map(|c| format!("&cursor={c}")).unwrap_or_default();
        let path = format!("/fhir/_history?_count={count}{cursor}");
        let answer = self.exchange(Method::GET, &path, Some(device), None, None).await?;
        if answer.status != StatusCode::GONE && !answer.status.is_success() {
            return Err(match refused(answer.status, &answer.bytes) {
                HostError::Refused(refused) if answer.status == StatusCode::BAD_REQUEST && !cursor.is_empty() => {
                    HostError::UnknownCursor(refused)
                }
                error => error,
            });
        }
        of_practice(answer, practice)
    }

    /// A page of a search of `practice`; `query` is what follows `/fhir/`.
    pub async fn search(&self, device: Bearer<'_>, practice: &PracticeId, query: &str) -> Result<Feed, HostError> {
        let answer = self.exchange(Method::GET, &format!("/fhir/{query}"), Some(device), None, None).await?;
        if !answer.status.is_success() {
            return Err(refused(answer.status, &answer.bytes));
        }
        of_practice(answer, practice)
    }

    /// Sends a transaction Bundle; the answer as text.
    pub async fn transact(&self, device: Bearer<'_>, bundle: String) -> Result<Vec<u8>, HostError> {
        self.send(Method::POST, "/fhir", Some(device), Some(bundle.into_bytes())).await
    }

    async fn json<Q: Serialize, A: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        bearer: Option<Bearer<'_>>,
        body: Option<&Q>,
    ) -> Result<A, HostError> {
        let body = body.map(|body| serde_json::to_vec(body).unwrap_or_else(|_| unreachable!("plain data")));
        let answer = zeroize::Zeroizing::new(self.send(method, path, bearer, body).await?);
        serde_json::from_slice(&answer).map_err(|_| HostError::Confused)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        bearer: Option<Bearer<'_>>,
        body: Option<Vec<u8>>,
    ) -> Result<Vec<u8>, HostError> {
        let answer = self.exchange(method, path, bearer, body, None).await?;
        if answer.status.is_success() { Ok(answer.bytes) } else { Err(refused(answer.status, &answer.bytes)) }
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        bearer: Option<Bearer<'_>>,
        body: Option<Vec<u8>>,
        proof: Option<String>,
    ) -> Result<Answer, HostError> {
        let is_page = path.starts_with("/fhir/_history");
        let mut request = self.http().request(method, format!("{}{path}", self.base));
        request = request.header(header::ACCEPT_ENCODING, PACKING);
        request = request.timeout(if is_page { LONGEST_PAGE } else { LONGEST });
        if let Some(Bearer(token)) = bearer {
            request = request.bearer_auth(token);
            let held = self.policy.load(Ordering::Relaxed);
            if held > 0 {
                request = request.header(wire::POLICY, held);
            }
        }
        if let Some(proof) = proof {
            request = request.header(practice::proof::HEADER, proof);
        }
        if let Some(body) = body {
            request = request.header(header::CONTENT_TYPE, "application/json").body(body);
        }
        let most = if path.starts_with("/fhir") { MAX_FHIR } else { MAX_OWN };
        read(request.send().await.map_err(|e| classify(&e))?, most).await
    }
}

/// The rows in an answer that says that it is of `practice`.
fn of_practice(answer: Answer, practice: &PracticeId) -> Result<Feed, HostError> {
    let Answer { status, epoch, practice: whose, next, standing, bytes, .. } = answer;
    let (epoch, whose) = epoch.zip(whose).ok_or(HostError::Confused)?;
    if whose != practice.as_str() {
        return Err(HostError::Refused(Refused {
            code: Code::HostConfused,
            say: "The host answered for another practice. Nothing of it was taken. Tell your admin.".into(),
        }));
    }
    Ok(Feed { gone: status == StatusCode::GONE, bytes, epoch, next, standing })
}

/// The refusal in an error answer: ours as `{code, say}`, FHIR's as an OperationOutcome.
fn refused(status: StatusCode, bytes: &[u8]) -> HostError {
    if status.is_server_error() {
        return HostError::InTrouble;
    }
    let from = |code: &str, say: String| {
        if say.is_empty() || say.chars().count() > LONGEST_SAY || say.chars().any(char::is_control) {
            return HostError::Confused;
        }
        let code = Code::parse(code).unwrap_or(Code::Invalid);
        let refused = Refused { code, say };
        match code {
            Code::Unexpected => HostError::InTrouble,
            Code::WorkstationTooOld | Code::HostTooOld => HostError::Version(refused),
            _ => HostError::Refused(refused),
        }
    };
    if let Ok(body) = serde_json::from_slice::<RefusalBody>(bytes) {
        return from(&body.code, body.say);
    }
    let Ok(outcome) = serde_json::from_slice::<serde_json::Value>(bytes) else { return HostError::Confused };
    let issue = &outcome["issue"][0];
    match (issue["details"]["coding"][0]["code"].as_str(), issue["diagnostics"].as_str()) {
        (Some(code), Some(say)) => from(code, say.to_owned()),
        _ => HostError::Confused,
    }
}
