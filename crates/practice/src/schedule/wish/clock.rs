//! Times of day as people write them.

/// "9 am", "9:30 am", "12 pm"; midnight at the end of a day is "12 am".
pub(super) fn word(minute: i32) -> String {
    let (hour, rest) = (minute / 60 % 24, minute % 60);
    let half = if hour < 12 { "am" } else { "pm" };
    let hour = (hour + 11) % 12 + 1;
    if rest == 0 { format!("{hour} {half}") } else { format!("{hour}:{rest:02} {half}") }
}

/// Minutes after midnight of "9", "9:30", "13.30". Between one and six without a half of the day means the afternoon, as on
/// any office's telephone.
pub(super) fn read(text: &str, half: Option<&str>) -> Option<i32> {
    let (hour, minute) = text.split_once([':', '.']).unwrap_or((text, "0"));
    let number = |part: &str| part.parse::<i32>().ok().filter(|_| part.len() <= 2);
    let (hour, minute) = (number(hour)?, number(minute)?);
    let hour = match half {
        Some("am") if (1..=12).contains(&hour) => hour % 12,
        Some("pm") if (1..=12).contains(&hour) => hour % 12 + 12,
        Some(_) => return None,
        None if (1..=6).contains(&hour) && !text.starts_with('0') => hour + 12,
        None => hour,
    };
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}
