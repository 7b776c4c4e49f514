//! Where a password comes from: asked for on the terminal, or the first line of standard input. Never an argument.

use std::io::{BufRead, IsTerminal};

use clap::Args;
use practice::Code;
use zeroize::Zeroizing;

use crate::store::{Password, PasswordHash, StoreError};

#[derive(Args)]
pub(super) struct PasswordSource {
    /// Read the password from the first line of standard input.
    #[arg(long)]
    password_stdin: bool,
}

impl PasswordSource {
    /// The password, stretched; none when there is nobody to ask. `about` is what the person is called.
    pub fn get(&self, about: &[&str]) -> Result<Option<PasswordHash>, StoreError> {
        let typed = if self.password_stdin {
            let mut line = Zeroizing::new(String::new());
            std::io::stdin().lock().read_line(&mut line)?;
            line.trim_end_matches(['\r', '\n']).to_owned()
        } else if std::io::stdin().is_terminal() {
            let first = rpassword::prompt_password("Password: ")?;
            let again = Zeroizing::new(rpassword::prompt_password("Once more: ")?);
            if first != *again {
                return Err(StoreError::refused(Code::Invalid, "The two passwords differ. Nothing was changed."));
            }
            first
        } else {
            return Ok(None);
        };
        Ok(Some(Password::chosen_by(typed, about)?.hash()))
    }

    /// The password, stretched.
    ///
    /// # Errors
    /// When there is neither a terminal nor `--password-stdin`.
    pub fn need(&self, about: &[&str]) -> Result<PasswordHash, StoreError> {
        self.get(about)?.ok_or(StoreError::refused(
            Code::Invalid,
            "There is no terminal to ask for the password. Give it as the first line of standard input, with --password-stdin.",
        ))
    }
}
