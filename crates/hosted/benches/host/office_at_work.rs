//! Computers connected, some of which write and ask at once.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use practice::{ids::ChangeId, provenance::ChangeNote, resource::ResourceKey, time::Stamp};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::office::Serving;

/// Computers that write at once.
const WRITERS: usize = 16;
/// What each of them sends.
const EACH: usize = 60;
/// Times that each asks and hears nothing new.
const ASKED: usize = 60;

/// What was seen.
pub struct Seen {
    /// Changes a second.
    pub pushes: f64,
    /// The slowest in a hundred.
    pub push: Duration,
    pub empty_pull: Duration,
}

/// Sixteen at once, of whichever practices there are.
pub async fn at_work(serving: &[Serving]) -> Result<Seen, Box<dyn Error>> {
    let ca = reqwest::Certificate::from_pem(&serving.first().ok_or("no practice")?.ca)?;
    let client = || Client::builder().tls_certs_only([ca.clone()]).no_proxy().no_zstd().build();
    let mut lines = JoinSet::new();
    for (of, token) in serving.iter().flat_map(|of| of.others.iter().map(move |token| (of, token))) {
        let mut line = client()?.get(format!("{}/live", of.url)).bearer_auth(token).send().await?;
        line.chunk().await?.ok_or("a line that ends")?;
        lines.spawn(async move { while let Ok(Some(_)) = line.chunk().await {} });
    }
    let at_once = || serving.iter().cycle().take(WRITERS).enumerate();
    let begun = Instant::now();
    let mut writers = JoinSet::new();
    for (writer, of) in at_once() {
        let (client, url, token) = (client()?, format!("{}/fhir", of.url), of.token.clone());
        let bodies: Vec<String> = (0..EACH).map(|n| change(of, &format!("w{writer}-{n}"))).collect();
        writers.spawn(async move {
            let mut times = Vec::new();
            for body in bodies {
                let begun = Instant::now();
                client.post(&url).bearer_auth(&token).body(body).send().await?.error_for_status()?.bytes().await?;
                times.push(begun.elapsed());
            }
            Ok::<_, reqwest::Error>(times)
        });
    }
    let mut times = Vec::new();
    while let Some(writer) = writers.join_next().await {
        times.extend(writer??);
    }
    let pushes = times.len() as f64 / begun.elapsed().as_secs_f64();
    let mut ends = Vec::new();
    for of in serving.iter().take(WRITERS) {
        ends.push(end(&client()?, of).await?);
    }
    let mut readers = JoinSet::new();
    for ((_, of), path) in at_once().zip(ends.iter().cycle()) {
        let (client, url, token) = (client()?, format!("{}{path}", of.url), of.token.clone());
        readers.spawn(async move {
            let mut times = Vec::new();
            for _ in 0..ASKED {
                let begun = Instant::now();
                client.get(&url).bearer_auth(&token).send().await?.error_for_status()?.bytes().await?;
                times.push(begun.elapsed());
            }
            Ok::<_, reqwest::Error>(times)
        });
    }
    let mut asked = Vec::new();
    while let Some(reader) = readers.join_next().await {
        asked.extend(reader??);
    }
    Ok(Seen { pushes, push: slowest(times), empty_pull: slowest(asked) })
}

/// What 99 in a hundred are not slower than.
fn slowest(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() * 99 / 100).copied().unwrap_or_default()
}

/// Where the feed ends.
async fn end(client: &Client, serving: &Serving) -> Result<String, Box<dyn Error>> {
    let mut path = "/fhir/_history?_count=2000".to_owned();
    loop {
        let answer = client.get(format!("{}{path}", serving.url)).bearer_auth(&serving.token).send().await?;
        let page: Value = serde_json::from_slice(&answer.error_for_status()?.bytes().await?)?;
        if page["entry"].as_array().is_none_or(Vec::is_empty) {
            return Ok(path);
        }
        let links = page["link"].as_array().ok_or("no links")?;
        let next = links.iter().find(|link| link["relation"] == "next").and_then(|link| link["url"].as_str());
        path = next.and_then(|next| next.strip_prefix(&serving.url)).ok_or("no next page")?.to_owned();
    }
}

/// A patient, registered.
fn change(serving: &Serving, id: &str) -> String {
    let patient = json!({"resourceType": "Patient", "id": id, "name": [{"family": "Ray", "given": ["Ana"]}]});
    let note = ChangeNote {
        id: ChangeId::parse(&format!("change-{id}")).unwrap_or_else(|| unreachable!("an id of letters and digits")),
        at: Stamp::from_millis(1_790_000_000_000).unwrap_or_else(|| unreachable!("a moment of this century")),
        member: serving.member.id.clone(),
        member_name: serving.member.name.clone(),
        workstation: serving.workstation.clone(),
        workstation_name: String::new(),
        targets: ResourceKey::parse(&format!("Patient/{id}")).into_iter().collect(),
        activity: "registered".into(),
        comment: None,
    };
    let put = |resource: Value, url: String| json!({"resource": resource, "request": {"method": "PUT", "url": url, "ifNoneMatch": "*"}});
    let provenance: Value = serde_json::from_str(&note.to_fhir()).unwrap_or_default();
    let entries = [put(patient, format!("Patient/{id}")), put(provenance, format!("Provenance/{}", note.id))];
    json!({"resourceType": "Bundle", "type": "transaction", "entry": entries}).to_string()
}
