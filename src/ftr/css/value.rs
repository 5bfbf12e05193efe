//! The two sides of a comparison in a predicate.

use super::super::xpath::{Axis, Expr, Start, Step, Test};

/// What a predicate compares.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'e> {
    /// An attribute of what the steps lead to.
    Attribute(Attribute<'e>),
    /// A string or number as it is written.
    Literal(String),
    /// The text of an element.
    Text,
    /// The element's name.
    Name,
    /// Something else.
    Other,
}

/// An attribute's value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Attribute<'e> {
    /// The way to its element.
    pub(super) steps: &'e [Step],
    pub(super) name: &'e str,
    /// With a space before and after it, so that words can be found in it.
    pub(super) spaced: bool,
    /// In lower case.
    pub(super) folded: bool,
}

/// Reads one side.
pub(super) fn value(expr: &Expr) -> Value<'_> {
    match expr {
        Expr::Text(text) => Value::Literal(text.clone()),
        Expr::Number(number) => Value::Literal(number.to_string()),
        Expr::Path(path) => match (&path.start, path.steps.split_last()) {
            (Start::Here, Some((last, steps))) => of_path(last, steps),
            _ => Value::Other,
        },
        Expr::Call(name, arguments) => of_call(name, arguments),
        _ => Value::Other,
    }
}

fn of_path<'e>(last: &'e Step, steps: &'e [Step]) -> Value<'e> {
    match (last.axis, &last.test) {
        (Axis::Attribute, Test::Name(name)) if last.predicates.is_empty() && !last.deep => {
            Value::Attribute(Attribute {
                steps,
                name,
                spaced: false,
                folded: false,
            })
        }
        (Axis::Attribute, _) => Value::Other,
        _ => Value::Text,
    }
}

fn of_call<'e>(name: &str, arguments: &'e [Expr]) -> Value<'e> {
    match (name, arguments) {
        ("normalize-space" | "string", []) => Value::Text,
        ("normalize-space" | "string", [inner]) => value(inner),
        ("lower-case", [inner]) => folded(value(inner)),
        ("name" | "local-name", []) => Value::Name,
        ("concat", [Expr::Text(before), inner, Expr::Text(after)]) if before == " " && after == " " => {
            match value(inner) {
                Value::Attribute(attribute) => Value::Attribute(Attribute {
                    spaced: true,
                    ..attribute
                }),
                _ => Value::Other,
            }
        }
        ("translate", [inner, Expr::Text(from), Expr::Text(to)]) if is_lowering(from, to) => {
            folded(value(inner))
        }
        _ => Value::Other,
    }
}

fn folded(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Attribute(attribute) => Value::Attribute(Attribute {
            folded: true,
            ..attribute
        }),
        other => other,
    }
}

pub(super) fn is_lowering(from: &str, to: &str) -> bool {
    from.to_lowercase() == to && from.chars().any(char::is_uppercase)
}
