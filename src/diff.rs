//! What was removed from a list of lines and what was added to it.

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

/// Cells of the table of longest common subsequences; a larger table costs more than a good diff is worth. Two lists of a
/// thousand lines each, besides what they begin and end with, still fit.
const MAX_CELLS: usize = 1 << 20;

/// The shortest way from the old lines to the new ones. Where what is different is too long for that, all of it is removed and
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
    if old_mid.len().saturating_mul(new_mid.len()) <= MAX_CELLS {
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

/// By the table of the lengths of common subsequences of all ends of the lists.
fn middle<'a>(old: &[&'a str], new: &[&'a str], edits: &mut Vec<Edit<'a>>) {
    let width = new.len() + 1;
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    for at in (0..old.len()).rev() {
        for beside in (0..new.len()).rev() {
            lengths[at * width + beside] = if old[at] == new[beside] {
                lengths[(at + 1) * width + beside + 1] + 1
            } else {
                lengths[(at + 1) * width + beside].max(lengths[at * width + beside + 1])
            };
        }
    }
    let (mut at, mut beside) = (0, 0);
    while at < old.len() && beside < new.len() {
        if old[at] == new[beside] {
            edits.push(Edit::Same(old[at]));
            (at, beside) = (at + 1, beside + 1);
        } else if lengths[(at + 1) * width + beside] >= lengths[at * width + beside + 1] {
            edits.push(Edit::Removed(old[at]));
            at += 1;
        } else {
            edits.push(Edit::Added(new[beside]));
            beside += 1;
        }
    }
    edits.extend(old[at..].iter().map(|line| Edit::Removed(line)));
    edits.extend(new[beside..].iter().map(|line| Edit::Added(line)));
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
        let number = |from: u32| (from..from + 3_000).map(|n| n.to_string()).collect::<Vec<_>>();
        let (old, new) = (number(0), number(1_500));
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = new.iter().map(String::as_str).collect();
        let edits = diff(&old, &new);
        assert_eq!(edits.len(), 6_000);
        assert!(!edits.iter().any(|edit| matches!(edit, Edit::Same(_))));
    }
}
