//! What a host takes in with one practice, and with a hundred.

use std::error::Error;

use tokio::runtime::Runtime;

use super::{
    line, note,
    office::{Office, Size},
    office_at_work::at_work,
};

/// Practices that one host has.
const PRACTICES: [usize; 3] = [1, 10, 100];

/// Computers that are connected, of all of them together.
const LINES: usize = 200;

/// Of the changes that a host takes in a second with one practice, how many it takes with a hundred.
const KEPT: f64 = 0.8;

/// Grows a host on one of its stores.
pub fn run(name: &str, database: impl Fn() -> Option<String>) -> Result<(), Box<dyn Error>> {
    let mut first = None;
    for practices in PRACTICES {
        let (office, _) = Office::make(&Size { practices, patients: 20, providers: 1 }, database().as_deref())?;
        let runtime = Runtime::new()?;
        let before = resident()?;
        let serving = runtime.block_on(office.serve(LINES / practices))?;
        let seen = runtime.block_on(at_work(&serving))?;
        let of = format!("{name}: {practices} practices");
        note(&format!("{of}, changes taken a second"), seen.pushes);
        note(&format!("{of}, a change, p99, ms"), seen.push.as_secs_f64() * 1e3);
        note(&format!("{of}, a pull of nothing, p99, ms"), seen.empty_pull.as_secs_f64() * 1e3);
        note(&format!("{of}, memory with the computers' own ends, MB"), (resident()? - before).max(0.0));
        let alone = *first.get_or_insert(seen.pushes);
        if practices > 1 {
            line(&format!("{of}, changes of those with one practice"), seen.pushes / alone, KEPT);
        }
        runtime.shutdown_timeout(std::time::Duration::from_secs(10));
    }
    Ok(())
}

/// Memory of this process, in MB.
fn resident() -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let told = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(told.trim().trim_end_matches(" kB").trim().parse::<f64>()? / 1e3)
}
