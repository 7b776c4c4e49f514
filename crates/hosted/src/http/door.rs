//! What is answered before anybody asks who is calling: a connection too many, and a head too large.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use practice::Code;

use super::failure::Failure;
use crate::lines::Standing;

/// Largest head of a request, in bytes.
pub(crate) const MAX_HEAD_BYTES: usize = 16 * 1024;

/// Seconds after which another try makes sense.
const RETRY: HeaderValue = HeaderValue::from_static("30");

/// Answers what goes no further.
pub(super) async fn keep(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let too_many = match request.extensions().get::<Standing>() {
        None | Some(Standing::Served) => None,
        Some(Standing::TooMany) => Some("The host has as many connections as it takes. Try again in half a minute."),
        Some(Standing::TooManyFromHere) => {
            Some("There are too many connections from this address. Try again in half a minute.")
        }
    };
    if let Some(say) = too_many {
        let mut response = Failure::with(StatusCode::SERVICE_UNAVAILABLE, Code::HostUnreachable, say).answer(path);
        response.headers_mut().insert(header::RETRY_AFTER, RETRY);
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        return response;
    }
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if target + size(request.headers()) > MAX_HEAD_BYTES {
        let say = "The head of the request is larger than 16 KB.";
        return Failure::with(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, Code::Invalid, say).answer(path);
    }
    // Of two names, something before this host may have believed the other one.
    if request.headers().get_all(header::HOST).iter().count() > 1 {
        return Failure::new(Code::Invalid, "A request names one host.").answer(path);
    }
    next.run(request).await
}

fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}
