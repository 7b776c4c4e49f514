//! What a desk asks of the weeks to come and of those past, at an office of twelve providers: openings over sixty days, and
//! the lists of calls. From the asking to the answer.

use std::time::{Duration, Instant};

use speed::percentile;
use tests::host::Host;

use crate::{desk::Desk, line, ms};

const ROUNDS: usize = 60;
const SOON: Duration = Duration::from_millis(100);

pub async fn measure(host: &Host) {
    let desk = Desk::signed_in(host).await;
    desk.sync().await;
    let ws = &desk.ws;
    for words in ["30 min", "45 min mornings", "480 min"] {
        let wish = ws.read_wish(words).unwrap_or_else(|refused| panic!("{}", refused.say)).wish;
        told(&format!("openings over sixty days, {words}"), || ws.find_openings(&wish).is_ok());
    }
    told("visits to confirm in a week", || ws.to_confirm(Some(7)).is_ok());
    told("visits missed in a month", || ws.missed(30).is_ok());
    told("recalls of a year", || ws.recalls(365).is_ok());
}

fn told(name: &str, ask: impl Fn() -> bool) {
    let once = |_| {
        let began = Instant::now();
        assert!(ask(), "{name}");
        began.elapsed()
    };
    let mut times: Vec<Duration> = (0..ROUNDS).map(once).collect();
    let most = percentile(&mut times, 95);
    let figure = format!("{} (p50 {})", ms(most), ms(percentile(&mut times, 50)));
    line(&format!("{name}, p95"), &figure, &format!("<= {}", ms(SOON)), most <= SOON);
}
