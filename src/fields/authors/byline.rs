//! A byline to names: "By Ann Lee and Bo Ek, Political editor | Nov 24" is Ann Lee, Bo Ek.

use super::super::text;
use super::words::{
    AGENCIES, CONJUNCTIONS, CREDENTIALS, FAMILY_NAMES, INTRODUCTIONS, JUNK, PARTICLES, RANKS, ROLE_MODIFIERS,
    ROLES, STOPS, WEEKDAYS,
};

/// Characters of a byline that are read; names stand first.
const MAX_BYLINE_CHARS: usize = 300;

/// Words of the longest name ("Department of Health and Social Care" has six).
const MAX_NAME_WORDS: usize = 7;

/// Names of one article; a longer list is an index of authors.
const MAX_NAMES: usize = 20;

/// Marks that end what is said of one author.
const BREAKS: &[&str] = &[
    "|",
    "•",
    "·",
    "⋅",
    "∙",
    "–",
    "—",
    " - ",
    ";",
    "/",
    "●",
    "¦",
    "~",
    "»",
    ">",
    "\u{1f4c5}",
    "…",
    "、",
    "，",
    "：",
    "；",
];

/// How a source writes names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::fields) enum Form {
    /// One name a value ("Lee, Ann" or "Ann Lee, MD" at most).
    Name,
    /// A line of running text, with other things than names.
    Line,
}

/// The names in one value.
pub(in crate::fields) fn names(raw: &str, form: Form) -> Vec<String> {
    let Some(line) = text::clean(raw) else {
        return Vec::new();
    };
    let line = without_asides(text::bound(&line, MAX_BYLINE_CHARS)).replace(':', ": ");
    if form == Form::Name
        && let Some(name) = turned(&line)
    {
        return vec![name];
    }
    let mut names: Vec<String> = Vec::new();
    for part in parts(&line) {
        let has_name = !names.is_empty();
        for (at, piece) in pieces(part).into_iter().enumerate() {
            let Some(name) = name(&piece, form) else {
                if form == Form::Line && (has_name || at > 0) {
                    break;
                }
                continue;
            };
            let follows_person = names
                .last()
                .is_some_and(|last| last.contains(' ') || form == Form::Name);
            if follows_person && (!is_person(&name) || form == Form::Line && has_name) && !is_agency(&name) {
                continue;
            }
            names.push(name);
            if names.len() == MAX_NAMES {
                return names;
            }
        }
    }
    names
}

/// Without parentheses, e-mail addresses, URLs and handles.
fn without_asides(line: &str) -> String {
    let mut depth = 0_u32;
    let flat: String = line
        .chars()
        .filter_map(|c| match c {
            '(' | '[' | '{' => {
                depth = depth.saturating_add(1);
                Some(' ')
            }
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                Some(' ')
            }
            c => (depth == 0).then_some(c),
        })
        .collect();
    let source = if flat.trim().is_empty() { line } else { &flat };
    let is_aside = |word: &&str| {
        word.contains('@') || word.contains("://") || word.contains("www.") || word.contains(".com/")
    };
    source
        .split_whitespace()
        .filter(|word| !is_aside(word))
        .collect::<Vec<_>>()
        .join(" ")
}

/// "Lee, Ann" or "Lee, Ann B." as "Ann Lee".
fn turned(line: &str) -> Option<String> {
    let (last, first) = line.split_once(", ")?;
    let is_last = !last.contains(' ') && !is_agency(last);
    let mut given = first.split(' ');
    let is_first = given
        .next()
        .is_some_and(|word| word.starts_with(char::is_uppercase))
        && given.all(|word| word.trim_end_matches('.').chars().count() == 1);
    (is_last && is_first && !is_credential(first) && !is_agency(first) && !first.contains(','))
        .then(|| format!("{first} {last}"))
}

fn parts(line: &str) -> Vec<&str> {
    let mut parts = vec![line];
    for mark in BREAKS {
        parts = parts.into_iter().flat_map(|part| part.split(mark)).collect();
    }
    parts
}

