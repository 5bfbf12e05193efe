//! A file of a site with learned layouts above its own.

use super::SiteRules;

/// What begins a layout.
const LAYOUT: &str = "[[layout]]";
/// What begins a test.
const TEST: &str = "[[test]]";

/// A selector file in its parts. Comments right above a layout or test belong to it.
struct Parts<'t> {
    head: &'t str,
    layouts: &'t str,
    tests: &'t str,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Self {
        let tests_at = start_of(text, TEST).unwrap_or(text.len());
        let (before, tests) = text.split_at(tests_at);
        let (head, layouts) = before.split_at(start_of(before, LAYOUT).unwrap_or(before.len()));
        Self { head, layouts, tests }
    }
}

/// The byte at which the first table of this kind begins, or the comments above it.
fn start_of(text: &str, table: &str) -> Option<usize> {
    let (mut at, mut start) = (0, None);
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with(table) {
            return Some(start.unwrap_or(at));
        }
        if trimmed.starts_with('#') {
            start = start.or(Some(at));
        } else {
            start = None;
        }
        at += line.len();
    }
    None
}

/// The text of a site's file with the layouts of a learned one, in canonical form, above its own, so that old pages still find
/// theirs, and the learned tests below its tests. The first of the learned layouts is named `name`, the others after it; a number
/// follows where the file has that name. Gives also the names.
pub fn with_layouts_above(
    file: &SiteRules,
    learned: &str,
    names: &[&str],
    name: &str,
) -> (String, Vec<String>) {
    let (own, new) = (Parts::of(&file.text), Parts::of(learned));
    let mut taken: Vec<&str> = file.layouts.iter().map(|layout| layout.name.as_str()).collect();
    let renamed = fresh_names(names.len(), name, &mut taken);
    let rename = |text: &str, key: &str| {
        let mut out = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let is_of = |old: &&str| line.trim_end() == format!("{key} = \"{old}\"");
            match names.iter().position(is_of) {
                Some(at) => out += &[key, " = \"", &renamed[at], "\"\n"].concat(),
                None => out += line,
            }
        }
        out
    };
    let parts = [
        own.head.to_owned(),
        rename(new.layouts, "name"),
        own.layouts.to_owned(),
        own.tests.to_owned(),
        rename(new.tests, "layout"),
    ];
    let parts = parts.iter().map(|part| part.trim_matches('\n'));
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    (parts.join("\n\n") + "\n", renamed)
}

fn fresh_names(count: usize, name: &str, taken: &mut Vec<&str>) -> Vec<String> {
    let mut fresh: Vec<String> = Vec::new();
    let mut numbers = 1_usize..;
    while fresh.len() < count {
        let candidate = match numbers.next() {
            None | Some(1) => name.to_owned(),
            Some(number) => format!("{name}-{number}"),
        };
        if !taken.contains(&candidate.as_str()) {
            fresh.push(candidate);
        }
    }
    fresh
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Rules, SourceFile};

    const OWN: &str = "# Ours.\nschema = 1\nsites = [\"news.example\"]\n\n# The old one.\n[[layout]]\nname = \"2025\"\n\
                       body = [\"css:.old\"]\n\n[[test]]\npage = \"old\"\nhas = [\"x\"]\n";
    const LEARNED: &str = "schema = 1\nsites = [\"news.example\"]\n\n# 0.9: how sure it is, of 1.\n[[layout]]\nname = \"1\"\n\
                           body = [\"css:.new\"]\n\n[[layout]]\nname = \"2\"\nbody = [\"css:.newer\"]\n\n[[test]]\npage = \"new\"\n\
                           layout = \"1\"\nhas = [\"y\"]\n";

    fn grown(name: &str) -> (String, Vec<String>) {
        let file = SourceFile::new("sites/news.example.toml", OWN);
        let rules = Rules::of_files(vec![file]).unwrap();
        with_layouts_above(&rules.files()[0], LEARNED, &["1", "2"], name)
    }

    #[test]
    fn learned_layouts_stand_above_the_files_own_and_their_tests_below() {
        let (text, names) = grown("2026");
        assert_eq!(names, ["2026", "2026-2"]);
        assert_eq!(
            text,
            "# Ours.\nschema = 1\nsites = [\"news.example\"]\n\n# 0.9: how sure it is, of 1.\n[[layout]]\nname = \"2026\"\n\
             body = [\"css:.new\"]\n\n[[layout]]\nname = \"2026-2\"\nbody = [\"css:.newer\"]\n\n# The old one.\n[[layout]]\n\
             name = \"2025\"\nbody = [\"css:.old\"]\n\n[[test]]\npage = \"old\"\nhas = [\"x\"]\n\n[[test]]\npage = \"new\"\n\
             layout = \"2026\"\nhas = [\"y\"]\n"
        );
        let file = SourceFile::new("sites/news.example.toml", text);
        assert_eq!(Rules::of_files(vec![file]).unwrap().files()[0].layouts.len(), 3);
    }

    #[test]
    fn names_that_are_taken_are_passed_over() {
        assert_eq!(grown("2025").1, ["2025-2", "2025-3"]);
    }
}
