//! Memory for hits, used again by the next question of the same thread: at ten million numbers it is more than a megabyte, and to get
//! that from the system and give it back costs as much as the answer.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

/// Buffers that a thread keeps at the most.
const KEPT: usize = 8;

thread_local! {
    static SPARE: RefCell<Vec<Vec<u64>>> = const { RefCell::new(Vec::new()) };
}

/// Words that go back to their thread when they are no longer needed.
#[derive(Debug, Default)]
pub struct Buffer(Vec<u64>);

impl Buffer {
    /// So many words, all bits off.
    pub fn zeroed(words: usize) -> Self {
        let mut buffer = SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
        buffer.clear();
        buffer.resize(words, 0);
        Self(buffer)
    }
}

impl Clone for Buffer {
    fn clone(&self) -> Self {
        let mut copy = SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
        copy.clear();
        copy.extend_from_slice(&self.0);
        Self(copy)
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let buffer = std::mem::take(&mut self.0);
        // At the end of a thread its spare buffers are gone already; then this one goes too.
        let _ = SPARE.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            if buffer.capacity() > 0 && spare.len() < KEPT {
                spare.push(buffer);
            }
        });
    }
}

impl Deref for Buffer {
    type Target = Vec<u64>;

    fn deref(&self) -> &Vec<u64> {
        &self.0
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut Vec<u64> {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_used_buffer_comes_back_clean() {
        let mut first = Buffer::zeroed(10);
        first.fill(u64::MAX);
        let copy = first.clone();
        drop(first);
        assert!(Buffer::zeroed(12).iter().all(|word| *word == 0));
        assert!(copy.iter().all(|word| *word == u64::MAX) && copy.len() == 10);
    }
}
