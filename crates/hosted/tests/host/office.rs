//! A running host with two practices, and clients for it. Its clock moves only when a test says so.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum_server::Handle;
use hosted::{
    backup::Backups,
    data_dir::DataDir,
    limits::Limits,
    mail::Mailer,
    serve::{Server, Serving},
    store::{NewMember, NewPractice, NewResource, Password, PracticeStore},
};
use practice::{
    Role,
    ids::{ChangeId, MemberId, PracticeId, WorkstationId},
    policy::Zone,
    provenance::ChangeNote,
    resource::ResourceKey,
    time::Stamp,
    wire::{EnrolReply, EnrolRequest, SignInReply, SignInRequest},
};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

pub const PASSWORD: &str = "correct horse battery";

pub struct Host {
    pub root: Arc<tempfile::TempDir>,
    pub url: String,
    pub ca: PathBuf,
    pub client: Client,
    /// Where the metrics are.
    metrics: std::net::SocketAddr,
    clock: Arc<AtomicI64>,
    handle: Handle<std::net::SocketAddr>,
}

/// An enrolled workstation of one practice.
pub struct Desk {
    pub practice: PracticeId,
    pub token: String,
    pub id: WorkstationId,
    pub joined: EnrolReply,
}

impl Drop for Host {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
}

pub fn practice_id(name: &str) -> PracticeId {
    PracticeId::parse(name).unwrap()
}

pub fn client(ca: &std::path::Path) -> Client {
    client_from(ca, None)
}

/// One that asks from this address of the machine.
pub fn client_from(ca: &std::path::Path, address: Option<std::net::IpAddr>) -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let ca = reqwest::Certificate::from_pem(&std::fs::read(ca).unwrap()).unwrap();
    Client::builder().tls_certs_only([ca]).no_proxy().no_zstd().local_address(address).build().unwrap()
}

/// A member called `name` of practice `practice`, with [`PASSWORD`].
pub fn member(practice: &str, role: Role) -> MemberId {
    MemberId::parse(&format!("{practice}-{}", role.as_str().replace('_', "-"))).unwrap()
}

pub fn email(practice: &str, role: Role) -> String {
    format!("{}@{practice}.test", role.as_str())
}

impl Host {
    /// Practices `elm` and `oak`, each with a member of every role.
    pub async fn start() -> Host {
        Self::start_with(Limits::default(), None, |_| None, crate::postgres::database()).await
    }

    /// The same, with its practices in `database`.
    pub async fn start_on(database: String) -> Host {
        Self::start_with(Limits::default(), None, |_| None, Some(database)).await
    }

    /// The same, with other limits.
    pub async fn start_within(limits: Limits) -> Host {
        Self::start_with(limits, None, |_| None, crate::postgres::database()).await
    }

    /// The same, with a mail server for links.
    pub async fn start_mailing(mailer: Mailer) -> Host {
        Self::start_with(Limits::default(), Some(mailer), |_| None, crate::postgres::database()).await
    }

    /// The same, with backups of its data folder.
    pub async fn start_backed_up(backups: impl FnOnce(&DataDir) -> Option<Backups>) -> Host {
        Self::start_with(Limits::default(), None, backups, crate::postgres::database()).await
    }

    async fn start_with(
        limits: Limits,
        mailer: Option<Mailer>,
        backups: impl FnOnce(&DataDir) -> Option<Backups>,
        database: Option<String>,
    ) -> Host {
        let root = Arc::new(tempfile::tempdir().unwrap());
        let mut dir = DataDir::open_or_create(&root.path().join("data")).unwrap();
        if let Some(database) = database {
            dir = dir.on(&database).unwrap();
        }
        let clock = Arc::new(AtomicI64::new(1_790_000_000_000));
        let at = Stamp::from_millis(clock.load(Ordering::SeqCst)).unwrap();
        for id in ["elm", "oak"] {
            let new = NewPractice { id: practice_id(id), name: id, time_zone: "America/New_York", at };
            let mut store = PracticeStore::create(&dir, &new).unwrap();
            for role in Role::ALL {
                store
                    .add_member(
                        NewMember {
                            id: member(id, role),
                            email: &email(id, role),
                            name: role.as_str(),
                            role,
                            practitioner: None,
                            password: Some(Password::chosen(PASSWORD.into()).unwrap().hash()),
                        },
                        at,
                    )
                    .unwrap();
            }
        }
        Self::serve(root, clock, limits, mailer, backups)
    }

