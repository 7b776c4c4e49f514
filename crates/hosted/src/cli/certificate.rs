//! `certificate`: the host's word on the practices that it has destroyed.

use std::path::PathBuf;

use clap::Args;
use practice::{Code, ids::PracticeId};
use serde_json::json;

use super::{Outcome, Report, practice_id};
use crate::{data_dir::DataDir, ending::certificates, store::StoreError};

#[derive(Args)]
pub(super) struct Certificate {
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// One practice's id; every certificate without it.
    #[arg(long, value_name = "ID", value_parser = practice_id)]
    practice: Option<PracticeId>,
}

impl Certificate {
    pub fn run(self) -> Outcome {
        let mut all = certificates(&DataDir::open(&self.data)?)?;
        if let Some(one) = self.practice {
            all.retain(|(told, _, _)| told.practice == one);
            if all.is_empty() {
                return Err(StoreError::refused(
                    Code::NotFound,
                    "There is no certificate of that practice's deletion.",
                ));
            }
        }
        let (mut words, mut wrong) = (String::new(), false);
        for (told, signed, good) in &all {
            words += &format!(
                "{} ({})\n  asked {} by {}\n  done {}\n",
                told.name, told.practice, told.asked, told.asked_by_name, told.done
            );
            words.extend(told.destroyed.iter().map(|what| format!("  destroyed: {what}\n")));
            words.extend(told.left.iter().map(|what| format!("  left: {what}\n")));
            let end = if *good { "holds" } else { "DOES NOT HOLD" };
            words += &format!("  the signature {end}: {}\n", signed.signature);
            wrong |= !good;
        }
        if all.is_empty() {
            words += "This host has deleted no practice.";
        }
        let documents: Vec<_> = all
            .iter()
            .map(|(told, signed, good)| json!({"certificate": told, "signed": signed, "holds": good}))
            .collect();
        Ok(Report::new(json!({"certificates": documents}), words).wrong(wrong))
    }
}
