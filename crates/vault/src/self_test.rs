//! The health of the keys, looked at without a password: for `diagnose`, and for the start of the program.

use crate::{damage::Damage, error::VaultError, secret::leaving_no_trace, vault::Vault};

impl Vault {
    /// Whether a right password would open this vault: the keychain has its entry, the key file is as it was left, and
    /// the file's header is not plain text. A computer that nobody has signed in on yet has nothing to find fault with.
    /// Changes nothing.
    pub fn self_test(&self) -> Result<(), VaultError> {
        if !self.exists() {
            return leaving_no_trace(|| self.device_secret().map(drop));
        }
        let _turn = self.turn()?;
        let slots = self.whole()?;
        leaving_no_trace(|| {
            let device = self.device_secret_of(&slots)?;
            if slots.holds(&device) { Ok(()) } else { Err(Damage::KeyFileAltered.into()) }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use practice::Code;

    use crate::{
        desk::Desk,
        keychain::{EntryKind, KeychainState},
    };

    #[test]
    fn each_cause_is_found_without_a_password_and_nothing_is_changed() {
        type Break = fn(&Desk);
        let causes: [(Break, Code); 6] = [
            (|desk| desk.keychain.become_(KeychainState::Locked), Code::KeychainLocked),
            (|desk| desk.keychain.lose(EntryKind::DeviceSecret), Code::KeychainEntryMissing),
            (|desk| desk.keychain.overwrite(EntryKind::DeviceSecret, &[7; 32]), Code::KeychainChanged),
            (
                |desk| fs::write(desk.path("vault.db"), [b"SQLite format 3\0", &[0; 8176][..]].concat()).unwrap(),
                Code::VaultDamaged,
            ),
            (|desk| fs::remove_file(desk.path("slots.json")).unwrap(), Code::VaultDamaged),
            (|desk| fs::remove_file(desk.path("vault.db")).unwrap(), Code::VaultDamaged),
        ];
        let healthy = Desk::anns();
        assert_eq!(healthy.vault.self_test(), Ok(()));
        for (cause, code) in causes {
            let desk = Desk::anns();
            cause(&desk);
            let before: Vec<_> = ["vault.db", "slots.json"].map(|name| fs::read(desk.path(name)).ok()).into();
            assert_eq!(desk.vault.self_test().unwrap_err().refusal().code, code);
            let after: Vec<_> = ["vault.db", "slots.json"].map(|name| fs::read(desk.path(name)).ok()).into();
            assert!(before == after, "{code:?}");
        }
    }
}
