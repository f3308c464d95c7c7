//! Answering a question: which rows of a segment are hits.
//!
//! The patterns are read along the heads (see [`super::reading`]), which gives runs of rows with what is asked of their tails. A run is
//! taken whole, or the planes of its tails are combined in chunks of words, or, where few tails will do, their rows are read from a list.
//! What else is asked then keeps some of these rows.

use super::bits::{self, WORD, within};
use super::buffer::Buffer;
use super::hits::Hits;
use super::kernel::{self, Work};
use super::prices::Prices;
use super::question::{PATTERNS, Question};
use super::reading::{Reading, Run};
use super::residue::{Literal, NOTHING, Residues};
use super::segment::{Columns, Segment, kind_index};
use crate::domain::number::Features;
use crate::server::search::catalog::as_index;

/// Words that are combined at a time in long runs of rows, and in short ones.
const LONG: usize = 16;
const SHORT: usize = 4;
/// To read a row from a list takes as long as to read one literal of so many rows, measured.
const ROWS_OF_A_LITERAL: f64 = 150.0;

impl Segment {
    /// The rows that answer a question and are still there.
    pub fn hits(&self, question: &Question) -> Hits<'_> {
        if question.is_open() {
            return Hits::all(&self.live, self.len() as u64);
        }
        let (words, count) = kernel::run(Finding { segment: self, question });
        Hits::new(words, count)
    }
}

/// The work of [`Segment::hits`].
struct Finding<'a> {
    segment: &'a Segment,
    question: &'a Question,
}

impl Work for Finding<'_> {
    type Answer = (Buffer, u64);

    #[inline(always)]
    fn run(self) -> (Buffer, u64) {
        let columns = &*self.segment.columns;
        let mut words = Buffer::zeroed(self.segment.live.len());
        let rows = rows_in_places(columns, self.question.places.as_deref());
        match self.question.patterns.len() {
            0 => rows.iter().for_each(|(from, to)| fill(&mut words, *from, *to)),
            // Most questions have one pattern, and are read faster for it.
            1 => Scan::new(columns, Reading::<1>::along(columns, self.question, &rows)).scan(&mut words),
            _ => Scan::new(columns, Reading::<PATTERNS>::along(columns, self.question, &rows)).scan(&mut words),
        }
        let count = Filters::new(self.segment, self.question).keep(&mut words);
        (words, count)
    }
}

fn fill(words: &mut Buffer, from: usize, to: usize) {
    let first = from / WORD;
    bits::fill(words.touch(first..to.div_ceil(WORD)), first, from, to);
}

/// Runs of rows whose places will do.
fn rows_in_places(columns: &Columns, will_do: Option<&[bool]>) -> Vec<(usize, usize)> {
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

/// How the rows of a residue are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Nothing is asked of their tails.
    Whole,
    /// By planes.
    Planes,
    /// By the lists of rows with the same tail.
    Lists,
    /// By looking for this tail, the only one, among those of each head.
    Only(u32),
}

/// What was read along the heads.
struct Scan<'a> {
    columns: &'a Columns,
    runs: Vec<Run>,
    residues: Residues<'a>,
    /// For each residue how its rows are found, and how many rows it has.
    ways: Vec<(Way, usize)>,
}

