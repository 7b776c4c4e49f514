//! The authority that vouches for the host becomes another, and no computer is led astray meanwhile.

use practice::{
    Code,
    policy::{Policy, SignedPolicy, SigningKey, sign},
};

use super::world::{Act, Authority, Desk, Gate, Host};

fn held(desk: &Desk) -> SignedPolicy {
    serde_json::from_slice(&std::fs::read(desk.home.path().join("policy.json")).unwrap()).unwrap()
}

fn kept(desk: &Desk) -> Option<String> {
    serde_json::from_slice(&std::fs::read(desk.home.path().join("trusted.json")).ok()?).unwrap()
}

/// A desk at work whose line to the host goes through a gate that the host's own authority vouches for.
async fn at_work() -> (Host, Gate, Desk) {
    let host = Host::start();
    let gate = Gate::of(&host, host.authorities().remove(0)).await;
    let desk = Desk::enrolled(&gate.url, &host.ca_pem(), &host.code()).await;
    desk.sign_in(host.account("desk")).await.unwrap();
    desk.ws.sync_once().await.unwrap();
    (host, gate, desk)
}

async fn trusts(gate: &Gate, desk: &Desk, authority: &Authority) -> bool {
    gate.vouch(authority);
    match desk.ws.sync_once().await {
        Ok(_) => true,
        Err(refused) => {
            assert_eq!(refused.code, Code::CertificateRefused, "{}", refused.say);
            false
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn during_the_overlap_either_authority_holds_and_afterwards_only_the_new_one() {
    let mut host = Host::start();
    let desk = Desk::enrolled(&host.url(), &host.ca_pem(), &host.code()).await;
    let off = Desk::enrolled(&host.url(), &host.ca_pem(), &host.code()).await;
    let mut desks = vec![desk];
    for it in desks.iter().chain([&off]) {
        it.sign_in(host.account("desk")).await.unwrap();
        it.ws.sync_once().await.unwrap();
    }
    off.ws.sign_out();
    host.authority("next");
    desks[0].ws.sync_once().await.unwrap();
    assert_eq!(kept(&desks[0]), Some(host.ca_pem()));
    for _ in 0..3 {
        host.authority("switch");
        host.restart();
        // One more joins under each.
        let new = Desk::enrolled(&host.url(), &host.ca_pem(), &host.code()).await;
        new.sign_in(host.account("nurse")).await.unwrap();
        desks.push(new);
        for desk in &mut desks {
            desk.ws.sync_once().await.unwrap();
            desk.restart();
            desk.sign_in(host.account("desk")).await.unwrap();
            desk.ws.sync_once().await.unwrap();
        }
    }
    host.authority("retire");
    for desk in &desks {
        desk.ws.sync_once().await.unwrap();
        assert_eq!(kept(desk), Some(host.ca_pem()), "the other is dropped");
    }
    off.sign_in(host.account("desk")).await.unwrap();
    let missed = off.ws.sync_once().await.unwrap_err();
    assert_eq!(missed.code, Code::CertificateRefused);
    assert!(missed.say.contains("changed its authority while this computer was off"), "{}", missed.say);
    assert!(off.book(&host.practitioner(), "02:00", None).is_ok(), "and works on");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_the_practices_word_lets_an_authority_in_or_brings_one_back() {
    let (host, gate, desk) = at_work().await;
    host.authority("next");
    let [first, second] = <[Authority; 2]>::try_from(host.authorities()).ok().unwrap();
    let stranger = Authority::new();
    assert!(!trusts(&gate, &desk, &second).await, "not announced to this computer yet");
    // The host's own answer, altered on its way; and one that somebody else signed.
    gate.vouch(&first);
    let ours = held(&desk);
    let document: Policy = serde_json::from_str(&ours.document).unwrap();
    let theirs = document.announce(stranger.pem.clone(), "Nobody", document.signed_at);
    let signed = sign(&theirs, &SigningKey::from_bytes(&[9; 32]));
    for (what, policy) in [
        ("signed by somebody else", signed.clone()),
        ("with the signature of another text", SignedPolicy { signature: ours.signature.clone(), ..signed.clone() }),
        ("unsigned", SignedPolicy { signature: String::new(), ..signed }),
    ] {
        let answer = serde_json::to_vec(&policy).unwrap();
        gate.rule(move |asked| if asked == "GET /policy" { Act::Answer(200, answer.clone()) } else { Act::Pass });
        assert_eq!(desk.ws.sync_once().await.unwrap_err().code, Code::PolicyGone, "{what}");
        assert_eq!((held(&desk), kept(&desk)), (ours.clone(), None), "{what}");
        gate.open();
        assert!(!trusts(&gate, &desk, &stranger).await, "{what}");
        gate.vouch(&first);
    }
    assert!(trusts(&gate, &desk, &first).await, "and hears of the second");
    let both = held(&desk);
    assert!(trusts(&gate, &desk, &second).await);
    assert!(!trusts(&gate, &desk, &stranger).await);
    // Retired before it was ever used; then the announcement of it comes once more.
    host.authority("retire");
    assert!(trusts(&gate, &desk, &first).await, "and hears that the second is gone");
    assert!(!trusts(&gate, &desk, &second).await);
    gate.vouch(&first);
    let answer = serde_json::to_vec(&both).unwrap();
    gate.rule(move |asked| if asked == "GET /policy" { Act::Answer(200, answer.clone()) } else { Act::Pass });
    let _ = desk.ws.sync_once().await;
    assert_eq!(kept(&desk), Some(host.ca_pem()));
    gate.open();
    assert!(!trusts(&gate, &desk, &second).await, "an announcement from before brings nobody back");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_put_in_place_take_no_authority_in_and_nothing_is_sent_under_them() {
    let (host, gate, mut desk) = at_work().await;
    host.authority("next");
    let [first, second] = <[Authority; 2]>::try_from(host.authorities()).ok().unwrap();
    let stranger = Authority::new();
    assert!(trusts(&gate, &desk, &first).await);
    let (folder, me) = (desk.home.path().to_owned(), host.account("desk"));
    let both = std::fs::read(folder.join("trusted.json")).unwrap();
    host.authority("retire");
    assert!(trusts(&gate, &desk, &first).await);
    let now = std::fs::read(folder.join("trusted.json")).unwrap();
    for (what, bytes, voucher) in [
        ("another's", Some(serde_json::to_vec(&stranger.pem).unwrap()), &stranger),
        ("one from before", Some(both), &second),
        ("none", None, &first),
    ] {
        match &bytes {
            Some(bytes) => std::fs::write(folder.join("trusted.json"), bytes).unwrap(),
            None => std::fs::remove_file(folder.join("trusted.json")).unwrap(),
        }
        // Without its policy nothing mends what is trusted.
        let policy = std::fs::read(folder.join("policy.json")).unwrap();
        std::fs::remove_file(folder.join("policy.json")).unwrap();
        gate.vouch(voucher);
        gate.asked();
        desk.restart();
        assert_eq!(desk.sign_in(me.clone()).await.unwrap_err().code, Code::VaultDamaged, "{what}");
        assert_eq!(gate.asked(), Vec::<String>::new(), "{what}");
        std::fs::write(folder.join("policy.json"), policy).unwrap();
        std::fs::write(folder.join("trusted.json"), &now).unwrap();
    }
    // Cut off after the keychain and before the file: the policy still says what the token goes with.
    gate.vouch(&first);
    std::fs::remove_file(folder.join("trusted.json")).unwrap();
    desk.restart();
    desk.sign_in(me).await.unwrap();
    desk.ws.sync_once().await.unwrap();
    assert_eq!(std::fs::read(folder.join("trusted.json")).unwrap(), now);
}
