//! XPath to CSS selectors that mean the same, or a reason why there is none.

mod compound;
mod condition;
mod position;
mod steps;
mod value;

use std::collections::BTreeSet;

pub(super) use self::condition::quoted;
pub(super) use self::steps::{elements, literal};

use self::compound::{Compound, MAX_ALTERNATIVES, by_id, has};
use self::position::{Position, has_position, nearest, position};
use super::xpath::{Axis, Expr, Path, Start, Step, Test};

/// What an expression selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selected {
    pub(super) css: String,
    /// What CSS cannot say, as the steps of a source: "text:^Read", "first", "closest:div".
    pub(super) steps: Vec<String>,
    pub(super) end: End,
    /// The tag of the element; empty for any.
    pub(super) tag: String,
}

/// What of the selected element is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    Element,
    Attribute(String),
    /// Its own text.
    Text,
    Comment,
}

/// Where the selectors are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// All that is selected counts.
    All,
    /// The first that has something counts.
    First,
}

const TEXT_TEST: &str = "a test of the text inside a selector";
const NEVER: &str = "can never match";
const OF_A_SET: &str = "the first or last of all that match on the page";
const POSITION: &str = "this position cannot be said in CSS";
const BEYOND: &str = "all that precedes or follows on the page, whatever is around it";

/// Translates one expression; `notes` takes what is only approximately the same.
///
/// # Errors
/// Why it cannot be said in CSS.
fn selection(expr: &Expr, used: Use, notes: &mut BTreeSet<&'static str>) -> Result<Vec<Selected>, String> {
    let mut translator = Translator { notes };
    match expr {
        Expr::Union(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(selection(part, used, translator.notes)?);
            }
            Ok(all)
        }
        Expr::Path(path) => translator.selected(path, used),
        Expr::Call(name, arguments) if matches!(name.as_str(), "normalize-space" | "string") => {
            match arguments.as_slice() {
                [inner] => selection(inner, used, notes),
                _ => Err(NEVER.to_owned()),
            }
        }
        Expr::Call(..) if by_id(expr).is_some() => {
            let of = Path {
                start: Start::Of(Box::new(expr.clone()), Vec::new()),
                steps: Vec::new(),
            };
            translator.selected(&of, used)
        }
        Expr::Call(name, _) => Err(format!("computes its text with {name}()")),
        _ => Err("selects nothing".to_owned()),
    }
}

struct Translator<'n> {
    notes: &'n mut BTreeSet<&'static str>,
}

/// Where a path has come to.
enum At {
    Document,
    Elements(Vec<Compound>),
}

