//! Moving numbers: every cell of table 3b about agents, sub-accounts and force; the very second; the board.

mod support;

use dialyard::domain::account::Role;
use dialyard::domain::audit::{Actor, ActorKind, Channel};
use dialyard::domain::code::Code;
use dialyard::domain::number::Warning;
use dialyard::domain::refusal::Refusal;
use dialyard::domain::time::Timestamp;
use dialyard::server::services::caller::Caller;
use dialyard::server::services::moving::{self, Force, Target};
use dialyard::server::services::numbers::{BoardWanted, board};
use dialyard::server::services::routes::{self, RouteInput};
use dialyard::server::services::{cool_offs, sub_accounts};
use support::owned::Column::{self, *};
use support::owned::{Yard, agent, code, refusal, sub_account};

const DAYS: i64 = 15;

fn forced(reason: &str) -> Force {
    Force::Yes { reason: Some(reason.to_owned()) }
}

fn admin(caller: &Caller) -> Caller {
    Caller { may_force: true, ..caller.clone() }
}

fn in_sub_account(column: Column) -> bool {
    matches!(column, S0 | S1 | SC | LockedInSubAccount | PastDueInSubAccount | SuspendedInSubAccount | ImportedInSubAccount)
}

#[tokio::test]
async fn assigning_in_every_state() {
    let yard = Yard::new().await;
    let cells = [
        (P0, "done"),
        (P1, "done"),
        (S0, "done"),
        (S1, "done"),
        (SC, "done"),
        (LockedInPool, "done"),
        (LockedInSubAccount, "done"),
        (PastDueInPool, "done"),
        (PastDueInSubAccount, "done"),
        (SuspendedInPool, "done"),
        (RL, "number_released"),
        (XX, "number_gone"),
        (IM, "done"),
    ];
    let reception = agent(&yard.app, &yard.owner, "Second reception", Some(&yard.harbor), true).await;
    for (column, expected) in cells {
        let number = yard.number(column).await;
        let (own, other) = if in_sub_account(column) { (&reception, &yard.front_desk) } else { (&yard.night_line, &yard.harbor_agent) };
        let told = yard.outcome(&number.id, moving::assign(&yard.app.state, &yard.owner, &number.id, own)).await;
        assert_eq!(told, expected, "{column:?}");
        if expected == "done" {
            assert_eq!(yard.read(&number.id).await.agent_id(), Some(own.as_str()), "{column:?}: the new one replaces the old one");
            let again = yard.outcome(&number.id, moving::assign(&yard.app.state, &yard.owner, &number.id, own)).await;
            assert_eq!(again, "noop", "{column:?}: the same agent again");
            let foreign = yard.outcome(&number.id, moving::assign(&yard.app.state, &yard.owner, &number.id, other)).await;
            assert_eq!(foreign, "not_found", "{column:?}: an agent of another place");
        }
    }
}

#[tokio::test]
async fn assigning_warns_of_what_keeps_calls_away() {
    let yard = Yard::new().await;
    let number = yard.number(SuspendedInPool).await;
    let changed = moving::assign(&yard.app.state, &yard.owner, &number.id, &yard.draft).await.expect("assigned");
    assert_eq!(changed.warnings, [Warning::NoPublishedVersion, Warning::Suspended]);
}

#[tokio::test]
async fn unassigning_in_every_state() {
    let yard = Yard::new().await;
    let cells = [
        (P0, "noop"),
        (P1, "done"),
        (S0, "noop"),
        (S1, "done"),
        (SC, "done"),
        (LockedInPool, "noop"),
        (PastDueInPool, "noop"),
        (RL, "number_released"),
        (XX, "number_gone"),
        (IM, "noop"),
    ];
    for (column, expected) in cells {
        let number = yard.number(column).await;
        let told = yard.outcome(&number.id, moving::unassign(&yard.app.state, &yard.owner, &number.id)).await;
        assert_eq!(told, expected, "{column:?}");
        let after = yard.read(&number.id).await;
        assert_eq!(after.sub_account_id, number.sub_account_id, "{column:?}: it stays where it is");
        assert_eq!(after.last_call_at, number.last_call_at, "{column:?}: the clock runs on");
    }
    let locked = yard.number(LockedInPool).await;
    moving::assign(&yard.app.state, &yard.owner, &locked.id, &yard.front_desk).await.expect("a lock does not stop it");
    assert_eq!(yard.outcome(&locked.id, moving::unassign(&yard.app.state, &yard.owner, &locked.id)).await, "done");
}

