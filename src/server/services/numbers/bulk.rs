//! One work on several numbers: what it would do to each of them, and doing it. Each number has an outcome of its own.
//!
//! What may be done is decided where it is decided for one number; nothing here refuses by itself but the confirmation of a release.

use futures::future::join_all;
use sqlx::AnyConnection;

use super::{check_may_lock, checked_label, edit, own, set_label, set_locked};
use crate::domain::number::{Assign, HandOver, Lock, Release, TargetAgent, TargetSubAccount, Unassign};
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::server::error::{Error, Result};
use crate::server::services::caller::Caller;
use crate::server::services::moving::{self, MOST_AT_ONCE, Moved, Step, Target, step, without_agent};
use crate::server::services::releasing;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::agents::Agent;
use crate::server::store::numbers::OwnedNumber;
use crate::server::store::sub_accounts::SubAccount;

/// What is done to each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    Move(Target),
    Unassign,
    Label(String),
    /// Adds a tag.
    Tag(String),
    /// Takes a tag off.
    Untag(String),
    Lock,
    Unlock,
    Release,
}

/// What would become of one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub id: String,
    /// None when the caller has no such number.
    pub e164: Option<String>,
    pub label: String,
    /// What would happen, in words, or why it would be refused.
    pub plan: std::result::Result<Effect, Refusal>,
}

/// What the work does to a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    pub text: String,
    /// False where everything is as it should be already.
    pub changes: bool,
}

impl Effect {
    fn change(text: impl Into<String>) -> Self {
        Self { text: text.into(), changes: true }
    }

    fn nothing(text: impl Into<String>) -> Self {
        Self { text: text.into(), changes: false }
    }
}

impl Job {
    /// Reads a work by its name. `value` is the column, the label or the tag.
    ///
    /// # Errors
    /// `validation`, naming the field.
    pub fn parse(name: &str, value: &str) -> Result<Self> {
        let tag = || {
            let tag = value.trim();
            if tag.is_empty() {
                Err(Error::from(Refusal::field("value", "Write the tag, for example support.")))
            } else {
                Ok(tag.to_owned())
            }
        };
        match name {
            "move" => Target::parse(value).map(Self::Move),
            "unassign" => Ok(Self::Unassign),
            "label" => checked_label(value).map(Self::Label),
            "tag" => tag().map(Self::Tag),
            "untag" => tag().map(Self::Untag),
            "lock" => Ok(Self::Lock),
            "unlock" => Ok(Self::Unlock),
            "release" => Ok(Self::Release),
            _ => Err(Refusal::field("job", "Choose what to do with the numbers.").into()),
        }
    }
}

/// Where a move leads, read once for all numbers.
#[derive(Debug, Default)]
struct Place {
    agent: Option<Agent>,
    sub_account: Option<SubAccount>,
}

/// Says what would become of each number, without doing it. A tag that is not known yet may be left out.
///
/// # Errors
/// `validation` for no number or too many, `role_too_low` for a lock by somebody who may not lock.
pub async fn plan(state: &AppState, caller: &Caller, ids: &[String], job: &Job) -> Result<Vec<Planned>> {
    check_count(ids)?;
    if matches!(job, Job::Lock | Job::Unlock) {
        check_may_lock(caller)?;
    }
    let mut connection = state.db.read().await?;
    let place = place(&mut connection, caller, job).await?;
    let question = Question { caller, job, place: &place, now: state.now(), cool_off_days: state.settings.cool_off_days };
    let mut planned = Vec::with_capacity(ids.len());
    for id in ids {
        let row = match own(&mut connection, caller, id).await {
            Ok(number) => {
                let plan = match question.plan(&mut connection, &number).await {
                    Ok(effect) => Ok(effect),
                    Err(error) => Err(error.refusal().ok_or(error)?),
                };
                Planned { id: id.clone(), e164: Some(number.e164), label: number.label, plan }
            }
            Err(error) => Planned { id: id.clone(), e164: None, label: String::new(), plan: Err(error.refusal().ok_or(error)?) },
        };
        planned.push(row);
    }
    Ok(planned)
}

fn check_count(ids: &[String]) -> Result<()> {
    if ids.is_empty() || ids.len() > MOST_AT_ONCE {
        return Err(Refusal::field("ids", format!("Name 1 to {MOST_AT_ONCE} numbers.")).into());
    }
    Ok(())
}

