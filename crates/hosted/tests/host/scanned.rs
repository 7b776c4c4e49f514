//! TLS as `sslscan` sees it (Debian's package of that name): what it finds is all there is.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use tokio::process::Command;

use crate::office::Host;

async fn scan(host: &Host) -> String {
    let address = host.url.strip_prefix("https://").unwrap();
    let mut sslscan = Command::new("sslscan");
    sslscan.args(["--no-colour", "--show-certificate", "--xml=-", address]);
    let done = sslscan.output().await.expect("sslscan is needed: scripts/setup.sh test installs it");
    String::from_utf8(done.stdout).unwrap()
}

/// Each element's attributes, for elements called `name`.
fn elements<'a>(report: &'a str, name: &str) -> Vec<&'a str> {
    let begin = format!("<{name} ");
    report.split(begin.as_str()).skip(1).map(|rest| rest.split_once('>').unwrap().0).collect()
}

fn attribute<'a>(element: &'a str, name: &str) -> &'a str {
    let begin = format!("{name}=\"");
    element.split_once(begin.as_str()).unwrap_or_else(|| panic!("no {name}: {element}")).1.split_once('"').unwrap().0
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_suites_and_extensions_are_modern_ones_alone() {
    let host = Host::start().await;
    let report = scan(&host).await;
    let versions: Vec<(String, &str)> = elements(&report, "protocol")
        .iter()
        .map(|one| (attribute(one, "type").to_owned() + attribute(one, "version"), attribute(one, "enabled")))
        .collect();
    let on = |name: &str| versions.iter().find(|(version, _)| version == name).map(|(_, enabled)| *enabled);
    for old in ["ssl2", "ssl3", "tls1.0", "tls1.1"] {
        assert_eq!(on(old), Some("0"), "{old}: {report}");
    }
    for new in ["tls1.2", "tls1.3"] {
        assert_eq!(on(new), Some("1"), "{new}: {report}");
    }
    let suites: Vec<&str> = elements(&report, "cipher").iter().map(|one| attribute(one, "cipher")).collect();
    assert!(suites.len() >= 6, "{suites:?}");
    for suite in &suites {
        // A fresh key for each connection, and a cipher that also seals.
        let modern = suite.starts_with("TLS_") || suite.starts_with("ECDHE-ECDSA-");
        let seals = suite.contains("GCM") || suite.contains("CHACHA20");
        assert!(modern && seals, "{suite} among {suites:?}");
    }
    for bits in elements(&report, "cipher").iter().map(|one| attribute(one, "bits").parse::<u32>().unwrap()) {
        assert!(bits >= 128);
    }
    for group in elements(&report, "group") {
        assert!(attribute(group, "bits").parse::<u32>().unwrap() >= 112, "{group}");
    }
    let renegotiation = elements(&report, "renegotiation");
    // Secure is the word of RFC 5746; supported would be that a client may begin one.
    assert_eq!(renegotiation.len(), 1, "{report}");
    assert_eq!(attribute(renegotiation[0], "supported"), "0", "{report}");
    for bleeding in elements(&report, "heartbleed") {
        assert_eq!(attribute(bleeding, "vulnerable"), "0", "{report}");
    }
}

/// Debian's sslscan can't ask about compression any more: a hello that offers it, by hand (RFC 5246, 7.4.1).
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_offers_compression_gets_none() {
    const DEFLATE_OR_NONE: [u8; 3] = [2, 1, 0];
    let host = Host::start().await;
    let extensions = [
        &[0x00, 0x0a, 0, 4, 0, 2, 0x00, 0x1d][..], // groups: X25519
        &[0x00, 0x0b, 0, 2, 1, 0],                 // points: uncompressed
        &[0x00, 0x0d, 0, 4, 0, 2, 0x04, 0x03],     // signatures: ECDSA with P-256 and SHA-256
        &[0x00, 0x17, 0, 0],                       // extended master secret
    ]
    .concat();
    let length = |n: usize| u16::try_from(n).unwrap().to_be_bytes();
    let mut hello = [&[3, 3][..], &[7; 32], &[0], &[0, 2, 0xc0, 0x2b], &DEFLATE_OR_NONE].concat();
    hello.extend(length(extensions.len()));
    hello.extend(extensions);
    let hello = [&[1, 0][..], &length(hello.len()), &hello].concat();
    let record = [&[22, 3, 1][..], &length(hello.len()), &hello].concat();
    let answer = tokio::task::spawn_blocking(move || {
        let mut line = TcpStream::connect(host.url.strip_prefix("https://").unwrap()).unwrap();
        line.write_all(&record).unwrap();
        let mut answer = [0; 5 + 4 + 2 + 32 + 1 + 32 + 2 + 1];
        line.read_exact(&mut answer).unwrap();
        answer
    });
    let answer = answer.await.unwrap();
    assert_eq!((answer[0], answer[5]), (22, 2), "a server's hello: {answer:?}");
    let session = usize::from(answer[43]);
    assert_eq!(answer[44 + session..][..3], [0xc0, 0x2b, 0], "the suite, and no compression: {answer:?}");
}
