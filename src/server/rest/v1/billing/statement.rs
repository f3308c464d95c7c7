//! Statements of months, as JSON and as a table for spreadsheets.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::ledger::TransferBody;
use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::envelope::{Answer, Instant, Money, Rendered, Reply, Sample};
use crate::server::rest::fields::{Field, Kind, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{FromQuery, Query};
use crate::server::rest::table::{Holders, Route};
use crate::server::services::billing::{self, KindSum, Statement};
use crate::server::services::line_table;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/billing/statements/{month}", "getStatement", statement)
            .scope(Scope::BillingRead)
            .holders(Holders::Organization)
            .refuses(&[Code::NotFound])
            .about("Shows a month of the wallet, such as `2026-11`, with its lines; `format=csv` gives the lines as a table."),
    ]
}

/// What one kind of transfer came to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StatementSum)]
pub struct SumBody {
    /// The kind of transfer.
    pub kind: String,
    /// How many there were.
    pub count: u64,
    /// What they add up to; below zero where money left the wallet.
    pub amount: Money,
}

impl From<KindSum> for SumBody {
    fn from(sum: KindSum) -> Self {
        Self { kind: sum.kind, count: sum.count, amount: Money(sum.amount) }
    }
}

/// A month of the wallet.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Statement)]
pub struct StatementBody {
    /// The month, in UTC.
    pub month: String,
    /// Its beginning.
    pub from: Instant,
    /// The beginning of the next one.
    pub to: Instant,
    /// False while the month runs.
    pub closed: bool,
    /// The currency of all amounts.
    pub currency: String,
    /// What was in the wallet when it began.
    pub opening_balance: Money,
    /// What was in it at its end, or is in it now.
    pub closing_balance: Money,
    /// What each kind of transfer came to, by its name.
    pub sums: Vec<SumBody>,
    /// What moved, in the order in which it moved; at most 100,000.
    pub lines: Vec<TransferBody>,
    /// Earlier lines that did not fit in; the list of transfers has them.
    pub lines_left_out: u64,
}

impl StatementBody {
    fn new(currency: &str, statement: Statement) -> Self {
        Self {
            month: statement.month,
            from: Instant(statement.from),
            to: Instant(statement.to),
            closed: statement.closed,
            currency: currency.to_owned(),
            opening_balance: Money(statement.opening),
            closing_balance: Money(statement.closing),
            sums: statement.sums.into_iter().map(SumBody::from).collect(),
            lines: statement.lines.into_iter().map(|line| TransferBody::new(currency, line, true)).collect(),
            lines_left_out: statement.left_out,
        }
    }
}

impl Sample for StatementBody {
    fn sample() -> Self {
        Self {
            month: String::from("2026-11"),
            from: Instant::sample(),
            to: Instant::sample(),
            closed: false,
            currency: String::from("USD"),
            opening_balance: Money(Micros(104_500_000)),
            closing_balance: Money(Micros(103_250_000)),
            sums: vec![SumBody { kind: String::from("rental"), count: 1, amount: Money(Micros(-1_250_000)) }],
            lines: vec![TransferBody::sample()],
            lines_left_out: 0,
        }
    }
}

/// A statement in the form that was asked for.
pub enum StatementAnswer {
    Whole(StatementBody),
    /// Its lines as a table.
    Table(String),
}

impl Answer for StatementAnswer {
    fn render(self) -> Result<Rendered> {
        match self {
            Self::Whole(statement) => Reply::of(statement).render(),
            Self::Table(body) => Ok(Rendered {
                status: axum::http::StatusCode::OK,
                body,
                repeat: None,
                location: None,
                media_type: Some(line_table::MEDIA_TYPE),
            }),
        }
    }

    fn schema() -> Schema {
        Reply::<StatementBody>::schema()
    }

    fn components(all: &mut Vec<(String, RefOr<Schema>)>) {
        Reply::<StatementBody>::components(all);
    }

    fn sample() -> serde_json::Value {
        <Reply<StatementBody> as Answer>::sample()
    }

    fn other_media_type() -> Option<&'static str> {
        Some(line_table::MEDIA_TYPE)
    }
}

struct FormatQuery {
    as_table: bool,
}

impl FromQuery for FormatQuery {
    const PARAMETERS: &'static [Field] =
        &[Field::optional("format", Kind::Choice(&["json", "csv"]), "What to answer with, JSON when it is not given.")];

    fn read(values: &Values) -> Self {
        Self { as_table: values.text("format").as_deref() == Some("csv") }
    }
}

async fn statement(call: Call, Query(query): Query<FormatQuery>) -> Result<StatementAnswer> {
    let statement = billing::statement(&call.state, &call.caller, call.path("month")).await?;
    let currency = &call.state.settings.currency;
    if query.as_table {
        return line_table::table(currency, &statement.lines).map(StatementAnswer::Table);
    }
    Ok(StatementAnswer::Whole(StatementBody::new(currency, statement)))
}
