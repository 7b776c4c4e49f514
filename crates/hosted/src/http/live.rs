//! `GET /live`: says that something has changed, and never what.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use practice::wire::Live;
use tokio::sync::mpsc::channel;
use tokio_stream::{StreamExt, wrappers::ReceiverStream};

use super::{App, Caller, blocking, failure::Own, fhir::write_cursor};

/// How often a line that has nothing to say shows that it is still there.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// The line ends when the host stops, and when who may do what has changed: whoever still may asks for it again.
pub(super) async fn live(State(app): State<App>, caller: Caller) -> Own {
    let practice = caller.practice;
    let of = practice.clone();
    let mut marks = blocking(move || Ok(of.marks()?)).await?;
    let mut ending = app.ending();
    let (events, line) = channel(1);
    let counted = app.live_line();
    tokio::spawn(async move {
        let _counted = counted;
        let first = *marks.borrow();
        loop {
            let mark = *marks.borrow_and_update();
            let told = Live { cursor: write_cursor(mark.seq, &practice.epoch), policy: mark.policy };
            if mark.people != first.people || events.send(Event::default().json_data(told)).await.is_err() {
                return;
            }
            tokio::select! {
                changed = marks.changed() => if changed.is_err() { return },
                _ = ending.changed() => return,
                () = events.closed() => return,
            }
        }
    });
    let line = ReceiverStream::new(line).filter_map(|event| event.ok().map(Ok::<_, Infallible>));
    Ok(Sse::new(line).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response())
}
