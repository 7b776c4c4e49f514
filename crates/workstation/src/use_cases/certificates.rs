//! The forecast of certificates: an admin is told a month before one ends.

use std::time::Duration;

use practice::{
    Code,
    permission::{ReadCertificates, authorise},
    schedule::Zoned,
    time::Stamp,
};

use crate::{
    desk::Desk,
    host::{Ending, Place},
    screen::Refused,
};

/// How long before its end a certificate is told of.
const AHEAD: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl Desk {
    /// Which certificates of the host's chain end soon, for an admin.
    pub(crate) fn forecast(&self, now: Stamp) -> Vec<Refused> {
        if authorise::<ReadCertificates>(self.me.role).is_err() {
            return Vec::new();
        }
        let endings = self.enrolled.line.endings();
        endings.into_iter().filter_map(|ending| told(ending, &self.enrolled.zone, now)).collect()
    }
}

/// What is told of a certificate. An end that has come is the connection's own trouble, but for the authority's: who is
/// trusted by hand is trusted past it (RFC 5280, 6.1.1).
pub(super) fn told(ending: Ending, zone: &Zoned, now: Stamp) -> Option<Refused> {
    let over = ending.at < now;
    if ending.at.since(now) > AHEAD || (over && ending.place != Place::Authority) {
        return None;
    }
    let which = match ending.place {
        Place::Host => "The host's certificate",
        Place::Between => "A certificate between the host's and your practice's authority",
        Place::Authority => "The certificate of your practice's authority",
    };
    let (verb, day) = (if over { "ended" } else { "ends" }, zone.wall(ending.at).strftime("%B %-d, %Y"));
    let then = match ending.place {
        Place::Host | Place::Between => "Without a new one, every computer goes on offline from then.",
        Place::Authority => "Nobody vouches for the host after it.",
    };
    Some(Refused { code: Code::CertificateEnds, say: format!("{which} {verb} on {day}. {then}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60 * 60 * 1000;

    #[test]
    fn a_certificate_is_told_of_from_thirty_days_before_its_end_to_the_millisecond() {
        let zone = Zoned::named("America/New_York").unwrap();
        let end = Stamp::parse("2026-12-29T02:00:00Z").unwrap();
        let at = |before: i64| Stamp::from_millis(end.millis() - before).unwrap();
        use Place::{Authority, Between, Host};
        for (before, told_of) in [
            (30 * DAY + 1, vec![]),
            (30 * DAY, vec![Host, Between, Authority]),
            (DAY, vec![Host, Between, Authority]),
            (0, vec![Host, Between, Authority]),
            (-1, vec![Authority]),
        ] {
            let places = [Host, Between, Authority].into_iter();
            let heard: Vec<Place> =
                places.filter(|&place| told(Ending { place, at: end }, &zone, at(before)).is_some()).collect();
            assert_eq!(heard, told_of, "{before} ms before");
        }
        let say = |place, before| told(Ending { place, at: end }, &zone, at(before)).unwrap().say;
        assert!(say(Host, DAY).starts_with("The host's certificate ends on December 28, 2026."), "the practice's day");
        assert!(say(Authority, -DAY).starts_with("The certificate of your practice's authority ended on December 28"));
    }
}
