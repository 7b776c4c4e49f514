//! Sign in: online when the host answers, from this computer's own key slot when it does not.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use practice::{
    Code,
    audit::AuditAction,
    wire::{MemberInfo, SignInReply, SignInRequest},
};
use vault::{HostShare, Password, SlotOwner, Unlocked};
use zeroize::Zeroize;

use crate::{
    anteroom::{Anteroom, Told},
    desk::{Access, Desk},
    host::{Bearer, HostError},
    refused::{Outcome, refuse},
    screen::{LockReason, Refused, ShellState},
    session::{Enrolled, Workstation},
};

const STOPPED: &str = "This computer was stopped. Your practice's admin can say why, and let it work again.";

/// What a member types.
pub struct Credentials {
    /// Sign-in address.
    pub email: String,
    /// Password.
    pub password: Password,
}

impl Workstation {
    /// Signs a member in.
    ///
    /// # Errors
    /// Wrong password, too many tries, a member or workstation that was stopped, the vault's six causes, an ended
    /// lease, or a first sign-in without the host.
    pub async fn sign_in(self: &Arc<Self>, credentials: Credentials) -> Outcome<ShellState> {
        self.sign_in_with(credentials, None).await
    }

    /// Signs a member in who has a code at hand. For whoever was refused for the want of one ([`Code::SecondFactor`])
    /// what was typed is kept for [`Self::sign_in_code`].
    ///
    /// # Errors
    /// As [`Self::sign_in`]; [`Code::WrongCode`] too.
    pub async fn sign_in_with(self: &Arc<Self>, credentials: Credentials, code: Option<String>) -> Outcome<ShellState> {
        self.begun.forget();
        let generation = self.generation();
        let enrolled = self.enrolled()?;
        let seated = match self.ask_host(&enrolled, &credentials, code).await {
            Ok(reply) => self.open_online(&enrolled, credentials.password, reply).await,
            Err(HostError::Refused(refused) | HostError::UnknownCursor(refused)) => {
                self.tell_refused(&enrolled, AuditAction::SignIn, &credentials.email, &refused);
                self.heed(&refused).await;
                if lacks_a_factor(refused.code) {
                    self.begin_at(credentials, generation);
                }
                Err(refused)
            }
            Err(
                error @ (HostError::Unreachable
                | HostError::InTrouble
                | HostError::Certificate(_)
                | HostError::Version(_)
                | HostError::Confused),
            ) => self.open_offline(&enrolled, credentials, error).await,
        };
        self.seat(seated?, generation)
    }

    /// Goes on with the sign-in that was refused for the want of a code. A wrong one may be followed by another.
    ///
    /// # Errors
    /// As [`Self::sign_in_with`]; when the password has to be typed again, too.
    pub async fn sign_in_code(self: &Arc<Self>, code: String) -> Outcome<ShellState> {
        let who = self.begun.take(self.clock.mono())?;
        self.sign_in_with(who, Some(code)).await
    }

    /// Asks the host for a fresh sign-in.
    pub(crate) async fn ask_host(
        &self,
        enrolled: &Arc<Enrolled>,
        who: &Credentials,
        code: Option<String>,
    ) -> Result<SignInReply, HostError> {
        let (device, key) = {
            let enrolled = Arc::clone(enrolled);
            crate::blocking(move || {
                let device = enrolled.device_token().map_err(|e| e.refusal())?;
                Ok((device, enrolled.vault.public_key().map_err(|e| e.refusal())?))
            })
            .await
            .map_err(HostError::Refused)?
        };
        let mut request = SignInRequest {
            email: who.email.clone(),
            password: who.password.for_sign_in().to_owned(),
            workstation_key: Some(BASE64_STANDARD.encode(key)),
            code,
        };
        let reply = enrolled.line.sign_in(Bearer(device.for_header()), &request).await;
        request.password.zeroize();
        reply
    }

    pub(crate) async fn open_online(
        self: &Arc<Self>,
        enrolled: &Arc<Enrolled>,
        password: Password,
        reply: SignInReply,
    ) -> Outcome<Desk> {
        self.take_policy(enrolled, &reply.policy)?;
        self.home.stop(false);
        let Some(share) = HostShare::from_base64(&reply.share) else { return Err(HostError::Confused.into()) };
        let (ws, enrolled) = (Arc::clone(self), Arc::clone(enrolled));
        crate::blocking(move || {
            let owner = owner(&reply.member);
            let unlocked = if enrolled.vault.exists() {
                enrolled.vault.adopt(owner, &password, &share)
            } else {
                enrolled.vault.create(owner, &password, &share)
            }
            .map_err(|e| e.refusal())?;
            let access = Access::new(reply.access_token, reply.refresh_token, reply.expires_in, ws.clock.mono());
            let desk = ws.open_desk(&enrolled, unlocked, reply.member, Some(access))?;
            desk.reached(ws.clock.now())?;
            desk.set_outdated(false)?;
            desk.store.record(&desk.tells(ws.clock.now(), AuditAction::SignIn)).map_err(|e| e.refusal())?;
            Ok(desk)
        })
        .await
    }

    async fn open_offline(
        self: &Arc<Self>,
        enrolled: &Arc<Enrolled>,
        who: Credentials,
        why: HostError,
    ) -> Outcome<Desk> {
        let (ws, enrolled) = (Arc::clone(self), Arc::clone(enrolled));
        crate::blocking(move || {
            let owners = if enrolled.vault.exists() { enrolled.vault.owners().map_err(|e| e.refusal())? } else { Vec::new() };
            let Some(owner) = owners.into_iter().find(|o| o.email.eq_ignore_ascii_case(who.email.trim())) else {
                let cause = Refused::from(why);
                return Err(if cause.code == Code::HostUnreachable {
                    Refused {
                        code: Code::HostUnreachable,
                        say: "The host can't be reached, and you have not signed in on this computer before. Try again when it is back.".into(),
                    }
                } else {
                    cause
                });
            };
            ws.open_here(&enrolled, &owner, &who.password, AuditAction::SignIn)
        })
        .await
    }

