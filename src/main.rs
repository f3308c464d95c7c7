//! The command line: reads flags and `DIALYARD_…` variables, and hands over. Nothing else.

use clap::Parser;

use dialyard::server::command::{Cli, run};

fn main() -> std::process::ExitCode {
    run(Cli::parse())
}
