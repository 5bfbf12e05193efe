//! What the address of a page says about its kind.

use url::Url;

use super::{Clues, clue};

/// Path segments under which sites list stories.
const LISTINGS: &str = "tag tags topic topics category categories author authors section sections archive archives kategorie schlagwort \
    thema themen autor autoren rubrik etiqueta etiquetas tema temas categoria categorias autores sujet sujets auteur \
    rubrique argomento autore sezione onderwerp categorie assunto assuntos editoria temat kategoria amne emne aihe \
    konu etiket yazar rubrics rubric temy label labels people hashtag profile";
/// Path segments of searches.
const SEARCHES: &str = "search suche recherche buscar busca busqueda ricerca zoeken szukaj sok haku hledat ara arama poisk pencarian \
    cerca pesquisa search-results";
/// Keys of queries that search.
const QUERIES: &str = "q s query search keyword keywords";
/// Path segments of videos, recordings and galleries.
const VIDEOS: &str = "video videos watch av audio podcast podcasts gallery galleries photos pictures picture-gallery slideshow \
    bildergalerie fotostrecke bilder mediathek galeria galerias fotogaleria fotogalerie photo-gallery galerie \
    diaporama videa wideo";
/// Path segments, or words in them, of live blogs.
const LIVE: &str = "live liveblog live-blog live-news liveticker newsticker newsblog live-updates direct en-direct endirecto \
    en-directo directo en-vivo diretta ao-vivo aovivo livefeed livestory live-story";
const LIVE_WORDS: &str =
    "liveblog live-blog liveticker live-updates newsticker minuto-a-minuto as-it-happened";
/// Path segments of logins.
const LOGINS: &str = "login signin sign-in log-in logon register anmelden connexion acceder accedi inloggen entrar logowanie subscribe \
    oauth sso";
/// Path segments of error pages.
const ERRORS: &str = "404 404.html 404.php not-found notfound page-not-found error";
/// Labels of hosts, or path segments, that ask for consent.
const CONSENT: &str = "consent cookiewall privacygate privacy-gate myprivacy collectconsent cookie-wall";

/// Words, or digits in a row, from which a path segment is the name of a story.
const STORY_WORDS: usize = 4;
const STORY_DIGITS: usize = 5;
/// A section stands at most so deep, in segments.
const MAX_SECTION_DEPTH: usize = 2;

pub(super) fn look(url: &Url, clues: &mut Clues) {
    let Some(host) = url.host_str() else { return };
    let path = url.path().to_ascii_lowercase();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let has = |names: &str| segments.iter().any(|segment| is_one_of(names, segment));
    listing(url, &segments, clues);
    let in_segment = |word: &str| segments.iter().any(|segment| segment.contains(word));
    clues.add_if(has(VIDEOS), &clue::VIDEO_ADDRESS);
    clues.add_if(
        has(LIVE) || LIVE_WORDS.split(' ').any(in_segment),
        &clue::LIVE_ADDRESS,
    );
    clues.add_if(has(LOGINS), &clue::LOGIN_ADDRESS);
    clues.add_if(has(ERRORS), &clue::ERROR_ADDRESS);
    let asks = has(CONSENT) || host.split('.').any(|label| is_one_of(CONSENT, label));
    clues.add_if(asks, &clue::CONSENT_ADDRESS);
}

/// Whether it is the address of a listing or of a story.
fn listing(url: &Url, segments: &[&str], clues: &mut Clues) {
    let searches = url
        .query_pairs()
        .any(|(key, value)| is_one_of(QUERIES, &key) && !value.is_empty());
    let names_search = segments.iter().any(|segment| is_one_of(SEARCHES, segment));
    let is_search = names_search || (searches && segments.len() <= 1);
    let is_root = matches!(segments, [] | ["index.html" | "index.php" | "index.htm" | "home"]);
    if is_search {
        clues.add(&clue::SEARCH, "");
    } else if is_root && url.query().is_none() {
        clues.add(&clue::ROOT, "");
    }
    let in_listing = segments
        .iter()
        .rev()
        .skip(1)
        .any(|segment| is_one_of(LISTINGS, segment));
    let is_story = segments.last().is_some_and(|last| names_story(last)) || has_day(segments);
    if in_listing && !is_story {
        clues.add(&clue::LISTING, "");
    } else if is_story && !is_search {
        clues.add(&clue::STORY_LIKE, "");
    } else if is_section(segments) && !is_root {
        clues.add(&clue::SECTION_LIKE, "");
    }
    let is_page = |pair: &[&str]| pair[0] == "page" && pair[1].bytes().all(|byte| byte.is_ascii_digit());
    clues.add_if(segments.windows(2).any(is_page), &clue::NUMBERED);
}

fn is_one_of(words: &str, word: &str) -> bool {
    words.split(' ').any(|one| one == word)
}

/// Whether a segment is as long as the names of stories are.
fn names_story(segment: &str) -> bool {
    let words = segment
        .split(['-', '_', '+', ' '])
        .filter(|word| !word.is_empty())
        .count();
    let digits = segment
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .max()
        .unwrap_or(0);
    // Letters of other scripts are escaped in URLs: three bytes to a byte.
    words >= STORY_WORDS || digits >= STORY_DIGITS || segment.matches('%').count() >= 3 * STORY_WORDS
}

/// Whether year and month stand in the path, and something after them.
fn has_day(segments: &[&str]) -> bool {
    let is_number = |text: &str, most: usize| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_date = |pair: &[&str]| pair[0].len() == 4 && is_number(pair[0], 4) && is_number(pair[1], 2);
    segments.windows(2).any(is_date) && segments.last().is_some_and(|last| !is_number(last, 2))
}

fn is_section(segments: &[&str]) -> bool {
    (1..=MAX_SECTION_DEPTH).contains(&segments.len())
        && segments.iter().all(|segment| {
            !segment.contains('.')
                && !segment.bytes().any(|byte| byte.is_ascii_digit())
                && segment.split('-').count() <= 2
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(url: &str) -> Vec<&'static str> {
        let mut clues = Clues::default();
        look(&url.parse().unwrap(), &mut clues);
        clues.0.iter().map(|seen| seen.clue.name).collect()
    }

    #[test]
    fn addresses_speak_for_kinds() {
        let cases = [
            ("https://a.example/", clue::ROOT.name),
            ("https://a.example/tag/ferries/", clue::LISTING.name),
            ("https://a.example/?s=harbour", clue::SEARCH.name),
            ("https://a.example/world", clue::SECTION_LIKE.name),
            ("https://a.example/2026/03/04/harbour", clue::STORY_LIKE.name),
            (
                "https://a.example/news/ferry-sails-at-last-again",
                clue::STORY_LIKE.name,
            ),
            ("https://consent.a.example/collect", clue::CONSENT_ADDRESS.name),
        ];
        for (url, clue) in cases {
            assert!(names(url).contains(&clue), "{url}: {:?}", names(url));
        }
        assert_eq!(names("file:///tmp/page.html"), [""; 0]);
        assert!(!names("https://a.example/tag/ferry-sails-at-last-again").contains(&clue::LISTING.name));
    }
}
