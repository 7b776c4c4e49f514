//! Waiting for something to be so, with a limit; never for time to pass.

use anyhow::{Result, bail};
use std::{
    future::Future,
    time::{Duration, Instant},
};

/// Between two looks. Short beside anything a person would notice, long beside the look itself.
const PAUSE: Duration = Duration::from_millis(40);

/// How long the ordinary steps of a window or process may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Looks again and again until there is an answer.
///
/// # Errors
/// The limit passed; says what was waited for and what was there instead.
pub async fn until<T, F>(what: &str, limit: Duration, mut look: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let began = Instant::now();
    loop {
        let seen = look().await;
        match seen {
            Ok(answer) => return Ok(answer),
            Err(error) if began.elapsed() > limit => {
                bail!("{what}: not within {} s; last seen: {error:#}", limit.as_secs())
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}
