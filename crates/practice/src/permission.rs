//! Who may do what: one table for the workstation and the host.
//!
//! Holding a [`Permitted<A>`] is the permission: it comes only from [`authorise`], so a use case that asks for one
//! cannot be called without the check.

use std::marker::PhantomData;

use crate::{Code, Refusal, Role, resource::ResourceType};

mod sealed {
    pub trait Sealed {}
}

/// Something a member may or may not do. The list is closed: see the types of this module.
pub trait Action: sealed::Sealed {
    /// Roles that may.
    const ROLES: &'static [Role];
    /// Whether it needs the schedule alone, and no chart: then it goes on in the grace after a lease.
    const OF_THE_SCHEDULE: bool;
}

/// Proof that the member's role allows `A`.
pub struct Permitted<A: Action> {
    action: PhantomData<A>,
}

/// Checks `role` for the action `A`.
///
/// # Errors
/// [`Code::Forbidden`] when the role may not.
///
/// ```
/// use practice::{Role, permission::{authorise, ChangePolicy, ReadSchedule}};
/// assert!(authorise::<ReadSchedule>(Role::FrontDesk).is_ok());
/// assert!(authorise::<ChangePolicy>(Role::FrontDesk).is_err());
/// ```
///
/// ```compile_fail
/// use practice::permission::{Permitted, ChangePolicy};
/// let forged = Permitted::<ChangePolicy> { action: std::marker::PhantomData };
/// ```
pub fn authorise<A: Action>(role: Role) -> Result<Permitted<A>, Refusal> {
    if A::ROLES.contains(&role) {
        Ok(Permitted { action: PhantomData })
    } else {
        Err(Refusal::new(Code::Forbidden, "Your role does not allow this. Ask your practice's admin."))
    }
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident $(($mark:ident))?: $($role:ident)+),+ $(,)?) => {$(
        $(#[$doc])*
        pub struct $name;
        impl sealed::Sealed for $name {}
        impl Action for $name {
            const ROLES: &'static [Role] = &[$(Role::$role),+];
            const OF_THE_SCHEDULE: bool = actions!(@ $($mark)?);
        }
    )+};
    (@) => { false };
    (@ schedule) => { true };
}

actions! {
    /// See the schedule.
    ReadSchedule (schedule): Admin Provider Clinical FrontDesk,
    /// Look patients up.
    FindPatient: Admin Provider Clinical FrontDesk,
    /// Write down who a patient is: somebody new, or a change.
    RegisterPatient: Admin Provider Clinical FrontDesk,
    /// Open a chart.
    ReadChart: Admin Provider Clinical FrontDesk,
    /// Book, move, cancel, set a status; keep a hold for one computer.
    ChangeAppointment (schedule): Admin Provider Clinical FrontDesk,
    /// Say what types of visit there are, and how far a provider's schedule may be overbooked.
    ChangeSchedule: Admin,
    /// Write a note.
    WriteNote: Provider Clinical,
    /// Print the schedule.
    PrintSchedule (schedule): Admin Provider Clinical FrontDesk,
    /// See and settle what waits for the host.
    MendOutbox (schedule): Admin Provider Clinical FrontDesk,
    /// See the security policy.
    ReadPolicy (schedule): Admin Provider Clinical FrontDesk,
    /// Change the security policy.
    ChangePolicy: Admin,
    /// See the audit trail.
    ReadAudit: Admin,
    /// Hear when a certificate ends.
    ReadCertificates: Admin,
    /// See the practice's computers.
    ReadWorkstations: Admin,
    /// Stop a computer, let it work again, tell it to forget the practice.
    ChangeWorkstation: Admin,
    /// See and set up one's own second factor.
    KeepSecondFactor: Admin Provider Clinical FrontDesk,
    /// See how each member signs in.
    ReadMembers: Admin,
    /// Invite a member, stop one, give one another role, take a second factor away.
    ChangeMember: Admin,
    /// See the backups and the restore drills.
    ReadBackups: Admin,
    /// Take out everything that the host has of the practice.
    Export: Admin,
    /// See whether the practice is to be deleted, ask for it, take it back.
    DeletePractice: Admin,
}

/// Whether the host takes a resource of this type from a member of this role.
pub fn may_write(role: Role, kind: ResourceType) -> bool {
    use Role::{Admin, Clinical, FrontDesk, Provider};
    let roles: &[Role] = match kind.as_str() {
        "Appointment" | "Slot" | "Patient" | "RelatedPerson" | "Coverage" | "Provenance" | "Task" | "Flag"
        | "Communication" => &[Admin, Provider, Clinical, FrontDesk],
        "Schedule" | "Practitioner" | "PractitionerRole" | "Location" | "Organization" | "HealthcareService"
        | "Contract" => &[Admin],
        "AuditEvent" => &[],
        _ => &[Provider, Clinical],
    };
    roles.contains(&role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_desk_writes_appointments_but_no_clinical_fact() {
        assert!(may_write(Role::FrontDesk, ResourceType::APPOINTMENT));
        for kind in [ResourceType::CONDITION, ResourceType::OBSERVATION, ResourceType::DOCUMENT_REFERENCE] {
            assert!(!may_write(Role::FrontDesk, kind), "{kind}");
        }
    }

    #[test]
    fn only_an_admin_says_what_can_be_booked_and_where() {
        for kind in [ResourceType::SCHEDULE, ResourceType::LOCATION, ResourceType::HEALTHCARE_SERVICE] {
            let writers: Vec<Role> = Role::ALL.into_iter().filter(|role| may_write(*role, kind)).collect();
            assert_eq!(writers, [Role::Admin], "{kind}");
        }
    }

    #[test]
    fn nobody_writes_audit_events_through_the_chart() {
        assert!(Role::ALL.iter().all(|role| !may_write(*role, ResourceType::AUDIT_EVENT)));
    }
}
