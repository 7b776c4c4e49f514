//! The security policy: what is in force, and the admin's change to it.

use std::sync::Arc;

use practice::{
    Role,
    audit::{AuditAction, AuditRecord},
    permission::{ChangePolicy, ReadPolicy},
    policy::{self, NameFormat, Policy, STRICTEST_TIME_OUT, SignedPolicy, TimeOut, Zone},
    resource::ResourceType,
    schedule::written,
    wire::PolicyWish,
};

use crate::{
    desk::Desk,
    refused::Outcome,
    screen::{PolicyChange, PolicyPage, TimeOutCell},
    session::{Enrolled, Workstation},
};

impl Workstation {
    /// The policy in force, as a page.
    ///
    /// # Errors
    /// When locked.
    pub fn policy_page(&self) -> Outcome<PolicyPage> {
        self.at_desk(|desk| {
            desk.may::<ReadPolicy>()?;
            let policy = self.policy(&desk.enrolled);
            let cell = |role, zone| TimeOutCell {
                role,
                zone,
                seconds: policy.as_ref().map_or(STRICTEST_TIME_OUT, |p| p.time_out(role, zone)).as_secs() as u32,
            };
            Ok(PolicyPage {
                version: policy.as_ref().map_or(0, |p| p.version),
                since: policy.as_ref().map(|p| written(&desk.enrolled.zone, p.signed_at)).unwrap_or_default(),
                by: policy.as_ref().map(|p| p.by.clone()).unwrap_or_default(),
                time_outs: Role::ALL.into_iter().flat_map(|role| Zone::ALL.map(|zone| cell(role, zone))).collect(),
                zone: desk.enrolled.as_written.zone,
                grace_hours: policy.as_ref().map_or(0, |p| p.grace_hours),
                days_back: policy.as_ref().and_then(|p| p.horizon.days_back),
                days_ahead: policy.as_ref().and_then(|p| p.horizon.days_ahead),
                second_factor: policy.as_ref().map(|p| p.second_factor.clone()).unwrap_or_default(),
                names: policy.as_ref().map_or(NameFormat::Initials, |p| p.names),
                lease_hours: policy.map_or(*policy::LEASE_HOURS.start(), |p| p.lease_hours),
                editable: desk.may::<ChangePolicy>().is_ok(),
            })
        })
    }

    /// Asks the host to change the policy; what it signs is in force here at once.
    ///
    /// # Errors
    /// When locked or not an admin's, when the host can't be reached, and for a conflict or a value out of range.
    pub async fn set_policy(self: &Arc<Self>, change: PolicyChange) -> Outcome<PolicyPage> {
        let say = "Changing the policy needs the host, which can't be reached now.";
        let (enrolled, person, generation) = self.person::<ChangePolicy>(say).await?;
        let wish = PolicyWish {
            base_version: change.base_version,
            time_outs: change
                .time_outs
                .iter()
                .map(|cell| TimeOut { role: cell.role, zone: cell.zone, seconds: cell.seconds })
                .collect(),
            lease_hours: change.lease_hours,
            grace_hours: change.grace_hours,
            days_back: change.days_back,
            days_ahead: change.days_ahead,
            second_factor: change.second_factor,
            names: change.names,
            comment: super::change::clean(change.comment)?,
        };
        let signed = enrolled.line.change_policy(&person, &wish).await?;
        let version = self.take_policy(&enrolled, &signed)?.version;
        self.desk_of(generation, |desk| {
            let record = AuditRecord {
                query: Some(format!("version {version}")),
                comment: wish.comment.clone(),
                ..desk.tells(self.clock.now(), AuditAction::PolicyChange)
            };
            Ok(desk.store.record(&record).map_err(|e| e.refusal())?)
        })?;
        self.policy_page()
    }

    /// Takes a policy that came from the host, verified. One that does not hold, or is from the future, is refused. An older one than was seen here (the host lives anew, from a
    /// backup) never comes in force: what is held stays, and when nothing is held the strictest does.
    pub(crate) fn take_policy(&self, enrolled: &Enrolled, signed: &SignedPolicy) -> Outcome<Policy> {
        let fresh = policy::verify(signed, &enrolled.policy_key, &enrolled.as_written.practice.id)?;
        fresh.check_date(self.clock.now())?;
        let held = self.policy(enrolled);
        let highest = enrolled.saw_policy(fresh.version.max(held.as_ref().map_or(0, |held| held.version)));
        if fresh.version < highest {
            tracing::warn!("the host sent an older security policy than this computer has seen");
        } else if held.as_ref() != Some(&fresh) {
            self.home.keep_policy(signed)?;
            enrolled.line.holds_policy(fresh.version);
            self.notify(crate::Notice::Shell);
            // What is on screen calls patients otherwise now.
            if held.is_some_and(|held| held.names != fresh.names) {
                self.changed(vec![ResourceType::APPOINTMENT.as_str().to_owned()]);
            }
        }
        let _ = self.at_desk(Desk::keep_policy_version);
        Ok(fresh)
    }
}
