//! `operator-key`: where the key that wraps all others is kept.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Outcome, Report};
use crate::{data_dir::DataDir, operator_key::Keep};

#[derive(Args)]
pub(super) struct MoveKey {
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Where it is kept from now on.
    #[arg(long, value_enum, value_name = "PLACE")]
    keep_in: Keep,
}

impl MoveKey {
    pub fn run(self) -> Outcome {
        DataDir::open(&self.data)?.keep_operator_key(self.keep_in)?;
        let (place, say) = match self.keep_in {
            Keep::File => ("file", "The operator's key is in the data folder's operator.key.\n"),
            Keep::Keychain => (
                "keychain",
                "The operator's key is in the keychain. Keep a copy elsewhere: nothing else opens the practices and the backups.\n",
            ),
        };
        Ok(Report::new(json!({"kept_in": place}), say.to_owned()))
    }
}
