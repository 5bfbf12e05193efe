//! What a text must begin or end with, or hold, for a pattern to match it: short literals taken from the pattern's syntax, so
//! that most patterns need not be tried on most texts.
//!
//! All literals are folded (`fold`), and a literal that was cut still holds for what is longer.

use std::cmp::Reverse;

use regex_syntax::ast::{Ast, Flag, FlagsItemKind, GroupKind};

use super::parts::{Literal, MAX_INNER_CHARS, MAX_LITERALS, Side, at_least, crossed, nothing, part};

/// Literals of so many bytes are as good a filter as longer ones.
pub const TELLING: usize = 3;
/// Bytes of the longest literal.
pub const MAX_LITERAL_BYTES: usize = 4 * MAX_INNER_CHARS;
/// A literal inside the text of so many bytes is rare enough: of those, the shorter list is better.
const LONG_ENOUGH: usize = 6;

/// Literals of one pattern: every text that it matches has at least one of each list. An empty list says nothing.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Literals {
    /// What the text begins with.
    pub starts: Vec<String>,
    /// What the text ends with, back to front; looked for only where `starts` are shorter than [`TELLING`].
    pub ends: Vec<String>,
    /// What stands somewhere in the text; looked for only where the others are shorter than [`TELLING`].
    pub inner: Vec<String>,
}

/// Takes the literals from a pattern that the `regex` crate compiles; nothing is said of one that does not parse.
pub fn literals(pattern: &str) -> Literals {
    let Some(ast) = parsed(pattern) else {
        return Literals::default();
    };
    let mut found = Literals {
        starts: anchored(&ast, Side::Start),
        ..Literals::default()
    };
    if shortest(&found.starts) < TELLING {
        found.ends = anchored(&ast, Side::End);
    }
    if shortest(&found.starts).max(shortest(&found.ends)) < TELLING {
        let best = needs_of(&ast).into_iter().max_by_key(|list| {
            let bytes = shortest(list);
            (bytes.min(LONG_ENOUGH), Reverse(list.len()), bytes)
        });
        found.inner = best.unwrap_or_default();
    }
    found
}

/// Everything that must stand in a text for the pattern to match it: at least one literal of each list.
pub fn needs(pattern: &str) -> Vec<Vec<String>> {
    parsed(pattern).map_or_else(Vec::new, |ast| needs_of(&ast))
}

/// The bytes of the shortest; 0 of none.
pub fn shortest(literals: &[String]) -> usize {
    literals.iter().map(String::len).min().unwrap_or(0)
}

/// A pattern's syntax, unless it sets flags that change what anchors and spaces mean. Its nesting is bounded by the parser, and with
/// it the recursion of what follows.
fn parsed(pattern: &str) -> Option<Ast> {
    let ast = regex_syntax::ast::parse::Parser::new().parse(pattern).ok()?;
    (!sets_flags(&ast)).then_some(ast)
}

/// Whether flags other than letter case and Unicode stand in the pattern.
fn sets_flags(ast: &Ast) -> bool {
    let is_harmless = |flag: &FlagsItemKind| {
        matches!(
            flag,
            FlagsItemKind::Negation | FlagsItemKind::Flag(Flag::CaseInsensitive | Flag::Unicode)
        )
    };
    let mut open = vec![ast];
    while let Some(ast) = open.pop() {
        let flags = match ast {
            Ast::Flags(set) => Some(&set.flags),
            Ast::Group(group) => {
                open.push(&group.ast);
                match &group.kind {
                    GroupKind::NonCapturing(flags) => Some(flags),
                    _ => None,
                }
            }
            Ast::Repetition(repetition) => {
                open.push(&repetition.ast);
                None
            }
            Ast::Alternation(alternation) => {
                open.extend(&alternation.asts);
                None
            }
            Ast::Concat(concat) => {
                open.extend(&concat.asts);
                None
            }
            _ => None,
        };
        if flags.is_some_and(|flags| !flags.items.iter().all(|item| is_harmless(&item.kind))) {
            return true;
        }
    }
    false
}

