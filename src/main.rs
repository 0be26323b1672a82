//! The binary: reads the command line, wires the rooms, starts the verb.

use batchwright::cli::{self, args::Cli};
use batchwright::settings::{Machine, start_logs};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    start_logs();
    cli::run(cli, &Machine)
}
