//! Answering a question: which rows of a segment are hits.
//!
//! The patterns are read along the heads. Heads that ask the same of their tails and stand one behind the other make a run, and for a
//! run the planes are combined in chunks of words; a chunk in which nothing is left is given up at once.

use std::collections::HashMap;

use super::bits::{self, WORD, within};
use super::buffer::Buffer;
use super::kernel::{self, Work};
use super::question::{PATTERNS, Question};
use super::segment::{Columns, Heads, Segment, kind_index};
use crate::domain::number::Features;
use crate::domain::pattern::MAX_POSITIONS;
use crate::domain::pattern::walk::{Condition, Conditions, DEAD, Progress, Walk};
use crate::server::search::catalog::as_index;

/// So few hits are looked at one by one.
const FEW: u64 = 2_048;
/// Words that are combined at a time in long runs of rows, and in short ones.
const LONG: usize = 16;
const SHORT: usize = 4;

/// The rows of a segment that answer a question.
#[derive(Debug, Default)]
pub struct Hits {
    pub words: Buffer,
    pub count: u64,
}

impl Hits {
    /// So few that they are better looked at one by one.
    pub const fn is_few(&self) -> bool {
        Self::are_few(self.count)
    }

    /// Are so many hits better looked at one by one?
    pub const fn are_few(count: u64) -> bool {
        count <= FEW
    }

    /// Takes rows out.
    pub fn without(mut self, rows: impl Iterator<Item = usize>) -> Self {
        for row in rows {
            self.count -= u64::from(bits::clear(&mut self.words, row));
        }
        self
    }

    /// Those that are in either.
    pub fn or(self, others: Self) -> Self {
        self.combined(&others, |word, other| word | other)
    }

    /// Those that are in both.
    pub fn and(self, others: &Self) -> Self {
        self.combined(others, |word, other| word & other)
    }

    /// Those that are not among the others.
    pub fn and_not(self, others: &Self) -> Self {
        self.combined(others, |word, other| word & !other)
    }

    /// Word by word; hits that have no words yet have no rows.
    fn combined(mut self, others: &Self, combine: impl Fn(u64, u64) -> u64) -> Self {
        let words = self.words.len().max(others.words.len());
        self.words.resize(words, 0);
        self.count = 0;
        for (word, other) in self.words.iter_mut().zip(others.words.iter().copied().chain(std::iter::repeat(0))) {
            *word = combine(*word, other);
            if *word != 0 {
                self.count += u64::from(word.count_ones());
            }
        }
        self
    }
}

impl Segment {
    /// The rows that answer a question and are still there.
    pub fn hits(&self, question: &Question) -> Hits {
        kernel::run(Finding { segment: self, question })
    }
}

/// The work of [`Segment::hits`].
struct Finding<'a> {
    segment: &'a Segment,
    question: &'a Question,
}

impl Work for Finding<'_> {
    type Answer = Hits;

    #[inline(always)]
    fn run(self) -> Hits {
        let columns = &*self.segment.columns;
        let words = Buffer::zeroed(self.segment.live.len());
        let mut scan = Scan { filters: Filters::new(self.segment, self.question), words, count: 0 };
        let runs = place_runs(columns, self.question.places.as_deref());
        if self.question.patterns.is_empty() {
            for (from, to) in runs {
                scan.run(from, to, &[]);
            }
        } else {
            // Most questions have one pattern, and are read twice as fast for it.
            match self.question.patterns.len() {
                1 => Reading::<1>::new(columns, self.question).along(&runs, &mut scan),
                _ => Reading::<PATTERNS>::new(columns, self.question).along(&runs, &mut scan),
            }
        }
        Hits { words: scan.words, count: scan.count }
    }
}

/// Runs of rows whose places will do.
fn place_runs(columns: &Columns, will_do: Option<&[bool]>) -> Vec<(usize, usize)> {
    let Some(will_do) = will_do else { return vec![(0, columns.rows)] };
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (run, place) in columns.places.places.iter().enumerate() {
        if will_do.get(as_index(*place)) != Some(&true) {
            continue;
        }
        let (from, to) = columns.places.rows(run);
        match runs.last_mut() {
            Some(last) if last.1 == from => last.1 = to,
            _ => runs.push((from, to)),
        }
    }
    runs
}

