//! Mail goes by TLS to the mail server that was meant, or not at all.

use std::{
    fs,
    path::{Path, PathBuf},
};

use hosted::{certificate, serve::now};
use serde_json::json;

use crate::mail::{Program, Sink};

/// This machine by a name that the mailer takes for another machine's, so that it asks for TLS.
const ELSEWHERE: &str = "0x7f000001";

/// An authority of its own: what vouches, and a key with its certificate for `names`.
fn authority(folder: &Path, names: &[&str]) -> (PathBuf, PathBuf) {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let made = certificate::ensure(folder, &names, now()).unwrap();
    (made.ca, made.server)
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_is_sent_by_tls_to_whom_the_authority_vouches_for_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let (ca, server) = authority(&folder.path().join("good"), &[]);
    let nameless = folder.path().join("nameless.pem");
    fs::copy(&server, &nameless).unwrap();
    let (_, server) = authority(&folder.path().join("good"), &[ELSEWHERE]);
    let (stranger, _) = authority(&folder.path().join("stranger"), &[]);
    let (server, nameless) = (server.to_str().unwrap(), nameless.to_str().unwrap());
    let program = Program::new();
    let cases: [(&str, &[&str], &str, &Path, bool); 7] = [
        ("TLS", &["--tls", server], "smtps://localhost", &ca, true),
        ("STARTTLS", &["--starttls", server], &format!("smtp://{ELSEWHERE}"), &ca, true),
        ("TLS by a stranger", &["--tls", server], "smtps://localhost", &stranger, false),
        ("STARTTLS by a stranger", &["--starttls", server], &format!("smtp://{ELSEWHERE}"), &stranger, false),
        ("TLS with another's name", &["--tls", nameless], &format!("smtps://{ELSEWHERE}"), &ca, false),
        ("STARTTLS with another's name", &["--starttls", nameless], &format!("smtp://{ELSEWHERE}"), &ca, false),
        ("no STARTTLS", &[], &format!("smtp://{ELSEWHERE}"), &ca, false),
    ];
    for (number, (what, sink, smtp, ca, sent)) in cases.into_iter().enumerate() {
        let sink = Sink::start(sink);
        let serving = program.serve(&format!("{smtp}:{}", sink.port), |command| {
            // Where the system's authorities are.
            command.env("SSL_CERT_FILE", ca);
        });
        let joined = serving.enrol(&program).await;
        let admin = serving.sign_in(&joined).await;
        let address = format!("new{number}@elm.test");
        let wish = json!({"email": address, "name": "New", "role": "clinical"}).to_string();
        let asked = serving.client.post(format!("{}/members", serving.url)).bearer_auth(admin).body(wish);
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.status().is_success(), sent, "{what}: {}", answer.text().await.unwrap());
        if sent {
            let message = sink.next();
            assert_eq!((&message["to"], &message["tls"]), (&json!([address]), &json!("TLSv1.3")), "{what}");
        }
        assert_eq!(sink.rest(), Vec::<String>::new(), "{what}");
        serving.stop();
    }
}