async fn place(connection: &mut AnyConnection, caller: &Caller, job: &Job) -> Result<Place> {
    let organization = caller.organization_id.as_str();
    Ok(match job {
        Job::Move(Target::Agent(id)) => Place { agent: store::agents::find(connection, organization, id).await?, ..Place::default() },
        Job::Move(Target::SubAccount(id)) => {
            Place { sub_account: store::sub_accounts::find(connection, organization, id).await?, ..Place::default() }
        }
        _ => Place::default(),
    })
}

/// What is asked of every number.
struct Question<'a> {
    caller: &'a Caller,
    job: &'a Job,
    place: &'a Place,
    now: Timestamp,
    cool_off_days: i64,
}

impl Question<'_> {
    async fn plan(&self, connection: &mut AnyConnection, number: &OwnedNumber) -> Result<Effect> {
        let agent = match number.agent_id() {
            Some(id) => store::agents::name(connection, id).await?,
            None => None,
        };
        match self.job {
            Job::Move(target) => self.plan_move(number, step(self.caller, number, target)?, agent.as_deref()),
            Job::Unassign => unassigned(number, agent.as_deref()),
            Job::Label(label) => {
                number.facts().may_unassign()?;
                Ok(labelled(&number.label, label))
            }
            Job::Tag(tag) | Job::Untag(tag) => {
                number.facts().may_unassign()?;
                let has = store::numbers::tags(connection, &number.id).await?.contains(tag);
                Ok(tagged(tag, has, matches!(self.job, Job::Tag(_))))
            }
            Job::Lock | Job::Unlock => locked(number, *self.job == Job::Lock),
            Job::Release => released(number, agent.as_deref()),
        }
    }

    fn plan_move(&self, number: &OwnedNumber, step: Step<'_>, agent: Option<&str>) -> Result<Effect> {
        match step {
            Step::Unassign => unassigned(number, agent),
            Step::TakeBack => {
                number.facts().may_take_back(self.now, self.cool_off_days, false)?;
                Ok(Effect::change("Comes back to the pool, without agent and routes."))
            }
            Step::Assign(_) => {
                let target = self.place.agent.as_ref();
                let facts = target.map(|target| TargetAgent {
                    id: target.id.clone(),
                    sub_account_id: target.sub_account_id.clone(),
                    published: target.published_version.is_some(),
                });
                let name = target.map(|target| target.name.as_str()).unwrap_or_default();
                Ok(match (number.facts().may_assign(facts.as_ref())?, agent) {
                    (Assign::Noop, _) => Effect::nothing(format!("{name} is its agent already.")),
                    (Assign::Set { .. }, Some(agent)) => Effect::change(format!("{name} becomes its agent in place of {agent}.")),
                    (Assign::Set { .. }, None) => Effect::change(format!("{name} becomes its agent.")),
                })
            }
            Step::HandOver(_) => {
                let target = self.place.sub_account.as_ref();
                let facts = target.map(|target| TargetSubAccount { id: target.id.clone(), disabled: target.disabled });
                let name = target.map(|target| target.name.as_str()).unwrap_or_default();
                Ok(match (without_agent(number).facts().may_hand_over(facts.as_ref())?, agent) {
                    (HandOver::Noop, _) => Effect::nothing(format!("It is in {name} already.")),
                    (HandOver::Move, Some(agent)) => Effect::change(format!("{agent} no longer answers it, and it goes to {name}.")),
                    (HandOver::Move, None) => Effect::change(format!("It goes to {name}.")),
                })
            }
        }
    }
}

fn unassigned(number: &OwnedNumber, agent: Option<&str>) -> Result<Effect> {
    Ok(match number.facts().may_unassign()? {
        Unassign::Noop => Effect::nothing("It has no agent."),
        Unassign::Go => Effect::change(format!("{} no longer answers it. It stays here and stays paid.", agent.unwrap_or("Its agent"))),
    })
}

fn labelled(before: &str, after: &str) -> Effect {
    match (before, after) {
        (before, after) if before == after => Effect::nothing("Its label is so already."),
        (before, "") => Effect::change(format!("Its label goes: {before}.")),
        ("", _) => Effect::change("It gets the label."),
        (before, _) => Effect::change(format!("The label takes the place of: {before}.")),
    }
}

fn tagged(tag: &str, has: bool, add: bool) -> Effect {
    match (has, add) {
        (true, true) => Effect::nothing("It has this tag already."),
        (false, false) => Effect::nothing("It does not have this tag."),
        (false, true) => Effect::change(format!("It gets the tag {tag}.")),
        (true, false) => Effect::change(format!("The tag {tag} goes.")),
    }
}

