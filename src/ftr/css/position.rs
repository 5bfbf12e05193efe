//! Predicates about the place among siblings.

use super::super::xpath::{Expr, Op, Step};

/// A place among siblings, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    Nth(u32),
    /// So many before the last.
    Last(u32),
    NotNth(u32),
    NotLast,
    /// This one and those behind it.
    From(u32),
    /// This one and those before it.
    UpTo(u32),
}

/// What a predicate says about the position, if that is what it is about.
pub(super) fn position(expr: &Expr) -> Option<Position> {
    match expr {
        Expr::Number(number) => whole(*number).map(Position::Nth),
        Expr::Call(name, _) if name == "last" => Some(Position::Last(0)),
        Expr::Sum(left, Op::Minus, right) => match (&**left, &**right) {
            (Expr::Call(name, _), Expr::Number(number)) if name == "last" => {
                whole(*number).map(Position::Last)
            }
            _ => None,
        },
        Expr::Compare(left, op, right) => {
            let Expr::Call(name, _) = &**left else { return None };
            if name != "position" {
                return None;
            }
            match (op, position(right)?) {
                (Op::Equal, place) => Some(place),
                (Op::NotEqual, Position::Nth(n)) => Some(Position::NotNth(n)),
                (Op::NotEqual | Op::Less, Position::Last(0)) => Some(Position::NotLast),
                (Op::Greater, Position::Nth(n)) => Some(Position::From(n + 1)),
                (Op::GreaterOrEqual, Position::Nth(n)) => Some(Position::From(n)),
                (Op::Less, Position::Nth(n)) => Some(Position::UpTo(n.checked_sub(1)?)),
                (Op::LessOrEqual, Position::Nth(n)) => Some(Position::UpTo(n)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn whole(number: f64) -> Option<u32> {
    const MAX: f64 = 1_000.0;
    (number.fract() == 0.0 && (1.0..=MAX).contains(&number)).then_some(number as u32)
}

pub(super) fn has_position(step: &Step) -> bool {
    step.predicates
        .iter()
        .any(|predicate| position(predicate).is_some())
}

/// Whether the first predicate is `[1]`, and the others; of several the `[1]` may also be the last.
pub(super) fn nearest(predicates: &[Expr]) -> (bool, &[Expr]) {
    let is_first = |predicate: &Expr| position(predicate) == Some(Position::Nth(1));
    match predicates {
        [one] if is_first(one) => (true, &[]),
        [others @ .., last] if is_first(last) => (true, others),
        _ => (false, predicates),
    }
}
