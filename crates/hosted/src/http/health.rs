//! `GET /health`: an answer is the news.

use axum::extract::State;
use practice::wire::Health;

use super::{App, failure::Own, reply::Reply};

pub(super) async fn health(State(app): State<App>) -> Own {
    Ok(Reply::json(&Health { ok: true, now: app.now() })?.finish(false)?)
}
