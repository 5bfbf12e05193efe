//! The `copydesk` command: arguments in, an exit code out.

mod cli;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Exit};

fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(exit) => exit.into(),
        Err(error) => {
            let exit = Exit::of_error(&error);
            if exit != Exit::AllWell {
                cli::terminal::complain(&error);
            }
            exit.into()
        }
    }
}
