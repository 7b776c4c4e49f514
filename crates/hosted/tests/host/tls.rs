//! Certificates and versions, as a client sees them.

use crate::office::{Host, client};

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_trusts_another_authority_is_not_served() {
    let (host, other) = (Host::start().await, Host::start().await);
    let error = client(&other.ca).get(format!("{}/health", host.url)).send().await.unwrap_err();
    assert!(format!("{error:?}").contains("UnknownIssuer"), "{error:?}");
    let by_name = host.url.replace("127.0.0.1", "localhost");
    assert!(host.client.get(format!("{by_name}/health")).send().await.unwrap().status().is_success());
    let port = host.url.rsplit(':').next().unwrap();
    let address: std::net::SocketAddr = format!("127.0.0.1:{port}").parse().unwrap();
    let ca = reqwest::Certificate::from_pem(&std::fs::read(&host.ca).unwrap()).unwrap();
    let misled =
        reqwest::Client::builder().tls_certs_only([ca]).no_proxy().resolve("elsewhere.test", address).build().unwrap();
    let error = misled.get(format!("https://elsewhere.test:{port}/health")).send().await.unwrap_err();
    assert!(format!("{error:?}").contains("NotValidForName"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn http_2_and_1_1_over_tls_1_2_and_1_3_are_served() {
    let host = Host::start().await;
    let ca = || reqwest::Certificate::from_pem(&std::fs::read(&host.ca).unwrap()).unwrap();
    let url = format!("{}/health", host.url);
    assert_eq!(host.client.get(&url).send().await.unwrap().version(), reqwest::Version::HTTP_2);
    for version in [reqwest::tls::Version::TLS_1_2, reqwest::tls::Version::TLS_1_3] {
        let client = reqwest::Client::builder()
            .tls_certs_only([ca()])
            .no_proxy()
            .tls_version_min(version)
            .tls_version_max(version)
            .http1_only()
            .build()
            .unwrap();
        assert_eq!(client.get(&url).send().await.unwrap().version(), reqwest::Version::HTTP_11);
    }
}

/// With `curl`, which takes an answer that comes before its question is sent for a broken stream.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_reaches_a_client_that_is_still_sending() {
    let host = Host::start().await;
    let body = host.root.path().join("body");
    std::fs::write(&body, vec![b' '; 300_000]).unwrap();
    for (path, status) in [("/fhir", "401"), ("/sign-in", "401"), ("/nowhere", "404"), ("/fhir/Patient", "405")] {
        for protocol in ["--http2", "--http1.1"] {
            for _ in 0..10 {
                let mut curl = tokio::process::Command::new("curl");
                curl.args([
                    "--silent",
                    "--show-error",
                    protocol,
                    "--output",
                    "/dev/null",
                    "--write-out",
                    "%{http_code}",
                ]);
                curl.arg("--cacert").arg(&host.ca).arg("--data-binary").arg(format!("@{}", body.display()));
                let said = curl.arg(format!("{}{path}", host.url)).output().await.unwrap();
                let (code, error) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
                assert_eq!((&*code, &*error), (status, ""), "{protocol} {path}");
            }
        }
    }
}
