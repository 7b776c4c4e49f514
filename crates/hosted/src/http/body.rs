//! Taking a request's body in: so much, within so long, and no more.

use std::time::Duration;

use axum::{body::Body, http::StatusCode};
use practice::Code;
use serde::de::DeserializeOwned;
use tokio_stream::StreamExt;

use super::failure::Failure;

/// Largest body taken.
pub const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;

/// Read and thrown away beyond that, so that an honest client hears the refusal instead of a broken connection.
const MAX_DRAINED: usize = 64 * 1024 * 1024;

/// How long a body may take to arrive.
const TIME: Duration = Duration::from_secs(60);

/// The whole body.
pub(super) async fn read(body: Body) -> Result<Vec<u8>, Failure> {
    let mut chunks = body.into_data_stream();
    let reading = async {
        let (mut all, mut size) = (Vec::new(), 0);
        while let Some(chunk) = chunks.next().await {
            let chunk =
                chunk.map_err(|_| Failure::new(Code::Invalid, "The request broke off before it was complete."))?;
            size += chunk.len();
            if size <= MAX_BODY_BYTES {
                all.extend_from_slice(&chunk);
            } else {
                all = Vec::new();
            }
            if size > MAX_DRAINED {
                break;
            }
        }
        if size > MAX_BODY_BYTES {
            return Err(Failure::with(
                StatusCode::PAYLOAD_TOO_LARGE,
                Code::Invalid,
                "The request is larger than 10 MB. Send it in parts.",
            ));
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