#[tokio::test]
async fn handing_over_in_every_state() {
    let yard = Yard::new().await;
    let cells = [
        (P0, "done"),
        (P1, "number_in_use"),
        (S0, "number_in_use"),
        (S1, "number_in_use"),
        (SC, "number_in_use"),
        (LockedInPool, "number_locked"),
        (LockedInSubAccount, "number_locked"),
        (PastDueInPool, "past_due"),
        (SuspendedInPool, "past_due"),
        (PastDueInSubAccount, "number_in_use"),
        (RL, "number_released"),
        (XX, "number_gone"),
        (IM, "done"),
        (ImportedInSubAccount, "number_in_use"),
    ];
    let missing = String::from("019aa000-0000-7000-8000-000000000000");
    let disabled = disabled_sub_account(&yard).await;
    for (column, expected) in cells {
        let number = yard.number(column).await;
        // Whether the number can move is answered before whether the target can take it.
        for (target, told) in [(&disabled, "sub_account_disabled"), (&missing, "not_found"), (&yard.lakeside, "done")] {
            let expected = if expected == "done" { told } else { expected };
            let outcome = yard.outcome(&number.id, moving::hand_over(&yard.app.state, &yard.owner, &number.id, target)).await;
            assert_eq!(outcome, expected, "{column:?}");
        }
        if matches!(column, S0 | S1 | SC) {
            let same = yard.outcome(&number.id, moving::hand_over(&yard.app.state, &yard.owner, &number.id, &yard.harbor)).await;
            assert_eq!(same, "noop", "{column:?}");
        }
    }
}

async fn disabled_sub_account(yard: &Yard) -> String {
    let id = sub_account(&yard.app, &yard.owner, "Closed for now").await;
    let input = sub_accounts::SubAccountInput { name: String::from("Closed for now"), budget: String::new() };
    sub_accounts::edit(&yard.app.state, &yard.owner, &id, &input, true).await.expect("disabled");
    id
}

#[tokio::test]
async fn taking_back_in_every_state() {
    let yard = Yard::new().await;
    let cells = [
        (P0, "not_in_sub_account", "not_in_sub_account"),
        (P1, "not_in_sub_account", "not_in_sub_account"),
        (S0, "done", "done"),
        (S1, "done", "done"),
        (SC, "did_cool_off_in_effect", "done"),
        (LockedInPool, "not_in_sub_account", "not_in_sub_account"),
        (LockedInSubAccount, "number_locked", "number_locked"),
        (PastDueInSubAccount, "done", "done"),
        (SuspendedInSubAccount, "done", "done"),
        (RL, "not_in_sub_account", "not_in_sub_account"),
        (XX, "number_gone", "number_gone"),
        (IM, "not_in_sub_account", "not_in_sub_account"),
        (ImportedInSubAccount, "done", "done"),
    ];
    for (column, plain, by_force) in cells {
        for (force, caller, expected) in [
            (Force::No, yard.owner.clone(), plain),
            (forced("the customer asked by phone"), admin(&yard.owner), by_force),
            (forced("the customer asked by phone"), yard.owner.clone(), "admin_required"),
        ] {
            let number = yard.number(column).await;
            let told = yard.outcome(&number.id, moving::take_back(&yard.app.state, &caller, &number.id, force.clone())).await;
            assert_eq!(told, expected, "{column:?} {force:?}");
            if expected == "done" {
                let after = yard.read(&number.id).await;
                assert_eq!((after.sub_account_id.as_deref(), after.agent_id()), (None, None), "{column:?}");
            }
        }
    }
}

#[tokio::test]
async fn the_cool_off_ends_at_the_very_second() {
    let yard = Yard::new().await;
    let number = yard.number(S0).await;
    let called_at = Timestamp::from_micros(yard.app.state.now().micros() + 1);
    yard.called(&number.e164, called_at).await.expect("reported");
    let until = called_at.plus_days(DAYS).rounded_up_to_second();
    let take_back = || moving::take_back(&yard.app.state, &yard.owner, &number.e164, Force::No);
    yard.app.clock.set(Timestamp::from_micros(until.micros() - 1));
    let refused = refusal(take_back().await.expect_err("a microsecond too early"));
    assert_eq!(refused, Refusal::DidCoolOffInEffect { cool_off_until: until, remaining_s: 1 });
    yard.app.clock.set(until);
    assert_eq!(yard.outcome(&number.id, take_back()).await, "done");
}

#[tokio::test]
async fn taking_back_clears_agent_and_routes() {
    let yard = Yard::new().await;
    let number = yard.number(S1).await;
    let input = RouteInput {
        name: String::from("Office"),
        kind: String::from("host"),
        destination: String::from("pbx.harbor.example"),
        edge_strategy_id: None,
    };
    let route = routes::create(&yard.app.state, &yard.owner, &input, Some(&yard.harbor)).await.expect("a route");
    routes::set_for_number(&yard.app.state, &yard.owner, &number.id, Some(&route.id), None).await.expect("set");
    moving::take_back(&yard.app.state, &yard.owner, &number.id, Force::No).await.expect("taken back");
    let after = yard.read(&number.id).await;
    assert_eq!((after.agent_id(), after.primary_route_id.as_deref(), after.version > number.version), (None, None, true));
    let pool = moving::hand_over(&yard.app.state, &yard.owner, &number.id, &yard.lakeside).await;
    assert!(pool.is_ok(), "and it may go elsewhere at once");
}

