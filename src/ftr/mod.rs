//! Full-Text RSS site configs, translated into site files of ours. Pure: text in, text and a report out.
//!
//! A line is translated only where the result means the same, or where a note says in what it differs. The rest is listed with
//! the reason, in the report and as comments of the written file.

mod config;
mod css;
mod rules;
mod source;
mod write;
mod xpath;

use std::collections::BTreeSet;

use crate::rules::site_host;

pub use config::text_of;

/// A translated config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The host it is for; the file belongs to `sites/<host>.toml`.
    pub host: String,
    /// The site file.
    pub toml: String,
    /// What became of every setting, in the order of the config.
    pub lines: Vec<Line>,
}

/// What became of one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its line in the config, from 1.
    pub number: u32,
    /// The setting as written: "strip: //aside".
    pub text: String,
    /// Whether it chooses elements of the page; the others switch something on or off.
    pub is_rule: bool,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is said in the site file and means the same.
    Same,
    /// It is said in the site file and means nearly the same; the difference.
    Nearly(String),
    /// This program does so without being told; why.
    Needless(&'static str),
    /// It could not be translated; why.
    Untranslated(String),
}

/// What the bodies of a config become.
///
/// A body of a site file keeps all that is in it, captions and promos too. Configs were written for a program that cleans what is
/// in their bodies once more, and many are older than the pages; on the measuring pages with a config the general rules found
/// the story better alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Bodies {
    /// Comments of the file: the general rules and the body model find the story.
    #[default]
    Comments,
    /// Rules.
    Rules,
}

/// How many settings that choose elements became what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Said and meaning the same.
    pub same: u64,
    /// Said and meaning nearly the same.
    pub nearly: u64,
    /// Done without being told.
    pub needless: u64,
    /// Not translated.
    pub untranslated: u64,
}

impl Counts {
    /// All of them.
    pub fn all(self) -> u64 {
        self.translated() + self.untranslated
    }

    /// Those that have their effect here.
    pub fn translated(self) -> u64 {
        self.same + self.nearly + self.needless
    }

    /// Adds those of another config.
    pub fn add(&mut self, other: Self) {
        self.same += other.same;
        self.nearly += other.nearly;
        self.needless += other.needless;
        self.untranslated += other.untranslated;
    }
}

impl Import {
    /// How many of its settings that choose elements became what.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for line in self.lines.iter().filter(|line| line.is_rule) {
            match line.outcome {
                Outcome::Same => counts.same += 1,
                Outcome::Nearly(_) => counts.nearly += 1,
                Outcome::Needless(_) => counts.needless += 1,
                Outcome::Untranslated(_) => counts.untranslated += 1,
            }
        }
        counts
    }
}

/// Translates one config. Its file name is the host, with `.txt` behind it; a dot in front is left out, since every site file
/// serves subdomains.
///
/// # Errors
/// The file name is no host.
pub fn import(file_name: &str, text: &str, bodies: Bodies) -> Result<Import, String> {
    let host = host_of(file_name).ok_or_else(|| format!("{file_name}: not named after a host"))?;
    let host = site_host(&host).map_err(|problem| format!("{file_name}: {problem}"))?;
    let (settings, unread) = config::settings(text);
    let mut site = rules::SiteRules::default();
    let mut lines: Vec<Line> = Vec::new();
    for setting in settings {
        let mut notes = BTreeSet::new();
        let (is_rule, outcome) = site.take(&setting, &mut notes);
        let argument = setting.argument.map(|argument| format!("({argument})"));
        lines.push(Line {
            number: setting.line,
            text: format!(
                "{}{}: {}",
                setting.key,
                argument.unwrap_or_default(),
                setting.value
            ),
            is_rule,
            outcome: match outcome {
                Outcome::Same if bodies == Bodies::Comments && setting.key == "body" => {
                    Outcome::Needless("the general rules find the story; kept as a comment")
                }
                Outcome::Same if !notes.is_empty() => {
                    Outcome::Nearly(notes.into_iter().collect::<Vec<_>>().join("; "))
                }
                other => other,
            },
        });
    }
    lines.extend(unread.into_iter().map(|unread| Line {
        number: unread.line,
        text: unread.text.to_owned(),
        is_rule: false,
        outcome: Outcome::Untranslated("neither a setting nor a comment".to_owned()),
    }));
    lines.sort_by_key(|line| line.number);
    Ok(Import {
        toml: write::toml(&host, &site, bodies, &lines),
        host,
        lines,
    })
}

/// The host that a file name is, in lower case.
fn host_of(file_name: &str) -> Option<String> {
    /// The longest that a host can be, in bytes.
    const MAX_HOST: usize = 253;
    let name = file_name.strip_suffix(".txt").unwrap_or(file_name);
    let host = name.trim_start_matches('.').to_ascii_lowercase();
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    };
    let is_host = host.contains('.') && host.len() <= MAX_HOST && host.split('.').all(is_label);
    let host = host.strip_prefix("www.").map_or(host.clone(), str::to_owned);
    is_host.then_some(host)
}

#[cfg(test)]
mod tests;
