//! Which job is next: hosts take turns, and each has one job under way at most.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

/// Jobs that wait, by the lane in which they follow one another: their host.
#[derive(Debug)]
pub(super) struct Queue<J> {
    waiting: FxHashMap<String, VecDeque<J>>,
    /// Lanes with a waiting job and none under way, in the order of their turns.
    ready: VecDeque<String>,
    busy: FxHashSet<String>,
}

impl<J> Queue<J> {
    pub(super) fn new() -> Self {
        Self {
            waiting: FxHashMap::default(),
            ready: VecDeque::new(),
            busy: FxHashSet::default(),
        }
    }

    /// Adds a job at the end of its lane.
    pub(super) fn push(&mut self, lane: &str, job: J) {
        if let Some(jobs) = self.waiting.get_mut(lane) {
            jobs.push_back(job);
            return;
        }
        self.waiting.insert(lane.to_owned(), VecDeque::from([job]));
        if !self.busy.contains(lane) {
            self.ready.push_back(lane.to_owned());
        }
    }

    /// Takes the next job of the next free lane; the lane is busy until [`done`](Self::done).
    pub(super) fn next(&mut self) -> Option<(String, J)> {
        let lane = self.ready.pop_front()?;
        let jobs = self.waiting.get_mut(&lane)?;
        let job = jobs.pop_front()?;
        if jobs.is_empty() {
            self.waiting.remove(&lane);
        }
        self.busy.insert(lane.clone());
        Some((lane, job))
    }

    /// Frees a lane.
    pub(super) fn done(&mut self, lane: &str) {
        self.busy.remove(lane);
        if self.waiting.contains_key(lane) {
            self.ready.push_back(lane.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_take_turns_and_have_one_job_under_way() {
        let mut queue = Queue::new();
        for (lane, job) in [("a", 1), ("a", 2), ("b", 3), ("a", 4)] {
            queue.push(lane, job);
        }
        let mut next = |done: &[&str]| {
            for lane in done {
                queue.done(lane);
            }
            queue.next().map(|(_, job)| job)
        };
        assert_eq!(next(&[]), Some(1));
        assert_eq!(next(&[]), Some(3));
        assert_eq!(next(&[]), None);
        assert_eq!(next(&["b"]), None);
        assert_eq!(next(&["a"]), Some(2));
        assert_eq!(next(&["a"]), Some(4));
        assert_eq!(next(&["a"]), None);
    }

    #[test]
    fn a_job_for_a_busy_lane_waits() {
        let mut queue = Queue::new();
        queue.push("a", 1);
        assert!(queue.next().is_some());
        queue.push("a", 2);
        assert!(queue.next().is_none());
        queue.done("a");
        assert_eq!(queue.next(), Some(("a".to_owned(), 2)));
    }
}
