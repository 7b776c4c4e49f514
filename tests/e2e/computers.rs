//! An admin looks after another computer in the window: sees when it was last in touch and what it runs, stops it, lets
//! it work again, wipes it, and sees its receipt.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tests::{
    demo::Member,
    host::Host,
    wait::{PATIENCE, until},
    window::Window,
    workstation::{Answer, Workstation},
};
use thirtyfour::{By, Key, WebElement};

const OTHER: &str = "Back office";

/// The other computer, as the window shows it.
struct Row<'a>(&'a Window);

impl Row<'_> {
    async fn element(&self) -> Result<WebElement> {
        for row in self.0.driver().find_all(By::Testid("computer")).await? {
            if row.text().await?.contains(OTHER) {
                return Ok(row);
            }
        }
        anyhow::bail!("{OTHER} is not in the list")
    }

    async fn reads(&self, id: &str, words: &str) -> Result<()> {
        until(&format!("{words:?} in {id} of {OTHER}"), PATIENCE, || async {
            let text = self.element().await?.find(By::Testid(id)).await?.text().await?;
            ensure!(text.contains(words), "{text:?}");
            Ok(())
        })
        .await
    }

    async fn click(&self, id: &str) -> Result<()> {
        until(&format!("a click on {id} of {OTHER}"), PATIENCE, || async {
            Ok(self.element().await?.find(By::Testid(id)).await?.click().await?)
        })
        .await
    }
}

#[tokio::test]
async fn an_admin_stops_a_computer_lets_it_work_again_wipes_it_and_sees_its_receipt() -> Result<()> {
    let host = Host::with_demo(&["--patients", "40", "--providers", "2"]).await?;
    let nurse = host.demo.member("clinical")?;
    let other = Workstation::enrolled_as(&host, OTHER)?;
    other.ctl_as(nurse, &["sync"])?;
    let desk = Workstation::enrolled(&host)?;
    let window = Window::open(&desk).await?;
    window.sign_in(host.demo.member("admin")?).await?;
    window.click("nav-computers").await?;
    let row = Row(&window);
    // Today's, so an hour alone.
    row.reads("computer-contact", "used ").await?;
    row.reads("computer-contact", ":").await?;
    row.reads("computer-runs", &format!("{} · policy 1", env!("CARGO_PKG_VERSION"))).await?;
    row.reads("computer-standing", "Works").await?;
    window.picture("computers-1-list").await?;

    row.click("computer-stop").await?;
    window.fill("stop-comment", "is being moved").await?;
    window.picture("computers-2-stop").await?;
    window.press(Key::Enter + "").await?;
    row.reads("computer-standing", "Stopped").await?;
    let refused = sync(&other, nurse)?;
    ensure!((refused.status, &refused.document["code"]) == (5, &"workstation_stopped".into()), "it is {refused:?}");
    window.picture("computers-3-stopped").await?;

    row.click("computer-start").await?;
    row.reads("computer-standing", "Works").await?;
    let taken = sync(&other, nurse)?;
    ensure!(taken.status == 0, "it works again: {taken:?}");

    row.click("computer-wipe").await?;
    window.fill("wipe-comment", "was given away").await?;
    window.fill("wipe-name", "Front office").await?;
    window.click("wipe-go").await?;
    window.reads("wipe-dialog", "This is not its name").await?;
    ensure!(told(&host)?["wipe_ordered"].is_null(), "nothing was ordered");
    window.fill("wipe-name", "back  Office").await?;
    window.picture("computers-4-wipe").await?;
    window.press(Key::Enter + "").await?;
    row.reads("computer-standing", "no receipt yet").await?;
    let wiped = sync(&other, nurse)?;
    ensure!((wiped.status, &wiped.document["code"]) == (5, &"wipe_ordered".into()), "it is {wiped:?}");
    ensure!(!other.home().join("vault/vault.db").exists(), "its charts are gone");
    window.click("computers-read").await?;
    row.reads("computer-standing", "Forgotten").await?;
    row.reads("computer-standing", "receipt of").await?;
    ensure!(told(&host)?["wiped"].is_string(), "the host has its signed word");
    window.picture("computers-5-receipt").await?;
    window.close().await
}

fn sync(desk: &Workstation, member: &Member) -> Result<Answer> {
    desk.try_ctl(&["--member", &member.email, "--password-stdin", "sync"], Some(&member.password))
}

/// What the host's operator is told of the other computer.
fn told(host: &Host) -> Result<Value> {
    let told = host.operate("workstation", &["list"])?;
    let mut all = told["workstations"].as_array().into_iter().flatten();
    Ok(all.find(|one| one["name"] == OTHER).context("it has joined")?.clone())
}
