//! What is no mistake in a site file and yet is hardly meant.

use std::collections::HashSet;

use toml::Spanned;

use super::file::SourceFile;
use super::key::subjects;
use super::schema::{CmsFile, CommonFile, HasFieldSources, Layout, SiteFile, Test};
use super::source::{FIELD_NAMES, Source};

/// Elements that no text block is in: nothing of them enters the article.
const WITHOUT_TEXT: [&str; 13] = [
    "audio", "canvas", "head", "iframe", "img", "link", "meta", "noscript", "script", "style", "svg",
    "title", "video",
];
/// A class of so many characters with a digit in it that no word explains was made by a build.
const MIN_HASH: usize = 5;
/// Prefixes of class names that builds make.
const HASH_PREFIXES: [&str; 4] = ["css-", "sc-", "jsx-", "svelte-"];

/// The warnings about one file, in their order in it. `common` holds the selectors of `common.toml`.
pub(super) fn warnings(file: &SourceFile, common: &HashSet<String>) -> Vec<String> {
    let mut lint = Lint {
        file,
        common,
        found: Vec::new(),
    };
    // A file that does not load was refused before.
    if file.folder() == "cms" {
        if let Ok(parsed) = file.parse::<CmsFile>() {
            lint.layouts(&parsed.layout, &parsed.test);
        }
    } else if let Ok(parsed) = file.parse::<SiteFile>() {
        lint.sites(&parsed.sites);
        lint.layouts(&parsed.layout, &parsed.test);
    }
    lint.found.sort();
    lint.found.into_iter().map(|(_, warning)| warning).collect()
}

/// The selectors of a `common.toml`.
pub(super) fn common_selectors(file: &SourceFile) -> HashSet<String> {
    let parsed = file.parse::<CommonFile>();
    let drops = parsed.map(|parsed| parsed.drop).unwrap_or_default();
    let selectors = drops.into_iter().flat_map(|drop| drop.css);
    selectors.map(Spanned::into_inner).collect()
}

struct Lint<'a> {
    file: &'a SourceFile,
    common: &'a HashSet<String>,
    found: Vec<(usize, String)>,
}

impl Lint<'_> {
    fn warn(&mut self, key: &str, place: &Spanned<String>, problem: &str) {
        let at = place.span().start;
        let warning = self.file.message(at, &format!("`{key}`: {problem}"));
        self.found.push((at, warning));
    }

    fn sites(&mut self, sites: &[Spanned<String>]) {
        let names: HashSet<&str> = sites.iter().map(|host| host.get_ref().as_str()).collect();
        for host in sites {
            if let Some(bare) = host.get_ref().strip_prefix("www.") {
                let problem = format!("{bare} serves www.{bare} as well");
                self.warn("sites", host, &problem);
            }
            let mut above = host.get_ref().as_str();
            while let Some((_, rest)) = above.split_once('.') {
                above = rest;
                if names.contains(above) {
                    self.warn("sites", host, &format!("{above} serves it as well"));
                    break;
                }
            }
        }
        let stem = self.file.stem();
        let is_named = sites.is_empty() || names.iter().any(|host| stem.starts_with(host));
        if let Some(first) = sites.first().filter(|_| !is_named) {
            let problem = format!("none of its hosts names the file, as in {}.toml", first.get_ref());
            self.warn("sites", first, &problem);
        }
    }

    fn layouts(&mut self, layouts: &[Layout], tests: &[Test]) {
        let mut taken: Option<&str> = None;
        for layout in layouts {
            let name = layout.name.get_ref();
            if let Some(other) = taken {
                let problem = format!("is never used: {other:?} above it fits every page");
                self.warn("layout", &layout.name, &problem);
            }
            let is_open = layout.when.is_empty() && layout.body.is_empty() && layout.path.is_empty();
            if is_open && layout.since.is_none() && layout.until.is_none() {
                taken = taken.or(Some(name));
            }
            let is_tested = tests.iter().any(|test| match &test.layout {
                Some(tested) => tested.get_ref() == name,
                None => layouts.len() == 1,
            });
            if !is_tested {
                self.warn("layout", &layout.name, &format!("{name:?} has no [[test]]"));
            }
            if layout.since.is_some() && layouts.len() == 1 {
                self.warn("since", &layout.name, "has no effect with one layout");
            }
            self.layout(layout);
        }
        for test in tests.iter().filter(|test| test.has.is_empty()) {
            self.warn(
                "page",
                &test.page,
                "its test has no `has`, and an empty article would pass",
            );
        }
    }

    fn layout(&mut self, layout: &Layout) {
        let lists = [
            ("path", &layout.path),
            ("when", &layout.when),
            ("body", &layout.body),
            ("keep", &layout.keep),
            ("drop", &layout.drop),
            ("drop_text", &layout.drop_text),
            ("stop_at", &layout.stop_at),
            ("next_page", &layout.next_page),
            ("single_page", &layout.single_page),
        ];
        let fields = FIELD_NAMES.map(|(field, key)| (key, layout.of(field)));
        let lists = lists
            .into_iter()
            .map(|(key, list)| (key, list.as_slice()))
            .chain(fields);
        for (key, list) in lists {
            let mut seen = HashSet::new();
            for place in list {
                if !seen.insert(place.get_ref()) {
                    self.warn(key, place, "stands here twice");
                }
                self.rule(key, place);
            }
        }
        let says_nothing = layout.body.is_empty()
            && layout.keep.is_empty()
            && layout.drop.is_empty()
            && layout.drop_text.is_empty()
            && layout.stop_at.is_empty()
            && FIELD_NAMES.iter().all(|(field, _)| layout.of(*field).is_empty());
        if says_nothing {
            self.warn("layout", &layout.name, "has no rule");
        }
    }

    fn rule(&mut self, key: &str, place: &Spanned<String>) {
        let text = place.get_ref();
        if key == "drop_text" {
            return self.pattern(key, place, text);
        }
        match Source::parse(text) {
            Ok(Source::Text(pattern)) => self.pattern(key, place, &pattern),
            Ok(Source::Css { selector, steps, .. }) => {
                let is_of_blocks = matches!(key, "body" | "keep" | "drop" | "stop_at");
                let ends_here = !steps.iter().any(|step| matches!(step, super::Step::Closest(_)));
                if is_of_blocks && ends_here {
                    self.textless(key, place, &selector);
                }
                if key == "drop" && steps.is_empty() && self.common.contains(&selector) {
                    self.warn(key, place, "common.toml drops it on every site");
                }
                self.hashes(key, place, &selector);
            }
            _ => {}
        }
    }

    fn pattern(&mut self, key: &str, place: &Spanned<String>, pattern: &str) {
        let broken = ["\\n", "\\t", "  ", "^ ", " $"];
        if let Some(part) = broken.into_iter().find(|part| pattern.contains(part)) {
            let problem =
                format!("can never match: the space of a text is folded, and {part:?} never stands there");
            self.warn(key, place, &problem);
        }
    }

    fn textless(&mut self, key: &str, place: &Spanned<String>, selector: &str) {
        let tag = |compound: &str| {
            compound
                .split(['.', '#', '[', ':'])
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase()
        };
        let mut tags = subjects(selector).map(tag);
        if let Some(tag) = tags.find(|tag| WITHOUT_TEXT.contains(&tag.as_str())) {
            self.warn(
                key,
                place,
                &format!("has no effect: no text of the article stands in <{tag}>"),
            );
        }
        if subjects(selector).any(|compound| compound.matches('#').count() > 1) {
            self.warn(key, place, "can never match: an element has one id");
        }
    }

    fn hashes(&mut self, key: &str, place: &Spanned<String>, selector: &str) {
        let parts = selector.split('.').skip(1);
        let names = parts.filter_map(|part| {
            part.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
                .next()
        });
        if let Some(name) = names.filter(|name| is_hashed(name)).last() {
            let problem = format!("class {name:?} looks made by a build, and the next one changes it");
            self.warn(key, place, &problem);
        }
    }
}

