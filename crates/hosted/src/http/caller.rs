//! Who is calling: worked out once, before any handler runs.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use practice::{
    Code,
    audit::AuditAction,
    proof,
    protocol::{self, Versions, agree},
    resource::ResourceKey,
    time::Stamp,
    wire::{self, MemberInfo},
};

use super::{
    App, Endpoint, blocking,
    failure::{About, Failure, OwnFailure},
    token::{Asked, prove},
    tries::Try,
};
use crate::{
    contacts,
    practices::Practice,
    store::{Bearer, Contact, StoreError, Workstation, practice_of},
};

/// The host's clock, in milliseconds since 1970.
const CLOCK: HeaderName = HeaderName::from_static(proof::CLOCK);

/// Changes when the practice is restored from a backup: a workstation that sees another one re-bases.
const EPOCH: HeaderName = HeaderName::from_static("x-epoch");

/// Whose answer it is: a workstation takes no other practice's.
const PRACTICE: HeaderName = HeaderName::from_static("x-practice");

/// The version of the protocol that was chosen.
const PROTOCOL: HeaderName = HeaderName::from_static(protocol::HEADER);

/// What is answered in any version: whether the host lives, what it can do, the last word of a computer that was told to
/// wipe, and a browser.
const IN_ANY_VERSION: [&str; 4] = ["/health", "/fhir/metadata", "/wiped", super::password::PAGE];

/// The longest version of a program that is kept, in bytes.
const LONGEST_VERSION: usize = 32;

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
    /// The network address they call from.
    pub from: String,
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
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    let mut whose = None;
    if endpoint.needs != Needs::Nothing {
        let token = request
            .headers()
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .map(str::to_owned);
        let asked_for = Asked::of(request.method().as_str(), request.uri(), request.headers());
        let contact = contact(request.headers(), app.now());
        match identify(&app, endpoint.needs, token, asked_for, contact, from.map(place).unwrap_or_default()).await {
            Ok(caller) => {
                whose = Some(caller.clone());
                request.extensions_mut().insert(caller);
            }
            Err(turned_away) => {
                let path = request.uri().path();
                if let Some(who) = turned_away.who {
                    app.audit_try(Try { query: asked(&request), from, ..who }).await;
                }
                return with_clock(turned_away.failure.answer(path), &app);
            }
        }
    }
    // Whoever was stopped or told to wipe has heard it above, in any version.
    let chosen = match chosen(request.headers()) {
        Ok(chosen) => Some(HeaderValue::from(chosen)),
        Err(_) if IN_ANY_VERSION.contains(&endpoint.path) => None,
        Err(failure) => return failure.answer(request.uri().path()),
    };
    let (path, query) = (request.uri().path().to_owned(), asked(&request));
    let mut response = with_clock(next.run(request).await, &app);
    response.headers_mut().extend(chosen.map(|chosen| (PROTOCOL, chosen)));
    if let Some(caller) = whose {
        if is_try(endpoint.path, response.status()) {
            let action = if endpoint.method == "GET" { AuditAction::Read } else { AuditAction::Update };
            let about = response.extensions().get::<About>().map(|About(key)| key.clone());
            let resource = about.or_else(|| named_in(&path));
            app.audit_try(Try { resource, from, ..Try::of(&caller, action, query) }).await;
        }
        let practice = caller.practice;
        for (name, value) in [(EPOCH, practice.epoch.as_str()), (PRACTICE, practice.info.id.as_str())] {
            response.headers_mut().extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        }
    }
    // The path as it is written in the table: an id or a search could be a patient's.
    let (status, took) = (response.status().as_u16(), began.elapsed());
    tracing::debug!(method = endpoint.method, path = endpoint.path, status, ?took, "answered");
    response
}

/// Whether an answer of this status refused what is not the caller's, or is not there: from outside these two are the
/// same.
fn is_try(path: &str, status: StatusCode) -> bool {
    match path {
        // The store tells of sign-ins itself, good and bad.
        "/sign-in" | "/second-factor" | "/second-factor/confirm" => false,
        // What is invalid here is another's word.
        "/given-back" | "/wiped" if status == StatusCode::BAD_REQUEST => true,
        _ => matches!(status.as_u16(), 401 | 403 | 404 | 409 | 410 | 412),
    }
}

/// What was asked for, for the audit trail alone: an address names patients.
fn asked(request: &Request) -> String {
    let uri = request.uri();
    let asked = uri.path_and_query().map_or(uri.path(), axum::http::uri::PathAndQuery::as_str);
    format!("{} {asked}", request.method())
}

