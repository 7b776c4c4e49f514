//! What the host counts of its own work, as Prometheus reads it.
//!
//! A registry of our own: what may stand in a label is a method and an address of [`super::ENDPOINTS`] as the table writes
//! them, and a status. No string that came over the line has a way here, and two hosts of one process (as in tests)
//! count apart.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};

use super::{App, ENDPOINTS, failure::Broken};

/// Upper ends of the durations that are told apart, in milliseconds.
const BUCKETS: [u64; 9] = [5, 10, 25, 50, 100, 250, 1000, 5000, 30_000];

/// What is no endpoint.
const OTHER: (&str, &str) = ("other", "other");

/// What was counted since the start.
#[derive(Default)]
pub(super) struct Metrics {
    answers: Mutex<BTreeMap<(&'static str, &'static str), Answers>>,
    pub live_lines: AtomicI64,
    pub tries: AtomicU64,
    pub reuses: AtomicU64,
    store_errors: AtomicU64,
}

#[derive(Default)]
struct Answers {
    by_status: BTreeMap<u16, u64>,
    within: [u64; BUCKETS.len()],
    count: u64,
    time: Duration,
}

/// Counts one more while it is held.
pub(super) struct LiveLine(App);

impl App {
    /// A live line, counted until it is dropped.
    pub(super) fn live_line(&self) -> LiveLine {
        self.0.metrics.live_lines.fetch_add(1, Ordering::Relaxed);
        LiveLine(self.clone())
    }
}

impl Drop for LiveLine {
    fn drop(&mut self) {
        self.0.0.metrics.live_lines.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Counts an answer, and how long it took to begin.
pub(super) async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let endpoint = endpoint(&request);
    let response = traced(endpoint, next.run(request)).await;
    let metrics = &app.0.metrics;
    if response.extensions().get::<Broken>().is_some() {
        metrics.store_errors.fetch_add(1, Ordering::Relaxed);
    }
    metrics.answered(endpoint, response.status(), began.elapsed());
    response
}

/// Answers within a span that tells of the endpoint and the status, and nothing else.
#[cfg(feature = "otel")]
async fn traced((method, path): (&'static str, &'static str), answer: impl Future<Output = Response>) -> Response {
    use tracing::{Instrument, field::Empty};
    let span = tracing::info_span!(
        target: crate::traces::REQUESTS,
        "request",
        http.request.method = method,
        http.route = path,
        http.response.status_code = Empty,
    );
    let response = answer.instrument(span.clone()).await;
    span.record("http.response.status_code", response.status().as_u16());
    response
}

#[cfg(not(feature = "otel"))]
fn traced(_: (&str, &str), answer: impl Future<Output = Response>) -> impl Future<Output = Response> {
    answer
}

/// The endpoint as the table writes it.
fn endpoint(request: &Request) -> (&'static str, &'static str) {
    let Some(path) = request.extensions().get::<MatchedPath>() else { return OTHER };
    let is_it = |e: &&super::Endpoint| e.path == path.as_str() && e.method == request.method().as_str();
    ENDPOINTS.iter().find(is_it).map_or(OTHER, |e| (e.method, e.path))
}

impl Metrics {
    fn answered(&self, endpoint: (&'static str, &'static str), status: StatusCode, took: Duration) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let of = answers.entry(endpoint).or_default();
        *of.by_status.entry(status.as_u16()).or_default() += 1;
        of.count += 1;
        of.time += took;
        for (end, within) in BUCKETS.iter().zip(&mut of.within) {
            *within += u64::from(took <= Duration::from_millis(*end));
        }
    }
}

impl App {
    /// What was counted, and what is there now, as text.
    pub fn metrics(&self, connections: usize) -> String {
        let metrics = &self.0.metrics;
        let mut out = String::new();
        let answers = metrics.answers.lock().unwrap_or_else(PoisonError::into_inner);
        head(&mut out, "http_requests_total", "counter", "Answers by endpoint and status.");
        for ((method, path), of) in answers.iter() {
            for (status, count) in &of.by_status {
                let labels = format!("method=\"{method}\",endpoint=\"{path}\",status=\"{status}\"");
                line(&mut out, "http_requests_total", &labels, count);
            }
        }
        head(&mut out, "http_request_seconds", "histogram", "Time to the beginning of an answer.");
        for ((method, path), of) in answers.iter() {
            let endpoint = format!("method=\"{method}\",endpoint=\"{path}\"");
            for (end, within) in BUCKETS.iter().zip(&of.within) {
                let end = Duration::from_millis(*end).as_secs_f64();
                line(&mut out, "http_request_seconds_bucket", &format!("{endpoint},le=\"{end}\""), within);
            }
            line(&mut out, "http_request_seconds_bucket", &format!("{endpoint},le=\"+Inf\""), of.count);
            line(&mut out, "http_request_seconds_sum", &endpoint, of.time.as_secs_f64());
            line(&mut out, "http_request_seconds_count", &endpoint, of.count);
        }
        let sign_ins = answers.get(&("POST", "/sign-in"));
        let good = sign_ins.and_then(|of| of.by_status.get(&200).copied()).unwrap_or(0);
        let refused = sign_ins.map_or(0, |of| of.count) - good;
        drop(answers);
        head(&mut out, "sign_ins_total", "counter", "Sign-ins, good and refused.");
        line(&mut out, "sign_ins_total", "outcome=\"good\"", good);
        line(&mut out, "sign_ins_total", "outcome=\"refused\"", refused);
        // A folder that can't be read is told by the requests that fail for it.
        let practices = self.0.practices.count().unwrap_or(0);
        let info = concat!("version=\"", env!("CARGO_PKG_VERSION"), "\"");
        let counted = |count: &AtomicU64| count.load(Ordering::Relaxed).to_string();
        let live = metrics.live_lines.load(Ordering::Relaxed).to_string();
        for (name, kind, help, labels, value) in [
            ("connections", "gauge", "Connections that are open.", "", connections.to_string()),
            ("live_lines", "gauge", "Computers that hear at once of changes.", "", live),
            ("practices", "gauge", "Practices in the data folder.", "", practices.to_string()),
            ("refused_tries_total", "counter", "Tries at what is another's.", "", counted(&metrics.tries)),
            (
                "token_reuses_total",
                "counter",
                "Sign-ins that were ended because a copy was used.",
                "",
                counted(&metrics.reuses),
            ),
            (
                "store_errors_total",
                "counter",
                "Answers that a store failed to give.",
                "",
                counted(&metrics.store_errors),
            ),
            ("info", "gauge", "The program.", info, "1".to_owned()),
        ] {
            head(&mut out, name, kind, help);
            line(&mut out, name, labels, value);
        }
        out
    }
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    // Writing into a String does not fail.
    let _ = writeln!(out, "# HELP shadowchart_{name} {help}\n# TYPE shadowchart_{name} {kind}");
}

fn line(out: &mut String, name: &str, labels: &str, value: impl std::fmt::Display) {
    let _ = match labels {
        "" => writeln!(out, "shadowchart_{name} {value}"),
        labels => writeln!(out, "shadowchart_{name}{{{labels}}} {value}"),
    };
}
