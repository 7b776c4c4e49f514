//! HL7's own examples of FHIR R4: fields missing, absurd ones, types that no office has. Each patient is found and opened, each
//! visit is on the day, and the page stays whole.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result, ensure};
use jiff::{ToSpan, Zoned};
use serde_json::{Value, json};
use tests::{build, host::Host, window::Window, workstation::Workstation};
use thirtyfour::{By, Key};

/// The demo practice's.
const ZONE: &str = "America/New_York";

#[tokio::test]
async fn every_patient_and_visit_of_the_standards_examples_is_shown_sanely() -> Result<()> {
    let host = Host::with_demo(&["--patients", "20", "--providers", "2"]).await?;
    let examples = examples()?;
    let file = host.folder().join("examples.ndjson");
    fs::write(&file, examples.values().fold(String::new(), |lines, one| lines + format!("{one}\n").as_str()))?;
    host.import(&file)?;

    let desk = Workstation::enrolled(&host)?;
    let member = host.demo.member("clinical")?.clone();
    desk.ctl_as(&member, &["sync"])?;
    for id in of(&examples, "Patient").map(|patient| &patient["id"]) {
        desk.ctl_as(&member, &["chart", id.as_str().context("an id")?])?;
    }

    let window = Window::open(&desk).await?;
    window.sign_in(&member).await?;
    window.watch().await?;
    for visit in of(&examples, "Appointment").filter(|visit| visit["start"].is_string()) {
        let id = visit["id"].as_str().context("an id")?;
        let card = window.driver().find(By::Css(format!("[data-testid=sheet] [data-card='{id}']"))).await?;
        card.click().await?;
        window.see("panel").await?;
    }
    let mut opened = 0;
    for patient in of(&examples, "Patient") {
        let Some(words) = words(patient) else { continue };
        let id = patient["id"].as_str().context("an id")?;
        open(&window, &words, id).await.with_context(|| format!("Patient/{id}"))?;
        ensure!(window.errors().await?.is_empty(), "the page of Patient/{id} had errors");
        opened += 1;
    }
    ensure!(opened >= 20, "only {opened} were opened");
    window.close().await
}

/// Finds a patient by what is typed, opens the chart, and sees it whole.
async fn open(window: &Window, words: &str, id: &str) -> Result<()> {
    window.chord(&[Key::Control], "k").await?;
    window.fill("palette-input", words).await?;
    let row = tests::wait::until("them among those found", tests::wait::PATIENCE, || async {
        Ok(window.driver().find(By::Css(format!("[data-testid=palette-row][data-patient='{id}']"))).await?)
    })
    .await?;
    row.click().await?;
    window.gone("palette").await?;
    for part in ["patient-name", "patient-number", "patient-born", "shadow-notice"] {
        let said = window.see(part).await?.prop("innerText").await?.unwrap_or_default();
        ensure!(!said.trim().is_empty(), "{part} is empty");
        for odd in ["undefined", "null", "NaN", "[object", "Invalid Date"] {
            ensure!(!said.contains(odd), "{part} says {said:?}");
        }
    }
    Ok(())
}

/// What the desk would type: a family name or another, else the birth date. One example has neither.
fn words(patient: &Value) -> Option<String> {
    let name = &patient["name"][0];
    let all = [&name["family"], &name["given"][0], &name["text"], &patient["birthDate"]];
    all.into_iter().find_map(|word| Some(word.as_str()?.to_owned()))
}

fn of<'a>(examples: &'a BTreeMap<String, Value>, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    examples.values().filter(move |one| one["resourceType"] == kind)
}

/// The examples by type and id. Visits are brought to today, one after the other.
fn examples() -> Result<BTreeMap<String, Value>> {
    let folder = build::target()?.join("tools/fhir-r4-examples");
    let files =
        fs::read_dir(&folder).with_context(|| format!("{} is missing: scripts/setup.sh test", folder.display()))?;
    let mut all = BTreeMap::new();
    for file in files {
        let one: Value = serde_json::from_slice(&fs::read(file?.path())?)?;
        if let (Some(kind), Some(id)) = (one["resourceType"].as_str(), one["id"].as_str()) {
            all.insert(format!("{kind}/{id}"), one.clone());
        }
    }
    let today = Zoned::now().in_tz(ZONE)?.with().hour(10).minute(0).second(0).subsec_nanosecond(0).build()?;
    let visits = all.values_mut().filter(|one| one["resourceType"] == "Appointment" && one["start"].is_string());
    for (nth, visit) in visits.enumerate() {
        let start = today.checked_add((nth as i64).hours())?;
        visit["start"] = json!(start.timestamp().to_string());
        visit["end"] = json!(start.checked_add(30.minutes())?.timestamp().to_string());
    }
    Ok(all)
}
