//! The canonical form of a site file: keys in the order of the schema, one line for a list that fits, comments kept.

use std::fmt::Write;

use toml_edit::{Array, ArrayOfTables, Decor, DocumentMut, Item, Key, Table, Value};

use super::file::SourceFile;

/// Keys of a file, in order.
const TOP: [&str; 3] = ["schema", "sites", "path"];
/// Keys of a `[[layout]]`, in order: what it fits, what it does to the text, where the fields are, other pages.
const LAYOUT: [&str; 23] = [
    "name",
    "path",
    "since",
    "until",
    "when",
    "body",
    "keep",
    "drop",
    "drop_text",
    "stop_at",
    "title",
    "authors",
    "published",
    "modified",
    "language",
    "section",
    "tags",
    "image",
    "canonical_url",
    "site_name",
    "description",
    "next_page",
    "single_page",
];
/// Keys of a `[[test]]`, in order.
const TEST: [&str; 8] = [
    "page",
    "url",
    "layout",
    "title",
    "authors",
    "published",
    "has",
    "lacks",
];
/// A list that is no longer stands on one line; in characters.
const WIDTH: usize = 100;

/// The text of a file of a site or publishing system in canonical form; that of a canonical file is the same.
///
/// # Errors
/// It is no TOML, or has its tables inline, where comments have no place.
pub(super) fn formatted(file: &SourceFile) -> Result<String, String> {
    let text = file.text().replace("\r\n", "\n");
    let document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        let at = error.span().map_or(0, |span| span.start);
        file.message(at, &format!("not TOML: {}", error.message()))
    })?;
    let mut writer = Writer::default();
    writer.root(&document).map_err(|key| {
        let at = text.find(&key).unwrap_or(0);
        file.message(at, &format!("`{key}`: write it as a table of its own"))
    })?;
    Ok(writer.out)
}

#[derive(Default)]
struct Writer {
    out: String,
}

impl Writer {
    fn root(&mut self, document: &DocumentMut) -> Result<(), String> {
        let table = document.as_table();
        let own = |(_, item): &(&str, &Item)| item.is_value();
        let first = table.iter().find(own).and_then(|(name, _)| table.key(name));
        let above = first.map(|key| prefix(key.leaf_decor())).unwrap_or_default();
        // What stands above an empty line at the top is about the file.
        let about_file = above.rfind("\n\n").map_or("", |end| &above[..end]);
        if about_file.contains('#') {
            self.comments(about_file);
            self.out.push('\n');
        }
        for (key, value) in in_order(table, &TOP) {
            if matches!(key.get(), "headers" | "layout" | "test") {
                return Err(key.get().to_owned());
            }
            let mut comments = prefix(key.leaf_decor());
            if Some(key) == first {
                comments = comments.strip_prefix(about_file).unwrap_or(comments);
            }
            self.comments(comments);
            self.pair(key, value);
        }
        if let Some(Item::Table(headers)) = table.get("headers") {
            self.table("[headers]", headers, &[]);
        }
        for (name, order) in [("layout", &LAYOUT[..]), ("test", &TEST[..])] {
            let tables = table.get(name).and_then(Item::as_array_of_tables);
            for inner in tables.into_iter().flat_map(ArrayOfTables::iter) {
                self.table(&format!("[[{name}]]"), inner, order);
            }
        }
        let end = document.trailing().as_str().unwrap_or_default();
        if end.contains('#') {
            self.out.push('\n');
            self.comments(end);
        }
        Ok(())
    }

    fn table(&mut self, header: &str, table: &Table, order: &[&str]) {
        self.out.push('\n');
        self.comments(prefix(table.decor()));
        self.out.push_str(header);
        self.comment_behind(suffix(table.decor()));
        for (key, value) in in_order(table, order) {
            self.comments(prefix(key.leaf_decor()));
            self.pair(key, value);
        }
    }

    fn pair(&mut self, key: &Key, value: &Value) {
        let start = self.out.len();
        let name = key.get();
        let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if !name.is_empty() && name.chars().all(is_bare) {
            self.out.push_str(name);
        } else {
            self.out.push_str(&string(name));
        }
        self.out.push_str(" = ");
        match value {
            Value::Array(array) => self.array(array, start),
            other => self.out.push_str(&scalar(other)),
        }
        self.comment_behind(suffix(value.decor()));
    }

    /// A list, on the line that began at byte `start` if that leaves it short enough.
    fn array(&mut self, array: &Array, start: usize) {
        let items: Vec<String> = array.iter().map(scalar).collect();
        let end = array.trailing().as_str().unwrap_or_default();
        let between = |value: &Value| [prefix(value.decor()), suffix(value.decor())].concat();
        let has_comments = end.contains('#') || array.iter().any(|value| between(value).contains('#'));
        let line = format!("[{}]", items.join(", "));
        if !has_comments && self.out[start..].chars().count() + line.chars().count() <= WIDTH {
            self.out.push_str(&line);
            return;
        }
        self.out.push('[');
        for (value, item) in array.iter().zip(items) {
            self.in_list(prefix(value.decor()));
            let _ = write!(self.out, "\n    {item},");
            self.in_list(suffix(value.decor()));
        }
        self.in_list(end);
        self.out.push_str("\n]");
    }

    /// What stands between two items: the rest of the line of the one before, then lines of comments.
    fn in_list(&mut self, between: &str) {
        for (at, line) in between.lines().enumerate() {
            let line = line.trim();
            if line.starts_with('#') {
                self.out.push_str(if at == 0 && !self.out.ends_with('[') {
                    " "
                } else {
                    "\n    "
                });
                self.out.push_str(line);
            }
        }
    }

