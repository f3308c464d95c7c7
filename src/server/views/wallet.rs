//! The wallet page's lines and sums.

use crate::rpc::shapes::{Moment, PhoneView};
use crate::rpc::wallet::{LedgerLine, WalletView};
use crate::server::services::wallet::Overview;
use crate::server::state::AppState;
use crate::server::store::statements::Line;

/// The wallet page with a fresh request key for a top-up.
#[must_use]
pub fn wallet(state: &AppState, overview: Overview, can_top_up: bool) -> WalletView {
    let days = |days: i64| u16::try_from(days).unwrap_or(u16::MAX);
    WalletView {
        balance: overview.balances.balance,
        set_aside: overview.balances.set_aside,
        available: overview.balances.available(),
        owed: overview.balances.owed,
        orders_in_progress: overview.orders_in_progress,
        renewals: overview.renewals,
        renewing_numbers: overview.renewing_numbers,
        lines: overview.lines.iter().map(LedgerLine::from).collect(),
        total_lines: overview.total_lines,
        next_cursor: overview.next_cursor,
        low_balance: overview.settings.low_balance,
        can_top_up,
        payments_configured: state.payments.is_some(),
        request_key: state.new_id(),
        past_due_after_days: days(state.settings.suspended_after_days),
        released_after_days: days(state.settings.released_after_days),
    }
}

impl From<&Line> for LedgerLine {
    fn from(line: &Line) -> Self {
        Self {
            id: line.id.clone(),
            at: Moment::new(line.at),
            what: what(&line.kind).to_owned(),
            // What only says the kind again says nothing.
            detail: if line.description == what(&line.kind) { String::new() } else { line.description.clone() },
            phone: line.e164.as_deref().map(PhoneView::new),
            amount: line.amount,
            balance_after: line.balance_after,
            pending: line.kind == "set_aside",
        }
    }
}

/// A kind of line in words.
fn what(kind: &str) -> &'static str {
    match kind {
        "topup" => "Top-up",
        "promo" => "Promotional credit",
        "setup_fee" => "Setup fee",
        "rental" => "Rental",
        "refund" => "Refund",
        "dispute" => "Payment taken back",
        "dispute_reversal" => "Payment returned",
        "set_aside" => "Set aside",
        "set_aside_returned" => "Set-aside returned",
        _ => "Adjustment",
    }
}
