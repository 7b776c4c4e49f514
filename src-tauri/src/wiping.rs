//! Nobody wipes what is freed, neither our own code nor GTK, WebKit and SQLite below it: a name would outlive the lock in
//! memory that nobody uses. glibc wipes it for all of them when it is told so before a program begins, and WebKit can leave
//! its memory to glibc; so the program begins twice.

use std::{env, os::unix::process::CommandExt, process::Command};

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

/// What the page's collector takes for the computer's memory, in bytes. It lets garbage grow with that, and the day and what
/// is open over it need little of what an office's computer has for all of its programs.
const PAGE_MEMORY: (&str, &str) = ("JSC_forceRAMSize", "25165824");

/// Begins again, unless this is the second beginning. To be called before there is a thread.
pub fn wipe_what_is_freed() {
    if env::var_os("SHADOWCHART_WIPES").is_some() {
        // The page's process ends with the session; it need not be slowed down.
        TOLD.iter().for_each(|(name, _)| glib::unsetenv(name));
        if let Err(error) = glib::setenv(PAGE_MEMORY.0, PAGE_MEMORY.1, false) {
            tracing::warn!("the page may take more memory than it needs: {error}");
        }
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let error = Command::new(program).args(env::args_os().skip(1)).envs(TOLD).exec();
    tracing::warn!("freed memory is not wiped, because the program can't begin again: {error}");
}
