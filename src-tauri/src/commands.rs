//! What the page may ask. Each command is a few lines: it hands its arguments to `workstation` and its answer to the page.

pub(crate) mod calling;
pub(crate) mod computers;
pub(crate) mod keeping;
pub(crate) mod members;
pub(crate) mod outbox;
pub(crate) mod patients;
pub(crate) mod policy;
pub(crate) mod schedule;
pub(crate) mod second_factor;
pub(crate) mod series;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod waitlist;

use std::{path::PathBuf, sync::Arc};

use tauri::{AppHandle, Manager, State};
use workstation::{Workstation, screen::Refused};

/// The workstation, as every command gets it.
pub(crate) type Ws<'a> = State<'a, Arc<Workstation>>;

/// What every command answers.
pub(crate) type Answer<T> = Result<T, Refused>;

/// The person's downloads: what lies there is not copied to another computer by the system, as documents may be.
fn folder(app: &AppHandle) -> Option<PathBuf> {
    let paths = app.path();
    paths.download_dir().or_else(|_| paths.home_dir()).ok()
}
