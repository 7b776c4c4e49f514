//! What a client hears when something is refused: its own endpoints in our words, FHIR's as an OperationOutcome.
//! No internals, and nothing of what was sent.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use practice::{Code, Refusal, resource::ResourceKey, wire::RefusalBody};
use serde_json::json;

use super::App;
use crate::store::{ChangeError, StoreError};

/// A refusal on its way out.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    refusal: Refusal,
    /// FHIRPath of what is to blame, where one thing is.
    expression: Option<String>,
    /// The record that it is about, for the audit trail: the answer does not name it.
    about: Option<ResourceKey>,
    /// Whether the store failed.
    broken: bool,
}

/// Goes with the answer of a store that failed, to be counted.
#[derive(Clone)]
pub(super) struct Broken;

/// Goes with an answer as far as the audit trail.
#[derive(Clone)]
pub(super) struct About(pub ResourceKey);

/// The result of a handler for the host's own endpoints.
pub type Own = Result<Response, OwnFailure>;
/// The result of a handler for FHIR.
pub type Fhir = Result<Response, FhirFailure>;

/// A failure that is told in our words.
pub struct OwnFailure(Failure);
/// A failure that is told as an OperationOutcome.
pub struct FhirFailure(Failure);

impl Failure {
    /// A refusal with the status that its code usually has.
    pub fn new(code: Code, say: &'static str) -> Self {
        Self::from(Refusal::new(code, say))
    }

    /// A refusal with a status of its own.
    pub fn with(status: StatusCode, code: Code, say: &'static str) -> Self {
        Self { status, refusal: Refusal::new(code, say), expression: None, about: None, broken: false }
    }

    /// Names what is to blame.
    pub fn at(mut self, expression: String) -> Self {
        self.expression = Some(expression);
        self
    }

    /// Names the record that it is about, for the audit trail alone.
    pub fn about(mut self, key: ResourceKey) -> Self {
        self.about = Some(key);
        self
    }

    /// What it is on the wire.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Why, in words.
    pub fn refusal(self) -> Refusal {
        self.refusal
    }

    pub(super) fn no_such_address() -> Self {
        Self::new(Code::NotFound, "There is nothing at this address.")
    }

    pub(super) fn wrong_method() -> Self {
        Self::with(StatusCode::METHOD_NOT_ALLOWED, Code::Invalid, "This address does not take this method.")
    }

    /// The answer, in the manner of the address that was asked.
    pub fn answer(self, path: &str) -> Response {
        if path == "/fhir" || path.starts_with("/fhir/") {
            FhirFailure(self).into_response()
        } else {
            OwnFailure(self).into_response()
        }
    }
}

/// The status that goes with a code.
fn status(code: Code) -> StatusCode {
    match code {
        Code::Invalid | Code::NotNow | Code::WorkstationTooOld | Code::HostTooOld => StatusCode::BAD_REQUEST,
        Code::SignedOut
        | Code::Locked
        | Code::WrongPassword
        | Code::SecondFactor
        | Code::WrongCode
        | Code::ProofRefused => StatusCode::UNAUTHORIZED,
        Code::Forbidden
        | Code::MemberStopped
        | Code::WorkstationStopped
        | Code::WipeOrdered
        | Code::BadCode
        | Code::SecondFactorMissing
        | Code::LeaseEnded => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::Conflict | Code::Overlap | Code::AuditGap | Code::AlreadyEnrolled => StatusCode::CONFLICT,
        Code::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
        Code::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
        // A workstation's own troubles; the host has no reason to speak of them.
        Code::NotEnrolled
        | Code::CertificateRefused
        | Code::CertificateEnds
        | Code::HostConfused
        | Code::PolicyGone
        | Code::Unproven
        | Code::PortTaken
        | Code::HostUnreachable
        | Code::KeychainLocked
        | Code::KeychainMissing
        | Code::KeychainEntryMissing
        | Code::KeychainChanged
        | Code::VaultDamaged
        | Code::BackupPassword
        | Code::BackupFull
        | Code::BackupFailed
        | Code::BackupDamaged
        | Code::Unexpected => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self { status: status(refusal.code), refusal, expression: None, about: None, broken: false }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        if let Some(class) = error.class() {
            tracing::error!(class, "the store failed");
        }
        let broken = error.class().is_some();
        let failure = match error {
            StoreError::Unavailable => Self { status: StatusCode::SERVICE_UNAVAILABLE, ..Self::from(error.refusal()) },
            error => Self::from(error.refusal()),
        };
        Self { broken, ..failure }
    }
}

impl From<ChangeError> for Failure {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Store(error) => error.into(),
            ChangeError::Refused(refusal, place) => {
                let status = match refusal.code {
                    Code::Conflict => StatusCode::PRECONDITION_FAILED,
                    Code::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
                    code => status(code),
                };
                let expression = place.map(|place| format!("Bundle.entry[{place}]"));
                Self { status, refusal, expression, about: None, broken: false }
            }
        }
    }
}

