//! The longest a keychain may take, whatever the operating system.

use std::{sync::mpsc, thread, time::Duration};

use super::KeychainError;

/// The longest any call may take.
const LIMIT: Duration = Duration::from_millis(2_500);

/// Does `work` on a thread of its own and waits for it no longer than the limit.
pub(super) fn within<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, KeychainError> + Send + 'static,
) -> Result<T, KeychainError> {
    let (done, waiting) = mpsc::channel();
    thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(move || done.send(work()))
        .map_err(|_| KeychainError::Silent)?;
    waiting.recv_timeout(LIMIT).unwrap_or(Err(KeychainError::Silent))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_call_that_never_returns_is_given_up_on_within_three_seconds() {
        let asked = Instant::now();
        let never = within(|| -> Result<(), KeychainError> {
            loop {
                thread::park();
            }
        });
        assert_eq!(never.err(), Some(KeychainError::Silent));
        assert!(asked.elapsed() < Duration::from_secs(3));
    }

    #[test]
    fn a_call_that_panics_is_an_answer_too() {
        let answered = within(|| -> Result<(), KeychainError> { std::panic::resume_unwind(Box::new(())) });
        assert_eq!(answered.err(), Some(KeychainError::Silent));
    }
}
