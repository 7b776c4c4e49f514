//! `verify-audit`: every chain, from its first entry to its end.

use clap::Args;
use serde_json::json;

use super::{Offices, Outcome, Report};
use crate::store::PracticeStore;

#[derive(Args)]
pub(super) struct VerifyAudit {
    #[command(flatten)]
    offices: Offices,
}

impl VerifyAudit {
    pub fn run(self) -> Outcome {
        let (dir, practices) = self.offices.open()?;
        let (mut found, mut words, mut wrong) = (Vec::new(), String::new(), false);
        for id in practices {
            let chains = PracticeStore::open(&dir, &id)?.check_audit()?;
            let entries: u64 = chains.iter().map(|chain| chain.entries).sum();
            words += &format!("{id}  {} chains, {entries} entries\n", chains.len());
            for (chain, broken) in chains.iter().filter_map(|chain| Some((chain, chain.broken.as_ref()?))) {
                wrong = true;
                words += &format!("  the chain of {} breaks at {}: {}\n", chain.workstation, broken.seq, broken.say);
            }
            found.push(json!({"practice": id, "chains": chains}));
        }
        let end = if wrong { "Something was altered or removed." } else { "Every chain is whole." };
        Ok(Report::new(json!({"intact": !wrong, "practices": found}), words + end).wrong(wrong))
    }
}