/// The record that a FHIR address names.
fn named_in(path: &str) -> Option<ResourceKey> {
    let mut parts = path.strip_prefix("/fhir/")?.splitn(3, '/');
    ResourceKey::parse(&format!("{}/{}", parts.next()?, parts.next()?))
}

/// Why somebody does not get in, and who they are as far as that is known.
struct TurnedAway {
    failure: Failure,
    who: Option<Try>,
}

impl<E: Into<Failure>> From<E> for TurnedAway {
    fn from(error: E) -> Self {
        Self { failure: error.into(), who: None }
    }
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

/// What a request tells of the computer. Whatever is longer or odder than ours tell is passed over.
fn contact(headers: &HeaderMap, at: Stamp) -> Contact {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let sane = |version: &&str| {
        (1..=LONGEST_VERSION).contains(&version.len())
            && version.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+'))
    };
    let program = text(header::USER_AGENT.as_str()).and_then(|agent| agent.strip_prefix(wire::PROGRAM)).filter(sane);
    let digits = |version: &&str| version.bytes().all(|b| b.is_ascii_digit());
    let policy = text(wire::POLICY).filter(digits).and_then(|version| version.parse().ok());
    Contact { at, program: program.map(str::to_owned), policy }
}

/// A network address as it is counted: of version 6 the half that a connection is given.
pub(super) fn place(from: IpAddr) -> String {
    match from.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

/// Tells whoever was refused what the host's clock says: a proof is made for a moment of it.
fn with_clock(mut answer: Response, app: &App) -> Response {
    if answer.status() == StatusCode::UNAUTHORIZED {
        answer.headers_mut().insert(CLOCK, HeaderValue::from(app.now().millis()));
    }
    answer
}

async fn identify(
    app: &App,
    needs: Needs,
    token: Option<String>,
    asked: Asked,
    contact: Contact,
    from: String,
) -> Result<Caller, TurnedAway> {
    let stranger =
        || Failure::new(Code::SignedOut, "This needs a valid credential. Sign in again, or enrol this computer.");
    let token = token.ok_or_else(stranger)?;
    let practice = practice_of(&token).ok_or_else(stranger)?;
    let (app, now) = (app.clone(), app.now());
    let (practice, bearer, proven) = blocking(move || {
        let practice = match app.0.practices.get(&practice) {
            Ok(practice) => practice,
            Err(StoreError::NoPractice) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let bearer = practice.read(|store| store.bearer(&token, now)).map_err(Failure::from)?;
        let proven = match &bearer {
            Some(Bearer::Member(_, _, Some(bound))) => prove(&practice, &asked, bound, &token, now),
            Some(Bearer::Member(_, _, None) | Bearer::Device(_)) | None => Ok(()),
        };
        Ok(Some((practice, bearer, proven)))
    })
    .await?
    .ok_or_else(stranger)?;
    let (workstation, member) = match bearer {
        None => return Err(TurnedAway { failure: stranger(), who: Some(Try::without_a_name(practice)) }),
        Some(Bearer::Device(workstation)) => (workstation, None),
        Some(Bearer::Member(member, workstation, _)) => (workstation, Some(member)),
    };
    let caller = Caller { practice, workstation, from, member };
    // Whoever only has the token is not the computer.
    if proven.is_ok() {
        contacts::note(&caller.practice, &caller.workstation, contact);
    }
    match refused(&caller, needs, stranger).or_else(|| proven.err().map(Failure::from)) {
        None => Ok(caller),
        Some(failure) => {
            let who = Some(Try::of(&caller, AuditAction::SignIn, String::new()));
            Err(TurnedAway { failure, who })
        }
    }
}

/// Why a caller that is known may not call here.
fn refused(caller: &Caller, needs: Needs, stranger: impl Fn() -> Failure) -> Option<Failure> {
    let Caller { workstation, member, .. } = caller;
    if workstation.wipe.is_some() && needs != Needs::Wiping {
        return Some(Failure::new(
            Code::WipeOrdered,
            "This computer was told to forget the practice. Your practice's admin can say why.",
        ));
    }
    if workstation.stopped && needs != Needs::Wiping {
        return Some(Failure::new(
            Code::WorkstationStopped,
            "This computer was stopped. Your practice's admin can say why.",
        ));
    }
    if member.as_ref().is_some_and(|member| member.stopped) {
        return Some(Failure::new(Code::MemberStopped, "This account was stopped. Your practice's admin can say why."));
    }
    match (needs, member) {
        (Needs::Nothing | Needs::Either, _) | (Needs::Device | Needs::Wiping, None) | (Needs::Member, Some(_)) => None,
        (Needs::Device | Needs::Wiping, Some(_)) | (Needs::Member, None) => Some(stranger()),
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
