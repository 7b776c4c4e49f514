//! `POST /sign-out`: a member's tokens end, at this computer or everywhere.

use axum::{body::Body, extract::State, http::StatusCode, response::IntoResponse};
use practice::wire::SignOutRequest;

use super::{App, Caller, blocking, body, failure::Own};
use crate::store::StoreError;

pub(super) async fn sign_out(State(app): State<App>, caller: Caller, body: Body) -> Own {
    let member = caller.member.ok_or(StoreError::Damaged("a member's endpoint without a member"))?;
    let SignOutRequest { everywhere } = body::json(body).await?;
    let (now, desk) = (app.now(), caller.workstation.id);
    blocking(move || Ok(caller.practice.write(|store| store.sign_out(&member.id, &desk, everywhere, now))?)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
