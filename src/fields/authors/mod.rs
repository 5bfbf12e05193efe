//! The authors' names: the first source that names a person, else the first that names anybody.

mod byline;
mod sources;
mod words;

use super::text;
use byline::{is_agency, is_particle, is_person};

pub(in crate::fields) use byline::names;

/// How a source writes names.
pub(in crate::fields) use byline::Form;

/// Characters before a capital inside a name, as in "McNamara" and "FitzRoy".
const MAX_NAME_PREFIX: usize = 4;

/// Characters of the shortest name of a site that a longer name is said to begin with: "Ann" is no site's.
const MIN_SITE_CHARS: usize = 5;

/// Names from one source.
#[derive(Debug)]
pub(super) struct Offer {
    names: Vec<String>,
    trust: Trust,
}

/// What a source is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// Metadata or a rule of the site: whoever it names is the author.
    Structured,
    /// A byline on the page.
    Byline,
    /// A name on the page that may be somebody else's: only a person's counts.
    Guess,
    /// Metadata that says that it names an organisation.
    Organisation,
}

impl Offer {
    /// Names in metadata.
    fn structured(names: Vec<String>) -> Self {
        let trust = Trust::Structured;
        Self { names, trust }
    }

    /// Names in a byline on the page.
    fn byline(names: Vec<String>) -> Self {
        let trust = Trust::Byline;
        Self { names, trust }
    }

    /// Names on the page that may be somebody else's.
    fn guess(names: Vec<String>) -> Self {
        let trust = Trust::Guess;
        Self { names, trust }
    }

    /// Names of organisations in metadata.
    fn organisation(names: Vec<String>) -> Self {
        let trust = Trust::Organisation;
        Self { names, trust }
    }
}

/// The authors among the offers, which stand best source first and are asked for only until one names a person.
/// `site_names` are comparable forms of the site's names.
///
/// Metadata that names somebody by one word ("Ann", "alee") gives way to a byline that has the whole name, or any where
/// the word is no name; the site itself is the author where nobody else is.
fn choose(offers: impl IntoIterator<Item = Offer>, site_names: &[String]) -> Vec<String> {
    let (mut handle, mut others, mut site) = (Vec::new(), Vec::new(), Vec::new());
    for Offer { names, trust } in offers {
        let names = tidy(names, site_names);
        let is_named = names
            .iter()
            .any(|name| !is_site(name, site_names) && !is_agency(name));
        let has_person = names
            .iter()
            .any(|name| is_person(name) && !is_of_site(name, site_names));
        let may_be_person = trust != Trust::Organisation && (trust != Trust::Guess || handle.is_empty());
        if has_person && may_be_person {
            let is_other = trust == Trust::Byline && !goes_on(&handle, &names);
            return if is_other { handle } else { names };
        }
        let place = match trust {
            Trust::Structured if is_named => &mut handle,
            Trust::Guess if is_named => continue,
            _ if is_named => &mut others,
            _ => &mut site,
        };
        if place.is_empty() {
            *place = names;
        }
    }
    [handle, site, others]
        .into_iter()
        .find(|names| !names.is_empty())
        .unwrap_or_default()
}

/// Whether the names of a byline say more than those of metadata: there are none, they are the names of accounts
/// ("alee", "ann.lee"), or the byline has their whole form.
fn goes_on(handle: &[String], names: &[String]) -> bool {
    let is_account = |name: &String| {
        name.starts_with(char::is_lowercase) || name.contains(['_', '.']) && !name.contains(' ')
    };
    let is_begun = |name: &String| {
        let start = text::key(name);
        names.iter().any(|whole| text::key(whole).starts_with(&start))
    };
    handle.iter().all(|name| is_account(name) || is_begun(name))
}

/// Whether a label says that what it labels is the author.
pub(super) fn is_label(label: &str) -> bool {
    const LABELS: &[&str] = &[
        "writtenby",
        "by",
        "author",
        "verfasstvon",
        "ecritpar",
        "escritopor",
        "scrittoda",
        "geschrevendoor",
        "napisaneprzez",
        "skrivenav",
        "автор",
        "autor",
    ];
    LABELS.contains(&text::key(label).as_str())
}

/// Without duplicates, and without the site where somebody else is named. An agency that metadata or byline names beside
/// a person has written its part.
fn tidy(names: Vec<String>, site_names: &[String]) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    let mut kept: Vec<String> = Vec::new();
    for name in names {
        let key = text::key(&name);
        if seen.contains(&key) {
            continue;
        }
        seen.push(key);
        kept.push(name);
    }
    // "Ann" beside "Ann Lee", "Ann Lee Author Posts" beside "Ann Lee".
    let whole: Vec<String> = kept.iter().map(|name| format!("{name} ")).collect();
    kept.retain(|name| {
        let words = name.split_whitespace().count();
        let is_part = words == 1
            && whole
                .iter()
                .any(|other| other.len() > name.len() + 1 && other.starts_with(&format!("{name} ")));
        let extends = words > 2
            && whole.iter().any(|other| {
                other.len() < name.len()
                    && other.contains(' ')
                    && other.split_whitespace().count() > 1
                    && name.starts_with(other)
            });
        !is_part && !extends
    });
    let is_other = |name: &String| !is_site(name, site_names);
    if kept.iter().any(is_other) {
        kept.retain(is_other);
    }
    kept
}

/// Two to four words in capitals, nothing else: what a line that is no byline must be to name an author.
pub(super) fn is_plain_name(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_name = |word: &&str| {
        word.starts_with(char::is_uppercase) && word.chars().any(char::is_lowercase) || word.ends_with('.')
    };
    (2..=4).contains(&words.len())
        && !words.iter().any(|word| is_glued(word))
        && words.iter().filter(|word| !is_particle(word)).all(is_name)
        && is_person(name)
}

