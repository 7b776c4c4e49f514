//! Where the metrics are told: an own listener for the machine that watches, without TLS, and with nothing else on it.

use std::{net::TcpListener, sync::Arc, time::Duration};

use axum::{Router, http::header, response::IntoResponse, routing::get};
use hyper_util::rt::TokioTimer;

/// How long a request's head may take.
const HEAD: Duration = Duration::from_secs(5);

/// Prometheus' text format (<https://prometheus.io/docs/instrumenting/exposition_formats>).
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Tells `metrics` to whoever asks for `/metrics`, until it is dropped.
pub(crate) async fn serve(listener: TcpListener, metrics: impl Fn() -> String + Send + Sync + 'static) {
    let metrics = Arc::new(metrics);
    let told = move || {
        let metrics = Arc::clone(&metrics);
        // Counting the practices looks into a folder.
        async move {
            let text = tokio::task::spawn_blocking(move || metrics()).await.unwrap_or_default();
            ([(header::CONTENT_TYPE, TEXT)], text).into_response()
        }
    };
    let router = Router::new().route("/metrics", get(told));
    let Ok(server) = axum_server::from_tcp(listener) else {
        tracing::error!("the metrics can't be told");
        return;
    };
    let mut server = server.http1_only();
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(16 * 1024);
    if server.serve(router.into_make_service()).await.is_err() {
        tracing::error!("the metrics are no longer told");
    }
}
