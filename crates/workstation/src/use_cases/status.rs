//! Where the workstation stands: the shell's state, and `shadowctl status`.

use std::sync::atomic::Ordering;

use practice::{
    policy::{STRICTEST_TIME_OUT, shortened},
    schedule::written,
    time::Stamp,
};
use serde::Serialize;

use crate::{
    desk::Desk,
    freshness::stale,
    refused::Outcome,
    screen::{Finding, Me, MemberTile, Phase, PracticeCard, ShellState, Stale},
    session::{Session, Workstation},
};

/// What `shadowctl status` prints.
#[derive(Serialize)]
pub struct Status {
    /// Practice name.
    pub practice: String,
    /// The host's address.
    pub host: String,
    /// Whether it answers now.
    pub reachable: bool,
    /// The last round that ended well.
    pub last_synced: Option<String>,
    /// What must be said of the data's age, from ten minutes on.
    pub stale: Option<Stale>,
    /// Where the next page begins; opaque.
    pub cursor: Option<String>,
    /// Changes not yet accepted by the host.
    pub pending: u32,
    /// Items a person must look at.
    pub attention: u32,
    /// The policy in force; 0 when none verifies.
    pub policy_version: u32,
    /// When offline work ends unless the host is reached.
    pub lease_ends: Option<String>,
    /// When the whole file was last read.
    pub checked: Option<String>,
    /// What was found wrong with the chart, and for an admin which certificate ends soon.
    pub findings: Vec<Finding>,
}

/// What was found, and what is to come.
fn told(desk: &Desk, now: Stamp) -> Outcome<Vec<Finding>> {
    Ok(desk.findings()?.into_iter().chain(desk.forecast(now)).map(Finding::from).collect())
}

impl Workstation {
    /// The shell's state. Asks nothing of the vault, so it answers while locked.
    pub fn state(&self) -> ShellState {
        let now = self.clock.now();
        let enrolled = self.enrolled().ok();
        let schedule_only = self.at_desk(|desk| Ok(desk.schedule_only())).unwrap_or(false);
        let findings = self.at_desk(|desk| told(desk, now)).unwrap_or_default();
        let (phase, me, own, lock_reason) = match &*self.session.read().unwrap_or_else(|e| e.into_inner()) {
            Session::Open(desk) => (Phase::Open, Some(desk.me.clone()), desk.own_time_out(), None),
            Session::Locked { me, reason } => (Phase::Locked, Some(me.clone()), None, Some(*reason)),
            Session::SignedOut if enrolled.is_some() => (Phase::SignedOut, None, None, None),
            Session::SignedOut => (Phase::Unenrolled, None, None, None),
        };
        let longest = me.as_ref().map_or(STRICTEST_TIME_OUT, |me| self.longest_time_out(me));
        let owners =
            enrolled.as_ref().filter(|e| e.vault.exists()).and_then(|e| e.vault.owners().ok()).unwrap_or_default();
        let members = owners
            .into_iter()
            .map(|owner| MemberTile {
                id: owner.id.to_string(),
                email: owner.email,
                name: owner.name,
                initials: owner.initials,
                color: owner.color.parse().unwrap_or(0),
            })
            .collect();
        ShellState {
            phase,
            time_out_seconds: shortened(longest, own).as_secs() as u32,
            practice: enrolled.as_ref().map(|e| PracticeCard {
                id: e.as_written.practice.id.to_string(),
                name: e.as_written.practice.name.clone(),
                time_zone: e.as_written.practice.time_zone.clone(),
                host: e.as_written.host.clone(),
            }),
            members,
            me: me.map(|me| Me {
                tile: crate::show::tile(&me),
                role: me.role,
                practitioner: me.practitioner.map(String::from),
            }),
            lock_reason,
            schedule_only,
            findings,
            forgotten: phase == Phase::Unenrolled && self.forgotten.load(Ordering::SeqCst),
            now: enrolled.as_ref().map_or_else(|| now.to_string(), |e| written(&e.zone, now)),
            sync: self.sync_state(),
        }
    }

    /// The status, for a terminal; asks the host whether it answers.
    ///
    /// # Errors
    /// When locked.
    pub async fn status(self: &std::sync::Arc<Self>) -> Outcome<Status> {
        let enrolled = self.at_desk(|desk| Ok(std::sync::Arc::clone(&desk.enrolled)))?;
        let reachable = enrolled.line.health().await.is_ok();
        let policy = self.policy(&enrolled);
        self.at_desk(|desk| {
            let (pending, attention) = desk.store.outbox_count().map_err(|e| e.refusal())?;
            let lease = policy.as_ref().map_or(practice::policy::STRICTEST_LEASE, |p| p.lease());
            let ends = desk.marks()?.0.timestamp() + lease;
            Ok(Status {
                practice: enrolled.as_written.practice.name.clone(),
                host: enrolled.as_written.host.clone(),
                reachable,
                last_synced: desk.last_synced().map(|at| written(&enrolled.zone, at)),
                stale: desk.last_synced().and_then(|at| stale(&enrolled.zone, at, self.clock.now())),
                cursor: desk.store.cursor().map_err(|e| e.refusal())?,
                pending,
                attention,
                policy_version: policy.as_ref().map_or(0, |p| p.version),
                lease_ends: Some(written(&enrolled.zone, Stamp::new(ends))),
                checked: desk.checked()?.map(|at| written(&enrolled.zone, at)),
                findings: told(desk, self.clock.now())?,
            })
        })
    }
}
