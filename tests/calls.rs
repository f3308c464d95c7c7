//! Calls that the switch reports, and where it is told to send them.

mod support;

use dialyard::domain::audit::{Actor, ActorKind, Channel};
use dialyard::domain::code::Code;
use dialyard::domain::number::Warning;
use dialyard::domain::time::Timestamp;
use dialyard::server::carriers::Carriers;
use dialyard::server::config::ImportPolicy;
use dialyard::server::services::agents::{self, AgentInput};
use dialyard::server::services::calls::{self, Report, Reporter};
use dialyard::server::services::routes::{self, RouteInput};
use dialyard::server::services::routing::{Hop, Routing, Silence, look_up};
use dialyard::server::store::calls::Direction;
use support::TestApp;
use support::owned::Column::{self, *};
use support::owned::{Yard, code};

fn report(id: &str, e164: &str, started_at: Timestamp) -> Report {
    Report { call_id: id.to_owned(), e164: e164.to_owned(), direction: Direction::Inbound, started_at, ended_at: None }
}

fn switch() -> Reporter {
    Reporter::Platform { actor: Actor::new(ActorKind::Key, "k-switch", "Switch"), channel: Channel::Native }
}

#[tokio::test]
async fn a_call_sets_the_clock_and_only_forward() {
    let yard = Yard::new().await;
    let number = yard.number(S1).await;
    yard.app.clock.advance_s(3_600);
    let now = yard.app.state.now();
    let (early, late) = (now.plus_seconds(-600), now.plus_seconds(-60));
    for (at, clock) in [(late, late), (early, late), (now, now)] {
        let told = yard.called(&number.e164, at).await.expect("reported");
        assert_eq!((told.new, told.last_call_at), (true, Some(clock)));
        assert_eq!(yard.read(&number.id).await.last_call_at, Some(clock));
    }
    assert_eq!(yard.read(&number.id).await.version, number.version, "a call is no decision");
    assert_eq!(yard.app.scalar("SELECT COUNT(*) FROM calls").await, 3);
}

#[tokio::test]
async fn a_report_counts_once() {
    let yard = Yard::new().await;
    let number = yard.number(P1).await;
    let now = yard.app.state.now();
    let owner = Reporter::Organization(yard.owner.clone());
    let first = calls::report(&yard.app.state, &owner, &report("c-1", &number.e164, now)).await.expect("reported");
    let traces = yard.traces(&number.id).await;
    let again = calls::report(&yard.app.state, &owner, &report(" c-1 ", &number.e164[1..], now)).await.expect("the same one");
    assert_eq!((again.new, again.call.id), (false, first.call.id));
    assert_eq!(yard.traces(&number.id).await, traces);
    for changed in
        [report("c-1", &number.e164, now.plus_seconds(-1)), Report { direction: Direction::Outbound, ..report("c-1", &number.e164, now) }]
    {
        let told = calls::report(&yard.app.state, &owner, &changed).await.expect_err("a refusal");
        assert_eq!(code(told), Code::CallConflict);
    }
    let platform = calls::report(&yard.app.state, &switch(), &report("c-1", &number.e164, now)).await.expect("another owner of keys");
    assert!(platform.new);
}

#[tokio::test]
async fn a_report_that_makes_no_sense_is_refused() {
    let yard = Yard::new().await;
    let number = yard.number(P0).await;
    let now = yard.app.state.now();
    let owner = Reporter::Organization(yard.owner.clone());
    let good = report("c-1", &number.e164, now);
    let bad = [
        report(" ", &number.e164, now),
        report("c-1", "+1415", now),
        report("c-1", &number.e164, now.plus_seconds(61)),
        Report { ended_at: Some(now.plus_seconds(-1)), ..good.clone() },
    ];
    for report in bad {
        assert_eq!(code(calls::report(&yard.app.state, &owner, &report).await.expect_err("a refusal")), Code::Validation, "{report:?}");
    }
    calls::report(&yard.app.state, &owner, &report("c-2", &number.e164, now.plus_seconds(60)))
        .await
        .expect("a clock that is a minute ahead");
    let sub_account = Reporter::Organization(yard.member_of(&yard.harbor));
    assert_eq!(code(calls::report(&yard.app.state, &sub_account, &good).await.expect_err("a refusal")), Code::RoleTooLow);
    assert_eq!(yard.app.scalar("SELECT COUNT(*) FROM calls").await, 1);
}

