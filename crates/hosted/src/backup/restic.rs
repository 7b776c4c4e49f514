//! Running the restic program (docs/decisions/0003). It gets a pipe and a password, and what it says stays here.

use std::{
    io::{BufReader, Read},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread::JoinHandle,
};

use practice::Code;
use zeroize::Zeroizing;

use crate::{operator_key::VARIABLE, store::StoreError};

/// The program; the environment may name another place of it.
const PROGRAM: &str = "restic";

/// Most that is kept of what restic says, in bytes.
const MOST: u64 = 1 << 20;

/// Why restic did not do it.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is no repository at the address.
    Missing,
    /// Told in words.
    Told(StoreError),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Told(error)
    }
}

impl From<Trouble> for StoreError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Missing => StoreError::refused(
                Code::BackupFailed,
                "There is no repository at that address. Look whether its disk is there, and whether the address is right.",
            ),
            Trouble::Told(error) => error,
        }
    }
}

/// restic, about to do one thing with one repository.
pub(super) struct Restic {
    command: Command,
}

/// restic at work.
pub(super) struct Running {
    child: Child,
    /// What it is given.
    pub input: Option<ChildStdin>,
    /// What it gives.
    pub output: Option<BufReader<ChildStdout>>,
    said: Option<JoinHandle<String>>,
}

impl Restic {
    /// For the repository at `address`.
    pub fn at(address: &str, password: &Zeroizing<String>) -> Self {
        let mut command = Command::new(PROGRAM);
        for (name, _) in std::env::vars_os() {
            // The operator's shell may be set up for another repository; and no key is any business of this program.
            if name.to_str().is_some_and(|name| name.starts_with("RESTIC_") || name == VARIABLE) {
                command.env_remove(name);
            }
        }
        command.env("RESTIC_REPOSITORY", address).env("RESTIC_PASSWORD", password.as_str()).env("TZ", "UTC");
        command.args(["--no-cache", "--quiet"]);
        Self { command }
    }

    /// Another repository, from which is copied.
    pub fn from(mut self, address: &str, password: &Zeroizing<String>) -> Self {
        self.command.env("RESTIC_FROM_REPOSITORY", address).env("RESTIC_FROM_PASSWORD", password.as_str());
        self
    }

    pub fn args<'a>(mut self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Starts it.
    pub fn start(mut self) -> Result<Running, Trouble> {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => StoreError::refused(
                Code::BackupFailed,
                "Backups need the program restic, which is not on this machine. Install it: Debian's package is `restic`.",
            ),
            _ => error.into(),
        })?;
        let said = child.stderr.take().map(|said| std::thread::spawn(move || text(said)));
        let (input, output) = (child.stdin.take(), child.stdout.take().map(BufReader::new));
        Ok(Running { child, input, output, said })
    }

    /// Does it, with nothing to read; gives what it wrote.
    pub fn run(self) -> Result<String, Trouble> {
        let mut running = self.start()?;
        running.input = None;
        let written = running.output.take().map(text).unwrap_or_default();
        running.end()?;
        Ok(written)
    }
}

impl Running {
    /// Waits for its end.
    pub fn end(mut self) -> Result<(), Trouble> {
        self.input = None;
        // Nobody reads the rest of what it writes.
        self.output = None;
        let status = self.child.wait().map_err(StoreError::from)?;
        let said = self.said.take().and_then(|said| said.join().ok()).unwrap_or_default();
        if status.success() { Ok(()) } else { Err(trouble(status.code(), &said)) }
    }

    /// Ends it before it has done anything for good. It has to end before its input does: the end of the input would
    /// finish the snapshot.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(from: impl Read) -> String {
    let (mut bytes, mut from) = (Vec::new(), from);
    let _ = from.by_ref().take(MOST).read_to_end(&mut bytes);
    // Whatever else there is must not hold it up.
    let _ = std::io::copy(&mut from, &mut std::io::sink());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What restic's end means. Its first versions have one status for all: then its words tell.
fn trouble(status: Option<i32>, said: &str) -> Trouble {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let told = |code, say| Trouble::Told(StoreError::refused(code, say));
    if status == Some(12) || has(&["wrong password or no key found"]) {
        return told(
            Code::BackupPassword,
            "The password does not open the repository. Name the file that has the right one, or put the data folder's backup.key back.",
        );
    }
    if has(&["no space left on device", "disk quota exceeded", "file too large"]) {
        return told(
            Code::BackupFull,
            "There is no room left where the backups are kept. Make room, or name another place. The backups that are there stay good.",
        );
    }
    if status == Some(10) || has(&["Is there a repository at the following location", "unable to open config file"]) {
        return Trouble::Missing;
    }
    if has(&["unable to create lock", "already locked"]) {
        return told(
            Code::BackupFailed,
            "Somebody else is at work on the repository. Wait until they are done, then try again.",
        );
    }
    if has(DAMAGE) {
        return Trouble::Told(damaged());
    }
    if has(&["permission denied"]) {
        return told(
            Code::BackupFailed,
            "The repository may not be read or written by this user. Look at the permissions of its folder.",
        );
    }
    told(
        Code::BackupFailed,
        "The backup program could not do it. Look whether the repository's place can be reached, then try again.",
    )
}

/// A byte is not what was written.
pub(super) fn damaged() -> StoreError {
    StoreError::refused(
        Code::BackupDamaged,
        "A part of the repository is damaged. Keep it as it is, and begin a new repository; the second one may still be whole.",
    )
}

/// restic's words for bytes that are not what was written.
const DAMAGE: &[&str] = &[
    "ciphertext verification failed",
    "does not match",
    "doesn't match",
    "invalid data returned",
    "hash mismatch",
    "repository contains errors",
    "is damaged",
    "not contained in the index",
    "not found in repository",
    "not found in index",
    "unexpected EOF",
    "tree is not known",
    "load <",
    "Load(<",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_restic_says_is_told_in_words_of_ours() {
        for (status, said, code) in [
            (1, "Fatal: wrong password or no key found", Code::BackupPassword),
            (12, "", Code::BackupPassword),
            (1, "Fatal: unable to save snapshot: write /srv/x: no space left on device", Code::BackupFull),
            (1, "Fatal: unable to save snapshot: Write: write /tmp/x: file too large", Code::BackupFull),
            (1, "Pack ID does not match, want e9\nFatal: repository contains errors", Code::BackupDamaged),
            (1, "cannot dump file: decrypting blob 9d failed: ciphertext verification failed", Code::BackupDamaged),
            (1, "unable to create lock in backend: repository is already locked", Code::BackupFailed),
            (1, "something that a later version says of Mrs Canarybird", Code::BackupFailed),
        ] {
            let Trouble::Told(error) = trouble(Some(status), said) else { panic!("{said}") };
            let refusal = error.refusal();
            assert_eq!(refusal.code, code, "{said}");
            assert!(!refusal.say.contains("Canarybird"));
        }
        let missing = "Fatal: unable to open config file: stat /x/config: no such file or directory";
        assert!(matches!(trouble(Some(1), missing), Trouble::Missing));
        assert!(matches!(trouble(Some(10), ""), Trouble::Missing));
    }
}
