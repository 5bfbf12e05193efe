//! Work on many items at once, results in the order of the items, memory bounded.

use std::sync::mpsc::sync_channel;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How many items per worker may be under way or wait for an earlier one to be written. More hides a slow page
/// better and costs the memory of as many results.
const AHEAD_PER_WORKER: usize = 16;

struct Queue<I> {
    items: I,
    taken: usize,
    written: usize,
    stopped: bool,
}

/// The items, handed out so that no worker runs more than `ahead` items before the oldest unwritten one.
struct Gate<I> {
    queue: Mutex<Queue<I>>,
    moved: Condvar,
    ahead: usize,
}

impl<I: Iterator> Gate<I> {
    fn lock(&self) -> MutexGuard<'_, Queue<I>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next item and its number; waits while too many are ahead.
    fn take(&self) -> Option<(usize, I::Item)> {
        let too_far = |q: &mut Queue<I>| !q.stopped && q.taken >= q.written + self.ahead;
        let mut queue = self
            .moved
            .wait_while(self.lock(), too_far)
            .unwrap_or_else(PoisonError::into_inner);
        if queue.stopped {
            return None;
        }
        let item = queue.items.next()?;
        queue.taken += 1;
        Some((queue.taken - 1, item))
    }

    fn update(&self, change: impl FnOnce(&mut Queue<I>)) {
        change(&mut self.lock());
        self.moved.notify_all();
    }
}

/// Calls `work` on every item on `workers` threads and `write` on every result, on this thread, in the order of the
/// items. Ends at the first error of `write` and returns it.
///
/// `work` must not panic: the item would have no result.
pub fn ordered<I, R, E>(
    workers: usize,
    items: I,
    work: impl Fn(I::Item) -> R + Sync,
    mut write: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E>
where
    I: Iterator + Send,
    R: Send,
{
    let ahead = workers * AHEAD_PER_WORKER;
    let queue = Mutex::new(Queue {
        items,
        taken: 0,
        written: 0,
        stopped: false,
    });
    let gate = Gate {
        queue,
        moved: Condvar::new(),
        ahead,
    };
    let (results, inbox) = sync_channel::<(usize, R)>(workers);
    thread::scope(|scope| {
        for _ in 0..workers {
            let (results, gate, work) = (results.clone(), &gate, &work);
            scope.spawn(move || {
                while let Some((number, item)) = gate.take() {
                    if results.send((number, work(item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(results);
        let mut waiting = std::collections::BTreeMap::new();
        let mut next = 0;
        for (number, result) in inbox {
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&next) {
                if let Err(error) = write(result) {
                    gate.update(|queue| queue.stopped = true);
                    return Err(error);
                }
                next += 1;
                gate.update(|queue| queue.written = next);
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let mut seen = Vec::new();
        let slow_on_even = |n: u32| {
            (0..(n % 2) * 1000).for_each(|x| {
                std::hint::black_box(x);
            });
            n
        };
        ordered(4, 0..1000, slow_on_even, |n| {
            seen.push(n);
            Ok::<(), ()>(())
        })
        .unwrap();
        assert!(seen.into_iter().eq(0..1000));
    }

    #[test]
    fn no_more_items_are_taken_than_the_window_allows() {
        let started = AtomicUsize::new(0);
        let mut written = 0;
        let count = |_| started.fetch_add(1, Ordering::SeqCst);
        ordered(3, 0..2000, count, |_| {
            written += 1;
            assert!(started.load(Ordering::SeqCst) <= written + 3 * AHEAD_PER_WORKER);
            Ok::<(), ()>(())
        })
        .unwrap();
    }

    #[test]
    fn a_writer_that_fails_ends_the_work() {
        let endless = std::iter::repeat(1);
        let result = ordered(2, endless, |n| n, |_| Err("disk full"));
        assert_eq!(result, Err("disk full"));
    }
}
