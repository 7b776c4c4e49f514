//! From arguments to a use case.

use std::{
    io::{self, BufRead, IsTerminal, Read},
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use practice::{Code, Refusal, note, views::AppointmentStatus};
use serde_json::{Value, json};
use workstation::{
    Credentials, EnrolWish, Outcome, Password, Workstation,
    clock::SystemClock,
    os_keychain,
    screen::{BookRequest, FoundOpenings, MoveRequest, NoteRequest, Refused, StatusRequest, StepRequest},
};

use crate::{
    args::{Args, Attend, Command, Stands},
    bench::bench,
};

/// Bytes of a line with a password; a thousand characters are the most that one has.
const LONGEST_LINE: usize = 8 * 1024;

/// Bytes of a letter at most.
const LETTER: usize = 4;

/// What was done, and whether something wrong was found.
pub struct Done {
    /// The document.
    pub document: Value,
    /// For people, where the document is none to read.
    pub say: Option<String>,
    /// Exit with 6.
    pub found: bool,
}

impl From<Value> for Done {
    fn from(document: Value) -> Self {
        Self { document, say: None, found: false }
    }
}

/// Runs the command.
pub async fn run(args: Args) -> Outcome<Done> {
    let home = args.home.clone().or_else(default_home).ok_or_else(|| invalid("Say which folder with --home."))?;
    if matches!(args.command, Command::Diagnose) {
        let diagnosis = match args.member {
            Some(email) => {
                let who = Credentials { email, password: read_password(args.password_stdin)? };
                workstation::diagnose_as(&home, os_keychain(), Arc::new(SystemClock), who).await?
            }
            None => workstation::diagnose(&home, os_keychain()).await,
        };
        return Ok(Done { found: !diagnosis.healthy, ..document(&diagnosis).into() });
    }
    let ws = Workstation::open(&home, os_keychain(), Arc::new(SystemClock))?;
    match args.command {
        Command::Enrol { host, ca, code, name, zone } => {
            let ca_pem =
                std::fs::read_to_string(&ca).map_err(|_| invalid("The certificate authority file can't be read."))?;
            let state = ws.enrol(EnrolWish { host, ca_pem, code, name, zone }).await?;
            Ok(document(&state).into())
        }
        Command::Wipe { yes } => {
            if !yes {
                return Err(invalid("Nothing was wiped. Add --yes: the chart here can't be opened afterwards."));
            }
            ws.wipe().await?;
            Ok(json!({"wiped": true}).into())
        }
        command => {
            let email = args.member.unwrap_or_default();
            let who = Credentials { email, password: read_password(args.password_stdin)? };
            let begun = Instant::now();
            open(&ws, who, args.password_stdin).await?;
            let done = match command {
                Command::Bench => bench(&ws, begun.elapsed()).map(Done::from),
                command => at_desk(&ws, command).await,
            };
            ws.sign_out();
            done
        }
    }
}

/// Opens the desk for one command; whoever has a second factor is asked for its code when the host wants one.
async fn open(ws: &Arc<Workstation>, who: Credentials, stdin: bool) -> Outcome<()> {
    match ws.open_for(who).await {
        Err(refused) if refused.code == Code::SecondFactor => {
            let code = read_secret("Code: ", stdin)?;
            if code.is_empty() { Err(refused) } else { ws.sign_in_code(code).await.map(|_| ()) }
        }
        opened => opened.map(|_| ()),
    }
}

async fn at_desk(ws: &Arc<Workstation>, command: Command) -> Outcome<Done> {
    Ok(match command {
        Command::Enrol { .. } | Command::Wipe { .. } | Command::Diagnose | Command::Bench => {
            unreachable!("is done before")
        }
        Command::Status => document(&ws.status().await?).into(),
        Command::Sync { watch: false } => document(&ws.sync_once().await?).into(),
        Command::Sync { watch: true } => {
            tokio::select! {
                () = Arc::clone(ws).keep_in_step() => {}
                () = Arc::clone(ws).watch_health() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            document(&ws.state().sync).into()
        }
        Command::Day { date } => document(&ws.day(date.as_deref())?).into(),
        Command::DayPack { date, out } => document(&ws.day_pack(date.as_deref(), &out)?).into(),
        Command::Find { text } => document(&ws.find(&text)?).into(),
        Command::Chart { patient } => document(&ws.chart(&patient)?).into(),
        Command::Book { patient, practitioner, start, minutes, reason, visit_type, comment, overbook } => {
            let card = ws
                .book(BookRequest {
                    patient,
                    practitioner,
                    start,
                    minutes,
                    reason,
                    comment,
                    overbook,
                    room: None,
                    visit_type,
                })?
                .card;
            visit_stands(ws, &card.id).await?
        }
        Command::Move { appointment, start, minutes, practitioner, comment, overbook } => {
            let card = ws
                .move_appointment(MoveRequest {
                    appointment,
                    start,
                    minutes,
                    practitioner,
                    room: None,
                    comment,
                    overbook,
                })?
                .card;
            visit_stands(ws, &card.id).await?
        }
        Command::StatusOf { appointment, status, reason, comment } => {
            let card = match status {
                Stands::Step(step) => ws.mark_step(StepRequest { appointment, step, comment })?.card,
                Stands::Status(status) => {
                    let cancelled = status == AppointmentStatus::Cancelled;
                    let reason = reason.or_else(|| comment.clone().filter(|_| cancelled));
                    ws.set_status(StatusRequest { appointment, status, reason, comment })?.card
                }
            };
            visit_stands(ws, &card.id).await?
        }
        Command::Note { patient, text_file, kind, comment } => {
            let text = note_text(&text_file)?;
            let note = ws.write_note(NoteRequest { patient, kind, text, comment })?;
            let done = as_it_stands(ws, &note.reference).await?;
            let waits =
                if done.document["provisional"] == true { "It waits for the host." } else { "The host has it." };
            Done { say: Some(format!("{}.\n{}\n{waits}", note.say, note.reference)), ..done }
        }
        Command::Openings { practitioner, minutes, from, until, words } => {
            let read = ws.read_wish(words.as_deref().unwrap_or_default())?;
            let mut wish = read.wish;
            wish.minutes = minutes.unwrap_or(wish.minutes);
            wish.from = from.unwrap_or(wish.from);
            wish.until = until.or(wish.until);
            if !practitioner.is_empty() {
                wish.practitioners = practitioner;
            }
            openings(&ws.find_openings(&wish)?, &read.unread).into()
        }
        Command::Show { reference, history: false } => stands(ws.show(&reference)?).into(),
        Command::Show { reference, history: true } => json!({"entries": ws.history(&reference)?}).into(),
        Command::Outbox => json!({"entries": ws.outbox()?}).into(),
        Command::Attention { act } => {
            if let Some(Attend::Settle { change, take }) = act {
                ws.settle(&change, take, None)?;
            }
            json!({"items": ws.attention()?}).into()
        }
        Command::Audit { verify } => {
            if verify {
                ws.offer_chain().await?;
            }
            let report = ws.audit(verify)?;
            let wrong = report.broken.is_some() || report.refused.is_some();
            Done { found: verify && wrong, ..document(&report).into() }
        }
    })
}

async fn visit_stands(ws: &Arc<Workstation>, appointment: &str) -> Outcome<Done> {
    as_it_stands(ws, &format!("Appointment/{appointment}")).await
}

/// After a change: one round with the host when it is there, then the resource.
async fn as_it_stands(ws: &Arc<Workstation>, reference: &str) -> Outcome<Done> {
    // What was entered is safe here; a host that is away only leaves it provisional.
    let _ = ws.sync_once().await;
    Ok(stands(ws.show(reference)?).into())
}

/// What is written in a file: no more of it is read than a note can have.
fn note_text(file: &Path) -> Outcome<String> {
    let mut bytes = Vec::new();
    let most = (note::MOST * LETTER + 1) as u64;
    std::fs::File::open(file)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|_| invalid("The text file can't be read. Nothing was written."))?;
    if bytes.len() > note::MOST * LETTER {
        return Err(invalid("The text file is longer than 100,000 characters. Nothing was written."));
    }
    String::from_utf8(bytes).map_err(|_| invalid("The text file is not UTF-8 text. Nothing was written."))
}

/// One after the other, as the window shows them.
fn openings(found: &FoundOpenings, unread: &[String]) -> Value {
    let each = found.days.iter().flat_map(|day| day.starts.iter().map(move |start| (day, start)));
    let openings: Vec<_> = each
        .map(|(day, start)| {
            json!({
                "start": start.start,
                "end": start.end,
                "practitioner": day.practitioner,
                "name": day.name,
                "confidence": start.sure,
                "as_of": day.as_of,
            })
        })
        .collect();
    json!({"wish": found.say, "not_understood": unread, "openings": openings, "until": found.until, "note": found.note})
}

fn stands((text, provisional): (String, bool)) -> Value {
    let mut resource: Value = serde_json::from_str(&text).unwrap_or_default();
    resource["provisional"] = provisional.into();
    resource
}

fn read_password(stdin: bool) -> Outcome<Password> {
    Ok(Password::new(read_secret("Password: ", stdin)?).map_err(|e| e.refusal())?)
}

/// A line that nobody may see, asked for with `prompt` or the next of standard input.
fn read_secret(prompt: &'static str, stdin: bool) -> Outcome<String> {
    if !stdin && io::stdin().is_terminal() {
        return rpassword::prompt_password(prompt).map_err(|_| invalid("What you type can't be read."));
    }
    // Room for any password, so that the string never grows and leaves a copy behind.
    let mut line = String::with_capacity(LONGEST_LINE);
    io::stdin()
        .lock()
        .take(LONGEST_LINE as u64)
        .read_line(&mut line)
        .map_err(|_| invalid("Standard input can't be read."))?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(line)
}

fn default_home() -> Option<PathBuf> {
    let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let data = data.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share")))?;
    Some(data.join("shadowchart"))
}

fn document(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn invalid(say: &'static str) -> Refused {
    Refusal::new(Code::Invalid, say).into()
}
