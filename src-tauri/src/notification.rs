//! What the desktop says while the window is not looked at. One of two sentences, which name nobody.

use tauri::{AppHandle, Manager};
use workstation::screen::{Phase, SyncState};

const NEEDS_A_PERSON: &str = "A change needs a person. Open Shadowchart to see it.";
const NOT_SYNCING: &str = "This computer no longer syncs. Open Shadowchart to see why.";

/// What is news in `now` to whoever knew `before`.
fn news(before: &SyncState, now: &SyncState) -> Option<&'static str> {
    if now.trouble.is_some() && before.trouble.is_none() {
        Some(NOT_SYNCING)
    } else if now.attention > before.attention {
        Some(NEEDS_A_PERSON)
    } else {
        None
    }
}

/// Tells what is news, where nobody looks at the window. A desktop without a place for it goes without.
pub(crate) fn tell(app: &AppHandle, phase: &Phase, before: &SyncState, now: &SyncState) {
    let Some(say) = news(before, now).filter(|_| matches!(phase, Phase::Open | Phase::Locked)) else { return };
    if app.webview_windows().values().any(|window| window.is_focused().unwrap_or(false)) {
        return;
    }
    // The desktop's answer may be long in coming.
    tauri::async_runtime::spawn_blocking(move || {
        let told = notify_rust::Notification::new().appname("Shadowchart").summary("Shadowchart").body(say).show();
        if told.is_err() {
            tracing::debug!("the desktop shows no notifications");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tray::tests::up_to_date;

    #[test]
    fn a_person_is_called_once_and_not_for_what_mends_itself() {
        let waits = |attention| SyncState { attention, ..up_to_date() };
        let offline = SyncState { reachable: false, pending: 3, ..up_to_date() };
        for (before, now, told) in [
            (up_to_date(), waits(1), Some(NEEDS_A_PERSON)),
            (waits(1), waits(1), None),
            (waits(1), waits(2), Some(NEEDS_A_PERSON)),
            (waits(2), waits(1), None),
            (up_to_date(), offline, None),
        ] {
            assert_eq!(news(&before, &now), told);
        }
    }
}
