//! Every phrase drops its examples and leaves its traps.

use copydesk::rules::{PhraseSet, PhraseText, Rules};

/// Where a block may stand: at the start, in the middle, at the end.
const PLACES: [f32; 3] = [0.0, 0.5, 1.0];

fn finds(set: &PhraseSet, text: &str) -> Option<String> {
    let mut phrase_text = PhraseText::default();
    phrase_text.read(text);
    PLACES
        .into_iter()
        .find_map(|before| set.find(&phrase_text, before))
        .map(|phrase| phrase.origin.to_string())
}

#[test]
fn every_phrase_drops_its_examples_and_leaves_its_traps() {
    let rules = Rules::builtin();
    let mut failures = Vec::new();
    let mut languages: Vec<&str> = rules.languages().collect();
    languages.sort_unstable();
    assert!(languages.len() >= 9, "{languages:?}");
    let any = rules.phrases("any").unwrap();
    for language in languages {
        let own = rules.phrases(language).unwrap();
        for phrase in own.phrases() {
            let origin = &phrase.origin;
            assert!(
                !phrase.drops().is_empty() && !phrase.keeps().is_empty(),
                "{origin} has no examples"
            );
            failures.extend(
                phrase
                    .drops()
                    .iter()
                    .filter(|text| finds(own, text).is_none())
                    .map(|text| format!("{origin} leaves {text:?}")),
            );
            let caught = |text: &String| [any, own].into_iter().find_map(|set| finds(set, text));
            failures.extend(
                phrase
                    .keeps()
                    .iter()
                    .filter_map(|text| Some(format!("{} drops {text:?}, a trap of {origin}", caught(text)?))),
            );
        }
    }
    assert!(
        failures.is_empty(),
        "{} failures\n{}",
        failures.len(),
        failures.join("\n")
    );
}
