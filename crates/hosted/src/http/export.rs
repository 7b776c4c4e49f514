//! `GET /export`: everything that the practice owns, for its admin, a FHIR resource a line.

use std::{
    io::{self, Write},
    sync::Arc,
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::{Query, State},
    http::{HeaderValue, Uri, header},
    response::Response,
};
use futures_util::stream::once;
use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    permission::{Export, authorise},
};
use serde::Deserialize;
use tokio::{
    runtime::Handle,
    sync::{
        mpsc::{Sender, channel},
        oneshot,
    },
};
use tokio_stream::{StreamExt, wrappers::ReceiverStream};

use super::{
    App, Caller, blocking,
    failure::{Failure, Own},
};
use crate::store::StoreError;

/// What is sent at once.
const PART: usize = 64 * 1024;

/// Parts that wait for a slow client.
const WAITING: usize = 8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    #[serde(default)]
    history: bool,
}

pub(super) async fn give(State(app): State<App>, caller: Caller, uri: Uri) -> Own {
    let member = caller.member.ok_or(StoreError::Damaged("a member's endpoint without a member"))?;
    let _permitted = authorise::<Export>(member.role)?;
    let Query(Params { history }) = Query::try_from_uri(&uri)
        .map_err(|_| Failure::new(Code::Invalid, "The export takes history=true, for every version of each record."))?;
    let record = AuditRecord {
        query: Some(if history { "everything, with its history" } else { "everything" }.to_owned()),
        ..AuditRecord::new(app.now(), AuditAction::Export, Some(member.id), caller.workstation.id)
    };
    let practice = caller.practice;
    // Each holds a thread and a connection for as long as its client takes.
    let turn = Arc::clone(&practice.exports)
        .try_acquire_owned()
        .map_err(|_| Failure::new(Code::NotNow, "Two exports of this practice are under way. Wait for one to end."))?;
    let (parts, line) = channel(WAITING);
    let (whole, ended) = oneshot::channel();
    // Told before the first line goes out. A reader of its own: a slow client holds nobody up.
    let reader = blocking(move || {
        practice.write(|store| store.audit(&record))?;
        Ok(practice.reader()?)
    })
    .await?;
    let stall = app.0.limits.stall;
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let mut out = Parts { parts, part: Vec::with_capacity(PART), stall };
        match reader.export(history, &mut out) {
            Ok(_) => drop(whole.send(())),
            Err(error) => {
                if let Some(class) = error.class().filter(|_| !out.parts.is_closed()) {
                    tracing::error!(class, "an export broke off");
                }
            }
        }
    });
    // Unless it was whole the client sees an answer without its end.
    let end = once(ended).filter_map(|ended| ended.err().map(|_| Err(io::ErrorKind::Other.into())));
    let mut response = Response::new(Body::from_stream(ReceiverStream::new(line).chain(end)));
    for (name, value) in [
        (header::CONTENT_TYPE, "application/fhir+ndjson"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"practice.ndjson\""),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// Gathers what is written, and hands it on.
struct Parts {
    parts: Sender<io::Result<Bytes>>,
    part: Vec<u8>,
    /// How long a client may take nothing. A connection that goes on for other requests does not end by itself.
    stall: Duration,
}

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.part.extend_from_slice(bytes);
        if self.part.len() >= PART {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let part = std::mem::replace(&mut self.part, Vec::with_capacity(PART));
        if part.is_empty() {
            return Ok(());
        }
        let sent = Handle::current().block_on(self.parts.send_timeout(Ok(part.into()), self.stall));
        sent.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}