/// One plane that must be on, or off.
#[derive(Debug, Clone, Copy)]
struct Literal<'a> {
    plane: &'a [u64],
    /// All bits, where the plane must be off.
    invert: u64,
}

/// Any of these must hold, of each all.
type AnyOf<'a> = Vec<Vec<Literal<'a>>>;

/// What heads ask of their tails: for each pattern that still asks something, its choices.
type Residue<'a> = Vec<AnyOf<'a>>;

/// The residue of heads with which no number can match.
const NEVER: usize = usize::MAX;
/// Residues that are found again without looking them up.
const RECENT: usize = 256;

/// How far each pattern has come.
type Key<const P: usize> = [Progress; P];

/// Where a key is kept among the recent ones.
fn slot_of<const P: usize>(key: &Key<P>) -> usize {
    let mixed = key.iter().fold(0_u32, |mixed, progress| mixed.wrapping_mul(0x9E37_79B1) ^ u32::from(*progress));
    as_index(mixed.wrapping_mul(0x85EB_CA6B) >> 24) % RECENT
}

/// Reads the patterns of a question along the heads.
struct Reading<'a, const P: usize> {
    columns: &'a Columns,
    walks: Vec<Walk>,
    /// How far the patterns had come in front of each digit of the head before.
    keys: [Key<P>; MAX_POSITIONS + 1],
    known: HashMap<Key<P>, usize>,
    recent: [Option<(Key<P>, usize)>; RECENT],
    /// The key of the head before, with its residue.
    last: Option<(Key<P>, usize)>,
    residues: Vec<Residue<'a>>,
}

impl<'a, const P: usize> Reading<'a, P> {
    fn new(columns: &'a Columns, question: &Question) -> Self {
        let walks: Vec<Walk> = question.patterns.iter().take(P).map(|pattern| pattern.walk(columns.length)).collect();
        let mut start = [DEAD; P];
        for (progress, walk) in start.iter_mut().zip(&walks) {
            *progress = walk.start();
        }
        let keys = [start; MAX_POSITIONS + 1];
        Self { columns, walks, keys, known: HashMap::new(), recent: [None; RECENT], last: None, residues: Vec::new() }
    }

    #[inline(always)]
    fn along(mut self, runs: &[(usize, usize)], scan: &mut Scan<'_>) {
        let columns = self.columns;
        let heads = &columns.heads;
        // The run that is being gathered: its rows and its residue.
        let mut open: Option<(usize, usize, usize)> = None;
        // How many digits of the head before were read, and which head comes next.
        let (mut read, mut next) = (0, usize::MAX);
        for (from, to) in runs.iter().copied().filter(|(from, to)| from < to) {
            let first = heads.starts.partition_point(|start| as_index(*start) <= from).saturating_sub(1);
            for head in first..heads.values.len() {
                let (head_from, head_to) = heads.rows(head);
                if head_from >= to {
                    break;
                }
                read = self.go_on(head, next, read);
                next = head + 1;
                let residue = if read < heads.length { NEVER } else { self.residue() };
                if residue == NEVER {
                    continue;
                }
                let (start, end) = (from.max(head_from), to.min(head_to));
                match &mut open {
                    Some((_, last, known)) if *last == start && *known == residue => *last = end,
                    _ => self.close(open.replace((start, end, residue)), scan),
                }
            }
        }
        self.close(open, scan);
    }

    /// Reads a head, as far as it differs from the one before. Answers how many of its digits were read.
    #[inline(always)]
    fn go_on(&mut self, head: usize, next: usize, read: usize) -> usize {
        let heads = &self.columns.heads;
        let shared = heads.shared.get(head).map_or(0, |shared| usize::from(*shared));
        match head {
            head if head + 1 == next => read,
            // It shares the digit with which the one before came to nothing.
            head if head == next && read < heads.length && shared > read => read,
            head if head == next => self.read(heads, head, shared.min(read)),
            head => self.read(heads, head, 0),
        }
    }

