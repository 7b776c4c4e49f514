//! `shadowctl`: a workstation without a window, for IT staff, scripts and downtime. A thin shell: it parses, asks the
//! workstation, and prints.

mod args;
mod bench;
mod print;
mod run;

use std::process::ExitCode;

fn main() -> ExitCode {
    workstation::stay_out_of_dumps();
    let args = match args::Args::read() {
        Ok(args) => args,
        Err(error) => {
            // A request for help is no mistake.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let json = args.json;
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(_) => return print::failed("This computer can't start another program now."),
    };
    match runtime.block_on(run::run(args)) {
        Ok(done) => print::done(&done, json),
        Err(refused) => print::refused(&refused, json),
    }
}
