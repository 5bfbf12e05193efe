//! What the TOML reader says, in words that help the author of a selector file.

use crate::spelling::nearest;

/// What is wrong, and the byte where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) at: usize,
    pub(super) words: String,
}

/// More keys than this are not listed.
const MAX_LISTED: usize = 12;

/// The reader's error in our words; what it has no better ones for is left as it says it.
pub(super) fn in_words(error: &toml::de::Error, text: &str) -> Problem {
    let span = error.span().unwrap_or(0..0);
    let message = error.message();
    let words = unknown_key(message)
        .or_else(|| missing_key(message))
        .or_else(|| wrong_type(message, text.get(span.clone()).unwrap_or_default()))
        .unwrap_or_else(|| format!("not TOML: {message}"));
    Problem {
        at: span.start,
        words: match key_of_line(text, span.start).filter(|_| words.starts_with("takes ")) {
            Some(key) => format!("`{key}` {words}"),
            None => words,
        },
    }
}

/// "unknown field `bdy`, expected one of `name`, `when`"
fn unknown_key(message: &str) -> Option<String> {
    let (rest, what) = match message.strip_prefix("unknown field ") {
        Some(rest) => (rest, "key"),
        None => (message.strip_prefix("unknown variant ")?, "word"),
    };
    let mut names = rest.split('`').skip(1).step_by(2);
    let wrong = names.next()?;
    let known: Vec<&str> = names.collect();
    let hint = match nearest(wrong, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.len() <= MAX_LISTED => format!("there are {}", known.join(", ")),
        None => "src/rules/schema.rs lists all".to_owned(),
    };
    Some(format!("no {what} `{wrong}` here: {hint}"))
}

fn missing_key(message: &str) -> Option<String> {
    let key = message.strip_prefix("missing field `")?.strip_suffix('`')?;
    Some(format!("`{key}` is missing"))
}

/// "invalid type: string "x", expected a sequence"
fn wrong_type(message: &str, found: &str) -> Option<String> {
    let (_, expected) = message
        .strip_prefix("invalid type: ")?
        .rsplit_once(", expected ")?;
    let wanted = match expected {
        "a sequence" => "a list, as [\"...\"]",
        "a string" => "a string, as \"...\"",
        "a boolean" => "true or false",
        "a map" => "a table",
        "u32" | "usize" | "a nonzero usize" => "a number",
        _ if expected.starts_with("struct ") => "a table",
        _ => return None,
    };
    let found = found.lines().next().unwrap_or_default();
    Some(format!("takes {wanted}, not {found}"))
}

/// The key that the line with this byte begins with, if it does.
fn key_of_line(text: &str, at: usize) -> Option<&str> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let (key, _) = text.get(start..at)?.split_once('=')?;
    let key = key.trim();
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_key.then_some(key)
}

#[cfg(test)]
mod tests {
    use super::super::file::SourceFile;
    use super::super::schema::SiteFile;

    #[test]
    fn every_mistake_is_said_with_its_place_and_what_was_meant() {
        let layout = "schema = 1\nsites = []\n[[layout]]\nname = \"1\"\n";
        for (text, expected) in [
            (
                format!("{layout}bdy = []\n"),
                "5:1: no key `bdy` here: did you mean `body`?",
            ),
            (
                format!("{layout}colours = []\n"),
                "5:1: no key `colours` here: src/rules/schema.rs lists all",
            ),
            (
                format!("{layout}drop_txt = [\"^x\"]\n"),
                "5:1: no key `drop_txt` here: did you mean `drop_text`?",
            ),
            (
                "schema = 1\nsite = []\n".to_owned(),
                "2:1: no key `site` here: did you mean `sites`?",
            ),
            ("schema = 1\n".to_owned(), "1:1: `sites` is missing"),
            (
                format!("{layout}body = \"css:main\"\n"),
                "5:8: `body` takes a list, as [\"...\"], not \"css:main\"",
            ),
            (
                "schema = 1\nsites = [1]\n".to_owned(),
                "2:10: `sites` takes a string, as \"...\", not 1",
            ),
            ("schema = one\nsites = []\n".to_owned(), "1:10: not TOML: "),
            ("schema = 1\nsites = [\n".to_owned(), "2:"),
        ] {
            let errors = SourceFile::new("sites/a.toml", text.clone())
                .parse::<SiteFile>()
                .unwrap_err();
            let expected = format!("sites/a.toml:{expected}");
            assert!(errors[0].starts_with(&expected), "{text}\n{errors:?}");
        }
    }
}
