//! What CSS cannot say of an expression, as the steps that a source may have after its selector: a text test, the first or last
//! of a set, the closest element around.

use std::collections::BTreeSet;

use crate::rules::SelectorIndex;

use super::super::xpath::{Axis, Expr, Op, Path, Start, Step, Test};
use super::position::{Position, position};
use super::value::is_lowering;
use super::{End, Selected, Use, selection};

/// Hand-written expressions go outward at most three or four times.
const MAX_OUTWARD: usize = 8;

const WHOLE_TEXT: &str = "the whole text of the element is tested";
const CLOSEST: &str = "the closest element around is taken, or the element itself where it matches";

type Notes = BTreeSet<&'static str>;

/// Translates one expression, with steps where CSS alone cannot say it.
///
/// # Errors
/// Why neither can.
pub(in crate::ftr) fn elements(expr: &Expr, used: Use, notes: &mut Notes) -> Result<Vec<Selected>, String> {
    if let Expr::Union(parts) = expr {
        let mut all = Vec::new();
        for part in parts {
            all.extend(elements(part, used, notes)?);
        }
        return Ok(all);
    }
    let mut own_notes = notes.clone();
    let taken = selection(expr, used, &mut own_notes).and_then(|selected| {
        let mut index = SelectorIndex::<()>::default();
        selected.iter().try_for_each(|one| index.add(&one.css, &()))?;
        Ok(selected)
    });
    let found = match taken {
        Ok(selected) => selected,
        Err(why) => {
            own_notes.clone_from(notes);
            with_steps(expr, used, &mut own_notes).ok_or(why)?
        }
    };
    *notes = own_notes;
    Ok(found)
}

fn with_steps(expr: &Expr, used: Use, notes: &mut Notes) -> Option<Vec<Selected>> {
    let Expr::Path(path) = expr else { return None };
    match &path.start {
        Start::Of(inner, predicates) => one_of_a_set(inner, predicates, &path.steps, used, notes),
        Start::Root => tested(path, used, notes).or_else(|| outward(path, used, notes)),
        Start::Here => None,
    }
}

/// `(...)[1]` and `(...)[last()]`, and an attribute of it.
fn one_of_a_set(
    inner: &Expr,
    predicates: &[Expr],
    rest: &[Step],
    used: Use,
    notes: &mut Notes,
) -> Option<Vec<Selected>> {
    let [one] = predicates else { return None };
    let step = place(one)?;
    let end = end_of(rest)?;
    let selected = elements(inner, used, notes).ok()?;
    let all_css: Vec<&str> = selected.iter().map(|selected| selected.css.as_str()).collect();
    let first = selected.first()?;
    let is_plain = |other: &Selected| other.steps.is_empty() && other.end == End::Element;
    let joined = if selected.len() == 1 || selected.iter().all(is_plain) {
        all_css.join(", ")
    } else {
        return None;
    };
    let mut one = first.clone();
    one.css = joined;
    one.steps.push(step.to_owned());
    if end != End::Element {
        if one.end != End::Element {
            return None;
        }
        one.end = end;
    }
    Some(vec![one])
}

/// A path with a text test at one of its steps, from where it goes nowhere but outward.
fn tested(path: &Path, used: Use, notes: &mut Notes) -> Option<Vec<Selected>> {
    let (at, tests, places, kept) = path.steps.iter().enumerate().find_map(|(at, step)| {
        let (tests, places, kept) = split(step);
        (!tests.is_empty()).then_some((at, tests, places, kept))
    })?;
    let bare = Step {
        predicates: kept,
        ..path.steps[at].clone()
    };
    let below: Vec<&TextTest> = tests.iter().filter(|test| !test.below.is_empty()).collect();
    let mut steps = path.steps[..at].to_vec();
    steps.push(bare.clone());
    let mut then: Vec<String> = Vec::new();
    let mut outward = match below.as_slice() {
        [] => Vec::new(),
        [one] if tests.len() == 1 => {
            steps.extend(one.below.iter().cloned());
            notes.insert(CLOSEST);
            vec![format!("closest:{}", own_css(&bare)?)]
        }
        _ => return None,
    };
    notes.insert(WHOLE_TEXT);
    then.extend(tests.iter().map(|test| format!("text:{}", test.pattern)));
    let (around, end) = outward_steps(&bare, &path.steps[at + 1..], notes)?;
    outward.extend(around);
    then.append(&mut outward);
    then.extend(places.into_iter().map(str::to_owned));
    going_on(steps, &then, &end, used, notes)
}

