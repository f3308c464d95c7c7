//! Locking, releasing, restoring, and what the jobs do afterwards: the lower half of table 3b.

mod support;

use std::sync::Arc;

use dialyard::domain::account::Role;
use dialyard::domain::audit::ActorKind;
use dialyard::domain::code::Code;
use dialyard::domain::money::Micros;
use dialyard::domain::refusal::{Refusal, Unavailable};
use dialyard::domain::time::SECONDS_PER_DAY;
use dialyard::server::carriers::{Carrier, Carriers, Known};
use dialyard::server::config::{ImportPolicy, Settings};
use dialyard::server::error::CarrierError;
use dialyard::server::jobs::{aging, disconnects};
use dialyard::server::services::agents;
use dialyard::server::services::caller::Caller;
use dialyard::server::services::import;
use dialyard::server::services::moving;
use dialyard::server::services::numbers;
use dialyard::server::services::purchase::{Buy, buy};
use dialyard::server::services::releasing::{self, preview, release, restore};
use dialyard::server::services::routes::{self, RouteInput};
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use support::owned::Column::*;
use support::owned::{Yard, code, refusal};
use support::{SCRIPTED, TestApp};

const RECOVERY_S: i64 = SECONDS_PER_DAY;
/// The job waits this long after the window.
const MARGIN_S: i64 = 60;

#[tokio::test]
async fn locking_in_every_state() {
    let yard = Yard::new().await;
    let cells = [
        (P0, "done", "noop"),
        (P1, "done", "noop"),
        (S0, "done", "noop"),
        (SC, "done", "noop"),
        (LockedInPool, "noop", "done"),
        (PastDueInPool, "done", "noop"),
        (SuspendedInPool, "done", "noop"),
        (RL, "number_released", "number_released"),
        (XX, "number_gone", "number_gone"),
        (IM, "done", "noop"),
    ];
    for (column, locking, unlocking) in cells {
        for (lock, expected) in [(true, locking), (false, unlocking)] {
            let number = yard.number(column).await;
            let told = yard.outcome(&number.id, numbers::set_locked(&yard.app.state, &yard.owner, &number.id, lock)).await;
            assert_eq!(told, expected, "{column:?} {lock}");
        }
    }
}

#[tokio::test]
async fn only_admins_and_the_parents_keys_lock() {
    let yard = Yard::new().await;
    let number = yard.number(S0).await;
    let member = Caller { role: Role::Member, ..yard.owner.clone() };
    let mut key = member.clone();
    key.actor.kind = ActorKind::Key;
    let mut sub_account_key = yard.member_of(&yard.harbor);
    sub_account_key.actor.kind = ActorKind::Key;
    for (caller, expected) in [(&member, "role_too_low"), (&sub_account_key, "role_too_low"), (&key, "done")] {
        let told = yard.outcome(&number.id, numbers::set_locked(&yard.app.state, caller, &number.id, true)).await;
        assert_eq!(told, expected, "{caller:?}");
    }
}

#[tokio::test]
async fn releasing_in_every_state() {
    let yard = Yard::new().await;
    let cells = [
        (P0, "done"),
        (P1, "done"),
        (S0, "number_in_sub_account"),
        (S1, "number_in_sub_account"),
        (SC, "number_in_sub_account"),
        (LockedInPool, "number_locked"),
        (PastDueInPool, "done"),
        (SuspendedInPool, "done"),
        (RL, "noop"),
        (XX, "number_gone"),
        (IM, "done"),
    ];
    for (column, expected) in cells {
        let number = yard.number(column).await;
        let previewed = preview(&yard.app.state, &yard.owner, &number.id).await;
        let told = yard.outcome(&number.id, release(&yard.app.state, &yard.owner, &number.id, None)).await;
        assert_eq!(told, expected, "{column:?}");
        match (expected, previewed) {
            ("done", Ok(preview)) => assert_eq!(preview.refusal, None, "{column:?}"),
            ("noop", Ok(preview)) => assert_eq!(preview.refusal, Some(Code::NumberReleased.into())),
            ("number_gone", Err(error)) => assert_eq!(code(error), Code::NumberGone),
            (refused, Ok(preview)) => assert_eq!(preview.refusal.map(|refusal| refusal.code().name()), Some(refused), "{column:?}"),
            (_, Err(error)) => panic!("{column:?}: {error}"),
        }
        let after = yard.read(&number.id).await;
        if expected == "done" {
            assert_eq!(after.recoverable_until, Some(yard.app.state.now().plus_seconds(RECOVERY_S)));
            assert_eq!((after.agent_id(), after.billing_state.is_unpaid(), after.aging_until), (None, false, None), "{column:?}");
            assert_eq!(after.restore_agent_id.as_deref(), number.agent_id(), "{column:?}: the agent is remembered");
        }
    }
}

