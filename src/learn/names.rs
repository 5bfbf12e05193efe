//! Which ids and classes a rule may be built on: those that a person chose for what they stand for, and not a build, a
//! stylesheet or a single article.

use crate::document::NameKind;

/// What a name costs a selector; the share of a story that it must gain to be taken all the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Worth {
    /// Never used.
    Never,
    /// Used whole, at this cost.
    Whole(f32),
    /// Its first bytes alone are used: a build adds the rest.
    Prefix(usize),
}

/// A longer name is made by a program.
const MAX_NAME: usize = 48;
/// A shorter name says nothing.
const MIN_NAME: usize = 3;
/// So many digits in a row number an article, a slot or a build.
const MAX_DIGITS: usize = 3;
/// A part of a name is a hash from this length on.
const MIN_HASH: usize = 4;
/// A mark of a build before a hash has so many bytes, its dash among them.
const MAX_MARK: usize = 5;
/// The first part of a name tells enough from this length on.
const MIN_PREFIX: usize = 8;
/// A word inside a name has at least so many letters.
const MIN_WORD: usize = 3;

/// Costs: a name for the story itself, another name, one that only says how it looks.
const SEMANTIC: f32 = 0.0;
const PLAIN: f32 = 0.004;
pub(super) const LOOKS: f32 = 0.03;

/// Prefixes of names that builds make.
const OF_BUILDS: &str = "css- sc- jsx- svelte- emotion- jss dcr-";
/// Prefixes of names that tell one article from another.
const OF_ARTICLES: &str = "post- category- tag- author- postid- node- article-id entry-id term-";
/// Names with such a prefix that do not tell articles apart.
const NOT_OF_ARTICLES: &str = "post-content post-body post-text post-entry post-inner post-excerpt post-footer post-header \
    post-meta post-tags post-share post-author author-bio author-box author-info node-content";
/// Prefixes of names that say how an element looks or what state it is in.
const OF_LOOKS: &str = "col- row grid flex mt- mb- ml- mr- mx- my- pt- pb- pl- pr- px- py- w- h- d- is- has- js- text- \
    font- bg- border span size- u- align order- max- min- items- leading- inline- justify- space- \
    prose- rounded shadow overflow sm- md- lg- clear wp-block- color margin padding";
/// Whole names of that kind, and those that anything is called.
const LOOKING: &str = "container wrapper wrap inner outer left right center small large clearfix active visible hidden \
    first last block box item group column columns section module component layout page site row \
    hfeed hentry even odd body clr cf default style type post";
/// Parts of names for the story or the whole of it.
const OF_STORY: &str = "article story content body entry text post copy richtext prose artikel articulo news main \
    paragraph texte";

/// Words of names for what stands beside a story.
const OF_FURNITURE: &str = "ad ads advert advertisement affiliate aside author banner bio breadcrumb button byline caption \
    comments copyright credit cta donate embed figcaption footer inline login meta more newsletter \
    paywall player popular promo recirc recommended related share sharing sidebar signup social \
    sponsored subscribe tags trending video";

/// Whether one of its words says that something beside the story stands there.
pub(super) fn is_of_furniture(name: &str) -> bool {
    words(name).any(|word| is_among(&word, OF_FURNITURE))
}

/// The words of a name, in lower case: those of `articleShare-box` are three.
fn words(name: &str) -> impl Iterator<Item = String> {
    let parts = name.split(|c: char| !c.is_ascii_alphabetic());
    parts.flat_map(|part| {
        let mut words: Vec<String> = Vec::new();
        let mut was_small = false;
        for c in part.chars() {
            match words.last_mut() {
                Some(word) if !(was_small && c.is_ascii_uppercase()) => word.push(c.to_ascii_lowercase()),
                _ => words.push(c.to_ascii_lowercase().to_string()),
            }
            was_small = c.is_ascii_lowercase();
        }
        words
    })
}

/// What a name is worth as a part of a selector.
pub(super) fn worth(kind: NameKind, name: &str) -> Worth {
    if name.len() > MAX_NAME || name.len() < MIN_NAME || !is_identifier(name) {
        return Worth::Never;
    }
    let lower = name.to_ascii_lowercase();
    if kind == NameKind::Id && name.bytes().any(|b| b.is_ascii_digit()) {
        return Worth::Never;
    }
    if is_numbered(name) || is_of_article(&lower) || begins(&lower, OF_BUILDS) {
        return Worth::Never;
    }
    if let Some(end) = before_hash(name) {
        let is_telling = kind == NameKind::Class && end >= MIN_PREFIX;
        return if is_telling {
            Worth::Prefix(end)
        } else {
            Worth::Never
        };
    }
    if is_hash(name) {
        return Worth::Never;
    }
    Worth::Whole(if is_among(&lower, LOOKING) || begins(&lower, OF_LOOKS) {
        LOOKS
    } else if OF_STORY.split(' ').any(|part| lower.contains(part)) {
        SEMANTIC
    } else {
        PLAIN
    })
}

