//! An admin sets a second factor up in the window, is asked for its code at the next sign-in, and sees it on the
//! members' page.

use anyhow::{Context, Result, ensure};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use tests::{host::Host, window::Window, workstation::Workstation};

/// What an authenticator with `secret` shows now: RFC 6238, written once more.
fn shown(secret: &str) -> Result<String> {
    let value = |b: u8| if b.is_ascii_digit() { b - b'2' + 26 } else { b - b'A' };
    let bits: String = secret.bytes().map(|b| format!("{:05b}", value(b))).collect();
    let byte = |i: usize| bits.get(i * 8..i * 8 + 8).and_then(|bits| u8::from_str_radix(bits, 2).ok());
    let key: Vec<u8> = (0..bits.len() / 8).filter_map(byte).collect();
    let step = jiff::Timestamp::now().as_second() / 30;
    let mut mac = Hmac::<Sha1>::new_from_slice(&key)?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes(hash[at..at + 4].try_into()?) & 0x7fff_ffff;
    Ok(format!("{:06}", number % 1_000_000))
}

#[tokio::test]
async fn a_second_factor_is_set_up_in_the_window_and_asked_for_at_the_next_sign_in() -> Result<()> {
    let host = Host::with_demo(&["--patients", "40", "--providers", "2"]).await?;
    let admin = host.demo.member("admin")?;
    let desk = Workstation::enrolled(&host)?;
    let window = Window::open(&desk).await?;
    window.sign_in(admin).await?;

    window.click("nav-me").await?;
    window.click("menu-factor").await?;
    window.click("factor-start").await?;
    window.fill("factor-password", &admin.password).await?;
    window.click("factor-begin").await?;
    window.see("factor-qr").await?;
    let secret: String = window.see("factor-secret").await?.text().await?.split_whitespace().collect();
    ensure!(secret.len() == 32, "a secret of 160 bits to be typed");
    window.picture("second-factor-1-offer").await?;
    window.fill("factor-code", &shown(&secret)?).await?;
    window.click("factor-go").await?;
    let codes = window.see("factor-codes").await?.text().await?;
    // Four times four letters each; the web view puts nothing between two codes.
    let code = codes.get(..19).context("ten recovery codes")?.to_owned();
    let another = codes.get(19..38).context("ten recovery codes")?.to_owned();
    window.click("factor-done").await?;
    window.reads("factor-stands", "10 recovery codes are left").await?;
    ensure!(!window.driver().source().await?.contains(&code), "the recovery codes are gone from the page");
    window.click("factor-close").await?;

    window.click("nav-members").await?;
    window.reads("members-table", "since").await?;
    window.picture("second-factor-2-members").await?;

    window.click("nav-me").await?;
    window.click("sign-out").await?;
    window.fill("sign-in-email", &admin.email).await?;
    window.fill("sign-in-password", &admin.password).await?;
    window.click("sign-in-go").await?;
    window.fill("sign-in-code-field", "000000").await?;
    window.click("sign-in-code-go").await?;
    window.reads("sign-in-code-refusal", "This code is wrong").await?;
    window.picture("second-factor-3-code").await?;
    window.fill("sign-in-code-field", &code).await?;
    window.click("sign-in-code-go").await?;
    window.see("desk").await?;
    window.picture("second-factor-4-in").await?;
    window.close().await?;

    let terminal = Workstation::enrolled(&host)?;
    let sync = ["--member", &admin.email, "--password-stdin", "sync"];
    let alone = terminal.try_ctl(&sync, Some(&admin.password))?;
    ensure!((alone.status, &alone.document["code"]) == (3, &"second_factor".into()), "the password alone: {alone:?}");
    let with_code = terminal.try_ctl(&sync, Some(&format!("{}\n{another}", admin.password)))?;
    ensure!(with_code.status == 0, "a terminal takes the code too: {with_code:?}");
    Ok(())
}