#[tokio::test]
async fn a_person_confirms_with_the_last_four_digits() {
    let yard = Yard::new().await;
    let number = yard.number(P0).await;
    let digits = number.e164[8..].to_owned();
    assert_eq!(yard.outcome(&number.id, release(&yard.app.state, &yard.owner, &number.id, Some("0000"))).await, "validation");
    assert_eq!(yard.outcome(&number.id, release(&yard.app.state, &yard.owner, &number.id, Some(&digits))).await, "done");
}

#[tokio::test]
async fn the_preview_says_what_stops() {
    let yard = Yard::new().await;
    let number = yard.number(P1).await;
    yard.called(&number.e164, yard.app.state.now()).await.expect("reported");
    let preview = preview(&yard.app.state, &yard.owner, &number.e164).await.expect("a preview");
    assert_eq!(
        preview.stops,
        [
            "Front desk no longer answers it.",
            "Callers no longer reach anybody. There was 1 call in the last 30 days.",
            "The rental ends now. What is left of the paid month is not refunded.",
        ]
    );
    let recoverable_until = yard.app.state.now().plus_seconds(RECOVERY_S);
    assert_eq!((preview.recoverable_until, preview.aging_until), (recoverable_until, Some(recoverable_until.plus_days(45))));
    assert_eq!((preview.paid_until, preview.confirm.as_str()), (number.next_billing_at, &number.e164[8..]));
}

#[tokio::test]
async fn restoring_in_every_state() {
    let yard = Yard::new().await;
    let cells = [
        (P0, "not_released"),
        (P1, "not_released"),
        (S0, "not_released"),
        (SC, "not_released"),
        (LockedInPool, "not_released"),
        (PastDueInPool, "not_released"),
        (RL, "done"),
        (XX, "restore_too_late"),
        (IM, "not_released"),
    ];
    for (column, expected) in cells {
        let number = yard.number(column).await;
        let told = yard.outcome(&number.id, restore(&yard.app.state, &yard.owner, &number.id)).await;
        assert_eq!(told, expected, "{column:?}");
    }
    let imported = yard.number(IM).await;
    release(&yard.app.state, &yard.owner, &imported.id, None).await.expect("released");
    assert_eq!(restore(&yard.app.state, &yard.owner, &imported.id).await.expect("free").charged, None);
}

#[tokio::test]
async fn a_restore_works_until_the_window_ends_and_not_in_that_moment() {
    let yard = Yard::new().await;
    let (early, late) = (yard.number(RL).await, yard.number(RL).await);
    let until = late.recoverable_until.expect("a window");
    yard.app.clock.set(until.plus_seconds(-1));
    assert_eq!(yard.outcome(&early.id, restore(&yard.app.state, &yard.owner, &early.id)).await, "done");
    yard.app.clock.set(until);
    assert_eq!(yard.outcome(&late.id, restore(&yard.app.state, &yard.owner, &late.id)).await, "restore_too_late");
    let other = yard.app.organization("Cobalt", 0).await;
    assert_eq!(yard.outcome(&late.id, restore(&yard.app.state, &other, &late.id)).await, "not_found");
    let member = yard.member_of(&yard.harbor);
    assert_eq!(yard.outcome(&late.id, restore(&yard.app.state, &member, &late.id)).await, "role_too_low");
}

