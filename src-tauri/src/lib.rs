//! The desktop shell: windows, tray, OS lock signals, commands of a few lines.
//!
//! Owns the process, its one web view and the bridge between the two. Knows no rule, no SQL and no key: a
//! command hands its arguments to `workstation` and its answer to the page.

pub mod bridge;
mod commands;
mod home;
mod news;
mod notification;
mod tray;
pub mod window;
#[cfg(target_os = "linux")]
mod wiping;

use std::{path::PathBuf, sync::Arc};
use tauri::Manager;
#[cfg(target_os = "linux")]
pub use wiping::wipe_what_is_freed;
pub use workstation::stay_out_of_dumps;
use workstation::{Workstation, clock::SystemClock, os_keychain};

/// The command line of `shadowchart`.
#[derive(clap::Parser, Debug)]
#[command(name = "shadowchart", version, about = "The practice's schedule and shadow charts, on this workstation")]
pub struct Options {
    /// The workstation's folder. Several folders on one computer are several workstations.
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
}

/// Where this workstation keeps everything it owns; managed state of the app.
#[derive(Clone, Debug)]
pub struct Home(pub PathBuf);

/// Runs the app until its window is closed.
///
/// # Errors
/// A sentence for a person: the folder can't be made, or the system has no display or web view.
pub fn run(options: Options) -> Result<(), String> {
    let home = home::prepare(options.home)?;
    let workstation = Workstation::open(&home, os_keychain(), Arc::new(SystemClock)).map_err(|refused| refused.say)?;
    let bridge = bridge::builder();
    tauri::Builder::default()
        .plugin(home::one_window_per(&home))
        .manage(Home(home))
        .manage(Arc::clone(&workstation))
        .invoke_handler(bridge.invoke_handler())
        .setup(move |app| {
            bridge.mount_events(app);
            window::open(app.handle())?;
            if let Err(error) = tray::open(app.handle()) {
                tracing::warn!("the tray shows nothing: {error}");
            }
            #[cfg(target_os = "linux")]
            tauri::async_runtime::spawn(wiping::give_back());
            tauri::async_runtime::spawn(news::spread(app.handle().clone(), Arc::clone(&workstation)));
            tauri::async_runtime::spawn(Arc::clone(&workstation).watch_idle());
            tauri::async_runtime::spawn(Arc::clone(&workstation).watch_health());
            tauri::async_runtime::spawn(Arc::clone(&workstation).watch_system());
            tauri::async_runtime::spawn(workstation.keep_in_step());
            Ok(())
        })
        .run(tauri::generate_context!())
        .map_err(|error| error.to_string())
}

/// The page's way to its own app, for commands that need the home folder.
pub fn home_of(app: &tauri::AppHandle) -> PathBuf {
    app.state::<Home>().0.clone()
}
