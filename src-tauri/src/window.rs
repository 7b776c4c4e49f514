//! The one window: made, raised, and replaced by a fresh one when its memory has to go.
//!
//! Its page is ours alone: it comes from the binary, opens nothing else, keeps nothing on disk.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder};
use workstation::{Workstation, screen::TextSize};

/// The smallest laptop screen that an office still uses.
const SIZE: (f64, f64) = (1366.0, 768.0);
const SMALLEST: (f64, f64) = (1024.0, 640.0);

/// Every window gets a label of its own, as the old one is still there while the next one is made.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// The address of a page that took another's place ends so.
#[cfg(target_os = "linux")]
const RENEWED: &str = "?renewed";

/// Reload and "back" would lose what a person typed, and a dropped file would replace the page.
const GUARD: &str = r#"
addEventListener('contextmenu', (event) => {
  if (!event.target.closest('input, textarea, [contenteditable="true"]')) event.preventDefault();
}, true);
for (const kind of ['dragover', 'drop']) addEventListener(kind, (event) => {
  if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
}, true);
"#;

/// Opens the window on the start page.
///
/// # Errors
/// The system can't make a window or a web view.
pub fn open(app: &AppHandle) -> tauri::Result<WebviewWindow> {
    let label = format!("main-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let builder = WebviewWindowBuilder::new(app, label, WebviewUrl::App("index.html".into()))
        .title("Shadowchart")
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(SMALLEST.0, SMALLEST.1)
        .devtools(cfg!(debug_assertions))
        .general_autofill_enabled(false)
        .disable_drag_drop_handler()
        .initialization_script(GUARD)
        .initialization_script(opening(app)?)
        .on_navigation(is_ours)
        .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny)
        .on_download(|_, _| false);
    let window = keep_nothing(app, builder).build()?;
    #[cfg(target_os = "linux")]
    {
        draw_as_the_computer_can(&window)?;
        keep_no_page(&window)?;
    }
    Ok(window)
}

