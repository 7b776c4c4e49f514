//! `POST /enrol`: a computer joins the practice whose code it has.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::{ConnectInfo, State},
    http::{HeaderMap, Uri},
};
use practice::{
    Code,
    wire::{EnrolReply, EnrolRequest},
};

use super::{
    App, blocking, body,
    caller::place,
    failure::{Failure, Own},
    fhir,
    reply::Reply,
};
use crate::store::{Limit, StoreError};

fn too_many() -> Failure {
    Failure::new(Code::TooManyAttempts, "Too many tries from this address. Wait five minutes.")
}

pub(super) async fn enrol(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Own {
    let now = app.now();
    if !app.0.enrolments.allows(&from.ip().to_string(), now) {
        return Err(too_many().into());
    }
    let request: EnrolRequest = body::json(body).await?;
    let base = fhir::base(&uri, &headers);
    let reply = blocking(move || {
        // Counted where every process that serves sees it: the first practice stands for all.
        if let Some(first) = app.0.practices.all()?.first()
            && !first.write(|store| store.within(&Limit::ENROLMENTS, &place(from.ip()), now))?
        {
            return Err(too_many());
        }
        let mut refused = Failure::new(Code::BadCode, "There is no practice on this host yet.");
        // The code alone says which practice; each keeps only the hashes of its own.
        for practice in app.0.practices.all()? {
            let tried = practice.write(|store| {
                let joined = store.enrol(&request.code, &request.name, request.zone, now)?;
                Ok::<_, StoreError>(EnrolReply {
                    practice: practice.info.clone(),
                    workstation: joined.workstation,
                    device_token: joined.device_token,
                    policy_key: store.policy_verifying_key()?,
                    rescue_key: store.rescue_key()?,
                    policy: store.policy()?,
                    epoch: practice.epoch.clone(),
                })
            });
            match tried {
                Ok(reply) => {
                    fhir::keep_full_pages(&practice, base);
                    return Ok(reply);
                }
                Err(error) => refused = error.into(),
            }
        }
        Err(refused)
    })
    .await?;
    Ok(Reply::json(&reply)?.finish(false)?)
}
