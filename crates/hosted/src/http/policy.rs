//! `GET` and `PUT /policy`: the practice's signed security settings.

use axum::{body::Body, extract::State};
use practice::{
    audit::{AuditAction, AuditRecord},
    permission::{ChangePolicy, authorise},
    wire::PolicyWish,
};

use super::{
    App, Caller, blocking, body,
    failure::{Failure, Own},
    reply::Reply,
};
use crate::store::StoreError;

pub(super) async fn show(caller: Caller) -> Own {
    let signed = blocking(move || Ok(caller.practice.read(|store| store.policy())?)).await?;
    Ok(Reply::json(&signed)?.finish(false)?)
}

pub(super) async fn change(State(app): State<App>, caller: Caller, body: Body) -> Own {
    let member = caller.member.ok_or(StoreError::Damaged("a member's endpoint without a member"))?;
    let _permitted = authorise::<ChangePolicy>(member.role)?;
    let wish: PolicyWish = body::json(body).await?;
    let now = app.now();
    let signed = blocking(move || {
        let record = AuditRecord {
            comment: wish.comment.clone(),
            ..AuditRecord::new(now, AuditAction::PolicyChange, Some(member.id), caller.workstation.id)
        };
        caller.practice.write(|store| store.change_policy(&wish, &member.name, &record)).map_err(Failure::from)
    })
    .await?;
    Ok(Reply::json(&signed)?.finish(false)?)
}
