//! One work on several numbers: its preview, doing it, and how the outcome stands in an address.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::rpc::error::AppError;
use crate::rpc::shapes::PhoneView;
use crate::rpc::wire::Answer;

/// What would become of one number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRow {
    pub id: String,
    pub phone: PhoneView,
    pub label: String,
    /// What would happen; empty where it is refused.
    pub text: String,
    /// False where everything is as it should be already.
    pub changes: bool,
    pub refusal: Option<Refusal>,
}

/// What would become of all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    pub rows: Vec<PlannedRow>,
    /// How many would change.
    pub changing: usize,
}

/// What became of one number, as an address tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoneRow {
    pub e164: String,
    /// Why it stayed as it was.
    pub refused: Option<Code>,
}

/// What became of all of them. It travels in the address, so that the page tells it with and without JavaScript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkOutcome {
    /// The name of the work: `move`, `unassign`, `label`, `tag`, `untag`, `lock`, `unlock`, `release`.
    pub job: String,
    pub rows: Vec<DoneRow>,
}

impl BulkOutcome {
    /// `lock,+14155550123,+14155550124:number_released`.
    #[must_use]
    pub fn told(&self) -> String {
        let rows = self.rows.iter().map(|row| match row.refused {
            Some(code) => format!(",{}:{}", row.e164, code.name()),
            None => format!(",{}", row.e164),
        });
        format!("{}{}", self.job, rows.collect::<String>())
    }

    /// What [`Self::told`] wrote; parts that it did not write are left out.
    #[must_use]
    pub fn read(told: &str) -> Option<Self> {
        let mut parts = told.split(',');
        let job = parts.next().filter(|job| !job.is_empty())?.to_owned();
        let row = |part: &str| match part.split_once(':') {
            None => Some(DoneRow { e164: part.to_owned(), refused: None }),
            Some((e164, name)) => {
                let code = Code::ALL.iter().find(|code| code.name() == name)?;
                Some(DoneRow { e164: e164.to_owned(), refused: Some(*code) })
            }
        };
        let rows: Vec<DoneRow> = parts.filter_map(row).collect();
        (!rows.is_empty()).then_some(Self { job, rows })
    }
}

/// Splits ids that are joined by commas.
#[must_use]
pub fn split_ids(ids: &str) -> Vec<String> {
    ids.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

/// What a work would do to each of these numbers (ids joined by commas). `value` is the column, the label or the tag.
#[server(prefix = "/rpc", endpoint = "numbers/plan", input = GetUrl, output = Answer)]
pub async fn plan_bulk(ids: String, job: String, #[server(default)] value: String) -> Result<PlanView, AppError> {
    use crate::server::run::context::{guard, report};
    use crate::server::services::numbers::bulk::{Job, plan};
    let guarded = guard("numbers/plan").await?;
    let job = Job::parse(&job, &value).map_err(report)?;
    let planned = plan(&guarded.state, &guarded.caller()?, &split_ids(&ids), &job).await.map_err(report)?;
    Ok(crate::server::views::numbers::planned(planned))
}

/// Does it. `typed` confirms a release: how many numbers it releases.
#[server(prefix = "/rpc", endpoint = "numbers/bulk", output = Answer)]
pub async fn run_bulk(
    ids: String,
    job: String,
    #[server(default)] value: String,
    #[server(default)] typed: String,
) -> Result<BulkOutcome, AppError> {
    use crate::server::run::context::{close_dialog_telling, guard, report};
    use crate::server::services::numbers::bulk::{Job, run};
    let guarded = guard("numbers/bulk").await?;
    let work = Job::parse(&job, &value).map_err(report)?;
    let done = run(&guarded.state, &guarded.caller()?, &split_ids(&ids), &work, &typed).await.map_err(report)?;
    let outcome = crate::server::views::numbers::done(job, done);
    close_dialog_telling("done", &outcome.told());
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_comes_back_from_the_address() {
        let rows = vec![
            DoneRow { e164: String::from("+14155550123"), refused: None },
            DoneRow { e164: String::from("+14155550124"), refused: Some(Code::NumberLocked) },
        ];
        let outcome = BulkOutcome { job: String::from("release"), rows };
        assert_eq!(outcome.told(), "release,+14155550123,+14155550124:number_locked");
        assert_eq!(BulkOutcome::read(&outcome.told()), Some(outcome));
        for nothing in ["", "lock", ",+1", "lock,+1:made_up"] {
            assert_eq!(BulkOutcome::read(nothing), None, "{nothing}");
        }
    }
}
