//! Work on bits with the instructions of the machine at hand.
//!
//! The same Rust code is compiled twice: for every x86-64 machine, and for those with AVX2 and an instruction that counts bits, which
//! are nearly all. Which one runs is decided when the program runs. docs/performance.md says what it is worth.

/// Work that is compiled twice. Its `run`, and what that calls in a loop, must be inlined to be of use.
pub trait Work {
    /// What comes of it.
    type Answer;

    /// Does it.
    fn run(self) -> Self::Answer;
}

/// Does the work.
#[inline]
pub fn run<W: Work>(work: W) -> W::Answer {
    #[cfg(target_arch = "x86_64")]
    if is_wide() {
        #[allow(unsafe_code, reason = "calling code for instructions that were just found to be there is all that it is for")]
        // SAFETY: `is_wide` has found every feature that `wide` is compiled for.
        return unsafe { wide(work) };
    }
    work.run()
}

/// Has this machine the instructions that [`wide`] is compiled for? The standard library asks once and remembers.
#[cfg(target_arch = "x86_64")]
fn is_wide() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("popcnt")
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,popcnt")]
fn wide<W: Work>(work: W) -> W::Answer {
    work.run()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Count<'a>(&'a [u64]);

    impl Work for Count<'_> {
        type Answer = u32;

        #[inline(always)]
        fn run(self) -> u32 {
            self.0.iter().map(|word| word.count_ones()).sum()
        }
    }

    #[test]
    fn both_ways_count_the_same() {
        let words: Vec<u64> = (0..100_u64).map(|word| word.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
        assert_eq!(run(Count(&words)), Count(&words).run());
    }
}
