//! `shadowchart-hosted`: the hosted backend's program.

use std::process::ExitCode;

fn main() -> ExitCode {
    // One provider for the whole program, chosen before anything speaks TLS.
    let _ = rustls::crypto::ring::default_provider().install_default();
    hosted::cli::main()
}
