//! The practice's computers: what the admin sees of them, and stops, starts and wipes. The host knows them; nothing of
//! this is kept here.

use std::sync::Arc;

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::WorkstationId,
    permission::{ChangeWorkstation, ReadWorkstations},
    schedule::written,
    time::Stamp,
    wire::{Standing, WorkstationInfo, WorkstationWish},
};

use crate::{
    refused::{Outcome, refuse},
    screen::{Computer, ComputerChange, ComputerState},
    session::{Enrolled, Workstation},
};

const DAY: u64 = 24 * 60 * 60;

/// Days without a word from a computer after which its admin should look: more than a weekend.
const QUIET_DAYS: u32 = 4;

/// Days for which a copied sign-in is shown; the audit trail tells of it for good.
const COPY_DAYS: u64 = 30;

/// What is said when the host can't be reached and does not know the admin any more.
const UNKNOWN: &str =
    "The list of computers is kept by the host, which can't be reached now. It shows here when the host is back.";

impl Workstation {
    /// Every computer that ever joined, in order of joining.
    ///
    /// # Errors
    /// When locked or not an admin's, and when the host can't be reached.
    pub async fn computers(self: &Arc<Self>) -> Outcome<Vec<Computer>> {
        let (enrolled, person, _) = self.person::<ReadWorkstations>(UNKNOWN).await?;
        let all = enrolled.line.workstations(&person).await?;
        let newest = self.newest(&enrolled, &all);
        Ok(all.into_iter().map(|one| shown(&enrolled, one, &newest)).collect())
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
        let newest = self.newest(&enrolled, std::slice::from_ref(&now));
        Ok(shown(&enrolled, now, &newest))
    }

    /// What a computer is measured by: this one and `all`, whichever is newer.
    fn newest(&self, enrolled: &Enrolled, all: &[WorkstationInfo]) -> Newest {
        let ours = numbers(env!("CARGO_PKG_VERSION"));
        let programs = all.iter().filter_map(|one| one.program.as_deref()).map(numbers);
        let held = all.iter().filter_map(|one| one.policy).max().unwrap_or_default();
        Newest {
            now: self.clock.now(),
            program: programs.fold(ours, Vec::max),
            policy: self.policy(enrolled).map_or(held, |ours| ours.version.max(held)),
        }
    }
}

struct Newest {
    now: Stamp,
    program: Vec<u64>,
    policy: u32,
}

/// The numbers of a version, which compare as the versions do.
fn numbers(version: &str) -> Vec<u64> {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    core.split('.').map(|number| number.parse().unwrap_or_default()).collect()
}

fn shown(enrolled: &Enrolled, one: WorkstationInfo, newest: &Newest) -> Computer {
    let wall = |at| written(&enrolled.zone, at);
    let works = one.wipe.is_none() && !one.stopped;
    let quiet = newest.now.since(one.seen.unwrap_or(one.enrolled)).as_secs() / DAY;
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
        quiet_days: u32::try_from(quiet).ok().filter(|days| works && *days >= QUIET_DAYS),
        seen: one.seen.map(wall),
        program_behind: works && one.program.as_deref().is_some_and(|program| numbers(program) < newest.program),
        program: one.program,
        policy_behind: works && one.policy.is_some_and(|policy| policy < newest.policy),
        policy: one.policy,
        locked: one.locked.map(wall),
        copied: one.copied.filter(|at| newest.now.since(*at).as_secs() < COPY_DAYS * DAY).map(wall),
        has_key: one.has_key,
    }
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn versions_compare_by_their_numbers() {
        for (older, newer) in [("0.9.0", "0.10.0"), ("1.2", "1.2.1"), ("1.2.3", "2.0.0-beta+7"), ("", "0.0.1")] {
            assert!(numbers(older) < numbers(newer), "{older} {newer}");
        }
        assert_eq!(numbers("1.2.3+build"), numbers("1.2.3"));
    }
}
