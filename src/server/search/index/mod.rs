//! The index: every available number, by country and length, with what numbers have in common in a catalog beside.
//!
//! [`segment`] tells how the numbers of one country and length lie in memory, [`scan`] how a question finds its hits, [`top`] how the
//! first of them are found in an order, [`shard`] how changes come in. Who may see which number is not known here, nor are holds.

pub mod bits;
mod buffer;
mod build;
pub mod heads;
pub mod hits;
pub mod kernel;
pub mod prices;
pub mod question;
mod ranking;
mod reading;
mod residue;
mod scan;
pub mod segment;
pub mod shard;
mod tails;
pub mod top;

use crate::domain::e164::E164;
use crate::server::store::inventory::Change;

use super::catalog::{Catalog, Offer, Place};
use super::row::{Row, is_nanp, number_of, searched_length, unmemorable};
use segment::Segment;
use shard::{Rebuild, Shard};

/// Every available number.
#[derive(Debug, Default)]
pub struct Index {
    pub catalog: Catalog,
    pub shards: Vec<Shard>,
}

impl Index {
    /// Numbers in it.
    pub fn len(&self) -> usize {
        self.shards.iter().map(Shard::len).sum()
    }

    /// Is this number in it?
    pub fn contains(&self, number: u64) -> bool {
        self.with_length_of(number).any(|shard| shard.contains(number))
    }

    /// Takes over how a row of the database is now. `is_new` when it cannot have been seen before, which saves looking for it.
    pub fn apply(&mut self, change: Change, is_new: bool) {
        let Some(number) = number_of(&change.e164) else { return };
        if !is_new {
            for shard in self.with_length_of_mut(number) {
                shard.remove(number);
            }
        }
        if change.available
            && let Ok(e164) = E164::parse(&change.e164)
        {
            self.put(number, &e164, change, is_new);
        }
    }

    fn put(&mut self, number: u64, e164: &E164, change: Change, is_new: bool) {
        let shard = self.shard_of(&change.country, number);
        let row = Row {
            number,
            offer: self.catalog.offers.id(Offer { monthly: change.monthly, setup: change.setup, provider: change.provider }),
            place: self.catalog.place_id(Place {
                country: change.country,
                area_code: e164.area_code().unwrap_or_default().to_owned(),
                administrative_area: change.administrative_area,
                locality: change.locality,
                rate_center: change.rate_center,
            }),
            number_type: change.number_type,
            features: change.features,
            unmemorable: unmemorable(e164.national().as_bytes()),
        };
        match self.shards.get_mut(shard) {
            Some(shard) if is_new => shard.waiting.push(row),
            Some(shard) => drop(shard.fresh.insert(number, row)),
            None => {}
        }
    }

    fn shard_of(&mut self, country: &str, number: u64) -> usize {
        let (is_nanp, length) = (is_nanp(number), searched_length(number));
        let same = |shard: &Shard| shard.length == length && shard.is_nanp == is_nanp && shard.country == country;
        self.shards.iter().position(same).unwrap_or_else(|| {
            self.shards.push(Shard { country: country.to_owned(), is_nanp, length, ..Shard::default() });
            self.shards.len() - 1
        })
    }

    /// A number is in one country only, but the row that brought it may have named another one before.
    fn with_length_of(&self, number: u64) -> impl Iterator<Item = &Shard> {
        let (is_nanp, length) = (is_nanp(number), searched_length(number));
        self.shards.iter().filter(move |shard| shard.length == length && shard.is_nanp == is_nanp)
    }

    fn with_length_of_mut(&mut self, number: u64) -> impl Iterator<Item = &mut Shard> {
        let (is_nanp, length) = (is_nanp(number), searched_length(number));
        self.shards.iter_mut().filter(move |shard| shard.length == length && shard.is_nanp == is_nanp)
    }

    /// To be called after a run of [`Self::apply`]. `more` where another run follows at once, as while the stock is read for the first time
    /// or after a large import: then larger segments are made, of which there are fewer.
    pub fn settle(&mut self, more: bool) {
        self.catalog.settle();
        for shard in &mut self.shards {
            shard.settle(|| self.catalog.ranks(), more);
        }
    }

    /// What should be built anew beside the readers.
    pub fn rebuild(&self) -> Option<Rebuild> {
        self.shards.iter().find_map(Shard::rebuild)
    }

    /// Puts what was built in its place.
    pub fn finish(&mut self, rebuild: Rebuild, built: Segment) {
        if let Some(shard) = self.shards.iter_mut().find(|shard| rebuild.is_of(shard)) {
            rebuild.finish(built, shard);
        }
    }

    /// Bytes on the heap, the catalog left aside.
    pub fn bytes(&self) -> usize {
        let of_shard = |shard: &Shard| {
            shard.segments.iter().map(Segment::bytes).sum::<usize>() + shard.fresh.len() * (size_of::<u64>() + size_of::<Row>())
        };
        self.shards.iter().map(of_shard).sum()
    }
}
