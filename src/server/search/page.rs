//! One page of an answer: the exact total, the first rows in their order, and, on a first page that is not full, numbers that come close.

use std::collections::BinaryHeap;

use crate::domain::pattern::Pattern;
use crate::domain::search::{Filter, FilterName, Sort};

use super::cursor::{self, Cursor};
use super::found::FoundRow;
use super::plan::{self, AREA, CITY, DISTANCES, FAR_FROM_AREA, FAR_FROM_CITY, Misses, NOWHERE, Plan, Q, RATE_CENTER, STATE};
use super::table::{Row, Table};
use super::{Claims, Mask, Stock};

/// A question.
#[derive(Debug, Clone)]
pub struct Ask {
    pub filter: Filter,
    pub sort: Sort,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    pub limit: usize,
    /// Rows that may be seen in all, for those who may not page through the whole stock (R40).
    pub deepest: Option<u64>,
    /// Fill a first page that is not full with numbers that come close.
    pub widen: bool,
}

/// Its answer.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Numbers that this caller could find.
    pub stock_total: u64,
    /// Strict matches.
    pub total: u64,
    pub rows: Vec<FoundRow>,
    pub widened: Vec<FoundRow>,
    pub next: Option<String>,
}

impl Stock {
    /// Answers a question about the stock as it is now.
    #[must_use]
    pub fn page(&self, claims: &Claims, ask: &Ask) -> Page {
        let table = self.table();
        let (hidden, hidden_total) = claims.mask(&table, false);
        let plan = Plan::new(&ask.filter, &table);
        let scan = Scan { table: &table, hidden: &hidden, plan: &plan, claims, ask };
        let mut page = scan.strict();
        page.stock_total = count(table.rows().len()).saturating_sub(hidden_total);
        let room = ask.limit.saturating_sub(usize::try_from(page.total).unwrap_or(usize::MAX));
        if ask.widen && ask.after.is_none() && room > 0 {
            page.widened = scan.close(room);
        }
        page
    }
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

struct Scan<'a> {
    table: &'a Table,
    hidden: &'a Mask,
    plan: &'a Plan<'a>,
    claims: &'a Claims,
    ask: &'a Ask,
}

impl Scan<'_> {
    /// Rows that may be shown, with where they stand in the table.
    fn visible(&self) -> impl Iterator<Item = (usize, &Row)> {
        self.table.rows().iter().enumerate().filter(|(at, _)| !self.hidden.has(*at))
    }

    /// Total and rows of this page.
    fn strict(&self) -> Page {
        let asked = self.ask.filter.pattern.as_ref();
        let after = self.ask.after.as_ref().map(|cursor| cursor.position(self.table));
        let (mut total, mut behind) = (0_u64, 0_u64);
        let mut best = Best::new(self.ask.limit);
        for (at, row) in self.visible() {
            if !self.plan.is_match(row) {
                continue;
            }
            total += 1;
            let position = cursor::position(self.table, row, self.ask.sort, asked);
            if after.is_none_or(|after| position > after) {
                behind += 1;
                best.offer(position, at);
            }
        }
        let seen = total - behind;
        let allowed = self.ask.deepest.map_or(u64::MAX, |deepest| deepest.saturating_sub(seen));
        let mut found = best.into_sorted();
        found.truncate(usize::try_from(allowed).unwrap_or(usize::MAX));
        let more = behind.min(allowed) > count(found.len());
        let last = found.last().and_then(|at| self.table.rows().get(*at));
        Page {
            total,
            next: last.filter(|_| more).map(|row| Cursor::after(self.table, row, self.ask.sort, asked).encode()),
            rows: found.into_iter().filter_map(|at| self.row(at, asked)).collect(),
            ..Page::default()
        }
    }

    fn row(&self, at: usize, asked: Option<&Pattern>) -> Option<FoundRow> {
        self.table.rows().get(at).map(|row| FoundRow::new(self.table, row, self.claims, &self.ask.filter, asked))
    }

    /// Numbers that miss little, those that miss least first. One filter at a time is given up: city, rate center, area code within its
    /// states, state, then the last letters of the word.
    fn close(&self, room: usize) -> Vec<FoundRow> {
        let words = Words::new(&self.ask.filter);
        if words.0.len() <= 1 && !self.ask.filter.active().iter().any(|name| RELAXABLE.contains(name)) {
            return Vec::new();
        }
        let mut best = Best::new(room);
        for (at, row) in self.visible() {
            let Some(step) = self.step(row, &words) else { continue };
            best.offer((step, cursor::position(self.table, row, self.ask.sort, words.0.get(step.0))), at);
        }
        best.into_sorted().into_iter().filter_map(|at| self.close_row(at, &words)).collect()
    }

    /// What has to be given up for a row to be found: letters of the word, then how far away it is. None when it matches strictly, and
    /// when no giving up helps.
    fn step(&self, row: &Row, words: &Words) -> Option<(usize, u8)> {
        let facts = self.plan.facts(row);
        let place = place_step(facts, self.ask.filter.state.is_some())?;
        if self.plan.texts(row) & !Q != 0 {
            return None;
        }
        let step = (words.shortest_cut(row)?, place);
        (step != (0, 0)).then_some(step)
    }

    fn close_row(&self, at: usize, words: &Words) -> Option<FoundRow> {
        let row = self.table.rows().get(at)?;
        let facts = self.plan.facts(row);
        let letters = words.shortest_cut(row)?;
        let missed = |name: &&FilterName| facts & plan::bits_of(**name) != 0 || (**name == FilterName::Q && letters > 0);
        let relaxed = RELAXABLE.iter().chain(&[FilterName::Q]).filter(missed).copied().collect();
        let asked = words.0.get(letters).or(self.ask.filter.pattern.as_ref());
        let found = self.row(at, asked)?;
        Some(found.relaxed(relaxed, &self.ask.filter, words.0.get(letters).filter(|_| letters > 0)))
    }
}

