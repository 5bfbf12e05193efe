//! Tokens to the tree of an expression.

use super::tokens::{Token, tokens};
use super::{Axis, Expr, Op, Path, Start, Step, Test};

/// Parentheses, predicates and calls nest at most so deep; hand-written expressions stay under 8.
const MAX_DEPTH: usize = 24;
/// An expression has at most so many bytes; the longest hand-written ones have some 1,000.
const MAX_LENGTH: usize = 4_096;

/// Reads an expression.
///
/// # Errors
/// What is wrong with it.
pub(in crate::ftr) fn parse(text: &str) -> Result<Expr, String> {
    if text.len() > MAX_LENGTH {
        return Err(format!("longer than {MAX_LENGTH} bytes"));
    }
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
    };
    let expr = parser.or()?;
    match parser.peek() {
        None => Ok(expr),
        Some(token) => Err(format!("{} is not expected there", named(token))),
    }
}

fn named(token: Token<'_>) -> String {
    match token {
        Token::Mark(mark) => format!("{mark:?}"),
        Token::Name(name) => format!("{name:?}"),
        Token::Text(text) => format!("the string {text:?}"),
        Token::Number(number) => format!("the number {number}"),
    }
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    fn peek_after(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at + 1).copied()
    }

    fn take(&mut self, mark: &'static str) -> bool {
        let is_it = self.peek() == Some(Token::Mark(mark));
        self.at += usize::from(is_it);
        is_it
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_it = self.peek() == Some(Token::Name(word));
        self.at += usize::from(is_it);
        is_it
    }

    fn expect(&mut self, mark: &'static str) -> Result<(), String> {
        if self.take(mark) {
            return Ok(());
        }
        let found = self.peek().map_or_else(|| "the end".to_owned(), named);
        Err(format!("{mark:?} is missing before {found}"))
    }

    fn or(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("nests deeper than {MAX_DEPTH}"));
        }
        let mut all = vec![self.and()?];
        while self.take_word("or") {
            all.push(self.and()?);
        }
        self.depth -= 1;
        Ok(one_or(all, Expr::Or))
    }

    fn and(&mut self) -> Result<Expr, String> {
        let mut all = vec![self.compare()?];
        while self.take_word("and") {
            all.push(self.compare()?);
        }
        Ok(one_or(all, Expr::And))
    }

    fn compare(&mut self) -> Result<Expr, String> {
        let left = self.sum()?;
        let op = match self.peek() {
            Some(Token::Mark("=")) => Op::Equal,
            Some(Token::Mark("!=")) => Op::NotEqual,
            Some(Token::Mark("<")) => Op::Less,
            Some(Token::Mark("<=")) => Op::LessOrEqual,
            Some(Token::Mark(">")) => Op::Greater,
            Some(Token::Mark(">=")) => Op::GreaterOrEqual,
            _ => return Ok(left),
        };
        self.at += 1;
        let right = self.sum()?;
        Ok(Expr::Compare(Box::new(left), op, Box::new(right)))
    }

    fn sum(&mut self) -> Result<Expr, String> {
        let left = self.union()?;
        let op = match self.peek() {
            Some(Token::Mark("+")) => Op::Plus,
            Some(Token::Mark("-")) => Op::Minus,
            _ => return Ok(left),
        };
        self.at += 1;
        let right = self.union()?;
        Ok(Expr::Sum(Box::new(left), op, Box::new(right)))
    }

    fn union(&mut self) -> Result<Expr, String> {
        let mut all = vec![self.path()?];
        while self.take("|") {
            all.push(self.path()?);
        }
        Ok(one_or(all, Expr::Union))
    }

    fn path(&mut self) -> Result<Expr, String> {
        let start = match (self.peek(), self.peek_after()) {
            (Some(Token::Text(text)), _) => {
                self.at += 1;
                return Ok(Expr::Text(text.to_owned()));
            }
            (Some(Token::Number(number)), _) => {
                self.at += 1;
                return Ok(Expr::Number(number));
            }
            (Some(Token::Mark("(")), _) => {
                self.at += 1;
                let inner = self.or()?;
                self.expect(")")?;
                Some(inner)
            }
            (Some(Token::Name(name)), Some(Token::Mark("("))) if node_test(name).is_none() => {
                self.at += 2;
                Some(Expr::Call(name.to_ascii_lowercase(), self.arguments()?))
            }
            _ => None,
        };
        let Some(start) = start else {
            return self.location();
        };
        let predicates = self.predicates()?;
        let steps = self.steps()?;
        if predicates.is_empty() && steps.is_empty() {
            return Ok(start);
        }
        Ok(Expr::Path(Path {
            start: Start::Of(Box::new(start), predicates),
            steps,
        }))
    }

    fn arguments(&mut self) -> Result<Vec<Expr>, String> {
        let mut arguments = Vec::new();
        if self.take(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.or()?);
            if !self.take(",") {
                break;
            }
        }
        self.expect(")")?;
        Ok(arguments)
    }

    fn location(&mut self) -> Result<Expr, String> {
        let is_absolute = matches!(self.peek(), Some(Token::Mark("/" | "//")));
        let mut steps = Vec::new();
        if !is_absolute {
            steps.push(self.step(false)?);
        }
        steps.extend(self.steps()?);
        let start = if is_absolute { Start::Root } else { Start::Here };
        Ok(Expr::Path(Path { start, steps }))
    }

    /// The steps that follow, each behind `/` or `//`.
    fn steps(&mut self) -> Result<Vec<Step>, String> {
        let mut steps = Vec::new();
        loop {
            let deep = match self.peek() {
                Some(Token::Mark("//")) => true,
                Some(Token::Mark("/")) => false,
                _ => return Ok(steps),
            };
            self.at += 1;
            steps.push(self.step(deep)?);
        }
    }

    fn step(&mut self, deep: bool) -> Result<Step, String> {
        for (mark, axis) in [(".", Axis::Itself), ("..", Axis::Parent)] {
            if self.take(mark) {
                return Ok(Step {
                    deep,
                    axis,
                    test: Test::Node,
                    predicates: self.predicates()?,
                });
            }
        }
        let axis = self.axis()?;
        let test = self.test()?;
        Ok(Step {
            deep,
            axis,
            test,
            predicates: self.predicates()?,
        })
    }

    fn axis(&mut self) -> Result<Axis, String> {
        if self.take("@") {
            return Ok(Axis::Attribute);
        }
        let (Some(Token::Name(name)), Some(Token::Mark("::"))) = (self.peek(), self.peek_after()) else {
            return Ok(Axis::Child);
        };
        self.at += 2;
        Ok(match name {
            "child" => Axis::Child,
            "descendant" => Axis::Descendant,
            "descendant-or-self" => Axis::DescendantOrSelf,
            "parent" => Axis::Parent,
            "ancestor" => Axis::Ancestor,
            "ancestor-or-self" => Axis::AncestorOrSelf,
            "following-sibling" => Axis::FollowingSibling,
            "preceding-sibling" => Axis::PrecedingSibling,
            "following" => Axis::Following,
            "preceding" => Axis::Preceding,
            "self" => Axis::Itself,
            "attribute" => Axis::Attribute,
            _ => return Err(format!("{name:?} is no axis")),
        })
    }

    fn test(&mut self) -> Result<Test, String> {
        if self.take("*") {
            return Ok(Test::Any);
        }
        let Some(Token::Name(name)) = self.peek() else {
            let found = self.peek().map_or_else(|| "the end".to_owned(), named);
            return Err(format!("a name is missing before {found}"));
        };
        self.at += 1;
        if self.peek() == Some(Token::Mark("("))
            && let Some(test) = node_test(name)
        {
            self.at += 1;
            self.expect(")")?;
            return Ok(test);
        }
        Ok(Test::Name(name.to_ascii_lowercase()))
    }

    fn predicates(&mut self) -> Result<Vec<Expr>, String> {
        let mut predicates = Vec::new();
        while self.take("[") {
            predicates.push(self.or()?);
            self.expect("]")?;
        }
        Ok(predicates)
    }
}

