//! The part of XPath 1.0 that site configs use, as a tree.

mod parse;
mod tokens;

pub(super) use parse::parse;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    /// `a or b`
    Or(Vec<Expr>),
    /// `a and b`
    And(Vec<Expr>),
    /// `a = b` and the like
    Compare(Box<Expr>, Op, Box<Expr>),
    /// `a - b`, `a + b`
    Sum(Box<Expr>, Op, Box<Expr>),
    /// `a | b`
    Union(Vec<Expr>),
    /// A location path.
    Path(Path),
    /// `name(arguments)`
    Call(String, Vec<Expr>),
    /// A string.
    Text(String),
    /// A number.
    Number(f64),
}

/// An operator with two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
}

/// A location path.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Path {
    pub(super) start: Start,
    pub(super) steps: Vec<Step>,
}

/// Where a path begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Start {
    /// At the document.
    Root,
    /// At the element it is asked of.
    Here,
    /// At what another expression gives, of which the predicates choose.
    Of(Box<Expr>, Vec<Expr>),
}

/// A step of a path.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    /// It stands behind `//`: any number of elements may lie between.
    pub(super) deep: bool,
    pub(super) axis: Axis,
    pub(super) test: Test,
    pub(super) predicates: Vec<Expr>,
}

/// The way of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Child,
    Descendant,
    DescendantOrSelf,
    Parent,
    Ancestor,
    AncestorOrSelf,
    FollowingSibling,
    PrecedingSibling,
    Following,
    Preceding,
    Itself,
    Attribute,
}

/// What a step takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    /// An element or attribute of this name, in lower case.
    Name(String),
    /// `*`
    Any,
    /// `node()`
    Node,
    /// `text()`
    Text,
    /// `comment()`
    Comment,
}
