//! stub
use crate::{article::Fields, document::Facts};
use url::Url;
/// stub
pub fn read(facts: &Facts, _url: Option<&Url>, _body: &str) -> Fields {
    let og = facts.meta.iter().find(|m| m.key == "og:title").map(|m| m.content.clone());
    Fields { title: og.or_else(|| facts.title.clone()), language: facts.lang.clone(), ..Fields::default() }
}
