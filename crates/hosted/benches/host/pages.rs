//! Following the feed from its beginning to its end, as a workstation's first sync does, without storing anything.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use super::office::Serving;

/// What was pulled.
pub struct Pulled {
    pub resources: usize,
    /// Bytes of bodies on the wire.
    pub bytes: u64,
    pub took: Duration,
    /// What packing the same pages once more takes, with nothing else: no store, no TLS, no wire.
    pub packing: Duration,
}

/// As the host packs a page.
const LEVEL: i32 = 1;

/// Pulls everything.
pub fn pull(
    runtime: &tokio::runtime::Runtime,
    serving: &Serving,
    zstd: bool,
    page: u32,
) -> Result<Pulled, Box<dyn Error>> {
    runtime.block_on(async {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let ca = reqwest::Certificate::from_pem(&serving.ca)?;
        let client = reqwest::Client::builder().tls_certs_only([ca]).no_proxy().no_zstd().build()?;
        let mut pulled = Pulled { resources: 0, bytes: 0, took: Duration::ZERO, packing: Duration::ZERO };
        let mut path = format!("/fhir/_history?_count={page}");
        loop {
            let mut request = client.get(format!("{}{path}", serving.url)).bearer_auth(&serving.token);
            if zstd {
                request = request.header("accept-encoding", "zstd");
            }
            // Only the host and the wire are on the clock; a workstation unpacks on another core.
            let begun = Instant::now();
            let answer = request.send().await?.error_for_status()?;
            // A page of a few bytes comes as it is.
            let packed = answer.headers().contains_key("content-encoding");
            let body = answer.bytes().await?;
            pulled.took += begun.elapsed();
            pulled.bytes += body.len() as u64;
            let text = if packed { zstd::stream::decode_all(&body[..])? } else { body.to_vec() };
            let begun = Instant::now();
            let _ = std::hint::black_box(zstd::bulk::compress(&text, LEVEL)?);
            pulled.packing += begun.elapsed();
            let text = String::from_utf8(text)?;
            let entries = text.matches("{\"fullUrl\":").count();
            if entries == 0 {
                return Ok(pulled);
            }
            pulled.resources += entries;
            let next =
                text.rsplit("\"url\":\"").next().and_then(|rest| rest.split('"').next()).ok_or("no next page")?;
            path = next.strip_prefix(&serving.url).ok_or("another host")?.to_owned();
        }
    })
}
