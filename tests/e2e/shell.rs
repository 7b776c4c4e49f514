//! The window's walls: what its page can't do, whatever is on it.

use anyhow::Result;
use tests::{wait::PATIENCE, wait::until, window::Window, workstation::Workstation};

/// Each answers with a word: `refused`, or what it got through to.
const TRIES: [(&str, &str); 6] = [
    (
        "fetch from elsewhere",
        "new Promise((done) => { addEventListener('securitypolicyviolation', () => done('refused'), { once: true }); fetch('https://127.0.0.1:1/').catch(() => setTimeout(() => done('tried'), 500)); })",
    ),
    (
        "load a script from elsewhere",
        "new Promise((done) => { const s = document.createElement('script'); s.src = 'data:text/javascript,1'; s.onload = () => done('loaded'); s.onerror = () => done('refused'); document.head.append(s); })",
    ),
    (
        "run text as a script",
        "new Promise((done) => { const s = document.createElement('script'); s.textContent = 'window.ran = true'; document.head.append(s); done(window.ran ? 'ran' : 'refused'); })",
    ),
    ("open another window", "Promise.resolve(window.open('https://example.org/') ? 'opened' : 'refused')"),
    (
        "move its own window",
        "window.__TAURI_INTERNALS__.invoke('plugin:window|set_title', { label: 'main-1', value: 'x' }).then(() => 'done', () => 'refused')",
    ),
    (
        "read a path",
        "window.__TAURI_INTERNALS__.invoke('plugin:path|resolve_directory', { directory: 1 }).then(() => 'done', () => 'refused')",
    ),
];

#[tokio::test]
async fn the_page_reaches_nothing_but_its_own_shell() -> Result<()> {
    let desk = Workstation::new()?;
    let window = Window::open(&desk).await?;
    until("the page", PATIENCE, || async {
        let state = ask(&window, "window.__TAURI_INTERNALS__.invoke('state').then((state) => state.phase)").await?;
        anyhow::ensure!(state == "unenrolled", "the shell's answer is {state}");
        Ok(())
    })
    .await?;
    for (what, script) in TRIES {
        assert_eq!(ask(&window, script).await?, "refused", "the page tried to {what}");
    }
    ask(&window, "(location.href = 'https://example.org/', Promise.resolve(''))").await?;
    assert_eq!(window.driver().current_url().await?.scheme(), "tauri", "the page went elsewhere");
    window.picture("shell").await?;
    window.close().await
}

async fn ask(window: &Window, promise: &str) -> Result<String> {
    let script = format!(
        "const done = arguments[0]; ({promise}).then((answer) => done(String(answer)), (error) => done(String(error)))"
    );
    let answer = window.driver().execute_async(script, vec![]).await?;
    Ok(answer.json().as_str().unwrap_or_default().to_owned())
}
