//! The tries: what is asked of a practice with what another one has, and how it has to be answered.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hosted::http::{ENDPOINTS, Needs};
use practice::{Role, ids::PracticeId};
use serde_json::{Value, json};

use super::RECORDS;
use crate::{
    endpoints::ROWS,
    office::{Desk, Host, PASSWORD, appointment, member, patient},
};

/// Where nothing of another practice's is named in these tries, and why.
pub const LEFT_OUT: &[(&str, &str, &str)] = &[
    ("GET", "/health", "tells nothing of a practice"),
    ("GET", "/fhir/metadata", "tells nothing of a practice"),
    ("POST", "/enrol", "its code is all that says which practice, and an address has twenty tries"),
    ("POST", "/sign-in", "a computer has sixty tries: the_other_practices_accounts_are_strangers_here"),
    ("POST", "/second-factor", "the same"),
    ("POST", "/second-factor/confirm", "the same"),
    ("POST", "/members", "sends mail: the_other_practices_accounts_are_strangers_here"),
    ("POST", "/password/forgotten", "sends mail: mail.rs"),
    ("POST", "/sign-out", "ends what its caller is signed in to, and names nothing"),
    ("GET", "/live", "takes nothing, and has no end"),
];

/// A practice, as who works there and as whom the others are after.
pub struct Side {
    pub name: &'static str,
    pub desk: Desk,
    pub members: Vec<(Role, String)>,
    /// Of somebody at another of its computers.
    pub refresh: (Desk, String),
    pub chain: Value,
}

/// One try, and how it has to be answered.
pub struct Asked {
    pub method: &'static str,
    pub path: String,
    pub token: String,
    pub body: String,
    pub answer: u16,
    /// The same asked about nobody's: the answers may not differ.
    pub as_nobodys: Option<(String, String)>,
    /// Whose audit trail tells of it, where it is not like any other mistake.
    pub told_by: Option<PracticeId>,
    /// Whether it is made with another's secret, and not with what another's is called.
    pub forged: bool,
}

impl Asked {
    /// The endpoint that answers.
    pub fn endpoint(&self) -> (&'static str, &'static str) {
        let path: Vec<&str> = self.path.split('?').next().unwrap().split('/').collect();
        let is = |pattern: &str| {
            let pattern: Vec<&str> = pattern.split('/').collect();
            pattern.len() == path.len() && pattern.iter().zip(&path).all(|(it, part)| it.starts_with('{') || it == part)
        };
        let all = ENDPOINTS.iter().filter(|one| one.method == self.method && is(one.path));
        all.min_by_key(|one| one.path.matches('{').count()).map(|one| (one.method, one.path)).unwrap()
    }
}

/// SplitMix64: the same tries in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.roll(all.len() as u64)).unwrap()]
    }
}

/// The secret of one practice behind the name of another.
pub fn glued(practice: &PracticeId, token: &str) -> String {
    format!("{practice}~{}", token.split_once('~').unwrap().1)
}

