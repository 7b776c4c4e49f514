//! `POST /sign-in`: a member's password, compared where it holds nobody up.

use axum::{body::Body, extract::State};
use base64::{Engine, engine::general_purpose::STANDARD};
use practice::{
    Code,
    wire::{SignInReply, SignInRequest},
};

use super::{
    App, Caller, blocking, body,
    failure::{Failure, Own},
    reply::Reply,
};
use crate::store::{ACCESS_SECONDS, Password, StoreError};

pub(super) async fn sign_in(State(app): State<App>, caller: Caller, body: Body) -> Own {
    let now = app.now();
    if !app.0.sign_ins.allows(caller.workstation.id.as_str(), now) {
        return Err(Failure::new(Code::TooManyAttempts, "Too many tries from this computer. Wait five minutes.").into());
    }
    let SignInRequest { email, password, workstation_key } = body::json(body).await?;
    let password = Password::typed(password);
    let turn = app.0.stretching.acquire().await.map_err(|_| StoreError::Damaged("a closed semaphore"))?;
    let reply = blocking(move || {
        let Caller { practice, workstation, .. } = caller;
        let attempt = practice.write(|store| store.open_try(&email, &workstation.id, now))?;
        // Outside the writer's lock: others write meanwhile.
        let fits = password.is(attempt.member.as_ref().and_then(|member| member.password.as_ref()));
        practice.write(|store| {
            let (member, access_token) = store.sign_in(attempt, fits, &workstation.id, now)?;
            if let Some(key) = workstation_key {
                store.know_key(&workstation.id, &key)?;
            }
            Ok::<_, Failure>(SignInReply {
                member: member.info,
                access_token,
                expires_in: ACCESS_SECONDS,
                share: STANDARD.encode(store.share(&workstation.id)?),
                policy: store.policy()?,
                epoch: practice.epoch.clone(),
            })
        })
    })
    .await?;
    drop(turn);
    Ok(Reply::json(&reply)?.finish(false)?)
}
