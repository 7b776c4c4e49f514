//! The one value that opens the chart. Holding it is the permission; dropping it is the lock.

use std::path::PathBuf;

use rusqlite::Connection;

use crate::{
    error::VaultError,
    open, seal,
    secret::{Key, leaving_no_trace},
    vault::{Vault, WorkstationKeyName},
};

/// An open vault: made by [`Vault::create`], [`Vault::adopt`] and [`Vault::unlock`] only. Its keys are zeroed when it
/// is dropped. Connections made from it keep their own copy inside SQLCipher until they are closed.
pub struct Unlocked {
    db: PathBuf,
    name: WorkstationKeyName,
    vault_key: Key,
    private: Key,
    /// What only this computer seals with.
    sender: Key,
}

impl Unlocked {
    pub(crate) fn new(vault: &Vault, device: &Key, vault_key: Key, private: Key) -> Self {
        let sender = seal::sender_of(device);
        Self { db: vault.db_path(), name: vault.name.clone(), vault_key, private, sender }
    }

    pub(crate) fn vault_key(&self) -> &Key {
        &self.vault_key
    }

    /// Opens a connection, keyed and read once: WAL, `synchronous=FULL`, foreign keys on, five seconds of patience with
    /// other writers. Never makes a file.
    pub fn connect(&self) -> Result<Connection, VaultError> {
        leaving_no_trace(|| open::connect(&self.db, &self.vault_key))
    }

    /// Reads every page of the vault's file and compares its checksums. Takes as long as reading the file.
    pub fn check_pages(&self) -> Result<(), VaultError> {
        open::check_pages(&self.connect()?)
    }

    /// Opens what [`Vault::seal`] sealed. `None` when it was altered, sealed for another vault, or made elsewhere.
    pub fn open_sealed(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        leaving_no_trace(|| seal::open(&self.private, &self.sender, &self.name, sealed))
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{
        fs::{self, File},
        os::unix::fs::FileExt,
    };

    use crate::desk::Desk;

    /// How often `needle`, given with every bit turned so that looking for it does not find itself, is in this
    /// process's memory.
    fn in_memory(turned: &[u8]) -> usize {
        let memory = File::open("/proc/self/mem").unwrap();
        let mut found = 0;
        let mut chunk = vec![0; 1 << 20];
        for line in fs::read_to_string("/proc/self/maps").unwrap().lines() {
            let mut fields = line.split(' ');
            let (from, to) = fields.next().unwrap().split_once('-').unwrap();
            let (mut at, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
            if !fields.next().unwrap().starts_with("rw") {
                continue;
            }
            while at < to {
                let most = chunk.len().min(usize::try_from(to - at).unwrap());
                let Ok(read) = memory.read_at(&mut chunk[..most], at) else { break };
                let hits = chunk[..read].windows(turned.len());
                found += hits.filter(|window| window.iter().zip(turned).all(|(byte, turned)| *byte == !turned)).count();
                if read < turned.len() {
                    break;
                }
                at += (read - turned.len() + 1) as u64;
            }
            chunk.fill(0);
        }
        found
    }

    fn turned(bytes: &[u8]) -> Vec<u8> {
        bytes.iter().map(|byte| !byte).collect()
    }

    #[test]
    fn after_the_lock_the_keys_are_in_memory_neither_raw_nor_in_hexadecimal() {
        let desk = Desk::anns();
        let unlocked = desk.unlock("ann", "ann's").ok().unwrap();
        let connection = unlocked.connect().unwrap();
        connection.execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (42)").unwrap();

        // The second half of each: the allocator writes over the first bytes of what is freed.
        let raw = turned(&unlocked.vault_key.bytes()[16..]);
        let private = turned(&unlocked.private.bytes()[16..]);
        let hexadecimal = |upper: bool| -> Vec<u8> {
            raw.iter()
                .flat_map(|turned| {
                    let digits = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
                    let byte = !turned;
                    [!digits[usize::from(byte >> 4)], !digits[usize::from(byte & 15)]]
                })
                .collect()
        };
        let (lower, upper) = (hexadecimal(false), hexadecimal(true));
        assert!(in_memory(&raw) > 0, "while it is unlocked the search finds the key, or it would prove nothing");
        assert!(in_memory(&private) > 0);

        connection.close().ok().unwrap();
        drop(unlocked);
        for (what, needle) in [("raw", raw), ("lower", lower), ("upper", upper), ("private", private)] {
            assert_eq!(in_memory(&needle), 0, "{what}");
        }
    }
}
