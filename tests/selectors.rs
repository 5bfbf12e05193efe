//! What a selector file can say, on invented pages; and that the suite's own files and pages belong together.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use copydesk::fetch::Page;
use copydesk::pipeline::site_test;
use copydesk::pipeline::{Options, Steps, explain_page};
use copydesk::rules::{Rules, SelectorDir, SiteTest};
use tempfile::TempDir;

#[path = "support/pages.rs"]
mod support;

/// A directory with these selector files.
fn overlay(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn rules(files: &[(&str, &str)]) -> Rules {
    Rules::with_overlay(overlay(files).path()).unwrap()
}

/// The mistakes in these files, without the path of their directory.
fn mistakes(files: &[(&str, &str)]) -> Vec<String> {
    let dir = overlay(files);
    let errors = Rules::with_overlay(dir.path()).unwrap_err().0;
    let prefix = format!("{}/", dir.path().display());
    errors.iter().map(|error| error.replace(&prefix, "")).collect()
}

fn page(url: &str, html: &str) -> Page {
    Page {
        url: url.parse().unwrap(),
        content_type: Some("text/html".to_owned()),
        body: html.as_bytes().to_vec(),
        fetched: 0,
    }
}

/// What is kept of a page, a line a block, and the layout that was used.
fn cleaned(rules: &Rules, url: &str, html: &str) -> (String, Option<String>) {
    cleaned_by(Steps::All, rules, url, html)
}

fn cleaned_by(steps: Steps, rules: &Rules, url: &str, html: &str) -> (String, Option<String>) {
    let options = Options {
        steps,
        ..Options::default()
    };
    let cleaned = explain_page(&page(url, html), rules, options).unwrap();
    let kept = cleaned.explained.iter().filter(|block| block.keep);
    let lines: Vec<&str> = kept.map(|block| block.block.text.as_str()).collect();
    (
        lines.join("\n"),
        cleaned.article.and_then(|article| article.layout),
    )
}

const STORY: &str = "The council of Oxley voted on Tuesday to rebuild the bridge over the Arrow.";

fn site(layouts: &str) -> String {
    format!("schema = 1\nsites = [\"news.example\"]\n{layouts}")
}

/// What rules keep of a story with these parts around it, with these keys in the layout of the site.
fn kept(keys: &str, parts: &str) -> String {
    let file = site(&format!(
        "[[layout]]\nname = \"1\"\nbody = [\"css:.story\"]\n{keys}\n"
    ));
    let rules = rules(&[("sites/news.example.toml", &file)]);
    let html = format!("<div class=story><p>{STORY}</p>{parts}</div>");
    let (text, layout) = cleaned_by(Steps::Rules, &rules, "https://news.example/a", &html);
    assert_eq!(layout.as_deref(), Some("1"));
    text.strip_prefix(STORY).unwrap_or(&text).trim().to_owned()
}

#[test]
fn in_a_body_the_common_rules_and_the_model_drop_what_is_surely_no_story() {
    let paragraphs: Vec<String> = (0..8)
        .map(|at| {
            format!("<p>{STORY} In the {at}th year of the plan, said the mayor, the work would end.</p>")
        })
        .collect();
    let paragraphs = paragraphs.concat();
    let page = format!(
        "<div class=story>{paragraphs}<p>Photo: Ann Roe</p><p>Short but in the body.</p>{}</div><p>{STORY} Outside.</p>",
        "<div class=share-buttons><a href=/s>Share this on every network there is</a></div>",
    );
    let file = |keys: &str| {
        site(&format!(
            "[[layout]]\nname = \"1\"\nbody = [\"css:.story\"]\n{keys}\n"
        ))
    };
    let text = |keys: &str| {
        let rules = rules(&[("sites/news.example.toml", &file(keys))]);
        cleaned(&rules, "https://news.example/a", &page).0
    };
    let usual = text("");
    assert_eq!(usual.matches("th year of the plan").count(), 8, "{usual}");
    assert!(usual.contains("Short but in the body"), "{usual}");
    for gone in ["Photo: Ann Roe", "Share this", "Outside"] {
        assert!(!usual.contains(gone), "{gone}: {usual}");
    }
    assert!(text("keep = [\"css:.share-buttons\"]").contains("Share this"));
}

#[test]
fn the_general_steps_know_nothing_of_the_file_of_a_site() {
    let file = site("[[layout]]\nname = \"1\"\nbody = [\"css:.gone\"]\ndrop = [\"css:.story\"]\n");
    let rules = rules(&[("sites/news.example.toml", &file)]);
    let html = format!(
        "<title>Bridge</title><div class=story>{}</div>",
        format!("<p>{STORY}</p>").repeat(4)
    );
    let page = page("https://news.example/a", &html);
    let limits = |steps| {
        let options = Options {
            steps,
            ..Options::default()
        };
        let cleaned = explain_page(&page, &rules, options).unwrap();
        (cleaned.fit.is_some(), cleaned.article.unwrap().limits.len())
    };
    assert_eq!(limits(Steps::All), (true, 1));
    assert_eq!(limits(Steps::General), (false, 0));
}

#[test]
fn a_body_that_holds_a_lead_alone_does_not_fit() {
    let file = site("[[layout]]\nname = \"1\"\nbody = [\"css:.lead, .story\"]\n");
    let rules = rules(&[("sites/news.example.toml", &file)]);
    let paragraphs = format!("<p>{STORY} The work would end in two years, said the mayor.</p>").repeat(30);
    for (class, fits) in [("story", true), ("renamed", false)] {
        let page = format!("<main><p class=lead>A lead.</p><div class={class}>{paragraphs}</div></main>");
        let (text, layout) = cleaned(&rules, "https://news.example/a", &page);
        assert_eq!(layout.is_some(), fits, "{class}");
        assert!(text.contains("said the mayor"), "{class}: {text}");
    }
}

#[test]
fn a_text_test_takes_elements_by_what_they_say() {
    let parts = "<div class=box>Rowing, then rain</div><div class=box>Rain is expected</div>";
    assert_eq!(
        kept("drop = ['css:.box | text:^Rowing']", parts),
        "Rain is expected"
    );
    assert_eq!(
        kept("drop = ['css:.box | text:expected$']", parts),
        "Rowing, then rain"
    );
}

#[test]
fn first_and_last_take_one_of_all_on_the_page() {
    let parts = "<div><p class=x>One</p></div><div><p class=x>Two</p></div><p class=x>Three</p>";
    assert_eq!(kept("drop = ['css:.x | first']", parts), "Two\nThree");
    assert_eq!(kept("drop = ['css:.x | last']", parts), "One\nTwo");
    assert_eq!(
        kept("drop = ['css:.x | text:^T | first']", parts),
        "One\nThree",
        "steps are applied in their order"
    );
}

#[test]
fn closest_takes_the_nearest_element_around_each() {
    let parts =
        "<div class=box><div class=box><p>Offer</p><span class=mark>Mark</span></div><p>More</p></div>";
    assert_eq!(kept("drop = ['css:.mark | closest:.box']", parts), "More");
    assert_eq!(
        kept("drop = ['css:.mark | closest:section']", parts),
        "Offer\nMark\nMore"
    );
    assert_eq!(
        kept("stop_at = ['css:p | text:^Offer | closest:.box']", parts),
        ""
    );
}

#[test]
fn a_field_is_read_through_steps() {
    let file = site(
        "[[layout]]\nname = \"1\"\nbody = [\"css:.story\"]\ntitle = [\"css:h2 | last\"]\n\
         authors = [\"css:span | text:^By$ | closest:p | @data-who\"]\ncanonical_url = [\"css:link[rel=x]@href\"]\n",
    );
    let rules = rules(&[("sites/news.example.toml", &file)]);
    let html = format!(
        "<head><link rel=x href=/b></head><h2>Rain in the north</h2><h2>The bridge</h2>\
         <p data-who='Ann Roe'><span>By</span></p><div class=story><p>{STORY}</p></div>"
    );
    let page = page("https://news.example/a", &html);
    let cleaned = explain_page(&page, &rules, Options::default()).unwrap();
    let fields = cleaned.article.unwrap().fields;
    assert_eq!(fields.title.as_deref(), Some("The bridge"));
    assert_eq!(fields.authors, ["Ann Roe"]);
    assert_eq!(fields.canonical_url.as_deref(), Some("https://news.example/b"));
}

#[test]
fn a_path_limits_a_layout_and_a_file() {
    let layouts = site(
        "[[layout]]\nname = \"sport\"\npath = ['^/sport/']\nbody = [\"css:.story\"]\n\
         [[layout]]\nname = \"news\"\nbody = [\"css:.story\"]\n",
    );
    let blog = "schema = 1\nsites = [\"news.example\"]\npath = ['^/blog/']\n\
                [[layout]]\nname = \"blog\"\nbody = [\"css:.story\"]\n";
    let rules = rules(&[
        ("sites/news.example.toml", &layouts),
        ("sites/news.example.blog.toml", blog),
    ]);
    let html = format!("<div class=story><p>{STORY}</p></div>");
    for (path, layout) in [("sport/a", "sport"), ("a", "news"), ("blog/a", "blog")] {
        let url = format!("https://www.news.example/{path}");
        assert_eq!(cleaned(&rules, &url, &html).1.as_deref(), Some(layout), "{url}");
    }
}

#[test]
fn a_body_that_matches_no_text_leaves_the_page_to_the_next_layout_and_the_general_cleaner() {
    let html = format!("<div class=new></div><main><div class=story><p>{STORY}</p></div></main>");
    let layout = |file: &str| {
        let rules = rules(&[("sites/news.example.toml", &site(file))]);
        cleaned(&rules, "https://news.example/a", &html)
    };
    let new = "[[layout]]\nname = \"new\"\nbody = [\"css:.new\"]\n";
    let (text, name) = layout(&format!(
        "{new}[[layout]]\nname = \"old\"\nbody = [\"css:.story\"]\n"
    ));
    assert_eq!((text.as_str(), name.as_deref()), (STORY, Some("old")));
    assert_eq!(layout(new).1, None);
    let (text, _) = layout(&new.replace("body", "when = [\"css:main\"]\nbody"));
    assert_eq!(text, STORY);
}

#[test]
fn a_day_decides_between_layouts_that_both_fit() {
    let file = site(
        "[[layout]]\nname = \"old\"\nuntil = \"2023-12-31\"\nbody = [\"css:.story\"]\n\
         [[layout]]\nname = \"new\"\nsince = \"2024-01-01\"\nbody = [\"css:main\"]\n",
    );
    let rules = rules(&[("sites/news.example.toml", &file)]);
    for (day, layout) in [("2023-05-01", "old"), ("2024-05-01", "new"), ("", "old")] {
        let html = format!(
            "<meta property='article:published_time' content='{day}'><main><div class=story><p>{STORY}</p></div></main>"
        );
        let found = cleaned(&rules, "https://news.example/a", &html).1;
        assert_eq!(found.as_deref(), Some(layout), "{day:?}");
    }
}

#[test]
fn a_publishing_system_is_told_by_the_head_and_gives_way_to_the_site() {
    let cms = "schema = 1\n[[layout]]\nname = \"press\"\nwhen = [\"css:meta[name=generator][content^=Press]\"]\n\
               body = [\"css:.entry\"]\n";
    let own = site("[[layout]]\nname = \"own\"\nbody = [\"css:.entry\"]\n");
    let rules = rules(&[("cms/press.toml", cms), ("sites/news.example.toml", &own)]);
    let html = |generator: &str| {
        format!(
            "<head><meta name=generator content='{generator}'></head><div class=entry><p>{STORY}</p></div>"
        )
    };
    let layout = |url: &str, generator: &str| cleaned(&rules, url, &html(generator)).1;
    assert_eq!(
        layout("https://a.example/1", "Press 6.1").as_deref(),
        Some("press")
    );
    assert_eq!(layout("https://a.example/1", "Other"), None);
    assert_eq!(
        layout("https://news.example/1", "Press 6.1").as_deref(),
        Some("own")
    );
}

#[test]
fn all_mistakes_are_named_with_file_line_column_key_and_what_was_meant() {
    let layout = "[[layout]]\nname = \"1\"\n";
    let found = mistakes(&[
        ("sites/a.example.toml", &site(&format!("{layout}bdy = []\n"))),
        (
            "sites/b.example.toml",
            &site(&format!(
                "{layout}drop = [\"css:body\", \"css:p[\", \"css:p | frist\"]\n\
                 drop_text = ['advert', '^.*', '^(\\w{{200}}){{200}}']\nnext_page = [\"css:a.next\"]\nuntil = \"May\"\n"
            )),
        ),
        (
            "sites/c.example.toml",
            "schema = 2\nsites = [\"co.uk\", \"https://c.example\"]\n[headers]\nCookie = \"a=b\"\n\
             [[test]]\npage = \"../x\"\nlayout = \"1\"\nurl = \"c\"\n",
        ),
        ("cms/press.toml", "schema = 1\n[[layout]]\nname = \"press\"\n"),
    ]);
    let expected = [
        "sites/a.example.toml:5:1: no key `bdy` here: did you mean `body`?",
        "sites/b.example.toml:5:9: `drop`: selector \"body\" matches the whole page",
        "sites/b.example.toml:5:21: `drop`: selector \"p[\" is not valid CSS",
        "sites/b.example.toml:5:31: `drop`: no step \"frist\": after \" | \" stand",
        "sites/b.example.toml:6:14: `drop_text`: pattern \"advert\" is not anchored",
        "sites/b.example.toml:6:24: `drop_text`: pattern \"^.*\" matches any text",
        "sites/b.example.toml:6:31: `drop_text`: pattern ",
        "sites/b.example.toml:7:14: `next_page`: takes the attribute that holds the address",
        "sites/b.example.toml:8:9: `until`: takes a day",
        "sites/c.example.toml:1:1: schema 2 is not known",
        "sites/c.example.toml:2:10: `sites`: \"co.uk\" is no site",
        "sites/c.example.toml:2:19: `sites`: \"https://c.example\" is no host",
        "sites/c.example.toml:4:1: `headers`: Cookie is not for a selector file to set",
        "sites/c.example.toml:6:8: `page`: takes a folder below",
        "sites/c.example.toml:7:10: `layout`: there is no layout \"1\"",
        "sites/c.example.toml:8:7: `url`: takes an address",
        "cms/press.toml:3:8: `layout`: has no `when`",
    ];
    let mut sorted: Vec<&String> = found.iter().collect();
    sorted.sort_by_key(|mistake| mistake.starts_with("cms/"));
    assert_eq!(sorted.len(), expected.len(), "{sorted:#?}");
    for (mistake, start) in sorted.iter().zip(expected) {
        assert!(mistake.starts_with(start), "{mistake}\nshould begin with {start}");
    }
}

#[test]
fn two_files_of_one_site_are_both_named() {
    let found = mistakes(&[("sites/a.toml", &site("")), ("sites/b.toml", &site(""))]);
    assert_eq!(
        found,
        ["sites/b.toml:2:10: `sites`: news.example is also served by sites/a.toml"]
    );
    let of_path = "schema = 1\nsites = [\"news.example\"]\npath = ['^/a/']\n";
    rules(&[("sites/a.toml", &site("")), ("sites/b.toml", of_path)]);
    assert!(Rules::with_overlay(Path::new("missing")).is_err());
}

/// The example of `selectors/README.md`.
fn example() -> String {
    let readme = fs::read_to_string(root().join("selectors/README.md")).unwrap();
    let (_, rest) = readme.split_once("```toml\n").unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_example_of_the_readme_loads_in_canonical_form_without_a_warning() {
    let example = example();
    let dir = overlay(&[("sites/example.org.toml", &example)]);
    let selectors = SelectorDir::open(dir.path()).unwrap();
    assert_eq!(selectors.warnings().unwrap(), Vec::<String>::new());
    let unformatted = selectors.unformatted().unwrap();
    assert!(unformatted.is_empty(), "{}", unformatted[0].formatted);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What does not belong together: files of sites and systems without a page, pages that no test names, pages of sites without a
/// file, tests without their page.
fn strays(rules: &Rules, pages: &Path, folders: &[PathBuf]) -> Vec<String> {
    let is_page = |test: &SiteTest| pages.join(&test.page).join("source.html").exists();
    let mut strays = Vec::new();
    let mut tested = BTreeSet::new();
    for file in rules.files() {
        if !file.tests.iter().any(is_page) {
            strays.push(format!("{}: no page", file.file));
        }
        for test in &file.tests {
            tested.insert(test.page.clone());
            if !is_page(test) {
                strays.push(format!("{}:{}: no page {}", file.file, test.line, test.page));
            }
        }
    }
    for folder in folders {
        let page = folder.strip_prefix(pages).unwrap();
        let Some(site) = page.parent().filter(|site| !site.as_os_str().is_empty()) else {
            continue;
        };
        let stem = |file: &str| Path::new(file).file_stem().map(Path::new) == Some(site);
        if !rules.files().iter().any(|file| stem(&file.file)) {
            strays.push(format!(
                "{}: no selector file {}.toml",
                page.display(),
                site.display()
            ));
        } else if !tested.contains(&page.display().to_string()) {
            strays.push(format!("{}: no test names it", page.display()));
        }
    }
    strays
}

#[test]
fn every_site_file_has_its_pages_and_every_page_of_a_site_its_file() {
    let strays = strays(
        Rules::builtin(),
        &root().join("fixtures/pages"),
        &support::folders(),
    );
    assert!(strays.is_empty(), "{}", strays.join("\n"));
}

#[test]
fn a_file_without_page_and_a_page_without_file_are_refused() {
    let a = "schema = 1\nsites = [\"a.example\"]\n[[test]]\npage = \"a.example/1\"\n[[test]]\npage = \"a.example/2\"\n";
    let b = "schema = 1\nsites = [\"b.example\"]\n";
    let files = [("sites/a.example.toml", a), ("sites/b.example.toml", b)];
    let names = ["a.example/1", "a.example/3", "c.example/1", "general"];
    let pages = names.map(|name| (format!("{name}/source.html"), "<p>"));
    let pages = overlay(&pages.each_ref().map(|(name, text)| (name.as_str(), *text)));
    let mut strays = strays(
        &rules(&files),
        pages.path(),
        &support::folders_below(pages.path()),
    );
    // The program's own files have no page among these either.
    strays.retain(|stray| stray.contains(".example"));
    let expected = [
        "sites/a.example.toml:6: no page a.example/2",
        "sites/b.example.toml: no page",
        "a.example/3: no test names it",
        "c.example/1: no selector file c.example.toml",
    ];
    assert_eq!(strays.len(), expected.len(), "{strays:#?}");
    for (stray, end) in strays.iter().zip(expected) {
        assert!(stray.ends_with(end), "{stray}");
    }
}

#[test]
fn every_test_of_the_files_in_the_program_passes() {
    let fixtures = root().join("fixtures/pages");
    let rules = Rules::builtin();
    let mut failures = Vec::new();
    for file in rules.files() {
        for test in &file.tests {
            let folder = site_test::folder(file, test, &fixtures);
            let page = site_test::saved_page(file, test, &folder).unwrap();
            let mistakes = site_test::run(&page, test, rules).mistakes;
            failures.extend(mistakes.iter().map(|mistake| format!("{}: {mistake}", test.page)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_files_in_the_program_load_and_need_no_warning() {
    let selectors = SelectorDir::builtin();
    let warnings = selectors.warnings().unwrap();
    assert!(warnings.is_empty(), "{}", warnings.join("\n"));
    let unformatted = selectors.unformatted().unwrap();
    let names: Vec<_> = unformatted.iter().map(|file| &file.path).collect();
    assert!(names.is_empty(), "run `copydesk selectors fmt`: {names:?}");
}
