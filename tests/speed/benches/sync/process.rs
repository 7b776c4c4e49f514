//! What the system says of a process.

use std::{
    fs::{read_to_string, write},
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::Duration,
};

use rustix::time::{ClockId, clock_gettime};

/// The processor's time that this process has used, in all its threads.
pub fn cpu_time() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime).try_into().unwrap()
}

/// MB that process `id` has in memory now (`VmRSS`) or had at most (`VmHWM`), files mapped into it counted.
pub fn memory(id: u32, which: &str) -> Option<f64> {
    let text = read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(which)?.strip_prefix(':'))?;
    Some(line.trim().trim_end_matches(" kB").parse::<f64>().ok()? * 1024.0 / 1e6)
}

/// Runs `work`; gives also how much memory process `id` had at most since `begun`, in MB. Its peak is kept by the system, so
/// nothing is missed between two looks but what comes after the last.
pub fn peak<T>(id: u32, begun: impl Fn() -> bool + Send + 'static, work: impl FnOnce() -> T) -> (T, f64) {
    let (done, end) = channel::<()>();
    let looking = thread::spawn(move || {
        let (mut most, mut begins) = (None, false);
        while end.recv_timeout(Duration::from_millis(5)) == Err(RecvTimeoutError::Timeout) {
            if !begins && begun() {
                // The peak is what it has now (proc_pid_clear_refs(5)).
                begins = write(format!("/proc/{id}/clear_refs"), "5").is_ok();
            }
            if begins {
                most = memory(id, "VmHWM").or(most);
            }
        }
        most.expect("it was over before it was looked at")
    });
    let made = work();
    drop(done);
    (made, looking.join().unwrap())
}
