//! Where values are found: fields, and the addresses of other pages of a story.

use toml::Spanned;

use super::compile::{Compiler, Rule, Selectors};
use super::pattern::Pattern;
use super::schema::{self, HasFieldSources};
use super::source::{FIELD_NAMES, Source, Step};
use super::{Effect, FieldRule, FieldSource, Meaning, RuleId, SelectorIndex, SetRules};

impl Compiler<'_> {
    /// The fields of `common.toml`. It takes selectors only: what any page says in its metadata is read without being told.
    pub(super) fn common_fields(
        &mut self,
        fields: &schema::FieldSources,
        index: &mut SelectorIndex<Meaning>,
    ) {
        for (field, key) in FIELD_NAMES {
            for place in fields.of(field) {
                match Source::parse(place.get_ref()) {
                    Ok(Source::Css {
                        selector,
                        steps,
                        attribute,
                    }) if steps.is_empty() => {
                        let source = place.get_ref().clone();
                        let effect = Effect::Field {
                            field,
                            attribute,
                            source,
                        };
                        self.add(
                            &Rule {
                                key,
                                place,
                                effect,
                                layout: None,
                            },
                            key,
                            &selector,
                            index,
                        );
                    }
                    Ok(_) => self.error(key, place, "takes css: sources without steps here"),
                    Err(problem) => self.error(key, place, &problem),
                }
            }
        }
    }

    /// The sources of fields; the selectors among them are added to the index.
    pub(super) fn fields(
        &mut self,
        layout: &schema::Layout,
        number: u16,
        selectors: &mut Selectors<'_>,
    ) -> Vec<FieldRule> {
        let mut compiled = Vec::new();
        for (field, key) in FIELD_NAMES {
            for place in layout.of(field) {
                let source = match Source::parse(place.get_ref()) {
                    Ok(Source::Css {
                        selector,
                        steps,
                        attribute,
                    }) => {
                        if let Some(attribute) = &attribute {
                            selectors.index.reads_attribute(attribute);
                        }
                        let written = place.get_ref().clone();
                        let part = if attribute.is_none() {
                            part_of(&steps)
                        } else {
                            None
                        };
                        let effect = Effect::Field {
                            field,
                            attribute,
                            source: written.clone(),
                        };
                        let rule = Rule {
                            key,
                            place,
                            effect,
                            layout: Some(number),
                        };
                        let id = self.next_rule();
                        self.css(&rule, &selector, &steps, selectors);
                        compiled.push(FieldRule {
                            field,
                            source: FieldSource::Css { written, part },
                            rule: id,
                        });
                        continue;
                    }
                    Ok(Source::JsonLd(path)) => Ok(FieldSource::JsonLd(path)),
                    Ok(Source::Meta(name)) => Ok(FieldSource::Meta(name)),
                    Ok(Source::Text(pattern)) => Pattern::new(&pattern).map(FieldSource::Text),
                    Err(problem) => Err(problem),
                };
                let rule = self.rule(key, place);
                match source {
                    Ok(source) => compiled.push(FieldRule { field, source, rule }),
                    Err(problem) => self.error(key, place, &problem),
                }
            }
        }
        compiled
    }

    /// Where other pages of a story stand.
    pub(super) fn addresses(&mut self, key: &str, sources: &[Spanned<String>]) {
        for place in sources {
            self.rule(key, place);
            let checked = match Source::parse(place.get_ref()) {
                Ok(Source::Css {
                    selector,
                    steps,
                    attribute: Some(_),
                }) => {
                    let (mut sets, effect) = (SetRules::default(), Effect::When);
                    let meaning = Meaning {
                        rule: RuleId(0),
                        effect,
                        layout: None,
                    };
                    sets.add(&selector, &steps, &meaning)
                }
                Ok(Source::Css { .. }) => {
                    Err("takes the attribute that holds the address, as css:a.next@href".to_owned())
                }
                Ok(Source::Text(_)) => Err("takes an address; text: gives none".to_owned()),
                Ok(Source::JsonLd(_) | Source::Meta(_)) => Ok(()),
                Err(problem) => Err(problem),
            };
            if let Err(problem) = checked {
                self.error(key, place, &problem);
            }
        }
    }
}

/// The last text test, where the elements it leaves are those that are meant. Mistakes in it are found with the rule.
fn part_of(steps: &[Step]) -> Option<Pattern> {
    let own = steps
        .iter()
        .rev()
        .take_while(|step| !matches!(step, Step::Closest(_)));
    own.filter_map(|step| match step {
        Step::Text(pattern) => Pattern::new(pattern).ok(),
        _ => None,
    })
    .next()
}
