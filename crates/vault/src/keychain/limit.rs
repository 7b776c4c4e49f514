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

/// Between two tries at a keychain that went away.
#[cfg(any(target_os = "linux", test))]
const PAUSE: Duration = Duration::from_millis(50);

/// As [`within`], for what may be done twice. A keychain that ends in the middle of an answer is silent, and is started again by
/// whoever looks after it (gnome-keyring traps when another program is killed while it is answered): until the limit it is tried
/// again.
#[cfg(any(target_os = "linux", test))]
pub(super) fn within_again<T: Send + 'static>(
    work: impl Fn() -> Result<T, KeychainError> + Send + 'static,
) -> Result<T, KeychainError> {
    let asked = std::time::Instant::now();
    within(move || {
        let mut answer = work();
        if matches!(answer, Err(KeychainError::Silent)) {
            while answer.is_err() && asked.elapsed() < LIMIT {
                thread::sleep(PAUSE);
                answer = work();
            }
        }
        answer
    })
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Instant,
    };

    use super::*;

    #[test]
    fn what_was_not_answered_is_asked_again_and_a_no_is_not() {
        let tries = |answers: &'static [KeychainError]| {
            let (asked, told) = (AtomicUsize::new(0), mpsc::channel());
            let answered = within_again(move || {
                let nth = asked.fetch_add(1, Ordering::Relaxed);
                let _ = told.0.send(());
                answers.get(nth).map_or(Ok(()), |error| Err(*error))
            });
            (answered, told.1.try_iter().count())
        };
        assert_eq!(tries(&[KeychainError::Silent, KeychainError::NoService]), (Ok(()), 3));
        assert_eq!(tries(&[KeychainError::NoService]), (Err(KeychainError::NoService), 1));
        assert_eq!(tries(&[KeychainError::Locked]), (Err(KeychainError::Locked), 1));
    }

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
