//! Plain text: the headline, then the blocks, each parted from the next by a blank line.

use crate::article::Article;

use super::{headline, safe::safe};

/// The headline, if there is one, and the blocks, parted by blank lines, with a newline at the end. No words and no
/// markers are added, so that the text cleaned again is the same text.
///
/// ```
/// use copydesk::article::{Article, Block, BlockKind, Fields};
/// # let mut article: Article = serde_json::from_str(r#"{"url": "", "site": "", "blocks": []}"#).unwrap();
/// article.fields.title = Some("Budget passes".to_owned());
/// article.blocks = vec![Block { kind: BlockKind::Paragraph, text: "The house agreed.".to_owned() }];
/// assert_eq!(copydesk::render::text::text(&article), "Budget passes\n\nThe house agreed.\n");
/// ```
pub fn text(article: &Article) -> String {
    let title = headline(article.fields.title.as_deref());
    let blocks = article.blocks.iter().map(|block| block.text.as_str());
    let mut out = String::new();
    for block in title.into_iter().chain(blocks) {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&safe(block));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::BlockKind;
    use crate::render::tests::article;

    #[test]
    fn words_stay_as_they_are_and_no_marker_is_added() {
        let article = article(&[
            (BlockKind::Heading { level: 2 }, "Votes"),
            (BlockKind::ListItem, "* 12 for *it*"),
        ]);
        assert_eq!(text(&article), "Budget passes\n\nVotes\n\n* 12 for *it*\n");
    }

    #[test]
    fn preformatted_lines_are_kept() {
        let article = article(&[(BlockKind::Preformatted, "a\n  b")]);
        assert_eq!(text(&article), "Budget passes\n\na\n  b\n");
    }

    #[test]
    fn without_a_headline_the_text_begins_with_the_first_block() {
        let mut article = article(&[(BlockKind::Paragraph, "One.")]);
        article.fields.title = Some("  ".to_owned());
        assert_eq!(text(&article), "One.\n");
    }
}
