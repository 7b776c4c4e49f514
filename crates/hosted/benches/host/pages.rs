//! Following the feed from its beginning to its end, as a workstation's first sync does, without storing anything.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use super::office::Serving;

/// Pulls everything; how many resources, how many bytes came over the wire, and how long it took.
pub fn pull(
    runtime: &tokio::runtime::Runtime,
    serving: &Serving,
    zstd: bool,
    page: u32,
) -> Result<(usize, u64, Duration), Box<dyn Error>> {
    runtime.block_on(async {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let ca = reqwest::Certificate::from_pem(&serving.ca)?;
        let client = reqwest::Client::builder().tls_certs_only([ca]).no_proxy().no_zstd().build()?;
        let (mut seen, mut bytes, mut took) = (0, 0, Duration::ZERO);
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
            took += begun.elapsed();
            bytes += body.len() as u64;
            let text = if packed { zstd::stream::decode_all(&body[..])? } else { body.to_vec() };
            let text = String::from_utf8(text)?;
            let entries = text.matches("{\"fullUrl\":").count();
            if entries == 0 {
                return Ok((seen, bytes, took));
            }
            seen += entries;
            let next =
                text.rsplit("\"url\":\"").next().and_then(|rest| rest.split('"').next()).ok_or("no next page")?;
            path = next.strip_prefix(&serving.url).ok_or("another host")?.to_owned();
        }
    })
}