/// What a path without text tests selects, and where it goes on from there.
fn going_on(
    steps: Vec<Step>,
    then: &[String],
    end: &End,
    used: Use,
    notes: &mut Notes,
) -> Option<Vec<Selected>> {
    let whole = Expr::Path(Path {
        start: Start::Root,
        steps,
    });
    let mut selected = selection(&whole, used, notes).ok()?;
    for one in &mut selected {
        if one.end != End::Element {
            return None;
        }
        one.end = end.clone();
        one.steps = then.to_vec();
    }
    Some(selected)
}

/// A path that goes inward and then only outward, with the way out as `closest:` steps.
fn outward(path: &Path, used: Use, notes: &mut Notes) -> Option<Vec<Selected>> {
    let is_outward = |step: &Step| matches!(step.axis, Axis::Parent | Axis::Ancestor | Axis::AncestorOrSelf);
    let at = path.steps.iter().position(is_outward)?;
    let (inward, rest) = path.steps.split_at(at);
    let (then, end) = outward_steps(inward.last()?, rest, notes)?;
    going_on(inward.to_vec(), &then, &end, used, notes)
}

/// The steps behind a tested one, as `closest:` steps, and what is meant at their end.
fn outward_steps(from: &Step, rest: &[Step], notes: &mut Notes) -> Option<(Vec<String>, End)> {
    if rest.len() > MAX_OUTWARD {
        return None;
    }
    let mut closest = Vec::new();
    let mut from = own_css(from)?;
    for (at, step) in rest.iter().enumerate() {
        let is_first = |predicate: &Expr| position(predicate) == Some(Position::Nth(1));
        let predicates: Vec<Expr> = step
            .predicates
            .iter()
            .filter(|predicate| !is_first(predicate))
            .cloned()
            .collect();
        let css = match step.axis {
            Axis::Parent | Axis::Ancestor | Axis::AncestorOrSelf if !step.deep => {
                let bare = Step {
                    predicates,
                    ..step.clone()
                };
                let css = own_css(&bare)?;
                let below = match step.axis {
                    Axis::Parent if !from.contains(":has(") => format!(":has(> {from})"),
                    _ => String::new(),
                };
                from.clone_from(&css);
                match (css.as_str(), below.as_str()) {
                    ("*", "") => return None,
                    ("*", below) => below.to_owned(),
                    (css, below) => format!("{css}{below}"),
                }
            }
            _ => return Some((closest, end_of(&rest[at..])?)),
        };
        notes.insert(CLOSEST);
        closest.push(format!("closest:{css}"));
    }
    Some((closest, End::Element))
}

fn end_of(steps: &[Step]) -> Option<End> {
    match steps {
        [] => Some(End::Element),
        [step] if step.predicates.is_empty() && !step.deep => match (step.axis, &step.test) {
            (Axis::Attribute, Test::Name(name)) => Some(End::Attribute(name.clone())),
            (Axis::Child, Test::Text) => Some(End::Text),
            _ => None,
        },
        _ => None,
    }
}

/// A step's element by itself, wherever it stands.
fn own_css(step: &Step) -> Option<String> {
    let anywhere = Path {
        start: Start::Root,
        steps: vec![Step {
            deep: true,
            axis: Axis::Child,
            ..step.clone()
        }],
    };
    let selected = selection(&Expr::Path(anywhere), Use::All, &mut Notes::new()).ok()?;
    match selected.as_slice() {
        [one] if one.end == End::Element && !one.css.contains(',') => Some(one.css.clone()),
        _ => None,
    }
}

fn place(predicate: &Expr) -> Option<&'static str> {
    match position(predicate)? {
        Position::Nth(1) => Some("first"),
        Position::Last(0) => Some("last"),
        _ => None,
    }
}

/// A test of the text of what the steps lead to from an element.
struct TextTest {
    below: Vec<Step>,
    pattern: String,
}