/// Whether markup has glued two words together: "LeePolitics". A capital further to the front is one of "McNamara".
fn is_glued(word: &str) -> bool {
    let mut before = 'A';
    word.chars().enumerate().any(|(at, c)| {
        let is_seam = at > MAX_NAME_PREFIX && before.is_lowercase() && c.is_uppercase();
        before = c;
        is_seam
    })
}

fn is_site(name: &str, site_names: &[String]) -> bool {
    site_names.contains(&text::key(name))
}

/// Whether a name begins with the site's: "Example News Team".
fn is_of_site(name: &str, site_names: &[String]) -> bool {
    let key = text::key(name);
    site_names.iter().any(|site| {
        key == *site || (site.chars().count() >= MIN_SITE_CHARS && key.starts_with(site.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_give_names_only() {
        for (line, expected) in [
            ("By Ann Lee", &["Ann Lee"][..]),
            ("Von Ann Lee und Bo Ek", &["Ann Lee", "Bo Ek"]),
            ("Por Ana Ruiz y Luis Gil", &["Ana Ruiz", "Luis Gil"]),
            ("Par Anne Roux et Luc Petit", &["Anne Roux", "Luc Petit"]),
            ("Door Jan de Vries", &["Jan de Vries"]),
            (
                "Written by: Ann Lee, Bo Ek and Cy Fox",
                &["Ann Lee", "Bo Ek", "Cy Fox"],
            ),
            ("By Ann Lee, Senior Reporter", &["Ann Lee"]),
            ("Ann Lee Political editor", &["Ann Lee"]),
            ("By ANN LEE | November 24, 2026 | 5:01 pm", &["ANN LEE"]),
            ("By Ann Lee Updated Nov 24, 2026", &["Ann Lee"]),
            ("Ann Lee, MD, PhD", &["Ann Lee"]),
            ("Ann Lee (ann.lee@news.example) @annlee", &["Ann Lee"]),
            ("Ann Lee, London", &["Ann Lee"]),
            ("Lê Phuong", &["Lê Phuong"]),
            ("Ann Roux le 24 novembre", &["Ann Roux"]),
            ("Reuters", &["Reuters"]),
            ("By Ann Lee Sat, November 24", &["Ann Lee"]),
            ("By Ann Lee Senior Rail Reporter", &["Ann Lee"]),
            ("Eingestellt von Ann Lee", &["Ann Lee"]),
            ("und Interview: Ann Lee", &["Ann Lee"]),
            ("https://www.social.example/annlee", &[]),
            ("Sat, 24 Nov, 2026", &[]),
            ("Nov", &[]),
            ("November 24, 2026", &[]),
            ("Political editor", &[]),
            ("Read more", &[]),
            ("", &[]),
        ] {
            assert_eq!(names(line, Form::Line), expected, "{line}");
        }
    }

    #[test]
    fn a_name_keeps_what_belongs_to_it() {
        for name in [
            "Martin Luther King Jr.",
            "José Ortega y Gasset",
            "J. R. Ewing",
            "Department of Health and Care",
            "배윤경",
        ] {
            assert_eq!(names(name, Form::Name), [name]);
        }
    }

    #[test]
    fn persons_stand_above_site_and_agency() {
        let site = [text::key("Example News")];
        let choose = |offers: &[&[&str]]| {
            let offers = offers
                .iter()
                .map(|names| Offer::structured(names.iter().map(|name| (*name).to_owned()).collect()));
            choose(offers, &site)
        };
        assert_eq!(choose(&[&["Example News"], &["Ann Lee"]]), ["Ann Lee"]);
        assert_eq!(
            choose(&[&["Ann Lee", "Example News", "ann lee", "Ann Léé"]]),
            ["Ann Lee"]
        );
        assert_eq!(choose(&[&["Ann Lee", "Reuters"]]), ["Ann Lee", "Reuters"]);
        assert_eq!(choose(&[&["Reuters"], &["Ann Lee"]]), ["Ann Lee"]);
        assert_eq!(choose(&[&[], &["Reuters"]]), ["Reuters"]);
        assert_eq!(choose(&[&["Example News"]]), ["Example News"]);
        assert!(choose(&[]).is_empty());
    }

    #[test]
    fn a_byline_completes_the_name_of_an_account_and_no_other() {
        let choose = |said: &str, byline: &str| {
            let owned = |name: &str| vec![name.to_owned()];
            let offers = [Offer::structured(owned(said)), Offer::byline(owned(byline))];
            choose(offers, &[text::key("The Example")])
        };
        assert_eq!(choose("alee", "Ann Lee"), ["Ann Lee"]);
        assert_eq!(choose("ann.lee", "Ann Lee"), ["Ann Lee"]);
        assert_eq!(choose("Ann", "Ann Lee"), ["Ann Lee"]);
        assert_eq!(choose("Ann", "Bo Ek"), ["Ann"]);
        assert_eq!(choose("The Example", "Bo Ek"), ["Bo Ek"]);
        assert_eq!(choose("The Example", "The Example Team"), ["The Example"]);
    }

    #[test]
    fn what_only_stands_near_the_headline_counts_where_it_is_a_person() {
        let choose = |name: &str| choose([Offer::guess(vec![name.to_owned()])], &[]);
        assert_eq!(choose("Ann Lee"), ["Ann Lee"]);
        assert!(choose("Weather").is_empty());
    }

    #[test]
    fn a_flood_of_names_is_cut() {
        let flood = "Ann Lee, ".repeat(10_000);
        assert!(names(&flood, Form::Line).len() <= 40);
    }
}
