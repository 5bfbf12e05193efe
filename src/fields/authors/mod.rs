//! The authors' names: the first source that names a person, else the first that names anybody.

mod byline;
mod words;

use super::text;
use byline::{is_agency, is_particle, is_person};

pub(in crate::fields) use byline::names;

/// How a source writes names.
pub(in crate::fields) use byline::Form;

/// Names from one source.
#[derive(Debug)]
pub(super) struct Offer {
    names: Vec<String>,
    may_be_persons: bool,
}

impl Offer {
    /// Names that may be persons'.
    pub(super) fn of_anybody(names: Vec<String>) -> Self {
        Self {
            names,
            may_be_persons: true,
        }
    }

    /// Names of organisations only.
    pub(super) fn of_organisations(names: Vec<String>) -> Self {
        Self {
            names,
            may_be_persons: false,
        }
    }
}

/// The authors among the offers, which stand best source first and are asked for only until one names a person. `site_names` are comparable forms of the site's names.
pub(super) fn choose(offers: impl IntoIterator<Item = Offer>, site_names: &[String]) -> Vec<String> {
    let mut fallback = Vec::new();
    for Offer {
        names,
        may_be_persons,
    } in offers
    {
        let names = tidy(names, site_names);
        if may_be_persons
            && names
                .iter()
                .any(|name| is_person(name) && !is_site(name, site_names))
        {
            return names;
        }
        if fallback.is_empty() {
            fallback = names;
        }
    }
    fallback
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

/// Without duplicates, and without site and agencies where somebody else is named.
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
    if kept.iter().any(|name| !is_agency(name)) {
        kept.retain(|name| !is_agency(name));
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
        && words.iter().filter(|word| !is_particle(word)).all(is_name)
        && is_person(name)
}

fn is_site(name: &str, site_names: &[String]) -> bool {
    site_names.contains(&text::key(name))
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
            ("Reuters", &["Reuters"]),
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
                .map(|names| Offer::of_anybody(names.iter().map(|name| (*name).to_owned()).collect()));
            choose(offers, &site)
        };
        assert_eq!(choose(&[&["Example News"], &["Ann Lee"]]), ["Ann Lee"]);
        assert_eq!(
            choose(&[&["Ann Lee", "Example News", "ann lee", "Ann Léé"]]),
            ["Ann Lee"]
        );
        assert_eq!(choose(&[&["Ann Lee", "Reuters"]]), ["Ann Lee"]);
        assert_eq!(choose(&[&[], &["Reuters"]]), ["Reuters"]);
        assert_eq!(choose(&[&["Example News"]]), ["Example News"]);
        assert!(choose(&[]).is_empty());
    }

    #[test]
    fn a_flood_of_names_is_cut() {
        let flood = "Ann Lee, ".repeat(10_000);
        assert!(names(&flood, Form::Line).len() <= 40);
    }
}
