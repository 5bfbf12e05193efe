//! Rules whose elements CSS alone does not name: a selector and steps from what it found to what is meant.

use scraper::{ElementRef, Selector};

use super::index::parse;
use super::pattern::Pattern;
use super::source::Step;
use super::{Meaning, SelectorIndex};

/// The rules with steps of one file.
#[derive(Debug, Default)]
pub struct SetRules {
    /// Finds what each begins with; the meaning is the number in `rules`.
    pub index: SelectorIndex<usize>,
    /// The rules.
    pub rules: Vec<SetRule>,
}

/// A rule with steps.
#[derive(Debug)]
pub struct SetRule {
    /// What it means where it ends.
    pub meaning: Meaning,
    /// Its steps, in order.
    pub steps: Vec<SetStep>,
}

/// A step, ready to be taken.
#[derive(Debug)]
pub enum SetStep {
    /// Leaves the elements whose text matches.
    Text(Pattern),
    /// Leaves the first.
    First,
    /// Leaves the last.
    Last,
    /// Goes to the nearest element at or around each that matches one of these.
    Closest(Closest),
}

/// A selector list, asked of single elements.
#[derive(Debug)]
pub struct Closest(Selector);

impl Closest {
    /// Whether it matches this element.
    pub fn is(&self, element: ElementRef<'_>) -> bool {
        self.0.matches(&element)
    }
}

impl SetRules {
    /// Adds a rule.
    ///
    /// # Errors
    /// What is wrong with its selector or a step.
    pub(super) fn add(&mut self, selector: &str, steps: &[Step], meaning: &Meaning) -> Result<(), String> {
        let mut compiled = Vec::with_capacity(steps.len());
        for step in steps {
            compiled.push(match step {
                Step::Text(pattern) => SetStep::Text(Pattern::new(pattern)?),
                Step::First => SetStep::First,
                Step::Last => SetStep::Last,
                Step::Closest(css) => {
                    self.index.reads_attributes_of(css);
                    SetStep::Closest(Closest(parse(css)?))
                }
            });
        }
        self.index.add(selector, &self.rules.len())?;
        self.rules.push(SetRule {
            meaning: meaning.clone(),
            steps: compiled,
        });
        Ok(())
    }
}