    /// Opens the vault with the member's own slot. Blocks for the key derivation.
    pub(crate) fn open_here(
        &self,
        enrolled: &Arc<Enrolled>,
        owner: &SlotOwner,
        password: &Password,
        action: AuditAction,
    ) -> Outcome<Desk> {
        let tell = |refused: Refused| {
            let told = Told::refused(self.clock.now(), action, Some(owner.id.clone()), None, refused.code.as_str());
            Anteroom::at(self.home.anteroom()).tell(&enrolled.vault, &told);
            refused
        };
        if self.home.is_stopped() {
            return Err(tell(Refused { code: Code::WorkstationStopped, say: STOPPED.into() }));
        }
        let unlocked = enrolled.vault.unlock(&owner.id, password).map_err(|e| tell(e.refusal().into()))?;
        let desk = self.open_desk_of(enrolled, unlocked, &owner.id).map_err(tell)?;
        self.check_lease(enrolled, &desk).map_err(tell)?;
        desk.store.record(&desk.tells(self.clock.now(), action)).map_err(|e| e.refusal())?;
        Ok(desk)
    }

    fn open_desk_of(
        &self,
        enrolled: &Arc<Enrolled>,
        unlocked: Unlocked,
        id: &practice::ids::MemberId,
    ) -> Outcome<Desk> {
        let desk = Desk::open(enrolled, unlocked, None, None)?;
        let Some(me) = desk.members()?.into_iter().find(|m| m.id == *id) else {
            return refuse(Code::MemberStopped, "Your sign-in is no longer known here. Ask your practice's admin.");
        };
        if me.stopped {
            return refuse(Code::MemberStopped, "Your sign-in was stopped. Ask your practice's admin.");
        }
        let desk = desk.seat(me)?;
        if desk.outdated()? {
            return refuse(
                Code::WrongPassword,
                "This password was replaced. Use the new one; the first time, the host has to be reached.",
            );
        }
        self.take_what_waits(enrolled, &desk)?;
        Ok(desk)
    }

    fn open_desk(
        &self,
        enrolled: &Arc<Enrolled>,
        unlocked: Unlocked,
        me: MemberInfo,
        access: Option<Access>,
    ) -> Outcome<Desk> {
        let desk = Desk::open(enrolled, unlocked, Some(&me), access)?.seat(me)?;
        self.take_what_waits(enrolled, &desk)?;
        Ok(desk)
    }

    /// What was told and what was pulled while the vault was closed.
    fn take_what_waits(&self, enrolled: &Enrolled, desk: &Desk) -> Outcome<()> {
        let anteroom = Anteroom::at(self.home.anteroom());
        for record in anteroom.take(desk.unlocked(), &enrolled.as_written.workstation) {
            desk.store.record(&record).map_err(|e| e.refusal())?;
        }
        anteroom.clear();
        // What can't be taken in now waits on, and the sync brings it too: no reason to keep anybody out.
        if let Err(refused) = self.take_sealed(desk) {
            tracing::warn!(code = refused.code.as_str(), "pages that came while locked could not be taken in");
        }
        self.keep_rescue(desk);
        desk.note_place()
    }

    /// After a round that failed: a session does not outlast the lease, but for the schedule where the admin allows it.
    pub(crate) fn lock_when_lease_ended(&self) {
        let lease = self.at_desk(|desk| self.check_lease(&desk.enrolled, desk));
        if lease.is_err_and(|refused| refused.code == Code::LeaseEnded) {
            self.lock(LockReason::LeaseEnded);
        }
    }

    /// Offline work lasts as long as the lease, on a clock that was not set back. In the grace after it the schedule alone
    /// is open.
    fn check_lease(&self, enrolled: &Enrolled, desk: &Desk) -> Outcome<()> {
        let now = self.clock.now();
        let (reached, seen) = desk.marks()?;
        if seen.since(now) > std::time::Duration::from_secs(300) {
            return refuse(
                Code::LeaseEnded,
                "This computer's clock was set back. Set it right, or sign in while the host can be reached.",
            );
        }
        let policy = self.policy(enrolled);
        let lease = policy.as_ref().map_or(practice::policy::STRICTEST_LEASE, |policy| policy.lease());
        let grace = policy.map_or(std::time::Duration::ZERO, |policy| policy.grace());
        let ended = now.since(reached) > lease;
        desk.set_schedule_only(ended);
        if ended && now.since(reached) > lease + grace {
            return refuse(
                Code::LeaseEnded,
                "The host has not been reached for longer than the practice allows. Sign in while it can be reached; unsent work is kept.",
            );
        }
        desk.seen(now)
    }

    pub(crate) fn tell_refused(&self, enrolled: &Enrolled, action: AuditAction, email: &str, refused: &Refused) {
        let told = Told::refused(self.clock.now(), action, None, Some(email), refused.code.as_str());
        Anteroom::at(self.home.anteroom()).tell(&enrolled.vault, &told);
    }
}

/// Whether the password is right, and the second factor or its code is what is missing.
pub(crate) fn lacks_a_factor(code: Code) -> bool {
    matches!(code, Code::SecondFactor | Code::SecondFactorMissing | Code::WrongCode)
}

fn owner(member: &MemberInfo) -> SlotOwner {
    SlotOwner {
        id: member.id.clone(),
        email: member.email.clone(),
        name: member.name.clone(),
        initials: member.initials.clone(),
        color: member.color.to_string(),
    }
}