#[tokio::test]
async fn force_is_refused_before_the_number_is_looked_up() {
    let yard = Yard::new().await;
    let other = yard.app.organization("Cobalt", 0).await;
    let number = yard.number(S0).await;
    for key in [number.id.as_str(), "unknown", "+14155559999"] {
        let told = moving::take_back(&yard.app.state, &other, key, forced("I would like to have it")).await.expect_err("a refusal");
        assert_eq!(code(told), Code::AdminRequired, "{key}");
    }
    // An operator's key that belongs to an organization reaches that organization's numbers only.
    let told = moving::take_back(&yard.app.state, &admin(&other), &number.id, forced("I would like to have it")).await;
    assert_eq!(code(told.expect_err("a refusal")), Code::NotFound);
    assert_eq!(yard.read(&number.id).await.version, number.version);
}

#[tokio::test]
async fn force_needs_a_reason_and_is_audited_also_when_no_clock_ran() {
    let yard = Yard::new().await;
    let operator = admin(&yard.owner);
    for (column, skipped) in [(SC, DAYS * 86_400 - 1), (S0, 0)] {
        let number = yard.number(column).await;
        yard.app.clock.advance_s(1);
        for reason in [None, Some(String::from("too short"))] {
            let told = moving::take_back(&yard.app.state, &operator, &number.id, Force::Yes { reason }).await.expect_err("a refusal");
            assert_eq!(code(told), Code::ReasonRequired);
        }
        moving::take_back(&yard.app.state, &operator, &number.id, forced("court order, case 26-1183")).await.expect("forced");
        let overview = cool_offs::overview(&yard.app.state, "").await.expect("an overview");
        let latest = overview.overrides.first().expect("the override is audited");
        assert_eq!(
            (latest.e164.as_str(), latest.skipped_s, latest.reason.as_str()),
            (number.e164.as_str(), skipped, "court order, case 26-1183")
        );
        let kinds = yard.events(&number.id).await;
        assert_eq!(kinds.contains(&String::from("cool_off.forced")), skipped > 0);
        assert_eq!(kinds.last().map(String::as_str), Some("number.taken_back"));
    }
    let vobiz = Caller { channel: Channel::Vobiz, ..operator };
    let number = yard.number(SC).await;
    moving::take_back(&yard.app.state, &vobiz, &number.id, Force::Yes { reason: None }).await.expect("that dialect has no reason");
    assert_eq!(
        yard.app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'cool_off.forced' AND reason IS NULL AND channel = 'vobiz'").await,
        1
    );
}

#[tokio::test]
async fn the_operator_forces_any_organizations_number() {
    let yard = Yard::new().await;
    let operator = Actor::new(ActorKind::Platform, "u-op", "Dana Okafor");
    let force = |id: String, reason: &'static str, typed: String| {
        let (app, operator) = (&yard.app.state, &operator);
        async move { cool_offs::force(app, operator, &id, reason, &typed).await }
    };
    let number = yard.number(SC).await;
    let digits = number.e164[8..].to_owned();
    for (id, reason, typed, expected) in [
        (&number.id, "short", &digits, "reason_required"),
        (&number.id, "a reason that is long enough", &String::from("0000"), "validation"),
        (&String::from("unknown"), "a reason that is long enough", &digits, "not_found"),
        (&number.id, "a reason that is long enough", &digits, "done"),
        (&number.id, "a reason that is long enough", &digits, "not_in_sub_account"),
    ] {
        assert_eq!(yard.outcome(&number.id, force(id.clone(), reason, typed.clone())).await, expected);
    }
    assert_eq!(yard.app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'cool_off.forced' AND actor_kind = 'platform'").await, 1);
    let locked = yard.number(LockedInSubAccount).await;
    let told = force(locked.id.clone(), "a reason that is long enough", locked.e164[8..].to_owned());
    assert_eq!(yard.outcome(&locked.id, told).await, "number_locked");
}

#[tokio::test]
async fn other_tenants_find_nothing() {
    let yard = Yard::new().await;
    let other = yard.app.organization("Cobalt", 0).await;
    let neighbour = yard.member_of(&yard.lakeside);
    let number = yard.number(S0).await;
    for caller in [&other, &neighbour] {
        for key in [number.id.as_str(), number.e164.as_str(), &number.e164[1..]] {
            let state = &yard.app.state;
            let told = [
                yard.outcome(&number.id, moving::assign(state, caller, key, &yard.harbor_agent)).await,
                yard.outcome(&number.id, moving::unassign(state, caller, key)).await,
                yard.outcome(&number.id, moving::take_back(state, caller, key, Force::No)).await,
            ];
            assert_eq!(told, ["not_found"; 3], "{key}");
        }
    }
    let foreign = moving::hand_over(&yard.app.state, &other, &number.id, &yard.harbor).await.expect_err("a refusal");
    assert_eq!(code(foreign), Code::NotFound);
}

