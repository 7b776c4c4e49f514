//! `policy`: the practice's signed security settings, seen and set from the host.

use clap::{Args, Subcommand};
use practice::{
    Code, Role,
    audit::{AuditAction, AuditRecord},
    policy::{NameFormat, Policy as Settings, TimeOut, Zone},
    wire::PolicyWish,
};

use super::{Office, Outcome, Report};
use crate::{serve::now, store::StoreError};

#[derive(Args)]
pub(super) struct Policy {
    #[command(flatten)]
    office: Office,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Show the policy in force.
    Show,
    /// Change it: time_out=SECONDS, time_out.ROLE=SECONDS, time_out.ROLE.ZONE=SECONDS, lease_hours=HOURS,
    /// grace_hours=HOURS, days_back=DAYS, days_ahead=DAYS (what each computer keeps; 0 for everything),
    /// second_factor=ROLE,ROLE (who signs in with one or not at all; none for nobody),
    /// names=initials|first_and_letter|full (how patients are called in the list of who waits and on paper).
    Set {
        /// What to change.
        #[arg(required = true, value_name = "KEY=VALUE")]
        settings: Vec<String>,
        /// Why, for the audit trail.
        #[arg(long)]
        comment: Option<String>,
    },
}

impl Policy {
    pub fn run(self) -> Outcome {
        let mut store = self.office.open()?;
        let policy = store.policy_in_force()?;
        let What::Set { settings, comment } = self.what else { return report(&policy) };
        let mut wish = PolicyWish { comment: comment.clone(), ..PolicyWish::from_version(policy.version) };
        for setting in &settings {
            read(setting, &mut wish)?;
        }
        let record = AuditRecord { comment, ..AuditRecord::new(now(), AuditAction::PolicyChange, None, store.host()?) };
        store.change_policy(&wish, "The operator of the host", &record)?;
        report(&store.policy_in_force()?)
    }
}

fn read(setting: &str, wish: &mut PolicyWish) -> Result<(), StoreError> {
    const BAD: StoreError = StoreError::refused(
        Code::Invalid,
        "A setting is time_out=SECONDS, time_out.ROLE=SECONDS, time_out.ROLE.ZONE=SECONDS, lease_hours=HOURS, \
         grace_hours=HOURS, days_back=DAYS, days_ahead=DAYS, second_factor=ROLE,ROLE or \
         names=initials|first_and_letter|full.",
    );
    let (key, value) = setting.split_once('=').ok_or(BAD)?;
    if key == "second_factor" {
        let roles = value.split(',').filter(|_| value != "none").map(|text| Role::parse(text).ok_or(BAD));
        wish.second_factor = Some(roles.collect::<Result<_, _>>()?);
        return Ok(());
    }
    if key == "names" {
        wish.names = Some(NameFormat::parse(value).ok_or(BAD)?);
        return Ok(());
    }
    let value: u32 = value.parse().map_err(|_| BAD)?;
    let number = match key {
        "lease_hours" => Some(&mut wish.lease_hours),
        "grace_hours" => Some(&mut wish.grace_hours),
        "days_back" => Some(&mut wish.days_back),
        "days_ahead" => Some(&mut wish.days_ahead),
        _ => None,
    };
    if let Some(number) = number {
        *number = Some(value);
        return Ok(());
    }
    let mut parts = key.split('.');
    let (first, role, zone, rest) = (parts.next(), parts.next(), parts.next(), parts.next());
    if first != Some("time_out") || rest.is_some() {
        return Err(BAD);
    }
    let roles = role.map_or(Ok(Role::ALL.to_vec()), |text| Role::parse(text).map(|r| vec![r]).ok_or(BAD))?;
    let zones = zone.map_or(Ok(Zone::ALL.to_vec()), |text| Zone::parse(text).map(|z| vec![z]).ok_or(BAD))?;
    for role in roles {
        wish.time_outs.extend(zones.iter().map(|zone| TimeOut { role, zone: *zone, seconds: value }));
    }
    Ok(())
}

fn report(policy: &Settings) -> Outcome {
    let document = serde_json::to_value(policy).map_err(|_| StoreError::Damaged("a policy"))?;
    let mut words = format!("Version {}, signed {} by {}\n", policy.version, policy.signed_at, policy.by);
    words += &format!("Offline sign-in lasts {} hours\n", policy.lease_hours);
    words += &format!("The schedule stays open for {} hours more\nIdle time-outs in seconds:\n", policy.grace_hours);
    words += &format!("  {:<12}{}\n", "", Zone::ALL.map(|zone| format!("{:<15}", zone.as_str())).concat());
    for role in Role::ALL {
        let cells = Zone::ALL.map(|zone| format!("{:<15}", policy.time_out(role, zone).as_secs()));
        words += &format!("  {:<12}{}\n", role.as_str(), cells.concat());
    }
    let days = |days: Option<u32>| days.map_or_else(|| "everything".to_owned(), |days| format!("{days} days"));
    let (back, ahead) = (days(policy.horizon.days_back), days(policy.horizon.days_ahead));
    words += &format!("Each computer keeps {back} back and {ahead} ahead\n");
    words += &format!("Patients who wait are called by their names: {}\n", policy.names.as_str());
    if !policy.second_factor.is_empty() {
        let roles: Vec<_> = policy.second_factor.iter().map(|role| role.as_str()).collect();
        words += &format!("A second factor is wanted of {}\n", roles.join(", "));
    }
    Ok(Report::new(document, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_names_one_cell_a_role_or_all() {
        for (setting, cells) in [
            ("time_out=60", Some(16)),
            ("time_out.front_desk=60", Some(4)),
            ("time_out.admin.exam_room=90", Some(1)),
            ("lease_hours=24", Some(0)),
            ("days_back=365", Some(0)),
            ("days_ahead=some", None),
            ("second_factor=admin,provider", Some(0)),
            ("second_factor=none", Some(0)),
            ("second_factor=boss", None),
            ("second_factor=", None),
            ("names=initials", Some(0)),
            ("names=nick", None),
            ("time_out.boss=60", None),
            ("time_out.admin.moon=60", None),
            ("time_out.admin.exam_room.x=1", None),
            ("time_out=soon", None),
            ("time_out", None),
            ("x=1", None),
        ] {
            let mut wish = PolicyWish::from_version(1);
            assert_eq!(read(setting, &mut wish).ok().map(|()| wish.time_outs.len()), cells, "{setting}");
        }
    }
}
