//! What a text must begin or end with, or hold, for a pattern to match it: short literals taken from the pattern's syntax, so
//! that most patterns need not be tried on most texts.
//!
//! All literals are folded ([`fold`]), and a literal that was cut still holds for what is longer.

use std::cmp::Reverse;

use regex_syntax::ast::{
    Assertion, AssertionKind, Ast, ClassBracketed, ClassPerlKind, ClassSet, ClassSetItem, Flag,
    FlagsItemKind, GroupKind, RepetitionKind, RepetitionRange,
};

use super::fold::{DIGIT, fold};

/// Literals of so many bytes are as good a filter as longer ones.
pub const TELLING: usize = 3;
/// Characters of a literal at an end of the text: more would rarely tell more, and take longer to work out.
const MAX_END_CHARS: usize = 5;
/// Characters of a literal that stands anywhere.
const MAX_INNER_CHARS: usize = 10;
/// Literals of one list; a longer list is cut to [`FEW_CHARS`], or says nothing.
const MAX_LITERALS: usize = 128;
/// Characters of the literals of a list that is too long.
const FEW_CHARS: usize = 3;
/// A literal inside the text of so many bytes is rare enough: of those, the shorter list is better.
const LONG_ENOUGH: usize = 6;
/// Times that a repeated part is written out.
const MAX_REPEATED: u32 = 4;
/// Characters of a class that are spelled out.
const MAX_CLASS: u32 = 12;

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Start,
    End,
    /// Wherever it stands, in reading order.
    Inner,
}

impl Side {
    fn max_chars(self) -> usize {
        match self {
            Self::Start | Self::End => MAX_END_CHARS,
            Self::Inner => MAX_INNER_CHARS,
        }
    }
}

/// One way in which a part of a pattern can begin, seen from one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Literal {
    /// From the side on, so back to front from the end; `len` of them count, the others are [`NO_CHAR`].
    chars: [char; MAX_INNER_CHARS],
    len: usize,
    /// It is all of the part; otherwise something unknown follows.
    exact: bool,
    /// It stands at the text's own start or end.
    anchored: bool,
}

/// Fills up a literal.
const NO_CHAR: char = '\0';

impl Literal {
    fn empty(exact: bool) -> Self {
        Self {
            chars: [NO_CHAR; MAX_INNER_CHARS],
            len: 0,
            exact,
            anchored: false,
        }
    }

    fn of(c: char) -> Self {
        let mut literal = Self::empty(true);
        literal.push(c, 1);
        literal
    }

    /// Adds a character, or notes that one follows which does not fit.
    fn push(&mut self, c: char, max_chars: usize) {
        match self.chars.get_mut(self.len) {
            Some(slot) if self.len < max_chars => {
                *slot = c;
                self.len += 1;
            }
            _ => self.exact = false,
        }
    }

    /// Cuts it to its first characters.
    fn cut(&mut self, len: usize) {
        if self.len > len {
            self.chars[len..].fill(NO_CHAR);
            self.len = len;
            self.exact = false;
        }
    }

    fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn says_nothing(&self) -> bool {
        self.is_empty() && !self.exact
    }

    fn text(&self) -> String {
        self.chars[..self.len].iter().collect()
    }
}

fn nothing() -> Vec<Literal> {
    vec![Literal::empty(true)]
}

