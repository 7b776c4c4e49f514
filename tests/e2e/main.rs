//! Real windows: the app on a screen, with a real keyring and a real host, driven by mouse and keys.

mod admin;
mod canary;
mod computers;
mod examples;
mod hand_over;
mod jobs;
mod locks;
mod long_day;
mod monkey;
mod race;
mod run;
mod second_factor;
mod shell;
mod tour;
mod walk;
