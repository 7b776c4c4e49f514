//! Every use case: what it needs, and what it tells. Long because each has its line here.

use std::{pin::Pin, sync::Arc};

use practice::{Role, views::AppointmentStatus, wire::Wish};
use workstation::{
    Credentials, Outcome, Workstation,
    screen::{
        BookRequest, ByHand, CallOutcome, CallRequest, ComputerChange, DeletionChange, Invite, LeftOff, LockReason,
        MarkedStep, MemberAct, MemberChange, MergeRequest, MoveRequest, NoteKind, NoteRequest, PatientChange,
        PatientForm, PatientSaved, PhotoChange, PolicyChange, RecallRequest, RegisterRequest, Scope, SeriesAct,
        SeriesBooking, SeriesChange, SeriesChanged, SeriesRule, SeriesWish, Settings, Standing, StatusRequest,
        StepRequest, Take, Unit, VisitChange, VisitWish, WaitlistRequest, Whose,
    },
};

use super::{second_factor::shown, world::password};

/// What an act needs to know.
pub struct Facts {
    pub patient: String,
    pub practitioner: String,
    pub appointment: String,
    pub change: String,
    pub policy: u32,
    pub computer: String,
    pub hold: String,
    pub schedule: String,
    pub me: String,
    pub email: String,
    pub password: String,
    pub practice: String,
    /// In which a file may be made.
    pub folder: String,
}

/// How things must stand before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Before {
    AtWork,
    /// An appointment was booked here; it and the change are in the facts.
    Booked,
    Cancelled,
    /// The host has refused the change in the facts.
    SetAside,
    /// The host has given the time of the booking in the facts to another.
    LostTime,
    /// The change in the facts and one that the host has touch the same field.
    InConflict,
    /// Such a conflict was settled with the host's.
    GaveWay,
    Locked,
    SignedOut,
}

