//! The first of many hits in an order, without putting all of them in order.

use super::bits::{has, ones_in};
use super::hits::Hits;
use super::ranking::Ranking;
use super::segment::{Columns, Segment};
use crate::domain::number::{Features, NumberType};
use crate::domain::search::Sort;
use crate::server::search::catalog::{Catalog, as_index};
use crate::server::search::row::Row;

/// A place in the order of all rows: the sort key, then the number.
pub type Position = (u128, u64);

/// So many rows of an order are tried before something else is.
const STEPS: usize = 16_384;
/// Of so many hits each can be looked at for what it is ranked by.
const RANKED: u64 = 200_000;

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
    pub fn first(&self, hits: &Hits<'_>, wanted: &Wanted<'_>) -> Vec<(Position, Row)> {
        let columns = &*self.columns;
        if hits.count == 0 || wanted.room == 0 {
            return Vec::new();
        }
        if hits.is_few() {
            return wanted.first_of(columns.rows_in_order(hits.rows()));
        }
        match wanted.sort {
            Sort::Number => {
                let from = wanted.after.map_or(0, |(_, number)| columns.first_from(number + 1));
                wanted.first_of(hits.rows_in(from, columns.rows).take(wanted.room).map(|row| columns.row(row)))
            }
            Sort::Locality => by_locality(columns, hits, wanted),
            Sort::Price => by_ranking(columns, &columns.price, hits, wanted),
            Sort::Memorability => by_ranking(columns, &columns.memorability, hits, wanted),
        }
    }
}

fn by_locality(columns: &Columns, hits: &Hits<'_>, wanted: &Wanted<'_>) -> Vec<(Position, Row)> {
    let runs = &columns.places;
    let rank = |run: u32| runs.places.get(as_index(run)).map_or(0, |place| u128::from(wanted.catalog.locality_rank(*place)));
    let first = wanted.after.map_or(0, |(asked, _)| runs.by_locality.partition_point(|run| rank(*run) < asked));
    let mut found = Vec::new();
    for run in runs.by_locality.iter().skip(first) {
        let (from, to) = runs.rows(as_index(*run));
        let rows = hits.rows_in(from, to).map(|row| columns.row(row)).map(|row| ((wanted.position)(&row), row));
        found.extend(rows.filter(|(position, _)| wanted.is_behind(*position)).take(wanted.room - found.len()));
        if found.len() == wanted.room {
            break;
        }
    }
    found
}

/// Along the order as far as it is worth while, then band by band.
fn by_ranking(columns: &Columns, ranking: &Ranking, hits: &Hits<'_>, wanted: &Wanted<'_>) -> Vec<(Position, Row)> {
    let order = ranking.order();
    let position = |row: u32| (wanted.position)(&columns.row(as_index(row)));
    let first = wanted.after.map_or(0, |after| order.partition_point(|row| position(*row) <= after));
    let tried = (first + STEPS).min(order.len());
    let is_hit = |row: &u32| has(hits.words(), as_index(*row));
    let mut found: Vec<u32> =
        order.get(first..tried).unwrap_or_default().iter().copied().filter(|row| is_hit(row)).take(wanted.room).collect();
    if found.len() < wanted.room && hits.count <= RANKED {
        return by_keys(columns, hits, wanted);
    }
    for (index, band) in ranking.bands().iter().enumerate().filter(|(_, band)| band.to > tried) {
        let room = wanted.room - found.len();
        if room == 0 {
            break;
        }
        let (words, count) = ranking.hits_in_band(index, hits.words());
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

/// Of not so many hits the first ones by what they are ranked by, which is read for each of them. Rows stand in the order of their
/// numbers, so that a rank and a row say all about the place in the order.
fn by_keys(columns: &Columns, hits: &Hits<'_>, wanted: &Wanted<'_>) -> Vec<(Position, Row)> {
    let ranks = PriceRanks::new(wanted);
    let is_price = wanted.sort == Sort::Price;
    let key = |row: usize| {
        let unmemorable = if is_price { 0 } else { columns.unmemorable.get(row).copied().unwrap_or_default() };
        ranks.key(unmemorable, columns.offers.get(row).copied().unwrap_or_default())
    };
    let first = wanted.after.map_or((0, 0), |after| ranks.first_behind(after, is_price, columns));
    let most = (4 * wanted.room).max(1_024);
    let (mut kept, mut last): (Vec<(usize, usize)>, _) = (Vec::with_capacity(most), (usize::MAX, usize::MAX));
    for row in hits.rows() {
        let place = (key(row), row);
        if place >= last || place < first {
            continue;
        }
        kept.push(place);
        if kept.len() == most {
            last = *kept.select_nth_unstable(wanted.room).1;
            kept.truncate(wanted.room);
        }
    }
    kept.sort_unstable();
    wanted.first_of(kept.into_iter().take(wanted.room).map(|(_, row)| columns.row(row)))
}

/// The offers of the catalog by what they cost.
struct PriceRanks<'a> {
    wanted: &'a Wanted<'a>,
    /// For each offer its rank; offers that cost the same share one.
    of_offer: Vec<usize>,
    /// For each rank one of its offers.
    offers: Vec<u32>,
}

impl<'a> PriceRanks<'a> {
    fn new(wanted: &'a Wanted<'a>) -> Self {
        let price = |offer: &u32| wanted.catalog.offers.get(*offer).map(|offer| (offer.monthly, offer.setup));
        let mut all: Vec<u32> = (0..wanted.catalog.offers.values().len() as u32).collect();
        let mut of_offer = vec![0; all.len()];
        all.sort_unstable_by_key(price);
        let mut offers: Vec<u32> = Vec::new();
        for offer in all {
            if offers.last().is_none_or(|last| price(last) != price(&offer)) {
                offers.push(offer);
            }
            of_offer[as_index(offer)] = offers.len() - 1;
        }
        Self { wanted, of_offer, offers }
    }

    fn key(&self, unmemorable: u8, offer: u32) -> usize {
        usize::from(unmemorable) * self.offers.len() + self.of_offer.get(as_index(offer)).copied().unwrap_or_default()
    }

    /// The first key and row behind a place in the order.
    fn first_behind(&self, after: Position, is_price: bool, columns: &Columns) -> (usize, usize) {
        let ranks = self.offers.len().max(1);
        let place = |key: usize| {
            let offer = self.offers.get(key % ranks).copied().unwrap_or_default();
            let unmemorable = u8::try_from(key / ranks).unwrap_or(u8::MAX);
            let (number_type, features) = (NumberType::Local, Features::NONE);
            (self.wanted.position)(&Row { number: 0, place: 0, offer, number_type, features, unmemorable }).0
        };
        let keys: Vec<usize> = (0..ranks * if is_price { 1 } else { usize::from(u8::MAX) + 1 }).collect();
        let key = keys.partition_point(|key| place(*key) < after.0);
        let same = key < keys.len() && place(key) == after.0;
        (key, if same { columns.first_from(after.1 + 1) } else { 0 })
    }
}
