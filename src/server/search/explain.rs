//! What dropping one filter alone would give, which tells why an answer is empty.

use crate::domain::number::Features;
use crate::domain::search::{Filter, FilterName};

use super::index::Index;
use super::page::count;
use super::plan::Plan;
use super::{Claims, Stock};

/// What one filter alone keeps away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    pub filter: FilterName,
    /// The one feature, where the filter is one of several.
    pub feature: Option<Features>,
    /// Numbers that there would be without it.
    pub count: u64,
}

impl Stock {
    /// For each part of the filter how many numbers there would be without it. Most first.
    #[must_use]
    pub fn explain(&self, claims: &Claims, filter: &Filter) -> Vec<Dropped> {
        let index = self.index();
        let dropped = droppable(filter).into_iter().map(|(filter, feature, rest)| {
            let count = total(&index, claims, &rest);
            Dropped { filter, feature, count }
        });
        let mut dropped: Vec<Dropped> = dropped.collect();
        dropped.sort_by_key(|dropped| std::cmp::Reverse(dropped.count));
        dropped
    }

    /// How many numbers match a filter, and nothing else.
    #[must_use]
    pub fn total(&self, claims: &Claims, filter: &Filter) -> u64 {
        total(&self.index(), claims, filter)
    }
}

/// How many numbers match a filter.
fn total(index: &Index, claims: &Claims, filter: &Filter) -> u64 {
    let plan = Plan::new(filter, &index.catalog);
    let question = plan.question();
    let of_shards = index.shards.iter().filter(|shard| plan.is_about(shard)).map(|shard| {
        let of_segments = shard.segments.iter().map(|segment| claims.visible(segment, segment.hits(&question)).count);
        let fresh = shard.fresh.values().filter(|row| !claims.hides(row.number) && plan.is_match(row));
        of_segments.sum::<u64>() + count(fresh.count())
    });
    of_shards.sum()
}

/// The parts that somebody chose, each with the filter that is left without it; several features are one part each.
fn droppable(filter: &Filter) -> Vec<(FilterName, Option<Features>, Filter)> {
    let mut drops = Vec::new();
    for name in filter.active() {
        if name == FilterName::Features {
            let asked = Features::TABLE.iter().map(|(feature, ..)| *feature).filter(|feature| filter.features.contains(*feature));
            drops.extend(asked.map(|feature| {
                let features = Features::from_bits(filter.features.bits() & !feature.bits());
                (name, Some(feature), Filter { features, ..filter.clone() })
            }));
        } else {
            drops.push((name, None, filter.without(name)));
        }
    }
    drops
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_feature_is_dropped_alone() {
        let filter = Filter { features: Features::VOICE.with(Features::FAX), locality: Some(String::from("Reno")), ..Filter::default() };
        let drops = droppable(&filter);
        let said: Vec<_> = drops.iter().map(|(_, feature, rest)| (*feature, rest.features, rest.locality.is_some())).collect();
        assert_eq!(
            said,
            [(None, filter.features, false), (Some(Features::VOICE), Features::FAX, true), (Some(Features::FAX), Features::VOICE, true)]
        );
    }
}
