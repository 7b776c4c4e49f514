//! Pages of the feed that are kept as they are sent say what those say that are put together.

use practice::wire::{FEED_PAGE, STANDING};
use reqwest::header::LINK;

use crate::office::{Desk, Host, patient};

/// The head's link and the Bundle of the page behind `cursor`, as a workstation asks for it or not packed.
async fn page(host: &Host, desk: &Desk, cursor: &str, packed: bool) -> (Option<String>, Vec<u8>) {
    let path = format!("{}/fhir/_history?_count={FEED_PAGE}{cursor}", host.url);
    let request = host.client.get(path).bearer_auth(&desk.token);
    let request = if packed { request.header("accept-encoding", "zstd") } else { request };
    let answer = request.send().await.unwrap().error_for_status().unwrap();
    assert!(answer.headers().contains_key(STANDING));
    let link = answer.headers().get(LINK).map(|link| link.to_str().unwrap().to_owned());
    let body = answer.bytes().await.unwrap().to_vec();
    (link, if packed { zstd::stream::decode_all(&body[..]).unwrap() } else { body })
}

/// Where the second page begins.
async fn second(host: &Host, desk: &Desk) -> String {
    let (link, _) = page(host, desk, "", false).await;
    cursor(&link.expect("the first page is not the last"))
}

fn cursor(link: &str) -> String {
    format!("&{}", link.split_once('&').unwrap().1.split_once('>').unwrap().0)
}

/// A practice of two full pages and a little, and a computer that joined it then.
async fn office() -> (Host, Desk) {
    let host = Host::start().await;
    let many: Vec<_> = (0..2 * FEED_PAGE + 10).map(|n| patient(&format!("p{n}"), "Ray")).collect();
    host.seed(&crate::office::practice_id("elm"), &many);
    let desk = host.enrol("elm").await;
    (host, desk)
}

async fn kept(host: &Host, desk: &Desk, pages: i64) {
    let store = host.store(&desk.practice);
    let life = store.epoch().unwrap();
    let base = format!("{}/fhir", host.url);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while store.pages_end(&life, &base).unwrap() < pages * i64::from(FEED_PAGE) {
        assert!(std::time::Instant::now() < deadline, "the pages are kept");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_page_is_the_one_that_would_be_put_together() {
    let (host, desk) = office().await;
    kept(&host, &desk, 2).await;
    let second = second(&host, &desk).await;
    let (third, _) = page(&host, &desk, &second, false).await;
    let third = cursor(&third.expect("the second page is not the last"));
    // One that is not full is told with what has come since.
    host.seed(&desk.practice, &[patient("p-new", "Since")]);
    for cursor in ["", &second, &third] {
        assert_eq!(page(&host, &desk, cursor, true).await, page(&host, &desk, cursor, false).await, "{cursor:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_calls_the_host_otherwise_gets_that_name() {
    let (host, desk) = office().await;
    kept(&host, &desk, 2).await;
    let path = format!("{}/fhir/_history?_count={FEED_PAGE}", host.url.replace("127.0.0.1", "localhost"));
    let request = host.client.get(path).bearer_auth(&desk.token).header("accept-encoding", "zstd");
    let body = zstd::stream::decode_all(&request.send().await.unwrap().bytes().await.unwrap()[..]).unwrap();
    assert!(String::from_utf8(body).unwrap().contains("\"fullUrl\":\"https://localhost"));
}