#[tokio::test]
async fn a_call_before_the_ownership_moves_no_clock() {
    let yard = Yard::new().await;
    let number = yard.number(P0).await;
    let told = yard.called(&number.e164, number.created_at.plus_seconds(-1)).await.expect("stored");
    assert_eq!((told.new, told.last_call_at), (true, None));
    assert_eq!(yard.read(&number.id).await.last_call_at, None);
}

#[tokio::test]
async fn calls_of_every_state() {
    let yard = Yard::new().await;
    let other = yard.app.organization("Cobalt", 0).await;
    let cells = [
        (P0, true),
        (P1, true),
        (S0, true),
        (SC, true),
        (LockedInPool, true),
        (PastDueInPool, true),
        (SuspendedInPool, true),
        (RL, true),
        (XX, false),
        (IM, true),
    ];
    for (column, taken) in cells {
        let number = yard.number(column).await;
        yard.app.clock.advance_s(1);
        let now = yard.app.state.now();
        let told = yard.called(&number.e164, now).await;
        match (taken, told) {
            (true, Ok(told)) => assert_eq!(told.last_call_at, Some(now), "{column:?}"),
            (false, Err(error)) => assert_eq!(code(error), Code::NotFound, "{column:?}"),
            (_, told) => panic!("{column:?}: {told:?}"),
        }
        let foreign = calls::report(&yard.app.state, &Reporter::Organization(other.clone()), &report("c-9", &number.e164, now)).await;
        assert_eq!(code(foreign.expect_err("a refusal")), Code::NotFound);
    }
    let nobody = calls::report(&yard.app.state, &switch(), &report("c-9", "+14155559999", yard.app.state.now())).await;
    assert_eq!(code(nobody.expect_err("a refusal")), Code::NotFound);
}

async fn route(yard: &Yard, number: &str, place: Option<&str>, failover: bool) -> String {
    let input = RouteInput {
        name: String::from("Office"),
        kind: String::from("host"),
        destination: String::from("pbx.example"),
        edge_strategy_id: None,
    };
    let id = routes::create(&yard.app.state, &yard.owner, &input, place).await.expect("a route").id;
    let (primary, second) = if failover { (None, Some(id.as_str())) } else { (Some(id.as_str()), None) };
    routes::set_for_number(&yard.app.state, &yard.owner, number, primary, second).await.expect("set");
    id
}

fn kinds(routing: &Routing) -> Vec<&'static str> {
    routing.hops.iter().map(|hop| if matches!(hop, Hop::Agent(_)) { "agent" } else { "route" }).collect()
}

async fn routed(yard: &Yard, column: Column) -> Routing {
    let number = yard.number(column).await;
    look_up(&yard.app.state, None, &number.e164).await.expect("a routing")
}

#[tokio::test]
async fn who_answers_in_every_state() {
    let yard = Yard::new().await;
    let cells = [
        (P0, &[][..], Some(Silence::NothingSet)),
        (P1, &["agent"], None),
        (S0, &[], Some(Silence::NothingSet)),
        (S1, &["agent"], None),
        (SC, &["agent"], None),
        (LockedInPool, &[], Some(Silence::NothingSet)),
        (PastDueInPool, &[], Some(Silence::NothingSet)),
        (SuspendedInPool, &[], Some(Silence::Suspended)),
        (RL, &[], Some(Silence::Released)),
        (IM, &[], Some(Silence::NothingSet)),
    ];
    for (column, hops, silence) in cells {
        let routing = routed(&yard, column).await;
        assert_eq!((kinds(&routing).as_slice(), routing.silence), (hops, silence), "{column:?}");
    }
    let gone = yard.number(XX).await;
    assert_eq!(code(look_up(&yard.app.state, None, &gone.e164).await.expect_err("a refusal")), Code::NotFound);
}