fn is_among(word: &str, list: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

fn begins(name: &str, prefixes: &str) -> bool {
    prefixes.split(' ').any(|prefix| name.starts_with(prefix))
}

/// It can stand in a selector as it is.
fn is_identifier(name: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(is_part)
}

fn is_numbered(name: &str) -> bool {
    let mut run = 0;
    name.bytes().any(|b| {
        run = if b.is_ascii_digit() { run + 1 } else { 0 };
        run >= MAX_DIGITS
    })
}

fn is_of_article(lower: &str) -> bool {
    begins(lower, OF_ARTICLES) && !begins(lower, NOT_OF_ARTICLES)
}

/// Where the hash of a build begins, as in `Story_body__3kd9x` and `story-body-sc1x2y`.
fn before_hash(name: &str) -> Option<usize> {
    let marks = [
        name.rfind("__").map(|at| at + 2),
        name.rfind(['-', '_']).map(|at| at + 1),
    ];
    let end = marks.into_iter().flatten().min()?;
    let part = name.get(end..)?;
    let is_numbered = part.len() > MIN_HASH && part.bytes().any(|b| b.is_ascii_digit());
    (is_hash(part) || (end <= MAX_MARK && is_numbered)).then_some(end)
}

/// Letters and digits, or capitals and small letters, as no person mixes them.
fn is_hash(part: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    if part.len() < MIN_HASH || !part.bytes().all(is_part) {
        return false;
    }
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    let trailing = part.bytes().rev().take_while(u8::is_ascii_digit).count();
    digits > trailing || has_broken_word(part) || is_without_vowel(part)
}

/// A capital inside that begins no word: `articleBody` has words, `ekUdw` has none.
fn has_broken_word(part: &str) -> bool {
    let bytes = part.as_bytes();
    let begins =
        (1..bytes.len()).filter(|at| bytes[at - 1].is_ascii_lowercase() && bytes[*at].is_ascii_uppercase());
    let ends: Vec<usize> = begins.chain([bytes.len()]).collect();
    let mut start = 0;
    let has_short = ends.iter().any(|end| {
        let length = end - std::mem::replace(&mut start, *end);
        length < MIN_WORD
    });
    ends.len() > 1 && has_short
}

fn is_without_vowel(part: &str) -> bool {
    part.bytes().all(|b| b.is_ascii_alphabetic())
        && !part
            .bytes()
            .any(|b| matches!(b.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_builds_articles_and_numbers_are_never_used() {
        for name in [
            "css-1x2y3z",
            "sc-aXbYcZ",
            "post-48213",
            "category-sport",
            "a1b2c3d",
            "story-20240501",
            "md:flex",
            "x",
            "xkcdqw",
        ] {
            assert_eq!(worth(NameKind::Class, name), Worth::Never, "{name}");
        }
        assert_eq!(worth(NameKind::Id, "content2"), Worth::Never);
    }

    #[test]
    fn of_a_class_that_a_build_made_longer_the_first_part_is_used() {
        assert_eq!(worth(NameKind::Class, "Story_body__3kd9x"), Worth::Prefix(12));
        assert_eq!(worth(NameKind::Class, "coverage-7S2f"), Worth::Prefix(9));
        assert_eq!(
            worth(NameKind::Class, "story-list__default__G33_I"),
            Worth::Prefix(21)
        );
        assert_eq!(worth(NameKind::Class, "box_ekUdw"), Worth::Never);
        assert_eq!(worth(NameKind::Id, "Story_body__3kd9x"), Worth::Never);
    }

    #[test]
    fn names_that_say_what_stands_there_are_worth_most() {
        for name in [
            "story-body",
            "article__content",
            "entry-content",
            "articleBody",
            "post-content",
        ] {
            assert_eq!(worth(NameKind::Class, name), Worth::Whole(SEMANTIC), "{name}");
        }
        assert_eq!(worth(NameKind::Class, "newsletter-box"), Worth::Whole(SEMANTIC));
        for name in ["col-md-8", "wrapper", "is-open", "mt-4"] {
            assert_eq!(worth(NameKind::Class, name), Worth::Whole(LOOKS), "{name}");
        }
    }
}
