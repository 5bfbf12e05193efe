//! Predicates to conditions of a compound.

use std::fmt::Write;

use super::super::xpath::{Axis, Expr, Op, Path, Start, Step, Test};
use super::compound::{Compound, is_identifier};
use super::position::{nearest, position};
use super::value::{Attribute, Value, value};
use super::{At, End, NEVER, POSITION, TEXT_TEST, Translator};

/// What a predicate asks of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    Always,
    Never,
    /// Simple selectors that all must match.
    Is(String),
}

impl Condition {
    /// As simple selectors, empty where it always holds.
    pub(super) fn required(self) -> Result<String, String> {
        match self {
            Self::Always => Ok(String::new()),
            Self::Never => Err(NEVER.to_owned()),
            Self::Is(css) => Ok(css),
        }
    }

    fn negated(self) -> Self {
        match self {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::Is(css) => Self::Is(format!(":not({css})")),
        }
    }
}

/// How an attribute's value and a text are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    Equal,
    Contains,
    Starts,
    Ends,
}

impl Translator<'_> {
    pub(super) fn condition(&mut self, expr: &Expr) -> Result<Condition, String> {
        if position(expr).is_some() {
            return Err(POSITION.to_owned());
        }
        match expr {
            Expr::Or(parts) | Expr::Union(parts) => self.any_of(parts),
            Expr::And(parts) => self.all_of(parts),
            Expr::Path(Path {
                start: Start::Here,
                steps,
            }) => self.exists(steps, ""),
            Expr::Path(_) => Err("a test of the whole page".to_owned()),
            Expr::Call(name, arguments) => self.call(name, arguments),
            Expr::Compare(left, op, right) => self.compare(left, *op, right),
            Expr::Text(text) if text.is_empty() => Ok(Condition::Never),
            Expr::Text(_) => Ok(Condition::Always),
            Expr::Number(_) | Expr::Sum(..) => Err(POSITION.to_owned()),
        }
    }

    fn any_of(&mut self, parts: &[Expr]) -> Result<Condition, String> {
        let mut all = Vec::new();
        for part in parts {
            match self.condition(part)? {
                Condition::Always => return Ok(Condition::Always),
                Condition::Never => {}
                Condition::Is(css) => all.push(css),
            }
        }
        Ok(match all.as_slice() {
            [] => Condition::Never,
            [one] => Condition::Is(one.clone()),
            _ => Condition::Is(format!(":is({})", all.join(", "))),
        })
    }

    fn all_of(&mut self, parts: &[Expr]) -> Result<Condition, String> {
        let mut css = String::new();
        for part in parts {
            match self.condition(part)? {
                Condition::Always => {}
                Condition::Never => return Ok(Condition::Never),
                Condition::Is(part) => css.push_str(&part),
            }
        }
        Ok(if css.is_empty() {
            Condition::Always
        } else {
            Condition::Is(css)
        })
    }

    fn call(&mut self, name: &str, arguments: &[Expr]) -> Result<Condition, String> {
        match (name, arguments) {
            ("not", [inner]) => Ok(self.condition(inner)?.negated()),
            ("boolean", [inner]) => self.condition(inner),
            ("true", []) => Ok(Condition::Always),
            ("false", []) => Ok(Condition::Never),
            ("contains", [left, right]) => self.matched(left, Match::Contains, right),
            ("starts-with", [left, right]) => self.matched(left, Match::Starts, right),
            ("ends-with", [left, right]) => self.matched(left, Match::Ends, right),
            ("normalize-space" | "string" | "string-length", _) => Err(TEXT_TEST.to_owned()),
            _ => Err(format!(
                "the function {name}() with {} arguments",
                arguments.len()
            )),
        }
    }

    fn compare(&mut self, left: &Expr, op: Op, right: &Expr) -> Result<Condition, String> {
        if let Some(condition) = self.counted(left, op, right)? {
            return Ok(condition);
        }
        let (left, right) = match left {
            Expr::Text(_) | Expr::Number(_) => (right, left),
            _ => (left, right),
        };
        match op {
            Op::Equal => self.matched(left, Match::Equal, right),
            // Of an attribute that is there.
            Op::NotEqual => {
                let equal = self.matched(left, Match::Equal, right)?;
                let Value::Attribute(attribute) = value(left) else {
                    return Ok(equal.negated());
                };
                if !attribute.steps.is_empty() {
                    return Err("an unequal attribute of another element".to_owned());
                }
                let unequal = equal.negated().required()?;
                Ok(Condition::Is(format!("[{}]{unequal}", attribute.name)))
            }
            _ => Err("a comparison of sizes".to_owned()),
        }
    }

    /// `count(x) = 0` and the like.
    fn counted(&mut self, left: &Expr, op: Op, right: &Expr) -> Result<Option<Condition>, String> {
        let (Expr::Call(name, arguments), Expr::Number(number)) = (left, right) else {
            return Ok(None);
        };
        if name == "string-length" {
            return Err(TEXT_TEST.to_owned());
        }
        let [counted] = arguments.as_slice() else {
            return Ok(None);
        };
        if name != "count" {
            return Ok(None);
        }
        let (is_zero, is_one) = (*number == 0.0, (*number - 1.0).abs() < f64::EPSILON);
        match op {
            Op::Equal | Op::LessOrEqual if is_zero => Ok(Some(self.condition(counted)?.negated())),
            Op::Less if is_one => Ok(Some(self.condition(counted)?.negated())),
            Op::Greater | Op::NotEqual if is_zero => Ok(Some(self.condition(counted)?)),
            Op::GreaterOrEqual if is_one => Ok(Some(self.condition(counted)?)),
            _ => Err("a count".to_owned()),
        }
    }

    fn matched(&mut self, left: &Expr, how: Match, right: &Expr) -> Result<Condition, String> {
        let Value::Literal(text) = value(right) else {
            return Err("a comparison with something that is no fixed text".to_owned());
        };
        match value(left) {
            Value::Attribute(attribute) => {
                let condition = attribute_matches(&attribute, how, &text);
                match condition {
                    Condition::Is(css) if !attribute.steps.is_empty() => self.exists(attribute.steps, &css),
                    Condition::Never => Ok(Condition::Never),
                    // The attribute of another element must be there all the same.
                    Condition::Always if !attribute.steps.is_empty() => {
                        self.exists(attribute.steps, &format!("[{}]", attribute.name))
                    }
                    condition => Ok(condition),
                }
            }
            Value::Name if how == Match::Equal && is_identifier(&text) => {
                Ok(Condition::Is(format!(":is({})", text.to_ascii_lowercase())))
            }
            Value::Text => Err(TEXT_TEST.to_owned()),
            Value::Literal(own) => Ok(if holds(&own, how, &text) {
                Condition::Always
            } else {
                Condition::Never
            }),
            Value::Name | Value::Other => Err("a comparison of something computed".to_owned()),
        }
    }

    /// That the steps lead to something, which also meets `extra`.
    fn exists(&mut self, steps: &[Step], extra: &str) -> Result<Condition, String> {
        let Some((first, rest)) = steps.split_first() else {
            return Ok(if extra.is_empty() {
                Condition::Always
            } else {
                Condition::Is(extra.to_owned())
            });
        };
        match (first.axis, &first.test) {
            (Axis::Attribute, Test::Name(name)) if first.predicates.is_empty() && rest.is_empty() => {
                Ok(Condition::Is(format!("[{name}]")))
            }
            (Axis::Attribute, _) => Err("any attribute".to_owned()),
            (_, Test::Text) => Err(TEXT_TEST.to_owned()),
            (_, Test::Comment) => Err("a test of comments".to_owned()),
            (Axis::Itself, test) if !first.deep => {
                let mut own = Compound::default();
                self.conditions(&mut own, &first.predicates)?;
                let mut css = match test {
                    Test::Name(name) => format!(":is({name})"),
                    _ => String::new(),
                };
                if !own.is_any() {
                    css.push_str(&own.own());
                }
                match self.exists(rest, extra)? {
                    Condition::Never => return Ok(Condition::Never),
                    Condition::Always => {}
                    Condition::Is(rest) => css.push_str(&rest),
                }
                Ok(if css.is_empty() {
                    Condition::Always
                } else {
                    Condition::Is(css)
                })
            }
            (Axis::Parent, _) => self.has_around(first, " > ", rest, extra),
            (Axis::Ancestor, _) => self.has_around(first, " ", rest, extra),
            (Axis::PrecedingSibling, _) => self.has_around(first, " ~ ", rest, extra),
            (Axis::Child | Axis::Descendant | Axis::FollowingSibling | Axis::Itself, _) => {
                self.has_below(steps, extra)
            }
            _ => Err("this way from the element".to_owned()),
        }
    }

    /// That something stands around or before the element.
    fn has_around(
        &mut self,
        first: &Step,
        combinator: &str,
        rest: &[Step],
        extra: &str,
    ) -> Result<Condition, String> {
        if first.deep {
            return Err("this way from the element".to_owned());
        }
        let mut outer = Compound::default().tagged(&first.test)?;
        let (is_nearest, predicates) = nearest_first(&first.predicates);
        let combinator = match (is_nearest, combinator) {
            (false, combinator) | (true, combinator @ " > ") => combinator,
            (true, " ~ ") if outer.is_any() => " + ",
            (true, " ") if outer.is_any() => " > ",
            _ => return Err(POSITION.to_owned()),
        };
        self.conditions(&mut outer, predicates)?;
        outer.add(&self.exists(rest, extra)?.required()?)?;
        Ok(Condition::Is(format!(":is({})", outer.then(combinator).text())))
    }

    /// That something stands below or behind the element.
    fn has_below(&mut self, steps: &[Step], extra: &str) -> Result<Condition, String> {
        let Some((first, rest)) = steps.split_first() else {
            return Ok(Condition::Always);
        };
        let (is_next, after) = nearest_first(&first.predicates);
        let is_any = !matches!(first.test, Test::Name(_));
        let (combinator, predicates) = match first.axis {
            Axis::FollowingSibling if is_next && is_any => ("+ ", after),
            Axis::FollowingSibling => ("~ ", &first.predicates[..]),
            Axis::Child if !first.deep => ("> ", &first.predicates[..]),
            _ => ("", &first.predicates[..]),
        };
        let mut start = Compound::relative(combinator).tagged(&first.test)?;
        if first.axis == Axis::Child {
            self.narrow(&mut start, first)?;
        } else {
            self.conditions(&mut start, predicates)?;
        }
        if rest.iter().any(|step| {
            !matches!(
                step.axis,
                Axis::Child | Axis::Descendant | Axis::FollowingSibling | Axis::Itself | Axis::Attribute
            )
        }) {
            return Err("a way there and back inside a test".to_owned());
        }
        let (at, end) = self.walk(At::Elements(vec![start]), rest)?;
        let At::Elements(compounds) = at else {
            return Err(NEVER.to_owned());
        };
        let mut all = Vec::new();
        for mut compound in compounds {
            match &end {
                End::Attribute(name) => compound.add(&format!("[{name}]"))?,
                End::Element => {}
                End::Text | End::Comment => return Err(TEXT_TEST.to_owned()),
            }
            compound.add(extra)?;
            all.push(compound.text());
        }
        let inner = all.join(", ");
        if inner.contains(":has(") {
            return Err("a test of what is inside, within another".to_owned());
        }
        Ok(Condition::Is(format!(":has({inner})")))
    }
}

