//! What the words in class, id and role attributes say about an element.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::document::Document;

/// Groups of markup words, each a bit: a name, and its words separated by spaces.
pub const GROUPS: [(&str, &str); 31] = [
    (
        "body",
        "article articlebody body content entry post story storybody wysiwyg rte richtext prose copy \
         articletext bodytext fulltext maincontent postcontent entrycontent",
    ),
    ("text", "text paragraph para txt textblock richtext"),
    ("main", "main primary page container wrapper layout single detail"),
    (
        "lead",
        "lead lede intro introduction standfirst dek deck subtitle subhead subheadline subheading \
         teaserlead chapo excerpt abstract kicker strapline vorspann description sapo ingress",
    ),
    ("head", "headline title heading header hed h hl"),
    (
        "caption",
        "caption captions figcaption credit credits legend copyright source alt",
    ),
    (
        "image",
        "photo photos image images img picture pictures figure foto bild thumb thumbnail",
    ),
    (
        "media",
        "gallery slideshow slider media video videos player audio podcast jw brightcove embed youtube \
         iframe playlist",
    ),
    (
        "byline",
        "byline author authors bio writer profile contributor contributors journalist avatar about vcard \
         autor auteur",
    ),
    (
        "date",
        "date time timestamp published publish updated pubdate datetime meta dateline postmeta",
    ),
    (
        "related",
        "related relatedposts recommend recommended recommendation recommendations similar recirc \
         recirculation associated linked jp yarpp",
    ),
    (
        "more",
        "more also read readmore next prev previous further see inline links link",
    ),
    (
        "popular",
        "trending popular most mostread latest news recent feed ticker headlines stream river breaking",
    ),
    ("live", "live liveblog livestory update updates timeline"),
    (
        "teaser",
        "teaser teasers card cards carousel promo promos swiper slick tile tiles",
    ),
    ("list", "list listing listitem item items module collection block"),
    (
        "share",
        "share sharing social facebook twitter whatsapp sharedaddy addthis follow tweet telegram print \
         email",
    ),
    (
        "button",
        "icons icon tools toolbar action actions buttons button btn cta",
    ),
    (
        "newsletter",
        "newsletter newsletters subscribe subscription subscriptions signup mailing optin form donate \
         donation support membership member register registration login account signin mc mailchimp",
    ),
    (
        "paywall",
        "paywall premium piano regwall locked gate offer abo plus metered",
    ),
    (
        "ad",
        "ad ads advert advertisement advertising sponsor sponsored adslot adunit dfp outbrain taboola \
         werbung anzeige pub publicidad native partner affiliate commercial product shop",
    ),
    (
        "comments",
        "comment comments respond reply replies disqus discussion commentlist reviews review rating vote \
         poll",
    ),
    (
        "navigation",
        "nav navigation navbar menu breadcrumb breadcrumbs pagination pager submenu dropdown mega skip \
         search sitemap",
    ),
    ("contents", "toc index contents jump anchor tab tabs"),
    (
        "footer",
        "footer foot legal copyrights imprint colophon endnote footnote footnotes disclaimer terms \
         privacy contact reference references",
    ),
    (
        "aside",
        "aside sidebar side rail widget widgets secondary complementary sticky",
    ),
    (
        "box",
        "box infobox factbox callout highlight highlights key takeaways tldr explainer note summary \
         bullet bullets faq",
    ),
    ("quote", "pullquote quote blockquote quotation"),
    (
        "overlay",
        "modal popup overlay cookie cookies consent gdpr banner alert notice tooltip onetrust ot cmp \
         lightbox dialog",
    ),
    ("hidden", "hidden hide sr screen visually collapsed invisible"),
    (
        "topic",
        "tag tags topic topics category categories cat label labels section keyword keywords eyebrow \
         rubric taxonomy badge",
    ),
];

static BIT_OF: LazyLock<FxHashMap<&'static str, u32>> = LazyLock::new(|| {
    let mut bits: FxHashMap<&str, u32> = FxHashMap::default();
    for (bit, (_, words)) in GROUPS.iter().enumerate() {
        for word in words.split_whitespace() {
            *bits.entry(word).or_default() |= 1 << bit;
        }
    }
    bits
});

/// The bit of the group that speaks of readers' comments.
pub fn comments() -> u32 {
    static BIT: LazyLock<u32> = LazyLock::new(|| BIT_OF.get("comments").copied().unwrap_or_default());
    *BIT
}

/// The longest word that is looked up.
const MAX_WORD: usize = 24;

/// Calls `each` with every word of class, id and role values: letters alone, in lower case, split at case changes too.
pub fn words(names: &str, mut each: impl FnMut(&str)) {
    let mut word = [0u8; MAX_WORD];
    let mut len = 0;
    let mut was_lower = false;
    for byte in names.bytes().chain([b' ']) {
        let is_letter = byte.is_ascii_alphabetic();
        if !is_letter || (was_lower && byte.is_ascii_uppercase()) {
            if let Some(found) = word.get(..len).filter(|found| !found.is_empty()) {
                each(std::str::from_utf8(found).unwrap_or_default());
            }
            len = 0;
        }
        if is_letter {
            if let Some(slot) = word.get_mut(len) {
                *slot = byte.to_ascii_lowercase();
            }
            len += 1;
        }
        was_lower = byte.is_ascii_lowercase();
    }
}

/// The groups of every element, a bit each.
pub fn groups(document: &Document) -> Vec<u32> {
    let mut known: FxHashMap<&str, u32> = FxHashMap::default();
    document
        .elements
        .iter()
        .map(|element| {
            let names = document.names(element);
            if names.is_empty() {
                return 0;
            }
            *known.entry(names).or_insert_with(|| {
                let mut bits = 0;
                words(names, |word| bits |= BIT_OF.get(word).copied().unwrap_or(0));
                bits
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_into_words_of_letters() {
        let mut found = Vec::new();
        words("articleBody-x2 post__content RELATED", |word| {
            found.push(word.to_owned());
        });
        assert_eq!(found, ["article", "body", "x", "post", "content", "related"]);
    }
}
