//! 32 secret bytes that leave nothing behind.

use zeroize::Zeroize;

use crate::error::VaultError;

const PAGE: usize = 4096;

/// A page of memory: the least that can be kept out of the swap file, and no other key's. Written from end to end, as
/// what is left out would be made of whatever lay on the stack before.
#[repr(align(4096))]
struct Page([u8; PAGE]);

/// A key. On the heap, so that moving it copies no bytes; kept out of the swap file where the system allows it; zeroed
/// when dropped.
///
/// It has no `Debug`, `Clone`, `Serialize` or `Deref`, and its bytes can be read inside this crate only.
pub(crate) struct Key {
    page: Box<Page>,
    /// Absent where the system has locked as much for this program as it will.
    _in_memory: Option<region::LockGuard>,
}

impl Key {
    pub(crate) fn zero() -> Self {
        let page = Box::new(Page([0; PAGE]));
        let _in_memory = region::lock(&raw const *page, PAGE).ok();
        Self { page, _in_memory }
    }

    pub(crate) fn random() -> Result<Self, VaultError> {
        let mut key = Self::zero();
        fill_random(key.bytes_mut())?;
        Ok(key)
    }

    /// `None` unless `bytes` are 32.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut key = Self::zero();
        (bytes.len() == 32).then(|| {
            key.bytes_mut().copy_from_slice(bytes);
            key
        })
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.page.0.first_chunk().expect("a page is longer than a key")
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8; 32] {
        self.page.0.first_chunk_mut().expect("a page is longer than a key")
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.page.0.zeroize();
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// Kilobytes of this process that the swap file never gets.
    fn locked() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmLck:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    #[test]
    fn a_key_is_kept_out_of_the_swap_file_for_as_long_as_it_lives_and_no_key_ends_anothers_stay() {
        let before = locked();
        let first = Key::random().unwrap();
        let second = Key::random().unwrap();
        assert_eq!(locked(), before + 8);
        drop(first);
        assert_eq!(locked(), before + 4);
        drop(second);
        assert_eq!(locked(), before);
    }
}
