//! What the host's feed holds, fetched by a client that keeps nothing: the rows of the bare insert.

use practice::{policy::Zone, wire::EnrolReply, wire::EnrolRequest};
use serde::Deserialize;
use serde_json::value::RawValue;
use tests::host::Host;

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
    let client = Client::of(host).await;
    let mut rows = Vec::new();
    let mut address = format!("{}/fhir/_history?_count=1000", host.url());
    loop {
        let text = client.get(&address, "identity").await.text().await.unwrap();
        let page: Bundle<'_> = serde_json::from_str(&text).unwrap();
        if page.entry.is_empty() {
            return rows;
        }
        rows.extend(page.entry.iter().map(row));
        let cursor = page.link[0].url.split_once('?').unwrap().1;
        address = format!("{}/fhir/_history?{cursor}", host.url());
    }
}

/// Bytes of all pages as a workstation asks for them, packed, without their heads and TLS.
pub async fn on_the_wire(host: &Host) -> usize {
    let client = Client::of(host).await;
    let mut next = Some(format!("{}/fhir/_history?_count=2000", host.url()));
    let mut bytes = 0;
    while let Some(address) = next {
        let page = client.get(&address, "zstd").await;
        let link = page.headers().get("link").map(|link| link.to_str().unwrap());
        next = link.and_then(|link| Some(link.strip_prefix('<')?.split_once('>')?.0.to_owned()));
        bytes += page.bytes().await.unwrap().len();
    }
    bytes
}

/// Enrolled, and nothing else.
struct Client {
    http: reqwest::Client,
    token: String,
}

impl Client {
    async fn of(host: &Host) -> Self {
        let authority = reqwest::Certificate::from_pem(host.ca_pem().unwrap().as_bytes()).unwrap();
        let http = reqwest::Client::builder().tls_certs_only([authority]).no_proxy().build().unwrap();
        let wish = EnrolRequest { code: host.enrol_code().unwrap(), name: "Bench".to_owned(), zone: Zone::BackOffice };
        let answer = http.post(format!("{}/enrol", host.url())).json(&wish).send().await.unwrap();
        let joined: EnrolReply = answer.error_for_status().unwrap().json().await.unwrap();
        Self { http, token: joined.device_token }
    }

    async fn get(&self, address: &str, packing: &str) -> reqwest::Response {
        let request = self.http.get(address).bearer_auth(&self.token).header("accept-encoding", packing);
        request.send().await.unwrap().error_for_status().unwrap()
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
