//! Second factors, tokens, and what an admin sees and asks of the members.

use serde::{Deserialize, Serialize};

use super::MemberInfo;
use crate::{Role, ids::PractitionerId, time::Stamp};

/// `POST /second-factor`, under the workstation's credential: begin to set one up.
#[derive(Serialize, Deserialize)]
pub struct SecondFactorRequest {
    /// Sign-in address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// Answer to [`SecondFactorRequest`]: what goes into the authenticator. Nothing is asked of the member before
/// [`SecondFactorConfirm`] has come.
#[derive(Serialize, Deserialize)]
pub struct SecondFactorOffer {
    /// The secret in base 32, to be typed.
    pub secret: String,
    /// `otpauth://` address that holds it.
    pub uri: String,
    /// That address as a QR code, SVG.
    pub qr: String,
}

/// `POST /second-factor/confirm`, under the workstation's credential: the authenticator shows codes.
#[derive(Serialize, Deserialize)]
pub struct SecondFactorConfirm {
    /// Sign-in address.
    pub email: String,
    /// Password.
    pub password: String,
    /// The code that the authenticator shows.
    pub code: String,
}

/// Answer to [`SecondFactorConfirm`].
#[derive(Serialize, Deserialize)]
pub struct RecoveryCodes {
    /// Each stands for a code once. Shown now and never again.
    pub recovery_codes: Vec<String>,
}

/// `GET /second-factor`: a member's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorInfo {
    /// Since when it is asked for; absent when the member has none.
    #[serde(default)]
    pub since: Option<Stamp>,
    /// Recovery codes that are left.
    pub recovery_codes: u32,
    /// Whether the policy wants one of this member.
    pub required: bool,
}

/// `POST /password/forgotten`, under the workstation's credential. The answer says nothing: the link is mailed to whoever
/// signs in with the address, if somebody does.
#[derive(Serialize, Deserialize)]
pub struct Forgotten {
    /// Sign-in address.
    pub email: String,
}

/// `POST /token`, under the workstation's credential, with a [`crate::proof::Proof`] for the refresh token.
#[derive(Serialize, Deserialize)]
pub struct TokenRequest {
    /// The newest of the sign-in. It is used up; one that was used before ends the sign-in.
    pub refresh_token: String,
}

/// Answer to [`TokenRequest`].
#[derive(Serialize, Deserialize)]
pub struct TokenReply {
    /// Opaque.
    pub access_token: String,
    /// Seconds until it ends.
    pub expires_in: u32,
    /// For the next time.
    pub refresh_token: String,
}

/// `POST /sign-out`, with a member's token.
#[derive(Serialize, Deserialize)]
pub struct SignOutRequest {
    /// At every computer, not at this one alone.
    #[serde(default)]
    pub everywhere: bool,
}

/// A member as the admin sees them: a line of `GET /accounts`, and the answer to [`Invitation`] and [`MemberWish`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountInfo {
    /// As everybody knows them.
    pub member: MemberInfo,
    /// Whether they have a password: not before they followed the link of an invitation.
    pub has_password: bool,
    /// Since when they sign in with a second factor.
    #[serde(default)]
    pub second_factor: Option<Stamp>,
    /// Until when the newest link that was mailed to them is good, when there is one.
    #[serde(default)]
    pub link_until: Option<Stamp>,
}

/// `POST /members`: the host mails a link with which they choose a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The address with which they will sign in.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The Practitioner they are, for providers.
    #[serde(default)]
    pub practitioner: Option<PractitionerId>,
    /// The person's comment.
    #[serde(default)]
    pub comment: Option<String>,
}

/// `PUT /members/{id}`: what is present is done, all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberWish {
    /// Their new role.
    #[serde(default)]
    pub role: Option<Role>,
    /// Whether they may no longer sign in.
    #[serde(default)]
    pub stopped: Option<bool>,
    /// Take their second factor away: the telephone is lost.
    #[serde(default)]
    pub reset_second_factor: bool,
    /// End what they are signed in to, everywhere.
    #[serde(default)]
    pub sign_out: bool,
    /// Mail them a link with which they choose a password.
    #[serde(default)]
    pub mail_link: bool,
    /// The person's comment.
    #[serde(default)]
    pub comment: Option<String>,
}
