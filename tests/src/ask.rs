//! Asking whether something answers, from outside the product.

use anyhow::{Result, ensure};
use std::{path::Path, process::Command};

/// Whether the address answers with success; over TLS, to someone who trusts `ca` alone.
///
/// # Errors
/// It does not; the message is curl's.
pub fn answers(url: &str, ca: Option<&Path>) -> Result<()> {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--fail", "--max-time", "5", "--noproxy", "*"]);
    if let Some(ca) = ca {
        command.arg("--cacert").arg(ca);
    }
    let asked = command.arg(url).output()?;
    ensure!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    Ok(())
}
