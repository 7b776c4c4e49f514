//! The host's lives. A restore from a backup begins a new one, and what was written after the backup is lost there, but
//! not at the workstations that had seen it.
//!
//! A life is named after the one that its backup was made in, with a part of its own added: `9f3a.c4.07` was restored
//! from `9f3a.c4`. So two names tell whether one life saw what the other did.

/// The extension of a feed's entry that names the life it was written in, where that is not the present one.
pub const LIFE: &str = "urn:shadowchart:life";

/// Whether `life` is `earlier`, or was restored from a backup of it or of one that was.
pub fn comes_from(life: &str, earlier: &str) -> bool {
    life.strip_prefix(earlier).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The name of the life that a restore from a backup of `life` begins; `part` is random.
pub fn restored(life: &str, part: &str) -> String {
    format!("{life}.{part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_comes_from_itself_and_from_those_before_it() {
        let second = restored("9f", "c4");
        let third = restored(&second, "07");
        for earlier in ["9f", &second, &third] {
            assert!(comes_from(&third, earlier), "{earlier}");
        }
        for other in ["9", "9f.c", "9f.c5", "", "9f.c4.07.1"] {
            assert!(!comes_from(&third, other), "{other:?}");
        }
    }
}
