//! Nothing that a window is doing keeps it from locking on time.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tests::{host::Host, screen::Screen, wait::until, window::Window, workstation::Workstation};
use thirtyfour::Key;

/// As the practice sets it.
const TIME_OUT: Duration = Duration::from_secs(60);
/// A lock may be a second late; the rest is for looking.
const SLACK: Duration = Duration::from_secs(3);

/// A window that nobody touches any more.
struct Left {
    doing: &'static str,
    desk: Workstation,
    window: Window,
    untouched: Instant,
}

#[tokio::test]
async fn a_window_locks_on_time_minimised_with_a_dialog_open_and_in_the_middle_of_a_sync() -> Result<()> {
    let host = Host::with_demo(&["--patients", "60", "--providers", "3"]).await?;
    let mut windows = Vec::new();
    for doing in ["minimised", "dialog", "syncing"] {
        let desk = Workstation::enrolled(&host)?;
        let window = Window::open(&desk).await?;
        sign_in(&window, &host).await?;
        windows.push(Left { doing, desk, window, untouched: Instant::now() });
    }
    for left in &mut windows {
        left.window.press(" ").await?;
        left.untouched = Instant::now();
        match left.doing {
            "minimised" => Screen::open()?.take_away(left.desk.program()?)?,
            "dialog" => {
                left.window.click("find").await?;
                left.window.see("palette-input").await?;
                left.untouched = Instant::now();
            }
            _ => {}
        }
    }
    // Only now, however long the windows took to open.
    host.operate("policy", &["set", "time_out=60"])?;
    for left in &windows {
        until("the policy", SLACK, || async {
            let policy = std::fs::read_to_string(left.desk.home().join("policy.json"))?;
            ensure!(policy.contains(r#"\"version\":2"#), "the one before");
            Ok(())
        })
        .await?;
    }
    // From here on a sync hangs until it is given up, and the next one after it.
    host.stall()?;

    for left in &windows {
        let Left { doing, desk, untouched, .. } = left;
        let limit = (TIME_OUT + SLACK).saturating_sub(untouched.elapsed());
        until(&format!("the lock of the window that is {doing}"), limit, || async {
            let open = desk.open_vault_files()?;
            ensure!(open == 0, "{open} handles");
            Ok(())
        })
        .await?;
        ensure!(untouched.elapsed() > TIME_OUT - SLACK, "the window that is {doing} locked early");
    }
    host.go_on()?;
    for left in windows.iter().filter(|left| left.doing != "minimised") {
        left.window.see("lock-screen").await?;
        let shown = Screen::open()?.windows(left.desk.program()?)?.len();
        ensure!(shown == 1, "{shown} windows of the program that was {}", left.doing);
        left.window.picture(&format!("locks-{}", left.doing)).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_window_that_the_system_locks_in_the_middle_of_an_unlock_stays_locked() -> Result<()> {
    let host = Host::with_demo(&["--patients", "60", "--providers", "3"]).await?;
    let desk = Workstation::enrolled(&host)?;
    let window = Window::open(&desk).await?;
    sign_in(&window, &host).await?;
    window.chord(&[Key::Control], "l").await?;
    window.locked("lock-screen").await?;
    window.fill("lock-password", &host.demo.member("front_desk")?.password).await?;
    let slots = desk.home().join("vault/slots.json");
    let before = slots.metadata()?.modified()?;
    window.press(Key::Enter + "").await?;
    // A try is counted before the password is looked at, and that takes a while.
    until("a try", SLACK, || async {
        ensure!(slots.metadata()?.modified()? > before, "not begun");
        Ok(())
    })
    .await?;
    Screen::start_saver()?;
    window.see("lock-refusal").await?;
    window.see("lock-screen").await?;
    ensure!(desk.open_vault_files()? == 0, "the unlock that was void holds the vault's file");
    window.picture("locks-unlocking").await?;
    window.close().await
}

async fn sign_in(window: &Window, host: &Host) -> Result<()> {
    window.sign_in(host.demo.member("front_desk")?).await
}
