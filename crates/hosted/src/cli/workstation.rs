//! `workstation`: the practice's computers.

use clap::{Args, Subcommand};
use practice::{ids::WorkstationId, wire::Standing};
use serde_json::{Value, json};

use super::{Office, Outcome, Report};
use crate::{serve::now, store};

#[derive(Args)]
pub(super) struct Workstation {
    #[command(flatten)]
    office: Office,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// List every computer that ever joined.
    List,
    /// Stop a computer: nobody works on it, from its next contact on.
    Stop {
        /// Its id, as `list` shows it.
        #[arg(value_parser = id)]
        id: WorkstationId,
    },
    /// Let a stopped computer work again.
    Start {
        /// Its id, as `list` shows it.
        #[arg(value_parser = id)]
        id: WorkstationId,
    },
    /// Tell a computer to forget the practice, at its next contact. What it has not sent comes sealed with its
    /// receipt: see `rescue`.
    Wipe {
        /// Its id, as `list` shows it.
        #[arg(value_parser = id)]
        id: WorkstationId,
    },
}

pub(super) fn id(text: &str) -> Result<WorkstationId, &'static str> {
    WorkstationId::parse(text).ok_or("a computer's id has letters, digits, '-' and '.'")
}

impl Workstation {
    pub fn run(self) -> Outcome {
        let mut store = self.office.open()?;
        let changed = match self.what {
            What::List => {
                let all = store.workstations()?;
                let lines: String = all.iter().map(|one| line(one) + "\n").collect();
                return Ok(Report::new(json!({"workstations": all.iter().map(document).collect::<Vec<_>>()}), lines));
            }
            What::Stop { id } => store.order_workstation(&id, Standing::Stopped, now())?,
            What::Start { id } => store.order_workstation(&id, Standing::Works, now())?,
            What::Wipe { id } => store.order_workstation(&id, Standing::Wipe, now())?,
        };
        Ok(Report::new(document(&changed), line(&changed)))
    }
}

fn document(one: &store::Workstation) -> Value {
    json!({
        "id": one.id, "name": one.name, "zone": one.zone, "enrolled": one.enrolled, "stopped": one.stopped,
        "wipe_ordered": one.wipe, "wiped": one.wiped,
    })
}

fn line(one: &store::Workstation) -> String {
    let standing = match one {
        store::Workstation { wiped: Some(at), .. } => format!("  (wiped, receipt of {at})"),
        store::Workstation { wipe: Some(at), .. } => format!("  (told to wipe {at}, no receipt yet)"),
        store::Workstation { stopped: true, .. } => "  (stopped)".to_owned(),
        _ => String::new(),
    };
    format!("{:<38}{:<16}{}{standing}", one.id.as_str(), one.zone.as_str(), one.name)
}
