//! Reads the imports of `src/` and fails on one that runs the wrong way.
//!
//! - A module imports only modules that stand in its row of [`MODULES`].
//! - A stage may know another stage's types; it does not call its functions. Only `pipeline` and `cli` do that.
//! - A third-party crate is touched only by the modules that [`CRATES`] names for it.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A module of the crate and what it may import.
struct Module {
    name: &'static str,
    /// Modules whose types and functions it may use.
    calls: &'static [&'static str],
    /// Modules whose types alone it may use.
    knows: &'static [&'static str],
}

const fn module(
    name: &'static str,
    calls: &'static [&'static str],
    knows: &'static [&'static str],
) -> Module {
    Module { name, calls, knows }
}

/// The modules in the order of the flow. What is in no row must not exist.
const MODULES: &[Module] = &[
    module("article", &[], &[]),
    module("diff", &[], &[]),
    module("fold", &[], &[]),
    module("markup", &[], &[]),
    module("site", &[], &[]),
    module("spelling", &[], &[]),
    module("discover", &["markup", "site"], &["article"]),
    // A body without a content type is refused by the same look at its bytes as a local page.
    module("fetch", &["decode"], &[]),
    // A saved crawl has the limits of one.
    module("warc", &["fetch"], &[]),
    module("decode", &["markup"], &[]),
    // Rules are no stage: the stages ask them what matches.
    module("document", &["rules"], &["article"]),
    module("rules", &["site", "spelling"], &["article", "document"]),
    module("clean", &["rules"], &["article", "document"]),
    module("fields", &["rules", "site"], &["article", "document"]),
    // It asks the rules for the words of each kind.
    module("kind", &["rules"], &["article", "document", "clean"]),
    module("dedupe", &["site"], &["article"]),
    // The fingerprint is part of the transaction: what is a duplicate is decided where it is stored.
    module("store", &["dedupe", "fold"], &["article"]),
    // It gets plain articles, from the pipeline.
    module("search", &["dedupe", "fold"], &["article"]),
    module("config", &["spelling"], &["fetch", "clean"]),
    module(
        "pipeline",
        &[
            "discover", "fetch", "decode", "document", "rules", "clean", "fields", "kind", "dedupe", "store",
            "search", "fixture", "learn", "site", "diff",
        ],
        &["article", "config"],
    ),
    // It writes a page's tree anew, as the document sees it.
    module("fixture", &["document"], &[]),
    // It asks the rules what a selector file may say.
    module("learn", &["rules", "site"], &["article", "document", "clean"]),
    // It asks the rules whether a selector is one.
    module("ftr", &["rules"], &[]),
    module("render", &[], &["article"]),
    module("export", &["render"], &["article", "store"]),
    module(
        "cli",
        &["fetch", "warc", "pipeline", "render", "export", "ftr", "diff"],
        &[
            "article", "fixture", "learn", "config", "rules", "store", "search",
        ],
    ),
    module("main", &["cli"], &[]),
];

/// Third-party crates that belong to some modules alone.
const CRATES: &[(&str, &[&str])] = &[
    ("psl", &["site"]),
    ("feed_rs", &["discover"]),
    ("quick_xml", &["discover"]),
    ("reqwest", &["fetch"]),
    ("rustls", &["fetch"]),
    ("texting_robots", &["fetch"]),
    ("encoding_rs", &["decode"]),
    ("chardetng", &["decode"]),
    ("html5ever", &["document"]),
    ("ego_tree", &["document", "fixture"]),
    ("scraper", &["document", "rules", "fixture"]),
    ("toml", &["rules", "config"]),
    ("toml_edit", &["rules"]),
    ("whatlang", &["fields"]),
    ("unicode_normalization", &["dedupe", "fold", "fields"]),
    ("sha2", &["dedupe", "store", "rules", "warc"]),
    ("sled", &["store"]),
    ("zstd", &["store", "warc"]),
    ("tantivy", &["search"]),
    ("similar", &["diff"]),
    ("csv", &["export"]),
    ("parquet", &["export"]),
    ("arrow_array", &["export"]),
    ("arrow_schema", &["export"]),
    ("atom_syndication", &["export"]),
    ("httparse", &["warc"]),
    ("tokio", &["fetch", "pipeline", "cli"]),
    ("clap", &["cli", "main"]),
    ("anyhow", &["cli"]),
    ("indicatif", &["cli"]),
    ("terminal_size", &["cli"]),
    ("unicode_width", &["cli"]),
    ("tracing_subscriber", &["cli"]),
];