/// A part split at commas and conjunctions.
fn pieces(part: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    for piece in part.split(',') {
        let mut words: Vec<&str> = Vec::new();
        let all: Vec<&str> = piece.split_whitespace().collect();
        for (at, word) in all.iter().enumerate() {
            let is_join =
                *word == "&" || *word == "+" || CONJUNCTIONS.contains(&word.to_lowercase().as_str());
            if is_join && joins(&all, at) {
                pieces.push(words.join(" "));
                words.clear();
            } else {
                words.push(word);
            }
        }
        pieces.push(words.join(" "));
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Whether the conjunction at `at` stands between two names and not in one ("Ortega y Gasset", "Health and Care").
fn joins(words: &[&str], at: usize) -> bool {
    if at == 0 {
        return true;
    }
    let is_and = matches!(
        words[at].to_lowercase().as_str(),
        "and" | "und" | "et" | "with" | "&" | "mit" | "og" | "och"
    );
    let after = words.len() - at - 1;
    let is_next_capital = words
        .get(at + 1)
        .is_some_and(|word| word.starts_with(|c: char| !c.is_lowercase()));
    // One word on either side is a name only between agencies and the like, unless both sides are.
    is_next_capital
        && ((at >= 2 && after >= 2)
            || (is_and && (at == 1) == (after == 1))
            || (is_and && at >= 2 && after == 0))
}

/// The piece as a name, without introduction, role and credentials.
fn name(piece: &str, form: Form) -> Option<String> {
    let mut words: Vec<&str> = unglued(piece).split_whitespace().collect();
    while words.len() > 1 && CONJUNCTIONS.contains(&words[0]) {
        words.remove(0);
    }
    strip_introduction(&mut words);
    if form == Form::Line
        && let Some(stop) = stop_at(&words)
    {
        words.truncate(stop);
    }
    while words.len() > 2
        && words
            .last()
            .is_some_and(|last| is_credential(last) || is_of_date(&text::key(last)))
    {
        words.pop();
    }
    strip_role(&mut words);
    let half = words.len() / 2;
    if words.len().is_multiple_of(2) && half > 0 && words[..half] == words[half..] {
        words.truncate(half);
    }
    let name = words.join(" ");
    let name = name
        .trim_matches(|c: char| !c.is_alphanumeric() && c != '.')
        .trim_start_matches('.');
    let name = if name.ends_with('.') && !has_initial_end(name) {
        name.trim_end_matches('.')
    } else {
        name
    };
    let key = text::key(name);
    let count = name.split_whitespace().count();
    let is_template = name.contains(['{', '}', '%', '<', '>', '=', '\\', '$'])
        || (count == 1 && name.matches('.').count() > 1);
    if key.is_empty()
        || is_template
        || (count == 1 && is_of_date(&key))
        || JUNK.contains(&key.as_str())
        || count == 0
        || count > MAX_NAME_WORDS
    {
        return None;
    }
    let digits = name.chars().filter(char::is_ascii_digit).count();
    if (form == Form::Line && digits > 0) || digits > 4 || is_role(name) || is_credential(name) {
        return None;
    }
    if form == Form::Line && !is_name_like(name) {
        return None;
    }
    Some(name.to_owned())
}

/// Whether a word of a date stands alone where a name should: "Sat", "Nov".
fn is_of_date(key: &str) -> bool {
    WEEKDAYS.contains(&key)
        || super::super::dates::is_month(key) && !matches!(key, "april" | "june" | "august")
}

/// Without an introduction that markup has glued to the name: "ByAnn Lee".
fn unglued(piece: &str) -> &str {
    let rest = ["By", "Von", "Por", "Author", "Autor"]
        .iter()
        .find_map(|start| piece.strip_prefix(start));
    rest.filter(|rest| rest.starts_with(char::is_uppercase))
        .unwrap_or(piece)
}

/// "Jr." and "J." keep their full stop.
fn has_initial_end(name: &str) -> bool {
    let last = name.split_whitespace().next_back().unwrap_or_default();
    last.trim_end_matches('.').chars().count() <= 2 || last.matches('.').count() > 1
}

fn strip_introduction(words: &mut Vec<&str>) {
    while words.len() > 1 {
        let first = words[0];
        let key = text::key(first);
        let is_introduction = first.ends_with(':') && words.len() > 1
            || INTRODUCTIONS.contains(&key.as_str())
                // "Di" and "Von" with a capital may be a name's first word; at the start of a byline they are not.
                && !(words.len() == 2 && key.len() == 2 && key == "da")
            || !first.contains(char::is_alphanumeric);
        if !is_introduction {
            return;
        }
        words.remove(0);
    }
}

/// Where something begins that is no name.
fn stop_at(words: &[&str]) -> Option<usize> {
    let is_capital = |word: &&str| word.starts_with(char::is_uppercase);
    let begins_name = words.len() > 1
        && words[..2].iter().all(is_capital)
        && FAMILY_NAMES.contains(&text::key(words[0]).as_str());
    let first = usize::from(begins_name);
    let stop = words.iter().skip(first).position(|word| is_stop(word));
    stop.map(|at| at + first)
}

fn is_stop(word: &str) -> bool {
    let key = text::key(word);
    word.starts_with(|c: char| c.is_ascii_digit()) || STOPS.contains(&key.as_str())
}

/// "Senior Reporter Ann Lee" and "Ann Lee Senior Reporter" lose the role, "Reporter" alone stays to be judged.
fn strip_role(words: &mut Vec<&str>) {
    let rank = words
        .iter()
        .skip(2)
        .position(|word| RANKS.contains(&text::key(word).as_str()));
    if let Some(rank) = rank {
        words.truncate(rank + 2);
    }
    let is_role_word = |word: &str| ROLES.contains(&text::key(word).as_str());
    if let Some(last) = words.iter().rposition(|word| is_role_word(word)) {
        let before = words[..last].iter().all(|word| is_role_part(word));
        if before && words.len() > last + 2 {
            words.drain(..=last);
            return;
        }
        if last + 1 == words.len() {
            let start = words
                .iter()
                .rposition(|word| !is_role_part(word))
                .map_or(0, |at| at + 1);
            if start >= 2 {
                words.truncate(start);
            }
        }
    }
}

fn is_role_part(word: &str) -> bool {
    let key = text::key(word);
    ROLES.contains(&key.as_str()) || ROLE_MODIFIERS.contains(&key.as_str())
}

/// Whether all words are of a role, as in "Political editor".
fn is_role(name: &str) -> bool {
    let mut words = name.split_whitespace();
    words
        .clone()
        .any(|word| ROLES.contains(&text::key(word).as_str()))
        && words.all(is_role_part)
        && !name.eq_ignore_ascii_case("staff writer")
        && !name.eq_ignore_ascii_case("guest contributor")
}

fn is_credential(name: &str) -> bool {
    CREDENTIALS.contains(&text::key(name).as_str())
        && (name.contains('.') || name.chars().filter(|c| c.is_uppercase()).count() > 1 || name.len() <= 4)
}

/// Whether a piece of running text looks like a name: capitals, particles, no sentence.
fn is_name_like(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_caseless = |word: &str| {
        word.chars()
            .all(|c| !c.is_alphabetic() || (!c.is_lowercase() && !c.is_uppercase()))
    };
    let capitals = words
        .iter()
        .filter(|word| word.starts_with(char::is_uppercase) || is_caseless(word))
        .count();
    let particles = words
        .iter()
        .filter(|word| PARTICLES.contains(&word.to_lowercase().as_str()))
        .count();
    if words.len() == 1 {
        return name.chars().count() >= 2;
    }
    capitals >= 1 && capitals + particles + usize::from(words.len() > 3) >= words.len()
}

/// Two words or more in capitals that are no role.
pub(super) fn is_person(name: &str) -> bool {
    let words = name.split_whitespace().count();
    let cjk = name
        .chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'));
    ((2..=5).contains(&words) && is_name_like(name) || cjk) && !is_role(name) && !is_agency(name)
}

pub(super) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word.to_lowercase().as_str())
}

/// A news agency.
pub(super) fn is_agency(name: &str) -> bool {
    AGENCIES.contains(&text::key(name).as_str())
}
