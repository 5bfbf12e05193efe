//! What a page claims of itself: `og:type` and its like, and the types in its JSON-LD, found in the scripts as they stand,
//! so that nothing is parsed twice and broken JSON does not matter.

use memchr::memmem;

use crate::document::Facts;

use super::{Clues, clue};

/// Types looked at; a page with a long list of stories has some hundreds.
const MAX_TYPES: usize = 1_000;
/// Articles in the JSON-LD from which it is a list of them.
const MANY_ARTICLES: usize = 4;

/// What is needed again to tell whether a story is whole.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// The page says that its story is not free.
    pub is_locked: bool,
    /// The words of the whole story, as the page counts them.
    pub words: Option<u32>,
    /// Class and id words of the part that is not free.
    pub locked_part: Vec<String>,
}

#[derive(Debug, Default)]
struct Types {
    articles: usize,
    lists: bool,
    live: bool,
    media: bool,
}

pub(super) fn read(facts: &Facts, clues: &mut Clues) -> Claims {
    let mut claims = Claims::default();
    let mut types = Types::default();
    for script in &facts.json_ld {
        types.read(script);
        claims.read(script);
    }
    meta(facts, clues);
    types.weigh(clues);
    clues.add_if(claims.is_locked, &clue::LD_LOCKED);
    claims
}

fn meta(facts: &Facts, clues: &mut Clues) {
    let (mut published, mut tier, mut og_type) = (false, false, "");
    for meta in &facts.meta {
        let content = meta.content.trim();
        match meta.key.as_str() {
            "og:type" if og_type.is_empty() => og_type = content,
            "article:published_time" | "datepublished" => published |= !content.is_empty(),
            "article:content_tier" => tier |= matches!(content, "locked" | "metered"),
            _ => {}
        }
    }
    clues.add_if(published, &clue::PUBLISHED);
    clues.add_if(tier, &clue::TIER_LOCKED);
    match og_type {
        "article" | "blog" | "news" => clues.add(&clue::SAYS_ARTICLE, ""),
        "website" => clues.add(&clue::SAYS_WEBSITE, ""),
        other if other.starts_with("video") || other.starts_with("music") => {
            clues.add(&clue::SAYS_VIDEO, other);
        }
        _ => {}
    }
}

impl Types {
    fn read(&mut self, script: &str) {
        for (count, after) in values(script, "\"@type\"").enumerate() {
            if count >= MAX_TYPES {
                break;
            }
            for name in names(after) {
                match name {
                    "LiveBlogPosting" => self.live = true,
                    "VideoObject" | "AudioObject" | "ImageGallery" | "PodcastEpisode" | "MediaGallery"
                    | "RadioEpisode" => {
                        self.media = true;
                    }
                    "CollectionPage" | "SearchResultsPage" | "ItemList" | "Blog" | "ProfilePage" => {
                        self.lists = true;
                    }
                    "BlogPosting" | "Report" => self.articles += 1,
                    name if name.ends_with("Article") => self.articles += 1,
                    _ => {}
                }
            }
        }
    }

    fn weigh(&self, clues: &mut Clues) {
        let is_list = self.lists && (self.articles == 0 || self.articles >= MANY_ARTICLES);
        clues.add_if(self.live, &clue::LD_LIVE);
        if is_list {
            clues.add(&clue::LD_LIST, "");
        } else if self.articles > 0 {
            clues.add(&clue::LD_ARTICLE, "");
        }
        clues.add_if(self.media && self.articles == 0 && !self.live, &clue::LD_VIDEO);
    }
}

impl Claims {
    fn read(&mut self, script: &str) {
        self.is_locked |= values(script, "\"isAccessibleForFree\"").any(|after| {
            let value = after.trim_start_matches('"').get(..5).unwrap_or_default();
            value.eq_ignore_ascii_case("false")
        });
        let counts = values(script, "\"wordCount\"").filter_map(|after| {
            let digits = after.trim_start_matches('"');
            let end = digits.bytes().position(|byte| !byte.is_ascii_digit())?;
            digits.get(..end)?.parse::<u32>().ok()
        });
        self.words = self.words.max(counts.max());
        for after in values(script, "\"cssSelector\"").take(MANY_ARTICLES) {
            let parts = names(after)
                .into_iter()
                .flat_map(|selector| selector.split(['.', '#', ' ', ',', '>']));
            let words = parts.filter(|part| !part.is_empty()).map(str::to_owned);
            self.locked_part.extend(words.take(MANY_ARTICLES));
        }
    }
}

/// What stands after each `"key":` in a script.
fn values<'a>(script: &'a str, key: &'static str) -> impl Iterator<Item = &'a str> {
    memmem::find_iter(script.as_bytes(), key.as_bytes()).filter_map(move |at| {
        let after = script.get(at + key.len()..)?.trim_start();
        Some(after.strip_prefix(':')?.trim_start())
    })
}

/// The string, or the strings of the array, that a text begins with.
fn names(after: &str) -> Vec<&str> {
    let (inside, end) = match after.strip_prefix('[') {
        Some(inside) => (inside, inside.find(']')),
        None => (
            after,
            after
                .strip_prefix('"')
                .and_then(|rest| rest.find('"'))
                .map(|end| end + 2),
        ),
    };
    let list = end.and_then(|end| inside.get(..end)).unwrap_or_default();
    list.split('"').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_script(script: &str) -> (Claims, Vec<&'static str>) {
        let facts = Facts {
            json_ld: vec![script.to_owned()],
            ..Facts::default()
        };
        let mut clues = Clues::default();
        let claims = read(&facts, &mut clues);
        (claims, clues.0.iter().map(|seen| seen.clue.name).collect())
    }

    #[test]
    fn types_are_found_in_scripts_as_they_stand() {
        assert_eq!(
            read_script(r#"{"@type" : ["NewsArticle", "X"], broken"#).1,
            [clue::LD_ARTICLE.name]
        );
        assert_eq!(
            read_script(r#"{"@type":"LiveBlogPosting"}"#).1,
            [clue::LD_LIVE.name]
        );
        assert_eq!(read_script(r#"{"@type":"VideoObject"}"#).1, [clue::LD_VIDEO.name]);
        assert_eq!(
            read_script(r#"{"@type":"NewsArticle","video":{"@type":"VideoObject"}}"#).1,
            [clue::LD_ARTICLE.name]
        );
    }

    #[test]
    fn what_is_not_free_is_named() {
        let script = r#"{"@type":"NewsArticle","isAccessibleForFree":"False","wordCount":812,"hasPart":{"cssSelector":".body .rest"}}"#;
        let claims = read_script(script).0;
        assert!(claims.is_locked);
        assert_eq!(claims.words, Some(812));
        assert_eq!(claims.locked_part, ["body", "rest"]);
    }

    #[test]
    fn scripts_that_are_cut_anywhere_are_read_as_far_as_they_go() {
        let script =
            r#"{"@type":["NewsArticle","ü"],"isAccessibleForFree":false,"wordCount":812,"cssSelector":".a"}"#;
        for (at, _) in script.char_indices() {
            read_script(&script[..at]);
        }
    }
}