/// Whether a class name is the hash of a build, as `css-1x2y3z`.
fn is_hashed(name: &str) -> bool {
    let hash = HASH_PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix));
    hash.is_some_and(|hash| {
        let is_mixed =
            hash.contains(|c: char| c.is_ascii_digit()) || hash.contains(|c: char| c.is_ascii_uppercase());
        hash.len() >= MIN_HASH && is_mixed && hash.chars().all(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hardly_meant_is_warned_of_with_its_place() {
        let text = r#"schema = 1
sites = ["www.a.example", "b.example", "news.b.example"]
[[layout]]
name = "1"
drop = ["css:nav", "css:script.x", "css:.css-1x2y3z p", "css:.ad", "css:.ad", "css:#a#b"]
drop_text = ["^Read  also", "^Read also"]
since = "2024-01-01"
[[layout]]
name = "2"
[[layout]]
name = "3"
stop_at = ["css:img | closest:div"]
[[test]]
page = "x"
layout = "1"
"#;
        let common = HashSet::from(["nav".to_owned()]);
        let found = warnings(&SourceFile::new("sites/c.toml", text), &common);
        let expected = [
            "2:10: `sites`: a.example serves www.a.example as well",
            "2:10: `sites`: none of its hosts names the file",
            "2:40: `sites`: b.example serves it as well",
            "5:9: `drop`: common.toml drops it on every site",
            "5:20: `drop`: has no effect: no text of the article stands in <script>",
            "5:36: `drop`: class \"css-1x2y3z\" looks made by a build",
            "5:68: `drop`: stands here twice",
            "5:79: `drop`: can never match: an element has one id",
            "6:14: `drop_text`: can never match",
            "9:8: `layout`: \"2\" has no [[test]]",
            "9:8: `layout`: has no rule",
            "11:8: `layout`: \"3\" has no [[test]]",
            "11:8: `layout`: is never used: \"2\" above it fits every page",
            "14:8: `page`: its test has no `has`",
        ];
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (warning, start) in found.iter().zip(expected) {
            assert!(warning.starts_with(&format!("sites/c.toml:{start}")), "{warning}");
        }
    }

    #[test]
    fn a_file_that_is_meant_gets_no_warning() {
        let text = "schema = 1\nsites = [\"a.example\"]\n[[layout]]\nname = \"1\"\nbody = [\"css:.story-2024\"]\n\
                    drop = [\"css:.css-grid\"]\n[[test]]\npage = \"x\"\nhas = [\"y\"]\n";
        let found = warnings(&SourceFile::new("sites/a.example.toml", text), &HashSet::new());
        assert!(found.is_empty(), "{found:?}");
    }
}