    /// Reads a head from its digit `from` on. Answers how many digits were read before no match was possible any more.
    #[inline(always)]
    fn read(&mut self, heads: &Heads, head: usize, from: usize) -> usize {
        let digits = heads.digits.get(head * heads.length..(head + 1) * heads.length).unwrap_or_default();
        let patterns = self.walks.len();
        for (at, digit) in digits.iter().enumerate().skip(from) {
            let mut key = self.keys[at];
            for (progress, walk) in key.iter_mut().zip(&self.walks) {
                *progress = walk.step(*progress, at, *digit);
            }
            if key.iter().take(patterns).any(|progress| *progress == DEAD) {
                return at;
            }
            self.keys[at + 1] = key;
        }
        heads.length
    }

    /// What the head that was read last asks of its tails.
    #[inline(always)]
    fn residue(&mut self) -> usize {
        let raw = self.keys[self.columns.heads.length];
        if let Some((_, residue)) = self.last.filter(|(known, _)| *known == raw) {
            return residue;
        }
        let slot = slot_of(&raw);
        let residue = match self.recent[slot].filter(|(known, _)| *known == raw) {
            Some((_, residue)) => residue,
            None => self.residue_of(raw),
        };
        self.recent[slot] = Some((raw, residue));
        self.last = self.recent[slot];
        residue
    }

    #[cold]
    fn residue_of(&mut self, mut key: Key<P>) -> usize {
        let at = self.columns.heads.length;
        for (progress, walk) in key.iter_mut().zip(&self.walks) {
            *progress = walk.settle(*progress, at);
        }
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let choices: Vec<Vec<Conditions>> = key.iter().zip(&self.walks).map(|(progress, walk)| walk.choices(*progress, at)).collect();
        let residue = if choices.iter().any(Vec::is_empty) {
            NEVER
        } else {
            let asking = choices.iter().filter(|choices| !choices.iter().any(Vec::is_empty));
            let each = asking.map(|choices| choices.iter().map(|choice| literals(self.columns, choice)).collect());
            self.residues.push(each.collect());
            self.residues.len() - 1
        };
        self.known.insert(key, residue);
        residue
    }

    #[inline(always)]
    fn close(&self, run: Option<(usize, usize, usize)>, scan: &mut Scan<'_>) {
        if let Some((from, to, residue)) = run
            && let Some(each) = self.residues.get(residue)
        {
            scan.run(from, to, each);
        }
    }
}

fn literals<'a>(columns: &'a Columns, choice: &Conditions) -> Vec<Literal<'a>> {
    let literal = |condition: &Condition| {
        let (plane, invert) = match *condition {
            Condition::Is { at, digit } => (columns.digit_plane(at, digit), 0),
            Condition::IsNot { at, digit } => (columns.digit_plane(at, digit), u64::MAX),
            Condition::Same { at, other } => (columns.equal_plane(at, other), 0),
            Condition::Different { at, other } => (columns.equal_plane(at, other), u64::MAX),
        };
        Literal { plane: columns.tail.plane(plane), invert }
    };
    choice.iter().map(literal).collect()
}

/// The hits so far.
struct Scan<'a> {
    filters: Filters<'a>,
    words: Buffer,
    count: u64,
}

impl Scan<'_> {
    /// The rows `from..to`, of which each of these must hold.
    #[inline(always)]
    fn run(&mut self, from: usize, to: usize, each: &[AnyOf<'_>]) {
        let (mut first, behind) = (from / WORD, to.div_ceil(WORD));
        while behind - first >= LONG {
            self.chunk::<LONG>(first, LONG, (from, to), each);
            first += LONG;
        }
        while first < behind {
            let len = SHORT.min(behind - first);
            self.chunk::<SHORT>(first, len, (from, to), each);
            first += len;
        }
    }

    #[inline(always)]
    fn chunk<const N: usize>(&mut self, first: usize, len: usize, (from, to): (usize, usize), each: &[AnyOf<'_>]) {
        let mut found = [u64::MAX; N];
        for any_of in each {
            if !narrow(&mut found, any_of, first, len) {
                return;
            }
        }
        self.filters.narrow(&mut found, first, len);
        for (word, found) in found.iter().enumerate().take(len) {
            let found = found & within(first + word, from, to);
            if found != 0
                && let Some(known) = self.words.get_mut(first + word)
            {
                *known |= found;
                self.count += u64::from(found.count_ones());
            }
        }
    }
}

/// Keeps the rows of which any choice holds; false when none is left.
#[inline(always)]
fn narrow<const N: usize>(found: &mut [u64; N], any_of: &AnyOf<'_>, first: usize, len: usize) -> bool {
    let mut any = [0; N];
    for choice in any_of {
        let mut all = *found;
        for literal in choice {
            keep(&mut all, literal, first, len);
            if all.iter().take(len).fold(0, |some, word| some | word) == 0 {
                break;
            }
        }
        for (any, all) in any.iter_mut().zip(all) {
            *any |= all;
        }
    }
    *found = any;
    any.iter().take(len).fold(0, |some, word| some | word) != 0
}

#[inline(always)]
fn keep<const N: usize>(rows: &mut [u64; N], literal: &Literal<'_>, first: usize, len: usize) {
    let Some(plane) = literal.plane.get(first..first + len) else { return };
    for (row, plane) in rows.iter_mut().zip(plane) {
        *row &= plane ^ literal.invert;
    }
}

/// What a question asks beside places and patterns.
struct Filters<'a> {
    /// Planes that must be on.
    planes: Vec<Literal<'a>>,
    prices: Option<Prices<'a>>,
}

