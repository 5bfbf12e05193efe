//! The ways in which a part of a pattern can begin or end, as short folded literals.

use regex_syntax::ast::{
    Assertion, AssertionKind, Ast, ClassBracketed, ClassPerlKind, ClassSet, ClassSetItem, RepetitionKind,
    RepetitionRange,
};

use super::fold::{DIGIT, fold};

/// Characters of a literal at an end of the text: more would rarely tell more, and take longer to work out.
const MAX_END_CHARS: usize = 5;
/// Characters of a literal that stands anywhere.
pub(super) const MAX_INNER_CHARS: usize = 10;
/// Literals of one list; a longer list is cut to [`FEW_CHARS`], or says nothing.
pub(super) const MAX_LITERALS: usize = 128;
/// Characters of the literals of a list that is too long.
const FEW_CHARS: usize = 3;
/// Times that a repeated part is written out.
const MAX_REPEATED: u32 = 4;
/// Characters of a class that are spelled out.
const MAX_CLASS: u32 = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
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
pub(super) struct Literal {
    /// From the side on, so back to front from the end; `len` of them count, the others are [`NO_CHAR`].
    pub(super) chars: [char; MAX_INNER_CHARS],
    pub(super) len: usize,
    /// It is all of the part; otherwise something unknown follows.
    pub(super) exact: bool,
    /// It stands at the text's own start or end.
    pub(super) anchored: bool,
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

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn says_nothing(&self) -> bool {
        self.is_empty() && !self.exact
    }

    pub(super) fn text(&self) -> String {
        self.chars[..self.len].iter().collect()
    }
}

pub(super) fn nothing() -> Vec<Literal> {
    vec![Literal::empty(true)]
}

fn unknown() -> Vec<Literal> {
    vec![Literal::empty(false)]
}

pub(super) fn part(ast: &Ast, side: Side) -> Vec<Literal> {
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
pub(super) fn at_least(kind: &RepetitionKind) -> u32 {
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
pub(super) fn crossed(mut all: Vec<Literal>, next: &[Literal], side: Side) -> Vec<Literal> {
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
