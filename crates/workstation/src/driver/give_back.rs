//! After a restore the host lacks what came after its backup, and this computer may have it. What the host takes back is
//! again what it was; what it can't take, since something else was made there meanwhile, becomes a change that waits like
//! any other, and is merged or settled like one.

use std::{sync::Arc, time::Duration};

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::ChangeId,
    policy::SignedPolicy,
    provenance::ChangeNote,
    schedule::{Zoned, written},
    time::Stamp,
    views::AppointmentView,
    wire::{self, AuditUpload},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use store::{LookedThrough, Lost, Write};
use sync::Event;

use super::{Round, Trouble};
use crate::{desk::Desk, host::HostError, refused::Outcome, screen::Restored, session::Workstation};

/// Records given back at once.
const BATCH: usize = 500;

/// Where the vault keeps what came of the last restore.
const RESTORED: &str = "restored";

/// How long a restore is told of.
const NEWS: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How far a round has come with it.
#[derive(Default)]
pub(super) struct GivingBack {
    looked: LookedThrough,
    /// The policy and the audit chain were seen to.
    begun: bool,
    /// Something is left for the next round.
    left: bool,
    /// What waited for it may go now.
    pub(super) sends_again: bool,
}

/// What came of the last restore, as the vault keeps it.
#[derive(Serialize, Deserialize)]
pub(super) struct GivenBack {
    at: Stamp,
    given_back: u32,
    changed: u32,
}

impl GivenBack {
    pub(super) fn kept(desk: &Desk) -> Option<Self> {
        serde_json::from_str(&desk.store.meta_get(RESTORED).ok()??).ok()
    }

    fn keep(&self, desk: &Desk) -> Outcome<()> {
        let text = serde_json::to_string(self).unwrap_or_else(|_| unreachable!("plain data"));
        Ok(desk.store.meta_set(RESTORED, &text).map_err(|e| e.refusal())?)
    }

    /// As the windows show it, while it is news.
    pub(super) fn shown(self, zone: &Zoned, now: Stamp) -> Option<Restored> {
        let Self { at, given_back, changed } = self;
        (now.since(at) < NEWS).then(|| Restored { at: written(zone, at), given_back, changed })
    }
}

/// The host says which life it is in: in another than before, it was restored.
pub(super) fn notice_restore(desk: &Desk, life: &str, at: Stamp) -> Outcome<()> {
    let known = desk.store.epoch().map_err(|e| e.refusal())?;
    if known.is_some_and(|known| known != life) {
        GivenBack { at, given_back: 0, changed: 0 }.keep(desk)?;
        desk.store.set_epoch(life).map_err(|e| e.refusal())?;
    }
    Ok(())
}

impl Workstation {
    pub(super) async fn give_back(self: &Arc<Self>, round: &mut Round) -> Result<Event, Trouble> {
        let looked = round.giving_back.looked.clone();
        let found = self
            .in_background(round.generation, move |desk| {
                if !desk.store.is_giving_back().map_err(|e| e.refusal())? {
                    return Ok(None);
                }
                Ok(Some(desk.store.lost(looked, BATCH).map_err(|e| e.refusal())?))
            })
            .await?;
        let Some(found) = found else { return Ok(Event::GaveBack { more: false }) };
        if found.lost.is_empty() && round.giving_back.begun {
            return self.gave_back(round).await;
        }
        let policy = if round.giving_back.begun { None } else { self.see_to_chain(round).await? };
        let resources: Vec<&RawValue> = found
            .lost
            .iter()
            .map(|one| serde_json::from_str(&one.text))
            .collect::<Result<_, _>>()
            .map_err(|_| Trouble::Local(store::StoreError::Damaged.refusal().into()))?;
        let given = wire::GivenBack { life: &found.life, resources, policy };
        let refused = match round.enrolled.line.give_back(round.bearer(), &given).await {
            Ok(receipt) if receipt.refused.len() == found.lost.len() => receipt.refused,
            Ok(_) => return Err(HostError::Confused.into()),
            Err(HostError::Refused(refused)) if matches!(refused.code, Code::Invalid | Code::NotFound) => {
                // A host that takes nothing back must not hold up what waits.
                tracing::warn!("the host was restored and takes nothing back");
                return self.gave_back(round).await;
            }
            Err(error) => return Err(error.into()),
        };
        let (at, ws) = (self.clock.now(), Arc::clone(self));
        let left = self.in_background(round.generation, move |desk| keep(&ws, desk, &found.lost, &refused, at)).await?;
        round.giving_back.looked = found.next;
        round.giving_back.begun = true;
        round.giving_back.left |= left;
        Ok(Event::GaveBack { more: true })
    }

