//! Requests whose end two readers would see in different places, and heads that are none: one answer at most, and an end.

use crate::{office::Host, raw::Raw};

/// What would be a second request for whoever sees the end of the first elsewhere.
const HIDDEN: &str = "GET /fhir/metadata HTTP/1.1\r\nhost: localhost\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_two_ends_has_one_answer_and_its_connection_ends() {
    let host = Host::start().await;
    let post = |rest: &str| format!("POST /enrol HTTP/1.1\r\nhost: localhost\r\n{rest}");
    for (what, request, statuses) in [
        ("both lengths", post("content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"), &[400][..]),
        ("both, the other way", post("transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n"), &[400]),
        ("two lengths", post("content-length: 0\r\ncontent-length: 49\r\n\r\n"), &[400]),
        ("two lengths in one", post("content-length: 0, 49\r\n\r\n"), &[400]),
        ("a signed length", post("content-length: +0\r\n\r\n"), &[400]),
        ("a negative length", post("content-length: -1\r\n\r\n"), &[400]),
        ("a hexadecimal length", post("content-length: 0x0\r\n\r\n"), &[400]),
        ("an endless length", post("content-length: 99999999999999999999999\r\n\r\n"), &[400]),
        ("a coding that is none", post("transfer-encoding: xchunked\r\n\r\n"), &[400]),
        ("chunked is not last", post("transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n"), &[400]),
        ("a space before the colon", post("transfer-encoding : chunked\r\n\r\n0\r\n\r\n"), &[400]),
        ("a folded header", post("x: a\r\n b\r\n\r\n"), &[400]),
        ("a folded length", post("content-length:\r\n 49\r\n\r\n"), &[400]),
        ("a chunk's size that is none", post("transfer-encoding: chunked\r\n\r\nzz\r\n\r\n"), &[400]),
        ("a chunk's size without end", post("transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n"), &[400]),
        ("a chunk longer than it says", post("transfer-encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n"), &[400]),
        ("a zero byte", post("x: a\0b\r\ncontent-length: 0\r\n\r\n"), &[400]),
        ("a line end within", post("x: a\rb\r\ncontent-length: 0\r\n\r\n"), &[400]),
        ("no version", "GET /health\r\n\r\n".to_owned(), &[400]),
        ("another version", "GET /health HTTP/3.0\r\nhost: localhost\r\n\r\n".to_owned(), &[400, 505]),
        ("no method", " /health HTTP/1.1\r\nhost: localhost\r\n\r\n".to_owned(), &[400]),
        ("an address that is none", "GET /a b HTTP/1.1\r\nhost: localhost\r\n\r\n".to_owned(), &[400]),
        ("too many headers", post(&"x: y\r\n".repeat(300)) + "\r\n", &[431]),
    ] {
        let mut raw = Raw::open(&host);
        raw.send(request + HIDDEN);
        let said = tokio::task::spawn_blocking(move || raw.rest()).await.unwrap();
        assert_eq!(said.matches("HTTP/1.1 ").count(), 1, "{what}: {said}");
        let status: u16 = said[9..12].parse().unwrap();
        assert!(statuses.contains(&status), "{what}: {said}");
        assert!(!said.contains("CapabilityStatement"), "{what}: {said}");
        for internal in ["hyper", "panicked", "src/", "rust", "thread"] {
            assert!(!said.to_lowercase().contains(internal), "{what}: {said}");
        }
    }
    let mut raw = Raw::open(&host);
    raw.send("GET /fhir/metadata HTTP/1.1\r\nhost: localhost\r\nhost: evil.test\r\nconnection: close\r\n\r\n");
    let said = tokio::task::spawn_blocking(move || raw.rest()).await.unwrap();
    assert!(said.starts_with("HTTP/1.1 400") && said.contains("OperationOutcome"), "two hosts: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_http_2_ends_and_the_host_goes_on() {
    let host = Host::start().await;
    let ca = std::fs::read(&host.ca).unwrap();
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let frame = |length: u32, kind: u8, flags: u8, stream: u32| {
        let mut head = length.to_be_bytes()[1..].to_vec();
        head.extend([kind, flags]);
        head.extend(stream.to_be_bytes());
        head
    };
    let settings = frame(0, 4, 0, 0);
    let cases: [(&str, Vec<u8>); 6] = [
        ("noise", vec![0xff; 4096]),
        ("half a preface and an end", preface[..10].iter().copied().chain([0; 64]).collect()),
        ("a frame larger than agreed", [&settings[..], &frame(0x00ff_ffff, 0, 0, 1)].concat()),
        ("a head on an even stream", [&settings[..], &frame(1, 1, 5, 2), &[0x82]].concat()),
        ("a head that does not unpack", [&settings[..], &frame(4, 1, 5, 1), &[0xff; 4]].concat()),
        ("a reset of nothing", [&settings[..], &frame(4, 3, 0, 7), &[0; 4]].concat()),
    ];
    for (what, bytes) in cases {
        let mut raw = Raw::agreeing(&host.url, &ca, "h2");
        let bytes = if what == "noise" || what.starts_with("half") { bytes } else { [&preface[..], &bytes].concat() };
        raw.send(bytes);
        let said = tokio::task::spawn_blocking(move || raw.rest()).await.unwrap();
        assert!(!said.contains("CapabilityStatement") && !said.contains("panicked"), "{what}: {said}");
    }
    assert!(host.client.get(format!("{}/health", host.url)).send().await.unwrap().status().is_success());
}
