//! The operator's stock and the files of it.

use crate::rpc::admin::stock::{Counted, ImportView, StockLine, StockView};
use crate::rpc::numbers::ChipCount;
use crate::rpc::shapes::{Moment, PhoneView};
use crate::server::services::inventory::uploads::StockImport;
use crate::server::services::inventory::{AGES, Overview, STATES};
use crate::server::store::inventory::overview::Shelved;

/// Lines of a file that are told one by one on the page.
const TOLD: usize = 100;

fn positive(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

impl From<Shelved> for StockLine {
    fn from(shelved: Shelved) -> Self {
        let row = shelved.row;
        Self {
            phone: PhoneView::new(&row.e164),
            locality: row.locality,
            region: row.administrative_area,
            kind: row.number_type.label().to_owned(),
            provider: row.provider,
            setup: row.setup,
            monthly: row.monthly,
            state: row.state.name().to_owned(),
            held_by: shelved.held_by,
            aging_until: row.state.aging_until().map(Moment::new),
            goes_out: row.withdraw_after_aging,
            since: Moment::new(row.created_at),
        }
    }
}

impl From<StockImport> for ImportView {
    fn from(import: StockImport) -> Self {
        let mut faults = import.counts.faults;
        faults.truncate(TOLD);
        Self {
            id: import.id,
            file_name: import.file_name,
            size_bytes: import.size_bytes,
            state: import.state.name().to_owned(),
            read_bytes: import.read_bytes,
            inserted: import.counts.inserted,
            updated: import.counts.updated,
            skipped: import.counts.skipped,
            faults,
            by: import.actor_name,
            created_at: Moment::new(import.created_at),
        }
    }
}

/// The page. Of the latest files their lines are not told.
#[must_use]
pub fn page(overview: Overview, imports: Vec<StockImport>) -> StockView {
    let chips = STATES.iter().zip(overview.states).map(|((value, label), count)| ChipCount {
        value: (*value).to_owned(),
        label: (*label).to_owned(),
        count: positive(count),
    });
    let counted = |(name, count): (String, i64)| Counted { name, count: positive(count) };
    let ages = AGES.iter().zip(overview.ages).map(|(name, count)| counted(((*name).to_owned(), count)));
    StockView {
        now: overview.now,
        counted_at: Moment::new(overview.counted_at),
        total: positive(overview.found.total),
        chips: chips.collect(),
        regions: overview.regions.into_iter().map(counted).collect(),
        areas: overview.areas.into_iter().map(counted).collect(),
        ages: ages.collect(),
        rows: overview.found.rows.into_iter().map(StockLine::from).collect(),
        next_cursor: overview.found.next_cursor,
        imports: imports.into_iter().map(|import| ImportView { faults: Vec::new(), ..import.into() }).collect(),
    }
}