pub fn attempt(host: &Host, dice: &mut Dice, number: u64, us: &Side, them: &Side) -> Asked {
    let n = dice.roll(RECORDS);
    let (kind, id) = if dice.roll(2) == 0 {
        ("Patient", format!("{}-patient-{n}", them.name))
    } else {
        ("Appointment", format!("{}-visit-{n}", them.name))
    };
    let device = us.desk.token.clone();
    let admin = us.members.iter().find(|(role, _)| *role == Role::Admin).unwrap().1.clone();
    let anyone = if dice.roll(2) == 0 { device.clone() } else { dice.of(&us.members).1.clone() };
    let seq = dice.roll(200);
    let epoch = &them.desk.joined.epoch;
    let cursor = URL_SAFE_NO_PAD.encode(format!("{seq}~{epoch}"));
    let told_by = us.desk.practice.clone();
    let get = |path: String, token: &str, answer: u16| Asked {
        method: "GET",
        path,
        token: token.to_owned(),
        body: String::new(),
        answer,
        as_nobodys: None,
        told_by: Some(told_by.clone()),
        forged: false,
    };
    let send = |method, path: &str, token: &str, body: String, answer| Asked {
        method,
        body,
        ..get(path.to_owned(), token, answer)
    };
    let change = |writes: &[(Value, Option<u32>)]| {
        host.bundle(&us.desk, Role::FrontDesk, &format!("change-{number}"), writes).to_string()
    };
    let nobodys = |asked: Asked| {
        let (path, body) = (asked.path.replace(&id, "nobody-1"), asked.body.replace(&id, "nobody-1"));
        Asked { as_nobodys: Some((path, body)), ..asked }
    };
    let untold = |asked: Asked| Asked { told_by: None, ..asked };
    let whose = format!("practice={}", them.name);
    let link = format!("link={}", glued(&them.desk.practice, &us.refresh.1));
    match dice.roll(112) {
        0..25 => nobodys(get(format!("/fhir/{kind}/{id}"), &anyone, 404)),
        25..35 => nobodys(get(format!("/fhir/{kind}/{id}/_history/{}", 1 + dice.roll(3)), &anyone, 404)),
        35..45 => nobodys(get(format!("/fhir/{kind}/{id}/_history"), &anyone, 404)),
        45..55 => get(format!("/fhir/_history?cursor={cursor}"), &device, 410),
        55..65 => {
            let looked_for = dice.of(&["_id=P", "patient=P", "identifier=urn:x|P", "name=CanaryN", "actor=N-doctor"]);
            let looked_for = looked_for.replace('P', &format!("{}-patient-{n}", them.name)).replace('N', them.name);
            let kind = if looked_for.starts_with("patient") || looked_for.starts_with("actor") {
                "Appointment"
            } else {
                "Patient"
            };
            // A member's search has a row whatever it finds, and each row waits for the disk: these are few.
            let token = if dice.roll(50) == 0 { &admin } else { &device };
            get(format!("/fhir/{kind}?{looked_for}"), token, 200)
        }
        65..75 => {
            let text = if kind == "Patient" {
                patient(&id, "Mallory")
            } else {
                appointment(&id, &format!("{}-doctor", them.name), "10:00", "10:15")
            };
            nobodys(send("POST", "/fhir", &device, change(&[(text, Some(1))]), 412))
        }
        75..79 => {
            let (ours, theirs) = (member(us.name, Role::FrontDesk), member(them.name, Role::FrontDesk));
            let body = change(&[(patient("new", "Mallory"), None)]);
            send("POST", "/fhir", &device, body.replace(ours.as_str(), theirs.as_str()), 403)
        }
        79..83 => {
            let body = change(&[(patient("new", "Mallory"), None)]);
            send("POST", "/fhir", &device, body.replace(us.desk.id.as_str(), them.desk.id.as_str()), 403)
        }
        83 => {
            let mut visit = appointment(&format!("visit-{number}"), "d1", "10:00", "10:15");
            visit["status"] = json!("cancelled");
            // Not as who takes part: then a search for them would find this.
            visit["supportingInformation"] = json!([{"reference": format!("Patient/{}-patient-{n}", them.name)}]);
            send("POST", "/fhir", &device, change(&[(visit, None)]), 200)
        }
        84..92 => {
            let secret_ones: Vec<_> = ENDPOINTS.iter().filter(|one| one.needs != Needs::Nothing).collect();
            let endpoint = *dice.of(&secret_ones);
            let row = ROWS.iter().find(|row| (row.method, row.path) == (endpoint.method, endpoint.path)).unwrap();
            let secret = if dice.roll(2) == 0 { &them.desk.token } else { &dice.of(&them.members).1 };
            let (practice, secret) =
                if dice.roll(2) == 0 { (&us.desk.practice, secret) } else { (&them.desk.practice, &device) };
            let body = row.body.unwrap_or_default().to_owned();
            let asked = send(row.method, row.asked, &glued(practice, secret), body, 401);
            Asked { told_by: Some(practice.clone()), forged: true, ..asked }
        }
        92..95 => {
            let asked = send(
                "PUT",
                &format!("/workstations/{}", them.desk.id.as_str()),
                &admin,
                r#"{"standing":"stopped"}"#.to_owned(),
                404,
            );
            let path = "/workstations/3c9f1a52-0000-4000-8000-000000000000".to_owned();
            Asked { as_nobodys: Some((path, asked.body.clone())), ..asked }
        }
        95..98 => send("POST", "/audit", &device, them.chain.to_string(), 409),
        98 => {
            let given = json!({"life": epoch, "resources": [patient(&id, "Mallory")]}).to_string();
            send("POST", "/given-back", &device, given, 400)
        }
        99 => {
            let receipt = json!({"document": format!("{{\"workstation\":\"{}\"}}", them.desk.id.as_str()), "signature": "", "key": ""});
            send("POST", "/wiped", &device, receipt.to_string(), 400)
        }
        100..103 => {
            let wish = *dice.of(&[r#"{"stopped":true}"#, r#"{"role":"front_desk"}"#, r#"{"sign_out":true}"#]);
            let path = format!("/members/{}", member(them.name, *dice.of(&Role::ALL)));
            let as_nobodys = Some(("/members/nobody-1".to_owned(), wish.to_owned()));
            Asked { as_nobodys, ..send("PUT", &path, &admin, wish.to_owned(), 404) }
        }
        103..105 => {
            let refresh = |token: &str| json!({"refresh_token": token}).to_string();
            let theirs = &them.refresh.1;
            let shown = if dice.roll(2) == 0 { theirs.clone() } else { glued(&us.desk.practice, theirs) };
            let as_nobodys = Some(("/token".to_owned(), refresh(&glued(&us.desk.practice, "~nobodys"))));
            Asked { as_nobodys, ..send("POST", "/token", &device, refresh(&shown), 401) }
        }
        105 => {
            let wish = json!({"base_version": 999, "practice": them.name, "time_outs": []}).to_string();
            send("PUT", &format!("/policy?{whose}"), &admin, wish, 409)
        }
        106 => untold(send("PUT", &format!("/deletion?{whose}"), &admin, r#"{"wish":"keep"}"#.to_owned(), 400)),
        107 => untold(get(format!("/export?{whose}"), &admin, 400)),
        108 => untold(get(format!("/password?{link}"), &device, 403)),
        109 => {
            let typed = format!("{link}&password={PASSWORD}&again={PASSWORD}");
            untold(send("POST", &format!("/password?{whose}"), &device, typed, 403))
        }
        110 => untold(get(format!("/members?{whose}"), &device, 200)),
        _ => {
            let own = ["/policy", "/accounts", "/workstations", "/backups", "/deletion", "/second-factor"];
            untold(get(format!("{}?{whose}", dice.of(&own)), &admin, 200))
        }
    }
}