    /// Lines of comments, with at most one empty line between two.
    fn comments(&mut self, text: &str) {
        let mut gap = false;
        let mut any = false;
        for line in text.lines().map(str::trim) {
            if line.is_empty() {
                gap = any;
                continue;
            }
            if std::mem::take(&mut gap) {
                self.out.push('\n');
            }
            any = true;
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    /// The end of a line, with the comment that stands there.
    fn comment_behind(&mut self, text: &str) {
        let comment = text.trim();
        if comment.starts_with('#') {
            self.out.push(' ');
            self.out.push_str(comment);
        }
        self.out.push('\n');
    }
}

/// The values of a table, those with keys of the list first.
fn in_order<'t>(table: &'t Table, order: &[&str]) -> Vec<(&'t Key, &'t Value)> {
    let mut pairs: Vec<(&Key, &Value)> = table
        .iter()
        .filter_map(|(name, item)| Some((table.key(name)?, item.as_value()?)))
        .collect();
    let place = |name: &str| {
        order
            .iter()
            .position(|known| *known == name)
            .unwrap_or(order.len())
    };
    pairs.sort_by_key(|(key, _)| place(key.get()));
    pairs
}

fn prefix(decor: &Decor) -> &str {
    decor.prefix().and_then(|raw| raw.as_str()).unwrap_or_default()
}

fn suffix(decor: &Decor) -> &str {
    decor.suffix().and_then(|raw| raw.as_str()).unwrap_or_default()
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => string(text.value()),
        other => {
            let mut plain = other.clone();
            plain.decor_mut().clear();
            plain.to_string().trim().to_owned()
        }
    }
}

/// In double quotes, unless that would need escapes which single quotes do not.
pub fn string(text: &str) -> String {
    let needs_escapes = text.contains(['"', '\\']);
    if needs_escapes && !text.contains('\'') && !text.contains(char::is_control) {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::super::schema::SiteFile;
    use super::*;

    fn format(text: &str) -> String {
        formatted(&SourceFile::new("sites/a.toml", text.to_owned())).unwrap()
    }

    const MESSY: &str = "# The file of a site.\r\n\r\n# Its hosts.\nsites=['a.example' , \"b.example\"]  # both\nschema    = 1\n\n\n\
        [[test]]\nlacks = []\npage='x'\n# first\n\n\n# second\n[[layout]] # the only one\nbody = [ 'css:main', ] # here\n\
        name = \"1\"\n  # what goes\ndrop = [\n  # a note\n  'css:a[href=\"x\"]', # on this\n  \"css:b\" # last\n  # end\n]\n\
        drop_text = [\"^\\\\d+ \", \"^It's \\\\d\"]\n[headers]\nAccept = 'x'\n# the end\n";

    const TIDY: &str = "# The file of a site.\n\nschema = 1\n# Its hosts.\nsites = [\"a.example\", \"b.example\"] # both\n\n\
        [headers]\nAccept = \"x\"\n\n# first\n\n# second\n[[layout]] # the only one\nname = \"1\"\nbody = [\"css:main\"] # here\n\
        # what goes\ndrop = [\n    # a note\n    'css:a[href=\"x\"]', # on this\n    \"css:b\", # last\n    # end\n]\n\
        drop_text = ['^\\d+ ', \"^It's \\\\d\"]\n\n[[test]]\npage = \"x\"\nlacks = []\n\n# the end\n";

    #[test]
    fn a_file_gets_its_canonical_form_and_keeps_its_comments() {
        assert_eq!(format(MESSY), TIDY);
        assert_eq!(format(TIDY), TIDY);
    }

    #[test]
    fn the_form_does_not_change_what_a_file_says() {
        let rules = |text: &str| {
            let parsed: toml::Table = toml::from_str(text).unwrap();
            parsed
        };
        assert_eq!(rules(&format(MESSY)), rules(&MESSY.replace("\r\n", "\n")));
    }

    #[test]
    fn a_list_that_is_too_long_stands_one_item_a_line() {
        let item = "x".repeat(60);
        let text = format(&format!("sites = ['{item}', '{item}']\nschema = 1\n"));
        assert_eq!(
            text,
            format!("schema = 1\nsites = [\n    \"{item}\",\n    \"{item}\",\n]\n")
        );
    }

    #[test]
    fn tables_inside_a_line_are_refused_with_their_place() {
        let file = SourceFile::new("sites/a.toml", "schema = 1\nlayout = [{name = '1'}]\n");
        let error = formatted(&file).unwrap_err();
        assert_eq!(
            error,
            "sites/a.toml:2:1: `layout`: write it as a table of its own"
        );
    }

    #[test]
    fn every_key_of_the_format_has_its_place() {
        let known = |text: &str| -> Vec<String> {
            let error = toml::from_str::<SiteFile>(text).unwrap_err();
            let names = error.message().split('`').skip(3).step_by(2);
            names.map(str::to_owned).collect()
        };
        let sorted = |names: &[&str]| {
            let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            names.sort();
            names
        };
        for (text, order) in [
            ("zzz = 1", [&TOP[..], &["headers", "layout", "test"]].concat()),
            ("schema = 1\nsites = []\n[[layout]]\nzzz = 1", LAYOUT.to_vec()),
            ("schema = 1\nsites = []\n[[test]]\nzzz = 1", TEST.to_vec()),
        ] {
            let mut names = known(text);
            names.sort();
            assert_eq!(names, sorted(&order));
        }
    }
}
