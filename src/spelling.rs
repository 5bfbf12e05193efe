//! The word that a misspelt one was meant to be.

/// How many edits a word may be away from the one that is suggested.
const MAX_EDITS: usize = 3;
/// A longer word is near to nothing, and comparing it would take its time; in bytes.
const MAX_BYTES: usize = 32;

/// The known word that is the fewest edits away, if that is near enough to be meant.
pub(crate) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.get(..word.len().min(MAX_BYTES))?;
    let ranked = known.into_iter().map(|known| (edits(word, known), known));
    let (edits, known) = ranked.min()?;
    (edits <= MAX_EDITS.min(known.len() / 2)).then_some(known)
}

/// The Levenshtein distance in bytes.
fn edits(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.bytes().enumerate() {
            let substituted = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_taken_for_one_that_is_a_few_edits_away() {
        let keys = ["body", "drop", "drop_text", "stop_at"];
        assert_eq!(nearest("drop_txt", keys), Some("drop_text"));
        assert_eq!(nearest("bdy", keys), Some("body"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest(&"drop".repeat(1000), keys), None);
    }
}
