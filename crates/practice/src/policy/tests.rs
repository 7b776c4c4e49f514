use super::*;

fn practice() -> PracticeId {
    PracticeId::parse("p1").unwrap()
}

fn policy() -> Policy {
    Policy::first(practice(), Stamp::from_millis(0).unwrap(), "Admin")
}

#[test]
fn only_the_practices_own_signature_holds() {
    let (ours, theirs) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
    let signed = sign(&policy(), &ours);
    assert_eq!(verify(&signed, &ours.verifying_key(), &practice()).unwrap(), policy());
    assert!(verify(&signed, &theirs.verifying_key(), &practice()).is_err(), "another key");
    assert!(verify(&signed, &ours.verifying_key(), &PracticeId::parse("p2").unwrap()).is_err(), "another practice");
    let mut altered = signed.clone();
    altered.document = altered.document.replace("300", "3600");
    assert!(verify(&altered, &ours.verifying_key(), &practice()).is_err(), "altered");
}

#[test]
fn what_is_no_policy_is_refused_in_words() {
    let ours = SigningKey::from_bytes(&[1; 32]);
    let signed = |document: String| {
        let signature = BASE64_STANDARD.encode(ours.sign(document.as_bytes()).to_bytes());
        SignedPolicy { document, signature }
    };
    let good = sign(&policy(), &ours);
    let padded = |bytes: usize| signed(good.document.clone() + &" ".repeat(bytes - good.document.len()));
    let with_signature = |signature: String| SignedPolicy { signature, ..good.clone() };
    assert!(verify(&padded(MAX_POLICY_BYTES), &ours.verifying_key(), &practice()).is_ok(), "as large as may be");
    for (what, bad) in [
        ("huge", padded(MAX_POLICY_BYTES + 1)),
        ("empty", signed(String::new())),
        ("no JSON", signed("policy".to_owned())),
        ("deep", signed("[".repeat(10_000))),
        ("without a lease", signed(good.document.replace("lease_hours", "lease"))),
        ("unsigned", with_signature(String::new())),
        ("half signed", with_signature(good.signature[..44].to_owned())),
        ("signed with zeros", with_signature(BASE64_STANDARD.encode([0; 64]))),
        ("signed with no base64", with_signature("\0".repeat(88))),
        ("with a huge signature", with_signature("A".repeat(1 << 20))),
    ] {
        let refused = verify(&bad, &ours.verifying_key(), &practice()).expect_err(what);
        assert_eq!(refused.code, Code::PolicyGone, "{what}");
        assert!(refused.say.ends_with('.'), "{what}");
    }
}

#[test]
fn a_newer_programs_policy_holds_as_it_was_signed_and_what_is_not_known_means_the_strictest() {
    let ours = SigningKey::from_bytes(&[1; 32]);
    let counter = |policy: &Policy, role| policy.time_out(role, Zone::FrontCounter).as_secs();
    let document = sign(&policy(), &ours).document;
    for (what, newer, front_desk) in [
        ("a field", document.replace("\"version\"", "\"paper\": {\"trays\": 1.10},\n \"version\""), 300),
        ("a role", document.replace("front_desk", "janitor"), 60),
        ("a zone", document.replace("front_counter", "roof"), 60),
        ("a time-out that is no number of seconds", document.replace("300", "-300"), 60),
        (
            "a second factor for janitors",
            document.replace("\"version\"", "\"second_factor\": [\"janitor\"], \"version\""),
            300,
        ),
        ("days", document.replace("\"version\"", "\"horizon\": {\"days_back\": \"all\"}, \"version\""), 300),
        ("a cell", document.replace("\"time_outs\":[", "\"time_outs\":[{\"for\":\"all\"},7,"), 300),
    ] {
        assert_ne!(newer, document, "{what}");
        let signature = BASE64_STANDARD.encode(ours.sign(newer.as_bytes()).to_bytes());
        let mut signed = SignedPolicy { document: newer, signature };
        let read = verify(&signed, &ours.verifying_key(), &practice()).expect(what);
        assert_eq!((read.lease_hours, counter(&read, Role::FrontDesk)), (72, front_desk), "{what}");
        signed.document += " ";
        assert!(verify(&signed, &ours.verifying_key(), &practice()).is_err(), "{what}, altered");
    }
}

#[test]
fn a_policy_from_the_future_is_refused_in_words_of_its_own() {
    let at = |hours: i64| Stamp::from_millis(hours * 3_600_000).unwrap();
    let policy = Policy { signed_at: at(100), ..policy() };
    for (now, good) in [(0, false), (75, false), (76, true), (100, true), (100_000, true)] {
        assert_eq!(policy.check_date(at(now)).is_ok(), good, "{now}");
    }
    let refused = policy.check_date(at(0)).unwrap_err();
    assert_eq!(refused.code, Code::PolicyGone);
    assert!(refused.say.contains("date and time"));
}