/// The literals that every match of the whole pattern has at one side of the text.
fn anchored(ast: &Ast, side: Side) -> Vec<String> {
    let literals = part(ast, side);
    if literals.iter().any(|lit| !lit.anchored || lit.is_empty()) {
        return Vec::new();
    }
    texts(&literals)
}

/// The texts, without those that another one is the beginning of.
fn texts(literals: &[Literal]) -> Vec<String> {
    let mut texts: Vec<String> = literals.iter().map(Literal::text).collect();
    texts.sort_unstable();
    texts.dedup_by(|longer, kept| longer.starts_with(kept.as_str()));
    texts
}

/// Lists of literals: each match holds one of each list, wherever it stands.
fn needs_of(ast: &Ast) -> Vec<Vec<String>> {
    match ast {
        Ast::Group(group) => needs_of(&group.ast),
        Ast::Repetition(repetition) if at_least(&repetition.op.kind) > 0 => needs_of(&repetition.ast),
        Ast::Alternation(alternation) => {
            // one of each alternative's
            let best = |ast| needs_of(ast).into_iter().max_by_key(|list| shortest(list));
            let each: Option<Vec<_>> = alternation.asts.iter().map(best).collect();
            let all = each.map(|lists| lists.concat());
            all.into_iter()
                .filter(|list| list.len() <= MAX_LITERALS)
                .collect()
        }
        Ast::Concat(concat) => runs(&concat.asts),
        Ast::Literal(_) | Ast::ClassBracketed(_) | Ast::ClassPerl(_) => runs(std::slice::from_ref(ast)),
        _ => Vec::new(),
    }
}

/// The literals of each run of parts that has some.
fn runs(parts: &[Ast]) -> Vec<Vec<String>> {
    let mut lists = Vec::new();
    let mut end_run = |run: &mut Vec<Literal>| {
        let list = texts(&std::mem::replace(run, nothing()));
        if shortest(&list) > 0 {
            lists.push(list);
        }
    };
    let mut run = nothing();
    for ast in parts {
        let next = part(ast, Side::Inner);
        let is_first = run.iter().all(Literal::is_empty);
        let says_nothing = next
            .iter()
            .any(|lit| lit.says_nothing() || (is_first && lit.is_empty()));
        let exact = run.iter().filter(|lit| lit.exact).count();
        if exact == 0 || says_nothing || exact * next.len() > MAX_LITERALS {
            end_run(&mut run);
        }
        if !says_nothing {
            run = crossed(run, &next, Side::Inner);
        }
    }
    end_run(&mut run);
    lists
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(pattern: &str) -> Vec<String> {
        literals(pattern).starts
    }

    fn ends(pattern: &str) -> Vec<String> {
        literals(pattern).ends
    }

    #[test]
    fn an_anchored_pattern_has_literals_at_its_anchor() {
        assert_eq!(starts("^Pho(?:tos?|ne) by"), ["phone", "photo"]);
        assert_eq!(starts(r"^\(?FILE\b.*$"), ["(file", "file"]);
        assert_eq!(starts("^(?:Read|See) [a-z]+"), ["read ", "see "]);
        assert_eq!(starts("^[-–—]{1,2} x"), ["-", "–", "—"]);
        assert_eq!(ends(r"^.*file (?:pic|gif)\)?\.?$").len(), 2 * 4);
        assert_eq!(ends(r"\(AP\)$"), [")pa("]);
        assert_eq!(starts(r"^\d{3}[./]\d{1,2}$"), ["000.0", "000/0"]);
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
        assert_eq!(literals(r".+\bCredits?: [^.]+$").inner, ["credit: ", "credits: "]);
        assert_eq!(literals(r"^.+ (?:is|was) an? .*reporter\b").inner, ["reporter"]);
        assert_eq!(literals(r"^\w+$").inner, [""; 0]);
        assert_eq!(needs(r"^[-(]{0,3}(?:ad|advert)s?$"), [["ad"]]);
        assert_eq!(
            needs(r"^(?:Support|Help)\b.*\b(?:news|journal)(?:rooms?|ism).+ now"),
            [
                vec!["help", "support"],
                vec!["journalism", "journalroo", "newsism", "newsroom"],
                vec![" now"]
            ]
        );
    }
}
