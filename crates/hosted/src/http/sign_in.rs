//! `POST /sign-in`: a member's password and second factor, compared where they hold nobody up.

use axum::{body::Body, extract::State};
use base64::{Engine, engine::general_purpose::STANDARD};
use practice::{
    Code,
    audit::AuditAction,
    time::Stamp,
    wire::{SignInReply, SignInRequest},
};

use super::{
    App, Caller, blocking, body,
    failure::{Failure, Own},
    reply::Reply,
    tries,
};
use crate::store::{ACCESS_SECONDS, Limit, Password, Shown, StoreError, Try};

pub(super) async fn sign_in(State(app): State<App>, caller: Caller, body: Body) -> Own {
    let SignInRequest { email, password, workstation_key, code } = body::json(body).await?;
    let reply = tried(&app, caller, email, password, move |caller, attempt, fits, now| {
        let Caller { practice, workstation, .. } = caller;
        practice.write(|store| {
            let shown = Shown { fits, code: code.as_deref(), key: workstation_key.as_deref() };
            let (member, tokens) = store.sign_in(attempt, &shown, &workstation.id, now)?;
            Ok::<_, Failure>(SignInReply {
                member: member.info,
                access_token: tokens.access,
                expires_in: ACCESS_SECONDS,
                refresh_token: tokens.refresh,
                share: STANDARD.encode(store.share(&workstation.id)?),
                policy: store.policy()?,
                epoch: practice.epoch.clone(),
            })
        })
    })
    .await?;
    Ok(Reply::json(&reply)?.finish(false)?)
}

/// Whether one more try is within what the caller's computer has. What is too much here already costs no question to the
/// store, where every process that serves counts.
async fn within(app: &App, caller: &Caller, now: Stamp) -> Result<bool, Failure> {
    if !app.0.sign_ins.allows(caller.workstation.id.as_str(), now) {
        return Ok(false);
    }
    let (practice, id) = (caller.practice.clone(), caller.workstation.id.clone());
    blocking(move || Ok(practice.write(|store| store.within(&Limit::PASSWORDS, id.as_str(), now))?)).await
}

/// A try with a password: `go_on` hears whether it fits. No more at once than there are cores, and so many from one
/// computer.
pub(super) async fn tried<T: Send + 'static>(
    app: &App,
    caller: Caller,
    email: String,
    password: String,
    go_on: impl FnOnce(Caller, Try, bool, Stamp) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let now = app.now();
    if !within(app, &caller, now).await? {
        let what = "too many tries from this computer".to_owned();
        app.audit_try(tries::Try::of(&caller, AuditAction::SignIn, what)).await;
        return Err(Failure::new(Code::TooManyAttempts, "Too many tries from this computer. Wait five minutes."));
    }
    let password = Password::typed(password);
    let turn = app.0.stretching.acquire().await.map_err(|_| StoreError::Damaged("a closed semaphore"))?;
    let done = blocking(move || {
        let attempt =
            caller.practice.write(|store| store.open_try(&email, &caller.from, &caller.workstation.id, now))?;
        // Outside the writer's lock: others write meanwhile.
        let fits = password.is(attempt.member.as_ref().and_then(|member| member.password.as_ref()));
        go_on(caller, attempt, fits, now)
    })
    .await;
    drop(turn);
    done
}