#[tokio::test]
async fn the_agent_answers_then_the_primary_then_the_failover() {
    let yard = Yard::new().await;
    let number = yard.number(P1).await;
    route(&yard, &number.id, None, true).await;
    let routing = look_up(&yard.app.state, Some(&yard.owner), &number.e164).await.expect("a routing");
    assert_eq!(kinds(&routing), ["agent", "route"]);
    agents::delete(&yard.app.state, &yard.owner, &yard.front_desk).await.expect("deleted");
    let routing = look_up(&yard.app.state, Some(&yard.owner), &number.e164).await.expect("a routing");
    assert_eq!((kinds(&routing).as_slice(), routing.silence), (["route"].as_slice(), None));
}

#[tokio::test]
async fn a_draft_is_skipped_and_told_of() {
    let yard = Yard::new().await;
    let number = yard.number(P0).await;
    dialyard::server::services::moving::assign(&yard.app.state, &yard.owner, &number.id, &yard.draft).await.expect("assigned");
    let routing = look_up(&yard.app.state, None, &number.e164).await.expect("a routing");
    assert_eq!(
        (routing.silence, routing.warnings.as_slice()),
        (Some(Silence::NoPublishedVersion), [Warning::NoPublishedVersion].as_slice())
    );
    let set = route(&yard, &number.id, None, false).await;
    let routing = look_up(&yard.app.state, None, &number.e164).await.expect("a routing");
    assert!(matches!(routing.hops.as_slice(), [Hop::Route(hop)] if hop.id == set));
    assert_eq!((routing.silence, routing.warnings.as_slice()), (None, [Warning::NoPublishedVersion].as_slice()));
    let input = AgentInput { name: String::from("Billing help"), kind: String::from("person"), destination: String::from("+14155550123") };
    agents::edit(&yard.app.state, &yard.owner, &yard.draft, &input).await.expect("edited");
    agents::publish(&yard.app.state, &yard.owner, &yard.draft).await.expect("published");
    let routing = look_up(&yard.app.state, None, &number.e164).await.expect("a routing");
    assert_eq!((kinds(&routing).as_slice(), routing.warnings.is_empty()), (["agent", "route"].as_slice(), true));
    agents::edit(&yard.app.state, &yard.owner, &yard.draft, &AgentInput { destination: String::from("+14155550124"), ..input })
        .await
        .expect("edited");
    let routing = look_up(&yard.app.state, None, &number.e164).await.expect("a routing");
    assert!(
        matches!(routing.hops.first(), Some(Hop::Agent(agent)) if agent.destination.as_deref() == Some("+14155550123")),
        "the published version answers"
    );
}

#[tokio::test]
async fn unverified_imports_and_foreign_numbers() {
    let app = TestApp::with(Carriers::default(), |settings| settings.import_policy = ImportPolicy::Approve).await;
    let yard = Yard::of(app).await;
    assert_eq!(routed(&yard, IM).await.silence, Some(Silence::Unverified));
    let number = yard.number(S1).await;
    let other = yard.app.organization("Cobalt", 0).await;
    for caller in [&other, &yard.member_of(&yard.lakeside)] {
        assert_eq!(code(look_up(&yard.app.state, Some(caller), &number.e164).await.expect_err("a refusal")), Code::NotFound);
    }
    assert!(look_up(&yard.app.state, Some(&yard.member_of(&yard.harbor)), &number.e164).await.is_ok());
    for text in ["nonsense", "+14155559999"] {
        assert_eq!(code(look_up(&yard.app.state, None, text).await.expect_err("a refusal")), Code::NotFound);
    }
}