#[test]
fn a_missing_or_absurd_cell_means_the_strictest_never_off() {
    let mut policy = policy();
    for seconds in [0, 59, 3601, u32::MAX] {
        policy.time_outs = vec![TimeOut { role: Role::Admin, zone: Zone::ExamRoom, seconds }];
        assert_eq!(policy.time_out(Role::Admin, Zone::ExamRoom), STRICTEST_TIME_OUT, "{seconds}");
    }
    assert_eq!(policy.time_out(Role::FrontDesk, Zone::TakeHome), STRICTEST_TIME_OUT);
}

#[test]
fn an_edit_of_an_older_version_is_a_conflict() {
    let wish = |base_version, seconds| PolicyWish {
        time_outs: vec![TimeOut { role: Role::FrontDesk, zone: Zone::FrontCounter, seconds }],
        ..PolicyWish::from_version(base_version)
    };
    let at = Stamp::from_millis(1).unwrap();
    let next = policy().amend(&wish(1, 60), "Ann", at).unwrap();
    assert_eq!((next.version, next.time_out(Role::FrontDesk, Zone::FrontCounter).as_secs()), (2, 60));
    assert_eq!(next.time_outs.len(), 16, "the table stays whole");
    assert_eq!(next.amend(&wish(1, 60), "Bob", at).unwrap_err().code, Code::Conflict);
    assert_eq!(policy().amend(&wish(1, 10), "Ann", at).unwrap_err().code, Code::Invalid);
}

#[test]
fn what_each_computer_keeps_is_set_in_days_and_0_keeps_everything() {
    let amended = |policy: &Policy, days_back, days_ahead| {
        let wish = PolicyWish { days_back, days_ahead, ..PolicyWish::from_version(policy.version) };
        policy.amend(&wish, "Ann", Stamp::from_millis(1).unwrap())
    };
    let policy = policy();
    assert!(!sign(&policy, &SigningKey::from_bytes(&[1; 32])).document.contains("horizon"), "as it always was");
    let some = amended(&policy, Some(365), None).unwrap();
    assert_eq!((some.horizon.days_back, some.horizon.days_ahead), (Some(365), None));
    let both = amended(&some, None, Some(90)).unwrap();
    assert_eq!((both.horizon.days_back, both.horizon.days_ahead), (Some(365), Some(90)));
    assert!(amended(&both, Some(0), Some(0)).unwrap().horizon.is_everything());
    for (back, ahead) in [(Some(29), None), (Some(3651), None), (None, Some(29)), (None, Some(731))] {
        let refused = amended(&policy, back, ahead).unwrap_err();
        assert!(refused.code == Code::Invalid && refused.say.ends_with("0 keeps everything."), "{back:?} {ahead:?}");
    }
}

#[test]
fn who_needs_a_second_factor_is_set_by_role_and_a_policy_from_before_asks_nobody() {
    let old = policy();
    assert!(!sign(&old, &SigningKey::from_bytes(&[1; 32])).document.contains("second_factor"), "as it always was");
    let amended = |policy: &Policy, roles: Option<Vec<Role>>| {
        let wish = PolicyWish { second_factor: roles, ..PolicyWish::from_version(policy.version) };
        policy.amend(&wish, "Ann", Stamp::from_millis(1).unwrap()).unwrap()
    };
    let some = amended(&old, Some(vec![Role::Provider, Role::Admin, Role::Admin]));
    assert_eq!(some.second_factor, [Role::Admin, Role::Provider]);
    assert_eq!(amended(&some, None).second_factor, some.second_factor, "a wish without it leaves it");
    assert!(amended(&some, Some(Vec::new())).second_factor.is_empty());
}

#[test]
fn a_format_of_names_that_is_not_known_here_is_as_strict_as_any() {
    let written = |policy: &Policy| serde_json::to_string(policy).unwrap();
    let document = written(&policy());
    assert!(!document.contains("names"), "names in full are written as before there was a choice");
    let newer = document.replace("\"version\"", "\"names\":\"emoji\",\"version\"");
    assert_eq!(serde_json::from_str::<Policy>(&newer).unwrap().names, NameFormat::Initials);
    let wish = PolicyWish { names: Some(NameFormat::FirstAndLetter), ..PolicyWish::from_version(1) };
    let next = policy().amend(&wish, "Ann", Stamp::from_millis(1).unwrap()).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&written(&next)).unwrap().names, NameFormat::FirstAndLetter);
}
