//! `enrol-code`: lets one new workstation in.

use clap::Args;
use serde_json::json;

use super::{Office, Outcome, Report};
use crate::serve::now;

#[derive(Args)]
pub(super) struct EnrolCode {
    #[command(flatten)]
    office: Office,
}

impl EnrolCode {
    pub fn run(self) -> Outcome {
        let mut store = self.office.open()?;
        let made = store.new_enrol_code(now())?;
        let until = made.expires.timestamp().to_zoned(store.zone().clone());
        Ok(Report::new(
            json!({"code": made.code, "expires": made.expires}),
            format!("{}\nGood once, until {}.", made.code, until.strftime("%H:%M %Z")),
        ))
    }
}
