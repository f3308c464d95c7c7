//! The report of revenue as its page shows it.

use crate::domain::chart::bars;
use crate::domain::money::Micros;
use crate::rpc::admin::revenue::{KindRow, RevenueMonth, RevenueView};
use crate::server::services::operator::{Earned, Report};
use crate::server::views::statements::month_name;
use crate::server::views::wallet::{what, whole};

/// The drawing at a desk and on a phone.
const WIDE: (i64, i64) = (1_100, 240);
const NARROW: (i64, i64) = (326, 200);
/// Kinds that are earned, as they lie on each other.
const REVENUE: [&str; 2] = ["rental", "setup_fee"];

/// The report with its drawing.
#[must_use]
pub fn report(report: Report, currency: &str) -> RevenueView {
    let months: Vec<RevenueMonth> = report.months.iter().map(|month| one(month, &report.earned)).collect();
    let amount = |month: &String, kind: &str| {
        let found = report.earned.iter().find(|earned| earned.month == *month && earned.kind == kind);
        found.map_or(Micros::ZERO, |earned| earned.amount)
    };
    let parts: Vec<Vec<Micros>> =
        report.months.iter().rev().map(|month| REVENUE.iter().map(|kind| amount(month, kind)).collect()).collect();
    let wide = bars(&parts, WIDE.0, WIDE.1);
    RevenueView {
        from: report.months.last().cloned().unwrap_or_default(),
        to: report.months.first().cloned().unwrap_or_default(),
        earned: sum(months.iter().map(|month| month.earned)),
        months,
        level_names: wide.levels.iter().map(|level| whole(level.amount, currency)).collect(),
        narrow: bars(&parts, NARROW.0, NARROW.1),
        wide,
    }
}

fn one(month: &str, earned: &[Earned]) -> RevenueMonth {
    let kinds: Vec<KindRow> = earned.iter().filter(|earned| earned.month == month).map(KindRow::from).collect();
    let name = month_name(month);
    RevenueMonth {
        month: month.to_owned(),
        short: name.chars().take(3).collect(),
        name,
        earned: sum(kinds.iter().filter(|kind| kind.is_revenue).map(|kind| kind.amount)),
        kinds,
    }
}

fn sum(amounts: impl Iterator<Item = Micros>) -> Micros {
    amounts.fold(Micros::ZERO, |sum, amount| Micros(sum.0.saturating_add(amount.0)))
}

impl From<&Earned> for KindRow {
    fn from(earned: &Earned) -> Self {
        Self {
            what: what(&earned.kind).to_owned(),
            count: earned.count,
            amount: earned.amount,
            promotional: earned.promotional,
            is_revenue: REVENUE.contains(&earned.kind.as_str()),
        }
    }
}
