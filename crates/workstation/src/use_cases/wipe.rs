//! Wipe: this computer forgets the practice, keys first. Asked for here, or by the practice, which gets a receipt.

use std::sync::{Arc, atomic::Ordering};

use base64::{Engine, prelude::BASE64_STANDARD};
use practice::{
    Code,
    audit::AuditAction,
    wire::{SignedReceipt, WipeReceipt},
};

use crate::{
    home::OwedReceipt,
    host::{Bearer, HostError, HostLine},
    refused::Outcome,
    screen::Refused,
    session::{Notice, Workstation},
};

/// What a wipe takes away, in its order.
const FORGETS: [&str; 4] = ["key slots", "keychain entries", "vault", "everything else in the folder"];

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
        self.close(AuditAction::SignOut, None);
        crate::blocking(move || Ok(enrolled.vault.forget().map_err(|e| e.refusal())?)).await?;
        self.home.forget()?;
        *self.enrolled.write().unwrap_or_else(|e| e.into_inner()) = None;
        self.notify(Notice::Shell);
        Ok(())
    }

    /// Does what a refusal of the host demands: a wipe, when it was ordered.
    pub(crate) async fn heed(self: &Arc<Self>, refused: &Refused) {
        if refused.code != Code::WipeOrdered {
            return;
        }
        self.forgotten.store(true, Ordering::SeqCst);
        if let Err(refused) = self.owe_receipt().await {
            tracing::error!(code = refused.code.as_str(), "the receipt of a wipe could not be made; the wipe goes on");
        }
        let wiped = match self.enrolled() {
            Ok(_) => self.wipe().await,
            Err(_) => Ok(()),
        };
        if let Err(refused) = wiped.and(self.finish_wipe().await) {
            tracing::warn!(code = refused.code.as_str(), "the wipe or its receipt is not finished; it goes on later");
        }
    }

    /// Signs the receipt while there is a key to sign it with. Nothing was forgotten yet: it is sent when all is.
    async fn owe_receipt(self: &Arc<Self>) -> Outcome<()> {
        if self.home.owed().is_some() {
            return Ok(());
        }
        let (ws, enrolled) = (Arc::clone(self), self.enrolled()?);
        crate::blocking(move || {
            let told = WipeReceipt {
                practice: enrolled.as_written.practice.id.clone(),
                workstation: enrolled.as_written.workstation.clone(),
                told: ws.clock.now(),
                forgets: FORGETS.map(str::to_owned).to_vec(),
            };
            let document = serde_json::to_string(&told).unwrap_or_else(|_| unreachable!("plain data"));
            let signed = enrolled.vault.sign(document.as_bytes()).map_err(|e| e.refusal())?;
            let device = enrolled.device_token().map_err(|e| e.refusal())?;
            ws.home.owe(&OwedReceipt {
                host: enrolled.as_written.host.clone(),
                ca_pem: enrolled.line.trusted(),
                device_token: device.for_header().to_owned(),
                receipt: SignedReceipt {
                    document,
                    signature: BASE64_STANDARD.encode(signed.signature),
                    key: BASE64_STANDARD.encode(signed.key),
                    unsent: ws.unsent_sealed().iter().map(|sealed| BASE64_STANDARD.encode(sealed)).collect(),
                },
            })
        })
        .await
    }

    /// Finishes an ordered wipe, wherever it was cut off: forgets what is left, then sends the receipt.
    pub(crate) async fn finish_wipe(self: &Arc<Self>) -> Outcome<()> {
        let Some(owed) = self.home.owed() else { return Ok(()) };
        // Whoever enrolled this computer again meanwhile is not wiped for the one before.
        let told = serde_json::from_str::<WipeReceipt>(&owed.receipt.document).ok().map(|told| told.workstation);
        if self.enrolled().is_ok_and(|enrolled| Some(&enrolled.as_written.workstation) == told.as_ref()) {
            self.forgotten.store(true, Ordering::SeqCst);
            self.wipe().await?;
        }
        let line = HostLine::to(&owed.host, &owed.ca_pem)?;
        match line.wiped(Bearer(&owed.device_token), &owed.receipt).await {
            // A host that refuses it will not take it another time.
            Ok(()) | Err(HostError::Refused(_)) => {
                self.home.paid();
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }
}
