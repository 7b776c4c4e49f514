//! `POST /token`: the next tokens of a sign-in, for the computer that it was made at. One that was used before is an alert.

use std::sync::atomic::Ordering;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Uri},
};
use practice::{
    ids::PracticeId,
    proof::{self, Proof},
    time::Stamp,
    wire::{TokenReply, TokenRequest},
};

use super::{App, Caller, blocking, body, failure::Own, reply::Reply};
use crate::store::{ACCESS_SECONDS, Bound, ENDED, NO_PROOF, Renewed, Reuse, StoreError, verifying};

/// The path that a proof for it names.
pub(super) const PATH: &str = "/token";

pub(super) async fn renew(State(app): State<App>, caller: Caller, uri: Uri, headers: HeaderMap, body: Body) -> Own {
    let TokenRequest { refresh_token } = body::json(body).await?;
    let now = app.now();
    let asked = Asked::of("POST", &uri, &headers);
    let practice = caller.practice.info.id.clone();
    let renewed = blocking(move || {
        let bound = caller.practice.read(|store| store.bound(&refresh_token))?;
        let proof = bound.and_then(|bound| asked.proof(&bound, &refresh_token, now));
        let renew = |store: &mut crate::store::PracticeStore| {
            store.renew(&refresh_token, proof.as_ref(), &caller.workstation.id, now)
        };
        Ok(caller.practice.write(renew)?)
    })
    .await?;
    let tokens = match renewed {
        Renewed::Goes(tokens) => tokens,
        Renewed::Reused(reuse) => {
            app.alert(&practice, reuse);
            return Err(ENDED.into());
        }
    };
    let refresh_token = tokens.refresh.ok_or(StoreError::Damaged("a family without a refresh token"))?;
    let reply = TokenReply { access_token: tokens.access, expires_in: ACCESS_SECONDS, refresh_token };
    Ok(Reply::json(&reply)?.finish(false)?)
}

impl App {
    /// Tells whoever looks after the host, and the practice's admins by mail, that a copy of a sign-in was used. Mail that
    /// can't be sent is in the log, and the admin's list of computers tells it in any case.
    fn alert(&self, practice: &PracticeId, reuse: Reuse) {
        self.0.metrics.reuses.fetch_add(1, Ordering::Relaxed);
        let (practice, workstation) = (practice.as_str(), reuse.workstation.as_str());
        tracing::warn!(practice, workstation, "a copy of a sign-in was used, and the sign-in was ended");
        if let Some(mailer) = self.mailer() {
            tokio::task::spawn_blocking(move || {
                for admin in &reuse.admins {
                    if let Err(error) = mailer.tell_of_a_copy(admin, &reuse.practice) {
                        tracing::warn!(
                            code = error.refusal().code.as_str(),
                            "an admin was not told of the copy by mail"
                        );
                    }
                }
            });
        }
    }
}

/// What a proof has to be for.
pub(super) struct Asked {
    method: String,
    path: String,
    proof: Option<String>,
}

impl Asked {
    pub fn of(method: &str, uri: &Uri, headers: &HeaderMap) -> Self {
        let path = uri.path_and_query().map_or(uri.path(), axum::http::uri::PathAndQuery::as_str);
        let proof = headers.get(proof::HEADER).and_then(|value| value.to_str().ok());
        Self { method: method.to_owned(), path: path.to_owned(), proof: proof.map(str::to_owned) }
    }

    /// The proof that came, when it holds for this request and `token`.
    pub fn proof(&self, bound: &Bound, token: &str, now: Stamp) -> Option<Proof> {
        let key = verifying(&bound.key)?;
        proof::check(self.proof.as_deref()?, &key, (&self.method, &self.path, token), now).ok()
    }
}

/// Refuses a bound token without a proof that is new. Blocks: not for an async thread.
pub(super) fn prove(
    practice: &crate::practices::Practice,
    asked: &Asked,
    bound: &Bound,
    token: &str,
    now: Stamp,
) -> Result<(), StoreError> {
    let proof = asked.proof(bound, token, now).ok_or(NO_PROOF)?;
    if practice.write(|store| store.note_proof(&bound.family, &proof, now))? { Ok(()) } else { Err(NO_PROOF) }
}