#[tokio::test]
async fn a_restore_brings_everything_back_and_charges_nothing_inside_the_paid_month() {
    let yard = Yard::new().await;
    let number = yard.number(P1).await;
    let route = pool_route(&yard, "Office").await;
    routes::set_for_number(&yard.app.state, &yard.owner, &number.id, Some(&route), None).await.expect("set");
    numbers::set_label(&yard.app.state, &yard.owner, &number.id, " Main line ").await.expect("labelled");
    yard.called(&number.e164, yard.app.state.now()).await.expect("reported");
    let before = yard.read(&number.id).await;
    let wallet = yard.app.wallet(&yard.owner).await;
    release(&yard.app.state, &yard.owner, &number.id, None).await.expect("released");
    let restored = restore(&yard.app.state, &yard.owner, &number.e164).await.expect("restored");
    assert_eq!((restored.not_restored.as_slice(), restored.charged), ([].as_slice(), None));
    let after = restored.number;
    assert_eq!((&after.status, &after.label, &after.primary_route_id), (&before.status, &before.label, &before.primary_route_id));
    assert_eq!(
        (after.last_call_at, after.next_billing_at, after.anchor_at),
        (before.last_call_at, before.next_billing_at, before.anchor_at)
    );
    assert_eq!((after.released_at, after.recoverable_until, after.restore_agent_id), (None, None, None));
    assert_eq!(yard.app.wallet(&yard.owner).await, wallet);
}

async fn pool_route(yard: &Yard, name: &str) -> String {
    let input = RouteInput {
        name: name.to_owned(),
        kind: String::from("host"),
        destination: String::from("edge1.brightline.example"),
        edge_strategy_id: None,
    };
    routes::create(&yard.app.state, &yard.owner, &input, None).await.expect("a route").id
}

#[tokio::test]
async fn a_restore_names_what_no_longer_exists() {
    let yard = Yard::new().await;
    let number = yard.number(P1).await;
    let (primary, failover) = (pool_route(&yard, "Office").await, pool_route(&yard, "Backup").await);
    routes::set_for_number(&yard.app.state, &yard.owner, &number.id, Some(&primary), Some(&failover)).await.expect("set");
    assert_eq!(code(routes::delete(&yard.app.state, &yard.owner, &primary).await.expect_err("in use")), Code::RouteInUse);
    release(&yard.app.state, &yard.owner, &number.id, None).await.expect("released");
    routes::delete(&yard.app.state, &yard.owner, &primary).await.expect("a released number does not keep it");
    agents::delete(&yard.app.state, &yard.owner, &yard.front_desk).await.expect("deleted");
    let restored = restore(&yard.app.state, &yard.owner, &number.id).await.expect("restored");
    assert_eq!(restored.not_restored, ["agent", "primary route"]);
    assert_eq!((restored.number.agent_id(), restored.number.primary_route_id.as_deref()), (None, None));
    assert_eq!(restored.number.failover_route_id, Some(failover));
}

#[tokio::test]
async fn a_month_that_came_due_while_released_is_paid_first() {
    let yard = Yard::of(TestApp::with(Carriers::default(), |settings| settings.recovery_s = 40 * SECONDS_PER_DAY).await).await;
    let number = yard.number(P0).await;
    release(&yard.app.state, &yard.owner, &number.id, None).await.expect("released");
    let due = number.next_billing_at.expect("rental");
    yard.app.clock.set(due);
    let (before, _) = yard.app.wallet(&yard.owner).await;
    let restored = restore(&yard.app.state, &yard.owner, &number.id).await.expect("restored");
    assert_eq!(restored.charged, Some(number.monthly));
    assert_eq!(yard.app.wallet(&yard.owner).await.0, Micros(before.0 - number.monthly.0));
    assert_eq!((restored.number.periods_charged, restored.number.next_billing_at > Some(due)), (2, true));
    assert_eq!(yard.app.scalar("SELECT COUNT(*) FROM rental_periods WHERE period = 1").await, 1);
    let events = yard.events(&number.id).await;
    assert_eq!(events.get(events.len() - 2..), Some([String::from("rental.charged"), String::from("number.restored")].as_slice()));
}

