//! The host's HTTP face: every endpoint in one table, who may call it beside it.
//!
//! A request is admitted before its handler runs, and the practice it may touch comes from its token alone. Handlers
//! decide nothing about who is calling; they are handed a [`Caller`].

mod audit;
mod backups;
mod body;
mod caller;
mod deletion;
mod door;
mod enrol;
mod export;
mod failure;
pub(crate) mod fhir;
mod given_back;
mod health;
mod limiter;
mod live;
mod members;
mod metrics;
mod password;
mod policy;
mod reply;
mod second_factor;
mod sign_in;
mod sign_out;
mod token;
mod tries;
mod wiped;
mod workstations;

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodRouter, get, post, put},
};
use practice::{Refusal, time::Stamp};
use tokio::sync::{Semaphore, watch};

pub use body::{MAX_BODY_BYTES, MAX_BODY_DEPTH};
pub use caller::{Caller, Needs};
pub(crate) use door::MAX_HEAD_BYTES;
pub use tries::OWN_ROWS;

use crate::{
    limits::Limits,
    mail::Mailer,
    practices::Practices,
    store::{Change, StoreError},
};
use failure::Failure;
use limiter::Limiter;
use metrics::Metrics;
use tries::Tries;

/// What every handler can reach.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    practices: Practices,
    clock: Box<dyn Fn() -> Stamp + Send + Sync>,
    /// Argon2 takes 19 MB and a core for each try: no more at once than there are cores.
    stretching: Semaphore,
    enrolments: Limiter,
    sign_ins: Limiter,
    tries: Tries,
    mailer: OnceLock<Arc<Mailer>>,
    ending: watch::Sender<bool>,
    backs_up: AtomicBool,
    limits: Limits,
    metrics: Metrics,
}

/// One thing that can be asked of the host.
pub struct Endpoint {
    /// HTTP method.
    pub method: &'static str,
    /// Path, as axum writes it.
    pub path: &'static str,
    /// Who may call.
    pub needs: Needs,
    handler: fn() -> MethodRouter<App>,
}

/// Every endpoint there is. The table test has a row for each, or fails.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint { method: "GET", path: "/health", needs: Needs::Nothing, handler: || get(health::health) },
    Endpoint { method: "POST", path: "/enrol", needs: Needs::Nothing, handler: || post(enrol::enrol) },
    Endpoint { method: "POST", path: "/sign-in", needs: Needs::Device, handler: || post(sign_in::sign_in) },
    Endpoint { method: "GET", path: "/second-factor", needs: Needs::Member, handler: || get(second_factor::show) },
    Endpoint { method: "POST", path: "/second-factor", needs: Needs::Device, handler: || post(second_factor::offer) },
    Endpoint {
        method: "POST",
        path: "/second-factor/confirm",
        needs: Needs::Device,
        handler: || post(second_factor::confirm),
    },
    Endpoint { method: "POST", path: token::PATH, needs: Needs::Device, handler: || post(token::renew) },
    Endpoint { method: "POST", path: "/sign-out", needs: Needs::Member, handler: || post(sign_out::sign_out) },
    Endpoint {
        method: "POST",
        path: "/password/forgotten",
        needs: Needs::Device,
        handler: || post(password::forgotten),
    },
    Endpoint { method: "GET", path: password::PAGE, needs: Needs::Nothing, handler: || get(password::form) },
    Endpoint { method: "POST", path: password::PAGE, needs: Needs::Nothing, handler: || post(password::choose) },
    Endpoint { method: "GET", path: "/policy", needs: Needs::Either, handler: || get(policy::show) },
    Endpoint { method: "PUT", path: "/policy", needs: Needs::Member, handler: || put(policy::change) },
    Endpoint { method: "GET", path: "/members", needs: Needs::Device, handler: || get(members::list) },
    Endpoint { method: "POST", path: "/members", needs: Needs::Member, handler: || post(members::invite) },
    Endpoint { method: "PUT", path: "/members/{id}", needs: Needs::Member, handler: || put(members::change) },
    Endpoint { method: "GET", path: "/accounts", needs: Needs::Member, handler: || get(members::accounts) },
    Endpoint { method: "GET", path: "/workstations", needs: Needs::Member, handler: || get(workstations::list) },
    Endpoint { method: "PUT", path: "/workstations/{id}", needs: Needs::Member, handler: || put(workstations::change) },
    Endpoint { method: "GET", path: "/backups", needs: Needs::Member, handler: || get(backups::show) },
    Endpoint { method: "GET", path: "/export", needs: Needs::Member, handler: || get(export::give) },
    Endpoint { method: "GET", path: "/deletion", needs: Needs::Member, handler: || get(deletion::show) },
    Endpoint { method: "PUT", path: "/deletion", needs: Needs::Member, handler: || put(deletion::change) },
    Endpoint { method: "GET", path: "/live", needs: Needs::Device, handler: || get(live::live) },
    Endpoint { method: "POST", path: "/wiped", needs: Needs::Wiping, handler: || post(wiped::wiped) },
    Endpoint { method: "POST", path: "/audit", needs: Needs::Device, handler: || post(audit::upload) },
    Endpoint { method: "POST", path: "/given-back", needs: Needs::Device, handler: || post(given_back::take) },
    Endpoint { method: "GET", path: "/fhir/metadata", needs: Needs::Nothing, handler: || get(fhir::metadata) },
    Endpoint { method: "GET", path: "/fhir/_history", needs: Needs::Device, handler: || get(fhir::feed) },
    Endpoint { method: "POST", path: "/fhir", needs: Needs::Either, handler: || post(fhir::transaction) },
    Endpoint { method: "GET", path: "/fhir/{kind}", needs: Needs::Either, handler: || get(fhir::search) },
    Endpoint { method: "GET", path: "/fhir/{kind}/{id}", needs: Needs::Either, handler: || get(fhir::read) },
    Endpoint {
        method: "GET",
        path: "/fhir/{kind}/{id}/_history",
        needs: Needs::Either,
        handler: || get(fhir::history),
    },
    Endpoint {
        method: "GET",
        path: "/fhir/{kind}/{id}/_history/{version}",
        needs: Needs::Either,
        handler: || get(fhir::read_version),
    },
];

