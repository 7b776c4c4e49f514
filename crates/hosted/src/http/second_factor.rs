//! `/second-factor`: a member sets theirs up. The password is shown each time, so that it can be done by whoever may not
//! sign in without one yet, and not by whoever finds a session open.

use axum::{body::Body, extract::State};
use practice::wire::{RecoveryCodes, SecondFactorConfirm, SecondFactorRequest};

use super::{App, Caller, blocking, body, failure::Own, reply::Reply, sign_in::tried};
use crate::store::StoreError;

pub(super) async fn offer(State(app): State<App>, caller: Caller, body: Body) -> Own {
    let SecondFactorRequest { email, password } = body::json(body).await?;
    let offer = tried(&app, caller, email, password, |caller, attempt, fits, now| {
        let offer = |store: &mut crate::store::PracticeStore| {
            store.known(&attempt, fits, &caller.workstation.id, now, |store, member| store.offer_second_factor(&member))
        };
        Ok(caller.practice.write(offer)?)
    })
    .await?;
    Ok(Reply::json(&offer)?.finish(false)?)
}

pub(super) async fn confirm(State(app): State<App>, caller: Caller, body: Body) -> Own {
    let SecondFactorConfirm { email, password, code } = body::json(body).await?;
    let recovery_codes = tried(&app, caller, email, password, move |caller, attempt, fits, now| {
        let desk = &caller.workstation.id;
        let confirm = |store: &mut crate::store::PracticeStore| {
            store.known(&attempt, fits, desk, now, |store, member| {
                store.confirm_second_factor(&member, &code, desk, now)
            })
        };
        Ok(caller.practice.write(confirm)?)
    })
    .await?;
    Ok(Reply::json(&RecoveryCodes { recovery_codes })?.finish(false)?)
}

pub(super) async fn show(caller: Caller) -> Own {
    let member = caller.member.ok_or(StoreError::Damaged("a member's endpoint without a member"))?;
    let info = blocking(move || Ok(caller.practice.read(|store| store.second_factor(&member))?)).await?;
    Ok(Reply::json(&info)?.finish(false)?)
}