#[tokio::test]
async fn a_restore_that_is_not_covered_leaves_the_number_released() {
    let app = TestApp::with(Carriers::default(), |settings| settings.recovery_s = 40 * SECONDS_PER_DAY).await;
    let poor = app.organization("Poor", 3).await;
    app.stock(support::OWN_STOCK, &["+14155550199"]).await;
    buy(&app.state, &poor, Buy { e164: String::from("+14155550199"), ..Buy::default() }).await.expect("bought");
    release(&app.state, &poor, "+14155550199", None).await.expect("released");
    app.clock.advance_s(35 * SECONDS_PER_DAY);
    let told = refusal(restore(&app.state, &poor, "+14155550199").await.expect_err("a refusal"));
    let (required, available, shortfall) = (Micros(1_250_000), Micros(750_000), Micros(500_000));
    assert_eq!(told, Refusal::InsufficientFunds { required, available, shortfall });
    assert_eq!(app.text("SELECT status FROM owned_numbers").await, "released");
    assert_eq!(app.scalar("SELECT COUNT(*) FROM rental_periods").await, 1);
}

#[tokio::test]
async fn after_the_window_the_number_leaves_ages_and_returns_to_stock() {
    let yard = Yard::new().await;
    let number = yard.number(RL).await;
    let until = number.recoverable_until.expect("a window");
    yard.app.clock.set(until.plus_seconds(MARGIN_S - 1));
    assert_eq!(disconnects::run(&yard.app.state).await.expect("a run"), 0, "a minute is kept for restores on their way");
    yard.app.clock.set(until.plus_seconds(MARGIN_S));
    assert_eq!(disconnects::run(&yard.app.state).await.expect("a run"), 1);
    assert_eq!(disconnects::run(&yard.app.state).await.expect("a run"), 0, "once");
    let aging_until = until.plus_days(45);
    assert_eq!(
        (yard.read(&number.id).await.aging_until, yard.app.text("SELECT state FROM inventory").await.as_str()),
        (Some(aging_until), "aging")
    );
    assert_eq!(yard.app.scalar("SELECT aging_until FROM inventory").await, aging_until.micros());
    assert_eq!(yard.outcome(&number.id, restore(&yard.app.state, &yard.owner, &number.id)).await, "restore_too_late");
    assert_eq!(yard.outcome(&number.id, moving::unassign(&yard.app.state, &yard.owner, &number.id)).await, "number_gone");
    yard.app.clock.set(aging_until.plus_seconds(-1));
    assert_eq!(aging::run(&yard.app.state).await.expect("a run"), 0);
    yard.app.clock.set(aging_until);
    assert_eq!(aging::run(&yard.app.state).await.expect("a run"), 1);
    assert_eq!(yard.app.text("SELECT state FROM inventory").await, "available");
}

#[tokio::test]
async fn the_last_owner_buys_back_while_it_ages() {
    let yard = Yard::new().await;
    let number = yard.number(RL).await;
    yard.app.clock.advance_s(RECOVERY_S + MARGIN_S);
    disconnects::run(&yard.app.state).await.expect("a run");
    let wish = || Buy { e164: number.e164.clone(), ..Buy::default() };
    let other = yard.app.organization("Cobalt", 10).await;
    let told = refusal(buy(&yard.app.state, &other, wish()).await.expect_err("a refusal"));
    assert!(matches!(told, Refusal::NumberUnavailable { reason: Unavailable::Aging, free_at: Some(_), .. }), "{told:?}");
    buy(&yard.app.state, &yard.owner, wish()).await.expect("bought back");
    let again = yard.read(&number.e164).await;
    assert_ne!(again.id, number.id, "a new ownership");
    assert_eq!(again.last_call_at, None);
    assert_eq!(yard.read(&number.id).await.id, number.id, "the old one is found by its id");
}

