//! `POST /given-back`: what a workstation still has of a life before a restore.

use axum::{body::Body, extract::State};
use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    wire::{GivenBack, GivenBackReceipt},
};

use super::{
    App, Caller, blocking, body,
    failure::{Failure, Own},
    reply::Reply,
};

/// Most resources at once.
const MOST: usize = 1_000;

pub(super) async fn take(State(app): State<App>, caller: Caller, body: Body) -> Own {
    let now = app.now();
    let bytes = body::read(body).await?;
    let refused = blocking(move || {
        let given: GivenBack<'_> = body::parsed(&bytes)?;
        if given.resources.len() > MOST {
            return Err(Failure::new(Code::Invalid, "At most 1,000 records are given back at once."));
        }
        let texts: Vec<&str> = given.resources.iter().map(|text| text.get()).collect();
        let record = AuditRecord::new(now, AuditAction::GiveBack, None, caller.workstation.id);
        Ok(caller.practice.write(|store| store.take_back(given.life, &texts, given.policy.as_ref(), &record))?)
    })
    .await?;
    let refused = refused.into_iter().map(|code| code.map(|code| code.as_str().to_owned())).collect();
    Ok(Reply::json(&GivenBackReceipt { refused })?.finish(false)?)
}
