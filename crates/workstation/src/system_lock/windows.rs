//! Windows tells a window: of its session
//! (<https://learn.microsoft.com/windows/win32/termserv/wm-wtssession-change>) and of sleep
//! (<https://learn.microsoft.com/windows/win32/power/pbt-apmsuspend>).
//!
//! So there is a window that nobody sees, in a thread of its own. Windows waits for it to have dealt with a message, up
//! to about two seconds, before the computer sleeps; that is the moment closing the vault takes.
#![allow(
    unsafe_code,
    reason = "windows-sys declares the Windows API as it is; a window's procedure has no safe wrapper"
)]

use std::{cell::OnceCell, io, ptr, thread, time::Duration};

use windows_sys::{
    Win32::{
        Foundation::{HWND, LPARAM, LRESULT, WPARAM},
        System::{
            LibraryLoader::GetModuleHandleW,
            Power::{RegisterSuspendResumeNotification, UnregisterSuspendResumeNotification},
            RemoteDesktop::{
                NOTIFY_FOR_THIS_SESSION, WTSRegisterSessionNotification, WTSUnRegisterSessionNotification,
            },
        },
        UI::WindowsAndMessaging::{
            CreateWindowExW, DEVICE_NOTIFY_WINDOW_HANDLE, DefWindowProcW, DestroyWindow, DispatchMessageW, GetMessageW,
            HWND_MESSAGE, MSG, PBT_APMSUSPEND, RegisterClassW, WM_POWERBROADCAST, WM_WTSSESSION_CHANGE, WNDCLASSW,
            WTS_CONSOLE_DISCONNECT, WTS_REMOTE_DISCONNECT, WTS_SESSION_LOCK, WTS_SESSION_LOGOFF,
        },
    },
    core::PCWSTR,
    w,
};

/// The window's class, which the process registers once.
const CLASS: PCWSTR = w!("ShadowchartSystemLock");

/// How long until a session service that is not there yet is asked again.
const AGAIN: Duration = Duration::from_secs(10);

thread_local! {
    /// What the window of this thread does when Windows tells.
    static LOCK: OnceCell<Box<dyn Fn()>> = const { OnceCell::new() };
}

/// Locks when Windows says so, until the program ends.
pub(super) fn follow(lock: impl Fn() + Send + 'static) {
    let following = move || {
        LOCK.with(|own| drop(own.set(Box::new(lock))));
        loop {
            if let Err(error) = listen() {
                tracing::debug!("Windows can't be followed: {error}");
            }
            thread::sleep(AGAIN);
        }
    };
    if let Err(error) = thread::Builder::new().name("system lock".to_owned()).spawn(following) {
        tracing::warn!("Windows can't be followed: {error}");
    }
}

/// Whether the session was locked or given up, or the computer goes to sleep.
fn goes_away(message: u32, told: WPARAM) -> bool {
    let told = u32::try_from(told).unwrap_or(0);
    match message {
        WM_WTSSESSION_CHANGE => {
            matches!(told, WTS_SESSION_LOCK | WTS_CONSOLE_DISCONNECT | WTS_REMOTE_DISCONNECT | WTS_SESSION_LOGOFF)
        }
        WM_POWERBROADCAST => told == PBT_APMSUSPEND,
        _ => false,
    }
}

/// What Windows calls with every message to the window, on the window's own thread.
unsafe extern "system" fn heard(window: HWND, message: u32, told: WPARAM, more: LPARAM) -> LRESULT {
    if goes_away(message, told) {
        LOCK.with(|own| {
            if let Some(lock) = own.get() {
                lock();
            }
        });
    }
    // SAFETY: the message is passed on as it came.
    unsafe { DefWindowProcW(window, message, told, more) }
}

/// Hears messages until Windows takes the window away.
fn listen() -> io::Result<()> {
    let window = Window::open()?;
    // SAFETY: the window is open until this function returns.
    if unsafe { WTSRegisterSessionNotification(window.0, NOTIFY_FOR_THIS_SESSION) } == 0 {
        return Err(io::Error::last_os_error());
    }
    // A window that is for messages only hears no broadcast: it has to ask for them.
    // SAFETY: the window is open until this function returns.
    let sleep = unsafe { RegisterSuspendResumeNotification(window.0, DEVICE_NOTIFY_WINDOW_HANDLE) };
    if sleep == 0 {
        tracing::debug!("Windows does not tell of sleep: {}", io::Error::last_os_error());
    }
    let mut message = MSG::default();
    // SAFETY: `message` is ours to write to, and the window belongs to this thread.
    while unsafe { GetMessageW(&raw mut message, window.0, 0, 0) } > 0 {
        // SAFETY: `message` is what Windows has just written.
        unsafe { DispatchMessageW(&raw const message) };
    }
    let ended = io::Error::last_os_error();
    if sleep != 0 {
        // SAFETY: it was registered above and is given up once.
        unsafe { UnregisterSuspendResumeNotification(sleep) };
    }
    Err(ended)
}

/// A window for messages only, closed when dropped.
struct Window(HWND);

impl Window {
    fn open() -> io::Result<Self> {
        // SAFETY: no name means this program's own module.
        let program = unsafe { GetModuleHandleW(ptr::null()) };
        let class =
            WNDCLASSW { lpfnWndProc: Some(heard), hInstance: program, lpszClassName: CLASS, ..WNDCLASSW::default() };
        // SAFETY: the class names a procedure and strings that live as long as the program. From the second time on it
        // is refused, because it is there.
        unsafe { RegisterClassW(&raw const class) };
        // SAFETY: the class's name ends with a zero; what is null may be null.
        let window = unsafe {
            let (none, parent) = (ptr::null_mut(), HWND_MESSAGE);
            CreateWindowExW(0, CLASS, CLASS, 0, 0, 0, 0, 0, parent, none, program, ptr::null())
        };
        if window.is_null() { Err(io::Error::last_os_error()) } else { Ok(Self(window)) }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // SAFETY: the window was opened by this thread and is closed once; giving up a notification it never had fails.
        unsafe {
            WTSUnRegisterSessionNotification(self.0);
            DestroyWindow(self.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use windows_sys::Win32::UI::WindowsAndMessaging::{
        PBT_APMRESUMEAUTOMATIC, SendMessageW, WM_CLOSE, WTS_SESSION_UNLOCK,
    };

    use super::*;

    #[test]
    fn a_locked_or_switched_session_and_sleep_lock_the_desk_and_nothing_else_does() {
        let locks = Rc::new(Cell::new(0));
        let counted = Rc::clone(&locks);
        LOCK.with(|own| drop(own.set(Box::new(move || counted.set(counted.get() + 1)))));
        let window = Window::open().unwrap();
        for (message, told, expected) in [
            (WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK, 1),
            (WM_WTSSESSION_CHANGE, WTS_SESSION_UNLOCK, 1),
            (WM_WTSSESSION_CHANGE, WTS_CONSOLE_DISCONNECT, 2),
            (WM_WTSSESSION_CHANGE, WTS_REMOTE_DISCONNECT, 3),
            (WM_POWERBROADCAST, PBT_APMSUSPEND, 4),
            (WM_POWERBROADCAST, PBT_APMRESUMEAUTOMATIC, 4),
            (WM_CLOSE, WTS_SESSION_LOCK, 4),
        ] {
            // SAFETY: the window is this thread's own, and the messages carry no pointer.
            unsafe { SendMessageW(window.0, message, told as WPARAM, 0) };
            assert_eq!(locks.get(), expected, "message {message} told {told}");
        }
    }
}
