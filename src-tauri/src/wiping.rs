//! Nobody wipes what is freed, neither our own code nor GTK, WebKit and SQLite below it: a name would outlive the lock in
//! memory that nobody uses. glibc wipes it for all of them when it is told so before a program begins, and WebKit can leave
//! its memory to glibc; so the program begins twice.

use std::{env, os::unix::process::CommandExt, process::Command, time::Duration};

use webkit2gtk::glib;

/// Said to the second beginning. No cache a thread keeps for itself, since what is in it is not wiped; and no heap for
/// each of the threads that wait for the disk in turn, since what one has is of no use to the others. What is large goes back to
/// the system when it is freed: glibc would keep up to 64 MB for the next, once it has seen something large come and go.
const TOLD: [(&str, &str); 3] = [
    (
        "GLIBC_TUNABLES",
        "glibc.malloc.tcache_count=0:glibc.malloc.perturb=85:glibc.malloc.arena_max=2:\
         glibc.malloc.mmap_threshold=131072:glibc.malloc.trim_threshold=131072",
    ),
    ("Malloc", "1"),
    ("SHADOWCHART_WIPES", "1"),
];

/// Said to the page's process. What its collector takes for the computer's memory, in bytes: it lets garbage grow with that, and
/// the day and what is open over it need little of what an office's computer has for all of its programs. And no last pass over
/// code that runs often: the page works in short turns, for which it comes too late and holds memory.
const PAGE_TOLD: [(&str, &str); 2] = [("JSC_forceRAMSize", "12582912"), ("JSC_useFTLJIT", "0")];

/// Between two times that what is free goes back to the system.
const BETWEEN: Duration = Duration::from_secs(60);

/// Begins again, unless this is the second beginning. To be called before there is a thread.
pub fn wipe_what_is_freed() {
    if env::var_os("SHADOWCHART_WIPES").is_some() {
        // The page's process ends with the session; it need not be slowed down.
        TOLD.iter().for_each(|(name, _)| glib::unsetenv(name));
        for (name, value) in PAGE_TOLD {
            if let Err(error) = glib::setenv(name, value, false) {
                tracing::warn!("the page may take more memory than it needs: {error}");
            }
        }
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let error = Command::new(program).args(env::args_os().skip(1)).envs(TOLD).exec();
    tracing::warn!("freed memory is not wiped, because the program can't begin again: {error}");
}

/// Gives the system what is free between what is in use, until the program ends: by itself glibc gives back the end of its heap
/// alone, and a day or a window's page that came and went leaves 10 MB before it.
pub(crate) async fn give_back() {
    let mut minutes = tokio::time::interval(BETWEEN);
    loop {
        minutes.tick().await;
        #[expect(unsafe_code, reason = "glibc's own call, which nobody wraps")]
        // SAFETY: it touches what is free alone, under glibc's own locks.
        unsafe {
            libc::malloc_trim(0);
        }
    }
}
