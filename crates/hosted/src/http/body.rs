//! Taking a request's body in: so much, within so long, and no more.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, BodyDataStream, Bytes},
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use practice::Code;
use serde::de::DeserializeOwned;
use tokio_stream::{Stream, StreamExt};

use super::failure::Failure;

/// Largest body taken.
pub const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;

/// Of what a handler left of a body, so much is read and thrown away: an honest client hears the refusal instead of a
/// broken connection.
const MAX_DRAINED: usize = 64 * 1024 * 1024;

/// How long a body may take to arrive.
const TIME: Duration = Duration::from_secs(60);

/// Answers a request when all of it has come, also where the answer was known before: an HTTP/2 client that is still
/// sending takes an early answer for a broken stream.
pub(super) async fn hear_out(request: Request, next: Next) -> Response {
    let until = tokio::time::Instant::now() + TIME;
    let (parts, body) = request.into_parts();
    let mut rest = Rest(Arc::new(Mutex::new(body.into_data_stream())));
    let response = next.run(Request::from_parts(parts, Body::from_stream(rest.clone()))).await;
    let draining = async {
        let mut size = 0;
        while let Some(Ok(chunk)) = rest.next().await {
            size += chunk.len();
            if size > MAX_DRAINED {
                break;
            }
        }
    };
    // Whoever takes longer than that hears the answer when they may.
    let _ = tokio::time::timeout_at(until, draining).await;
    response
}

/// A body that its handler reads, and what the handler left of it.
#[derive(Clone)]
struct Rest(Arc<Mutex<BodyDataStream>>);

impl Stream for Rest {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Pin::new(&mut *body).poll_next(context)
    }
}

/// The whole body.
pub(super) async fn read(body: Body) -> Result<Vec<u8>, Failure> {
    let mut chunks = body.into_data_stream();
    let reading = async {
        let mut all = Vec::new();
        while let Some(chunk) = chunks.next().await {
            let chunk =
                chunk.map_err(|_| Failure::new(Code::Invalid, "The request broke off before it was complete."))?;
            if all.len() + chunk.len() > MAX_BODY_BYTES {
                return Err(Failure::with(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    Code::Invalid,
                    "The request is larger than 10 MB. Send it in parts.",
                ));
            }
            all.extend_from_slice(&chunk);
        }
        Ok(all)
    };
    match tokio::time::timeout(TIME, reading).await {
        Ok(result) => result,
        Err(_) => Err(Failure::with(
            StatusCode::REQUEST_TIMEOUT,
            Code::Invalid,
            "The request took longer than a minute to arrive.",
        )),
    }
}

/// The body as JSON of a known shape.
pub(super) async fn json<T: DeserializeOwned>(body: Body) -> Result<T, Failure> {
    serde_json::from_slice(&read(body).await?)
        .map_err(|_| Failure::new(Code::Invalid, "The request is not the JSON that this address takes."))
}
