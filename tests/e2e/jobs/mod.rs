//! Each job of the front desk in a real window: once by keys alone while the host is gone, once by pointer while a second
//! window looks on.

mod keys;
mod pointer;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tests::{
    wait::{PATIENCE, until},
    window::Window,
};
use thirtyfour::{By, Key, WebElement};

/// The card that says so, once it is on the day or week.
async fn card(window: &Window, says: &str) -> Result<WebElement> {
    until(&format!("a card that says {says:?}"), PATIENCE, || async {
        for card in window.driver().find_all(By::Css(CARDS)).await? {
            if spoken(&card).await?.contains(says) {
                return Ok(card);
            }
        }
        anyhow::bail!("there is none")
    })
    .await
}

const CARDS: &str = "[data-testid=sheet] [data-testid=card], [data-testid=week-grid] [data-testid=card]";

/// What a card says to who can't see it.
async fn spoken(card: &WebElement) -> Result<String> {
    Ok(card.attr("aria-label").await?.unwrap_or_default())
}

/// Where the visit with some words is from the selected one: columns to the right, and down; nothing while none is selected. Of
/// visits beside each other in a column the arrows come to one after the other.
const BESIDE: &str = "
    const cards = [...document.querySelectorAll('[data-testid=sheet] [data-testid=card]')];
    const at = cards.find((card) => card.ariaCurrent);
    const to = cards.find((card) => card.ariaLabel.includes(arguments[0]));
    if (!at || at === to) return at ? [0, 0] : null;
    const [x, y] = [(card) => card.closest('[data-testid=column]').getBoundingClientRect().x, (card) => card.getBoundingClientRect().y];
    return [Math.sign(x(to) - x(at)), Math.round(y(to) - y(at)) || Math.sign(cards.indexOf(to) - cards.indexOf(at))];
";

/// Walks the day with the arrows until the visit with some words is selected.
async fn walk_to(window: &Window, says: &str) -> Result<()> {
    for _ in 0..MOST_STEPS {
        let beside: Option<(i64, i64)> = window.driver().execute(BESIDE, vec![says.into()]).await?.convert()?;
        let key = match beside {
            Some((0, 0)) => return Ok(()),
            None | Some((0, 1..)) => Key::Down,
            Some((0, _)) => Key::Up,
            Some((1.., _)) => Key::Right,
            Some(_) => Key::Left,
        };
        window.press(key + "").await?;
    }
    anyhow::bail!("the arrows do not lead to {says:?}")
}

/// Of a day.
const MOST_STEPS: usize = 80;

/// Clicks on the visit with some words, until it is the one selected: between a look and the click the day may be drawn anew.
async fn select(window: &Window, says: &str) -> Result<()> {
    card(window, says).await?.click().await?;
    until(&format!("{says:?} to be selected"), PATIENCE, || async {
        let selected = window.driver().find(By::Css("[data-testid=card][aria-current]")).await?;
        if !spoken(&selected).await?.contains(says) {
            card(window, says).await?.click().await?;
            anyhow::bail!("another is");
        }
        Ok(())
    })
    .await
}

/// Waits until the card with some words says others too.
async fn says(window: &Window, whose: &str, what: &str) -> Result<()> {
    until(&format!("{what:?} on the card of {whose:?}"), PATIENCE, || async {
        let said = spoken(&card(window, whose).await?).await?;
        ensure!(said.contains(what), "it says {said:?}");
        Ok(())
    })
    .await
}

/// A card's status, as the page keeps it.
async fn status(window: &Window, whose: &str, status: &str) -> Result<()> {
    until(&format!("{whose:?} to be {status}"), PATIENCE, || async {
        let is = card(window, whose).await?.attr("data-status").await?;
        ensure!(is.as_deref() == Some(status), "it is {is:?}");
        Ok(())
    })
    .await
}

/// Waits until the selected visit was brought as far as that step.
async fn stands(window: &Window, step: &str) -> Result<()> {
    until(&format!("a visit that is {step}"), PATIENCE, || async {
        window.driver().find(By::Css(format!("[data-step=status-{step}]"))).await?;
        Ok(())
    })
    .await
}

/// The date of the day that is shown.
async fn date(window: &Window) -> Result<String> {
    window.see("day-grid").await?.attr("data-date").await?.context("a day has a date")
}

/// Waits until another day than `before` is shown, and gives its date.
async fn another_day(window: &Window, before: &str) -> Result<String> {
    until("another day", PATIENCE, || async {
        let now = date(window).await?;
        ensure!(now != before, "it is still {now}");
        Ok(now)
    })
    .await
}

/// The open booking's choice of the provider of the visit with some words: where a day is full, another is proposed.
async fn provider(window: &Window, whose: &str) -> Result<WebElement> {
    let column = "return arguments[0].closest('[data-testid=column]').dataset.practitioner";
    let id: String = window.driver().execute(column, vec![card(window, whose).await?.to_json()?]).await?.convert()?;
    Ok(window.driver().find(By::Css(format!("[data-testid=booking-provider] option[value='{id}']"))).await?)
}

/// Some patients: their names, birth dates and record numbers.
fn patients(found: &Value) -> Vec<(String, String, String)> {
    let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    let rows = found["patients"].as_array().into_iter().flatten();
    rows.map(|row| (text(row, "name"), text(row, "birth_date"), text(row, "record_number"))).collect()
}