/// What may be given up, in this order; the word comes last and is shortened, not given up.
const RELAXABLE: [FilterName; 4] = [FilterName::City, FilterName::RateCenter, FilterName::Area, FilterName::State];

/// The steps of place: 1 another city of the same state, 2 a city elsewhere, 3 rate center, 4 area code, 5 state.
const STATE_STEP: u8 = 5;

/// How far a row's place is from the one that was asked for; 0 when it is that one, none when it is out of reach.
fn place_step(facts: Misses, state_asked: bool) -> Option<u8> {
    if facts & !(CITY | RATE_CENTER | AREA | STATE | DISTANCES) != 0 {
        return None;
    }
    let missed = facts & !DISTANCES;
    // A number without a place is near to none, and an area code is given up for those of its own states only.
    if (missed != 0 && facts & NOWHERE != 0) || (facts & FAR_FROM_AREA != 0 && !state_asked) {
        return None;
    }
    Some(match missed {
        missed if missed & STATE != 0 || facts & FAR_FROM_AREA != 0 => STATE_STEP,
        missed if missed & AREA != 0 => 4,
        missed if missed & RATE_CENTER != 0 => 3,
        missed if missed & CITY != 0 && facts & FAR_FROM_CITY != 0 => 2,
        missed if missed & CITY != 0 => 1,
        _ => 0,
    })
}

/// The word that was asked for, then the same without its last letters, down to three. Empty when the box is empty.
struct Words(Vec<Pattern>);

impl Words {
    fn new(filter: &Filter) -> Self {
        Self(std::iter::successors(filter.pattern.clone(), Pattern::shortened).collect())
    }

    /// How many letters have to be cut for a row to match; none when no cut helps.
    fn shortest_cut(&self, row: &Row) -> Option<usize> {
        if self.0.is_empty() { Some(0) } else { self.0.iter().position(|word| word.matches(row.national()).is_some()) }
    }
}

/// The first rows of an order, without sorting all of them.
struct Best<K> {
    room: usize,
    heap: BinaryHeap<(K, usize)>,
}

impl<K: Ord + Copy> Best<K> {
    fn new(room: usize) -> Self {
        Self { room, heap: BinaryHeap::with_capacity(room + 1) }
    }

    #[inline]
    fn offer(&mut self, key: K, at: usize) {
        if self.heap.len() < self.room {
            self.heap.push((key, at));
        } else if let Some(mut worst) = self.heap.peek_mut()
            && key < worst.0
        {
            *worst = (key, at);
        }
    }

    fn into_sorted(self) -> Vec<usize> {
        self.heap.into_sorted_vec().into_iter().map(|(_, at)| at).collect()
    }
}
