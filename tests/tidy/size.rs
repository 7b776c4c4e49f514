//! One file, one concept.

use crate::hold;

const LONGEST: usize = 400;
/// What a longer file says near its top, followed by the reason.
const REASON: &str = "Long because";

#[test]
fn a_file_past_400_lines_says_why_at_its_top() {
    hold(|source| {
        let lines = source.text.lines().count();
        let excused = source.text.lines().take(12).any(|line| line.contains(REASON));
        if lines <= LONGEST || excused || source.is("json") {
            return vec![];
        }
        vec![format!("{lines} lines; split it, or say \"{REASON} …\" at its top")]
    });
}