impl Translator<'_> {
    fn selected(&mut self, path: &Path, used: Use) -> Result<Vec<Selected>, String> {
        if let Start::Of(inner, predicates) = &path.start {
            if let (Some(id), []) = (by_id(inner), predicates.as_slice()) {
                let (at, end) = self.walk(At::Elements(vec![id?]), &path.steps)?;
                return Ok(all_of(&at, &end));
            }
            return self.of_a_set(inner, predicates, &path.steps, used);
        }
        if path.start == Start::Here && path.steps.first().is_some_and(|step| step.axis != Axis::Itself) {
            return Err(format!("{NEVER}: it begins with neither / nor //"));
        }
        let (at, end) = self.walk(At::Document, &path.steps)?;
        match at {
            At::Document => Err("selects the whole document".to_owned()),
            at @ At::Elements(_) => Ok(all_of(&at, &end)),
        }
    }

    /// `(...)[n]/...`: a set, one of it, and where it goes from there.
    fn of_a_set(
        &mut self,
        inner: &Expr,
        predicates: &[Expr],
        steps: &[Step],
        used: Use,
    ) -> Result<Vec<Selected>, String> {
        match predicates {
            [] => {}
            [one] if position(one) == Some(Position::Nth(1)) && used == Use::First => {}
            _ => return Err(OF_A_SET.to_owned()),
        }
        let selected = selection(inner, used, self.notes)?;
        if steps.is_empty() {
            return Ok(selected);
        }
        let Expr::Path(path) = inner else {
            return Err("a path from several paths".to_owned());
        };
        let mut whole = path.clone();
        whole.steps.extend(steps.iter().cloned());
        self.selected(&whole, used)
    }

    fn walk(&mut self, mut at: At, steps: &[Step]) -> Result<(At, End), String> {
        let mut end = End::Element;
        for step in steps {
            if end != End::Element {
                return Err(NEVER.to_owned());
            }
            at = match Self::ends(&at, step, &mut end)? {
                Some(ended) => ended,
                None => At::Elements(self.step(at, step)?),
            };
        }
        Ok((at, end))
    }

    /// Where the step leads to something that is no element: what it belongs to.
    fn ends(at: &At, step: &Step, end: &mut End) -> Result<Option<At>, String> {
        let (new_end, names) = match (step.axis, &step.test) {
            (Axis::Attribute, Test::Name(name)) => (End::Attribute(name.clone()), Some(name)),
            (Axis::Attribute, _) => return Err("any attribute".to_owned()),
            (Axis::Child | Axis::Descendant, Test::Text) => (End::Text, None),
            (_, Test::Text) => return Err("text beside elements".to_owned()),
            (Axis::Child | Axis::Descendant, Test::Comment) => (End::Comment, None),
            (_, Test::Comment) => return Err("comments beside elements".to_owned()),
            _ => return Ok(None),
        };
        if !step.predicates.is_empty() && new_end != End::Comment {
            return Err(if new_end == End::Text {
                TEXT_TEST.to_owned()
            } else {
                "a test of an attribute behind its name".to_owned()
            });
        }
        *end = new_end;
        let compounds = match at {
            At::Document if step.deep => vec![Compound::default()],
            At::Document => return Err(NEVER.to_owned()),
            At::Elements(compounds) if step.deep && names.is_some() => {
                compounds.iter().map(|compound| compound.then(" ")).collect()
            }
            At::Elements(compounds) => compounds.clone(),
        };
        let with = |mut compound: Compound| {
            if let Some(name) = names
                && !matches!(
                    at,
                    At::Elements(_) if !step.deep
                )
            {
                compound.add(&format!("[{name}]"))?;
            }
            Ok(compound)
        };
        let compounds: Result<Vec<Compound>, String> = compounds.into_iter().map(with).collect();
        Ok(Some(At::Elements(compounds?)))
    }

    fn step(&mut self, at: At, step: &Step) -> Result<Vec<Compound>, String> {
        let from = match at {
            At::Document => return self.first_step(step),
            At::Elements(compounds) => compounds,
        };
        let is_forward = matches!(step.axis, Axis::Child | Axis::Descendant | Axis::DescendantOrSelf);
        let mut all = Vec::new();
        for compound in from {
            let starts = if step.deep && !is_forward && step.axis != Axis::Itself {
                let below = compound.then(" ");
                vec![compound, below]
            } else {
                vec![compound]
            };
            for start in starts {
                all.extend(self.step_from(&start, step)?);
            }
            if all.len() > MAX_ALTERNATIVES {
                return Err("too many alternatives".to_owned());
            }
        }
        Ok(all)
    }

    fn first_step(&mut self, step: &Step) -> Result<Vec<Compound>, String> {
        match step.axis {
            Axis::Itself if step.test == Test::Node && !step.deep => {
                Err("selects the whole document".to_owned())
            }
            Axis::Child if !step.deep => {
                if step.test == Test::Name("html".to_owned()) || step.test == Test::Any {
                    let mut html = Compound::default().tagged(&Test::Name("html".to_owned()))?;
                    self.narrow(&mut html, step)?;
                    return Ok(vec![html]);
                }
                Err(format!("{NEVER}: only html stands at the top"))
            }
            Axis::Child | Axis::Descendant | Axis::DescendantOrSelf | Axis::Itself => {
                let mut any = Compound::default().tagged(&step.test)?;
                self.narrow(&mut any, step)?;
                Ok(vec![any])
            }
            _ if step.deep => self.step_from(&Compound::default(), step),
            _ => Err(NEVER.to_owned()),
        }
    }

    /// What a step leads to from the elements of one compound.
    fn step_from(&mut self, from: &Compound, step: &Step) -> Result<Vec<Compound>, String> {
        let below = if step.deep { " " } else { " > " };
        let mut to = match step.axis {
            Axis::Child => from.then(below).tagged(&step.test)?,
            Axis::Descendant => from.then(" ").tagged(&step.test)?,
            Axis::FollowingSibling => return self.after(from, step),
            Axis::PrecedingSibling => return self.before(from, step),
            Axis::Parent => {
                let mut parent = Compound::default().tagged(&step.test)?;
                parent.add(&has("> ", from)?)?;
                parent
            }
            Axis::Ancestor => return self.around(from, step),
            Axis::Itself if step.deep => from.then(" ").tagged(&step.test)?,
            Axis::Itself => from.clone().tagged(&step.test)?,
            Axis::DescendantOrSelf | Axis::AncestorOrSelf => {
                let mut both = Vec::new();
                let outer = if step.axis == Axis::AncestorOrSelf {
                    Axis::Ancestor
                } else {
                    Axis::Descendant
                };
                for axis in [Axis::Itself, outer] {
                    if has_position(step) {
                        return Err(POSITION.to_owned());
                    }
                    let step = Step { axis, ..step.clone() };
                    // A test of the name may rule the element itself out.
                    if let Ok(found) = self.step_from(from, &step) {
                        both.extend(found);
                    }
                }
                if both.is_empty() {
                    return Err(NEVER.to_owned());
                }
                return Ok(both);
            }
            Axis::Following | Axis::Preceding => return Err(BEYOND.to_owned()),
            Axis::Attribute => return Err(NEVER.to_owned()),
        };
        self.narrow(&mut to, step)?;
        Ok(vec![to])
    }

    fn after(&mut self, from: &Compound, step: &Step) -> Result<Vec<Compound>, String> {
        if step.test == Test::Node {
            self.notes
                .insert("text that stands in no element of its own stays");
        }
        let mut to = from.then(" ~ ").tagged(&step.test)?;
        let (first, rest) = nearest(&step.predicates);
        self.conditions(&mut to, rest)?;
        if first {
            if to.is_any() {
                return Ok(vec![from.then(" + ").tagged(&step.test)?.with(&to)?]);
            }
            let own = to.own();
            self.notes
                .insert("the next sibling of several starting points may be missed");
            let first = format!(":not({} ~ {own} ~ *)", from.text());
            to.add(&first)?;
        }
        Ok(vec![to])
    }

    fn before(&mut self, from: &Compound, step: &Step) -> Result<Vec<Compound>, String> {
        if step.test == Test::Node {
            self.notes
                .insert("text that stands in no element of its own stays");
        }
        let mut to = Compound::default().tagged(&step.test)?;
        let (first, rest) = nearest(&step.predicates);
        self.conditions(&mut to, rest)?;
        if first && to.is_any() {
            to.add(&has("+ ", from)?)?;
        } else {
            let own = to.own();
            to.add(&has("~ ", from)?)?;
            if first {
                self.notes
                    .insert("the next sibling of several starting points may be missed");
                let further = has(&format!("~ {own} ~ "), from)?;
                to.add(&format!(":not({further})"))?;
            }
        }
        Ok(vec![to])
    }

    fn around(&mut self, from: &Compound, step: &Step) -> Result<Vec<Compound>, String> {
        let mut to = Compound::default().tagged(&step.test)?;
        let (first, rest) = nearest(&step.predicates);
        if first && to.is_any() && rest.is_empty() {
            to.add(&has("> ", from)?)?;
            return Ok(vec![to]);
        }
        self.conditions(&mut to, rest)?;
        let own = to.own();
        to.add(&has("", from)?)?;
        if first {
            self.notes
                .insert("the closest ancestor is taken where no closer one is in it");
            let closer = has(&format!("{own} "), from)?;
            to.add(&format!(":not({closer})"))?;
        }
        Ok(vec![to])
    }

    /// Adds the predicates of a step that goes to children or descendants.
    fn narrow(&mut self, to: &mut Compound, step: &Step) -> Result<(), String> {
        if step.test == Test::Node {
            self.notes
                .insert("text that stands in no element of its own stays");
        }
        for predicate in &step.predicates {
            let Some(position) = position(predicate) else {
                self.conditions(to, std::slice::from_ref(predicate))?;
                continue;
            };
            match step.axis {
                Axis::Child => to.at(position)?,
                Axis::Parent | Axis::Itself if position == Position::Nth(1) => {}
                _ => return Err(POSITION.to_owned()),
            }
        }
        Ok(())
    }

    fn conditions(&mut self, to: &mut Compound, predicates: &[Expr]) -> Result<(), String> {
        for predicate in predicates {
            if position(predicate).is_some() {
                return Err(POSITION.to_owned());
            }
            let condition = self.condition(predicate)?;
            to.add(&condition.required()?)?;
        }
        Ok(())
    }
}

fn all_of(at: &At, end: &End) -> Vec<Selected> {
    let At::Elements(compounds) = at else {
        return Vec::new();
    };
    compounds
        .iter()
        .map(|compound| Selected {
            css: compound.text(),
            steps: Vec::new(),
            end: end.clone(),
            tag: compound.tag().to_owned(),
        })
        .collect()
}
