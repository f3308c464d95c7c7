//! Reading the patterns of a question along the heads, which gives runs of rows with what is asked of their tails.
//!
//! The upper digits of a head are read once for each group of heads. What its low digits then make of it is looked up in a table that
//! is made once for each way in which the upper digits can leave the patterns, of which there are few.

use std::collections::{BTreeMap, HashMap};

use super::question::Question;
use super::residue::{NEVER, Residues};
use super::segment::{Columns, VALUES};
use crate::domain::pattern::walk::{DEAD, Progress, Walk};
use crate::server::search::catalog::as_index;

/// Rows one behind the other of which the same is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    pub from: usize,
    pub to: usize,
    pub residue: u32,
    /// The head of its first row.
    pub head: usize,
}

/// How far each pattern has come.
type Key<const P: usize> = [Progress; P];

/// Not looked up yet.
const UNKNOWN: u32 = u32::MAX - 1;

/// What each value of the low digits leads to.
#[derive(Debug)]
struct Table<const P: usize> {
    keys: Vec<Key<P>>,
    residues: Vec<u32>,
    /// All lead to the same.
    is_uniform: bool,
}

/// Reads up to `P` patterns.
pub struct Reading<'a, const P: usize> {
    columns: &'a Columns,
    walks: Vec<Walk>,
    tables: Vec<Table<P>>,
    /// For each way in which the upper digits leave the patterns its table.
    table_of: BTreeMap<Key<P>, usize>,
    residue_of: HashMap<Key<P>, u32>,
    residues: Residues<'a>,
    runs: Vec<Run>,
}

impl<'a, const P: usize> Reading<'a, P> {
    /// Reads the patterns in these runs of rows, which are in their order.
    pub fn along(columns: &'a Columns, question: &Question, rows: &[(usize, usize)]) -> (Vec<Run>, Residues<'a>) {
        let mut reading = Self {
            columns,
            walks: question.patterns.iter().take(P).map(|pattern| pattern.walk(columns.length)).collect(),
            tables: Vec::new(),
            table_of: BTreeMap::new(),
            residue_of: HashMap::new(),
            residues: Residues::new(columns),
            runs: Vec::new(),
        };
        reading.read(rows);
        (reading.runs, reading.residues)
    }

    fn read(&mut self, rows: &[(usize, usize)]) {
        let heads = &self.columns.heads;
        // The group that was read last, with its table.
        let mut known: Option<(usize, Option<usize>)> = None;
        let mut head = 0;
        for (from, to) in rows.iter().copied().filter(|(from, to)| from < to) {
            if !(heads.rows(head).0..heads.rows(head).1).contains(&from) {
                head = heads.of_row(from);
            }
            let mut group = heads.group_of(head);
            while head < heads.values.len() && heads.rows(head).0 < to {
                let table = match known.filter(|(known, _)| *known == group) {
                    Some((_, table)) => table,
                    None => self.table_of_group(group),
                };
                known = Some((group, table));
                let behind = heads.group(group).1;
                head = self.read_group(table, head, behind, (from, to));
                if head < behind {
                    break;
                }
                group += 1;
            }
        }
    }

    /// Reads the heads of a group as far as the rows `from..to` go. Answers the first head that was not read.
    fn read_group(&mut self, table: Option<usize>, first: usize, behind: usize, (from, to): (usize, usize)) -> usize {
        let heads = &self.columns.heads;
        let Some(table) = table else { return behind };
        if self.tables.get(table).is_some_and(|table| table.is_uniform) {
            let residue = self.residue(table, 0);
            self.note(first, from.max(heads.rows(first).0), to.min(heads.rows(behind - 1).1), residue);
            return behind;
        }
        let mut head = first;
        while head < behind {
            let (start, end) = heads.rows(head);
            if start >= to {
                break;
            }
            let residue = self.residue(table, as_index(u32::from(heads.low[head])));
            self.note(head, from.max(start), to.min(end), residue);
            head += 1;
        }
        head
    }

    #[inline(always)]
    fn note(&mut self, head: usize, from: usize, to: usize, residue: u32) {
        match self.runs.last_mut() {
            _ if residue == NEVER => {}
            Some(last) if last.to == from && last.residue == residue => last.to = to,
            _ => self.runs.push(Run { from, to, residue, head }),
        }
    }

    /// The table for what the upper digits of a group make of the patterns; none when nothing can match any more.
    fn table_of_group(&mut self, group: usize) -> Option<usize> {
        let mut key = [DEAD; P];
        for (progress, walk) in key.iter_mut().zip(&self.walks) {
            *progress = walk.start();
        }
        for (at, digit) in self.columns.heads.upper_digits(group).enumerate() {
            key = self.step(&key, at, digit)?;
        }
        if let Some(known) = self.table_of.get(&key) {
            return Some(*known);
        }
        let table = self.table(key);
        self.tables.push(table);
        self.table_of.insert(key, self.tables.len() - 1);
        Some(self.tables.len() - 1)
    }

    fn table(&self, key: Key<P>) -> Table<P> {
        let heads = &self.columns.heads;
        let first = heads.length - heads.low_length;
        let mut keys = vec![key];
        for at in first..heads.length {
            let step = |key: &Key<P>, digit| if *key == [DEAD; P] { *key } else { self.step(key, at, digit).unwrap_or([DEAD; P]) };
            keys = keys.iter().flat_map(|key| (0..VALUES as u8).map(move |digit| step(key, digit))).collect();
        }
        let mut last = None;
        for key in &mut keys {
            let settled = match last {
                Some((raw, settled)) if raw == *key => settled,
                _ => self.settled(*key),
            };
            last = Some((*key, settled));
            *key = settled;
        }
        Table { is_uniform: keys.iter().all(|key| keys.first() == Some(key)), residues: vec![UNKNOWN; keys.len()], keys }
    }

    /// All patterns behind one more digit; none when nothing can match any more.
    #[inline]
    fn step(&self, key: &Key<P>, at: usize, digit: u8) -> Option<Key<P>> {
        let mut next = [DEAD; P];
        for ((next, progress), walk) in next.iter_mut().zip(key).zip(&self.walks) {
            *next = walk.step(*progress, at, digit);
            if *next == DEAD {
                return None;
            }
        }
        Some(next)
    }

    fn settled(&self, mut key: Key<P>) -> Key<P> {
        for (progress, walk) in key.iter_mut().zip(&self.walks) {
            *progress = walk.settle(*progress, self.columns.heads.length);
        }
        key
    }

    #[inline(always)]
    fn residue(&mut self, table: usize, low: usize) -> u32 {
        match self.tables.get(table).and_then(|table| table.residues.get(low)) {
            Some(known) if *known != UNKNOWN => *known,
            _ => self.look_up(table, low),
        }
    }

    #[cold]
    fn look_up(&mut self, table: usize, low: usize) -> u32 {
        let Some(table) = self.tables.get_mut(table) else { return NEVER };
        let key = table.keys.get(low).copied().unwrap_or([DEAD; P]);
        let (residues, walks, at) = (&mut self.residues, &self.walks, self.columns.heads.length);
        let residue = *self
            .residue_of
            .entry(key)
            .or_insert_with(|| residues.add(key.iter().zip(walks).map(|(progress, walk)| walk.choices(*progress, at))));
        if let Some(known) = table.residues.get_mut(low) {
            *known = residue;
        }
        residue
    }
}
