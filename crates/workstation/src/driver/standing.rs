//! Whether the policy and the members are here as they are at the host. A page of the history says how the practice
//! stands, so that a round which brings nothing new is one request.

use std::sync::Arc;

use sync::Event;

use super::{Round, Trouble, give_back, stopped_here};
use crate::{host::HostError, screen::LockReason, session::Workstation};

impl Workstation {
    /// Before anything is sent, and before a first sync. Otherwise the page that is pulled says whether there is a need.
    pub(super) async fn take_policy_first(self: &Arc<Self>, round: &Round) -> Result<Event, Trouble> {
        let now = self.clock.now();
        let first = self
            .in_background(round.generation, move |desk| {
                let begun = desk.store.cursor().map_err(|e| e.refusal())?.is_some();
                Ok(!begun || desk.store.outbox_waits(now).map_err(|e| e.refusal())?)
            })
            .await?;
        if first {
            self.refresh_policy(round).await?;
        }
        Ok(Event::PolicyTaken)
    }

    /// Asks for the policy and the members, unless they are here as the practice stands. What was asked for after the host
    /// said so is as new, or newer.
    pub(super) async fn follow_standing(self: &Arc<Self>, round: &Round, told: Option<String>) -> Result<(), Trouble> {
        // A policy whose file was taken away or altered meanwhile is none.
        let policy = self.policy(&round.enrolled);
        let stands = self.desk_of(round.generation, |desk| {
            let policy = policy.filter(|_| told.as_deref().is_some_and(|told| desk.stands(told)));
            // It is the same one, and the days go by.
            policy.as_ref().map(|policy| self.follow_horizon(policy, &round.enrolled, desk)).transpose()
        })?;
        if stands.is_some() {
            return Ok(());
        }
        self.refresh_policy(round).await?;
        Ok(self.desk_of(round.generation, |desk| {
            desk.set_standing(told);
            Ok(())
        })?)
    }

    async fn refresh_policy(self: &Arc<Self>, round: &Round) -> Result<(), Trouble> {
        let (policy, life) = round.enrolled.line.policy(round.bearer()).await?;
        self.home.stop(false);
        self.sync_changed(|status| status.reachable = true);
        self.take_policy(&round.enrolled, &policy)?;
        self.follow_authorities(&round.enrolled).await?;
        let me = self.desk_of(round.generation, |desk| Ok(desk.me.id.clone()))?;
        let members = round.enrolled.line.members(round.bearer(), &me).await?;
        // Every practice has its admin.
        if members.is_empty() {
            return Err(HostError::Confused.into());
        }
        let stopped = self.desk_of(round.generation, |desk| {
            give_back::notice_restore(desk, &life, self.clock.now())?;
            if let Some(policy) = self.policy(&round.enrolled) {
                self.follow_horizon(&policy, &round.enrolled, desk)?;
            }
            desk.keep_members(&members)?;
            Ok(members.iter().find(|m| m.id == desk.me.id).is_none_or(|m| m.stopped))
        })?;
        if stopped {
            self.lock(LockReason::MemberStopped);
            return Err(Trouble::Closed(stopped_here()));
        }
        Ok(())
    }
}
