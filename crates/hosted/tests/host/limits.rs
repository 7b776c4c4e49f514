//! Whoever takes too long, too much or too many is told so, and everybody else is served meanwhile.

use std::time::{Duration, Instant};

use hosted::limits::Limits;
use practice::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    office::{Host, patient},
    raw::Raw,
};

const SHORT: Duration = Duration::from_millis(400);

/// Where blocking is allowed.
async fn aside<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(job).await.unwrap()
}

fn body_of(answer: &str) -> Value {
    let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer:?}"));
    serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON: {answer:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_drips_in_ends_its_connection_and_a_handshake_that_never_begins_too() {
    let host = Host::start_within(Limits { head: 5 * SHORT, ..Limits::default() }).await;
    let silent = std::net::TcpStream::connect(host.url.strip_prefix("https://").unwrap()).unwrap();
    let raw = Raw::open(&host);
    let head = format!("GET /health HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "y".repeat(10_000));
    let dripping = aside(move || raw.drip(head.as_bytes()));
    let health = host.client.get(format!("{}/health", host.url)).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK, "beside them others are served");
    let (sent, said) = dripping.await;
    assert!(said.is_empty() && sent < 5_000, "{sent} bytes, and then {said:?}");
    let ended = aside(move || {
        silent.set_read_timeout(Some(Duration::from_secs(8))).unwrap();
        std::io::Read::read(&mut &silent, &mut [0; 1])
    });
    let waits = |error: &std::io::Error| error.kind() == std::io::ErrorKind::WouldBlock;
    assert!(!ended.await.as_ref().is_err_and(waits), "who says nothing at all is not waited for");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_drips_in_is_told_that_it_took_too_long() {
    let host = Host::start_within(Limits { body: SHORT, ..Limits::default() }).await;
    let desk = host.enrol("elm").await;
    for (path, fhir) in [("/audit", false), ("/fhir", true)] {
        for length in ["content-length: 90000", "transfer-encoding: chunked"] {
            let mut raw = Raw::open(&host);
            let token = &desk.token;
            let head =
                format!("POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n{length}\r\n\r\n");
            assert!(raw.send(head));
            let body = if length.starts_with('c') { vec![b' '; 90_000] } else { b"1\r\n \r\n".repeat(15_000) };
            let (_, said) = aside(move || raw.drip(&body)).await;
            assert!(said.starts_with("HTTP/1.1 408"), "{path} {length}: {said}");
            let told = body_of(&said);
            let say = if fhir { &told["issue"][0]["diagnostics"] } else { &told["say"] };
            assert_eq!(say, "The request took longer to arrive than one may.", "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_too_many_hears_so_and_the_next_is_served_when_another_ends() {
    let of_one = Limits { connections_per_address: 3, ..Limits::default() };
    let of_all = Limits { connections: 3, ..Limits::default() };
    for (limits, words) in [(of_one, "from this address"), (of_all, "as many connections as it takes")] {
        let host = Host::start_within(limits).await;
        let get = "GET /fhir/metadata HTTP/1.1\r\nhost: localhost\r\n\r\n";
        let mut held: Vec<Raw> = (0..3).map(|_| Raw::open(&host)).collect();
        for raw in &mut held {
            assert!(raw.send(get));
            assert_eq!(raw.status(), Some(200));
        }
        for _ in 0..100 {
            let mut raw = Raw::open(&host);
            assert!(raw.send(get));
            let said = aside(move || raw.rest()).await;
            assert!(said.starts_with("HTTP/1.1 503") && said.contains("retry-after: 30\r\n"), "{said}");
            let told = body_of(&said);
            assert_eq!(
                (&told["resourceType"], &told["issue"][0]["code"]),
                (&json!("OperationOutcome"), &json!("timeout"))
            );
            assert!(told["issue"][0]["diagnostics"].as_str().unwrap().contains(words), "{told}");
        }
        held.pop();
        let began = Instant::now();
        while {
            let mut raw = Raw::open(&host);
            raw.send(get);
            raw.status() != Some(200)
        } {
            assert!(began.elapsed() < Duration::from_secs(30), "its place is free again");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_nothing_of_an_answer_loses_the_connection() {
    let host = Host::start_within(Limits { stall: SHORT, connections_per_address: 4, ..Limits::default() }).await;
    let desk = host.enrol("elm").await;
    let wide: Vec<Value> = (0..20).map(|n| patient(&format!("p{n}"), &format!("{n}{}", "w".repeat(400_000)))).collect();
    host.seed(&desk.practice, &wide);
    let asked =
        format!("GET /fhir/_history HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\r\n", desk.token);
    // Each holds a place, and reads nothing of 8 MB.
    let mut held: Vec<Raw> = (0..3).map(|_| Raw::open(&host)).collect();
    for raw in &mut held {
        assert!(raw.send(asked.repeat(4)));
    }
    let began = Instant::now();
    loop {
        let mut more: Vec<Raw> = (0..3).map(|_| Raw::open(&host)).collect();
        let answered = more.iter_mut().all(|raw| {
            raw.send("GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
            raw.status() == Some(200)
        });
        if answered {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "their places are free again");
    }
    drop(held);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_too_large_is_refused_whatever_is_in_it() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    for (what, line) in [
        ("a cookie", format!("cookie: a={}", "c".repeat(20_000))),
        ("many cookies", "cookie: a=bcdefghijklmnopqrstuvwxyz\r\n".repeat(60).repeat(10).trim_end().to_owned()),
        ("a header", format!("x-long: {}", "h".repeat(20_000))),
        ("a token", format!("authorization: Bearer elm~{}", "t".repeat(20_000))),
        ("a header without end", format!("x-long: {}", "h".repeat(200_000))),
    ] {
        let mut raw = Raw::open(&host);
        raw.send(format!("GET /fhir/Patient HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{line}\r\n\r\n"));
        let said = aside(move || raw.rest()).await;
        // What passes the limit of the reader itself has no body.
        assert!(said.starts_with("HTTP/1.1 431"), "{what}: {said}");
        assert!(said.ends_with("\r\n\r\n") || body_of(&said)["resourceType"] == "OperationOutcome", "{what}: {said}");
    }
    let long = format!("/fhir/Patient?name={}", "n".repeat(20_000));
    for path in [&long, &format!("/fhir/Patient/{}", "p".repeat(20_000))] {
        let mut raw = Raw::open(&host);
        let token = &desk.token;
        raw.send(format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\r\n"
        ));
        let said = aside(move || raw.rest()).await;
        assert!(said.starts_with("HTTP/1.1 431") || said.starts_with("HTTP/1.1 414"), "{said}");
    }
    let error = host.ask(reqwest::Method::GET, &long, Some(&desk.token), None);
    assert_eq!(error.await.status(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "HTTP/2");
    assert_eq!(host.push(&desk, Role::FrontDesk, "c1", &[(patient("p1", "Ray"), None)]).await.0, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_exports_at_once_and_one_whose_client_takes_nothing_ends() {
    let host = Host::start_within(Limits { stall: SHORT, ..Limits::default() }).await;
    let desk = host.enrol("elm").await;
    let wide: Vec<Value> = (0..40).map(|n| patient(&format!("p{n}"), &format!("{n}{}", "w".repeat(400_000)))).collect();
    host.seed(&desk.practice, &wide);
    let admin = host.sign_in(&desk, Role::Admin).await.access_token;
    let export = async || host.ask(Method::GET, "/export", Some(&admin), None).await;
    // On one connection, which goes on: what is not read of 16 MB is not taken.
    let held = [export().await, export().await];
    assert!(held.iter().all(|answer| answer.status() == StatusCode::OK));
    let third = export().await;
    assert_eq!(third.status(), StatusCode::BAD_REQUEST);
    assert_eq!(third.json::<Value>().await.unwrap()["code"], "not_now");
    let began = Instant::now();
    loop {
        let again = export().await;
        if again.status() == StatusCode::OK {
            assert!(again.text().await.unwrap().ends_with('\n'), "whole");
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "their places are free again");
    }
    for answer in held {
        assert!(answer.text().await.is_err(), "whoever reads on sees that it is not whole");
    }
}
