//! A workstation as a process of its own: it signs in, keeps in step like the window's process, and does what the lines on
//! its standard input say. Each answer is a line; a line without a number is news.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::{io::stdin, sync::Arc, thread};

use practice::views::AppointmentStatus;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use workstation::{
    Credentials, Notice, Outcome, Password, Workstation,
    clock::SystemClock,
    os_keychain, put,
    screen::{BookRequest, Changed, MoveRequest, StatusRequest},
};

/// What a person does.
#[derive(Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
enum Wish {
    Book { patient: String, practitioner: String, start: String },
    Move { appointment: String, start: String },
    Status { appointment: String, status: AppointmentStatus },
    Put { reference: String, pointer: String, value: String },
    Sync,
    State,
    Show { reference: String },
    Merged { reference: String },
}

#[derive(Deserialize)]
struct Asked {
    number: u64,
    #[serde(flatten)]
    wish: Wish,
}

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().collect();
    let (typed, mut lines) = mpsc::unbounded_channel();
    thread::spawn(move || stdin().lines().try_for_each(|line| typed.send(line.unwrap())));
    let password = lines.recv().await.unwrap();
    let ws = Workstation::open(words[1].as_ref(), os_keychain(), Arc::new(SystemClock)).unwrap();
    let who = Credentials { email: words[2].clone(), password: Password::new(password).ok().unwrap() };
    if let Err(refused) = ws.open_for(who).await {
        println!("{}", json!({"open": false, "why": refused}));
        return;
    }
    let cursor = ws.status().await.map(|status| status.cursor);
    println!("{}", json!({"open": true, "cursor": cursor.unwrap()}));
    tokio::spawn(tell(Arc::clone(&ws)));
    tokio::spawn(Arc::clone(&ws).keep_in_step());
    while let Some(line) = lines.recv().await {
        let asked: Asked = serde_json::from_str(&line).unwrap();
        let ws = Arc::clone(&ws);
        tokio::spawn(async move {
            let answer = match act(&ws, asked.wish).await {
                Ok(done) => json!({"number": asked.number, "done": done}),
                Err(refused) => json!({"number": asked.number, "refused": refused}),
            };
            println!("{answer}");
        });
    }
}

async fn act(ws: &Arc<Workstation>, wish: Wish) -> Outcome<Value> {
    let entered = |changed: Changed| json!({"change": changed.change, "appointment": changed.card.id});
    Ok(match wish {
        Wish::Book { patient, practitioner, start } => {
            let (reason, comment, overbook) = (None, None, None);
            entered(ws.book(BookRequest {
                patient,
                practitioner,
                start,
                minutes: 15,
                reason,
                comment,
                overbook,
                room: None,
                visit_type: None,
            })?)
        }
        Wish::Move { appointment, start } => {
            let (minutes, practitioner, comment, overbook) = (None, None, None, None);
            entered(ws.move_appointment(MoveRequest {
                appointment,
                start,
                minutes,
                practitioner,
                room: None,
                comment,
                overbook,
            })?)
        }
        Wish::Status { appointment, status } => {
            entered(ws.set_status(StatusRequest { appointment, status, reason: None, comment: None })?)
        }
        Wish::Put { reference, pointer, value } => json!({"change": put(ws, &reference, &pointer, &value)?}),
        Wish::Sync => serde_json::to_value(ws.sync_once().await?).unwrap(),
        Wish::State => serde_json::to_value(ws.state().sync).unwrap(),
        Wish::Show { reference } => json!(ws.show(&reference)?.0),
        Wish::Merged { reference } => {
            json!(ws.history(&reference)?.iter().filter(|line| !line.merged.is_empty()).count())
        }
    })
}

/// Tells how many rows the first sync has stored in this process, and when a round has ended well.
async fn tell(ws: Arc<Workstation>) {
    let mut notices = ws.notices();
    let (mut before, mut last, mut synced) = (0, 0, None);
    loop {
        if matches!(notices.recv().await, Ok(Notice::Shell)) {
            let state = ws.state().sync;
            if let Some(progress) = state.first_sync {
                // A round that begins again counts from nothing.
                if progress.done < last {
                    before += last;
                }
                last = progress.done;
                println!("{}", json!({"stored": before + last}));
            }
            if state.last_synced.is_some() && state.last_synced != synced {
                synced = state.last_synced;
                println!("{}", json!({"synced": true}));
            }
        }
    }
}
