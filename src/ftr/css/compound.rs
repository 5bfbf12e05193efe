//! A complex selector that grows at its right end.

use super::super::xpath::{Expr, Test};
use super::position::Position;
use super::{NEVER, POSITION, quoted};

/// One expression gives at most so many selectors.
pub(super) const MAX_ALTERNATIVES: usize = 16;
/// A selector has at most so many bytes: conditions that repeat others could double it again and again.
const MAX_LENGTH: usize = 2_000;
/// Places among siblings that a condition chooses are counted up to here.
const MAX_COUNTED: u32 = 4;

/// A selector: what leads to the last compound, and that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Compound {
    /// All before the last compound, with its combinator.
    lead: String,
    /// The tag of the last compound; empty for any.
    tag: String,
    /// The conditions of the last compound.
    rest: String,
}

impl Compound {
    /// The whole selector.
    pub(super) fn text(&self) -> String {
        format!("{}{}", self.lead, self.own())
    }

    /// The last compound alone.
    pub(super) fn own(&self) -> String {
        if self.is_any() {
            return "*".to_owned();
        }
        format!("{}{}", self.tag, self.rest)
    }

    /// The tag of the last compound; empty for any.
    pub(super) fn tag(&self) -> &str {
        &self.tag
    }

    /// Whether the last compound asks nothing.
    pub(super) fn is_any(&self) -> bool {
        self.tag.is_empty() && self.rest.is_empty()
    }

    /// Any element behind this combinator.
    pub(super) fn then(&self, combinator: &str) -> Self {
        Self {
            lead: format!("{}{combinator}", self.text()),
            ..Self::default()
        }
    }

    /// Any element that stands in this relation to the one asked.
    pub(super) fn relative(combinator: &str) -> Self {
        Self {
            lead: combinator.to_owned(),
            ..Self::default()
        }
    }

    /// With a test of the tag.
    pub(super) fn tagged(mut self, test: &Test) -> Result<Self, String> {
        let Test::Name(name) = test else { return Ok(self) };
        let name = name.rsplit(':').next().unwrap_or(name);
        if !is_identifier(name) {
            return Err(format!("{name:?} is no tag"));
        }
        if !self.tag.is_empty() && self.tag != name {
            return Err(NEVER.to_owned());
        }
        name.clone_into(&mut self.tag);
        Ok(self)
    }

    /// With the conditions of another.
    pub(super) fn with(mut self, other: &Self) -> Result<Self, String> {
        self.add(&other.rest)?;
        Ok(self)
    }

    /// Adds a condition.
    pub(super) fn add(&mut self, condition: &str) -> Result<(), String> {
        self.rest.push_str(condition);
        if self.lead.len() + self.rest.len() > MAX_LENGTH {
            return Err("its selector would be too long".to_owned());
        }
        Ok(())
    }

    /// Adds a place among the siblings that are like it.
    pub(super) fn at(&mut self, position: Position) -> Result<(), String> {
        let condition = if self.rest.is_empty() {
            place(position, !self.tag.is_empty())?
        } else {
            self.counted(position)?
        };
        self.add(&condition)
    }

    /// A place among the siblings that meet the conditions so far.
    fn counted(&self, position: Position) -> Result<String, String> {
        let own = self.own();
        // At least n before it.
        let behind = |n: u32| format!("{}*", format!("{own} ~ ").repeat(n as usize));
        let exactly = |n: u32| match n {
            1 => format!(":not({})", behind(1)),
            n => format!(":is({}):not({})", behind(n - 1), behind(n)),
        };
        let is_testable = !own.contains(":has(");
        match position {
            Position::Nth(n @ 1..=MAX_COUNTED) => Ok(exactly(n)),
            Position::From(1) => Ok(String::new()),
            Position::From(n @ 2..=MAX_COUNTED) => Ok(format!(":is({})", behind(n - 1))),
            Position::UpTo(n @ 1..=MAX_COUNTED) => Ok(format!(":not({})", behind(n))),
            Position::NotNth(1) => Ok(format!(":is({})", behind(1))),
            Position::Last(0) if is_testable => Ok(format!(":not(:has(~ {own}))")),
            Position::NotLast if is_testable => Ok(format!(":has(~ {own})")),
            _ => Err(POSITION.to_owned()),
        }
    }
}

/// The pseudo-class of a place among all siblings, or among those of the same tag.
fn place(position: Position, of_type: bool) -> Result<String, String> {
    let kind = if of_type { "of-type" } else { "child" };
    Ok(match position {
        Position::Nth(1) => format!(":first-{kind}"),
        Position::Last(0) => format!(":last-{kind}"),
        Position::Nth(n) => format!(":nth-{kind}({n})"),
        Position::Last(n) => format!(":nth-last-{kind}({})", n + 1),
        Position::NotNth(n) => format!(":not({})", place(Position::Nth(n), of_type)?),
        Position::NotLast => format!(":not(:last-{kind})"),
        Position::From(n) => format!(":nth-{kind}(n+{n})"),
        Position::UpTo(0) => return Err(NEVER.to_owned()),
        Position::UpTo(n) => format!(":nth-{kind}(-n+{n})"),
    })
}

/// That the element has something in this relation to it.
pub(super) fn has(relation: &str, what: &Compound) -> Result<String, String> {
    let text = what.text();
    if text.contains(":has(") {
        return Err("a test of what is inside, within another".to_owned());
    }
    Ok(if what.lead.is_empty() {
        format!(":has({relation}{text})")
    } else {
        format!(":has({relation}:is({text}))")
    })
}

/// The element that `id('a')` names.
pub(super) fn by_id(expr: &Expr) -> Option<Result<Compound, String>> {
    let Expr::Call(name, arguments) = expr else {
        return None;
    };
    let ("id", [Expr::Text(id)]) = (name.as_str(), arguments.as_slice()) else {
        return None;
    };
    let mut compound = Compound::default();
    let added = compound.add(&format!("[id={}]", quoted(id)));
    Some(added.map(|()| compound))
}

/// Whether a name can stand in CSS as it is.
pub(super) fn is_identifier(name: &str) -> bool {
    let tail = name.strip_prefix('-').unwrap_or(name);
    tail.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && tail
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}