    /// Another process's host would be the same: nothing is shared with this one but the data folder and the clock.
    pub fn beside(&self) -> Host {
        Self::serve(self.root.clone(), self.clock.clone(), Limits::default(), None, |_| None)
    }

    fn serve(
        root: Arc<tempfile::TempDir>,
        clock: Arc<AtomicI64>,
        limits: Limits,
        mailer: Option<Mailer>,
        backups: impl FnOnce(&DataDir) -> Option<Backups>,
    ) -> Host {
        let dir = DataDir::open(&root.path().join("data")).unwrap();
        let (time, backups) = (clock.clone(), backups(&dir));
        let now = move || Stamp::from_millis(time.load(Ordering::SeqCst)).unwrap();
        let metrics = Some("127.0.0.1:0".parse().unwrap());
        let serving = Serving { limits, metrics, ..Serving::default() };
        let server = Server::prepare(dir, "127.0.0.1:0".parse().unwrap(), &serving, now).unwrap();
        let server = match backups {
            Some(backups) => server.with_backups(backups),
            None => server,
        };
        let (url, ca, handle) = (format!("https://{}", server.address), server.ca.clone(), server.handle());
        let (client, metrics) = (client(&ca), server.metrics_address.unwrap());
        if let Some(mailer) = mailer {
            server.mail_by(mailer);
        }
        tokio::spawn(server.run());
        Host { root, url, ca, client, metrics, clock, handle }
    }

    pub fn data(&self) -> DataDir {
        DataDir::open(&self.root.path().join("data")).unwrap()
    }

    /// A connection to the practice's file beside the host's own.
    pub fn store(&self, practice: &PracticeId) -> PracticeStore {
        PracticeStore::open(&self.data(), practice).unwrap()
    }

    pub fn now(&self) -> Stamp {
        Stamp::from_millis(self.clock.load(Ordering::SeqCst)).unwrap()
    }

