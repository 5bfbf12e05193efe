//! Markdown (CommonMark, with the tables of GitHub's dialect): what looks like markup in the text is escaped.

use crate::article::{Article, Block, BlockKind};

use super::safe::{safe, safe_line};
use super::{Run, headline, runs};

/// The deepest heading that Markdown has.
const DEEPEST_HEADING: u8 = 6;
/// The shortest code fence.
const SHORTEST_FENCE: usize = 3;

/// The headline as the first heading, then the blocks, parted by blank lines, with a newline at the end.
pub fn markdown(article: &Article) -> String {
    let mut out = String::new();
    if let Some(title) = headline(article.fields.title.as_deref()) {
        heading(&mut out, 1, title);
    }
    for run in runs(&article.blocks) {
        if !out.is_empty() {
            out.push('\n');
        }
        write_run(&mut out, &run);
    }
    out
}

fn write_run(out: &mut String, run: &Run<'_>) {
    match run.kind {
        BlockKind::Heading { level } => run
            .blocks
            .iter()
            .for_each(|b| heading(out, level.max(2), &b.text)),
        BlockKind::ListItem => lines(out, run.blocks, "- "),
        BlockKind::Quote => quotes(out, run.blocks),
        BlockKind::TableRow => table(out, run.blocks),
        BlockKind::Preformatted => run.blocks.iter().for_each(|b| fenced(out, &b.text)),
        BlockKind::Paragraph | BlockKind::Caption | BlockKind::Other => lines(out, run.blocks, ""),
    }
}

fn heading(out: &mut String, level: u8, text: &str) {
    let marks = usize::from(level.clamp(1, DEEPEST_HEADING));
    out.extend(std::iter::repeat_n('#', marks));
    out.push(' ');
    inline(out, text);
    out.push('\n');
}

fn lines(out: &mut String, blocks: &[Block], marker: &str) {
    for block in blocks {
        out.push_str(marker);
        inline(out, &block.text);
        out.push('\n');
    }
}

fn quotes(out: &mut String, blocks: &[Block]) {
    for (n, block) in blocks.iter().enumerate() {
        out.push_str(if n == 0 { "> " } else { ">\n> " });
        inline(out, &block.text);
        out.push('\n');
    }
}

/// The first row is the head, for a table must have one; shorter rows are filled up.
fn table(out: &mut String, blocks: &[Block]) {
    let rows: Vec<Vec<&str>> = blocks.iter().map(|b| b.text.split('\t').collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(1);
    for (n, row) in rows.iter().enumerate() {
        out.push('|');
        for cell in row.iter().copied().chain(std::iter::repeat("")).take(columns) {
            let mut text = String::new();
            inline(&mut text, cell);
            out.push(' ');
            out.push_str(&text.replace('|', "\\|"));
            out.push_str(" |");
        }
        out.push('\n');
        if n == 0 {
            out.push('|');
            out.push_str(&" --- |".repeat(columns));
            out.push('\n');
        }
    }
}

fn fenced(out: &mut String, text: &str) {
    let text = safe(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(SHORTEST_FENCE.max(longest + 1));
    out.push_str(&fence);
    out.push('\n');
    out.push_str(&text);
    out.push('\n');
    out.push_str(&fence);
    out.push('\n');
}

/// One line of text that reads as itself.
fn inline(out: &mut String, text: &str) {
    let text = safe_line(text);
    let mut rest = text.as_str();
    if let Some(at) = block_marker(&text) {
        out.push_str(&rest[..at]);
        out.push('\\');
        let end = at + rest[at..].chars().next().map_or(0, char::len_utf8);
        out.push_str(&rest[at..end]);
        rest = &rest[end..];
    }
    let mut before = out.chars().next_back().unwrap_or(' ');
    let mut chars = rest.chars().peekable();
    while let Some(c) = chars.next() {
        if is_markup(before, c, chars.peek().copied()) {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
}

/// The byte at which a backslash keeps the line from opening a heading, list or rule.
fn block_marker(line: &str) -> Option<usize> {
    if line.starts_with(['#', '+', '-', '=']) {
        return Some(0);
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let after = &line[digits..];
    let numbered = digits > 0 && after.starts_with(['.', ')']);
    (numbered && matches!(after.chars().nth(1), None | Some(' '))).then_some(digits)
}

fn is_markup(before: char, c: char, after: Option<char>) -> bool {
    match c {
        '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '~' => true,
        '_' => !(before.is_alphanumeric() && after.is_some_and(char::is_alphanumeric)),
        '&' => after.is_some_and(|a| a == '#' || a.is_ascii_alphanumeric()),
        '#' => before == ' ' && !after.is_some_and(char::is_alphanumeric),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::tests::article;

    fn body(blocks: &[(BlockKind, &str)]) -> String {
        let mut article = article(blocks);
        article.fields.title = None;
        markdown(&article)
    }

    #[test]
    fn the_headline_is_the_only_heading_of_the_first_level() {
        let article = article(&[
            (BlockKind::Heading { level: 1 }, "Votes"),
            (BlockKind::Paragraph, "Yes."),
        ]);
        assert_eq!(markdown(&article), "# Budget passes\n\n## Votes\n\nYes.\n");
    }

    #[test]
    fn text_that_looks_like_markup_is_escaped() {
        for (text, expected) in [
            ("5 * 3 and *this*", r"5 \* 3 and \*this\*"),
            ("[x](javascript:1) <b> `c`", r"\[x\](javascript:1) \<b\> \`c\`"),
            ("# not a heading", r"\# not a heading"),
            ("- not a list", r"\- not a list"),
            ("1. not a list", r"1\. not a list"),
            ("2026) not a list", r"2026\) not a list"),
            ("1.5 million", "1.5 million"),
            ("snake_case and _emphasis_", r"snake_case and \_emphasis\_"),
            ("AT&T &amp; co & more", r"AT\&T \&amp; co & more"),
            ("> no quote", r"\> no quote"),
            ("~~kept~~ C:\\x", r"\~\~kept\~\~ C:\\x"),
        ] {
            assert_eq!(
                body(&[(BlockKind::Paragraph, text)]),
                format!("{expected}\n"),
                "{text}"
            );
        }
    }

    #[test]
    fn neighbouring_items_make_one_list_and_neighbouring_quotes_one_quotation() {
        let kinds = [
            (BlockKind::ListItem, "one"),
            (BlockKind::ListItem, "- two"),
            (BlockKind::Quote, "a"),
            (BlockKind::Quote, "b"),
        ];
        assert_eq!(body(&kinds), "- one\n- \\- two\n\n> a\n>\n> b\n");
    }

    #[test]
    fn rows_make_a_table_as_wide_as_its_widest_row() {
        let rows = [
            (BlockKind::TableRow, "Team\tWon"),
            (BlockKind::TableRow, "A|B\t3\tx"),
        ];
        assert_eq!(
            body(&rows),
            "| Team | Won |  |\n| --- | --- | --- |\n| A\\|B | 3 | x |\n"
        );
    }

    #[test]
    fn a_fence_is_longer_than_any_in_the_text() {
        let code = [(BlockKind::Preformatted, "a\n````\n  b")];
        assert_eq!(body(&code), "`````\na\n````\n  b\n`````\n");
    }
}
