//! Tags, sections and other short names.

use super::text;

/// Tags kept of one article.
const MAX_TAGS: usize = 40;

/// Characters of the longest tag, section or site name; a longer one is a sentence.
const MAX_TAG_CHARS: usize = 80;

/// The cleaned text, if it is short enough to be a name.
pub(super) fn one(raw: &str) -> Option<String> {
    text::clean(raw).filter(|tag| tag.chars().nth(MAX_TAG_CHARS).is_none())
}

/// Tags of one source, lists in one value split, without duplicates.
pub(super) fn split(values: &[&str]) -> Vec<String> {
    let mut seen = Vec::new();
    let mut tags = Vec::new();
    for tag in values
        .iter()
        .flat_map(|value| value.split([',', ';', '|']))
        .filter_map(one)
    {
        let tag = tag.trim_start_matches('#').trim();
        let key = text::key(tag);
        if key.is_empty() || seen.contains(&key) {
            continue;
        }
        seen.push(key);
        tags.push(tag.to_owned());
        if tags.len() == MAX_TAGS {
            break;
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_split_and_duplicates_dropped() {
        assert_eq!(
            split(&["World, Elections;#Vote", "world", " ", "Élections"]),
            ["World", "Elections", "Vote"]
        );
    }

    #[test]
    fn a_sentence_is_no_tag_and_a_flood_is_cut() {
        let sentence = "word ".repeat(40);
        assert!(split(&[&sentence]).is_empty());
        let flood: Vec<String> = (0..10_000).map(|n| n.to_string()).collect();
        assert_eq!(
            split(&flood.iter().map(String::as_str).collect::<Vec<_>>()).len(),
            MAX_TAGS
        );
    }
}
