//! The wallet page's lines and sums.

use super::shapes;
use crate::domain::chart::{Ahead, Mark, Size, falling};
use crate::domain::forecast::Day;
use crate::domain::money::Micros;
use crate::rpc::shapes::{Moment, PhoneView};
use crate::rpc::wallet::{ForecastDay, ForecastDrawing, ForecastView, LedgerLine, PaymentView, WalletView};
use crate::server::services::wallet::{Overview, Payment};
use crate::server::state::AppState;
use crate::server::store::statements::Line;

/// The wallet page with a fresh request key for a top-up.
#[must_use]
pub fn wallet(state: &AppState, overview: Overview, can_top_up: bool) -> WalletView {
    let forecast = forecast(&overview, &state.settings.currency);
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
        forecast,
        reload: overview.settings.reload.map(|reload| (reload.threshold, reload.amount)),
        method_saved: overview.method_saved,
        budget: overview.budget.budget,
        committed: overview.budget.committed,
        can_top_up,
        payments_configured: state.payments.is_some(),
        request_key: state.new_id(),
        past_due_after_days: shapes::days(state.settings.suspended_after_days),
        released_after_days: shapes::days(state.settings.released_after_days),
    }
}

/// The drawing at a desk and on a phone.
const WIDE: Size = Size { width: 720, height: 268, labels: 6 };
const NARROW: Size = Size { width: 326, height: 224, labels: 3 };

fn forecast(overview: &Overview, currency: &str) -> ForecastView {
    let outlook = &overview.outlook;
    let days = &outlook.forecast.days;
    let (alert, until) = (overview.settings.low_balance, outlook.as_of.plus_days(overview.days_ahead));
    let runs_out_at = outlook.forecast.runs_out_at;
    let ahead = Ahead { now: outlook.as_of, until, available: outlook.available, days, alert, runs_out_at };
    let low = |day: &&Day| alert.is_some_and(|alert| outlook.available >= alert && day.available_after < alert);
    ForecastView {
        ahead: shapes::days(overview.days_ahead),
        wide: drawing(&ahead, WIDE, currency),
        narrow: drawing(&ahead, NARROW, currency),
        until: Moment::new(until),
        low_from: days.iter().find(low).map(|day| Moment::new(day.starts_at)),
        unpaid: days.iter().fold(0, |sum, day| sum.saturating_add(day.uncovered)),
        days: days.iter().map(ForecastDay::from).collect(),
        lasts_until: runs_out_at.filter(|at| *at > until).map(shapes::day_and_year),
        runs_out: runs_out_at.map(Moment::new),
        monthly: outlook.monthly,
    }
}

fn drawing(ahead: &Ahead<'_>, size: Size, currency: &str) -> ForecastDrawing {
    let falling = falling(ahead, size);
    let day_name = |mark: &Mark| if mark.at == ahead.now { String::from("Today") } else { Moment::new(mark.at).day };
    ForecastDrawing {
        level_names: falling.levels.iter().map(|level| whole(level.amount, currency)).collect(),
        mark_names: falling.marks.iter().map(day_name).collect(),
        falling,
    }
}

/// A whole amount without its empty decimals.
#[must_use]
pub fn whole(amount: Micros, currency: &str) -> String {
    amount.display(currency).replacen(".00", "", 1)
}

impl From<&Day> for ForecastDay {
    fn from(day: &Day) -> Self {
        Self { day: Moment::new(day.starts_at), renewals: day.renewals, amount: day.amount, after: day.available_after }
    }
}

/// A payment on the provider's own page.
#[must_use]
pub fn payment(payment: Payment) -> PaymentView {
    let page_url = payment.page_url.filter(|_| payment.status == "pending");
    PaymentView { amount: payment.amount, status: payment.status, page_url }
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
#[must_use]
pub fn what(kind: &str) -> &'static str {
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
