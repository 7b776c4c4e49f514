//! What it takes to ask the host for what only a person may ask: a token that holds, fetched anew when it has ended.

use std::sync::Arc;

use practice::{Code, permission::Action};
use zeroize::Zeroizing;

use crate::{
    desk::{Access, Right},
    host::{Bearer, HostError, Person, Sign},
    refused::{Outcome, refuse},
    session::{Enrolled, Workstation},
};

/// What is said when the host can be reached, and does not know the member any more.
pub(crate) const UNPROVEN: &str = "The host has to be sure that it is you at this computer.";

impl Workstation {
    /// The person at the desk, when they may do `A`; `say` is what they hear when the host can't be reached and does
    /// not know them any more.
    ///
    /// # Errors
    /// When locked or not theirs to do, and when the host can't be reached; [`Code::Unproven`] when it can and has to
    /// be shown anew who they are ([`Self::prove`]).
    pub(crate) async fn person<A: Action>(
        self: &Arc<Self>,
        say: &'static str,
    ) -> Outcome<(Arc<Enrolled>, Person, u64)> {
        // Two at once would show the host one refresh token twice, as a thief does.
        let _one_at_a_time = self.one_renewal.lock().await;
        let (enrolled, generation, right) = self.at_desk(|desk| {
            desk.may::<A>()?;
            Ok((Arc::clone(&desk.enrolled), self.generation(), desk.right(self.clock.mono())))
        })?;
        let (sign, now) = (enrolled.signs(), self.clock.now());
        let unproven = || refuse(Code::Unproven, UNPROVEN);
        let refresh = match right {
            Right::Holds(token) => return Ok((enrolled, Person { token, sign, now }, generation)),
            Right::Renews(refresh) => refresh,
            // Only a host that is there has something to be told.
            Right::Ended => match enrolled.line.health().await {
                Ok(_) => return unproven(),
                Err(_) => return refuse(Code::HostUnreachable, say),
            },
        };
        // It is taken from the desk: an answer that is lost on its way must not make us show it again.
        let device = self.device_token(&enrolled).await?;
        let holder = Person { token: refresh, sign: Arc::clone(&sign), now };
        let reply = match enrolled.line.renew(Bearer(device.for_header()), &holder).await {
            Ok(reply) => reply,
            Err(HostError::Refused(refused)) if matches!(refused.code, Code::SignedOut | Code::ProofRefused) => {
                return unproven();
            }
            Err(error) => return Err(error.into()),
        };
        let token = Zeroizing::new(reply.access_token.clone());
        let mono = self.clock.mono();
        self.desk_of(generation, |desk| {
            desk.renew(Access::new(reply.access_token, Some(reply.refresh_token), reply.expires_in, mono));
            Ok(())
        })?;
        Ok((enrolled, Person { token, sign, now }, generation))
    }

    /// Ends with the host what `right` stands for. When it can't be reached, the tokens end by themselves: they were
    /// wiped here, and are of no use without this computer's key.
    pub(crate) async fn tell_signed_out(self: Arc<Self>, enrolled: Arc<Enrolled>, right: Right) {
        let (sign, now) = (enrolled.signs(), self.clock.now());
        let token = match right {
            Right::Holds(token) => token,
            Right::Renews(refresh) => {
                let Ok(device) = self.device_token(&enrolled).await else { return };
                let holder = Person { token: refresh, sign: Arc::clone(&sign), now };
                let Ok(reply) = enrolled.line.renew(Bearer(device.for_header()), &holder).await else { return };
                Zeroizing::new(reply.access_token)
            }
            Right::Ended => return,
        };
        if enrolled.line.sign_out(&Person { token, sign, now }).await.is_err() {
            tracing::info!("the host was not told of a sign-out; the tokens end by themselves");
        }
    }
}

impl Enrolled {
    /// Signs as this computer.
    fn signs(self: &Arc<Self>) -> Sign {
        let enrolled = Arc::clone(self);
        Arc::new(move |bytes| Ok(enrolled.vault.sign(bytes).map_err(|e| e.refusal())?.signature))
    }
}