impl<'a> Scan<'a> {
    fn new(columns: &'a Columns, (runs, residues): (Vec<Run>, Residues<'a>)) -> Self {
        let mut rows = vec![0; residues.len()];
        for run in &runs {
            rows[as_index(run.residue)] += run.to - run.from;
        }
        let way = |(residue, rows): (usize, usize)| {
            let (part, literals) = residues.estimate(residue as u32);
            let by_lists = part * columns.rows as f64 * ROWS_OF_A_LITERAL;
            let way = match residue as u32 {
                NOTHING => Way::Whole,
                _ if columns.by_tail.is_there() && by_lists < (rows * literals) as f64 => Way::Lists,
                residue => residues.only_tail(residue).map_or(Way::Planes, Way::Only),
            };
            (way, rows)
        };
        let ways = rows.into_iter().enumerate().map(way).collect();
        Self { columns, runs, residues, ways }
    }

    #[inline(always)]
    fn scan(&self, words: &mut Buffer) {
        for run in &self.runs {
            match self.ways[as_index(run.residue)].0 {
                Way::Whole => fill(words, run.from, run.to),
                Way::Planes => self.planes(run, words),
                Way::Only(tail) => self.only(run, tail, words),
                Way::Lists => {}
            }
        }
        for (residue, (way, rows)) in self.ways.iter().enumerate() {
            if *way == Way::Lists {
                self.lists(residue as u32, *rows, words);
            }
        }
    }

    /// Reads the rows of each tail that will do, and takes those that are in runs of the residue.
    #[inline(always)]
    fn lists(&self, residue: u32, rows: usize, words: &mut Buffer) {
        let tails = self.residues.tails(residue);
        let listed = || tails.iter().flat_map(|tail| self.columns.by_tail.rows(*tail)).map(|row| as_index(*row));
        if rows == self.columns.rows {
            listed().for_each(|row| words.turn_on(row));
            return;
        }
        let mut asked = Buffer::zeroed(words.len());
        for run in self.runs.iter().filter(|run| run.residue == residue) {
            fill(&mut asked, run.from, run.to);
        }
        listed().filter(|row| bits::has(&asked, *row)).for_each(|row| words.turn_on(row));
    }

    /// Looks for a tail among those of each head of a run.
    #[inline(always)]
    fn only(&self, run: &Run, tail: u32, words: &mut Buffer) {
        let heads = &self.columns.heads;
        let (mut head, mut from) = (run.head, run.from);
        while from < run.to {
            let to = heads.rows(head).1.min(run.to);
            let found = self.columns.row_of_tail(from, to, tail);
            found.into_iter().for_each(|row| words.turn_on(row));
            (head, from) = (head + 1, to.max(from + 1));
        }
    }

    /// Combines the planes of a run.
    #[inline(always)]
    fn planes(&self, run: &Run, words: &mut Buffer) {
        let (first, behind) = (run.from / WORD, run.to.div_ceil(WORD));
        let words = words.touch(first..behind);
        let mut at = first;
        while behind - at >= LONG {
            self.chunk::<LONG>(run, at, LONG, &mut words[at - first..]);
            at += LONG;
        }
        while at < behind {
            let len = SHORT.min(behind - at);
            self.chunk::<SHORT>(run, at, len, &mut words[at - first..]);
            at += len;
        }
    }

    #[inline(always)]
    fn chunk<const N: usize>(&self, run: &Run, first: usize, len: usize, words: &mut [u64]) {
        let mut found = [u64::MAX; N];
        for choices in self.residues.each(run.residue) {
            let mut any = [0; N];
            for choice in choices {
                let mut all = found;
                for literal in choice {
                    keep(&mut all, literal, first, len);
                    if is_empty(&all, len) {
                        break;
                    }
                }
                any.iter_mut().zip(all).for_each(|(any, all)| *any |= all);
            }
            found = any;
            if is_empty(&found, len) {
                return;
            }
        }
        let (start, end) = (first, first + len);
        if start * WORD < run.from || end * WORD > run.to {
            for (word, found) in found.iter_mut().enumerate() {
                *found &= within(first + word, run.from, run.to);
            }
        }
        words.iter_mut().zip(found).take(len).for_each(|(word, found)| *word |= found);
    }
}

#[inline(always)]
fn is_empty<const N: usize>(words: &[u64; N], len: usize) -> bool {
    words.iter().take(len).fold(0, |some, word| some | word) == 0
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
    planes: Vec<&'a [u64]>,
    prices: Option<Prices<'a>>,
}

impl<'a> Filters<'a> {
    fn new(segment: &'a Segment, question: &'a Question) -> Self {
        let columns = &*segment.columns;
        let mut planes: Vec<&[u64]> = Vec::new();
        if segment.removed > 0 {
            planes.push(&segment.live);
        }
        planes.extend(question.number_type.map(|number_type| columns.kinds.plane(kind_index(number_type))));
        let asked = Features::TABLE.iter().enumerate().filter(|(_, (feature, ..))| question.features.contains(*feature));
        planes.extend(asked.map(|(plane, _)| columns.features.plane(plane)));
        let prices = question.offers.as_deref().map(|will_do| Prices::new(columns, will_do));
        match prices.as_ref().and_then(Prices::plane) {
            Some(plane) => planes.push(plane),
            None => return Self { planes, prices },
        }
        Self { planes, prices: None }
    }

    /// Keeps the rows that have everything, and counts them.
    #[inline(always)]
    fn keep(&self, words: &mut Buffer) -> u64 {
        let mut count = 0;
        for block in words.all_blocks() {
            let at = block.start;
            let words = words.touch(block);
            if words.iter().fold(0, |some, word| some | *word) == 0 {
                continue;
            }
            for plane in &self.planes {
                let Some(plane) = plane.get(at..at + words.len()) else { continue };
                words.iter_mut().zip(plane).for_each(|(word, plane)| *word &= plane);
            }
            if let Some(prices) = &self.prices {
                for (word, found) in words.iter_mut().enumerate().filter(|(_, found)| **found != 0) {
                    *found = prices.keep(at + word, *found);
                }
            }
            count += bits::count(words);
        }
        count
    }
}
