//! XPath text to tokens.

/// A token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    /// A mark, as `//` or `!=`.
    Mark(&'static str),
    /// A name, as `following-sibling`, `og:title` or `and`.
    Name(&'a str),
    /// A string without its quotes.
    Text(&'a str),
    Number(f64),
}

/// Longer marks before those they begin with.
const MARKS: [&str; 20] = [
    "//", "::", "..", "!=", "<=", ">=", "/", "[", "]", "(", ")", "@", ",", "|", "=", "<", ">", "+", "-", "*",
];

/// The tokens of an expression.
///
/// # Errors
/// What stands there that XPath does not know.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = next(rest, first)?;
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn next(rest: &str, first: char) -> Result<(Token<'_>, &str), String> {
    if matches!(first, '"' | '\'') {
        let inner = &rest[1..];
        let end = inner
            .find(first)
            .ok_or_else(|| format!("the quote before {inner:?} is never closed"))?;
        return Ok((Token::Text(&inner[..end]), &inner[end + 1..]));
    }
    if first.is_ascii_digit() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let number = rest[..end]
            .parse()
            .map_err(|_| format!("{:?} is no number", &rest[..end]))?;
        return Ok((Token::Number(number), &rest[end..]));
    }
    if first.is_alphabetic() || first == '_' {
        let end = name_end(rest);
        return Ok((Token::Name(&rest[..end]), &rest[end..]));
    }
    if let Some(mark) = MARKS.into_iter().find(|mark| rest.starts_with(mark)) {
        return Ok((Token::Mark(mark), &rest[mark.len()..]));
    }
    if first == '.' {
        return Ok((Token::Mark("."), &rest[1..]));
    }
    Err(format!("{first:?} is not expected here"))
}

/// Where the name at the start ends; one colon may be in it, two end it.
fn name_end(text: &str) -> usize {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let is_inner_colon = c == ':'
            && !text[at + 1..].starts_with(':')
            && text[at + 1..].starts_with(|c: char| c.is_alphabetic() || c == '_');
        if !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.') || is_inner_colon) {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_dashes_and_one_colon_and_end_before_two() {
        let names = tokens("following-sibling::og:title").unwrap();
        assert_eq!(
            names,
            [
                Token::Name("following-sibling"),
                Token::Mark("::"),
                Token::Name("og:title")
            ]
        );
    }

    #[test]
    fn an_open_quote_is_said() {
        assert!(tokens("//a[@b='c]").unwrap_err().contains("never closed"));
    }
}
