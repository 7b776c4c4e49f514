//! An admin's morning in the window: somebody is invited by a mail that comes, somebody gets another role, the host's
//! backups are there to be seen, and everything that the practice owns is taken along in a file.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tests::{
    host::Host,
    process::Running,
    wait::{PATIENCE, until},
    window::Window,
    workstation::Workstation,
};
use thirtyfour::{By, Key};

/// A mail server that writes down what it takes.
struct Mail {
    server: Running,
}

impl Mail {
    fn start(folder: &Path) -> Result<Self> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/hosted/tests/host/sink.py");
        // Debian's own: that is where its aiosmtpd is.
        let server = Running::start(Command::new("/usr/bin/python3").arg(script), &folder.join("mail.log"))?;
        Ok(Self { server })
    }

    /// Line `at` of what it says: its port first, then a message each.
    async fn line(&self, at: usize) -> Result<Value> {
        until("a line of the mail server", PATIENCE, || async {
            let said = self.server.output();
            let whole = said.rsplit_once('\n').map_or("", |(lines, _)| lines);
            let line = whole.lines().nth(at).context("it has not come")?;
            Ok(serde_json::from_str(line)?)
        })
        .await
    }
}

#[tokio::test]
async fn an_admin_invites_gives_a_role_sees_backups_and_takes_everything_along() -> Result<()> {
    let mut host = Host::with_demo(&["--patients", "40", "--providers", "2"]).await?;
    let mail = Mail::start(host.folder())?;
    let port = mail.line(0).await?["port"].as_u64().context("it has a port")?;
    let repository = host.folder().join("repository").to_string_lossy().into_owned();
    let smtp = format!("smtp://127.0.0.1:{port}");
    host.serve_with(&["--smtp", &smtp, "--mail-from", "office@elm.example", "--repository", &repository]).await?;
    let (admin, front_desk) = (host.demo.member("admin")?.clone(), host.demo.member("front_desk")?.clone());
    let desk = Workstation::enrolled(&host)?;
    let window = Window::open(&desk).await?;
    window.sign_in(&admin).await?;

    window.press("5").await?;
    window.reads("members-table", &front_desk.name).await?;
    window.click("members-invite").await?;
    window.fill("invite-name", "Nora Newcomer").await?;
    window.fill("invite-email", "nora@elm.example").await?;
    window.fill("invite-comment", "starts on Monday").await?;
    window.press(Key::Enter + "").await?;
    window.reads("members-table", "Nora Newcomer").await?;
    let message = mail.line(1).await?;
    ensure!(message["to"][0] == "nora@elm.example", "the mail is for {}", message["to"]);
    let text = message["text"].as_str().context("it has a text")?;
    ensure!(
        text.lines().any(|line| line.starts_with("https://") && line.contains("/password?link=")),
        "its link: {text}"
    );
    ensure!(!window.driver().source().await?.contains("link="), "the link is in the mail alone");

    another_role(&window, &front_desk.name).await?;
    window.reads("members-said", &format!("{} is now", front_desk.name)).await?;
    window.picture("admin-1-members").await?;
    let told = host.operate("member", &["list"])?;
    let role = told["members"].as_array().into_iter().flatten().find(|one| one["email"] == front_desk.email.as_str());
    ensure!(role.context("they are a member")?["role"] == "clinical", "the host says {told}");

    window.click("nav-keeping").await?;
    window.see("backup-runs").await?;
    window.picture("admin-2-keeping").await?;
    take_along(&window).await?;
    window.picture("admin-3-taken").await?;
    window.close().await
}

async fn another_role(window: &Window, name: &str) -> Result<()> {
    let driver = window.driver();
    for row in driver.find_all(By::Testid("member")).await? {
        if row.text().await?.contains(name) {
            row.find(By::Testid("member-change")).await?.click().await?;
        }
    }
    window.click("act-role").await?;
    window.see("member-role").await?.send_keys("Clinical").await?;
    window.fill("member-comment", "helps in the rooms").await?;
    window.press(Key::Enter + "").await
}

async fn take_along(window: &Window) -> Result<()> {
    window.click("export-ask").await?;
    let folder = window.see("export-folder").await?.text().await?;
    window.click("export-go").await?;
    window.reads("export-state", "Whole").await?;
    let name = window.see("export-state").await?.find(By::Css("b")).await?.text().await?;
    let file = Path::new(&folder).join(&name);
    ensure!(fs::metadata(&file)?.permissions().mode() & 0o777 == 0o600, "it is for its owner alone");
    let text = fs::read_to_string(&file)?;
    let kinds: Vec<Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let of = |kind: &str| kinds.iter().filter(|one| one["resourceType"] == kind).count();
    ensure!(of("Patient") == 40, "{} of 40 patients are in it", of("Patient"));
    ensure!(of("AuditEvent") > 0, "the audit trail is in it");
    Ok(fs::remove_file(file)?)
}
