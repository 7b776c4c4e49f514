//! `GET /workstations` and `PUT /workstations/{id}`: the practice's computers, for its admin.

use axum::{
    body::Body,
    extract::{Path, State},
};
use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::WorkstationId,
    permission::{ChangeWorkstation, ReadWorkstations, authorise},
    wire::{WorkstationInfo, WorkstationWish},
};

use super::{
    App, Caller, blocking, body,
    failure::{Failure, Own},
    reply::Reply,
};
use crate::store::{PracticeStore, StoreError, Workstation};

/// The longest comment taken, in characters.
pub(super) const MAX_COMMENT: usize = 1000;

pub(super) async fn list(caller: Caller) -> Own {
    let member = caller.member.ok_or(StoreError::Damaged("a member's endpoint without a member"))?;
    let _permitted = authorise::<ReadWorkstations>(member.role)?;
    let all = blocking(move || {
        let read = |store: &PracticeStore| {
            store.workstations()?.into_iter().map(|one| told(store, one)).collect::<Result<Vec<_>, _>>()
        };
        Ok(caller.practice.read(read)?)
    })
    .await?;
    Ok(Reply::json(&all)?.finish(false)?)
}

pub(super) async fn change(State(app): State<App>, caller: Caller, Path(id): Path<String>, body: Body) -> Own {
    let member = caller.member.ok_or(StoreError::Damaged("a member's endpoint without a member"))?;
    let _permitted = authorise::<ChangeWorkstation>(member.role)?;
    let unknown = || Failure::new(Code::NotFound, "The practice has no such computer.");
    let id = WorkstationId::parse(&id).ok_or_else(unknown)?;
    let wish: WorkstationWish = body::json(body).await?;
    if wish.comment.as_ref().is_some_and(|comment| comment.chars().count() > MAX_COMMENT) {
        return Err(Failure::new(Code::Invalid, "The comment is longer than 1,000 characters. Shorten it.").into());
    }
    let now = app.now();
    let changed = blocking(move || {
        let by = AuditRecord {
            comment: wish.comment,
            ..AuditRecord::new(now, AuditAction::Update, Some(member.id), caller.workstation.id)
        };
        // The try is written down where it is answered.
        caller.practice.read(|store| store.workstation(&id))?.ok_or_else(unknown)?;
        let changed = caller.practice.write(|store| store.set_workstation(&id, wish.standing, by))?;
        Ok(caller.practice.read(|store| told(store, changed))?)
    })
    .await?;
    Ok(Reply::json(&changed)?.finish(false)?)
}

fn told(store: &PracticeStore, one: Workstation) -> Result<WorkstationInfo, StoreError> {
    Ok(WorkstationInfo {
        told: store.last_told(&one.id)?,
        id: one.id,
        name: one.name,
        zone: one.zone,
        enrolled: one.enrolled,
        stopped: one.stopped,
        wipe: one.wipe,
        wiped: one.wiped,
        has_key: one.has_key,
        seen: one.seen,
        program: one.program,
        policy: one.policy,
        locked: one.locked,
        copied: one.copied,
    })
}
