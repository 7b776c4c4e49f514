//! Choosing a password by a mailed link: `POST /password/forgotten` asks for one, `GET /password` shows a form, and
//! `POST /password` takes what was typed. The page needs no script, and a look at it uses nothing up: mail programs look.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use practice::{Code, Refusal, wire::Forgotten};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{
    App, Caller, blocking, body,
    failure::{Failure, Own},
};
use crate::store::{Limit, NO_LINK, Password, StoreError, practice_of};

/// Where the form is.
pub(super) const PAGE: &str = "/password";

const STYLE: &str = "body{font:1rem/1.5 sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem;color:#111;\
    background:#fff}label{display:block;margin:1rem 0}input{display:block;width:100%;font:inherit;padding:.4rem;\
    box-sizing:border-box}button{font:inherit;padding:.5rem 1rem}[role=alert]{border-left:4px solid #a00;padding-left:\
    .7rem}";

/// Answers at once and always the same: whose address it is, is nobody's business.
pub(super) async fn forgotten(State(app): State<App>, caller: Caller, body: Body) -> Own {
    let Forgotten { email } = body::json(body).await?;
    let now = app.now();
    let Some(mailer) = app.mailer() else {
        return Err(Failure::new(
            Code::NotNow,
            "This host sends no mail. Ask your practice's admin for a new password.",
        )
        .into());
    };
    let (practice, from) = (caller.practice.clone(), caller.from.clone());
    if !blocking(move || Ok(practice.write(|store| store.within(&Limit::LINKS_ASKED, &from, now))?)).await? {
        return Err(Failure::new(
            Code::TooManyAttempts,
            "Too many links were asked for from this network. Wait an hour, or ask your practice's admin.",
        )
        .into());
    }
    tokio::spawn(blocking(move || {
        let link = caller.practice.write(|store| store.forgotten(&email, &caller.workstation.id, now))?;
        Ok(link.map_or(Ok(()), |link| mailer.send(&link))?)
    }));
    Ok(StatusCode::ACCEPTED.into_response())
}

/// Bytes of the largest form that is read: a stranger may send one.
const LONGEST: usize = 16 * 1024;

pub(super) async fn form(State(app): State<App>, uri: Uri) -> Response {
    let link = field(uri.query().unwrap_or_default().as_bytes(), "link");
    match holder(&app, &link).await {
        Ok((practice, _)) => page(StatusCode::OK, &form_of(&practice, &link, None)),
        Err(failure) => told(failure),
    }
}

pub(super) async fn choose(State(app): State<App>, body: Body) -> Response {
    match chosen(&app, body).await {
        Ok(answer) => answer,
        Err(failure) => told(failure),
    }
}

async fn chosen(app: &App, body: Body) -> Result<Response, Failure> {
    let sent = Zeroizing::new(body::read(body).await?);
    if sent.len() > LONGEST {
        return Err(Failure::new(Code::Invalid, "That is longer than a password and a link can be."));
    }
    let (link, password, again) =
        (field(&sent, "link"), Zeroizing::new(field(&sent, "password")), Zeroizing::new(field(&sent, "again")));
    let (practice, about) = holder(app, &link).await?;
    let refused = |say: &str| page(StatusCode::BAD_REQUEST, &form_of(&practice, &link, Some(say)));
    if password != again {
        return Ok(refused("The two passwords differ. Nothing was changed."));
    }
    let turn = app.0.stretching.acquire().await.map_err(|_| StoreError::Damaged("a closed semaphore"))?;
    let (of, its, now) = (app.clone(), (practice.clone(), link.clone()), app.now());
    let done = blocking(move || {
        let (practice, link) = its;
        let about: Vec<&str> = about.iter().map(String::as_str).chain([practice.as_str()]).collect();
        let hash = match Password::chosen_by(password.as_str().to_owned(), &about) {
            Ok(password) => password.hash(),
            Err(refusal) => return Ok(Err(refusal)),
        };
        let practice = of.0.practices.get(&practice_of(&link).ok_or(StoreError::NoPractice)?)?;
        Ok(Ok(practice.write(|store| store.choose_password(&link, &hash, now))?))
    })
    .await?;
    drop(turn);
    if let Err(Refusal { say, .. }) = done {
        return Ok(refused(say));
    }
    Ok(page(
        StatusCode::OK,
        "<h1>Your password is set</h1><p>All that you were signed in to has ended. Sign in at your computer with the new \
         password.</p>",
    ))
}

/// The practice's name, and what the member is called whose link it is.
async fn holder(app: &App, link: &str) -> Result<(String, [String; 2]), Failure> {
    let (app, link, now) = (app.clone(), link.to_owned(), app.now());
    blocking(move || {
        let practice = match practice_of(&link).ok_or(NO_LINK).and_then(|id| app.0.practices.get(&id)) {
            Ok(practice) => practice,
            Err(StoreError::NoPractice) => return Err(NO_LINK.into()),
            Err(error) => return Err(error.into()),
        };
        let member = practice.read(|store| store.holder(&link, now))?;
        Ok((practice.info.name.clone(), [member.email, member.name]))
    })
    .await
}

fn field(form: &[u8], name: &str) -> String {
    form_urlencoded::parse(form).find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn form_of(practice: &str, link: &str, refused: Option<&str>) -> String {
    let (practice, link) = (escaped(practice), escaped(link));
    let refused = refused.map(|say| format!("<p role=\"alert\">{}</p>", escaped(say))).unwrap_or_default();
    format!(
        "<h1>Choose a password</h1><p>For your sign-in at {practice}. It needs at least 10 characters: four words that \
         have nothing to do with each other are good.</p>{refused}\
         <form method=\"post\" action=\"{PAGE}\"><input type=\"hidden\" name=\"link\" value=\"{link}\">\
         <label>New password<input type=\"password\" name=\"password\" autocomplete=\"new-password\" required></label>\
         <label>Once more<input type=\"password\" name=\"again\" autocomplete=\"new-password\" required></label>\
         <button>Set the password</button></form>"
    )
}

fn told(failure: Failure) -> Response {
    let status = failure.status();
    page(status, &format!("<h1>No password was set</h1><p role=\"alert\">{}</p>", escaped(failure.refusal().say)))
}

fn page(status: StatusCode, text: &str) -> Response {
    let whole = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>Choose a password</title><style>{STYLE}</style></head>\
         <body><main>{text}</main></body></html>"
    );
    let style = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let mut answer = (status, whole).into_response();
    let fixed = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in fixed {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    answer
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}
