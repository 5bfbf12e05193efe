//! Standard output for data, standard error for the rest.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use copydesk::render::safe::{safe, safe_line};

/// The narrowest terminal that tables are fitted to, in columns; below it they wrap.
const NARROWEST: usize = 40;

/// Standard output, buffered.
pub struct Out {
    writer: BufWriter<StdoutLock<'static>>,
    /// The width of the terminal in columns; `None` where it is a file or a pipe.
    pub width: Option<usize>,
}

impl Out {
    /// Takes standard output for as long as it lives.
    pub fn stdout() -> Self {
        let stdout = io::stdout();
        let width = stdout.is_terminal().then(|| {
            let size = terminal_size::terminal_size_of(&stdout);
            size.map_or(NARROWEST * 2, |(width, _)| usize::from(width.0).max(NARROWEST))
        });
        Self {
            writer: BufWriter::new(stdout.lock()),
            width,
        }
    }

    /// Whether a person reads it.
    pub fn is_terminal(&self) -> bool {
        self.width.is_some()
    }

    /// Writes out what is buffered; the errors of that would else be lost.
    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Says on standard error what ended the program.
pub fn complain(error: &anyhow::Error) {
    // A list of mistakes in selector files stands one a line.
    say("error: ", &safe(&in_words(error)));
}

/// Says on standard error, in one line, what failed while the rest goes on.
pub fn warn(error: &anyhow::Error) {
    say("error: ", &safe_line(&in_words(error)));
}

/// Says something on standard error, in one line.
pub fn note(text: &str) {
    say("", &safe_line(text));
}

/// The error and its causes, each once: many messages quote their cause already.
pub fn in_words(error: &anyhow::Error) -> String {
    let mut words = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if words.contains(&cause) {
            continue;
        }
        if !words.is_empty() {
            words.push_str(": ");
        }
        words.push_str(&cause);
    }
    words
}

fn say(prefix: &str, text: &str) {
    // Where standard error is closed there is nobody left to tell.
    let _ = writeln!(io::stderr(), "{prefix}{text}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::{Context, anyhow};

    #[test]
    fn a_cause_that_is_quoted_is_not_said_twice() {
        let quoted = Err::<(), _>(anyhow!("disk full")).context("a.html: cannot read (disk full)");
        assert_eq!(in_words(&quoted.unwrap_err()), "a.html: cannot read (disk full)");
        let unquoted = Err::<(), _>(anyhow!("disk full")).context("a.html");
        assert_eq!(in_words(&unquoted.unwrap_err()), "a.html: disk full");
    }
}
