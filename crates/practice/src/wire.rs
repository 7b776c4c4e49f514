//! What a workstation and the host say to each other beside FHIR. JSON; unknown fields are ignored, so either may be newer.

mod accounts;
mod backups;
mod deletion;

pub use accounts::*;
pub use backups::{BackupProblem, BackupRun, Backups, Keeps, RunKind};
pub use deletion::{Deletion, DeletionCertificate, DeletionWish, Deletions, SignedCertificate, Wish};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    Role,
    audit::ChainEntry,
    ids::{MemberId, PracticeId, PractitionerId, WorkstationId},
    policy::{NameFormat, SignedPolicy, TimeOut, Zone},
    time::Stamp,
};

/// What the sealing to a practice's rescue key is bound to, before the practice's id.
pub const RESCUE: &str = "shadowchart rescue 1 ";

/// Header of a page of the history: another one than before when the policy or what is told of a member is another one.
pub const STANDING: &str = "x-standing";

/// Header of a request: the version of the policy that the computer holds, as a whole number.
pub const POLICY: &str = "x-policy";

/// The computer's program in the header `user-agent`, before its version.
pub const PROGRAM: &str = "shadowchart/";

/// Most entries of a page of the history, and what a workstation that has to catch up asks for.
pub const FEED_PAGE: u32 = 2_000;

/// `POST /enrol`.
#[derive(Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The single-use code that an admin read out.
    pub code: String,
    /// What to call this computer.
    pub name: String,
    /// Where it stands.
    pub zone: Zone,
}

/// The practice, as every workstation knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticeInfo {
    /// Id.
    pub id: PracticeId,
    /// Name.
    pub name: String,
    /// IANA time zone.
    pub time_zone: String,
}

/// Answer to [`EnrolRequest`].
#[derive(Serialize, Deserialize)]
pub struct EnrolReply {
    /// The practice joined.
    pub practice: PracticeInfo,
    /// This computer's id from now on.
    pub workstation: WorkstationId,
    /// Its credential; belongs in the OS keychain.
    pub device_token: String,
    /// Ed25519 public key that signs policies, base64.
    pub policy_key: String,
    /// X25519 public key to which unsent work is sealed, base64.
    pub rescue_key: String,
    /// The policy in force.
    pub policy: SignedPolicy,
    /// Changes when the host is restored from a backup.
    pub epoch: String,
}

/// `POST /sign-in`, under the workstation's credential.
#[derive(Serialize, Deserialize)]
pub struct SignInRequest {
    /// Sign-in address.
    pub email: String,
    /// Password.
    pub password: String,
    /// The workstation's Ed25519 public key, base64; the host keeps the first.
    #[serde(default)]
    pub workstation_key: Option<String>,
    /// The second factor's code or a recovery code, for whoever was asked for one ([`crate::Code::SecondFactor`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A member as workstations know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberInfo {
    /// Id.
    pub id: MemberId,
    /// Display name.
    pub name: String,
    /// Sign-in address.
    pub email: String,
    /// Role.
    pub role: Role,
    /// One to three letters.
    pub initials: String,
    /// 0 to 7: which of the eight member colours.
    pub color: u8,
    /// The Practitioner they are, for providers.
    #[serde(default)]
    pub practitioner: Option<PractitionerId>,
    /// May no longer sign in or enter data.
    #[serde(default)]
    pub stopped: bool,
}

impl MemberInfo {
    /// Those of a list that this version can read. Whoever has a role of a newer one can't work here; the others go on.
    pub fn readable(list: Vec<serde_json::Value>) -> Vec<Self> {
        list.into_iter().filter_map(|member| serde_json::from_value(member).ok()).collect()
    }
}

/// Answer to [`SignInRequest`].
#[derive(Serialize, Deserialize)]
pub struct SignInReply {
    /// Who signed in.
    pub member: MemberInfo,
    /// Opaque, for what only a person may ask (changing the policy).
    pub access_token: String,
    /// Seconds until it ends.
    pub expires_in: u32,
    /// Good once for the next two tokens ([`TokenRequest`]), with a [`crate::proof::Proof`] as every use of an access token
    /// then; absent where the host does not know the workstation's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The host's half of the recovery slot: 32 bytes, base64, the same at each sign-in of this workstation.
    pub share: String,
    /// The policy in force.
    pub policy: SignedPolicy,
    /// The host's epoch.
    pub epoch: String,
}

/// `PUT /policy`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyWish {
    /// The version the edit started from.
    pub base_version: u32,
    /// Cells that change.
    #[serde(default)]
    pub time_outs: Vec<TimeOut>,
    /// New lease in hours, if it changes.
    #[serde(default)]
    pub lease_hours: Option<u32>,
    /// New grace in hours, if it changes.
    #[serde(default)]
    pub grace_hours: Option<u32>,
    /// New days back that each computer keeps, if they change; 0 for everything.
    #[serde(default)]
    pub days_back: Option<u32>,
    /// New days ahead that each computer keeps, if they change; 0 for everything.
    #[serde(default)]
    pub days_ahead: Option<u32>,
    /// New roles that need a second factor, if they change; empty for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<Vec<Role>>,
    /// New format of names where others may read along, if it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<NameFormat>,
    /// The person's comment.
    #[serde(default)]
    pub comment: Option<String>,
}