#[tokio::test]
async fn without_a_window_aging_is_known_at_once() {
    let yard = Yard::of(TestApp::with(Carriers::default(), |settings| settings.recovery_s = 0).await).await;
    let number = yard.number(RL).await;
    assert_eq!(number.aging_until, Some(yard.app.state.now().plus_days(45)));
    assert_eq!(yard.outcome(&number.id, restore(&yard.app.state, &yard.owner, &number.id)).await, "restore_too_late");
}

/// A carrier that cannot be reached until it is told to answer; it counts how often it was told of a disconnect.
#[derive(Debug, Default)]
struct Moody {
    reachable: std::sync::atomic::AtomicBool,
    told: std::sync::Mutex<Vec<String>>,
}

impl Carrier for Moody {
    fn id(&self) -> &str {
        SCRIPTED
    }

    fn is_built_in(&self) -> bool {
        true
    }

    fn order<'a>(&'a self, _reference: &'a str, _e164: &'a str) -> BoxFuture<'a, Result<Known, CarrierError>> {
        ready(Ok(Known::Confirmed)).boxed()
    }

    fn look_up<'a>(&'a self, _reference: &'a str) -> BoxFuture<'a, Result<Known, CarrierError>> {
        ready(Ok(Known::Confirmed)).boxed()
    }

    fn disconnect<'a>(&'a self, reference: &'a str, _e164: &'a str) -> BoxFuture<'a, Result<(), CarrierError>> {
        self.told.lock().expect("the list").push(reference.to_owned());
        let reachable = self.reachable.load(std::sync::atomic::Ordering::SeqCst);
        ready(if reachable { Ok(()) } else { Err(CarrierError::Transient(String::from("down"))) }).boxed()
    }
}

#[tokio::test]
async fn a_carrier_in_trouble_is_told_again_under_the_same_reference() {
    let carrier = Arc::new(Moody::default());
    let listed: Arc<dyn Carrier> = carrier.clone();
    let app = TestApp::with(Carriers::new([listed]), |_| ()).await;
    let owner = app.organization("Brightline", 10).await;
    app.stock(SCRIPTED, &["+14155550199"]).await;
    buy(&app.state, &owner, Buy { e164: String::from("+14155550199"), ..Buy::default() }).await.expect("bought");
    let number = release(&app.state, &owner, "+14155550199", None).await.expect("released");
    app.clock.advance_s(RECOVERY_S + MARGIN_S);
    assert_eq!(disconnects::run(&app.state).await.expect("a run"), 0);
    let told = restore(&app.state, &owner, &number.id).await.expect_err("the disconnect has begun");
    assert_eq!(code(told), Code::RestoreTooLate);
    carrier.reachable.store(true, std::sync::atomic::Ordering::SeqCst);
    app.clock.advance_s(3_600);
    assert_eq!(disconnects::run(&app.state).await.expect("a run"), 1);
    assert_eq!(*carrier.told.lock().expect("the list"), [number.id.clone(), number.id]);
    let counted_from_the_window = number.recoverable_until.expect("a window").plus_days(45);
    assert_eq!(app.scalar("SELECT aging_until FROM inventory").await, counted_from_the_window.micros());
}

