//! What was removed from a list of lines or words and what was added to it: E. Myers, *An O(ND) difference algorithm and its
//! variations*, 1986.

use similar::{Algorithm, DiffTag, capture_diff_slices};

/// One line of a diff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit<'a> {
    /// It is in both.
    Same(&'a str),
    /// It is in the old list alone.
    Removed(&'a str),
    /// It is in the new list alone.
    Added(&'a str),
}

/// The most that two lists may have to be compared, multiplied: the time of a comparison grows so where nothing is the same.
/// Two of 4,000 items each, besides what they begin and end with, still fit.
const MAX_PAIRS: usize = 1 << 24;

/// The shortest way from the old items to the new ones. Where what is different is too long for that, all of it is removed and
/// all of it added.
pub fn diff<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Edit<'a>> {
    let head = common(old.iter(), new.iter());
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = common(old_rest.iter().rev(), new_rest.iter().rev());
    let (old_mid, new_mid) = (
        &old_rest[..old_rest.len() - tail],
        &new_rest[..new_rest.len() - tail],
    );
    let mut edits: Vec<Edit<'a>> = old[..head].iter().map(|line| Edit::Same(line)).collect();
    if old_mid.len().saturating_mul(new_mid.len()) <= MAX_PAIRS {
        middle(old_mid, new_mid, &mut edits);
    } else {
        edits.extend(old_mid.iter().map(|line| Edit::Removed(line)));
        edits.extend(new_mid.iter().map(|line| Edit::Added(line)));
    }
    edits.extend(old[old.len() - tail..].iter().map(|line| Edit::Same(line)));
    edits
}

/// How many items two lists have in common before the first that differs.
fn common<'a>(old: impl Iterator<Item = &'a &'a str>, new: impl Iterator<Item = &'a &'a str>) -> usize {
    old.zip(new).take_while(|(old, new)| old == new).count()
}

fn middle<'a>(old: &[&'a str], new: &[&'a str], edits: &mut Vec<Edit<'a>>) {
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        let (tag, was, is) = op.as_tag_tuple();
        if tag == DiffTag::Equal {
            edits.extend(new[is].iter().map(|item| Edit::Same(item)));
        } else {
            edits.extend(old[was].iter().map(|item| Edit::Removed(item)));
            edits.extend(new[is].iter().map(|item| Edit::Added(item)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let lines = |text: &'static str| text.split_terminator(' ').collect::<Vec<_>>();
        let (old, new) = (lines(old.to_owned().leak()), lines(new.to_owned().leak()));
        let signed = diff(&old, &new).into_iter().map(|edit| match edit {
            Edit::Same(line) => line.to_owned(),
            Edit::Removed(line) => format!("-{line}"),
            Edit::Added(line) => format!("+{line}"),
        });
        signed.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lines_are_the_same_removed_or_added() {
        assert_eq!(shown("", ""), "");
        assert_eq!(shown("a b c", "a b c"), "a b c");
        assert_eq!(shown("a b c", "b c d"), "-a b c +d");
        assert_eq!(shown("a x b x c", "a x c"), "a x -b -x c");
        assert_eq!(shown("a b", "x y"), "-a -b +x +y");
        assert_eq!(shown("", "a"), "+a");
    }

    #[test]
    fn what_is_too_long_to_compare_is_replaced_as_a_whole() {
        let number = |from: u32| (from..from + 6_000).map(|n| n.to_string()).collect::<Vec<_>>();
        let (old, new) = (number(0), number(3_000));
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = new.iter().map(String::as_str).collect();
        let edits = diff(&old, &new);
        assert_eq!(edits.len(), 12_000);
        assert!(!edits.iter().any(|edit| matches!(edit, Edit::Same(_))));
    }
}
