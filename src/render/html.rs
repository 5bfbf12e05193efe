//! A small HTML document: semantic elements, no style, no script, everything escaped.

use crate::article::{Article, Block, BlockKind, Fields};

use super::safe::safe;
use super::{Run, headline, runs};

/// The deepest heading that HTML has.
const DEEPEST_HEADING: u8 = 6;

/// The whole document, with a newline at the end.
pub fn html(article: &Article) -> String {
    let mut out = String::from("<!doctype html>\n");
    let fields = &article.fields;
    match fields.language.as_deref() {
        Some(language) => out.extend(["<html lang=\"", &escaped(language), "\">\n"]),
        None => out.push_str("<html>\n"),
    }
    head(&mut out, article);
    out.push_str("<body>\n<article dir=\"auto\">\n");
    header(&mut out, fields);
    for run in runs(&article.blocks) {
        write_run(&mut out, &run);
    }
    out.push_str("</article>\n</body>\n</html>\n");
    out
}

/// The blocks alone, without headline and byline, as elements that can stand inside another document.
pub fn blocks(article: &Article) -> String {
    let mut out = String::new();
    for run in runs(&article.blocks) {
        write_run(&mut out, &run);
    }
    out
}

fn head(out: &mut String, article: &Article) {
    let fields = &article.fields;
    out.push_str("<head>\n<meta charset=\"utf-8\">\n");
    element(
        out,
        "title",
        headline(fields.title.as_deref()).unwrap_or(&article.url),
    );
    for author in &fields.authors {
        out.extend(["<meta name=\"author\" content=\"", &escaped(author), "\">\n"]);
    }
    let url = fields.canonical_url.as_deref().unwrap_or(&article.url);
    if url.starts_with("https://") || url.starts_with("http://") {
        out.extend(["<link rel=\"canonical\" href=\"", &escaped(url), "\">\n"]);
    }
    out.push_str("</head>\n");
}

fn header(out: &mut String, fields: &Fields) {
    let title = headline(fields.title.as_deref());
    if title.is_none() && fields.authors.is_empty() && fields.published.is_none() {
        return;
    }
    out.push_str("<header>\n");
    if let Some(title) = title {
        element(out, "h1", title);
    }
    if !fields.authors.is_empty() {
        out.extend([
            "<p class=\"byline\">",
            &escaped(&fields.authors.join(", ")),
            "</p>\n",
        ]);
    }
    if let Some(date) = &fields.published {
        out.extend([
            "<p><time datetime=\"",
            date.as_str(),
            "\">",
            date.day(),
            "</time></p>\n",
        ]);
    }
    out.push_str("</header>\n");
}

fn write_run(out: &mut String, run: &Run<'_>) {
    match run.kind {
        BlockKind::Heading { level } => {
            let tag = format!("h{}", level.clamp(2, DEEPEST_HEADING));
            elements(out, &tag, run.blocks);
        }
        BlockKind::ListItem => wrapped(out, "ul", |out| elements(out, "li", run.blocks)),
        BlockKind::Quote => wrapped(out, "blockquote", |out| elements(out, "p", run.blocks)),
        BlockKind::TableRow => wrapped(out, "table", |out| run.blocks.iter().for_each(|b| row(out, b))),
        BlockKind::Preformatted => elements(out, "pre", run.blocks),
        BlockKind::Paragraph | BlockKind::Caption | BlockKind::Other => elements(out, "p", run.blocks),
    }
}

fn wrapped(out: &mut String, tag: &str, content: impl FnOnce(&mut String)) {
    out.extend(["<", tag, ">\n"]);
    content(out);
    out.extend(["</", tag, ">\n"]);
}

fn elements(out: &mut String, tag: &str, blocks: &[Block]) {
    for block in blocks {
        element(out, tag, &block.text);
    }
}

fn element(out: &mut String, tag: &str, text: &str) {
    // A parser swallows the newline that opens a `pre`; one more keeps the text's own.
    let first_line = if tag == "pre" && text.starts_with('\n') {
        "\n"
    } else {
        ""
    };
    out.extend(["<", tag, ">", first_line, &escaped(text), "</", tag, ">\n"]);
}

fn row(out: &mut String, block: &Block) {
    out.push_str("<tr>");
    for cell in block.text.split('\t') {
        out.extend(["<td>", &escaped(cell), "</td>"]);
    }
    out.push_str("</tr>\n");
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in safe(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::PageDate;
    use crate::render::tests::article;

    #[test]
    fn fields_and_blocks_become_semantic_elements() {
        let mut article = article(&[
            (BlockKind::Heading { level: 1 }, "Votes"),
            (BlockKind::ListItem, "one"),
            (BlockKind::ListItem, "two"),
            (BlockKind::TableRow, "a\tb"),
            (BlockKind::Preformatted, "\nx"),
        ]);
        article.fields.language = Some("en".to_owned());
        article.fields.authors = vec!["Ann Ode".to_owned()];
        article.fields.published = PageDate::parse("2026-03-04");
        assert_eq!(
            html(&article),
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <title>Budget passes</title>\n<meta name=\"author\" content=\"Ann Ode\">\n\
             <link rel=\"canonical\" href=\"https://news.example/budget\">\n</head>\n\
             <body>\n<article dir=\"auto\">\n<header>\n<h1>Budget passes</h1>\n\
             <p class=\"byline\">Ann Ode</p>\n\
             <p><time datetime=\"2026-03-04\">2026-03-04</time></p>\n</header>\n\
             <h2>Votes</h2>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n\
             <table>\n<tr><td>a</td><td>b</td></tr>\n</table>\n<pre>\n\nx</pre>\n\
             </article>\n</body>\n</html>\n"
        );
    }

    #[test]
    fn nothing_of_the_page_becomes_markup_or_a_dangerous_link() {
        let mut article = article(&[(BlockKind::Paragraph, "<script>alert(\"&\")</script>")]);
        article.fields.canonical_url = Some("javascript:alert(1)".to_owned());
        article.fields.authors = vec!["\"><img src=x>".to_owned()];
        let page = html(&article);
        assert!(page.contains("<p>&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;</p>"));
        assert!(page.contains("content=\"&quot;&gt;&lt;img src=x&gt;\""));
        assert!(!page.contains("javascript:"));
    }
}
