//! An admin's morning in the window: somebody is invited by a mail that comes, somebody gets another role, the host's
//! backups, their restore drill and its certificates are there to be seen, everything that the practice owns is taken
//! along in a file, and its end is asked for and taken back.

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
};

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
async fn an_admin_invites_gives_a_role_sees_backups_takes_everything_along_and_thinks_better_of_the_end() -> Result<()>
{
    let mut host = Host::with_demo(&["--patients", "40", "--providers", "2"]).await?;
    let mail = Mail::start(host.folder())?;
    let port = mail.line(0).await?["port"].as_u64().context("it has a port")?;
    let repository = host.folder().join("repository").to_string_lossy().into_owned();
    host.operate("backup", &["--repository", &repository])?;
    host.operate("drill", &["--repository", &repository])?;
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
    window.reads("backup-drill", "Nothing missing or changed").await?;
    window.reads("backup-drill", "in all versions").await?;
    certificates_end(&window, &host).await?;
    window.picture("admin-2-keeping").await?;
    take_along(&window).await?;
    window.picture("admin-3-taken").await?;
    end_and_keep(&window).await?;
    window.close().await
}

/// The window says when the certificate that the host shows ends, and when its authority's does.
async fn certificates_end(window: &Window, host: &Host) -> Result<()> {
    let authority = fs::read(&host.demo.ca)?;
    let server = fs::read(host.demo.ca.with_file_name("server.pem"))?;
    for (place, pem) in [("authority", authority), ("host", server)] {
        let line = window.driver().find(By::Css(format!("[data-testid=certificate][data-place={place}]"))).await?;
        let said = line.text().await?;
        let ends = ends(&pem)?;
        ensure!(said.contains(&format!("until {ends}")), "{place} ends {ends}: {said}");
    }
    Ok(())
}

/// The day on which a certificate ends where the practice is, as OpenSSL reads it.
fn ends(pem: &[u8]) -> Result<String> {
    let mut openssl = Command::new("openssl");
    openssl.args(["x509", "-noout", "-enddate", "-dateopt", "iso_8601"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut openssl = openssl.spawn()?;
    openssl.stdin.take().context("it reads")?.write_all(pem)?;
    let said = String::from_utf8(openssl.wait_with_output()?.stdout)?;
    let at: jiff::Timestamp = said.trim().strip_prefix("notAfter=").context("it has an end")?.parse()?;
    Ok(at.in_tz("America/New_York")?.strftime("%-d %b %Y").to_string())
}

async fn end_and_keep(window: &Window) -> Result<()> {
    window.click("deletion-ask").await?;
    let name = window.see("deletion-dialog").await?.find(By::Css("label b")).await?.text().await?;
    window.fill("deletion-comment", "closes in May").await?;
    window.fill("deletion-name", "Oak Street").await?;
    window.click("deletion-go").await?;
    until("the name marked as wrong", PATIENCE, || async {
        let wrong = window.see("deletion-name").await?.attr("aria-invalid").await?;
        ensure!(wrong.as_deref() == Some("true"), "{wrong:?}");
        Ok(())
    })
    .await?;
    window.gone("deletion-pending").await?;
    window.fill("deletion-name", &name).await?;
    window.picture("admin-4-end").await?;
    window.press(Key::Enter + "").await?;
    window.reads("deletion-pending", "The practice is deleted on").await?;
    window.reads("deletion-pending", "closes in May").await?;
    window.see("deletion-runs").await?;
    window.picture("admin-5-ending").await?;

    window.click("keep-ask").await?;
    window.fill("keep-comment", "it goes on").await?;
    window.press(Key::Enter + "").await?;
    window.reads("deletion-said", "The practice stays").await?;
    window.gone("deletion-pending").await?;
    window.gone("deletion-runs").await?;
    window.reads("deletion-past", "took it back").await?;
    window.reads("deletion-past", "it goes on").await?;
    window.picture("admin-6-kept").await
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
