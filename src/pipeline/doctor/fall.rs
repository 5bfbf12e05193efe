//! When a number that was usual for a site fell, and stayed down.

/// A number over the pages of one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    /// Days since the epoch.
    pub(super) day: u32,
    /// The sum over the pages: how many of them were so, or how much they had.
    pub(super) sum: f64,
    /// The pages.
    pub(super) pages: u32,
    /// The rules were those of today; days of other rules are looked at only before a fall.
    pub(super) is_current: bool,
}

/// What counts as a fall.
#[derive(Debug, Clone, Copy)]
pub(super) struct Test {
    /// The mean before must be at least this: what was always rare has not stopped.
    pub(super) least: f64,
    /// From this mean before, a mean is down that is at most what this gives.
    pub(super) down: fn(f64) -> f64,
    /// So many pages are enough on either side, where this was the mean before.
    pub(super) enough: fn(f64) -> f64,
}

/// A fall.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fall {
    /// The first day on which the number was down.
    pub(super) day: u32,
    /// The mean before, over the pages just before.
    pub(super) before: f64,
    /// The pages of that mean.
    pub(super) pages_before: u32,
    /// The mean since.
    pub(super) after: f64,
    /// The pages of that mean.
    pub(super) pages_after: u32,
}

/// The mean before a day is that of the last so many pages before it: what is usual now, not what was a season ago.
const USUAL_PAGES: u32 = 40;

#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    sum: f64,
    pages: u32,
}

impl Mean {
    fn add(&mut self, point: &Point) {
        self.sum += point.sum;
        self.pages += point.pages;
    }

    /// 0 of no pages.
    fn value(self) -> f64 {
        self.sum / f64::from(self.pages.max(1))
    }
}

/// The fall that is deepest, if there is one and the number is still down on the last pages. Points are in the order of their days.
pub(super) fn fall(points: &[Point], test: Test) -> Option<Fall> {
    let points: Vec<Point> = points.iter().filter(|point| point.pages > 0).copied().collect();
    let mut after = Mean::default();
    let mut deepest: Option<Fall> = None;
    for (at, point) in points.iter().enumerate().rev() {
        if point.is_current {
            after.add(point);
        }
        let before = usual(&points[..at]);
        let found = Fall {
            day: point.day,
            before: before.value(),
            pages_before: before.pages,
            after: after.value(),
            pages_after: after.pages,
        };
        let is_deeper =
            deepest.is_none_or(|deepest| found.before - found.after > deepest.before - deepest.after);
        if is_deeper && is_fall(&found, test) && is_still_down(&points, found.before, test) {
            deepest = Some(found);
        }
    }
    deepest
}

fn usual(before: &[Point]) -> Mean {
    let mut mean = Mean::default();
    for point in before.iter().rev() {
        if mean.pages >= USUAL_PAGES {
            break;
        }
        mean.add(point);
    }
    mean
}

fn is_fall(found: &Fall, test: Test) -> bool {
    let enough = (test.enough)(found.before);
    found.before >= test.least
        && f64::from(found.pages_before) >= enough
        && f64::from(found.pages_after) >= enough
        && found.after <= (test.down)(found.before)
}

/// Whether the last pages, as many as are enough, are down as well: what fell and came back is well.
fn is_still_down(points: &[Point], before: f64, test: Test) -> bool {
    let mut last = Mean::default();
    for point in points.iter().rev().filter(|point| point.is_current) {
        last.add(point);
        if f64::from(last.pages) >= (test.enough)(before) {
            break;
        }
    }
    last.value() <= (test.down)(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GONE: Test = Test {
        least: 0.5,
        down: |before| before * 0.1,
        enough: |before| 8.0 / before,
    };

    /// (day, sum, pages)
    fn points(days: &[(u32, u32, u32)]) -> Vec<Point> {
        let point = |&(day, sum, pages): &(u32, u32, u32)| Point {
            day,
            sum: f64::from(sum),
            pages,
            is_current: true,
        };
        days.iter().map(point).collect()
    }

    fn day_of(days: &[(u32, u32, u32)]) -> Option<u32> {
        fall(&points(days), GONE).map(|fall| fall.day)
    }

    #[test]
    fn the_first_day_without_is_named() {
        assert_eq!(
            day_of(&[(1, 10, 10), (2, 10, 10), (3, 0, 10), (4, 0, 10)]),
            Some(3)
        );
        assert_eq!(day_of(&[(1, 10, 10), (2, 0, 0), (9, 0, 8)]), Some(9));
        let found = fall(&points(&[(1, 36, 40), (2, 9, 10), (3, 0, 20)]), GONE).unwrap();
        assert_eq!((found.day, found.pages_before, found.pages_after), (3, 50, 20));
        assert!((found.before - 0.9).abs() < 1e-9);
    }

    #[test]
    fn too_few_pages_on_either_side_say_nothing() {
        assert_eq!(day_of(&[(1, 7, 7), (2, 0, 100)]), None);
        assert_eq!(day_of(&[(1, 100, 100), (2, 0, 7)]), None);
        assert_eq!(day_of(&[(1, 50, 100), (2, 0, 15)]), None);
        assert_eq!(day_of(&[(1, 50, 100), (2, 0, 16)]), Some(2));
    }

    #[test]
    fn what_was_rare_or_only_wavers_or_came_back_has_not_stopped() {
        assert_eq!(day_of(&[(1, 20, 100), (2, 0, 200)]), None);
        assert_eq!(day_of(&[(1, 100, 100), (2, 40, 100), (3, 60, 100)]), None);
        assert_eq!(day_of(&[(1, 30, 30), (2, 0, 300), (3, 10, 10)]), None);
        assert_eq!(day_of(&[]), None);
        assert_eq!(day_of(&[(1, 0, 100)]), None);
    }

    #[test]
    fn days_of_other_rules_do_not_speak_against_those_of_today() {
        let mut days = points(&[(1, 10, 10), (2, 0, 10), (3, 0, 10)]);
        days[2].is_current = false;
        assert_eq!(fall(&days[1..], GONE), None);
        assert_eq!(
            fall(&days, GONE).map(|fall| (fall.day, fall.pages_after)),
            Some((2, 10))
        );
        days[1].is_current = false;
        assert_eq!(fall(&days, GONE), None);
    }
}
