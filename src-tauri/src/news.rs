//! News from the workstation to its windows. No event carries patient data.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::AppHandle;
use tauri_specta::Event;
use tokio::sync::broadcast::error::RecvError;
use workstation::{Notice, Workstation, screen::ShellState};

/// The shell's state, whenever it changes.
#[derive(Clone, Serialize, Deserialize, Type, Event)]
pub(crate) struct Shell(ShellState);

/// Rows of these resource types changed: ask again.
#[derive(Clone, Serialize, Deserialize, Type, Event)]
pub(crate) struct Data {
    kinds: Vec<String>,
}

/// Seconds until the idle lock; null when input came in time.
#[derive(Clone, Serialize, Deserialize, Type, Event)]
pub(crate) struct Idle {
    seconds_left: Option<u32>,
}

/// Passes news on until the program ends.
pub(crate) async fn spread(app: AppHandle, ws: Arc<Workstation>) {
    let mut notices = ws.notices();
    let mut known = ws.state().sync;
    loop {
        let told = match notices.recv().await {
            Ok(Notice::Shell) | Err(RecvError::Lagged(_)) => {
                let state = ws.state();
                crate::tray::tell(&app, &state);
                crate::notification::tell(&app, &state.phase, &known, &state.sync);
                known = state.sync.clone();
                Shell(state).emit(&app)
            }
            Ok(Notice::Closed) => {
                crate::window::put_dialogs_away();
                crate::window::renew(&app)
            }
            Ok(Notice::Data(kinds)) => Data { kinds }.emit(&app),
            Ok(Notice::Idle(seconds_left)) => Idle { seconds_left }.emit(&app),
            Err(RecvError::Closed) => return,
        };
        if let Err(error) = told {
            tracing::warn!("a window could not be told: {error}");
        }
    }
}
