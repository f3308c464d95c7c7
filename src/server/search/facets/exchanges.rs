//! The counts behind the exchange filter. An exchange says something only within its area code, so there are none unless one is asked for.

use std::collections::BTreeMap;

use crate::domain::search::{Filter, FilterName};
use crate::server::search::Claims;
use crate::server::search::index::Index;
use crate::server::search::plan::Plan;

/// Numbers of an exchange are alike but for their last four digits.
const ALIKE: u64 = 10_000;
/// An exchange has three digits.
const EXCHANGES: u64 = 1_000;

/// Each exchange with its numbers, in the order of the exchanges.
pub(super) fn exchanges(index: &Index, claims: &Claims, filter: &Filter) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
    let rest = filter.without(FilterName::Exchange);
    let plan = Plan::new(&rest, &index.catalog);
    let question = plan.question();
    let shards = index.shards.iter().filter(|shard| shard.is_nanp && plan.is_about(shard));
    for shard in shards.filter(|_| rest.area_code.is_some()) {
        for segment in &shard.segments {
            let hits = claims.visible(segment, segment.hits(&question));
            segment.columns.each_part(&hits, ALIKE, |exchange, rows| {
                *counts.entry(exchange % EXCHANGES).or_default() += hits.rows_in(rows.start, rows.end).count() as u64;
            });
        }
        for row in shard.fresh.values().filter(|row| !claims.hides(row.number) && plan.is_match(row)) {
            *counts.entry(row.number / ALIKE % EXCHANGES).or_default() += 1;
        }
    }
    counts.into_iter().map(|(exchange, count)| (format!("{exchange:03}"), count)).collect()
}