/// Without a graphics card the web view would compose its layers with one that is imitated, which takes longer than
/// drawing the page once, straight into the window.
#[cfg(target_os = "linux")]
fn draw_as_the_computer_can(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
    if has_graphics_card(std::path::Path::new("/dev/dri")) {
        return Ok(());
    }
    window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

/// A page that was left is not kept for a way back to it, nor what was fetched for it: a chart may be in it, and there is
/// no way back.
#[cfg(target_os = "linux")]
fn keep_no_page(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{CacheModel, SettingsExt, WebContextExt, WebViewExt};
    window.with_webview(|view| {
        let view = view.inner();
        if let Some(settings) = view.settings() {
            settings.set_enable_page_cache(false);
        }
        if let Some(context) = view.context() {
            context.set_cache_model(CacheModel::DocumentViewer);
        }
    })
}

/// Whether the kernel's folder of graphics devices has one that renders.
#[cfg(target_os = "linux")]
fn has_graphics_card(devices: &std::path::Path) -> bool {
    devices.read_dir().is_ok_and(|found| {
        found.filter_map(Result::ok).any(|device| device.file_name().as_encoded_bytes().starts_with(b"renderD"))
    })
}

/// The page begins with what the program would answer it first: with a question, the first frame would be empty, and
/// the next one comes late. A page that was renewed asks: this script is of the window's first moment.
fn opening(app: &AppHandle) -> tauri::Result<String> {
    let state = serde_json::to_string(&app.state::<Arc<Workstation>>().state())?;
    Ok(format!("if (!location.search) globalThis.shadowchartOpening = {state};"))
}

/// Gives the window a page of a process of its own, and ends the process of the page before it: what that one had in
/// memory goes with it. The window itself stays where it is.
///
/// # Errors
/// The system can't make a web view.
#[cfg(target_os = "linux")]
pub(crate) fn renew(app: &AppHandle) -> tauri::Result<()> {
    use webkit2gtk::WebViewExt;
    for window in app.webview_windows().values() {
        window.with_webview(|view| {
            let view = view.inner();
            let page = view.uri().unwrap_or_default();
            // A driver holds on to the process, and ends the program when it is gone.
            if !driven() {
                view.terminate_web_process();
            }
            view.load_uri(&format!("{}{RENEWED}", page.split(['?', '#']).next().unwrap_or_default()));
        })?;
    }
    Ok(())
}

/// Closes the system's own dialogs, of which the printer's is the only one. It runs the loop of the program from within,
/// so that the page behind it would stay until somebody answers.
#[cfg(target_os = "linux")]
pub(crate) fn put_dialogs_away() {
    use gtk::prelude::{Cast, DialogExt};
    gtk::glib::MainContext::default().invoke(|| {
        for window in gtk::Window::list_toplevels() {
            if let Ok(dialog) = window.downcast::<gtk::Dialog>() {
                dialog.response(gtk::ResponseType::Cancel);
            }
        }
    });
}

/// A window that is destroyed takes its dialogs along.
#[cfg(not(target_os = "linux"))]
pub(crate) fn put_dialogs_away() {}

/// As on Linux, with a new window: the web views of other systems do not let go of their process.
///
/// # Errors
/// The system can't make a web view.
#[cfg(not(target_os = "linux"))]
pub(crate) fn renew(app: &AppHandle) -> tauri::Result<()> {
    replace(app).map(drop)
}

/// Takes the present window's place with a fresh one.
///
/// # Errors
/// As [`open`]; the old window is gone in any case.
#[cfg(not(target_os = "linux"))]
fn replace(app: &AppHandle) -> tauri::Result<WebviewWindow> {
    let old: Vec<WebviewWindow> = app.webview_windows().into_values().collect();
    let next = open(app);
    if let (Ok(next), Some(last)) = (&next, old.first()) {
        take_place(last, next);
    }
    for window in old {
        window.destroy()?;
    }
    next
}

/// Draws everything in the window so many times as large.
pub(crate) fn draw_at(window: &WebviewWindow, size: TextSize) {
    if let Err(error) = window.set_zoom(size.times()) {
        tracing::warn!("the page can't be drawn larger: {error}");
    }
}

/// Brings the window to the front.
pub(crate) fn raise(app: &AppHandle) {
    for window in app.webview_windows().values() {
        for step in [window.unminimize(), window.show(), window.set_focus()] {
            if let Err(error) = step {
                tracing::warn!("the window can't be raised: {error}");
            }
        }
    }
}

/// Where the old window stood is a nicety, so a desktop that does not tell is no reason to stop.
#[cfg(not(target_os = "linux"))]
fn take_place(old: &WebviewWindow, new: &WebviewWindow) {
    let moved = if old.is_maximized().unwrap_or(false) {
        new.maximize()
    } else {
        old.inner_size()
            .and_then(|size| new.set_size(size))
            .and_then(|()| old.outer_position())
            .and_then(|place| new.set_position(place))
    };
    if let Err(error) = moved {
        tracing::debug!("the new window stands elsewhere: {error}");
    }
}

/// The page is the binary's own (`tauri://localhost`, on Windows `http://tauri.localhost`), or the dev server's.
fn is_ours(url: &tauri::Url) -> bool {
    let host = url.host_str();
    (url.scheme() == "tauri" && host == Some("localhost"))
        || (cfg!(windows) && host == Some("tauri.localhost"))
        || (cfg!(dev) && url.scheme() == "http" && host == Some("localhost") && url.port() == Some(5173))
}

/// No cache, cookie or local storage outlives the window.
///
/// A web view of its own memory can't be driven by WebDriver (wry switches automation off for it), so a driven
/// window keeps its files in the workstation's folder instead.
fn keep_nothing<'a>(
    app: &AppHandle,
    builder: WebviewWindowBuilder<'a, tauri::Wry, AppHandle>,
) -> WebviewWindowBuilder<'a, tauri::Wry, AppHandle> {
    if driven() { builder.data_directory(crate::home_of(app).join("web")) } else { builder.incognito(true) }
}

/// Whether a WebDriver drives the window. Only the tests set that variable.
fn driven() -> bool {
    std::env::var("TAURI_WEBVIEW_AUTOMATION").is_ok_and(|value| value == "true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_screen_alone_is_no_graphics_card() {
        let devices = tempfile::tempdir().expect("a folder");
        assert!(!has_graphics_card(&devices.path().join("missing")));
        std::fs::write(devices.path().join("card0"), "").expect("a device");
        assert!(!has_graphics_card(devices.path()));
        std::fs::write(devices.path().join("renderD128"), "").expect("a device");
        assert!(has_graphics_card(devices.path()));
    }

    #[test]
    fn the_page_never_leaves_the_binary() {
        for (url, ours) in [
            ("tauri://localhost/index.html", true),
            ("tauri://localhost/#/day", true),
            ("tauri://elsewhere/index.html", false),
            ("https://localhost/index.html", false),
            ("https://example.org/", false),
            ("http://localhost:8080/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,hello", false),
            ("about:blank", false),
        ] {
            let url: tauri::Url = url.parse().expect("the case is a URL");
            assert_eq!(is_ours(&url), ours, "{url}");
        }
    }
}
