//! `POST /audit`: the next links of a workstation's audit chain.

use axum::{body::Body, extract::State};
use practice::wire::{AuditReceipt, AuditUpload};

use super::{App, Caller, blocking, body, failure::Own, reply::Reply};

pub(super) async fn upload(State(app): State<App>, caller: Caller, body: Body) -> Own {
    let now = app.now();
    let upload: AuditUpload = body::json(body).await?;
    let accepted_through = blocking(move || {
        Ok(caller.practice.write(|store| store.take_audit(&caller.workstation.id, &upload.entries, now))?)
    })
    .await?;
    Ok(Reply::json(&AuditReceipt { accepted_through })?.finish(false)?)
}
