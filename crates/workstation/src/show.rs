//! From FHIR and store rows to what a screen shows. Pure.

use practice::{
    chart,
    schedule::{Zoned, minute_of, written},
    time::Stamp,
};
use store::{AppointmentRow, PatientHit};

use crate::screen::{Alert, Card, ChartLine, LockReason, PatientRow, Point, Series};

/// The word for a lock's reason in the audit trail.
pub(crate) fn lock_reason(reason: LockReason) -> &'static str {
    match reason {
        LockReason::Idle => "idle",
        LockReason::Asked => "asked",
        LockReason::HandedOver => "handed over",
        LockReason::System => "system",
        LockReason::LeaseEnded => "lease ended",
        LockReason::PolicyGone => "policy gone",
        LockReason::MemberStopped => "member stopped",
        LockReason::WorkstationStopped => "workstation stopped",
    }
}

/// "23 Nov 9:45", on the practice's wall.
pub(crate) fn day_and_time(zone: &Zoned, at: Stamp) -> String {
    zone.wall(at).strftime("%-d %b %-H:%M").to_string()
}

/// Age in words: days under a month, months under two years, then years.
pub(crate) fn age(birth_date: &str, today: jiff::civil::Date) -> Option<String> {
    let born: jiff::civil::Date = match birth_date.len() {
        4 => {
            return birth_date
                .parse::<i16>()
                .ok()
                .map(|year| today.year() - year)
                .filter(|y| *y >= 0)
                .map(|y| format!("{y} y"));
        }
        7 => format!("{birth_date}-01").parse().ok()?,
        _ => birth_date.parse().ok()?,
    };
    if born > today {
        return None;
    }
    let span = born.until((jiff::Unit::Year, today)).ok()?;
    Some(match (span.get_years(), span.get_months()) {
        (0, 0) => format!("{} d", span.get_days()),
        (years @ (0 | 1), months) => format!("{} mo", i32::from(years) * 12 + months),
        (years, _) => format!("{years} y"),
    })
}

/// One appointment as a card on the day `date`.
pub(crate) fn card(zone: &Zoned, date: jiff::civil::Date, row: AppointmentRow, today: jiff::civil::Date) -> Card {
    Card {
        id: row.id.to_string(),
        start: written(zone, row.start),
        end: written(zone, row.end),
        start_minute: minute_of(zone, date, row.start),
        end_minute: minute_of(zone, date, row.end),
        status: row.status,
        practitioner: row.practitioners.into_iter().next().map(String::from),
        patient: row.patient.map(|hit| patient(hit, today)),
        reason: row.reason,
        note: row.note,
        arrived_at: row.arrived_at.map(|at| written(zone, at)),
        called: None,
        status_since: None,
        provisional: row.unsent,
        lost_time: None,
        repeats: row.repeats,
        room: None,
        visit_type: row.visit_type,
        confirmed: row.confirmed,
        left: row.left,
    }
}

/// Stands where a patient's record has no name.
pub(crate) const NAMELESS: &str = "Name not known";

/// A patient's line.
pub(crate) fn patient(hit: PatientHit, today: jiff::civil::Date) -> PatientRow {
    PatientRow {
        age: hit.birth_date.as_deref().and_then(|born| age(born, today)).filter(|_| !hit.deceased),
        id: hit.id.into(),
        name: Some(hit.name).filter(|name| !name.is_empty()).unwrap_or_else(|| NAMELESS.to_owned()),
        birth_date: hit.birth_date,
        gender: hit.gender,
        record_number: hit.record_number,
        phone: hit.phone,
    }
}

pub(crate) fn alert(line: &chart::Line) -> Alert {
    Alert { kind: "Allergy".into(), text: line.title.clone(), detail: line.detail.clone(), severe: line.severe }
}

pub(crate) fn chart_lines(lines: Vec<chart::Line>) -> Vec<ChartLine> {
    lines
        .into_iter()
        .map(|line| ChartLine {
            reference: line.key.to_string(),
            title: line.title,
            detail: line.detail,
            status: line.status,
            current: line.current,
            when: line.when,
            provisional: line.unsent,
        })
        .collect()
}

pub(crate) fn series(all: Vec<chart::Series>) -> Vec<Series> {
    all.into_iter()
        .map(|series| Series {
            title: series.title,
            unit: series.unit,
            points: series
                .points
                .into_iter()
                .map(|point| Point {
                    when: point.when,
                    text: point.text,
                    value: point.value,
                    flag: point.flag.map(str::to_owned),
                })
                .collect(),
        })
        .collect()
}

/// A member as the screens draw them.
pub(crate) fn tile(member: &practice::wire::MemberInfo) -> crate::screen::MemberTile {
    crate::screen::MemberTile {
        id: member.id.to_string(),
        email: member.email.clone(),
        name: member.name.clone(),
        initials: member.initials.clone(),
        color: member.color,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_the_unit_people_use() {
        let today = jiff::civil::date(2026, 11, 23);
        for (born, said) in [
            ("2026-11-20", Some("3 d")),
            ("2026-04-01", Some("7 mo")),
            ("2025-01-23", Some("22 mo")),
            ("1961-03-14", Some("65 y")),
            ("1961", Some("65 y")),
            ("1961-11", Some("65 y")),
            ("2027-01-01", None),
            ("absurd", None),
        ] {
            assert_eq!(age(born, today).as_deref(), said, "{born}");
        }
    }
}
