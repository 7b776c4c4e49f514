//! The demo's randomness: the same seed gives the same practice on every machine, for ever.
//!
//! Each part draws from dice of its own, named by what they decide, so that a new field in one resource does not
//! shift every other one. Splitmix64 (<https://prng.di.unimi.it/splitmix64.c>) is enough: nothing secret hangs on it.

/// A stream of pseudo-random numbers.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The dice for one thing: a word for what it is, and its position.
    pub fn of(seed: u64, what: &str, position: &[u64]) -> Self {
        let mut dice = Self(seed);
        for byte in what.bytes() {
            dice.0 = dice.next() ^ u64::from(byte);
        }
        for number in position {
            dice.0 = dice.next() ^ number;
        }
        dice
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` up to and including `high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low) + 1;
        low + (self.next() % span) as i64
    }

    /// True `percent` times in a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    /// One of `choices`, which is never empty.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[(self.next() % choices.len() as u64) as usize]
    }

    /// An id in the form of a UUID.
    pub fn id(mut self) -> String {
        let bits = (u128::from(self.next()) << 64) | u128::from(self.next());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().hyphenated().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_throws_the_same_and_another_name_another() {
        let throw = |what, at: &[u64]| Dice::of(7, what, at).next();
        assert_eq!(throw("Patient", &[1]), throw("Patient", &[1]));
        assert_ne!(throw("Patient", &[1]), throw("Patient", &[2]));
        assert_ne!(throw("Patient", &[1]), throw("Coverage", &[1]));
        assert_ne!(Dice::of(7, "x", &[]).id(), Dice::of(8, "x", &[]).id());
    }

    #[test]
    fn a_throw_stays_within_its_bounds() {
        let mut dice = Dice::of(1, "bounds", &[]);
        let throws: Vec<i64> = (0..1000).map(|_| dice.between(-2, 3)).collect();
        assert!(throws.iter().all(|t| (-2..=3).contains(t)));
        assert!((-2..=3).all(|want| throws.contains(&want)));
    }
}