    /// The host has all that it takes.
    async fn gave_back(self: &Arc<Self>, round: &mut Round) -> Result<Event, Trouble> {
        if !round.giving_back.left {
            self.in_background(round.generation, |desk| Ok(desk.store.gave_back().map_err(|e| e.refusal())?)).await?;
        }
        round.giving_back = GivingBack { sends_again: !round.giving_back.left, ..GivingBack::default() };
        Ok(Event::GaveBack { more: false })
    }

    /// The audit chain goes on from where the host has it; the policy in force here is given back.
    async fn see_to_chain(self: &Arc<Self>, round: &Round) -> Result<Option<SignedPolicy>, Trouble> {
        let nothing = AuditUpload { entries: Vec::new() };
        let through = round.enrolled.line.send_audit(round.bearer(), &nothing).await?.accepted_through;
        self.in_background(round.generation, move |desk| {
            Ok(desk.store.audit_lost_after(through).map_err(|e| e.refusal())?)
        })
        .await?;
        Ok(self.home.policy())
    }
}

/// Keeps what became of `lost`; whether something is left for the next round.
fn keep(ws: &Workstation, desk: &Desk, lost: &[Lost], refused: &[Option<String>], at: Stamp) -> Outcome<bool> {
    let answered = || lost.iter().zip(refused);
    let stands: Vec<&Lost> = answered().filter(|(_, refused)| refused.is_none()).map(|(one, _)| one).collect();
    desk.store.stands_again(&stands).map_err(|e| e.refusal())?;
    let query = Some(format!("{} of {} records", stands.len(), lost.len()));
    desk.store.record(&AuditRecord { query, ..desk.tells(at, AuditAction::GiveBack) }).map_err(|e| e.refusal())?;
    let mut told = GivenBack::kept(desk).unwrap_or(GivenBack { at, given_back: 0, changed: 0 });
    told.given_back += u32::try_from(stands.len()).unwrap_or(u32::MAX);
    let (mut left, mut kinds) = (false, Vec::new());
    for (one, reason) in answered().filter_map(|(one, refused)| Some((one, refused.as_deref()?))) {
        let reason = Code::parse(reason).unwrap_or(Code::Invalid);
        let made = make_change(desk, one, reason, at)?;
        left |= !made;
        told.changed += u32::from(made);
        ws.keep_rescue_after(desk, [&one.key].into_iter());
        kinds.push(one.key.kind.as_str().to_owned());
    }
    told.keep(desk)?;
    ws.changed(kinds);
    Ok(left)
}

/// In the name of whoever made it.
fn make_change(desk: &Desk, lost: &Lost, reason: Code, at: Stamp) -> Outcome<bool> {
    let change = ChangeId::from_uuid(uuid::Uuid::new_v4());
    let last = desk.store.last_accepted(&lost.key).map_err(|e| e.refusal())?;
    let (member, member_name) =
        last.map_or_else(|| (desk.me.id.clone(), desk.me.name.clone()), |note| (note.member, note.member_name));
    let activity = "kept what the host had lost when it was restored".to_owned();
    let patient = AppointmentView::read(&lost.text).patient().map(str::to_owned);
    let who = desk.patient_name(patient.as_deref())?.unwrap_or_else(|| lost.key.kind.as_str().to_owned());
    let what = format!("{who}: {activity}");
    let note = ChangeNote {
        id: change.clone(),
        at,
        member: member.clone(),
        member_name,
        workstation: desk.enrolled.as_written.workstation.clone(),
        workstation_name: desk.enrolled.as_written.name.clone(),
        targets: vec![lost.key.clone()],
        activity,
        comment: None,
    };
    let record = AuditRecord { resource: Some(lost.key.clone()), ..desk.tells(at, AuditAction::GiveBack) };
    let write = Write {
        change: &change,
        at,
        member: &member,
        resources: &[],
        provenance: &note.to_fhir(),
        what: &what,
        audit: &[record],
    };
    Ok(desk.store.make_change_of(lost, reason, &write).map_err(|e| e.refusal())?)
}
