//! One work on several numbers: the preview says of every number, in every state, what doing it then comes to.

mod support;

use dialyard::domain::account::Role;
use dialyard::domain::code::Code;
use dialyard::server::services::caller::Caller;
use dialyard::server::services::moving::Target;
use dialyard::server::services::numbers::bulk::{Job, Planned, plan, run};
use dialyard::server::services::numbers::{Edit, edit, record};
use support::owned::Column::{self, *};
use support::owned::{Yard, code};

const COLUMNS: [Column; 15] = [
    P0,
    P1,
    S0,
    S1,
    SC,
    LockedInPool,
    LockedInSubAccount,
    PastDueInPool,
    PastDueInSubAccount,
    SuspendedInPool,
    SuspendedInSubAccount,
    RL,
    XX,
    IM,
    ImportedInSubAccount,
];

async fn planned(yard: &Yard, ids: &[String], job: &Job) -> Vec<Planned> {
    plan(&yard.app.state, &yard.owner, ids, job).await.expect("a plan")
}

/// What a preview says of a number: `changes`, `same`, or the code of the refusal.
fn told(row: &Planned) -> &'static str {
    match &row.plan {
        Ok(effect) if effect.changes => "changes",
        Ok(_) => "same",
        Err(refusal) => refusal.code().name(),
    }
}

#[tokio::test]
async fn a_preview_says_what_doing_it_comes_to_in_every_state() {
    let yard = Yard::new().await;
    let jobs = [
        Job::Move(Target::Free),
        Job::Move(Target::Agent(yard.front_desk.clone())),
        Job::Move(Target::Agent(yard.draft.clone())),
        Job::Move(Target::SubAccount(yard.harbor.clone())),
        Job::Move(Target::SubAccount(yard.lakeside.clone())),
        Job::Move(Target::SubAccount(String::from("unknown"))),
        Job::Unassign,
        Job::Label(String::from("Spring")),
        Job::Tag(String::from("vip")),
        Job::Untag(String::from("vip")),
        Job::Lock,
        Job::Unlock,
        Job::Release,
    ];
    for job in &jobs {
        for column in COLUMNS {
            let ids = [yard.number(column).await.id];
            let before = yard.traces(&ids[0]).await;
            let row = planned(&yard, &ids, job).await.remove(0);
            assert_eq!(yard.traces(&ids[0]).await, before, "{job:?} on {column:?}: a preview changes nothing");
            if *job == Job::Release && told(&row) != "changes" {
                // A release of nothing is refused as a whole.
                assert_eq!(code(run(&yard.app.state, &yard.owner, &ids, job, "0").await.expect_err("a refusal")), Code::Validation);
                continue;
            }
            let done = run(&yard.app.state, &yard.owner, &ids, job, "1").await.expect("outcomes").remove(0);
            let came_to = match done.refusal {
                Some(refusal) => refusal.code().name(),
                None if yard.traces(&ids[0]).await == before => "same",
                None => "changes",
            };
            assert_eq!(told(&row), came_to, "{job:?} on {column:?}");
        }
    }
}

#[tokio::test]
async fn each_number_has_an_outcome_of_its_own() {
    let yard = Yard::new().await;
    let numbers = [yard.number(P1).await, yard.number(LockedInPool).await, yard.number(P0).await, yard.number(S0).await];
    let mut ids: Vec<String> = numbers.iter().map(|number| number.id.clone()).collect();
    ids.push(String::from("unknown"));
    let rows = planned(&yard, &ids, &Job::Release).await;
    let expected = ["changes", "number_locked", "changes", "number_in_sub_account", "not_found"];
    assert_eq!(rows.iter().map(told).collect::<Vec<_>>(), expected);
    for typed in ["", "1", "5"] {
        let refused = run(&yard.app.state, &yard.owner, &ids, &Job::Release, typed).await.expect_err("another count");
        assert_eq!(code(refused), Code::Validation, "{typed}");
    }
    let done = run(&yard.app.state, &yard.owner, &ids, &Job::Release, "2").await.expect("outcomes");
    let codes: Vec<&str> = done.iter().map(|row| row.refusal.as_ref().map_or("done", |refusal| refusal.code().name())).collect();
    assert_eq!(codes, ["done", "number_locked", "done", "number_in_sub_account", "not_found"]);
    assert!(yard.read(&ids[0]).await.is_released() && !yard.read(&ids[1]).await.is_released());
}

#[tokio::test]
async fn a_tag_is_added_beside_the_others_and_taken_off_alone() {
    let yard = Yard::new().await;
    let ids = [yard.number(P0).await.id, yard.number(P1).await.id];
    let tags = Edit { tags: Some(vec![String::from("old")]), ..Edit::default() };
    edit(&yard.app.state, &yard.owner, &ids[0], tags).await.expect("tagged");
    run(&yard.app.state, &yard.owner, &ids, &Job::Tag(String::from("vip")), "").await.expect("outcomes");
    run(&yard.app.state, &yard.owner, &ids, &Job::Untag(String::from("old")), "").await.expect("outcomes");
    for id in &ids {
        assert_eq!(record(&yard.app.state, &yard.owner, id).await.expect("a number").tags, ["vip"]);
    }
}

#[tokio::test]
async fn locks_and_counts_are_checked_for_all_numbers_at_once() {
    let yard = Yard::new().await;
    let member = Caller { role: Role::Member, ..yard.owner.clone() };
    let ids = [yard.number(P0).await.id];
    let refused = plan(&yard.app.state, &member, &ids, &Job::Lock).await.expect_err("a member does not lock");
    assert_eq!(code(refused), Code::RoleTooLow);
    let done = run(&yard.app.state, &member, &ids, &Job::Lock, "").await.expect("outcomes");
    assert_eq!(done[0].refusal.as_ref().map(|refusal| refusal.code()), Some(Code::RoleTooLow));
    let many: Vec<String> = (0..201).map(|index| format!("n{index}")).collect();
    for ids in [&[][..], &many] {
        assert_eq!(code(plan(&yard.app.state, &yard.owner, ids, &Job::Unassign).await.expect_err("a refusal")), Code::Validation);
        assert_eq!(code(run(&yard.app.state, &yard.owner, ids, &Job::Unassign, "").await.expect_err("a refusal")), Code::Validation);
    }
}