fn locked(number: &OwnedNumber, lock: bool) -> Result<Effect> {
    Ok(match (number.facts().may_lock(lock)?, lock) {
        (Lock::Noop, true) => Effect::nothing("It is locked already."),
        (Lock::Noop, false) => Effect::nothing("It is not locked."),
        (Lock::Go, true) => Effect::change("It can no longer be released, handed over or taken back."),
        (Lock::Go, false) => Effect::change("It can be released, handed over and taken back again."),
    })
}

fn released(number: &OwnedNumber, agent: Option<&str>) -> Result<Effect> {
    Ok(match (number.facts().may_release()?, agent) {
        (Release::Noop, _) => Effect::nothing("It is released already; its clock runs on."),
        (Release::Go, Some(agent)) => Effect::change(format!("{agent} no longer answers it, and callers reach nobody.")),
        (Release::Go, None) => Effect::change("Callers no longer reach anybody."),
    })
}

/// Does it, each number in a transaction of its own. `typed` confirms a release: how many numbers are released by it.
///
/// # Errors
/// `validation` for no number, too many, or another count than was typed. A number that is refused is no error but its outcome.
pub async fn run(state: &AppState, caller: &Caller, ids: &[String], job: &Job, typed: &str) -> Result<Vec<Moved>> {
    check_count(ids)?;
    if *job == Job::Release {
        check_released(&plan(state, caller, ids, job).await?, typed)?;
    }
    // All at once, so that the writer commits them together.
    let outcomes = join_all(ids.iter().map(|id| run_one(state, caller, id, job))).await;
    moving::outcomes(state, caller, ids, outcomes).await
}

/// Whoever releases several numbers types how many that are, as they are now.
fn check_released(planned: &[Planned], typed: &str) -> Result<()> {
    let count = planned.iter().filter(|row| row.plan.as_ref().is_ok_and(|effect| effect.changes)).count();
    if typed.trim().parse() == Ok(count) && count > 0 {
        return Ok(());
    }
    let message = match count {
        0 => String::from("None of these numbers can be released."),
        count => format!("Type {count}: so many of these numbers would be released."),
    };
    Err(Refusal::field("typed", message).into())
}

async fn run_one(state: &AppState, caller: &Caller, id: &str, job: &Job) -> Result<()> {
    match job {
        Job::Move(target) => moving::move_one(state, caller, id, target).await,
        Job::Unassign => moving::unassign(state, caller, id).await.map(drop),
        Job::Label(label) => set_label(state, caller, id, label).await.map(drop),
        Job::Tag(tag) => edit::change_tag(state, caller, id, tag, true).await.map(drop),
        Job::Untag(tag) => edit::change_tag(state, caller, id, tag, false).await.map(drop),
        Job::Lock => set_locked(state, caller, id, true).await.map(drop),
        Job::Unlock => set_locked(state, caller, id, false).await.map(drop),
        Job::Release => releasing::release(state, caller, id, None).await.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::Code;

    fn row(plan: std::result::Result<Effect, Refusal>) -> Planned {
        Planned { id: String::from("n1"), e164: None, label: String::new(), plan }
    }

    #[test]
    fn what_is_typed_is_what_would_be_released() {
        let planned = [
            row(Ok(Effect::change("goes"))),
            row(Ok(Effect::nothing("gone"))),
            row(Err(Code::NumberLocked.into())),
            row(Ok(Effect::change("goes"))),
        ];
        assert!(check_released(&planned, " 2 ").is_ok());
        for typed in ["", "1", "4", "two"] {
            assert!(check_released(&planned, typed).is_err(), "{typed}");
        }
        assert!(check_released(&planned[1..3], "0").is_err(), "nothing to release is nothing to confirm");
    }

    #[test]
    fn works_have_names() {
        assert_eq!(Job::parse("label", " Front desk ").expect("a work"), Job::Label(String::from("Front desk")));
        assert_eq!(Job::parse("move", "free").expect("a work"), Job::Move(Target::Free));
        assert_eq!(Job::parse("tag", " vip ").expect("a work"), Job::Tag(String::from("vip")));
        for (name, value) in [("", ""), ("move", ""), ("tag", "  "), ("delete", "")] {
            assert!(Job::parse(name, value).is_err(), "{name}");
        }
    }
}
