//! Who is calling: worked out once, before any handler runs.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use practice::{
    Code,
    protocol::{self, Versions, agree},
    wire::MemberInfo,
};

use super::{
    App, Endpoint, blocking,
    failure::{Failure, OwnFailure},
};
use crate::{
    practices::Practice,
    store::{Bearer, StoreError, Workstation, practice_of},
};

/// Changes when the practice is restored from a backup: a workstation that sees another one re-bases.
const EPOCH: HeaderName = HeaderName::from_static("x-epoch");

/// Whose answer it is: a workstation takes no other practice's.
const PRACTICE: HeaderName = HeaderName::from_static("x-practice");

/// The version of the protocol that was chosen.
const PROTOCOL: HeaderName = HeaderName::from_static(protocol::HEADER);

/// What is answered in any version: whether the host lives, what it can do, and the last word of a computer that was
/// told to wipe.
const IN_ANY_VERSION: [&str; 3] = ["/health", "/fhir/metadata", "/wiped"];

/// Who may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Anybody.
    Nothing,
    /// A workstation by itself.
    Device,
    /// A member who signed in at a workstation.
    Member,
    /// A workstation, or a member at one.
    Either,
    /// A workstation that was told to forget the practice.
    Wiping,
}

/// Who is calling, and the only practice they can reach.
#[derive(Clone)]
pub struct Caller {
    /// Their practice.
    pub practice: Arc<Practice>,
    /// Where they are.
    pub workstation: Workstation,
    /// Who they are, when a member's token was shown.
    pub member: Option<MemberInfo>,
}

/// Lets a request through to its handler, or answers it.
pub(super) async fn admit(
    State((app, endpoint)): State<(App, &'static Endpoint)>,
    mut request: Request,
    next: Next,
) -> Response {
    let began = std::time::Instant::now();
    let mut whose = None;
    if endpoint.needs != Needs::Nothing {
        let token = request
            .headers()
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .map(str::to_owned);
        match identify(&app, endpoint.needs, token).await {
            Ok(caller) => {
                whose = Some(Arc::clone(&caller.practice));
                request.extensions_mut().insert(caller);
            }
            Err(failure) => return failure.answer(request.uri().path()),
        }
    }
    // Whoever was stopped or told to wipe has heard it above, in any version.
    let chosen = match chosen(request.headers()) {
        Ok(chosen) => Some(HeaderValue::from(chosen)),
        Err(_) if IN_ANY_VERSION.contains(&endpoint.path) => None,
        Err(failure) => return failure.answer(request.uri().path()),
    };
    let mut response = next.run(request).await;
    response.headers_mut().extend(chosen.map(|chosen| (PROTOCOL, chosen)));
    if let Some(practice) = whose {
        for (name, value) in [(EPOCH, practice.epoch.as_str()), (PRACTICE, practice.info.id.as_str())] {
            response.headers_mut().extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        }
    }
    // The path as it is written in the table: an id or a search could be a patient's.
    let (status, took) = (response.status().as_u16(), began.elapsed());
    tracing::debug!(method = endpoint.method, path = endpoint.path, status, ?took, "answered");
    response
}

/// The version that the caller and this host share.
fn chosen(headers: &HeaderMap) -> Result<u32, Failure> {
    let theirs = match headers.get(PROTOCOL) {
        None => Versions::only(protocol::FIRST),
        Some(value) => value.to_str().ok().and_then(Versions::parse).ok_or_else(|| {
            Failure::new(Code::Invalid, "The versions of the protocol are written as two whole numbers, such as 1-2.")
        })?,
    };
    Ok(agree(protocol::SPOKEN, theirs)?)
}

async fn identify(app: &App, needs: Needs, token: Option<String>) -> Result<Caller, Failure> {
    let stranger =
        || Failure::new(Code::SignedOut, "This needs a valid credential. Sign in again, or enrol this computer.");
    let token = token.ok_or_else(stranger)?;
    let practice = practice_of(&token).ok_or_else(stranger)?;
    let (app, now) = (app.clone(), app.now());
    let (practice, bearer) = blocking(move || {
        let practice = match app.0.practices.get(&practice) {
            Ok(practice) => practice,
            Err(StoreError::NoPractice) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let bearer = practice.read(|store| store.bearer(&token, now)).map_err(Failure::from)?;
        Ok(bearer.map(|bearer| (practice, bearer)))
    })
    .await?
    .ok_or_else(stranger)?;
    let (workstation, member) = match bearer {
        Bearer::Device(workstation) => (workstation, None),
        Bearer::Member(member, workstation) => (workstation, Some(member)),
    };
    if workstation.wipe.is_some() && needs != Needs::Wiping {
        return Err(Failure::new(
            Code::WipeOrdered,
            "This computer was told to forget the practice. Your practice's admin can say why.",
        ));
    }
    if workstation.stopped && needs != Needs::Wiping {
        return Err(Failure::new(
            Code::WorkstationStopped,
            "This computer was stopped. Your practice's admin can say why.",
        ));
    }
    if member.as_ref().is_some_and(|member| member.stopped) {
        return Err(Failure::new(Code::MemberStopped, "This account was stopped. Your practice's admin can say why."));
    }
    match (needs, &member) {
        (Needs::Nothing | Needs::Either, _) | (Needs::Device | Needs::Wiping, None) | (Needs::Member, Some(_)) => {
            Ok(Caller { practice, workstation, member })
        }
        (Needs::Device | Needs::Wiping, Some(_)) | (Needs::Member, None) => Err(stranger()),
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        // An endpoint that needs nobody has no caller to give.
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| {
            OwnFailure::from(StoreError::Damaged("a handler that asks for a caller its endpoint does not need"))
                .into_response()
        })
    }
}
