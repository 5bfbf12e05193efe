//! What a person types, read.

use super::stems::Stems;
use super::words::{Run, words};

/// Bytes of a query; nobody types more.
const QUERY_MAX_BYTES: usize = 4096;

/// Words of a query. Each is looked up in every field and language.
const QUERY_MAX_WORDS: usize = 64;

/// The fields that can be named.
const FIELDS: [(&str, Place); 6] = [
    ("title", Place::Title),
    ("author", Place::Author),
    ("site", Place::Site),
    ("tag", Place::Tag),
    ("section", Place::Tag),
    ("lang", Place::Language),
];

/// Where a word is to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    TitleOrText,
    Title,
    Author,
    Site,
    Tag,
    Language,
}

/// A word or phrase to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub place: Place,
    /// Folded words that stand in a row; one for a site or language, as it is. Never empty.
    pub words: Vec<String>,
    /// The last word may go on.
    pub begins: bool,
    /// The stems of a single word in every language.
    pub stems: Vec<String>,
}

/// A query: one of each of the groups, and nothing of what is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    pub(super) groups: Vec<Vec<Item>>,
    pub(super) left_out: Vec<Item>,
}

/// A query that cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the query, at character {at}: {problem}")]
pub struct SyntaxError {
    /// The character of the query, from 1.
    pub at: usize,
    /// What is wrong there.
    pub problem: String,
}

impl Asked {
    /// Reads a query. Words must all be there; `"a phrase"` in a row; `budg*` begins a word; `-word` must not be there;
    /// `one OR other` is enough; `title:`, `author:`, `site:`, `tag:` (or `section:`) and `lang:` say where. What has no
    /// letter and no digit is left aside.
    ///
    /// # Errors
    /// [`SyntaxError`] says where.
    ///
    /// ```
    /// use copydesk::search::Asked;
    ///
    /// assert!(Asked::parse("title:budget vote OR ballot -\"second reading\"").is_ok());
    /// assert_eq!(
    ///     Asked::parse("budget \"second").unwrap_err().to_string(),
    ///     "the query, at character 8: this quotation mark is not closed"
    /// );
    /// ```
    pub fn parse(query: &str) -> Result<Self, SyntaxError> {
        if query.len() > QUERY_MAX_BYTES {
            return Err(SyntaxError {
                at: 1,
                problem: format!("it is longer than {QUERY_MAX_BYTES} bytes"),
            });
        }
        Parser {
            query,
            at: 0,
            words: 0,
            stems: Stems::new(),
        }
        .read()
    }

    /// Reads the arguments of a command line: an argument of several plain words is a phrase, every other is read as it
    /// is.
    ///
    /// # Errors
    /// As [`Self::parse`], for the arguments joined by spaces.
    pub fn of_arguments(arguments: &[String]) -> Result<Self, SyntaxError> {
        let arguments: Vec<String> = arguments
            .iter()
            .map(|argument| {
                if is_plain_phrase(argument) {
                    format!("\"{argument}\"")
                } else {
                    argument.clone()
                }
            })
            .collect();
        Self::parse(&arguments.join(" "))
    }

    /// There is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.left_out.is_empty()
    }
}

fn is_plain_phrase(argument: &str) -> bool {
    let mut words = argument.split_whitespace();
    let is_plain = |word: &str| {
        word != "OR" && !word.starts_with('-') && !word.ends_with('*') && field_of(word).is_none()
    };
    !argument.contains('"') && words.clone().count() > 1 && words.all(is_plain)
}

/// The name before the first colon, where it looks like that of a field, and the rest.
fn field_of(word: &str) -> Option<(&str, &str)> {
    let (name, rest) = word.split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|letter| letter.is_ascii_lowercase());
    (is_name && !rest.starts_with("//")).then_some((name, rest))
}

struct Parser<'a> {
    query: &'a str,
    /// The byte that is next.
    at: usize,
    words: usize,
    stems: Stems,
}