/// As [`nearest`], with the `[1]` in front of the other conditions: the nearest, if it meets them.
fn nearest_first(predicates: &[Expr]) -> (bool, &[Expr]) {
    match predicates {
        [first, rest @ ..] if nearest(std::slice::from_ref(first)).0 => (true, rest),
        _ => (false, predicates),
    }
}

fn holds(own: &str, how: Match, text: &str) -> bool {
    match how {
        Match::Equal => own == text,
        Match::Contains => own.contains(text),
        Match::Starts => own.starts_with(text),
        Match::Ends => own.ends_with(text),
    }
}

fn attribute_matches(attribute: &Attribute<'_>, how: Match, text: &str) -> Condition {
    let name = attribute.name;
    let flag = if attribute.folded { " i" } else { "" };
    let asked = |operator: &str, text: &str| format!("[{name}{operator}{}{flag}]", quoted(text));
    if text.is_empty() {
        return match how {
            Match::Equal => Condition::Is(format!("[{name}=\"\"]")),
            _ => Condition::Always,
        };
    }
    if attribute.spaced && how == Match::Contains {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (is_start, is_end) = (text.starts_with(' '), text.ends_with(' '));
        return Condition::Is(match (words.as_slice(), is_start, is_end) {
            ([], ..) => return Condition::Always,
            ([word], true, true) if name == "class" && flag.is_empty() && is_identifier(word) => {
                format!(".{word}")
            }
            ([word], true, true) => asked("~=", word),
            ([word], true, false) => {
                format!(":is({}, {})", asked("^=", word), asked("*=", &format!(" {word}")))
            }
            ([word], false, true) => {
                format!(":is({}, {})", asked("$=", word), asked("*=", &format!("{word} ")))
            }
            _ => asked("*=", text.trim()),
        });
    }
    let operator = match how {
        Match::Equal => "=",
        Match::Contains => "*=",
        Match::Starts => "^=",
        Match::Ends => "$=",
    };
    Condition::Is(asked(operator, text))
}

/// A CSS string.
pub(in crate::ftr) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\{:x} ", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
