//! So many tries within five minutes, from one place.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use practice::time::Stamp;

const WINDOW: Duration = Duration::from_secs(300);

/// Places remembered; past this, those whose time is over are forgotten.
const MANY: usize = 10_000;

/// Counts tries by place.
pub(super) struct Limiter {
    most: u32,
    seen: Mutex<HashMap<String, (Stamp, u32)>>,
}

impl Limiter {
    pub fn new(most: u32) -> Self {
        Self { most, seen: Mutex::default() }
    }

    /// Whether one more try from `place` is within the limit; counts it.
    pub fn allows(&self, place: &str, now: Stamp) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() > MANY {
            seen.retain(|_, (since, _)| now.since(*since) < WINDOW);
        }
        let (since, tries) = seen.entry(place.to_owned()).or_insert((now, 0));
        if now.since(*since) >= WINDOW {
            (*since, *tries) = (now, 0);
        }
        *tries = tries.saturating_add(1);
        *tries <= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_each_places_own_and_ends_with_its_window() {
        let limiter = Limiter::new(2);
        let at = |second: i64| Stamp::from_millis(second * 1000).unwrap();
        assert!(limiter.allows("a", at(0)) && limiter.allows("a", at(1)));
        assert!(!limiter.allows("a", at(299)));
        assert!(limiter.allows("b", at(299)));
        assert!(limiter.allows("a", at(300)));
    }
}
