//! A member at work shows the host anew who they are: after an unlock without it, with a second factor, or when their
//! sign-in there has ended.

use std::sync::Arc;

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
};
use vault::Password;

use crate::{
    desk::Access,
    host::HostError,
    refused::{Outcome, refuse},
    session::Workstation,
    use_cases::sign_in::{Credentials, lacks_a_factor},
};

impl Workstation {
    /// Signs the member at work in with the host once more. Whoever is refused for the want of a code
    /// ([`Code::SecondFactor`]) goes on with the code alone.
    ///
    /// # Errors
    /// When locked, when the host can't be reached, and as it refuses a sign-in.
    pub async fn prove(self: &Arc<Self>, password: Option<Password>, code: Option<String>) -> Outcome<()> {
        let (enrolled, email, generation) =
            self.at_desk(|desk| Ok((Arc::clone(&desk.enrolled), desk.me.email.clone(), self.generation())))?;
        let who = match password {
            Some(password) => Credentials { email: email.clone(), password },
            None => self.begun.take(self.clock.mono())?,
        };
        if who.email != email {
            return refuse(Code::SignedOut, "Type your password first, then the code.");
        }
        match self.ask_host(&enrolled, &who, code).await {
            Ok(reply) => {
                self.take_policy(&enrolled, &reply.policy)?;
                self.desk_of(generation, |desk| {
                    let (now, mono) = (self.clock.now(), self.clock.mono());
                    desk.renew(Access::new(reply.access_token, reply.refresh_token, reply.expires_in, mono));
                    desk.reached(now)?;
                    let record = AuditRecord {
                        comment: Some("while at work".to_owned()),
                        ..desk.tells(now, AuditAction::SignIn)
                    };
                    Ok(desk.store.record(&record).map_err(|e| e.refusal())?)
                })
            }
            Err(HostError::Refused(refused)) => {
                self.tell_refused(&enrolled, AuditAction::SignIn, &who.email, &refused);
                self.heed(&refused).await;
                if lacks_a_factor(refused.code) {
                    self.begin_at(who, generation);
                }
                Err(refused)
            }
            Err(error) => Err(error.into()),
        }
    }
}