#[tokio::test]
async fn a_sub_accounts_own_people_return_numbers_but_hand_over_nothing() {
    let yard = Yard::new().await;
    let member = yard.member_of(&yard.harbor);
    let (idle, called) = (yard.number(S1).await, yard.number(SC).await);
    let told = moving::hand_over(&yard.app.state, &member, &idle.id, &yard.lakeside).await.expect_err("a refusal");
    assert_eq!(code(told), Code::RoleTooLow);
    assert_eq!(
        yard.outcome(&called.id, moving::take_back(&yard.app.state, &member, &called.id, Force::No)).await,
        "did_cool_off_in_effect"
    );
    assert_eq!(yard.outcome(&idle.id, moving::take_back(&yard.app.state, &member, &idle.id, Force::No)).await, "done");
}

#[tokio::test]
async fn the_board_moves_each_number_by_itself() {
    let yard = Yard::new().await;
    let agent = Target::Agent(yard.night_line.clone());
    let lakeside = Target::SubAccount(yard.lakeside.clone());
    let cells = [
        (P0, &Target::Free, "noop"),
        (P1, &Target::Free, "done"),
        (S0, &Target::Free, "done"),
        (S1, &Target::Free, "done"),
        (SC, &Target::Free, "did_cool_off_in_effect"),
        (LockedInSubAccount, &Target::Free, "number_locked"),
        (RL, &Target::Free, "number_released"),
        (P0, &agent, "done"),
        (P1, &agent, "done"),
        (S0, &agent, "number_in_sub_account"),
        (RL, &agent, "number_released"),
        (P0, &lakeside, "done"),
        (P1, &lakeside, "done"),
        (S0, &lakeside, "number_in_use"),
        (LockedInPool, &lakeside, "number_locked"),
        (PastDueInPool, &lakeside, "past_due"),
        (XX, &lakeside, "number_gone"),
    ];
    for (column, target, expected) in cells {
        let number = yard.number(column).await;
        let ids = [number.id.clone()];
        let moved = async {
            let moved = moving::move_numbers(&yard.app.state, &yard.owner, &ids, target).await?;
            assert_eq!(moved.first().and_then(|row| row.e164.as_ref()), Some(&number.e164));
            match moved.into_iter().find_map(|row| row.refusal) {
                Some(refusal) => Err(refusal.into()),
                None => Ok(()),
            }
        };
        assert_eq!(yard.outcome(&number.id, moved).await, expected, "{column:?} to {target:?}");
    }
}

#[tokio::test]
async fn from_an_agent_to_a_sub_account_is_both_or_neither() {
    let yard = Yard::new().await;
    let (free, locked) = (yard.number(P1).await, yard.number(P1).await);
    dialyard::server::services::numbers::set_locked(&yard.app.state, &yard.owner, &locked.id, true).await.expect("locked");
    let before = yard.traces(&locked.id).await;
    let ids = [free.id.clone(), locked.id.clone(), String::from("unknown")];
    let target = Target::SubAccount(yard.harbor.clone());
    let moved = moving::move_numbers(&yard.app.state, &yard.owner, &ids, &target).await.expect("outcomes");
    let codes: Vec<Option<Code>> = moved.iter().map(|row| row.refusal.as_ref().map(Refusal::code)).collect();
    assert_eq!(codes, [None, Some(Code::NumberLocked), Some(Code::NotFound)]);
    let events = yard.events(&free.id).await;
    assert_eq!(events.get(events.len() - 2..), Some([String::from("number.unassigned"), String::from("number.handed_over")].as_slice()));
    assert_eq!(yard.traces(&locked.id).await, before);
    assert_eq!(yard.read(&locked.id).await.agent_id(), Some(yard.front_desk.as_str()), "it keeps its agent");
}

#[tokio::test]
async fn a_move_names_one_to_two_hundred_numbers() {
    let yard = Yard::new().await;
    let many: Vec<String> = (0..201).map(|index| format!("n{index}")).collect();
    for ids in [&[][..], &many] {
        let told = moving::move_numbers(&yard.app.state, &yard.owner, ids, &Target::Free).await.expect_err("a refusal");
        assert_eq!(code(told), Code::Validation);
    }
    let viewer = Caller { role: Role::Viewer, ..yard.owner.clone() };
    let board = board(&yard.app.state, &viewer, &BoardWanted::default()).await.expect("a board");
    assert!(!board.can_move, "a viewer looks on");
}
