//! The wallet page's lines and sums.

use crate::domain::forecast::curve;
use crate::rpc::shapes::{Moment, PhoneView};
use crate::rpc::wallet::{ForecastDay, ForecastView, LedgerLine, WalletView};
use crate::server::services::billing::Outlook;
use crate::server::services::wallet::{OUTLOOK_DAYS, Overview};
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
        forecast: forecast(&overview.outlook),
        reload: overview.settings.reload.map(|reload| (reload.threshold, reload.amount)),
        method_saved: overview.method_saved,
        can_top_up,
        payments_configured: state.payments.is_some(),
        request_key: state.new_id(),
        past_due_after_days: days(state.settings.suspended_after_days),
        released_after_days: days(state.settings.released_after_days),
    }
}

/// The drawing's size, as `ForecastView` says it.
const DRAWING: (i64, i64) = (720, 160);

fn forecast(outlook: &Outlook) -> ForecastView {
    let until = outlook.as_of.plus_days(OUTLOOK_DAYS);
    let days = &outlook.forecast.days;
    let drawn = curve(outlook.as_of, outlook.available, days, until, DRAWING.0, DRAWING.1);
    ForecastView {
        points: drawn.points,
        zero_y: drawn.zero_y,
        until: Moment::new(until),
        days: days
            .iter()
            .map(|day| ForecastDay {
                day: Moment::new(day.starts_at),
                renewals: day.renewals,
                amount: day.amount,
                after: day.available_after,
            })
            .collect(),
        runs_out: outlook.forecast.runs_out_at.map(Moment::new),
        monthly: outlook.monthly,
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
