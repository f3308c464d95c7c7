//! Search results, counts and look-alikes.

use crate::domain::number::Features;
use crate::domain::search::RawFilter;
use crate::rpc::holds::LookAlikeView;
use crate::rpc::search::{DropOption, FacetValue, FacetsView, Mark, ResultRow, RowHold, SearchInput, SearchView};
use crate::rpc::shapes::PhoneView;
use crate::server::search::FoundRow;
use crate::server::search::alike::Alike;
use crate::server::search::facets::{Count, Facets};
use crate::server::services::search::{DropOne, Found, Query};

impl SearchInput {
    /// The filter as the domain reads it.
    #[must_use]
    pub fn raw(&self) -> RawFilter<'_> {
        RawFilter {
            q: &self.q,
            at: &self.at,
            country: &self.country,
            area: &self.area,
            state: &self.state,
            city: &self.city,
            rate_center: &self.rate_center,
            kind: &self.kind,
            features: &self.features,
            max_monthly: &self.max_monthly,
            max_setup: &self.max_setup,
            ..RawFilter::default()
        }
    }

    /// The whole question.
    #[must_use]
    pub fn query(&self) -> Query<'_> {
        Query { filter: self.raw(), sort: &self.sort, cursor: &self.cursor, limit: None, strict: self.strict == "1" }
    }
}

impl From<Found> for SearchView {
    fn from(found: Found) -> Self {
        let rows = |rows: Vec<FoundRow>| rows.into_iter().map(ResultRow::from).collect();
        Self {
            now: found.now,
            stock_total: found.stock_total,
            total: found.total,
            rows: rows(found.rows),
            widened: rows(found.widened),
            next_cursor: found.next_cursor,
            errors: found.errors,
        }
    }
}

impl From<FoundRow> for ResultRow {
    fn from(row: FoundRow) -> Self {
        Self {
            phone: PhoneView::new(&row.e164),
            marks: row.marks.into_iter().map(|mark| Mark { start: mark.start, letters: mark.letters }).collect(),
            vanity: row.vanity,
            bars: row.memorability.bars,
            reason: row.memorability.reason,
            locality: row.locality,
            region: row.administrative_area,
            number_type: row.number_type.label().to_owned(),
            features: row.features.labels().into_iter().map(str::to_owned).collect(),
            emergency: row.features.contains(Features::EMERGENCY),
            setup: row.setup,
            monthly: row.monthly,
            hold: row.hold.map(|hold| RowHold { id: hold.id, expires_at: hold.expires_at }),
            relaxed: row.relaxed_text,
        }
    }
}

impl From<Facets> for FacetsView {
    fn from(facets: Facets) -> Self {
        let values = |counts: Vec<Count>| {
            counts.into_iter().map(|count| FacetValue { value: count.value, label: count.label, count: count.count }).collect()
        };
        Self {
            countries: values(facets.countries),
            states: values(facets.states),
            cities: values(facets.cities),
            area_codes: values(facets.area_codes),
            kinds: values(facets.kinds),
            features: values(facets.features),
            prices: values(facets.prices),
        }
    }
}

impl From<DropOne> for DropOption {
    fn from(dropped: DropOne) -> Self {
        Self { filter: dropped.filter, label: dropped.value, count: dropped.count }
    }
}

impl From<Alike> for LookAlikeView {
    fn from(alike: Alike) -> Self {
        Self {
            phone: PhoneView::new(&alike.row.e164),
            differing: alike.differing,
            why: alike.why.to_owned(),
            locality: alike.row.locality,
            region: alike.row.administrative_area,
            vanity: alike.row.vanity,
            monthly: alike.row.monthly,
            setup: alike.row.setup,
        }
    }
}