fn unknown() -> Vec<Literal> {
    vec![Literal::empty(false)]
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

fn part(ast: &Ast, side: Side) -> Vec<Literal> {
    match ast {
        Ast::Empty(_) | Ast::Flags(_) => nothing(),
        Ast::Literal(literal) => vec![Literal::of(fold(literal.c))],
        Ast::Assertion(assertion) => anchor(assertion, side),
        Ast::ClassBracketed(class) => spelled_out(class),
        Ast::ClassPerl(class) if class.kind == ClassPerlKind::Digit && !class.negated => {
            vec![Literal::of(DIGIT)]
        }
        Ast::Dot(_) | Ast::ClassUnicode(_) | Ast::ClassPerl(_) => unknown(),
        Ast::Group(group) => part(&group.ast, side),
        Ast::Repetition(repetition) => repeated(&repetition.ast, &repetition.op.kind, side),
        Ast::Alternation(alternation) => {
            shortened(alternation.asts.iter().flat_map(|ast| part(ast, side)).collect())
        }
        Ast::Concat(concat) if side == Side::End => sequence(concat.asts.iter().rev(), side),
        Ast::Concat(concat) => sequence(concat.asts.iter(), side),
    }
}

fn repeated(ast: &Ast, kind: &RepetitionKind, side: Side) -> Vec<Literal> {
    let once = part(ast, side);
    let least = at_least(kind);
    let mut all = once.clone();
    for _ in 1..least.min(MAX_REPEATED) {
        all = crossed(all, &once, side);
    }
    let is_all = match kind {
        RepetitionKind::ZeroOrOne => true,
        RepetitionKind::Range(RepetitionRange::Exactly(n)) => *n <= MAX_REPEATED,
        _ => false,
    };
    for literal in &mut all {
        literal.exact &= is_all;
    }
    if least == 0 {
        all.extend(nothing());
    }
    all
}

/// How often a repeated part stands at least.
fn at_least(kind: &RepetitionKind) -> u32 {
    match kind {
        RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => 0,
        RepetitionKind::OneOrMore => 1,
        RepetitionKind::Range(
            RepetitionRange::Exactly(n) | RepetitionRange::AtLeast(n) | RepetitionRange::Bounded(n, _),
        ) => *n,
    }
}

/// Parts that follow each other, from the side on.
fn sequence<'a>(parts: impl Iterator<Item = &'a Ast>, side: Side) -> Vec<Literal> {
    let mut all = nothing();
    for ast in parts {
        if !all.iter().any(|lit| lit.exact) {
            break;
        }
        all = match ast {
            Ast::Literal(literal) => {
                for open in all.iter_mut().filter(|lit| lit.exact) {
                    open.push(fold(literal.c), side.max_chars());
                }
                all
            }
            _ => crossed(all, &part(ast, side), side),
        };
    }
    all
}

/// Each of the literals followed by each of the next; without those where that would be too many.
fn crossed(mut all: Vec<Literal>, next: &[Literal], side: Side) -> Vec<Literal> {
    let open = all.iter().filter(|lit| lit.exact).count();
    if open * next.len() > MAX_LITERALS && all.iter().all(|lit| !lit.is_empty()) {
        for literal in &mut all {
            literal.exact = false;
        }
        return all;
    }
    let mut crossed = Vec::with_capacity(all.len() + open * next.len());
    for literal in all {
        if !literal.exact {
            crossed.push(literal);
            continue;
        }
        for after in next {
            let mut joined = literal;
            joined.anchored |= literal.is_empty() && after.anchored;
            for &c in &after.chars[..after.len] {
                joined.push(c, side.max_chars());
            }
            joined.exact &= after.exact;
            crossed.push(joined);
        }
    }
    shortened(crossed)
}

/// Cuts a list that is too long.
fn shortened(mut literals: Vec<Literal>) -> Vec<Literal> {
    if literals.len() <= MAX_LITERALS {
        return literals;
    }
    for literal in &mut literals {
        literal.cut(FEW_CHARS);
    }
    literals.sort_unstable();
    literals.dedup();
    if literals.len() <= MAX_LITERALS {
        literals
    } else {
        unknown()
    }
}

fn anchor(assertion: &Assertion, side: Side) -> Vec<Literal> {
    let is_anchor = matches!(
        (&assertion.kind, side),
        (AssertionKind::StartLine, Side::Start) | (AssertionKind::EndLine, Side::End)
    );
    vec![Literal {
        anchored: is_anchor,
        ..Literal::empty(true)
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
            ClassSetItem::Literal(literal) => chars.push(fold(literal.c)),
            ClassSetItem::Range(range)
                if u32::from(range.end.c).saturating_sub(u32::from(range.start.c)) < MAX_CLASS =>
            {
                chars.extend((range.start.c..=range.end.c).map(fold));
            }
            ClassSetItem::Empty(_) => {}
            _ => return unknown(),
        }
    }
    if chars.is_empty() {
        return unknown();
    }
    chars.sort_unstable();
    chars.dedup();
    chars.into_iter().map(Literal::of).collect()
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
        let is_first = run.iter().all(|lit| lit.is_empty());
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