impl Parser<'_> {
    fn read(mut self) -> Result<Asked, SyntaxError> {
        let mut asked = Asked::default();
        // Where an OR stands that waits for its second word.
        let mut or_at = None;
        let mut can_or = false;
        loop {
            let rest = &self.query[self.at..];
            self.at += rest.len() - rest.trim_start().len();
            let start = self.at;
            let rest = &self.query[start..];
            if rest.is_empty() {
                break;
            }
            if rest == "OR"
                || rest
                    .strip_prefix("OR")
                    .is_some_and(|rest| rest.starts_with(char::is_whitespace))
            {
                if !can_or {
                    return Err(self.error(start, "OR needs a word before it"));
                }
                (or_at, can_or) = (Some(start), false);
                self.at += 2;
                continue;
            }
            let leaves_out = rest.len() > 1 && rest.starts_with('-');
            if leaves_out && or_at.is_some() {
                return Err(self.error(start, "a word to leave out cannot stand beside OR"));
            }
            self.at += usize::from(leaves_out);
            let Some(item) = self.item()? else { continue };
            match (leaves_out, or_at.take(), asked.groups.last_mut()) {
                (true, ..) => asked.left_out.push(item),
                (false, Some(_), Some(group)) => group.push(item),
                _ => asked.groups.push(vec![item]),
            }
            can_or = !leaves_out;
        }
        match or_at {
            Some(at) => Err(self.error(at, "OR needs a word after it")),
            None => Ok(asked),
        }
    }

    /// A word or phrase, with the field before it; none where it has no letter and no digit.
    fn item(&mut self) -> Result<Option<Item>, SyntaxError> {
        let start = self.at;
        let rest = &self.query[start..];
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '"')
            .unwrap_or(rest.len());
        let mut place = Place::TitleOrText;
        if let Some((name, value)) = field_of(&rest[..end]) {
            let known = FIELDS.iter().find(|(field, _)| *field == name);
            let Some((_, field)) = known else {
                return Err(self.error(
                    start,
                    &format!(
                        "no field is named {name}: title, author, site, tag, section, lang (or quote it)"
                    ),
                ));
            };
            place = *field;
            self.at += end - value.len();
            if value.is_empty() && !rest[end..].starts_with('"') {
                return Err(self.error(start, &format!("{name}: needs a word after it")));
            }
        }
        let start = self.at;
        let rest = &self.query[start..];
        let Some(quoted) = rest.strip_prefix('"') else {
            let end = rest
                .find(|c: char| c.is_whitespace() || c == '"')
                .unwrap_or(rest.len());
            self.at += end;
            let word = &rest[..end];
            let stem = word.strip_suffix('*');
            if let Some(star) = stem.unwrap_or(word).find('*') {
                return Err(self.error(start + star, "a star can stand only at the end of a word"));
            }
            return self.make(start, place, stem.unwrap_or(word), stem.is_some());
        };
        let Some(end) = quoted.find('"') else {
            return Err(self.error(start, "this quotation mark is not closed"));
        };
        self.at += end + 2;
        self.make_phrase(start, place, &quoted[..end])
    }

    fn make_phrase(&mut self, at: usize, place: Place, text: &str) -> Result<Option<Item>, SyntaxError> {
        let mut item = self.make(at, place, text, false)?;
        if let Some(item) = &mut item {
            // Who quotes a word wants that word.
            item.stems.clear();
        }
        Ok(item)
    }

    fn make(
        &mut self,
        at: usize,
        place: Place,
        text: &str,
        begins: bool,
    ) -> Result<Option<Item>, SyntaxError> {
        if matches!(place, Place::Site | Place::Language) {
            let name = text.trim().trim_end_matches('.').to_lowercase();
            let name = name.strip_prefix("www.").unwrap_or(&name).to_owned();
            return Ok((!name.is_empty()).then(|| Item {
                place,
                words: vec![name],
                begins,
                stems: Vec::new(),
            }));
        }
        let mut found = words(text);
        let last = found.last().map(|word| word.run);
        if last == Some(Run::Last) {
            found.pop();
        }
        self.words += found.len();
        if self.words > QUERY_MAX_WORDS {
            return Err(self.error(at, &format!("more than {QUERY_MAX_WORDS} words")));
        }
        let begins = match last {
            None => return Ok(None),
            Some(Run::Lone) => true,
            Some(Run::Spaced) => begins,
            Some(Run::Pair | Run::Last) => false,
        };
        let stems = match found.as_slice() {
            [word] if !begins && word.run == Run::Spaced => self
                .stems
                .in_any_language(&text[word.start..word.end], &word.folded),
            _ => Vec::new(),
        };
        Ok(Some(Item {
            place,
            words: found.into_iter().map(|word| word.folded).collect(),
            begins,
            stems,
        }))
    }

    fn error(&self, at: usize, problem: &str) -> SyntaxError {
        SyntaxError {
            at: self.query[..at].chars().count() + 1,
            problem: problem.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(query: &str) -> String {
        let item = |item: &Item| {
            let star = if item.begins { "*" } else { "" };
            format!("{:?}:{}{star}", item.place, item.words.join("+"))
        };
        let asked = Asked::parse(query).unwrap();
        let groups = asked.groups.iter();
        let groups = groups.map(|group| group.iter().map(item).collect::<Vec<_>>().join("|"));
        let left_out = asked.left_out.iter().map(|left| format!("-{}", item(left)));
        groups
            .chain(left_out)
            .collect::<Vec<_>>()
            .join(" ")
            .replace("TitleOrText:", "")
    }

    #[test]
    fn a_query_is_read_word_by_word() {
        assert_eq!(shape("Budget vote"), "budget vote");
        assert_eq!(shape("\"the Vote\" budg*"), "the+vote budg*");
        assert_eq!(shape("a b OR c OR \"d e\" -f"), "a b|c|d+e -f");
        assert_eq!(
            shape("title:\"Big vote\" -author:Doe"),
            "Title:big+vote -Author:doe"
        );
        assert_eq!(shape("site:www.News.example"), "Site:news.example");
        assert_eq!(
            shape("don't 10:30 https://a.example"),
            "don+t 10+30 https+a+example"
        );
        assert_eq!(shape("東京都 京"), "東京+京都 京*");
        assert_eq!(shape(" — - ORs"), "ors");
        assert_eq!(shape(""), "");
    }

    #[test]
    fn an_argument_of_plain_words_is_a_phrase() {
        let of = |arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|a| (*a).to_owned()).collect();
            Asked::of_arguments(&arguments).unwrap()
        };
        assert_eq!(
            of(&["high speed", "line"]),
            Asked::parse("\"high speed\" line").unwrap()
        );
        assert_eq!(of(&["high -speed"]), Asked::parse("high -speed").unwrap());
        assert_eq!(of(&["high", "OR", "low"]), Asked::parse("high OR low").unwrap());
    }

    #[test]
    fn broken_syntax_is_said_with_its_place() {
        for (query, error) in [
            ("é \"b", "3: this quotation mark is not closed"),
            ("OR b", "1: OR needs a word before it"),
            ("a OR", "3: OR needs a word after it"),
            ("a OR -b", "6: a word to leave out cannot stand beside OR"),
            ("b*t", "2: a star can stand only at the end of a word"),
            ("x title:", "3: title: needs a word after it"),
            (
                "titel:x",
                "1: no field is named titel: title, author, site, tag, section, lang (or quote it)",
            ),
        ] {
            let said = Asked::parse(query).unwrap_err().to_string();
            assert_eq!(said, format!("the query, at character {error}"), "{query}");
        }
        assert!(Asked::parse(&"a ".repeat(100)).is_err());
        assert!(Asked::parse(&"a".repeat(5000)).is_err());
    }
}