impl PolicyWish {
    /// A wish that changes nothing of version `base_version`.
    pub fn from_version(base_version: u32) -> Self {
        Self {
            base_version,
            time_outs: Vec::new(),
            lease_hours: None,
            grace_hours: None,
            days_back: None,
            days_ahead: None,
            second_factor: None,
            names: None,
            comment: None,
        }
    }
}

/// An event of `GET /live`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// The history's cursor after its last change.
    pub cursor: String,
    /// The version of the policy in force.
    pub policy: u32,
}

/// `POST /audit`: the next links of this workstation's chain.
#[derive(Serialize, Deserialize)]
pub struct AuditUpload {
    /// In order, without a gap.
    pub entries: Vec<ChainEntry>,
}

/// Answer to [`AuditUpload`].
#[derive(Serialize, Deserialize)]
pub struct AuditReceipt {
    /// The host holds the chain up to and with this number.
    pub accepted_through: u64,
}

/// `POST /given-back`: what a workstation has from a life of the host before a restore, and the host lost. The texts are
/// as the host sent them then, with their versions.
#[derive(Serialize, Deserialize)]
pub struct GivenBack<'a> {
    /// The life they are from ([`crate::life`]).
    pub life: &'a str,
    /// Resources, word for word.
    #[serde(borrow)]
    pub resources: Vec<&'a RawValue>,
    /// The policy that is in force at the workstation.
    #[serde(default)]
    pub policy: Option<SignedPolicy>,
}

/// Answer to [`GivenBack`].
#[derive(Serialize, Deserialize)]
pub struct GivenBackReceipt {
    /// For each resource, in order: absent when it stands at the host again or still, else the [`crate::Code`]'s word of
    /// why it can't.
    pub refused: Vec<Option<String>>,
}

/// `POST /wiped`: a workstation's word that it has forgotten the practice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedReceipt {
    /// JSON of [`WipeReceipt`].
    pub document: String,
    /// Ed25519 over the document's bytes, base64.
    pub signature: String,
    /// The key it verifies with, base64.
    pub key: String,
    /// What had not been sent, each sealed to the practice's rescue key, base64.
    #[serde(default)]
    pub unsent: Vec<String>,
}

/// What a workstation says when it has been told to wipe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WipeReceipt {
    /// The practice.
    pub practice: PracticeId,
    /// The computer.
    pub workstation: WorkstationId,
    /// When it was told, by its own clock.
    pub told: Stamp,
    /// What it forgets, in this order.
    pub forgets: Vec<String>,
}

/// One of the practice's computers: a line of `GET /workstations`, and the answer to [`WorkstationWish`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkstationInfo {
    /// Id.
    pub id: WorkstationId,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub zone: Zone,
    /// When it joined.
    pub enrolled: Stamp,
    /// When it last told of what people did there; absent when it never has.
    #[serde(default)]
    pub told: Option<Stamp>,
    /// Nobody may work there.
    pub stopped: bool,
    /// When it was told to forget the practice.
    #[serde(default)]
    pub wipe: Option<Stamp>,
    /// When its receipt for that came.
    #[serde(default)]
    pub wiped: Option<Stamp>,
    /// Whether the host knows the key that its receipt would verify with: from the first sign-in there on.
    #[serde(default)]
    pub has_key: bool,
    /// When it last asked the host for anything, give or take a minute.
    #[serde(default)]
    pub seen: Option<Stamp>,
    /// The version of its program, as it told last.
    #[serde(default)]
    pub program: Option<String>,
    /// The version of the policy that it held then.
    #[serde(default)]
    pub policy: Option<u32>,
    /// When it last locked, by its own clock and its audit chain.
    #[serde(default)]
    pub locked: Option<Stamp>,
    /// When a copy of a sign-in that was made there was last used.
    #[serde(default)]
    pub copied: Option<Stamp>,
}

/// How a computer is to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// People work there.
    Works,
    /// Nobody works there, until it may again.
    Stopped,
    /// It forgets the practice, for good.
    Wipe,
}

/// `PUT /workstations/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkstationWish {
    /// How it is to stand.
    pub standing: Standing,
    /// The person's comment.
    #[serde(default)]
    pub comment: Option<String>,
}

/// The body of a refusal of the host's own endpoints.
#[derive(Serialize, Deserialize)]
pub struct RefusalBody {
    /// A [`crate::Code`]'s word; a newer host may know more.
    pub code: String,
    /// One sentence.
    pub say: String,
}

/// `GET /health`.
#[derive(Serialize, Deserialize)]
pub struct Health {
    /// Always true: an answer is the news.
    pub ok: bool,
    /// The host's clock, for the workstation's forecast of its own.
    pub now: Stamp,
}