/// The text tests of a step, the places asked for behind them, and the other predicates.
fn split(step: &Step) -> (Vec<TextTest>, Vec<&'static str>, Vec<Expr>) {
    let (mut tests, mut places, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for predicate in &step.predicates {
        let parts = match predicate {
            Expr::And(parts) => &parts[..],
            one => std::slice::from_ref(one),
        };
        for part in parts {
            if let Some(test) = text_test(part) {
                tests.push(test);
            } else if let Some(place) = place(part).filter(|_| !tests.is_empty()) {
                places.push(place);
            } else {
                kept.push(part.clone());
            }
        }
    }
    (tests, places, kept)
}

fn text_test(expr: &Expr) -> Option<TextTest> {
    match expr {
        Expr::Or(parts) => {
            let mut tests = parts
                .iter()
                .map(text_test)
                .collect::<Option<Vec<_>>>()?
                .into_iter();
            let mut all = tests.next()?;
            for test in tests {
                if test.below != all.below {
                    return None;
                }
                all.pattern = format!("{}|{}", all.pattern, test.pattern);
            }
            Some(all)
        }
        Expr::Compare(left, Op::Equal, right) => match (&**left, &**right) {
            (Expr::Text(text), tested) | (tested, Expr::Text(text)) => of_text(tested, "^", text, "$"),
            _ => None,
        },
        Expr::Call(name, arguments) => {
            let [tested, Expr::Text(text)] = arguments.as_slice() else {
                return None;
            };
            match name.as_str() {
                "contains" => of_text(tested, "^.*", text, ""),
                "starts-with" => of_text(tested, "^", text, ""),
                "ends-with" => of_text(tested, "", text, "$"),
                _ => None,
            }
        }
        Expr::Path(Path {
            start: Start::Here,
            steps,
        }) => {
            let (last, before) = steps.split_last()?;
            let [predicate] = last.predicates.as_slice() else {
                return None;
            };
            let inner = text_test(predicate)?;
            let bare = Step {
                predicates: Vec::new(),
                ..last.clone()
            };
            let mut below = below(&[before, &[bare]].concat())?;
            below.extend(inner.below);
            Some(TextTest { below, ..inner })
        }
        _ => None,
    }
}

fn of_text(tested: &Expr, before: &str, text: &str, after: &str) -> Option<TextTest> {
    let (below, is_folded) = operand(tested)?;
    let text = literal(text);
    // A single letter inside a text says nothing.
    let is_letter = text.chars().count() < 2 && text.chars().all(char::is_alphanumeric);
    if text.is_empty() || (before == "^.*" && is_letter) {
        return None;
    }
    let folded = if is_folded { "(?i)" } else { "" };
    let anchor = before
        .strip_prefix('^')
        .map_or(String::new(), |rest| format!("^{folded}{rest}"));
    if anchor.is_empty() && is_folded {
        return None;
    }
    Some(TextTest {
        below,
        pattern: format!("{anchor}{text}{after}"),
    })
}

/// A text as a pattern, its whitespace folded as in what it is compared with.
pub(in crate::ftr) fn literal(text: &str) -> String {
    regex::escape(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What is compared: the way to its element, and whether case counts no more.
fn operand(expr: &Expr) -> Option<(Vec<Step>, bool)> {
    match expr {
        Expr::Path(Path {
            start: Start::Here,
            steps,
        }) => Some((below(steps)?, false)),
        Expr::Call(name, arguments) => match (name.as_str(), arguments.as_slice()) {
            ("normalize-space" | "string", []) => Some((Vec::new(), false)),
            ("normalize-space" | "string", [inner]) => operand(inner),
            ("lower-case", [inner]) => Some((operand(inner)?.0, true)),
            ("translate", [inner, Expr::Text(from), Expr::Text(to)]) if is_lowering(from, to) => {
                Some((operand(inner)?.0, true))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The steps from an element inward, without those that stay and without a last one to the text itself.
fn below(steps: &[Step]) -> Option<Vec<Step>> {
    let mut inward: Vec<Step> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let is_last = at + 1 == steps.len();
        match (step.axis, &step.test) {
            (Axis::Itself, Test::Node) if step.predicates.is_empty() && !step.deep => {}
            (Axis::Child | Axis::Descendant, Test::Text) if is_last && step.predicates.is_empty() => {}
            (Axis::Child | Axis::Descendant, Test::Name(_) | Test::Any) => inward.push(step.clone()),
            _ => return None,
        }
    }
    Some(inward)
}
