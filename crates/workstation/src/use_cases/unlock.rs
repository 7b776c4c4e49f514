//! Unlock: the member's password, against this computer's own slot, whether or not the host is there.

use std::sync::Arc;

use practice::{Code, audit::AuditAction, ids::MemberId, refusal::Exit};
use tokio::task::JoinHandle;
use vault::{Password, SlotOwner};

use crate::{
    desk::Access,
    host::HostError,
    refused::{Outcome, refuse},
    screen::{LockReason, Refused, ShellState},
    session::Workstation,
    use_cases::sign_in::{Credentials, lacks_a_factor},
};

impl Workstation {
    /// Unlocks for `member`, who must have signed in here before.
    ///
    /// # Errors
    /// As [`Self::sign_in`] without the host.
    pub async fn unlock(self: &Arc<Self>, member: &str, password: Password) -> Outcome<ShellState> {
        let Some(id) = MemberId::parse(member) else { return unknown() };
        Ok(self.unlock_slot(move |owner| owner.id == id, password).await?.0)
    }

    /// Opens this computer for one command of `shadowctl`: by the member's own slot when they have one here.
    ///
    /// # Errors
    /// As [`Self::sign_in`].
    pub async fn open_for(self: &Arc<Self>, who: Credentials) -> Outcome<ShellState> {
        let enrolled = self.enrolled()?;
        let email = who.email.trim().to_owned();
        let is_them = move |owner: &SlotOwner| owner.email.eq_ignore_ascii_case(&email);
        let here = enrolled.vault.exists() && enrolled.vault.owners().map_err(|e| e.refusal())?.iter().any(&is_them);
        if !here {
            return self.sign_in(who).await;
        }
        // One command has no later moment in which to learn that its member was stopped.
        let (state, word) = self.unlock_slot(is_them, who.password).await?;
        match word {
            Some(word) => word.await.ok().flatten().map_or(Ok(state), Err),
            None => Ok(state),
        }
    }

    async fn unlock_slot(
        self: &Arc<Self>,
        is_them: impl Fn(&SlotOwner) -> bool + Send + 'static,
        password: Password,
    ) -> Outcome<(ShellState, Option<JoinHandle<Option<Refused>>>)> {
        let generation = self.generation();
        let enrolled = self.enrolled()?;
        let (ws, line) = (Arc::clone(self), Arc::clone(&enrolled));
        let (opened, who) = crate::blocking(move || {
            let owners = line.vault.owners().map_err(|e| e.refusal())?;
            let Some(owner) = owners.into_iter().find(is_them) else { return unknown() };
            let opened = ws.open_here(&line, &owner, &password, AuditAction::Unlock);
            Ok((opened, Credentials { email: owner.email, password }))
        })
        .await?;
        match opened {
            Ok(desk) => {
                let state = self.seat(desk, generation)?;
                Ok((state, Some(tokio::spawn(Arc::clone(self).freshen(who, generation)))))
            }
            Err(refused) if the_host_may_help(refused.code) => match self.ask_host(&enrolled, &who, None).await {
                Ok(reply) => {
                    let desk = self.open_online(&enrolled, who.password, reply).await?;
                    Ok((self.seat(desk, generation)?, None))
                }
                Err(HostError::Refused(theirs)) if theirs.code.exit() == Exit::Vault => {
                    self.heed(&theirs).await;
                    Err(theirs)
                }
                Err(HostError::Refused(theirs)) if lacks_a_factor(theirs.code) => {
                    self.begin_at(who, generation);
                    Err(theirs)
                }
                Err(_) => Err(refused),
            },
            Err(refused) => Err(refused),
        }
    }

    /// After an unlock here, a sign-in with the host when it is there: it renews the admin's right to ask for a
    /// policy change, and learns of a member who was stopped or whose password was changed meanwhile: then it locks,
    /// and gives the host's word.
    async fn freshen(self: Arc<Self>, who: Credentials, generation: u64) -> Option<Refused> {
        let enrolled = self.enrolled().ok()?;
        match self.ask_host(&enrolled, &who, None).await {
            Ok(reply) if self.generation() == generation => {
                let _ = self.take_policy(&enrolled, &reply.policy);
                let _ = self.at_desk(|desk| {
                    let mono = self.clock.mono();
                    desk.renew(Access::new(reply.access_token, reply.refresh_token, reply.expires_in, mono));
                    desk.reached(self.clock.now())
                });
            }
            Err(HostError::Refused(refused))
                if self.generation() == generation
                    && matches!(
                        refused.code,
                        Code::MemberStopped | Code::WorkstationStopped | Code::WipeOrdered | Code::WrongPassword
                    ) =>
            {
                // Kept before the lock, so that the next unlock is refused without the host too.
                let _ = self.at_desk(|desk| match refused.code {
                    Code::MemberStopped => desk.stop_me(),
                    Code::WrongPassword => desk.set_outdated(true),
                    _ => Ok(()),
                });
                self.tell_refused(&enrolled, AuditAction::Unlock, &who.email, &refused);
                if refused.code == Code::WorkstationStopped {
                    self.home.stop(true);
                }
                self.heed(&refused).await;
                self.lock(match refused.code {
                    Code::MemberStopped => LockReason::MemberStopped,
                    Code::WorkstationStopped => LockReason::WorkstationStopped,
                    _ => LockReason::System,
                });
                return Some(refused);
            }
            Ok(_) | Err(_) => {}
        }
        None
    }
}

/// What the host knows better (a password that was changed there, a member who works again), can renew (the lease) or
/// has the key to mend (an altered key file).
fn the_host_may_help(code: Code) -> bool {
    matches!(
        code,
        Code::WrongPassword | Code::LeaseEnded | Code::MemberStopped | Code::WorkstationStopped | Code::VaultDamaged
    )
}

fn unknown<T>() -> Outcome<T> {
    refuse(Code::NotFound, "That member has not signed in on this computer yet. Sign in instead.")
}
