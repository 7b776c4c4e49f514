//! Wipe: this computer forgets the practice, keys first.

use std::sync::Arc;

use practice::audit::AuditAction;

use crate::{
    refused::Outcome,
    session::{Notice, Workstation},
};

impl Workstation {
    /// Wipes. Unsent work is lost with the keys; the caller has asked.
    ///
    /// # Errors
    /// When the keychain or the folder can't be reached; asking again finishes the job.
    pub async fn wipe(self: &Arc<Self>) -> Outcome<()> {
        let enrolled = self.enrolled()?;
        let _ = self.at_desk(|desk| {
            desk.last_words(&desk.tells(self.clock.now(), AuditAction::Wipe));
            Ok(())
        });
        self.sign_out();
        crate::blocking(move || Ok(enrolled.vault.forget().map_err(|e| e.refusal())?)).await?;
        self.home.forget()?;
        *self.enrolled.write().unwrap_or_else(|e| e.into_inner()) = None;
        self.notify(Notice::Shell);
        Ok(())
    }
}
