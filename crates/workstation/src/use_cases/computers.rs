//! The practice's computers: what the admin sees of them, and stops, starts and wipes. The host knows them; nothing of
//! this is kept here.

use std::sync::Arc;

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::WorkstationId,
    permission::{ChangeWorkstation, ReadWorkstations},
    schedule::written,
    wire::{Standing, WorkstationInfo, WorkstationWish},
};

use crate::{
    refused::{Outcome, refuse},
    screen::{Computer, ComputerChange, ComputerState},
    session::{Enrolled, Workstation},
};

/// What is said when the host does not know the admin any more.
const UNKNOWN: &str = "The list of computers is kept by the host. Lock, then unlock while the host can be reached.";

impl Workstation {
    /// Every computer that ever joined, in order of joining.
    ///
    /// # Errors
    /// When locked or not an admin's, and when the host can't be reached.
    pub async fn computers(self: &Arc<Self>) -> Outcome<Vec<Computer>> {
        let (enrolled, person, _) = self.person::<ReadWorkstations>(UNKNOWN).await?;
        let all = enrolled.line.workstations(&person).await?;
        Ok(all.into_iter().map(|one| shown(&enrolled, one)).collect())
    }

    /// Asks the host to stop a computer, to let it work again or to make it forget the practice; gives it as it is then.
    ///
    /// # Errors
    /// When locked or not an admin's, when the host can't be reached, and when there is no such computer or it was told
    /// to forget before.
    pub async fn set_computer(self: &Arc<Self>, change: ComputerChange) -> Outcome<Computer> {
        let (enrolled, person, generation) = self.person::<ChangeWorkstation>(UNKNOWN).await?;
        let Some(id) = WorkstationId::parse(&change.computer) else {
            return refuse(Code::NotFound, "The practice has no such computer.");
        };
        let wish = WorkstationWish { standing: change.standing, comment: super::change::clean(change.comment)? };
        let now = enrolled.line.change_workstation(&person, &id, &wish).await?;
        let here = id == enrolled.as_written.workstation;
        self.desk_of(generation, |desk| {
            let what = match wish.standing {
                Standing::Works => "started",
                Standing::Stopped => "stopped",
                Standing::Wipe => "told to wipe",
            };
            let record = AuditRecord {
                query: Some(format!("workstation {id} {what}")),
                comment: wish.comment,
                ..desk.tells(self.clock.now(), AuditAction::Update)
            };
            Ok(desk.store.record(&record).map_err(|e| e.refusal())?)
        })?;
        if here {
            // What was ordered for this computer is done when it next asks the host.
            self.poked.notify_one();
        }
        Ok(shown(&enrolled, now))
    }
}

fn shown(enrolled: &Enrolled, one: WorkstationInfo) -> Computer {
    let wall = |at| written(&enrolled.zone, at);
    Computer {
        here: one.id == enrolled.as_written.workstation,
        id: one.id.to_string(),
        name: one.name,
        zone: one.zone,
        joined: wall(one.enrolled),
        last_used: one.told.map(wall),
        state: match (one.wiped, one.wipe, one.stopped) {
            (Some(_), _, _) => ComputerState::Forgotten,
            (None, Some(_), _) => ComputerState::Forgetting,
            (None, None, true) => ComputerState::Stopped,
            (None, None, false) => ComputerState::Works,
        },
        told: one.wipe.map(wall),
        receipt: one.wiped.map(wall),
    }
}
