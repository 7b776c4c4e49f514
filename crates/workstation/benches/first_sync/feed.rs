//! What the host's feed holds, fetched by a client that keeps nothing: the rows of the bare insert.

use practice::{policy::Zone, wire::EnrolReply, wire::EnrolRequest};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::host::Host;

/// One row, as the bare table has it.
pub struct Row {
    pub kind: String,
    pub id: String,
    pub version: String,
    pub body: String,
}

#[derive(Deserialize)]
struct Bundle<'a> {
    #[serde(borrow, default)]
    entry: Vec<Entry<'a>>,
    link: Vec<Link>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    resource: &'a RawValue,
    request: Request,
    response: Response,
}

#[derive(Deserialize)]
struct Link {
    url: String,
}

#[derive(Deserialize)]
struct Request {
    url: String,
}

#[derive(Deserialize)]
struct Response {
    etag: String,
}

/// Every row that a workstation would take.
pub async fn everything(host: &Host) -> Vec<Row> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let authority = reqwest::Certificate::from_pem(host.ca_pem.as_bytes()).unwrap();
    let http = reqwest::Client::builder().tls_certs_only([authority]).no_proxy().build().unwrap();
    let wish = EnrolRequest { code: host.enrol_code(), name: "Bench".to_owned(), zone: Zone::BackOffice };
    let enrolled: EnrolReply =
        http.post(format!("{}/enrol", host.url())).json(&wish).send().await.unwrap().json().await.unwrap();
    let mut rows = Vec::new();
    let mut address = format!("{}/fhir/_history?_count=1000", host.url());
    loop {
        let answer = http.get(&address).bearer_auth(&enrolled.device_token).send().await.unwrap();
        let text = answer.error_for_status().unwrap().text().await.unwrap();
        let page: Bundle<'_> = serde_json::from_str(&text).unwrap();
        if page.entry.is_empty() {
            return rows;
        }
        rows.extend(page.entry.iter().map(row));
        let cursor = page.link[0].url.split_once('?').unwrap().1;
        address = format!("{}/fhir/_history?{cursor}", host.url());
    }
}

fn row(entry: &Entry<'_>) -> Row {
    let (kind, id) = entry.request.url.split_once('/').unwrap();
    Row {
        kind: kind.to_owned(),
        id: id.to_owned(),
        version: entry.response.etag.trim_start_matches("W/\"").trim_end_matches('"').to_owned(),
        body: entry.resource.get().to_owned(),
    }
}
