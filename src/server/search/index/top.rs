//! The first of many hits in an order, without putting all of them in order.

use super::bits::{has, ones_in};
use super::ranking::Ranking;
use super::scan::Hits;
use super::segment::{Columns, Segment};
use crate::domain::search::Sort;
use crate::server::search::catalog::{Catalog, as_index};
use crate::server::search::row::Row;

/// A place in the order of all rows: the sort key, then the number.
pub type Position = (u128, u64);

/// So many rows of an order are tried before its bands are asked.
const STEPS: usize = 65_536;

/// The first rows that are wanted of an order.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub catalog: &'a Catalog,
    pub sort: Sort,
    /// Only rows behind this one.
    pub after: Option<Position>,
    pub room: usize,
    /// Where a row stands in the order.
    pub position: &'a dyn Fn(&Row) -> Position,
}

impl Wanted<'_> {
    fn is_behind(&self, position: Position) -> bool {
        self.after.is_none_or(|after| position > after)
    }

    /// Puts rows in order and keeps those that are wanted.
    pub fn first_of(&self, rows: impl Iterator<Item = Row>) -> Vec<(Position, Row)> {
        let placed = rows.map(|row| ((self.position)(&row), row));
        let mut rows: Vec<(Position, Row)> = placed.filter(|(position, _)| self.is_behind(*position)).collect();
        if rows.len() > self.room && self.room > 0 {
            rows.select_nth_unstable_by_key(self.room - 1, |(position, _)| *position);
        }
        rows.truncate(self.room);
        rows.sort_unstable_by_key(|(position, _)| *position);
        rows
    }
}

impl Segment {
    /// The first of the hits.
    pub fn first(&self, hits: &Hits, wanted: &Wanted<'_>) -> Vec<(Position, Row)> {
        let columns = &*self.columns;
        if hits.count == 0 || wanted.room == 0 {
            return Vec::new();
        }
        if hits.is_few() {
            return wanted.first_of(columns.rows_in_order(ones_in(&hits.words, 0, columns.rows)));
        }
        match wanted.sort {
            Sort::Number => {
                let from = wanted.after.map_or(0, |(_, number)| columns.first_from(number + 1));
                wanted.first_of(ones_in(&hits.words, from, columns.rows).take(wanted.room).map(|row| columns.row(row)))
            }
            Sort::Locality => by_locality(columns, hits, wanted),
            Sort::Price => by_ranking(columns, &columns.price, hits, wanted),
            Sort::Memorability => by_ranking(columns, &columns.memorability, hits, wanted),
        }
    }
}

fn by_locality(columns: &Columns, hits: &Hits, wanted: &Wanted<'_>) -> Vec<(Position, Row)> {
    let runs = &columns.places;
    let rank = |run: u32| runs.places.get(as_index(run)).map_or(0, |place| u128::from(wanted.catalog.locality_rank(*place)));
    let first = wanted.after.map_or(0, |(asked, _)| runs.by_locality.partition_point(|run| rank(*run) < asked));
    let mut found = Vec::new();
    for run in runs.by_locality.iter().skip(first) {
        let (from, to) = runs.rows(as_index(*run));
        let rows = ones_in(&hits.words, from, to).map(|row| columns.row(row)).map(|row| ((wanted.position)(&row), row));
        found.extend(rows.filter(|(position, _)| wanted.is_behind(*position)).take(wanted.room - found.len()));
        if found.len() == wanted.room {
            break;
        }
    }
    found
}

/// Along the order as far as it is worth while, then band by band.
fn by_ranking(columns: &Columns, ranking: &Ranking, hits: &Hits, wanted: &Wanted<'_>) -> Vec<(Position, Row)> {
    let order = ranking.order();
    let position = |row: u32| (wanted.position)(&columns.row(as_index(row)));
    let first = wanted.after.map_or(0, |after| order.partition_point(|row| position(*row) <= after));
    let tried = (first + STEPS).min(order.len());
    let is_hit = |row: &u32| has(&hits.words, as_index(*row));
    let mut found: Vec<u32> =
        order.get(first..tried).unwrap_or_default().iter().copied().filter(|row| is_hit(row)).take(wanted.room).collect();
    for (index, band) in ranking.bands().iter().enumerate().filter(|(_, band)| band.to > tried) {
        let room = wanted.room - found.len();
        if room == 0 {
            break;
        }
        let (words, count) = ranking.hits_in_band(index, &hits.words);
        let rest = order.get(band.from.max(tried)..band.to).unwrap_or_default();
        if band.uniform {
            let from = rest.first().map_or(0, |row| as_index(*row));
            found.extend(ones_in(&words, from, columns.rows).take(room).map(|row| row as u32));
        } else if Hits::are_few(count) {
            let last = tried.checked_sub(1).and_then(|last| order.get(last)).map(|row| position(*row));
            let wanted = Wanted { after: last.max(wanted.after), room, ..*wanted };
            let rows = wanted.first_of(columns.rows_in_order(ones_in(&words, 0, columns.rows)));
            found.extend(rows.iter().filter_map(|(_, row)| columns.find(row.number)).map(|row| row as u32));
        } else {
            found.extend(rest.iter().copied().filter(|row| is_hit(row)).take(room));
        }
    }
    wanted.first_of(found.into_iter().map(|row| columns.row(as_index(row))))
}
