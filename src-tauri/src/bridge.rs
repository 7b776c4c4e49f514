//! The typed bridge: the list of commands and events, and the TypeScript that is generated from it.

use crate::{
    commands::{
        calling, computers, keeping, members, outbox, patients, policy, schedule, second_factor, series, session,
        settings, waitlist,
    },
    news,
};
use specta_typescript::Typescript;
use std::path::{Path, PathBuf};
use tauri::Wry;
use tauri_specta::{Builder, collect_commands, collect_events};

/// Every command the page may call.
pub fn builder() -> Builder<Wry> {
    Builder::new()
        .disable_serde_phases()
        .commands(collect_commands![
            session::state,
            session::enrol,
            session::sign_in,
            session::sign_in_code,
            session::prove,
            session::forgotten_password,
            session::unlock,
            session::lock,
            session::hand_over,
            session::sign_out,
            session::activity,
            session::leave_off,
            session::left_off,
            schedule::day,
            schedule::day_ahead,
            schedule::print_day,
            schedule::save_day,
            schedule::fetch_day,
            schedule::week,
            schedule::appointment,
            schedule::see_alerts,
            schedule::book,
            schedule::move_appointment,
            schedule::change_visit,
            schedule::set_status,
            schedule::mark_step,
            schedule::undo,
            schedule::read_wish,
            schedule::find_openings,
            schedule::rooms,
            schedule::visit_types,
            schedule::set_visit_type,
            schedule::keep_hold,
            schedule::overbook_limits,
            schedule::set_overbook_limit,
            patients::find,
            patients::recent,
            patients::chart,
            patients::fetch_chart,
            patients::patient_form,
            patients::check_patient,
            patients::register,
            patients::change_patient,
            patients::undo_patient,
            patients::set_photo,
            patients::merge_page,
            patients::merge_patients,
            patients::unmerge,
            patients::read_note,
            patients::write_note,
            patients::undo_note,
            outbox::sync_now,
            outbox::outbox,
            outbox::retry,
            outbox::hand_on,
            outbox::withdraw,
            outbox::settle,
            outbox::settle_by_hand,
            outbox::given_up,
            outbox::bring_back,
            outbox::openings,
            outbox::rebook,
            policy::policy,
            policy::set_policy,
            computers::computers,
            computers::set_computer,
            members::members,
            members::invite,
            members::set_member,
            second_factor::second_factor,
            second_factor::offer_second_factor,
            second_factor::confirm_second_factor,
            keeping::keeping,
            keeping::exporting,
            keeping::export_practice,
            keeping::cancel_export,
            keeping::deletion,
            keeping::set_deletion,
            waitlist::waitlist,
            waitlist::join_waitlist,
            waitlist::leave_waitlist,
            waitlist::book_waiting,
            waitlist::offers,
            waitlist::undo_waitlist,
            calling::to_confirm,
            calling::missed,
            calling::recalls,
            calling::note_call,
            calling::add_recall,
            calling::end_recall,
            calling::undo_list,
            series::plan_series,
            series::book_series,
            series::change_series,
            series::undo_series,
            settings::settings,
            settings::set_settings,
        ])
        .events(collect_events![news::Shell, news::Data, news::Idle])
}

/// Where the bindings are committed.
pub fn bindings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/gen/bindings.ts")
}

/// Writes the bindings to a file.
///
/// # Errors
/// A type that TypeScript can't express, or a folder that can't be written.
pub fn export(to: &Path) -> Result<(), String> {
    builder().export(Typescript::default(), to).map_err(|error| error.to_string())
}