impl<'a> Filters<'a> {
    fn new(segment: &'a Segment, question: &'a Question) -> Self {
        let columns = &*segment.columns;
        let on = |plane: &'a [u64]| Literal { plane, invert: 0 };
        let mut planes = Vec::new();
        if segment.removed > 0 {
            planes.push(on(&segment.live));
        }
        planes.extend(question.number_type.map(|number_type| on(columns.kinds.plane(kind_index(number_type)))));
        let asked = Features::TABLE.iter().enumerate().filter(|(_, (feature, ..))| question.features.contains(*feature));
        planes.extend(asked.map(|(plane, _)| on(columns.features.plane(plane))));
        Self { planes, prices: question.offers.as_deref().map(|will_do| Prices::new(columns, will_do)) }
    }

    #[inline(always)]
    fn narrow<const N: usize>(&self, found: &mut [u64; N], first: usize, len: usize) {
        for literal in &self.planes {
            keep(found, literal, first, len);
        }
        if let Some(prices) = &self.prices {
            for (word, found) in found.iter_mut().enumerate().take(len).filter(|(_, found)| **found != 0) {
                *found = prices.keep(first + word, *found);
            }
        }
    }
}

/// Which offers will do, by bands of the price order: most bands do as a whole or not at all.
pub struct Prices<'a> {
    columns: &'a Columns,
    will_do: &'a [bool],
    /// Bands that do as a whole, from and behind-last.
    whole: Vec<(usize, usize)>,
    /// Bands of which a part does.
    partly: Vec<usize>,
}

impl<'a> Prices<'a> {
    /// For each offer of the catalog `will_do` tells whether it does.
    pub fn new(columns: &'a Columns, will_do: &'a [bool]) -> Self {
        let does = |offer: &u32| will_do.get(as_index(*offer)) == Some(&true);
        let (mut whole, mut partly): (Vec<(usize, usize)>, Vec<usize>) = (Vec::new(), Vec::new());
        for (band, offers) in columns.band_offers.iter().enumerate() {
            match (offers.iter().all(does), whole.last_mut()) {
                (true, Some(last)) if last.1 == band => last.1 = band + 1,
                (true, _) => whole.push((band, band + 1)),
                (false, _) if offers.iter().any(does) => partly.push(band),
                (false, _) => {}
            }
        }
        Self { columns, will_do, whole, partly }
    }

    /// Those of the rows `found` in one word whose offers will do.
    #[inline(always)]
    pub fn keep(&self, word: usize, found: u64) -> u64 {
        let up_to = |band: usize| self.columns.price.up_to(band).get(word).copied().unwrap_or_default();
        let between = |from: usize, to: usize| up_to(to - 1) & !from.checked_sub(1).map_or(0, up_to);
        let mut kept = self.whole.iter().fold(0, |kept, (from, to)| kept | between(*from, *to)) & found;
        for band in &self.partly {
            for row in bits::ones(word, between(*band, band + 1) & found) {
                let offer = self.columns.offers.get(row).copied().unwrap_or(u32::MAX);
                if self.will_do.get(as_index(offer)) == Some(&true) {
                    kept |= 1 << (row % WORD);
                }
            }
        }
        kept
    }
}