#[tokio::test]
async fn an_imported_number_goes_without_aging_and_only_its_owner_brings_it_back() {
    let yard = Yard::new().await;
    let number = yard.number(IM).await;
    let other = yard.app.organization("Cobalt", 0).await;
    let import_again = |caller: Caller| {
        let (state, e164) = (&yard.app.state, number.e164.clone());
        async move { import::import(state, &caller, &e164, None).await }
    };
    assert!(!import_again(yard.owner.clone()).await.expect("the same number").new);
    release(&yard.app.state, &yard.owner, &number.id, None).await.expect("released");
    let told = refusal(import_again(yard.owner.clone()).await.expect_err("restore it"));
    assert!(matches!(told, Refusal::NumberUnavailable { reason: Unavailable::Taken, restore_until: Some(_), .. }), "{told:?}");
    yard.app.clock.advance_s(RECOVERY_S + MARGIN_S);
    disconnects::run(&yard.app.state).await.expect("a run");
    assert_eq!(yard.read(&number.id).await.aging_until, None);
    let told = refusal(import_again(other.clone()).await.expect_err("it rests"));
    assert!(matches!(told, Refusal::NumberUnavailable { reason: Unavailable::Taken, restore_until: None, owned_by_you: false, .. }));
    yard.app.clock.advance_s(45 * SECONDS_PER_DAY);
    assert!(import_again(other).await.expect("imported").new);
}

#[tokio::test]
async fn importing_is_refused_where_the_number_is_known_here() {
    let yard = Yard::new().await;
    let (bought, stocked) = (yard.number(P0).await, yard.e164());
    yard.app.stock(support::OWN_STOCK, &[&stocked]).await;
    for (e164, mine) in [(&bought.e164, true), (&stocked, false)] {
        let told = refusal(import::import(&yard.app.state, &yard.owner, e164, None).await.expect_err("taken"));
        assert!(
            matches!(told, Refusal::NumberUnavailable { reason: Unavailable::Taken, owned_by_you, .. } if owned_by_you == mine),
            "{told:?}"
        );
    }
    let member = yard.member_of(&yard.harbor);
    let told = import::import(&yard.app.state, &member, &yard.e164(), None).await.expect_err("never a sub-account");
    assert_eq!(code(told), Code::RoleTooLow);
    let fresh = yard.e164();
    let foreign = import::import(&yard.app.state, &yard.owner, &fresh, Some(&yard.harbor_agent)).await.expect_err("not in the pool");
    assert_eq!(code(foreign), Code::NotFound);
    let imported = import::import(&yard.app.state, &yard.owner, &fresh, Some(&yard.front_desk)).await.expect("nothing was kept of it");
    assert_eq!(imported.changed.number.agent_id(), Some(yard.front_desk.as_str()));
    assert_eq!(yard.app.scalar("SELECT COUNT(*) FROM transfers WHERE kind = 'rental' AND ownership_id IN (SELECT id FROM owned_numbers WHERE source = 'imported')").await, 0);
}

#[tokio::test]
async fn the_operator_decides_on_imports() {
    let policy = |policy| move |settings: &mut Settings| settings.import_policy = policy;
    let app = TestApp::with(Carriers::default(), policy(ImportPolicy::Off)).await;
    let owner = app.organization("Brightline", 0).await;
    assert_eq!(code(import::import(&app.state, &owner, "+14155550123", None).await.expect_err("switched off")), Code::Validation);
    let app = TestApp::with(Carriers::default(), policy(ImportPolicy::Approve)).await;
    let owner = app.organization("Brightline", 0).await;
    let imported = import::import(&app.state, &owner, "+442079460123", None).await.expect("imported");
    assert!(!imported.changed.number.verified);
    assert_eq!(code(import::import(&app.state, &owner, "+1415", None).await.expect_err("no number")), Code::Validation);
}

#[tokio::test]
async fn releasing_is_the_owners_alone() {
    let yard = Yard::new().await;
    let (pool, placed) = (yard.number(P0).await, yard.number(S0).await);
    let other = yard.app.organization("Cobalt", 0).await;
    assert_eq!(yard.outcome(&pool.id, release(&yard.app.state, &other, &pool.e164, None)).await, "not_found");
    assert_eq!(yard.outcome(&pool.id, release(&yard.app.state, &yard.member_of(&yard.harbor), &pool.id, None)).await, "not_found");
    let told = yard.outcome(&placed.id, release(&yard.app.state, &yard.member_of(&yard.harbor), &placed.id, None)).await;
    assert_eq!(told, "number_in_sub_account");
    assert!(releasing::preview(&yard.app.state, &other, &pool.id).await.is_err());
}
