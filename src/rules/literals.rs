//! What a text must begin or end with, or hold, for a pattern to match it: short literals taken from the pattern's syntax, so
//! that most patterns need not be tried on most texts.
//!
//! All literals are folded ([`fold`]), and a literal that was cut still holds for what is longer.

use std::cmp::Reverse;

use regex_syntax::ast::{
    Assertion, AssertionKind, Ast, ClassBracketed, ClassSet, ClassSetItem, Flag, FlagsItemKind, GroupKind,
    RepetitionKind, RepetitionRange,
};

/// Literals are cut to so many characters: more would rarely tell more.
const MAX_CHARS: usize = 12;
/// Literals of one pattern and side; with more, shorter ones are tried, then none.
const MAX_LITERALS: usize = 400;
/// A literal inside the text of so many bytes is rare enough: of those, the shorter list is better.
const LONG_ENOUGH: usize = 6;
/// Characters of a class that are spelled out.
const MAX_CLASS: u32 = 12;
/// Where a list is too long, its literals are cut to so many characters, one after the other.
const CUTS: [usize; 4] = [8, 5, 3, 2];

/// The form in which texts and literals are compared: no letter case. Letters that a case-insensitive pattern takes for the same
/// have the same form; a few more may, which does no harm.
pub fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    // letters that are the same to a pattern, though neither has a simple upper case
    let c = match c {
        '\u{1fd3}' => '\u{390}',
        '\u{1fe3}' => '\u{3b0}',
        '\u{fb05}' => '\u{fb06}',
        other => other,
    };
    let mut upper = c.to_uppercase();
    let upper = match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => c,
    };
    let mut lower = upper.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => upper,
    }
}

/// Literals of one pattern: every text that it matches has at least one of each list. An empty list says nothing.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Literals {
    /// What the text begins with.
    pub starts: Vec<String>,
    /// What the text ends with.
    pub ends: Vec<String>,
    /// What stands somewhere in the text.
    pub inner: Vec<String>,
}

/// Takes the literals from a pattern that the `regex` crate compiles; nothing is said of one that does not parse.
///
/// The recursion over the pattern is bounded by the nesting that the parser allows.
pub fn literals(pattern: &str) -> Literals {
    let Ok(ast) = regex_syntax::ast::parse::Parser::new().parse(pattern) else {
        return Literals::default();
    };
    if sets_flags(pattern, &ast) {
        return Literals::default();
    }
    Literals {
        starts: side(&ast, Side::Start),
        ends: side(&ast, Side::End),
        inner: inner(&ast).map_or_else(Vec::new, |lits| lits.into_iter().map(|lit| lit.text).collect()),
    }
}

/// Whether flags other than letter case and Unicode stand in the pattern: anchors and spaces may mean something else then.
fn sets_flags(pattern: &str, ast: &Ast) -> bool {
    let is_harmless = |flag: &FlagsItemKind| {
        matches!(
            flag,
            FlagsItemKind::Negation | FlagsItemKind::Flag(Flag::CaseInsensitive | Flag::Unicode)
        )
    };
    let mut open = vec![ast];
    while let Some(ast) = open.pop() {
        match ast {
            Ast::Flags(set) if !set.flags.items.iter().all(|item| is_harmless(&item.kind)) => return true,
            Ast::Group(group) => {
                if let GroupKind::NonCapturing(flags) = &group.kind
                    && !flags.items.iter().all(|item| is_harmless(&item.kind))
                {
                    return true;
                }
                open.push(&group.ast);
            }
            Ast::Repetition(repetition) => open.push(&repetition.ast),
            Ast::Alternation(alternation) => open.extend(&alternation.asts),
            Ast::Concat(concat) => open.extend(&concat.asts),
            _ => {}
        }
    }
    // the escapes \A, \z name the ends as ^ and $ do, but the patterns of this project do not use them
    pattern.contains("\\A") || pattern.contains("\\z")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Start,
    End,
}

/// One way in which a part of a pattern can begin (or, seen from the other side, end).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Literal {
    /// In reading order.
    text: String,
    /// It is all of the part; otherwise something unknown follows.
    exact: bool,
    /// It stands at the text's own start or end.
    anchored: bool,
}

impl Literal {
    fn new(text: String, exact: bool) -> Self {
        Self {
            text,
            exact,
            anchored: false,
        }
    }
}

fn nothing() -> Vec<Literal> {
    vec![Literal::new(String::new(), true)]
}

fn unknown() -> Vec<Literal> {
    vec![Literal::new(String::new(), false)]
}

/// The literals that every match of the whole pattern has at one side of the text.
fn side(ast: &Ast, side: Side) -> Vec<String> {
    let mut literals = part(ast, side);
    if literals.iter().any(|lit| !lit.anchored || lit.text.is_empty()) {
        return Vec::new();
    }
    without_longer(&mut literals, side);
    literals.into_iter().map(|lit| lit.text).collect()
}

