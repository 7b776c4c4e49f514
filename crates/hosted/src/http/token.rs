//! `POST /token`: the next tokens of a sign-in, for the computer that it was made at.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Uri},
};
use practice::{
    proof::{self, Proof},
    time::Stamp,
    wire::{TokenReply, TokenRequest},
};

use super::{App, Caller, blocking, body, failure::Own, reply::Reply};
use crate::store::{ACCESS_SECONDS, Bound, NO_PROOF, StoreError, verifying};

/// The path that a proof for it names.
pub(super) const PATH: &str = "/token";

pub(super) async fn renew(State(app): State<App>, caller: Caller, uri: Uri, headers: HeaderMap, body: Body) -> Own {
    let TokenRequest { refresh_token } = body::json(body).await?;
    let now = app.now();
    let asked = Asked::of("POST", &uri, &headers);
    let tokens = blocking(move || {
        let bound = caller.practice.read(|store| store.bound(&refresh_token))?;
        let proof = bound.and_then(|bound| asked.proof(&bound, &refresh_token, now));
        let renew = |store: &mut crate::store::PracticeStore| {
            store.renew(&refresh_token, proof.as_ref(), &caller.workstation.id, now)
        };
        Ok(caller.practice.write(renew)?)
    })
    .await?;
    let refresh_token = tokens.refresh.ok_or(StoreError::Damaged("a family without a refresh token"))?;
    let reply = TokenReply { access_token: tokens.access, expires_in: ACCESS_SECONDS, refresh_token };
    Ok(Reply::json(&reply)?.finish(false)?)
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
