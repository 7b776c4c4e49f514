//! The tray: whether the desk is open and in step, a click to lock it, a click to end. It knows nothing of a patient.

use std::sync::Arc;

use tauri::{
    AppHandle, Manager, Wry,
    menu::{Menu, MenuItem, PredefinedMenuItem},
    tray::{TrayIcon, TrayIconBuilder},
};
use workstation::{
    Workstation,
    screen::{LockReason, Phase, ShellState, SyncState},
};

/// What the tray shows, to be told anew.
struct Tray {
    icon: TrayIcon,
    /// Where a desktop has no tooltips, the menu begins with the same words.
    told: MenuItem<Wry>,
}

/// Puts the icon there. A desktop without a place for it goes without.
///
/// # Errors
/// The system has a tray and can't show an icon in it.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    #[cfg(target_os = "linux")]
    if !has_library(std::path::Path::new("/etc/ld.so.cache")) {
        return Ok(());
    }
    let state = app.state::<Arc<Workstation>>().state();
    let words = words(&state.phase, &state.sync);
    let told = MenuItem::new(app, &words, false, None::<&str>)?;
    let menu = Menu::with_items(
        app,
        &[
            &told,
            &PredefinedMenuItem::separator(app)?,
            &MenuItem::with_id(app, "show", "Show Shadowchart", true, None::<&str>)?,
            &MenuItem::with_id(app, "lock", "Lock now", true, None::<&str>)?,
            &MenuItem::with_id(app, "quit", "Quit", true, None::<&str>)?,
        ],
    )?;
    // Of this process, as several workstations of one account keep their pictures in one folder.
    let mut builder = TrayIconBuilder::with_id(format!("shadowchart-{}", std::process::id()))
        .menu(&menu)
        .tooltip(&words)
        .on_menu_event(|app, event| act(app, event.id().as_ref()));
    if let Some(picture) = app.default_window_icon() {
        builder = builder.icon(picture.clone());
    }
    app.manage(Tray { icon: builder.build(app)?, told });
    Ok(())
}

/// Tells where the workstation stands now.
pub(crate) fn tell(app: &AppHandle, state: &ShellState) {
    let Some(tray) = app.try_state::<Tray>() else { return };
    let words = words(&state.phase, &state.sync);
    if let Err(error) = tray.told.set_text(&words).and_then(|()| tray.icon.set_tooltip(Some(&words))) {
        tracing::warn!("the tray could not be told: {error}");
    }
}

fn act(app: &AppHandle, what: &str) {
    let (app, ws) = (app.clone(), Arc::clone(app.state::<Arc<Workstation>>().inner()));
    match what {
        "show" => crate::window::raise(&app),
        // Not on this thread, which draws: to close the vault is to write.
        "lock" => drop(tauri::async_runtime::spawn_blocking(move || ws.lock(LockReason::Asked))),
        "quit" => drop(tauri::async_runtime::spawn_blocking(move || {
            ws.sign_out();
            app.exit(0);
        })),
        _ => {}
    }
}

/// Whether the system has what draws a tray: the program ends when it is asked for and is not there. What the loader
/// finds is in its cache.
#[cfg(target_os = "linux")]
fn has_library(cache: &std::path::Path) -> bool {
    let known = std::fs::read(cache).unwrap_or_default();
    ["libayatana-appindicator3.so.1\0", "libappindicator3.so.1\0"]
        .iter()
        .any(|name| known.windows(name.len()).any(|window| window == name.as_bytes()))
}

/// "Shadowchart: locked, up to date". It is not given who is at work.
fn words(phase: &Phase, sync: &SyncState) -> String {
    let desk = match phase {
        Phase::Unenrolled => return "Shadowchart: not set up yet".into(),
        Phase::SignedOut => "nobody is signed in",
        Phase::Locked => "locked",
        Phase::Open => "open",
    };
    format!("Shadowchart: {desk}, {}", in_step(sync))
}

fn in_step(sync: &SyncState) -> &'static str {
    match sync {
        SyncState { trouble: Some(_), .. } => "not syncing",
        SyncState { reachable: false, .. } => "offline",
        SyncState { first_sync: Some(_), .. } => "getting its data",
        SyncState { attention: 1.., .. } => "a change needs a person",
        SyncState { pending: 1.., .. } => "changes to send",
        SyncState { last_synced: None, .. } => "no data yet",
        SyncState { .. } => "up to date",
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn up_to_date() -> SyncState {
        SyncState {
            reachable: true,
            running: false,
            last_synced: Some("2026-11-23T09:58:00-06:00".into()),
            age_minutes: Some(1),
            stale: None,
            pending: 0,
            attention: 0,
            first_sync: None,
            restored: None,
            trouble: None,
        }
    }

    #[test]
    fn it_says_whether_the_desk_is_open_and_in_step() {
        let offline = SyncState { reachable: false, pending: 2, ..up_to_date() };
        for (phase, sync, told) in [
            (Phase::Unenrolled, up_to_date(), "Shadowchart: not set up yet"),
            (Phase::SignedOut, up_to_date(), "Shadowchart: nobody is signed in, up to date"),
            (Phase::Locked, offline, "Shadowchart: locked, offline"),
            (Phase::Locked, SyncState { pending: 2, ..up_to_date() }, "Shadowchart: locked, changes to send"),
            (
                Phase::Open,
                SyncState { attention: 1, pending: 2, ..up_to_date() },
                "Shadowchart: open, a change needs a person",
            ),
            (Phase::Open, SyncState { last_synced: None, ..up_to_date() }, "Shadowchart: open, no data yet"),
        ] {
            assert_eq!(words(&phase, &sync), told);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_tray_is_asked_for_only_where_the_loader_finds_its_library() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = folder.path().join("ld.so.cache");
        assert!(!has_library(&cache), "there is no cache");
        for (known, found) in [
            ("libgtk-3.so.0\0libayatana-appindicator3.so\0", false),
            ("libgtk-3.so.0\0libayatana-appindicator3.so.1\0/usr/lib/x\0", true),
            ("libappindicator3.so.1\0", true),
        ] {
            std::fs::write(&cache, known).expect("a cache");
            assert_eq!(has_library(&cache), found, "{known:?}");
        }
    }
}
