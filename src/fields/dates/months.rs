//! Month names, in the comparable form of [`key`](super::super::text::key): lower case, without diacritics.

/// Names of one month each: full, as used in a date (genitive), and short.
/// English, German, French, Spanish, Italian, Dutch, Portuguese, Polish, Swedish, Norwegian, Danish, Finnish, Czech,
/// Turkish, Russian, Ukrainian, Indonesian, Romanian, Catalan, Hindi, Arabic (those of one word).
#[rustfmt::skip]
const NAMES: [&[&str]; 12] = [
    &[
        "january", "jan", "januar", "janner", "janvier", "janv", "enero", "ene", "gennaio", "gen", "januari",
        "janeiro", "styczen", "stycznia", "sty", "tammikuu", "tammikuuta", "leden", "ledna", "led", "ocak",
        "oca", "январь", "января", "янв", "січень", "січня", "січ", "ianuarie", "ian", "gener", "जनवर", "يناير",
        "جانفي",
    ],
    &[
        "february", "feb", "februar", "feber", "fevrier", "fevr", "fev", "febrero", "febbraio", "februari",
        "fevereiro", "luty", "lutego", "lut", "helmikuu", "helmikuuta", "unor", "unora", "uno", "subat", "sub",
        "февраль", "февраля", "фев", "февр", "лютии", "лютого", "лют", "februarie", "febrer", "फरवर", "فبراير",
        "شباط", "فيفري",
    ],
    &[
        "march", "mar", "marz", "mrz", "mars", "marzo", "maart", "mrt", "marco", "marzec", "marca", "marts",
        "maaliskuu", "maaliskuuta", "brezen", "brezna", "bre", "mart", "март", "марта", "мар", "березень",
        "березня", "бер", "maret", "martie", "मरच", "مارس", "اذار",
    ],
    &[
        "april", "apr", "avril", "avr", "abril", "abr", "aprile", "kwiecien", "kwietnia", "kwi", "huhtikuu",
        "huhtikuuta", "duben", "dubna", "dub", "nisan", "nis", "апрель", "апреля", "апр", "квітень", "квітня",
        "кві", "aprilie", "अपरल", "ابريل", "نيسان", "افريل",
    ],
    &[
        "may", "mai", "mayo", "maggio", "mag", "mei", "maio", "maj", "maja", "toukokuu", "toukokuuta", "kveten",
        "kvetna", "kve", "mayıs", "маи", "мая", "травень", "травня", "тра", "maig", "मई", "مايو", "ايار", "ماي",
    ],
    &[
        "june", "jun", "juni", "juin", "junio", "giugno", "giu", "junho", "czerwiec", "czerwca", "cze",
        "kesakuu", "kesakuuta", "cerven", "cervna", "haziran", "haz", "июнь", "июня", "июн", "червень",
        "червня", "чер", "iunie", "juny", "जन", "يونيو", "يونيه", "حزيران", "جوان",
    ],
    &[
        "july", "jul", "juli", "juillet", "juil", "julio", "luglio", "lug", "julho", "lipiec", "lipca", "lip",
        "heinakuu", "heinakuuta", "cervenec", "cervence", "temmuz", "tem", "июль", "июля", "июл", "липень",
        "липня", "лип", "iulie", "juliol", "जलई", "يوليو", "يوليوز", "يوليه", "تموز", "جويلية",
    ],
    &[
        "august", "aug", "aout", "agosto", "ago", "augustus", "sierpien", "sierpnia", "sie", "augusti",
        "elokuu", "elokuuta", "srpen", "srpna", "srp", "agustos", "agu", "август", "августа", "авг", "серпень",
        "серпня", "сер", "agustus", "agost", "अगसत", "اغسطس", "غشت", "اب", "اوت",
    ],
    &[
        "september", "sep", "sept", "septembre", "septiembre", "setiembre", "settembre", "set", "setembro",
        "wrzesien", "wrzesnia", "wrz", "syyskuu", "syyskuuta", "zari", "zar", "eylul", "eyl", "сентябрь",
        "сентября", "сен", "сент", "вересень", "вересня", "вер", "septembrie", "setembre", "सतबर", "सतमबर",
        "سبتمبر", "ايلول", "شتنبر",
    ],
    &[
        "october", "oct", "oktober", "okt", "octobre", "octubre", "ottobre", "ott", "outubro", "out",
        "pazdziernik", "pazdziernika", "paz", "lokakuu", "lokakuuta", "rijen", "rijna", "rij", "ekim", "eki",
        "октябрь", "октября", "окт", "жовтень", "жовтня", "жов", "octombrie", "अकटबर", "अकतबर", "اكتوبر",
    ],
    &[
        "november", "nov", "novembre", "noviembre", "novembro", "listopad", "listopada", "listopadu", "lis",
        "marraskuu", "marraskuuta", "kasım", "kas", "ноябрь", "ноября", "ноя", "нояб", "листопад", "листопада",
        "лис", "noiembrie", "नवबर", "नवमबर", "نوفمبر",
    ],
    &[
        "december", "dec", "dezember", "dez", "decembre", "diciembre", "dic", "dicembre", "dezembro",
        "grudzien", "grudnia", "gru", "joulukuu", "joulukuuta", "prosinec", "prosince", "pro", "aralık", "ara",
        "декабрь", "декабря", "дек", "грудень", "грудня", "гру", "desember", "des", "decembrie", "desembre",
        "दसबर", "दसमबर", "ديسمبر",
    ],
];

/// The month, 1 to 12, that a comparable word names.
pub(super) fn number(key: &str) -> Option<i8> {
    let at = NAMES.iter().position(|names| names.contains(&key))?;
    i8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::super::super::text;
    use super::*;

    #[test]
    fn every_name_is_comparable_and_names_one_month() {
        let mut seen = std::collections::HashSet::new();
        for name in NAMES.iter().flat_map(|names| names.iter()) {
            assert!(seen.insert(*name), "{name} names two months");
            assert!(!name.is_empty());
        }
    }

    #[test]
    fn names_are_found_in_every_language() {
        for (name, expected) in [
            ("März", 3),
            ("Jänner", 1),
            ("août", 8),
            ("Październik", 10),
            ("kasım", 11),
            ("Mayıs", 5),
            ("мая", 5),
            ("май", 5),
            ("лютий", 2),
            ("Července", 7),
            ("června", 6),
            ("सितम्बर", 9),
            ("जून", 6),
            ("أغسطس", 8),
            ("آذار", 3),
            ("Agustus", 8),
            ("Mei", 5),
        ] {
            assert_eq!(number(&text::key(name)), Some(expected), "{name}");
        }
        assert_eq!(number("monday"), None);
    }
}
