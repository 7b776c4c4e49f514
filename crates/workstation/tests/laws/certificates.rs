//! A certificate that does not hold is refused, in words, with no way past it.

use std::time::Duration;

use practice::Code;
use workstation::clock::Clock;

use super::world::{Desk, Fault, Gate, Host, World};

const FAULTS: [(Fault, &str); 5] = [
    (Fault::Expired, "expired"),
    (Fault::NotYet, "not valid yet"),
    (Fault::OtherName, "another address"),
    (Fault::OtherAuthority, "not made by your practice's authority"),
    (Fault::SelfSigned, "not made by your practice's authority"),
];

#[tokio::test(flavor = "multi_thread")]
async fn no_computer_enrols_past_a_bad_certificate_and_its_code_is_not_spent() {
    let host = Host::start();
    let gate = Gate::before(&host).await;
    let (desk, code) = (Desk::new(), host.code());
    for (fault, words) in FAULTS {
        gate.certificate(fault);
        let refused = desk.enrol(&gate.url, &gate.ca_pem, &code).await.unwrap_err();
        assert_eq!(refused.code, Code::CertificateRefused, "{fault:?}: {}", refused.say);
        assert!(refused.say.contains(words), "{fault:?}: {}", refused.say);
        assert_eq!(desk.files(), [], "{fault:?}: nothing was written");
        assert_eq!(desk.keychain.count(), 0, "{fault:?}: nothing was kept");
    }
    assert_eq!(gate.asked(), Vec::<String>::new(), "nothing was said to a host that can't be trusted");
    let plain = gate.url.replace("https", "http");
    let named = format!("{}/practice", gate.url);
    for (url, ca, code_of) in [
        (plain.as_str(), gate.ca_pem.as_str(), Code::Invalid),
        (named.as_str(), gate.ca_pem.as_str(), Code::Invalid),
        ("localhost", gate.ca_pem.as_str(), Code::Invalid),
        (gate.url.as_str(), "no certificate", Code::Invalid),
        (gate.url.as_str(), host.ca_pem().as_str(), Code::CertificateRefused),
    ] {
        let refused = desk.enrol(url, ca, &code).await.unwrap_err();
        assert_eq!(refused.code, code_of, "{url}: {}", refused.say);
        assert_eq!(desk.files(), [], "{url}");
    }
    gate.certificate(Fault::None);
    desk.enrol(&gate.url, &gate.ca_pem, &code).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_hosts_certificate_turns_bad_the_desk_goes_on_offline_and_says_why() {
    let world = World::at_work("desk").await;
    let (ws, me) = (&world.desk.ws, world.host.account("desk"));
    let synced = ws.state().sync.last_synced;
    for (fault, words) in FAULTS {
        world.gate.certificate(fault);
        world.gate.asked();
        let refused = ws.sync_once().await.unwrap_err();
        assert_eq!(refused.code, Code::CertificateRefused, "{fault:?}");
        ws.sign_out();
        world.desk.sign_in(me.clone()).await.unwrap();
        let start = format!("{:02}:00", 1 + words.len() % 20);
        assert!(world.desk.book(&world.host.practitioner(), &start, None).unwrap().card.provisional);
        let _ = ws.sync_once().await;
        let sync = ws.state().sync;
        let trouble = sync.trouble.unwrap();
        assert!(trouble.say.contains(words), "{fault:?}: {}", trouble.say);
        assert!(!sync.reachable, "{fault:?}");
        assert_eq!(sync.last_synced, synced, "{fault:?}");
        assert_eq!(world.gate.asked(), Vec::<String>::new(), "{fault:?}: no password goes to it");
        for line in ws.outbox().unwrap() {
            ws.withdraw(&line.change).unwrap();
        }
    }
    world.gate.certificate(Fault::None);
    ws.sync_once().await.unwrap();
    assert_eq!(ws.state().sync.trouble, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sign_in_needs_a_host_that_can_be_trusted() {
    let world = World::enrolled().await;
    world.gate.certificate(Fault::OtherAuthority);
    let before = world.desk.files();
    let refused = world.desk.sign_in(world.host.account("desk")).await.unwrap_err();
    assert_eq!(refused.code, Code::CertificateRefused);
    assert_eq!(world.desk.files(), before);
    world.gate.close();
    world.gate.certificate(Fault::None);
    let refused = world.desk.sign_in(world.host.account("desk")).await.unwrap_err();
    assert_eq!(refused.code, Code::HostUnreachable);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_and_nobody_else_is_told_a_month_before_a_certificate_ends() {
    let host = Host::start();
    let desk = Desk::enrolled(&host.url(), &host.ca_pem(), &host.code()).await;
    let ws = &desk.ws;
    let said = || ws.state().findings.into_iter().map(|finding| finding.say).collect::<Vec<_>>();
    let month = Duration::from_secs(30 * 24 * 60 * 60);
    let hour = Duration::from_secs(60 * 60);
    let zone = jiff::tz::TimeZone::get(&ws.state().practice.unwrap().time_zone).unwrap();
    for (file, which) in [
        ("server.pem", "The host's certificate ends on"),
        ("ca.pem", "The certificate of your practice's authority ends on"),
    ] {
        let end = host.certificate_ends(file);
        desk.clock.pass(end.since(desk.clock.now()) - month - hour);
        desk.sign_in(host.account("admin")).await.unwrap();
        ws.sync_once().await.unwrap();
        assert_eq!(said(), Vec::<String>::new(), "an hour too early");
        desk.clock.pass(hour);
        assert_eq!(said().len(), 1, "{:?}", said());
        let day = zone.to_datetime(end.timestamp()).strftime("%B %-d, %Y");
        assert!(said()[0].starts_with(&format!("{which} {day}. ")), "{:?}", said());
        let status = ws.status().await.unwrap();
        assert_eq!((status.findings.len(), status.findings[0].code), (1, Code::CertificateEnds));
        assert!(status.findings[0].way_out.starts_with("Tell whoever runs the host:"));
        for who in ["desk", "nurse", "provider1"] {
            desk.sign_in(host.account(who)).await.unwrap();
            assert_eq!((said().len(), ws.status().await.unwrap().findings.len()), (0, 0), "{who}");
        }
        ws.sign_out();
        assert_eq!(said(), Vec::<String>::new(), "a closed desk tells nobody");
    }
}