fn node_test(name: &str) -> Option<Test> {
    match name {
        "text" => Some(Test::Text),
        "node" => Some(Test::Node),
        "comment" => Some(Test::Comment),
        _ => None,
    }
}

fn one_or(mut all: Vec<Expr>, several: fn(Vec<Expr>) -> Expr) -> Expr {
    match (all.len(), all.pop()) {
        (1, Some(one)) => one,
        (_, last) => {
            all.extend(last);
            several(all)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_in_use_is_read() {
        for text in [
            "//div[@class='a']//p[1]/text()",
            "//a[contains(concat(' ', normalize-space(@class), ' '), ' b ')]",
            "(//a | //b)[last()]/following-sibling::*[1]",
            "//img[position() > 1 and not(@alt)]",
            "//p[.='x' or starts-with(., \"y\")]/..",
            "substring-before(//title, ' | ')",
            "//a/ancestor::section[1]",
            "//div[last()-1]",
            "/html/body/table[3]",
        ] {
            assert!(parse(text).is_ok(), "{text}: {:?}", parse(text));
        }
    }

    #[test]
    fn what_is_no_expression_is_said_and_never_panics() {
        for text in [
            "",
            "//",
            "//a[",
            "//a]",
            "//a[@b='c'",
            "a::b",
            "//a[€]",
            "(((",
            "//p[contains(., 'x')",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn depth_and_length_have_limits() {
        let deep = "(".repeat(2_000) + "//a";
        assert!(parse(&deep).unwrap_err().contains("deeper"));
        let calls = "not(".repeat(100) + "a" + &")".repeat(100);
        assert!(parse(&calls).unwrap_err().contains("deeper"));
        assert!(parse(&"//a".repeat(4_000)).unwrap_err().contains("longer"));
    }
}
