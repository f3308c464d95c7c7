//! Logging: one line an event on standard error. Secrets, passwords, cookies and one-time links are never fields.

use tracing_subscriber::EnvFilter;

/// Starts logging with a filter such as `info` or `dialyard=debug,warn`. A filter that cannot be read counts as `info`.
pub fn start(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    // A second subscriber (in tests) changes nothing, so its refusal does not matter.
    let _already_started = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(true).try_init();
}
