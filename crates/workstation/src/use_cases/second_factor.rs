//! The member's own second factor: how it stands, and setting one up. The host wants the password for that each time,
//! so it can be done by whoever may not sign in without one yet.

use std::sync::Arc;

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    permission::KeepSecondFactor,
    schedule::written,
    wire::{SecondFactorConfirm, SecondFactorRequest},
};
use vault::Password;
use zeroize::Zeroize;

use crate::{
    host::{Bearer, HostError},
    refused::Outcome,
    screen::{FactorOffer, FactorPage},
    session::Workstation,
    use_cases::sign_in::Credentials,
};

/// What is said when the host can't be reached and does not know the member any more.
const UNKNOWN: &str = "Your second factor is kept by the host, which can't be reached now. Try again when it is back.";

impl Workstation {
    /// How the second factor of the member at work stands.
    ///
    /// # Errors
    /// When locked, and when the host can't be reached.
    pub async fn second_factor(self: &Arc<Self>) -> Outcome<FactorPage> {
        let (enrolled, person, _) = self.person::<KeepSecondFactor>(UNKNOWN).await?;
        let info = enrolled.line.second_factor(&person).await?;
        Ok(FactorPage {
            since: info.since.map(|at| written(&enrolled.zone, at)),
            recovery_codes: info.recovery_codes,
            required: info.required,
        })
    }

    /// Begins to set one up: for the member at work, who types their `password`; without one, for whoever was refused
    /// at the door for the want of a second factor ([`Code::SecondFactorMissing`]).
    ///
    /// # Errors
    /// When locked and a password is given, when none waits and none is given, and as the host refuses.
    pub async fn offer_second_factor(self: &Arc<Self>, password: Option<Password>) -> Outcome<FactorOffer> {
        let who = match password {
            None => self.begun.take(self.clock.mono())?,
            Some(password) => {
                let email = self.at_desk(|desk| {
                    desk.may::<KeepSecondFactor>()?;
                    Ok(desk.me.email.clone())
                })?;
                Credentials { email, password }
            }
        };
        let (enrolled, generation) = (self.enrolled()?, self.generation());
        let device = self.device_token(&enrolled).await?;
        let mut request =
            SecondFactorRequest { email: who.email.clone(), password: who.password.for_sign_in().to_owned() };
        let offer = enrolled.line.offer_second_factor(Bearer(device.for_header()), &request).await;
        request.password.zeroize();
        let offer = offer?;
        self.begin_at(who, generation);
        Ok(FactorOffer { secret: offer.secret, qr: offer.qr })
    }

    /// Shows the host that the authenticator has what was offered; gives the recovery codes, this once. Whoever is at
    /// the door goes on with [`Self::sign_in_code`].
    ///
    /// # Errors
    /// [`Code::WrongCode`], which may be followed by another try; when the password has to be typed again.
    pub async fn confirm_second_factor(self: &Arc<Self>, code: String) -> Outcome<Vec<String>> {
        let who = self.begun.take(self.clock.mono())?;
        let (enrolled, generation) = (self.enrolled()?, self.generation());
        let device = self.device_token(&enrolled).await?;
        let mut request = SecondFactorConfirm {
            email: who.email.clone(),
            password: who.password.for_sign_in().to_owned(),
            code: code.trim().to_owned(),
        };
        let done = enrolled.line.confirm_second_factor(Bearer(device.for_header()), &request).await;
        request.password.zeroize();
        match done {
            Ok(codes) => {
                let at_work = self.at_desk(|desk| {
                    let record = AuditRecord {
                        comment: Some("set up".to_owned()),
                        ..desk.tells(self.clock.now(), AuditAction::SecondFactor)
                    };
                    Ok(desk.store.record(&record).map_err(|e| e.refusal())?)
                });
                if at_work.is_err() {
                    self.begin_at(who, generation);
                }
                Ok(codes.recovery_codes)
            }
            Err(HostError::Refused(refused)) if refused.code == Code::WrongCode => {
                self.begin_at(who, generation);
                Err(refused)
            }
            Err(error) => Err(error.into()),
        }
    }
}
