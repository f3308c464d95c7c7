//! Memory for hits, used again by the next question of the same thread: at ten million numbers it is more than a megabyte, and to get
//! that from the system and give it back costs as much as the answer. Words stand in blocks, and only the blocks that were touched are
//! looked at and cleaned.

use std::cell::RefCell;
use std::ops::{Deref, Range};

use super::bits::{WORD, fill, ones_in};

/// Words of a block.
const BLOCK: usize = 32;
/// Buffers that a thread keeps at the most.
const KEPT: usize = 8;

thread_local! {
    /// Words without a bit that is on.
    static SPARE: RefCell<Vec<Vec<u64>>> = const { RefCell::new(Vec::new()) };
}

/// Words that go back to their thread when they are no longer needed.
#[derive(Debug, Default)]
pub struct Buffer {
    words: Vec<u64>,
    /// A bit for each block that was touched; in the others all bits are off.
    touched: Vec<u64>,
}

impl Buffer {
    /// So many words, all bits off.
    pub fn zeroed(words: usize) -> Self {
        let mut buffer = SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
        buffer.resize(words, 0);
        Self { words: buffer, touched: vec![0; words.div_ceil(BLOCK * WORD)] }
    }

    /// A copy of such words.
    pub fn copy_of(words: &[u64]) -> Self {
        let mut copy = Self::zeroed(words.len());
        copy.touch(0..words.len()).copy_from_slice(words);
        copy
    }

    /// The blocks of words between two that may have bits that are on.
    pub fn blocks(&self, range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
        let blocks = ones_in(&self.touched, range.start / BLOCK, range.end.min(self.words.len()).div_ceil(BLOCK));
        blocks.map(|block| block * BLOCK..((block + 1) * BLOCK).min(self.words.len()))
    }

    /// The same of all words, as they are now.
    pub fn all_blocks(&self) -> Vec<Range<usize>> {
        self.blocks(0..self.words.len()).collect()
    }

    /// Some of the words, to be changed; as many of them as there are.
    #[inline]
    pub fn touch(&mut self, range: Range<usize>) -> &mut [u64] {
        let range = range.start.min(self.words.len())..range.end.min(self.words.len());
        if range.start < range.end {
            fill(&mut self.touched, 0, range.start / BLOCK, range.end.div_ceil(BLOCK));
        }
        self.words.get_mut(range).unwrap_or_default()
    }

    /// Turns the bit of a row on.
    #[inline]
    pub fn turn_on(&mut self, row: usize) {
        let (word, block) = (row / WORD, row / WORD / BLOCK);
        if let (Some(word), Some(touched)) = (self.words.get_mut(word), self.touched.get_mut(block / WORD)) {
            *word |= 1 << (row % WORD);
            *touched |= 1 << (block % WORD);
        }
    }
}

impl Clone for Buffer {
    fn clone(&self) -> Self {
        let mut copy = Self::zeroed(self.words.len());
        for block in self.blocks(0..self.words.len()) {
            copy.touch(block.clone()).copy_from_slice(self.words.get(block).unwrap_or_default());
        }
        copy
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        for block in self.all_blocks() {
            self.words.get_mut(block).unwrap_or_default().fill(0);
        }
        let buffer = std::mem::take(&mut self.words);
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
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        &self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_used_buffer_comes_back_clean() {
        let mut first = Buffer::zeroed(100);
        first.touch(3..5).fill(u64::MAX);
        first.touch(98..200).fill(u64::MAX);
        first.turn_on(40 * WORD + 1);
        assert_eq!((first.all_blocks(), first.touch(4..4).len()), (vec![0..32, 32..64, 96..100], 0));
        assert!(first.blocks(64..97).eq(std::iter::once(96..100)));
        let copy = first.clone();
        drop(first);
        assert!(Buffer::zeroed(120).iter().all(|word| *word == 0));
        assert_eq!((copy.iter().filter(|word| **word == u64::MAX).count(), copy[40]), (4, 2));
        assert_eq!(Buffer::copy_of(&[1, 2]).to_vec(), [1, 2]);
    }
}