impl App {
    /// An application for `practices` that takes the time from `clock`.
    pub fn new(practices: Practices, clock: impl Fn() -> Stamp + Send + Sync + 'static) -> Self {
        Self::limited(practices, clock, Limits::default())
    }

    /// As [`App::new`], with other limits.
    pub fn limited(practices: Practices, clock: impl Fn() -> Stamp + Send + Sync + 'static, limits: Limits) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self(Arc::new(Inner {
            practices,
            clock: Box::new(clock),
            stretching: Semaphore::new(cores),
            enrolments: Limiter::new(20),
            sign_ins: Limiter::new(60),
            tries: Tries::default(),
            mailer: OnceLock::new(),
            ending: watch::Sender::new(false),
            backs_up: AtomicBool::new(false),
            limits,
            metrics: Metrics::default(),
        }))
    }

    /// The router with every endpoint of [`ENDPOINTS`].
    pub fn router(self) -> Router {
        let mut router = Router::new();
        for endpoint in ENDPOINTS {
            let admit = from_fn_with_state((self.clone(), endpoint), caller::admit);
            router = router.route(endpoint.path, (endpoint.handler)().route_layer(admit));
        }
        self.guarded(router)
    }

    /// What stands around every endpoint.
    fn guarded(self, router: Router<Self>) -> Router {
        router
            .fallback(async |uri: axum::http::Uri| Failure::no_such_address().answer(uri.path()))
            .method_not_allowed_fallback(async |uri: axum::http::Uri| Failure::wrong_method().answer(uri.path()))
            .layer(from_fn_with_state(self.clone(), failure::no_panic_reaches_a_client))
            .layer(from_fn(door::keep))
            .layer(from_fn_with_state(self.clone(), body::hear_out))
            .layer(from_fn_with_state(self.clone(), metrics::count))
            .with_state(self)
    }

    /// Sends mail through `mailer` from now on; the first one stays.
    pub fn mail_by(&self, mailer: Mailer) {
        let _ = self.0.mailer.set(Arc::new(mailer));
    }

    fn mailer(&self) -> Option<Arc<Mailer>> {
        self.0.mailer.get().cloned()
    }

    /// Ends every line that would stay open by itself.
    pub fn end_lines(&self) {
        self.0.ending.send_replace(true);
    }

    fn ending(&self) -> watch::Receiver<bool> {
        self.0.ending.subscribe()
    }

    /// Backups are made by this host.
    pub(crate) fn will_back_up(&self) {
        self.0.backs_up.store(true, Ordering::Relaxed);
    }

    fn backs_up(&self) -> bool {
        self.0.backs_up.load(Ordering::Relaxed)
    }

    pub(crate) fn practices(&self) -> &Practices {
        &self.0.practices
    }

    pub(crate) fn now(&self) -> Stamp {
        (self.0.clock)()
    }
}

/// What `POST /fhir` reads in a body, before the store is asked.
///
/// # Errors
/// Why it is no change.
pub fn read_change(body: &[u8]) -> Result<Change, Refusal> {
    fhir::read_change(body).map(|(change, _)| change).map_err(Failure::refusal)
}

/// What a search reads in an address, before the store is asked; how many conditions it has.
///
/// # Errors
/// Why it is no search.
pub fn read_search(kind: &str, query: &str) -> Result<usize, Refusal> {
    fhir::read_search(kind, query).map_err(Failure::refusal)
}

/// Runs `job` where blocking is allowed.
async fn blocking<T: Send + 'static>(job: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(job).await {
        Ok(result) => result,
        Err(_) => Err(Failure::from(StoreError::Damaged("a job that broke off"))),
    }
}

#[cfg(test)]
mod properties;
