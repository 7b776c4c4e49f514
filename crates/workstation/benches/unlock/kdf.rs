//! The key derivation alone, at the cost that the vault has where its keychain is one in memory.

use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::timed;

const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;

/// How long it takes, its memory included.
pub fn derive() -> Duration {
    timed(|| {
        let mut memory = vec![Block::default(); MEMORY_KIB as usize];
        let params = Params::new(MEMORY_KIB, PASSES, 1, Some(32)).unwrap();
        let mut key = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(b"a password", &[7; 16], &mut key, &mut memory)
            .unwrap();
        memory.fill(Block::default());
        std::hint::black_box((key, memory));
    })
    .1
}