/// What the audit trail must say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    Done(&'static str),
    Refused(&'static str),
    /// Nothing, for this reason.
    Nothing(&'static str),
    /// Nothing, because it is refused here.
    Refusing(&'static str),
}

pub type Doing<'a> = Pin<Box<dyn Future<Output = Outcome<()>> + 'a>>;

pub struct UseCase {
    pub name: &'static str,
    pub desk: bool,
    pub before: Before,
    pub tells: Tells,
    pub act: for<'a> fn(&'a Arc<Workstation>, &'a Facts) -> Doing<'a>,
}

macro_rules! table {
    ($($name:ident($before:ident) $desk:ident => $tells:expr, |$ws:ident, $facts:pat_param| $act:expr;)+) => {
        pub const TABLE: &[UseCase] = &[$(UseCase {
            name: stringify!($name),
            desk: table!($desk),
            before: Before::$before,
            tells: $tells,
            act: |$ws, $facts| Box::pin(async move { $act.map(drop) }),
        }),+];
    };
    (desk) => { true };
    (door) => { false };
}

use Tells::{Done, Nothing, Refused, Refusing};

/// What is no act of a member and shows nothing of a patient.
pub const SILENT: &[(&str, &str)] = &[
    ("open", "opens the folder, not the vault"),
    ("notices", "carries no patient data"),
    ("state", "asks nothing of the vault but how much waits"),
    ("activity", "a key was pressed"),
    ("watch_idle", "its lock tells for itself"),
    ("watch_health", "no person asked"),
    ("watch_system", "its lock tells for itself"),
    ("keep_in_step", "no person asked"),
    ("sign_in_code", "a sign_in_with of what was typed before: second_factor.rs"),
    ("forgotten_password", "of nobody who is known: the answer is the same for every address, and the host tells"),
    ("enrol", "there is no vault yet; the host tells of it"),
    ("wipe", "the chain goes with the vault; the host keeps what it was sent"),
];

table! {
    day(AtWork) desk => Done("read-schedule"), |ws, _| ws.day(None);
    day_again(AtWork) desk => Done("read-schedule"), |ws, _| ws.day_again(None, None);
    day_ahead(AtWork) desk => Done("read-ahead"), |ws, _| ws.day_ahead("2026-11-23");
    print_day(AtWork) desk => Done("print"), |ws, _| ws.print_day("2026-11-23");
    week(AtWork) desk => Done("read-schedule"), |ws, _| ws.week(Some("2026-11-23"), &Whose::Everyone);
    day_pack(AtWork) desk => Done("print"), |ws, facts| ws.day_pack(None, &std::path::Path::new(&facts.folder).join("day.pdf"));
    save_day(AtWork) desk => Done("print"), |ws, facts| ws.save_day("2026-11-23", Some(std::path::Path::new(&facts.folder)));
    fetch_day(AtWork) desk => Done("read-schedule"), |ws, _| ws.fetch_day("2026-11-23").await;
    find(AtWork) desk => Done("search"), |ws, _| ws.find("a");
    recent(AtWork) desk => Done("search"), |ws, facts| ws.recent(std::slice::from_ref(&facts.patient));
    chart(AtWork) desk => Done("read-chart"), |ws, facts| ws.chart(&facts.patient);
    fetch_chart(AtWork) desk => Done("read-chart"), |ws, facts| ws.fetch_chart(&facts.patient).await;
    patient_form(AtWork) desk => Nothing("of nobody, to be filled in"), |ws, _| ws.patient_form(None, "new");
    patient_form(AtWork) desk => Done("read"), |ws, facts| ws.patient_form(Some(&facts.patient), "");
    check_patient(AtWork) desk => Nothing("nobody can be told apart by that"), |ws, _| {
        ws.check_patient(PatientForm::default(), None)
    };
    check_patient(AtWork) desk => Done("search"), |ws, _| ws.check_patient(newcomer(), None);
    register(AtWork) desk => Done("create"), |ws, _| ws.register(RegisterRequest {
        form: newcomer(),
        seen: Vec::new(),
        old_is_right: false,
        comment: Some("a test".into()),
    });
    change_patient(AtWork) desk => Done("update"), |ws, facts| change_patient(ws, facts, "Addie");
    undo_patient(AtWork) desk => Done("update"), |ws, facts| {
        change_patient(ws, facts, "Other").and_then(|saved| ws.undo_patient(&saved.change.unwrap_or_default()))
    };
    set_photo(AtWork) desk => Done("update"), |ws, facts| ws.set_photo(PhotoChange {
        patient: facts.patient.clone(),
        picture: Some("/9j/4AAQ".into()),
        comment: None,
    });
    merge_page(AtWork) desk => Done("read-chart"), |ws, facts| ws.merge_page(&facts.patient, None);
    merge_patients(AtWork) desk => Done("update"), |ws, facts| merge(ws, facts);
    unmerge(AtWork) desk => Done("update"), |ws, facts| match merge(ws, facts) {
        Ok(goes) => ws.unmerge(&goes, Some("a test".into())).map(drop),
        Err(refused) => Err(refused),
    };
    show(AtWork) desk => Done("read"), |ws, facts| ws.show(&format!("Patient/{}", facts.patient));
    history(AtWork) desk => Done("read"), |ws, facts| ws.history(&format!("Patient/{}", facts.patient));
    read_note(AtWork) desk => Done("read-chart"), |ws, _| super::notes::some(ws).and_then(|note| ws.read_note(&note));
    write_note(AtWork) desk => Refusing("an admin is none who writes notes: notes.rs"), |ws, facts| ws.write_note(NoteRequest {
        patient: facts.patient.clone(),
        kind: NoteKind::Progress,
        text: "a test".into(),
        comment: None,
    });
    undo_note(AtWork) desk => Refusing("an admin is none who writes notes: notes.rs"), |ws, _| ws.undo_note("none");
    appointment(Booked) desk => Done("read"), |ws, facts| ws.appointment(&facts.appointment);
    book(AtWork) desk => Done("create"), |ws, facts| book(ws, facts);
    move_appointment(Booked) desk => Done("update"), |ws, facts| ws.move_appointment(MoveRequest {
        appointment: facts.appointment.clone(),
        start: "2027-12-25T04:00".into(),
        minutes: None,
        practitioner: None,
        room: None,
        comment: None,
        overbook: Some("a test".into()),
    });
    set_status(Booked) desk => Done("update"), |ws, facts| set_status(ws, facts, AppointmentStatus::Arrived);
    set_status(Booked) desk => Done("update"), |ws, facts| set_status(ws, facts, AppointmentStatus::CheckedIn);
    set_status(Booked) desk => Done("update"), |ws, facts| set_status(ws, facts, AppointmentStatus::Fulfilled);
    set_status(Booked) desk => Done("update"), |ws, facts| set_status(ws, facts, AppointmentStatus::Noshow);
    set_status(Booked) desk => Done("update"), |ws, facts| set_status(ws, facts, AppointmentStatus::Cancelled);
    set_status(Booked) desk => Done("update"), |ws, facts| set_status(ws, facts, AppointmentStatus::EnteredInError);
    set_status(Cancelled) desk => Done("update"), |ws, facts| set_status(ws, facts, AppointmentStatus::Booked);
    see_alerts(Booked) desk => Done("see-alerts"), |ws, facts| ws.see_alerts(&facts.appointment);
    undo(Booked) desk => Done("update"), |ws, facts| ws.undo(&facts.change);
    outbox(Booked) desk => Done("read-outbox"), |ws, _| ws.outbox();
    attention(AtWork) desk => Done("read-outbox"), |ws, _| ws.attention();
    retry(SetAside) desk => Done("retry"), |ws, facts| ws.retry(&facts.change);
    hand_on(SetAside) desk => Done("hand-on"), |ws, facts| ws.hand_on(&facts.change, &facts.me);
    withdraw(SetAside) desk => Done("withdraw"), |ws, facts| ws.withdraw(&facts.change);
    withdraw(Booked) desk => Done("withdraw"), |ws, facts| ws.withdraw(&facts.change);
    settle(InConflict) desk => Done("settle"), |ws, facts| ws.settle(&facts.change, Take::Mine, None);
    settle(InConflict) desk => Done("settle"), |ws, facts| ws.settle(&facts.change, Take::Theirs, None);
    settle_by_hand(InConflict) desk => Done("settle"), |ws, facts| ws.settle_by_hand(&facts.change, &ByHand {
        visit: Some(VisitWish {
            start: "2027-12-24T09:00".into(),
            minutes: 30,
            practitioner: None,
            status: AppointmentStatus::Arrived,
            cancel_reason: None,
            overbook: None,
        }),
        ..ByHand::default()
    }, None);
    given_up(AtWork) desk => Done("read-outbox"), |ws, _| ws.given_up();
    bring_back(GaveWay) desk => Done("update"), |ws, facts| ws.bring_back(&facts.change);
    openings(LostTime) desk => Done("read-schedule"), |ws, facts| ws.openings(&facts.change);
    rebook(LostTime) desk => Done("update"), |ws, facts| ws.rebook(&facts.change, "2027-12-24T06:00", None);
    read_wish(AtWork) desk => Nothing("no patient, and no secret"), |ws, _| ws.read_wish("30 min mornings");
    find_openings(AtWork) desk => Done("read-schedule"), |ws, _| ws.find_openings(&ws.read_wish("45 min")?.wish);
    waitlist(AtWork) desk => Done("read-schedule"), |ws, _| ws.waitlist();
    join_waitlist(AtWork) desk => Done("create"), |ws, facts| join_waitlist(ws, facts);
    leave_waitlist(AtWork) desk => Done("update"), |ws, facts| waiting(ws, facts).and_then(|id| ws.leave_waitlist(&id, "a test"));
    book_waiting(AtWork) desk => Done("update"), |ws, facts| {
        waiting(ws, facts).and_then(|id| ws.book_waiting(&id, "2027-12-24T05:00", &facts.practitioner))
    };
    undo_waitlist(AtWork) desk => Done("update"), |ws, facts| {
        join_waitlist(ws, facts).and_then(|joined| ws.undo_waitlist(&joined.change))
    };
    offers(AtWork) desk => Done("read-schedule"), |ws, facts| {
        ws.offers(&facts.practitioner, "2027-12-24T05:00", "2027-12-24T05:30")
    };
    to_confirm(AtWork) desk => Done("read-schedule"), |ws, _| ws.to_confirm(Some(7));
    missed(AtWork) desk => Done("read-schedule"), |ws, _| ws.missed(7);
    note_call(Booked) desk => Done("create"), |ws, facts| note_call(ws, facts, CallOutcome::NoAnswer);
    note_call(Booked) desk => Done("update"), |ws, facts| note_call(ws, facts, CallOutcome::Confirmed);
    note_call(Booked) desk => Done("update"), |ws, facts| note_call(ws, facts, CallOutcome::Cancelled);
    undo_list(Booked) desk => Done("update"), |ws, facts| {
        note_call(ws, facts, CallOutcome::Confirmed).and_then(|noted| ws.undo_list(&noted.change))
    };
    plan_series(AtWork) desk => Done("read-schedule"), |ws, facts| ws.plan_series(&series(facts));
    book_series(AtWork) desk => Done("create"), |ws, facts| book_series(ws, facts);
    change_series(AtWork) desk => Done("update"), |ws, facts| {
        book_series(ws, facts).and_then(|booked| ws.change_series(SeriesChange {
            appointment: booked.card.id,
            scope: Scope::All,
            act: SeriesAct::Cancel("a test".into()),
        }))
    };
    undo_series(AtWork) desk => Done("update"), |ws, facts| {
        book_series(ws, facts).and_then(|booked| ws.undo_series(&booked.changes))
    };
    recalls(AtWork) desk => Done("read-schedule"), |ws, _| ws.recalls(30);
    add_recall(AtWork) desk => Done("create"), |ws, facts| add_recall(ws, facts);
    end_recall(AtWork) desk => Done("update"), |ws, facts| recalled(ws, facts).and_then(|id| ws.end_recall(&id, None));
    rooms(AtWork) desk => Nothing("no patient, and no secret"), |ws, _| ws.rooms();
    change_visit(Booked) desk => Done("update"), |ws, facts| ws.change_visit(VisitChange {
        reason: Some("a test".into()),
        ..super::changing::wish(&facts.appointment)
    });
    mark_step(Booked) desk => Done("update"), |ws, facts| ws.mark_step(StepRequest {
        appointment: facts.appointment.clone(),
        step: MarkedStep::Confirmed,
        comment: Some("a test".into()),
    });
    visit_types(AtWork) desk => Nothing("no patient, and no secret"), |ws, _| ws.visit_types();
    set_visit_type(AtWork) desk => Done("create"), |ws, _| ws.set_visit_type(super::visit_types::new(), None);
    keep_hold(AtWork) desk => Done("update"), |ws, facts| ws.keep_hold(&facts.hold, true);
    overbook_limits(AtWork) desk => Nothing("no patient, and no secret"), |ws, _| ws.overbook_limits();
    set_overbook_limit(AtWork) desk => Done("update"), |ws, facts| ws.set_overbook_limit(&facts.schedule, Some(3));
    set_policy(AtWork) desk => Done("policy-change"), |ws, facts| ws.set_policy(PolicyChange {
        base_version: facts.policy,
        time_outs: Vec::new(),
        lease_hours: Some(48), grace_hours: None,
        days_back: None,
        days_ahead: None,
        names: None,
        second_factor: None,
        comment: Some("a test".into()),
    }).await;
    set_computer(AtWork) desk => Done("update"), |ws, facts| ws.set_computer(ComputerChange {
        computer: facts.computer.clone(),
        standing: Standing::Works,
        comment: Some("a test".into()),
    }).await;
    deletion(AtWork) desk => Nothing("no patient, and no secret"), |ws, _| ws.deletion().await;
    set_deletion(AtWork) desk => Done("deletion"), |ws, facts| ws.set_deletion(DeletionChange {
        wish: Wish::Delete,
        typed: Some(facts.practice.clone()),
        comment: Some("a test".into()),
    }).await;
    exporting(AtWork) desk => Nothing("no patient, and no secret"), |ws, facts| ws.exporting(Some(facts.folder.as_ref()));
    export(AtWork) desk => Done("export"), |ws, facts| ws.export(false, Some(facts.folder.as_ref())).await;
    cancel_export(AtWork) desk => Nothing("that it was begun was told"), |ws, _| ws.cancel_export();
    keeping(AtWork) desk => Nothing("no patient, and no secret"), |ws, _| ws.keeping().await;
    computers(AtWork) desk => Nothing("no patient, and no secret"), |ws, _| ws.computers().await;
    members(AtWork) desk => Nothing("no patient, and no secret"), |ws, _| ws.members().await;
    // The host of these tests sends no mail.
    invite(AtWork) desk => Refusing("tells of nobody who was not added"), |ws, _| ws.invite(Invite {
        name: "New".into(),
        email: "new@example.test".into(),
        role: Role::FrontDesk,
        practitioner: None,
        comment: None,
    }).await;
    set_member(AtWork) desk => Done("update"), |ws, facts| ws.set_member(MemberChange {
        member: facts.me.clone(),
        act: MemberAct::Start,
        comment: Some("a test".into()),
    }).await;
    prove(AtWork) desk => Done("sign-in"), |ws, facts| ws.prove(Some(password(&facts.password)), None).await;
    second_factor(AtWork) desk => Nothing("no patient, and no secret"), |ws, _| ws.second_factor().await;
    offer_second_factor(AtWork) desk => Nothing("is in force when a code was shown"), |ws, facts| {
        ws.offer_second_factor(Some(password(&facts.password))).await
    };
    audit(AtWork) desk => Done("read-audit"), |ws, _| ws.audit(false);
    audit(AtWork) desk => Done("read-audit"), |ws, _| ws.audit(true);
    leave_off(AtWork) desk => Nothing("of what was told when it was shown"), |ws, _| ws.leave_off(LeftOff {
        unfinished: false,
        page: String::new(),
    });
    left_off(AtWork) desk => Nothing("of what was told when it was shown"), |ws, _| ws.left_off();
    settings(AtWork) desk => Nothing("no patient, and no secret"), |ws, _| ws.settings();
    set_settings(AtWork) desk => Nothing("of what stays within the policy, for themselves alone"), |ws, _| {
        ws.set_settings(Settings { time_out_seconds: Some(60), ..Settings::default() })
    };
    policy_page(AtWork) desk => Nothing("no patient, and no secret"), |ws, _| ws.policy_page();
    status(AtWork) desk => Nothing("no patient, and no secret"), |ws, _| ws.status().await;
    examine(AtWork) desk => Nothing("no patient, and no secret"), |ws, _| ws.examine().await;
    offer_chain(AtWork) desk => Nothing("what is sent was told when it was done"), |ws, _| ws.offer_chain().await;
    sync_once(AtWork) desk => Nothing("what is sent was told when it was entered"), |ws, _| ws.sync_once().await;
    lock(AtWork) door => Done("lock"), |ws, _| Outcome::Ok(ws.lock(LockReason::Asked));
    lock(AtWork) door => Done("lock"), |ws, _| Outcome::Ok(ws.lock(LockReason::HandedOver));
    sign_out(AtWork) door => Done("sign-out"), |ws, _| Outcome::Ok(ws.sign_out());
    unlock(Locked) door => Done("unlock"), |ws, facts| ws.unlock(&facts.me, password(&facts.password)).await;
    unlock(Locked) door => Refused("unlock"), |ws, facts| ws.unlock(&facts.me, password("not it")).await;
    open_for(SignedOut) door => Done("unlock"), |ws, facts| ws.open_for(who(facts, &facts.password)).await;
    lock(AtWork) door => Done("lock"), |ws, _| Outcome::Ok(ws.lock(LockReason::HandedOver));
    open_for(SignedOut) door => Refused("unlock"), |ws, facts| ws.open_for(who(facts, "not it")).await;
    sign_in(SignedOut) door => Done("sign-in"), |ws, facts| ws.sign_in(who(facts, &facts.password)).await;
    sign_in(SignedOut) door => Refused("sign-in"), |ws, facts| ws.sign_in(who(facts, "not it")).await;
    sign_in_with(SignedOut) door => Done("sign-in"), |ws, facts| ws.sign_in_with(who(facts, &facts.password), None).await;
    sign_in_with(SignedOut) door => Refused("sign-in"), |ws, facts| ws.sign_in_with(who(facts, "not it"), None).await;
    // The last: from then on the host asks for a code.
    confirm_second_factor(AtWork) desk => Done("second-factor"), |ws, facts| async {
        let offer = ws.offer_second_factor(Some(password(&facts.password))).await?;
        ws.confirm_second_factor(shown(&offer.secret, 0)).await
    }.await;
}

fn who(facts: &Facts, typed: &str) -> Credentials {
    Credentials { email: facts.email.clone(), password: password(typed) }
}

fn newcomer() -> PatientForm {
    PatientForm {
        family: "Newcomer".into(),
        given: "Ada".into(),
        payer: "Example Health".into(),
        ..PatientForm::default()
    }
}

fn change_patient(ws: &Workstation, facts: &Facts, preferred: &str) -> Outcome<PatientSaved> {
    let page = ws.patient_form(Some(&facts.patient), "")?;
    ws.change_patient(PatientChange {
        patient: facts.patient.clone(),
        version: page.version.unwrap_or_default(),
        form: PatientForm { preferred: preferred.into(), ..page.form },
        old_is_right: false,
        comment: Some("a test".into()),
    })
}

/// Merges somebody new into the patient; gives the record that goes.
fn merge(ws: &Workstation, facts: &Facts) -> Outcome<String> {
    let seen = ws.check_patient(newcomer(), None)?.likely.into_iter().map(|one| one.patient.id).collect();
    let wish = RegisterRequest { form: newcomer(), seen, old_is_right: false, comment: None };
    let goes = ws.register(wish)?.patient.map(|row| row.id).unwrap_or_default();
    let page = ws.merge_page(&facts.patient, Some(&goes))?;
    ws.merge_patients(MergeRequest {
        stays: facts.patient.clone(),
        stays_version: page.own.version,
        goes_version: page.other.map(|side| side.version).unwrap_or_default(),
        goes: goes.clone(),
        fields: Vec::new(),
        comment: Some("a test".into()),
    })?;
    Ok(goes)
}

pub fn book(ws: &Workstation, facts: &Facts) -> Outcome<workstation::screen::Changed> {
    ws.book(BookRequest {
        patient: facts.patient.clone(),
        practitioner: facts.practitioner.clone(),
        start: "2027-12-24T03:00".into(),
        minutes: 30,
        reason: None,
        comment: Some("asked on the phone".into()),
        overbook: Some("a test".into()),
        room: None,
        visit_type: None,
    })
}

fn join_waitlist(ws: &Workstation, facts: &Facts) -> Outcome<workstation::screen::WaitlistChanged> {
    ws.join_waitlist(WaitlistRequest {
        patient: facts.patient.clone(),
        wish: ws.read_wish("30 min")?.wish,
        reason: None,
        note: None,
        urgent: true,
    })
}

/// Two visits in the nights after Christmas.
fn series(facts: &Facts) -> SeriesWish {
    SeriesWish {
        visit: BookRequest {
            visit_type: None,
            patient: facts.patient.clone(),
            practitioner: facts.practitioner.clone(),
            start: "2027-12-27T03:00".into(),
            minutes: 5,
            reason: None,
            comment: None,
            overbook: Some("a test".into()),
            room: None,
        },
        rule: SeriesRule { unit: Unit::Day, every: 1, days: Vec::new(), until: None, times: Some(2) },
    }
}

fn book_series(ws: &Workstation, facts: &Facts) -> Outcome<SeriesChanged> {
    let starts = ["2027-12-27T03:00", "2027-12-28T03:00"].map(str::to_owned).to_vec();
    ws.book_series(SeriesBooking { wish: series(facts), starts })
}

fn note_call(ws: &Workstation, facts: &Facts, outcome: CallOutcome) -> Outcome<workstation::screen::ListChanged> {
    let about = format!("Appointment/{}", facts.appointment);
    ws.note_call(CallRequest { about, outcome, note: Some("a test".into()) })
}

fn add_recall(ws: &Workstation, facts: &Facts) -> Outcome<workstation::screen::ListChanged> {
    ws.add_recall(RecallRequest {
        patient: facts.patient.clone(),
        due: "2027-12-24".into(),
        practitioner: None,
        reason: None,
        note: None,
    })
}

/// Somebody on the recall list.
fn recalled(ws: &Workstation, facts: &Facts) -> Outcome<String> {
    add_recall(ws, facts)?;
    Ok(ws.recalls(3650)?.into_iter().find(|line| line.provisional).map(|line| line.id).unwrap_or_default())
}

/// Somebody who goes before others on the waitlist.
fn waiting(ws: &Workstation, facts: &Facts) -> Outcome<String> {
    join_waitlist(ws, facts)?;
    Ok(ws.waitlist()?.into_iter().find(|line| line.urgent && line.provisional).map(|line| line.id).unwrap_or_default())
}

pub fn set_status(ws: &Workstation, facts: &Facts, status: AppointmentStatus) -> Outcome<workstation::screen::Changed> {
    ws.set_status(StatusRequest {
        appointment: facts.appointment.clone(),
        status,
        reason: Some("a test".into()),
        comment: None,
    })
}

#[test]
fn every_use_case_and_every_command_of_the_window_has_its_row() {
    let rows: std::collections::BTreeSet<String> =
        TABLE.iter().map(|row| row.name).chain(SILENT.iter().map(|(name, _)| *name)).map(str::to_owned).collect();
    assert_eq!(super::source::use_cases(), rows, "a use case without a row, or a row without its use case");
    let unknown: Vec<_> = super::source::called_by_the_window().difference(&rows).cloned().collect();
    assert!(unknown.is_empty(), "the window calls what no table tries: {unknown:?}");
}
