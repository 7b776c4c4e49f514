//! Nobody wipes what is freed, neither our own code nor GTK, WebKit and SQLite below it: a name would outlive the lock in
//! memory that nobody uses. glibc wipes it for all of them when it is told so before a program begins, and WebKit can leave
//! its memory to glibc; so the program begins twice.

use std::{env, os::unix::process::CommandExt, process::Command};

use webkit2gtk::glib;

/// Said to the second beginning. No cache a thread keeps for itself, since what is in it is not wiped.
const TOLD: [(&str, &str); 3] = [
    ("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0:glibc.malloc.perturb=85"),
    ("Malloc", "1"),
    ("SHADOWCHART_WIPES", "1"),
];

/// Begins again, unless this is the second beginning. To be called before there is a thread.
pub fn wipe_what_is_freed() {
    if env::var_os("SHADOWCHART_WIPES").is_some() {
        // The page's process ends with the session; it need not be slowed down.
        TOLD.iter().for_each(|(name, _)| glib::unsetenv(name));
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let error = Command::new(program).args(env::args_os().skip(1)).envs(TOLD).exec();
    tracing::warn!("freed memory is not wiped, because the program can't begin again: {error}");
}
