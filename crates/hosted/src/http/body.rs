//! Taking a request's body in: so much, so deep, within so long, and no more.

use std::{
    error::Error,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, BodyDataStream, Bytes},
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use practice::Code;
use serde::de::DeserializeOwned;
use tokio::time::{Sleep, sleep};
use tokio_stream::{Stream, StreamExt};

use super::{App, failure::Failure};

/// Largest body taken.
pub const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;

/// Deepest nesting of a body: that of a resource, in what it is sent in.
pub const MAX_BODY_DEPTH: usize = 80;

/// Of what a handler left of a body, so much is read and thrown away: an honest client hears the refusal instead of a
/// broken connection.
const MAX_DRAINED: usize = 64 * 1024 * 1024;

/// The body did not come in time.
#[derive(Debug, thiserror::Error)]
#[error("the body took too long")]
struct TooSlow;

/// Answers a request when all of it has come, also where the answer was known before: an HTTP/2 client that is still
/// sending takes an early answer for a broken stream. Who takes longer than a body may hears the answer then.
pub(super) async fn hear_out(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let mut rest = Rest(Arc::new(Mutex::new(Timed::new(body, app.0.limits.body))));
    let response = next.run(Request::from_parts(parts, Body::from_stream(rest.clone()))).await;
    let mut size = 0;
    while let Some(Ok(chunk)) = rest.next().await {
        size += chunk.len();
        if size > MAX_DRAINED {
            break;
        }
    }
    response
}

/// A body that its handler reads, and what the handler left of it.
#[derive(Clone)]
struct Rest(Arc<Mutex<Timed>>);

/// A body, and the time that it has.
struct Timed {
    body: BodyDataStream,
    ends: Pin<Box<Sleep>>,
    over: bool,
}

impl Timed {
    fn new(body: Body, time: Duration) -> Self {
        Self { body: body.into_data_stream(), ends: Box::pin(sleep(time)), over: false }
    }
}

impl Stream for Rest {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut timed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if timed.over {
            return Poll::Ready(None);
        }
        match Pin::new(&mut timed.body).poll_next(context) {
            // A drop at a time does not keep a body alive: the time is that of the whole.
            Poll::Ready(chunk) if !timed.ends.is_elapsed() => Poll::Ready(chunk),
            _ if timed.ends.as_mut().poll(context).is_ready() => {
                timed.over = true;
                Poll::Ready(Some(Err(axum::Error::new(TooSlow))))
            }
            other => other,
        }
    }
}

/// The whole body.
pub(super) async fn read(body: Body) -> Result<Vec<u8>, Failure> {
    let mut chunks = body.into_data_stream();
    let mut all = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(broken_off)?;
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
}

fn broken_off(error: axum::Error) -> Failure {
    let mut cause: Option<&dyn Error> = Some(&error);
    while let Some(error) = cause {
        if error.is::<TooSlow>() {
            let say = "The request took longer to arrive than one may.";
            return Failure::with(StatusCode::REQUEST_TIMEOUT, Code::Invalid, say);
        }
        cause = error.source();
    }
    Failure::new(Code::Invalid, "The request broke off before it was complete.")
}

/// The body as JSON of a known shape.
pub(super) async fn json<T: DeserializeOwned>(body: Body) -> Result<T, Failure> {
    parsed(&read(body).await?)
}

/// `body` as JSON of a known shape.
pub(super) fn parsed<'a, T: serde::Deserialize<'a>>(body: &'a [u8]) -> Result<T, Failure> {
    if too_deep(body) {
        return Err(Failure::new(Code::Invalid, "The request is nested too deep."));
    }
    serde_json::from_slice(body)
        .map_err(|_| Failure::new(Code::Invalid, "The request is not the JSON that this address takes."))
}

/// Whether brackets are nested deeper than any honest request's, also where no reader looks. Of what is no JSON it may
/// say either.
pub(super) fn too_deep(body: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in body {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_BODY_DEPTH {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_nest_nothing() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        for (body, deep) in [
            (nested(MAX_BODY_DEPTH), false),
            (nested(MAX_BODY_DEPTH + 1), true),
            (format!("[\"{}\"]", nested(1000)), false),
            (format!("[\"\\\"{}\"]", nested(1000)), false),
            (format!("[\"\\\\\",{}]", nested(1000)), true),
            ("[],".repeat(1000), false),
            ("]".repeat(1000), false),
        ] {
            assert_eq!(too_deep(body.as_bytes()), deep, "{body:.40}");
        }
    }
}
