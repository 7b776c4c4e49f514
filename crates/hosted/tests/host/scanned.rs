//! TLS as testssl.sh sees it (Debian's package of that name): what it finds is all there is.

use serde_json::Value;
use tokio::process::Command;

use crate::office::Host;

/// What it grumbles at and we stand by, each with the reason.
const STOOD_BY: [(&str, &str); 3] = [
    ("engine_problem", "it misses GOST, which is said of its own machine"),
    ("RC4", "its OpenSSL has none to offer; the cipher lists try them by hand"),
    ("cert_revocation", "the practice's own authority publishes no list: workstations are told to trust another one"),
];

/// What must have been looked for, and not been there.
const HOLES: [&str; 15] = [
    "heartbleed",
    "CCS",
    "ticketbleed",
    "ROBOT",
    "secure_client_renego",
    "CRIME_TLS",
    "BREACH",
    "POODLE_SSL",
    "fallback_SCSV",
    "SWEET32",
    "FREAK",
    "DROWN",
    "LOGJAM",
    "BEAST",
    "LUCKY13",
];

struct Report(Vec<Value>);

/// How often it looks while there is something that it could not look at: on a busy machine its own connection comes to nothing
/// at times.
const LOOKS: usize = 3;

impl Report {
    async fn of(host: &Host) -> Report {
        let mut report = Report::look(host, 0).await;
        for nth in 1..LOOKS {
            let missed = report.troubles().map(|(severity, _, _)| severity == "WARN").reduce(|all, one| all && one);
            if missed != Some(true) {
                break;
            }
            report = Report::look(host, nth).await;
        }
        report
    }

    async fn look(host: &Host, nth: usize) -> Report {
        let file = host.root.path().join(format!("testssl-{nth}.json"));
        let mut testssl = Command::new("testssl");
        // No name is looked up and nobody else is asked; a screen that can do nothing is told nothing.
        testssl.args(["--quiet", "--color", "0", "--warnings", "off", "--nodns", "none", "--fast"]).env("TERM", "dumb");
        // Versions, suites, forward secrecy, the certificate, and every hole that has a name.
        testssl.args(["-p", "-s", "-f", "-S", "-U", "--add-ca"]).arg(&host.ca).arg("--jsonfile").arg(&file);
        testssl.arg(host.url.replace("https://127.0.0.1", "localhost"));
        let done = testssl.output().await.expect("testssl.sh is needed: scripts/setup.sh test installs it");
        let report = std::fs::read(&file).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&done.stdout)));
        Report(serde_json::from_slice(&report).unwrap())
    }

    /// What it says of `id`.
    fn finding(&self, id: &str) -> &str {
        text(self.0.iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("no {id}")), "finding")
    }

    /// Severity, id and words of what it grumbles at and we do not stand by: LOW to CRITICAL, and WARN for what it could not look at.
    fn troubles(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let all = self.0.iter().map(|one| (text(one, "severity"), text(one, "id"), text(one, "finding")));
        all.filter(|(severity, id, _)| {
            !["OK", "INFO"].contains(severity) && STOOD_BY.iter().all(|(known, _)| known != id)
        })
    }
}

fn text<'a>(one: &'a Value, field: &str) -> &'a str {
    one[field].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_suites_and_certificate_are_modern_ones_alone_and_no_known_hole_is_open() {
    let host = Host::start().await;
    let report = Report::of(&host).await;
    for old in ["SSLv2", "SSLv3", "TLS1", "TLS1_1"] {
        assert_eq!(report.finding(old), "not offered", "{old}");
    }
    for new in ["TLS1_2", "TLS1_3"] {
        assert!(report.finding(new).starts_with("offered"), "{new}");
    }
    let weak = ["NULL", "aNULL", "EXPORT", "LOW", "3DES_IDEA", "AVERAGE"];
    for list in weak {
        assert_eq!(report.finding(&format!("cipherlist_{list}")), "not offered", "{list}");
    }
    let suites: Vec<&str> = report.finding("PFS_ciphers").split_whitespace().collect();
    assert!(suites.len() >= 6, "{suites:?}");
    for suite in &suites {
        // A fresh key for each connection, and a cipher that also seals.
        let modern = suite.starts_with("TLS_") || suite.starts_with("ECDHE-ECDSA-");
        let seals = suite.contains("GCM") || suite.contains("CHACHA20");
        assert!(modern && seals, "{suite} among {suites:?}");
    }
    assert_eq!(report.finding("cert_chain_of_trust"), "passed.");
    for hole in HOLES {
        report.finding(hole);
    }
    assert_eq!(report.troubles().collect::<Vec<_>>(), [], "what it found");
    report.finding("scanTime");
}
