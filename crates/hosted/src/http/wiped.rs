//! `POST /wiped`: a workstation's word that it has forgotten the practice.

use axum::{body::Body, extract::State, http::StatusCode, response::IntoResponse};
use practice::wire::SignedReceipt;

use super::{App, Caller, blocking, body, failure::Own};

pub(super) async fn wiped(State(app): State<App>, caller: Caller, body: Body) -> Own {
    let receipt: SignedReceipt = body::json(body).await?;
    let now = app.now();
    blocking(move || Ok(caller.practice.write(|store| store.take_receipt(&caller.workstation.id, &receipt, now))?))
        .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
