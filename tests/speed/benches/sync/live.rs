//! What is entered at one desk shows at the other: from the commit here to the row there, which a window is told of then.

use std::time::{Duration, Instant};

use practice::views::AppointmentStatus;
use speed::percentile;
use tests::host::Host;
use workstation::{Workstation, screen::StatusRequest};

use crate::{
    desk::{Desk, until},
    line, ms,
};

const ARRIVALS: usize = 200;
pub const SOON: Duration = Duration::from_millis(300);

pub async fn measure(host: &Host) {
    let (here, there) = (Desk::signed_in(host).await, Desk::signed_in(host).await);
    here.sync().await;
    there.sync().await;
    let _both = (here.in_step().await, there.in_step().await);
    let (mut times, mut notices) = (Vec::new(), there.ws.notices());
    for id in booked(&here.ws, ARRIVALS) {
        arrive(&here.ws, &id);
        let began = Instant::now();
        let is_there = || there.ws.appointment(&id).ok().filter(|seen| seen.card.status == AppointmentStatus::Arrived);
        until(&mut notices, is_there).await;
        times.push(began.elapsed());
    }
    let most = percentile(&mut times, 95);
    let figure = format!("{} (p50 {}, {} arrivals)", ms(most), ms(percentile(&mut times, 50)), times.len());
    line("an arrival at one desk shows at another, p95", &figure, &format!("<= {}", ms(SOON)), most <= SOON);
}

/// The patient is here.
pub fn arrive(ws: &Workstation, id: &str) {
    let wish =
        StatusRequest { appointment: id.to_owned(), status: AppointmentStatus::Arrived, reason: None, comment: None };
    ws.set_status(wish).unwrap_or_else(|refused| panic!("{}", refused.say));
}

/// Appointments of the coming days whose patients are awaited.
pub fn booked(ws: &Workstation, most: usize) -> Vec<String> {
    let today: jiff::civil::Date = ws.day(None).unwrap().today.parse().unwrap();
    let days = (0..20).map(|n| today.saturating_add(jiff::Span::new().days(n)).to_string());
    let cards = days.flat_map(|day| ws.day(Some(&day)).unwrap().appointments);
    let awaited = cards.filter(|card| card.status == AppointmentStatus::Booked).map(|card| card.id);
    awaited.take(most).collect()
}
