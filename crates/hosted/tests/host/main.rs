//! The host's laws, tried over real TLS on loopback.
#![allow(clippy::unwrap_used)]

mod accounts;
mod audit;
mod authority;
mod backups;
mod bombs;
mod changes;
mod command_line;
mod crossing;
mod deletion;
mod deployed;
mod drill_on_postgres;
mod endpoints;
mod export;
mod feed;
mod full_disk;
mod given_back;
mod given_certificate;
mod held_time;
mod hostile;
mod hourly;
mod kept_backups;
mod kept_pages;
mod limits;
mod live;
mod mail;
mod mail_tls;
mod malformed;
mod members;
mod office;
mod operator_key;
mod policy;
#[path = "../support/postgres.rs"]
mod postgres;
mod quiet_logs;
mod raw;
mod reading;
mod scanned;
mod second_factor;
mod several;
mod smuggling;
mod tls;
mod tokens;
#[cfg(feature = "otel")]
mod traced;
mod versions;
#[path = "../support/wait.rs"]
mod wait;
mod wipe;
mod workstations;