/// Leaves out literals that another one of the list is the beginning of.
fn without_longer(literals: &mut Vec<Literal>, side: Side) {
    literals.sort_by_key(|lit| lit.text.len());
    let mut kept: Vec<Literal> = Vec::with_capacity(literals.len());
    for literal in literals.drain(..) {
        let is_covered = kept.iter().any(|known| match side {
            Side::Start => literal.text.starts_with(&known.text),
            Side::End => literal.text.ends_with(&known.text),
        });
        if !is_covered {
            kept.push(literal);
        }
    }
    *literals = kept;
}

fn part(ast: &Ast, side: Side) -> Vec<Literal> {
    match ast {
        Ast::Empty(_) | Ast::Flags(_) => nothing(),
        Ast::Literal(literal) => vec![Literal::new(fold(literal.c).to_string(), true)],
        Ast::Assertion(assertion) => anchor(assertion, side),
        Ast::ClassBracketed(class) => spelled_out(class),
        Ast::Dot(_) | Ast::ClassUnicode(_) | Ast::ClassPerl(_) => unknown(),
        Ast::Group(group) => part(&group.ast, side),
        Ast::Repetition(repetition) => {
            let mut once = part(&repetition.ast, side);
            if repetition.op.kind == RepetitionKind::ZeroOrOne {
                once.extend(nothing());
                return shortened(once, side);
            }
            for literal in &mut once {
                literal.exact = false;
            }
            if may_be_absent(&repetition.op.kind) {
                once.extend(nothing());
            }
            once
        }
        Ast::Alternation(alternation) => {
            let all = alternation.asts.iter().flat_map(|ast| part(ast, side)).collect();
            shortened(all, side)
        }
        Ast::Concat(concat) => match side {
            Side::Start => sequence(concat.asts.iter(), side),
            Side::End => sequence(concat.asts.iter().rev(), side),
        },
    }
}

fn may_be_absent(kind: &RepetitionKind) -> bool {
    match kind {
        RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => true,
        RepetitionKind::OneOrMore => false,
        RepetitionKind::Range(range) => match range {
            RepetitionRange::Exactly(n) | RepetitionRange::AtLeast(n) | RepetitionRange::Bounded(n, _) => {
                *n == 0
            }
        },
    }
}

/// Parts that follow each other, from the side on.
fn sequence<'a>(parts: impl Iterator<Item = &'a Ast>, side: Side) -> Vec<Literal> {
    let mut all = nothing();
    for ast in parts {
        if !all.iter().any(|lit| lit.exact) {
            break;
        }
        let next = part(ast, side);
        let grown = all.iter().filter(|lit| lit.exact).count() * next.len();
        if grown > MAX_LITERALS && !all.iter().any(|lit| lit.text.is_empty()) {
            for literal in &mut all {
                literal.exact = false;
            }
            break;
        }
        all = shortened(crossed(&all, &next, side), side);
    }
    all
}

fn crossed(all: &[Literal], next: &[Literal], side: Side) -> Vec<Literal> {
    let mut crossed = Vec::new();
    for literal in all {
        if !literal.exact {
            crossed.push(literal.clone());
            continue;
        }
        for after in next {
            let text = match side {
                Side::Start => format!("{}{}", literal.text, after.text),
                Side::End => format!("{}{}", after.text, literal.text),
            };
            crossed.push(Literal {
                text,
                exact: after.exact,
                anchored: literal.anchored || (literal.text.is_empty() && after.anchored),
            });
        }
    }
    crossed
}

/// Sorts, and cuts what is too long or too much.
fn shortened(mut literals: Vec<Literal>, side: Side) -> Vec<Literal> {
    for literal in &mut literals {
        if literal.text.len() > MAX_CHARS {
            cut(literal, MAX_CHARS, side);
        }
    }
    literals.sort_unstable();
    literals.dedup();
    for chars in CUTS {
        if literals.len() <= MAX_LITERALS {
            return literals;
        }
        for literal in &mut literals {
            cut(literal, chars, side);
        }
        literals.sort_unstable();
        literals.dedup();
    }
    if literals.len() <= MAX_LITERALS {
        literals
    } else {
        unknown()
    }
}

/// Cuts a literal to its first (or last) characters.
fn cut(literal: &mut Literal, chars: usize, side: Side) {
    let at = match side {
        Side::Start => literal.text.char_indices().nth(chars).map(|(at, _)| at),
        Side::End => literal
            .text
            .char_indices()
            .rev()
            .nth(chars.saturating_sub(1))
            .map(|(at, _)| at)
            .filter(|at| *at > 0),
    };
    let Some(at) = at else { return };
    match side {
        Side::Start => literal.text.truncate(at),
        Side::End => drop(literal.text.drain(..at)),
    }
    literal.exact = false;
}

fn anchor(assertion: &Assertion, side: Side) -> Vec<Literal> {
    let is_anchor = matches!(
        (&assertion.kind, side),
        (AssertionKind::StartLine, Side::Start) | (AssertionKind::EndLine, Side::End)
    );
    vec![Literal {
        text: String::new(),
        exact: true,
        anchored: is_anchor,
    }]
}