impl<E: Into<Failure>> From<E> for OwnFailure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl<E: Into<Failure>> From<E> for FhirFailure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for OwnFailure {
    fn into_response(self) -> Response {
        let Failure { status, refusal, broken, .. } = self.0;
        let body = RefusalBody { code: refusal.code.as_str().to_owned(), say: refusal.say.to_owned() };
        told((status, [(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response(), broken)
    }
}

impl IntoResponse for FhirFailure {
    fn into_response(self) -> Response {
        let Failure { status, refusal, expression, about, broken } = self.0;
        let mut issue = json!({
            "severity": "error",
            "code": issue_type(status),
            "details": {"coding": [{"system": "urn:shadowchart:refusal", "code": refusal.code.as_str()}]},
            "diagnostics": refusal.say,
        });
        if let Some(expression) = expression {
            issue["expression"] = json!([expression]);
        }
        let outcome = json!({"resourceType": "OperationOutcome", "issue": [issue]});
        let headers = [(header::CONTENT_TYPE, super::reply::FHIR_JSON), (header::CACHE_CONTROL, "no-store")];
        let mut response = (status, headers, outcome.to_string()).into_response();
        if let Some(key) = about {
            response.extensions_mut().insert(About(key));
        }
        told(response, broken)
    }
}

fn told(mut response: Response, broken: bool) -> Response {
    if broken {
        response.extensions_mut().insert(Broken);
    }
    response
}

/// FHIR's word for it (<https://hl7.org/fhir/R4/valueset-issue-type.html>).
fn issue_type(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "login",
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => "conflict",
        StatusCode::TOO_MANY_REQUESTS => "throttled",
        StatusCode::PAYLOAD_TOO_LARGE => "too-long",
        StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => "timeout",
        StatusCode::INSUFFICIENT_STORAGE => "no-store",
        other if other.is_server_error() => "exception",
        _ => "invalid",
    }
}

/// A bug in a handler becomes an answer in words, and so does one that takes too long; the connection and everybody
/// else's requests go on.
pub(super) async fn no_panic_reaches_a_client(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let limits = app.0.limits;
    let answering = tokio::spawn(next.run(request));
    let mut response = match tokio::time::timeout(limits.body + limits.answer, answering).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Failure::from(StoreError::Damaged("a handler that broke off")).answer(&path),
        Err(_) => {
            tracing::error!("a request took longer than one may");
            let say = "The host took too long. Try again in a moment.";
            Failure::with(StatusCode::SERVICE_UNAVAILABLE, Code::HostUnreachable, say).answer(&path)
        }
    };
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::to_bytes, routing::get};
    use practice::time::Stamp;
    use serde_json::Value;
    use tower::ServiceExt;

    use super::*;
    use crate::{data_dir::DataDir, http::blocking, practices::Practices};

    #[allow(clippy::unused_async, reason = "a handler is async")]
    async fn broken() -> Fhir {
        panic!("Canarybird in src/http")
    }

    async fn broken_aside() -> Fhir {
        blocking(|| -> Result<Response, Failure> { panic!("Canarybird in src/http") }).await.map_err(FhirFailure)
    }

    #[tokio::test]
    async fn a_panic_in_a_handler_reaches_no_client_and_the_next_one_is_served() {
        let root = tempfile::tempdir().unwrap();
        let dir = DataDir::open_or_create(&root.path().join("data")).unwrap();
        let app = App::new(Practices::new(dir), || Stamp::from_millis(1_790_000_000_000).unwrap());
        let routes = Router::new()
            .route("/fhir/broken", get(broken))
            .route("/fhir/aside", get(broken_aside))
            .route("/broken", get(broken))
            .route("/whole", get(async || "whole"));
        let router = app.guarded(routes);
        let ask = async |path: &str| {
            let request = Request::builder().uri(path).body(axum::body::Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            let (status, sniff) = (response.status(), response.headers()[header::X_CONTENT_TYPE_OPTIONS].clone());
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            (status, sniff, String::from_utf8(body.to_vec()).unwrap())
        };
        for path in ["/fhir/broken", "/fhir/aside", "/broken"] {
            let (status, sniff, answer) = ask(path).await;
            assert_eq!((status, sniff.as_bytes()), (StatusCode::INTERNAL_SERVER_ERROR, &b"nosniff"[..]), "{path}");
            let told: Value = serde_json::from_str(&answer).unwrap();
            let fhir = path.starts_with("/fhir");
            assert_eq!(told["resourceType"] == "OperationOutcome", fhir, "{path}: {answer}");
            let say = if fhir { &told["issue"][0]["diagnostics"] } else { &told["say"] };
            assert_eq!(say, "The host could not do this. Its log says more; nothing was changed.", "{path}");
            for internal in ["Canarybird", "panic", "src/", ".rs"] {
                assert!(!answer.contains(internal), "{path}: {answer}");
            }
        }
        assert_eq!(ask("/whole").await.2, "whole");
    }
}
