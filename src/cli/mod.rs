//! The verbs of the command line.

pub mod args;
pub mod demo;
mod fonts;
pub mod house;
mod people;
mod sites;
mod verify;

use args::{Cli, Verb};
use house::House;
use std::process::ExitCode;

/// Carries out a verb. Exit codes: 0 done (whole), 1 refused or broken, 2 the database cannot be read
/// or the words of the call are off.
#[must_use]
pub fn run(cli: Cli, house: &dyn House) -> ExitCode {
    let done = match cli.verb {
        Verb::Demo(args) => demo::run(&args, house),
        Verb::Serve(args) => sites::serve(&args, house),
        Verb::Found(args) => sites::found(&args, house),
        Verb::Migrate(args) => sites::migrate(&args, house),
        Verb::Person(args) => people::administrator(&args, house),
        Verb::Restore(args) => sites::restore(&args, house),
        Verb::Verify(args) => return verify::run(&args, house),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("batchwright: {message}");
            ExitCode::FAILURE
        }
    }
}