/// The characters of a small class.
fn spelled_out(class: &ClassBracketed) -> Vec<Literal> {
    let ClassSet::Item(item) = &class.kind else {
        return unknown();
    };
    if class.negated {
        return unknown();
    }
    let single = std::slice::from_ref(item);
    let items = match item {
        ClassSetItem::Union(union) => union.items.as_slice(),
        _ => single,
    };
    let mut chars = Vec::new();
    for item in items {
        match item {
            ClassSetItem::Literal(literal) => chars.push(literal.c),
            ClassSetItem::Range(range)
                if u32::from(range.end.c).saturating_sub(u32::from(range.start.c)) < MAX_CLASS =>
            {
                chars.extend(range.start.c..=range.end.c);
            }
            ClassSetItem::Empty(_) => {}
            _ => return unknown(),
        }
    }
    if chars.is_empty() {
        return unknown();
    }
    chars
        .into_iter()
        .map(|c| Literal::new(fold(c).to_string(), true))
        .collect()
}

/// The literals of which each match holds one, wherever it stands: those of the part whose shortest is longest.
fn inner(ast: &Ast) -> Option<Vec<Literal>> {
    match ast {
        Ast::Group(group) => inner(&group.ast),
        Ast::Repetition(repetition) if !may_be_absent(&repetition.op.kind) => inner(&repetition.ast),
        Ast::Alternation(alternation) => {
            let each: Option<Vec<_>> = alternation.asts.iter().map(inner).collect();
            let all: Vec<Literal> = each?.into_iter().flatten().collect();
            (all.len() <= MAX_LITERALS).then_some(all)
        }
        Ast::Concat(concat) => {
            let from = |at: usize| sequence(concat.asts[at..].iter(), Side::Start);
            let runs = (0..concat.asts.len()).map(from);
            let parts = concat.asts.iter().filter_map(inner);
            runs.chain(parts)
                .map(|mut literals| {
                    without_longer(&mut literals, Side::Start);
                    literals
                })
                .max_by_key(|literals| {
                    let bytes = shortest(literals);
                    (bytes.min(LONG_ENOUGH), Reverse(literals.len()), bytes)
                })
                .filter(|literals| shortest(literals) > 0)
        }
        Ast::Literal(_) | Ast::ClassBracketed(_) => {
            Some(part(ast, Side::Start)).filter(|literals| shortest(literals) > 0)
        }
        _ => None,
    }
}

/// The bytes of the shortest literal; 0 of none.
fn shortest(literals: &[Literal]) -> usize {
    literals.iter().map(|lit| lit.text.len()).min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(pattern: &str) -> Vec<String> {
        let mut starts = literals(pattern).starts;
        starts.sort();
        starts
    }

    fn ends(pattern: &str) -> Vec<String> {
        let mut ends = literals(pattern).ends;
        ends.sort();
        ends
    }

    #[test]
    fn an_anchored_pattern_has_literals_at_its_anchor() {
        assert_eq!(
            starts("^Photo(?:s|graph)? by"),
            ["photo by", "photograph b", "photos by"]
        );
        assert_eq!(starts(r"^\(?FILE\b.*$"), ["(file", "file"]);
        assert_eq!(starts("^(?:Read|See) [a-z]+"), ["read ", "see "]);
        assert_eq!(starts("^[-–—]{1,2} x"), ["-", "–", "—"]);
        assert_eq!(ends(r"^.*file (?:photo|picture)\)?\.?$").len(), 2 * 4);
        assert_eq!(ends(r"\(AP\)$"), ["(ap)"]);
    }

    #[test]
    fn a_branch_without_anchor_or_literal_says_nothing() {
        for pattern in [
            "^a|b$",
            r"^\w+ said$",
            "^(?:a|.b)",
            "(?:^|x)a",
            "^a*b?",
            "(?m)^abc",
        ] {
            assert_eq!(starts(pattern), [""; 0], "{pattern}");
        }
        assert_eq!(ends(r"^Credits: [^.]+$"), [""; 0]);
    }

    #[test]
    fn what_must_stand_inside_is_found() {
        assert_eq!(
            literals(r"[.!] ?\bCredits?: [^.]+$").inner,
            ["credit: ", "credits: "]
        );
        assert_eq!(literals(r"^.+ (?:is|was) an? .*reporter\b").inner, ["reporter"]);
        assert_eq!(literals(r"^\w+$").inner, [""; 0]);
    }

    #[test]
    fn letters_that_a_pattern_takes_for_the_same_have_one_form() {
        const PAST_ALL_CASES: u32 = 0x1f000;
        for c in (0..PAST_ALL_CASES).filter_map(char::from_u32) {
            let mut class =
                regex_syntax::hir::ClassUnicode::new([regex_syntax::hir::ClassUnicodeRange::new(c, c)]);
            class.try_case_fold_simple().unwrap();
            for range in class.ranges() {
                for other in range.start()..=range.end() {
                    assert_eq!(fold(other), fold(c), "{other:?} and {c:?}");
                }
            }
        }
    }
}
