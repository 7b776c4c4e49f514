//! `authority`: who vouches for the host, and how it becomes another while workstations trust both.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
};
use serde_json::json;

use super::{Outcome, Report};
use crate::{
    certificate::{self, Step},
    data_dir::DataDir,
    serve::now,
    store::{PracticeStore, StoreError},
};

#[derive(Args)]
pub(super) struct Authority {
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Copy, Subcommand)]
enum What {
    /// Make a second authority, and announce to every workstation that it may vouch for the host too.
    Next,
    /// Let the other authority vouch for the host; a running host presents its new certificate by itself. Once more
    /// goes back.
    Switch,
    /// Announce that the authority which does not vouch for the host any more never may again, and forget it.
    Retire,
}

impl Authority {
    pub fn run(self) -> Outcome {
        let dir = DataDir::open(&self.data)?;
        let (tls, now) = (dir.tls(), now());
        let stores: Vec<PracticeStore> =
            dir.practices()?.iter().map(|id| PracticeStore::open(&dir, id)).collect::<Result<_, _>>()?;
        if matches!(self.what, What::Switch) {
            told(&stores, &certificate::trusted(&tls)?)?;
        }
        let (step, words) = match self.what {
            What::Next => (
                Step::Next,
                "The next authority is made and announced. Every computer learns of it when it is next in touch; \
                 `authority switch` when all have been.",
            ),
            What::Switch => (
                Step::Switch,
                "The other authority vouches for the host now. `authority retire` ends the one before, which \
                 workstations trust until then.",
            ),
            What::Retire => {
                (Step::Retire, "The other authority is forgotten. Computers drop it when they are next in touch.")
            }
        };
        let before = certificate::trusted(&tls)?;
        let trusted = if step == Step::Retire && is_cut_off(&stores, &before)? {
            before
        } else {
            certificate::step(&tls, step, now)?
        };
        let practices = stores.len();
        // Who signs is nothing that workstations have to know.
        for mut store in stores.into_iter().filter(|_| step != Step::Switch) {
            let record = AuditRecord {
                comment: Some("authorities of the host".to_owned()),
                ..AuditRecord::new(now, AuditAction::PolicyChange, None, store.host()?)
            };
            store.announce(&trusted, "The operator of the host", &record)?;
        }
        let authorities = trusted.matches("BEGIN CERTIFICATE").count();
        Ok(Report::new(json!({"authorities": authorities, "practices": practices}), words))
    }
}

/// Whether the other authority is forgotten here, and a practice's policy still announces it: that was cut off.
fn is_cut_off(stores: &[PracticeStore], authorities: &str) -> Result<bool, StoreError> {
    for store in stores {
        let announced = store.policy_in_force()?.authorities;
        if announced.is_some_and(|announced| announced != authorities && announced.contains(authorities)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Refuses while a practice's policy does not announce every one of `authorities`.
fn told(stores: &[PracticeStore], authorities: &str) -> Result<(), StoreError> {
    for store in stores {
        let announced = store.policy_in_force()?.authorities.unwrap_or_default();
        if !authorities.split_inclusive("-----END CERTIFICATE-----\n").all(|one| announced.contains(one)) {
            return Err(StoreError::refused(
                Code::NotNow,
                "Not every practice was told of the other authority yet. `authority next` announces it.",
            ));
        }
    }
    Ok(())
}
