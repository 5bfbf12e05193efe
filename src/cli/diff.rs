//! `copydesk diff`: what is different between two articles, or two revisions of one.

use std::io::Write;

use anyhow::{Context, bail};
use clap::Args;
use copydesk::article::ArticleId;
use copydesk::diff::{Edit, diff};
use copydesk::render::safe::safe;
use copydesk::render::text::text;
use copydesk::store::{Store, StoredArticle};

use super::Exit;
use super::exit::UsageError;
use super::setup::StoreArgs;
use super::show::find;
use super::terminal::Out;

const EXAMPLES: &str = "\
Examples:
  copydesk diff 3f9a 77c0           two articles of one story
  copydesk diff 3f9a                its newest revision and the one before
  copydesk diff 3f9a --revisions 1 3

Words that went are [-so-], words that came {+so+}, and in red and green on a terminal.";

/// Shows the words in which two articles, or two revisions, differ
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DiffArgs {
    /// The id of an article, the beginning of it, or a URL at which it was seen
    #[arg(value_name = "A")]
    one: String,
    /// Another; without it, revisions of the first are compared
    #[arg(value_name = "B")]
    other: Option<String>,
    /// Which revisions [default: the newest and the one before]
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with = "other")]
    revisions: Vec<u32>,
    #[command(flatten)]
    store: StoreArgs,
}

/// Prints the newer text with what differs from the older.
///
/// # Errors
/// The store cannot be opened, there is no such article or revision, or standard output cannot be written.
pub fn run(args: &DiffArgs) -> anyhow::Result<Exit> {
    let store = args.store.open_existing()?;
    let one = find(&store, &args.one)?;
    let (old, new) = match &args.other {
        Some(other) => (newest(&store, one)?, newest(&store, find(&store, other)?)?),
        None => revisions(args, &store, one)?,
    };
    let mut out = Out::stdout();
    let shown = marked(&text(&old.article), &text(&new.article), out.is_terminal());
    out.write_all(shown.as_bytes()).context("standard output")?;
    out.finish().context("standard output")?;
    Ok(Exit::AllWell)
}

fn newest(store: &Store, id: ArticleId) -> anyhow::Result<StoredArticle> {
    store.get(id)?.with_context(|| format!("{id}: no such article"))
}

fn revisions(
    args: &DiffArgs,
    store: &Store,
    id: ArticleId,
) -> anyhow::Result<(StoredArticle, StoredArticle)> {
    let newest = newest(store, id)?.revision;
    let (old, new) = match args.revisions[..] {
        [old, new] => (old, new),
        _ if newest == 1 => bail!("{id} has one revision alone; name another article to compare it with"),
        _ => (newest - 1, newest),
    };
    let get = |number| {
        let missing = || UsageError(format!("{id} has no revision {number}; its newest is {newest}"));
        store.revision(id, number)?.with_context(|| missing().to_string())
    };
    Ok((get(old)?, get(new)?))
}

/// The words of both with marks around what is in one alone. Lines stay lines.
fn marked(old: &str, new: &str, coloured: bool) -> String {
    // What stands in the store is a page's: it must not reach the terminal as commands.
    let (old, new) = (safe(old), safe(new));
    let (old, new) = (words(&old), words(&new));
    let (gone, come, end) = if coloured {
        (("\u{1b}[31m[-", "-]"), ("\u{1b}[32m{+", "+}"), "\u{1b}[0m")
    } else {
        (("[-", "-]"), ("{+", "+}"), "")
    };
    let mut shown = String::new();
    let mut open: Option<(bool, String)> = None;
    let close = |open: &mut Option<(bool, String)>, shown: &mut String| {
        if let Some((is_gone, text)) = open.take() {
            let (before, after) = if is_gone { gone } else { come };
            let bare = text.trim_end();
            shown.push_str(before);
            shown.push_str(bare);
            shown.push_str(after);
            shown.push_str(end);
            shown.push_str(&text[bare.len()..]);
        }
    };
    for edit in diff(&old, &new) {
        match edit {
            Edit::Same(word) => {
                close(&mut open, &mut shown);
                shown.push_str(word);
            }
            Edit::Removed(word) | Edit::Added(word) => {
                let is_gone = matches!(edit, Edit::Removed(_));
                if open.as_ref().is_some_and(|(was_gone, _)| *was_gone != is_gone) {
                    close(&mut open, &mut shown);
                }
                open.get_or_insert_with(|| (is_gone, String::new()))
                    .1
                    .push_str(word);
            }
        }
    }
    close(&mut open, &mut shown);
    shown
}

/// Words with the white space behind them.
fn words(text: &str) -> Vec<&str> {
    text.split_inclusive(char::is_whitespace).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_went_and_came_are_marked_in_their_place() {
        assert_eq!(
            marked(
                "The bridge is shut.\n\nIt rains.\n",
                "The bridge is open again.\n\nIt rains.\n",
                false
            ),
            "The bridge is [-shut.-]\n{+open again.+}\n\nIt rains.\n"
        );
        assert_eq!(marked("a b", "a b", false), "a b");
        assert_eq!(marked("", "a", true), "\u{1b}[32m{+a+}\u{1b}[0m");
    }

    #[test]
    fn no_page_writes_commands_to_the_terminal() {
        assert!(!marked("a", "b\u{1b}]0;x\u{7}", true).contains("\u{1b}]"));
    }
}