    /// Waits until `holds` does; the host does something by itself.
    pub async fn until(&self, what: &str, holds: impl FnMut() -> bool) {
        crate::wait::until(what, holds).await;
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub async fn ask(&self, method: Method, path: &str, token: Option<&str>, body: Option<String>) -> Response {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        request.send().await.unwrap()
    }

    pub async fn get(&self, path: &str, token: &str) -> (StatusCode, Value) {
        let response = self.ask(Method::GET, path, Some(token), None).await;
        (response.status(), response.json().await.unwrap())
    }

    /// Whether its metrics have this line.
    pub async fn counts(&self, line: &str) -> bool {
        let metrics = self.client.get(format!("http://{}/metrics", self.metrics)).send().await.unwrap();
        metrics.text().await.unwrap().lines().any(|one| one == line)
    }

    pub async fn enrol(&self, practice: &str) -> Desk {
        let practice = practice_id(practice);
        let code = self.store(&practice).new_enrol_code(self.now()).unwrap().code;
        let request = EnrolRequest { code, name: "Front".into(), zone: Zone::FrontCounter };
        let response = self.ask(Method::POST, "/enrol", None, Some(serde_json::to_string(&request).unwrap())).await;
        assert_eq!(response.status(), StatusCode::OK);
        let joined: EnrolReply = response.json().await.unwrap();
        Desk { practice, token: joined.device_token.clone(), id: joined.workstation.clone(), joined }
    }

    pub async fn try_sign_in(&self, desk: &Desk, email: &str, password: &str) -> Response {
        let request =
            SignInRequest { email: email.into(), password: password.into(), workstation_key: None, code: None };
        self.ask(Method::POST, "/sign-in", Some(&desk.token), Some(serde_json::to_string(&request).unwrap())).await
    }

    pub async fn sign_in(&self, desk: &Desk, role: Role) -> SignInReply {
        let response = self.try_sign_in(desk, &email(desk.practice.as_str(), role), PASSWORD).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.unwrap()
    }

    /// Stores resources behind the wire, as an import does.
    pub fn seed(&self, practice: &PracticeId, texts: &[Value]) {
        let batch: Vec<_> = texts.iter().map(|text| NewResource { key: key(text), text: text.to_string() }).collect();
        self.store(practice).accept(&batch, self.now()).unwrap();
    }

    /// Pushes a change of the practice's member with `role`.
    pub async fn push(
        &self,
        desk: &Desk,
        role: Role,
        change: &str,
        writes: &[(Value, Option<u32>)],
    ) -> (StatusCode, Value) {
        let response = self
            .ask(Method::POST, "/fhir", Some(&desk.token), Some(self.bundle(desk, role, change, writes).to_string()))
            .await;
        (response.status(), response.json().await.unwrap())
    }

    pub fn bundle(&self, desk: &Desk, role: Role, change: &str, writes: &[(Value, Option<u32>)]) -> Value {
        let note = ChangeNote {
            id: ChangeId::parse(change).unwrap(),
            at: self.now(),
            member: member(desk.practice.as_str(), role),
            member_name: "Somebody".into(),
            workstation: desk.id.clone(),
            workstation_name: String::new(),
            targets: writes.iter().map(|(text, _)| key(text)).collect(),
            activity: "booked".into(),
            comment: None,
        };
        transaction(&note, writes)
    }
}

/// The change that `note` tells of, as it is sent.
pub fn transaction(note: &ChangeNote, writes: &[(Value, Option<u32>)]) -> Value {
    let put = |text: &Value, base: Option<u32>| {
        let mut request = json!({"method": "PUT", "url": key(text).to_string()});
        match base {
            Some(version) => request["ifMatch"] = json!(format!("W/\"{version}\"")),
            None => request["ifNoneMatch"] = json!("*"),
        }
        json!({"resource": text, "request": request})
    };
    let mut entries: Vec<Value> = writes.iter().map(|(text, base)| put(text, *base)).collect();
    entries.push(put(&serde_json::from_str(&note.to_fhir()).unwrap(), None));
    json!({"resourceType": "Bundle", "type": "transaction", "entry": entries})
}

pub fn key(text: &Value) -> ResourceKey {
    ResourceKey::parse(&format!("{}/{}", text["resourceType"].as_str().unwrap(), text["id"].as_str().unwrap())).unwrap()
}

pub fn code(outcome: &Value) -> &str {
    outcome["issue"][0]["details"]["coding"][0]["code"].as_str().or(outcome["code"].as_str()).unwrap_or("none")
}

pub fn patient(id: &str, family: &str) -> Value {
    json!({"resourceType": "Patient", "id": id, "name": [{"family": family, "given": ["Ana"]}], "birthDate": "1980-05-01",
        "telecom": [{"system": "phone", "value": "555-010-2030"}], "identifier": [{"system": "urn:x", "value": id}]})
}

pub fn appointment(id: &str, provider: &str, from: &str, to: &str) -> Value {
    json!({"resourceType": "Appointment", "id": id, "status": "booked",
        "start": format!("2026-11-23T{from}:00-05:00"), "end": format!("2026-11-23T{to}:00-05:00"),
        "participant": [{"actor": {"reference": "Patient/p1"}, "status": "accepted"},
            {"actor": {"reference": format!("Practitioner/{provider}")}, "status": "accepted"}]})
}
