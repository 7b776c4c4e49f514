//! What no honest workstation sends.

use std::io::Write;

use practice::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::office::{Host, patient};

#[tokio::test(flavor = "multi_thread")]
async fn malformed_bundles_are_refused_in_words_and_nothing_is_half_written() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let good = host.bundle(&desk, Role::FrontDesk, "c1", &[(patient("p1", "Ray"), None), (patient("p2", "Roe"), None)]);
    let text = good.to_string();
    let with = |path: &str, value: Value| {
        let mut bundle = good.clone();
        *bundle.pointer_mut(path).unwrap() = value;
        bundle.to_string().into_bytes()
    };
    let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    let mut two_notes = good.clone();
    let mut extra = good["entry"][2].clone();
    extra["resource"]["id"] = json!("c2");
    extra["request"]["url"] = json!("Provenance/c2");
    two_notes["entry"].as_array_mut().unwrap().push(extra);
    let mut no_note = good.clone();
    no_note["entry"].as_array_mut().unwrap().pop();
    // Its Provenance names it, so that nothing else is wrong.
    let mut other = good.clone();
    other["entry"][1]["resource"]["resourceType"] = json!("Practitioner");
    other["entry"][2]["resource"]["target"].as_array_mut().unwrap().push(json!({"reference": "Practitioner/p2"}));
    let many: Vec<Value> = (0..501).map(|n| json!({"resource": patient(&format!("m{n}"), "x"), "request": {"method": "PUT", "url": format!("Patient/m{n}"), "ifNoneMatch": "*"}})).collect();
    let cases: Vec<(&str, Vec<u8>, u16)> = vec![
        ("nothing", Vec::new(), 400),
        ("no JSON", b"{\"resourceType\":\"Bundle\",".to_vec(), 400),
        ("text after it", [text.as_bytes(), b" x"].concat(), 400),
        (
            "bad UTF-8",
            text.replace("Roe", "R\u{0}e").into_bytes().iter().map(|b| if *b == 0 { 0xff } else { *b }).collect(),
            400,
        ),
        ("a list", b"[]".to_vec(), 422),
        ("a number", b"7".to_vec(), 422),
        ("no Bundle", with("/resourceType", json!("Patient")), 422),
        ("a batch", with("/type", json!("batch")), 422),
        ("a type that is none", with("/type", json!(7)), 422),
        ("entries that are none", with("/entry", json!({"a": 1})), 422),
        ("too many entries", with("/entry", Value::from(many)), 422),
        ("no entries", with("/entry", json!([])), 422),
        ("a resource that is none", with("/entry/1/resource", json!("Patient")), 422),
        ("an unknown type", with("/entry/1/resource/resourceType", json!("Elephant")), 422),
        ("a bad id", with("/entry/1/resource/id", json!("a b")), 422),
        ("another type than its address", other.to_string().into_bytes(), 422),
        ("another id", with("/entry/1/resource/id", json!("p9")), 422),
        ("another address", with("/entry/1/request/url", json!("Patient/p9")), 422),
        ("an address elsewhere", with("/entry/1/request/url", json!("https://evil.test/Patient/p2")), 422),
        ("POST", with("/entry/1/request/method", json!("POST")), 422),
        ("DELETE", with("/entry/1/request/method", json!("DELETE")), 422),
        ("no expectation", with("/entry/1/request/ifNoneMatch", Value::Null), 422),
        ("a bad expectation", with("/entry/1/request/ifNoneMatch", json!("W/\"1\"")), 422),
        ("the same twice", with("/entry/1", good["entry"][0].clone()), 422),
        ("two Provenances", two_notes.to_string().into_bytes(), 422),
        ("no Provenance", no_note.to_string().into_bytes(), 422),
        ("a Provenance of other things", with("/entry/2/resource/target", json!([])), 422),
        ("a Provenance by nobody", with("/entry/2/resource/agent", json!([])), 422),
        (
            "an AuditEvent",
            text.replace("\"Patient\"", "\"AuditEvent\"").replace("Patient/p", "AuditEvent/p").into_bytes(),
            403,
        ),
        ("deep nesting", text.replace("\"Roe\"", &deep(10_000)).into_bytes(), 422),
        (
            "deep nesting outside",
            text.replace("\"type\":", &format!("\"x\":{},\"type\":", deep(10_000))).into_bytes(),
            422,
        ),
        (
            "a member named twice",
            text.replace("\"family\":\"Roe\"", "\"family\":\"Roe\",\"family\":\"Doe\"").into_bytes(),
            422,
        ),
        ("5 MB in one resource", text.replace("Roe", &"x".repeat(5 << 20)).into_bytes(), 422),
        ("20 MB", text.replace("Roe", &"x".repeat(20 << 20)).into_bytes(), 413),
    ];
    for (what, body, status) in cases {
        let response =
            host.client.post(format!("{}/fhir", host.url)).bearer_auth(&desk.token).body(body).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{what}");
        let outcome: Value = response.json().await.unwrap();
        assert_eq!(outcome["resourceType"], "OperationOutcome", "{what}");
        let say = outcome["issue"][0]["diagnostics"].as_str().unwrap();
        assert!(say.ends_with('.') && !say.contains("line") && !say.contains("Roe"), "{what}: {say}");
    }
    // What is sent packed is not unpacked: neither what would be good, nor what is small as it comes.
    let bomb = format!("{}{text}", " ".repeat(256 << 20));
    for (coding, body) in [
        ("gzip", gzip(text.as_bytes())),
        ("gzip", gzip(bomb.as_bytes())),
        ("zstd", zstd::encode_all(text.as_bytes(), 1).unwrap()),
        ("zstd", zstd::encode_all(bomb.as_bytes(), 1).unwrap()),
    ] {
        assert!(body.len() < 2 << 20);
        let request = host.client.post(format!("{}/fhir", host.url)).bearer_auth(&desk.token).body(body);
        let response = request.header("content-encoding", coding).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{coding}");
        assert_eq!(response.json::<Value>().await.unwrap()["resourceType"], "OperationOutcome", "{coding}");
    }
    let (_, history) = host.get("/fhir/_history", &desk.token).await;
    assert!(history.get("entry").is_none(), "nothing is half written");
    assert_eq!(
        host.push(&desk, Role::FrontDesk, "c1", &[(patient("p1", "Ray"), None)]).await.0,
        StatusCode::OK,
        "the host goes on"
    );
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(text).unwrap();
    out.finish().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hosts_own_endpoints_refuse_nonsense_in_words() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    for path in ["/enrol", "/sign-in", "/audit"] {
        for (what, body, status) in [
            ("nothing", Vec::new(), 400),
            ("bad UTF-8", vec![0xff; 10], 400),
            ("another shape", b"{\"entries\":7,\"email\":[]}".to_vec(), 400),
            ("deep nesting", vec![b'['; 10_000], 400),
            ("20 MB", vec![b' '; 20 << 20], 413),
        ] {
            let response = host
                .client
                .post(format!("{}{path}", host.url))
                .bearer_auth(&desk.token)
                .body(body)
                .send()
                .await
                .unwrap();
            assert_eq!(response.status().as_u16(), status, "{path}: {what}");
            let body: Value = response.json().await.unwrap();
            assert_eq!(body["code"], "invalid", "{path}: {what}");
        }
    }
    let response = host.ask(Method::GET, "/fhir/Patient?name=%ff%fe", Some(&desk.token), None).await;
    assert!(response.status().is_client_error() || response.status().is_success());
}
