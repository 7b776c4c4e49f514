//! A forgotten password: the host mails a link with which another is chosen.

use std::sync::Arc;

use practice::{Code, wire::Forgotten};

use crate::{
    host::Bearer,
    refused::{Outcome, refuse},
    session::Workstation,
};

impl Workstation {
    /// Asks the host for a link to a new password. It answers the same for every address: whose it is, is nobody's
    /// business.
    ///
    /// # Errors
    /// When it is no address, when the host can't be reached, sends no mail, or was asked too often.
    pub async fn forgotten_password(self: &Arc<Self>, email: &str) -> Outcome<()> {
        let email = email.trim();
        if email.is_empty() || email.chars().count() > 254 {
            return refuse(Code::Invalid, "Type the e-mail address with which you sign in.");
        }
        let enrolled = self.enrolled()?;
        let device = self.device_token(&enrolled).await?;
        let request = Forgotten { email: email.to_owned() };
        Ok(enrolled.line.forgotten(Bearer(device.for_header()), &request).await?)
    }
}