/// A path in the source, as `crate::store::Store`, and where it stands.
struct Use {
    module: String,
    path: Vec<String>,
    at: String,
}

#[test]
fn no_import_runs_the_wrong_way() {
    let mut wrong = BTreeSet::new();
    for used in uses() {
        let Some(row) = MODULES.iter().find(|row| row.name == used.module) else {
            wrong.insert(format!(
                "{}: module `{}` has no row in MODULES",
                used.at, used.module
            ));
            continue;
        };
        let Some(target) = own_module(&used) else { continue };
        if target == used.module || row.calls.contains(&target) {
            continue;
        }
        let path = used.path.join("::");
        if !row.knows.contains(&target) {
            wrong.insert(format!("{}: `{}` must not import `{path}`", used.at, used.module));
        } else if !names_a_type(&used.path) {
            wrong.insert(format!(
                "{}: `{}` must not call into `{target}`: `{path}`",
                used.at, used.module
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}",
        wrong.into_iter().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn third_party_crates_are_touched_only_where_they_belong() {
    let mut wrong = BTreeSet::new();
    for used in uses() {
        let Some((name, owners)) = CRATES.iter().find(|(name, _)| used.path[0] == *name) else {
            continue;
        };
        if !owners.contains(&used.module.as_str()) {
            wrong.insert(format!("{}: `{name}` belongs to {}", used.at, owners.join(", ")));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}",
        wrong.into_iter().collect::<Vec<_>>().join("\n")
    );
}

/// The module of this crate that the path leads into, if it does.
fn own_module(used: &Use) -> Option<&str> {
    let own = matches!(used.path[0].as_str(), "crate" | "copydesk");
    used.path
        .get(1)
        .map(String::as_str)
        .filter(|name| own && MODULES.iter().any(|row| row.name == *name))
}

/// A path that has a type or a constant in it, as `crate::store::Store::open`, or ends with a module.
fn names_a_type(path: &[String]) -> bool {
    path.iter()
        .skip(2)
        .any(|part| part.starts_with(char::is_uppercase))
        || path.len() == 2
}

/// Every path in the code of `src/`; tests, comments and docs do not count.
fn uses() -> Vec<Use> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut uses = Vec::new();
    for file in source_files(&src) {
        let relative = file.strip_prefix(&src).unwrap().to_path_buf();
        let first = relative
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_string_lossy()
            .into_owned();
        let module = first.trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&file).unwrap();
        // Test modules stand at the end of their file.
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        if module == "lib" || file.ends_with("tests.rs") {
            continue;
        }
        let code: Vec<&str> = code
            .lines()
            .map(|line| line.split("//").next().unwrap())
            .collect();
        let code = code.join("\n");
        for (offset, path) in paths(&code) {
            let line = code[..offset].matches('\n').count() + 1;
            uses.push(Use {
                module: module.clone(),
                path,
                at: format!("src/{}:{line}", relative.display()),
            });
        }
    }
    assert!(uses.len() > 100, "the source was not read");
    uses
}

fn source_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut dirs = vec![dir.to_path_buf()];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The paths in the code with two parts or more and where they begin; `a::{b, c::{d}}` counts as `a::b` and
/// `a::c::d`.
fn paths(code: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut prefixes: Vec<Vec<String>> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut joins = false;
    let mut at = 0;
    while let Some(c) = code[at..].chars().next() {
        let rest = &code[at..];
        if c.is_alphabetic() || c == '_' {
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            if !joins {
                path = prefixes.last().cloned().unwrap_or_default();
            }
            path.push(rest[..end].to_owned());
            at += end;
            joins = code[at..].starts_with("::");
            if joins {
                at += 2;
            } else if path.len() > 1 {
                found.push((at, path.clone()));
            }
            continue;
        }
        match c {
            '{' if joins => prefixes.push(path.clone()),
            '{' => prefixes.push(Vec::new()),
            '}' => drop(prefixes.pop()),
            _ => {}
        }
        joins = false;
        at += c.len_utf8();
    }
    found
}

#[test]
fn grouped_imports_are_read_one_by_one() {
    let found = paths("use a::{b, c::{d, E}};\nfn f() { g::h(); x }");
    let found: Vec<String> = found.into_iter().map(|(_, path)| path.join("::")).collect();
    assert_eq!(found, ["a::b", "a::c::d", "a::c::E", "g::h"]);
}
