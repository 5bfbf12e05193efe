//! The language of a page: what it says, checked against its text.

use whatlang::Lang;

use super::text;
use crate::document::Document;

/// Characters of running text that are looked at: enough for a sure answer, cheap.
const SAMPLE_CHARS: usize = 1_200;

/// Characters below which a detection contradicts nothing.
const MIN_CHARS: usize = 200;

/// How sure the detection must be (0 to 1) to stand above what the page says.
const OVERRULE_CONFIDENCE: f64 = 0.98;

/// How sure the detection must be (0 to 1) where the page says nothing.
const MIN_CONFIDENCE: f64 = 0.5;

/// Detected languages, ISO 639-3 codes in other standards where a page may use them, and their BCP 47 tags.
const TAGS: &[(&str, &str)] = &[
    ("afr", "af"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cze", "cs"),
    ("cmn", "zh"),
    ("chi", "zh"),
    ("zho", "zh"),
    ("dan", "da"),
    ("deu", "de"),
    ("ger", "de"),
    ("ell", "el"),
    ("gre", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("dut", "nl"),
    ("nob", "nb"),
    ("nor", "no"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pes", "fa"),
    ("fas", "fa"),
    ("per", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rum", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
    ("yid", "yi"),
    ("zul", "zu"),
    ("jp", "ja"),
    ("gr", "el"),
    ("cz", "cs"),
    ("ua", "uk"),
    ("iw", "he"),
    ("in", "id"),
];

/// Languages so near to each other that the detection may not decide between them.
const KIN: &[&[&str]] = &[
    &["nb", "nn", "no", "da", "sv"],
    &["hr", "sr", "bs", "sl", "mk", "sh", "me"],
    &["cs", "sk"],
    &["es", "ca", "gl", "pt", "eu", "ast", "oc"],
    &["id", "ms", "jv", "su"],
    &["ru", "uk", "be", "bg", "kk", "ky", "tt"],
    &["nl", "af", "fy", "lb"],
    &["de", "lb", "gsw", "yi"],
    &["fa", "ar", "ur", "ps", "ckb", "ku"],
    &["hi", "mr", "ne"],
    &["zh", "yue", "ja"],
    &["tr", "az", "tk", "uz"],
];

/// The language of a page that says `claims`, best first, and holds this running text.
pub(super) fn choose<'a>(claims: impl IntoIterator<Item = &'a str>, document: &Document) -> Option<String> {
    let claimed = claims.into_iter().find_map(canonical);
    let sample = sample(document);
    let detected = whatlang::detect(&sample);
    let Some(detected) = detected else { return claimed };
    let tag = tag_of(detected.lang());
    let Some(claimed) = claimed else {
        return (detected.confidence() >= MIN_CONFIDENCE).then(|| tag.to_owned());
    };
    let primary = claimed.split('-').next().unwrap_or(&claimed);
    let is_near = primary == tag
        || KIN
            .iter()
            .any(|group| group.contains(&primary) && group.contains(&tag));
    let is_sure = detected.confidence() >= OVERRULE_CONFIDENCE && sample.chars().nth(MIN_CHARS).is_some();
    // A language that the detection does not know (Basque, Irish) is taken for one that it knows.
    let is_known = TAGS.iter().any(|(_, known)| *known == primary);
    if is_sure && is_known && !is_near {
        Some(tag.to_owned())
    } else {
        Some(claimed)
    }
}

/// The page's first words.
fn sample(document: &Document) -> String {
    let mut sample = String::new();
    for block in &document.blocks {
        if sample.len() >= SAMPLE_CHARS * 4 {
            break;
        }
        sample.push_str(text::bound(document.text(block), SAMPLE_CHARS));
        sample.push('\n');
    }
    text::bound(&sample, SAMPLE_CHARS).to_owned()
}

fn tag_of(language: Lang) -> &'static str {
    let code = language.code();
    TAGS.iter()
        .find(|(known, _)| *known == code)
        .map_or(code, |(_, tag)| tag)
}

/// A BCP 47 tag in canonical case, as "pt-BR" from "PT_br"; `None` if it is no tag of a language.
pub(super) fn canonical(raw: &str) -> Option<String> {
    // A list ("en, fr") or a locale with an encoding ("en_US.UTF-8") counts for its first part.
    let first = raw.trim().split([',', ';', ' ', '.', '@']).next()?;
    let mut parts = first.split(['-', '_']);
    let primary = parts.next()?.to_ascii_lowercase();
    let is_letters = primary.bytes().all(|b| b.is_ascii_lowercase());
    if !is_letters
        || !matches!(primary.len(), 2 | 3)
        || matches!(primary.as_str(), "und" | "zxx" | "mul" | "xx")
    {
        return None;
    }
    let primary = TAGS
        .iter()
        .find(|(code, _)| *code == primary)
        .map_or(primary.as_str(), |(_, tag)| tag);
    let mut tag = primary.to_owned();
    for part in parts.take(3) {
        let is_word = (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_word {
            break;
        }
        tag.push('-');
        match part.len() {
            2 if part.bytes().all(|b| b.is_ascii_alphabetic()) => tag.push_str(&part.to_ascii_uppercase()),
            4 if part.bytes().all(|b| b.is_ascii_alphabetic()) => {
                tag.push_str(&part[..1].to_ascii_uppercase());
                tag.push_str(&part[1..].to_ascii_lowercase());
            }
            _ => tag.push_str(&part.to_ascii_lowercase()),
        }
    }
    Some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GERMAN: &str = "Der Gemeinderat hat am Dienstag nach langer Aussprache beschlossen, die alte Brücke über den Fluss \
        im kommenden Frühjahr zu sperren. Die Arbeiten sollen nach Angaben der Verwaltung sechs Monate dauern, und der \
        Verkehr wird während dieser Zeit über die neue Umgehungsstraße geleitet. Anwohner befürchten mehr Lärm.";

    #[test]
    fn tags_get_their_canonical_case() {
        for (raw, expected) in [
            ("en", Some("en")),
            ("EN-us", Some("en-US")),
            ("pt_BR", Some("pt-BR")),
            ("zh-hant-tw", Some("zh-Hant-TW")),
            ("es-419", Some("es-419")),
            ("deu", Some("de")),
            ("en_US.UTF-8", Some("en-US")),
            ("de, en", Some("de")),
            ("x-default", None),
            ("und", None),
            ("german", None),
            ("", None),
            ("é-fr", None),
            ("en-é", Some("en")),
        ] {
            assert_eq!(canonical(raw).as_deref(), expected, "{raw}");
        }
    }

    #[test]
    fn the_page_is_believed_unless_its_text_is_surely_another_language() {
        let choose = |claims: &[&str], text| choose(claims.iter().copied(), &Document::from_text(text));
        assert_eq!(choose(&["de-AT"], GERMAN).as_deref(), Some("de-AT"));
        assert_eq!(choose(&["en"], GERMAN).as_deref(), Some("de"));
        assert_eq!(choose(&["", "en"], "Too short.").as_deref(), Some("en"));
        assert_eq!(choose(&[], GERMAN).as_deref(), Some("de"));
        assert_eq!(choose(&[], ""), None);
        assert_eq!(choose(&["lb"], GERMAN).as_deref(), Some("lb"));
    }
}
