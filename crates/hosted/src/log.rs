//! The log: lines on standard error for people, or JSON, one object a line, for what collects them.

use clap::ValueEnum;
use tracing::Level;
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::{FilterExt, filter_fn},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// A line of text.
    #[default]
    Text,
    /// A JSON object a line.
    Json,
}

/// Begins the log, and with it `further`. A panic is told by its place alone: its words may quote what was being worked
/// on. So does what libraries say of each step, a statement's values among it: whatever is asked for, none of that is told.
pub fn begin(format: LogFormat, further: Option<impl Layer<Registry> + Send + Sync>) {
    let ours = filter_fn(|of| of.target().starts_with("hosted") || *of.level() <= Level::INFO);
    let filter = EnvFilter::try_from_env("SHADOWCHART_LOG").unwrap_or_else(|_| EnvFilter::new("info")).and(ours);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed(),
    };
    tracing_subscriber::registry().with(further).with(lines.with_filter(filter)).init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
        tracing::error!(place = place.unwrap_or_default(), "a panic");
    }));
}
