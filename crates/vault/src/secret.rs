//! 32 secret bytes that leave nothing behind.

use zeroize::Zeroize;

use crate::error::VaultError;

/// A key. On the heap, so that moving it copies no bytes; zeroed when dropped.
///
/// It has no `Debug`, `Clone`, `Serialize` or `Deref`, and its bytes can be read inside this crate only.
pub(crate) struct Key(Box<[u8; 32]>);

impl Key {
    pub(crate) fn zero() -> Self {
        Self(Box::new([0; 32]))
    }

    pub(crate) fn random() -> Result<Self, VaultError> {
        let mut key = Self::zero();
        fill_random(key.0.as_mut_slice())?;
        Ok(key)
    }

    /// `None` unless `bytes` are 32.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut key = Self::zero();
        (bytes.len() == 32).then(|| {
            key.0.copy_from_slice(bytes);
            key
        })
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8; 32] {
        &mut self.0
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Fills `out` from the operating system's generator.
pub(crate) fn fill_random(out: &mut [u8]) -> Result<(), VaultError> {
    getrandom::fill(out).map_err(|_| VaultError::NoRandomness)
}

/// More than any key operation here reaches down.
const STACK: usize = 128 * 1024;

/// Does `work`, and wipes the stack it stood on. Ciphers keep their key schedules, whose first bytes are the key, in
/// local variables; wiping those where they end leaves the copies made by moving them.
#[inline(never)]
pub(crate) fn leaving_no_trace<T>(work: impl FnOnce() -> T) -> T {
    let done = standing_below(work);
    wipe_stack();
    done
}

#[inline(never)]
fn standing_below<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn wipe_stack() {
    let mut stack = [0_u8; STACK];
    stack.zeroize();
    std::hint::black_box(&stack);
}
