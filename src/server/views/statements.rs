//! Statements as pages show them.

use jiff::civil::Date;

use super::wallet::what;
use crate::domain::time::Timestamp;
use crate::rpc::shapes::{Moment, PhoneView};
use crate::rpc::statements::{MonthRow, StatementView, StatementsView, SumRow};
use crate::rpc::wallet::LedgerLine;
use crate::server::auth::session::Session;
use crate::server::services::billing::{KindSum, Month, Months, Statement, Transfer};

/// A page of the list.
#[must_use]
pub fn list(months: Months) -> StatementsView {
    StatementsView { rows: months.rows.into_iter().map(MonthRow::from).collect(), next_cursor: months.next_cursor }
}

/// One statement, as it stands at `now`.
#[must_use]
pub fn one(now: Timestamp, session: &Session, statement: Statement) -> StatementView {
    let organization = session.organization.as_ref().map(|organization| organization.name.clone()).unwrap_or_default();
    StatementView {
        name: month_name(&statement.month),
        organization,
        closed: statement.closed,
        from: Moment::new(statement.from),
        until: Moment::new(if statement.closed { statement.to } else { now }),
        opening: statement.opening,
        closing: statement.closing,
        sums: statement.sums.into_iter().map(SumRow::from).collect(),
        lines: statement.lines.iter().map(LedgerLine::from).collect(),
        left_out: statement.left_out,
        month: statement.month,
    }
}

/// `November 2026` of `2026-11`.
#[must_use]
pub fn month_name(month: &str) -> String {
    let read = || {
        let (year, month) = month.split_once('-')?;
        Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()
    };
    read().map_or_else(|| month.to_owned(), |first| first.strftime("%B %Y").to_string())
}

impl From<Month> for MonthRow {
    fn from(month: Month) -> Self {
        Self {
            name: month_name(&month.month),
            month: month.month,
            closed: month.closed,
            opening: month.opening,
            credited: month.credited,
            debited: month.debited,
            closing: month.closing,
            lines: month.lines,
        }
    }
}

impl From<KindSum> for SumRow {
    fn from(sum: KindSum) -> Self {
        Self { what: what(&sum.kind).to_owned(), count: sum.count, amount: sum.amount }
    }
}

impl From<&Transfer> for LedgerLine {
    fn from(transfer: &Transfer) -> Self {
        let name = what(&transfer.kind);
        Self {
            id: transfer.id.clone(),
            at: Moment::new(transfer.at),
            what: name.to_owned(),
            detail: if transfer.description == name { String::new() } else { transfer.description.clone() },
            phone: transfer.e164.as_deref().map(PhoneView::new),
            amount: transfer.amount,
            balance_after: transfer.balance_after,
            pending: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_names() {
        assert_eq!(month_name("2026-11"), "November 2026");
        assert_eq!(month_name("sometime"), "sometime");
    }
}
