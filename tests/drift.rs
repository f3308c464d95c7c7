//! The drift check: each way to drift, counted over everything that is owned, and the list that it leads to.

mod support;

use dialyard::domain::number::Drift;
use dialyard::domain::number::drift::IDLE_DAYS;
use dialyard::server::error::Error;
use dialyard::server::services::caller::Caller;
use dialyard::server::services::numbers::{ListInput, drift, list};
use dialyard::server::services::routes::{self, RouteInput};
use dialyard::server::services::{agents, moving};
use support::owned::Column::*;
use support::owned::Yard;

/// Counts by name, in the order of [`Drift::ALL`], behind how many have drifted at all.
async fn counts(yard: &Yard, caller: &Caller) -> (i64, [i64; 4]) {
    let report = drift(&yard.app.state, caller).await.expect("a report");
    (report.found.any, report.found.kinds.map(|kind| kind.count))
}

async fn listed(yard: &Yard, kind: &str) -> Vec<String> {
    let input = ListInput { drift: kind.to_owned(), sort: String::from("number"), ..ListInput::default() };
    let found = list(&yard.app.state, &yard.owner, &input).await.expect("a list");
    assert_eq!(found.total, i64::try_from(found.lines.len()).expect("few"), "{kind}: the total is that of the filter");
    found.lines.into_iter().map(|line| line.listed.number.e164).collect()
}

#[tokio::test]
async fn a_new_organization_has_drifted_nowhere() {
    let yard = Yard::new().await;
    assert_eq!(counts(&yard, &yard.owner).await, (0, [0; 4]));
    let (free, answered, released) = (yard.number(P0).await, yard.number(P1).await, yard.number(RL).await);
    assert_eq!(counts(&yard, &yard.owner).await, (0, [0; 4]), "a free number that nobody calls waits; a released one has gone");
    for number in [free, answered, released] {
        assert!(!listed(&yard, Drift::ANY).await.contains(&number.e164));
    }
}

#[tokio::test]
async fn each_way_to_drift_is_found_and_listed() {
    let yard = Yard::new().await;
    let unanswered = yard.number(S0).await;
    let called = yard.number(P0).await;
    yard.called(&called.e164, yard.app.state.now()).await.expect("reported");
    let draft = yard.number(P0).await;
    moving::assign(&yard.app.state, &yard.owner, &draft.id, &yard.draft).await.expect("assigned");
    let routed = yard.number(S0).await;
    let input = RouteInput {
        name: String::from("Office"),
        kind: String::from("number"),
        destination: String::from("+13125550190"),
        edge_strategy_id: None,
    };
    let route = routes::create(&yard.app.state, &yard.owner, &input, Some(&yard.harbor)).await.expect("a route");
    routes::set_for_number(&yard.app.state, &yard.owner, &routed.id, Some(&route.id), None).await.expect("set");
    assert_eq!(counts(&yard, &yard.owner).await, (3, [2, 1, 0, 0]), "a route answers");
    assert_eq!(listed(&yard, "no_route").await, [unanswered.e164.as_str(), &called.e164]);
    assert_eq!(listed(&yard, "draft_agent").await, [draft.e164.as_str()]);

    // A route in use cannot be deleted, so only a fault or another program leaves such a row behind.
    let id = route.id.clone();
    let write = yard.app.state.db.write(async move |connection| {
        let done = sqlx::query("UPDATE routes SET deleted_at = 1 WHERE id = $1").bind(&id).execute(connection).await;
        done.map(|_| ()).map_err(Error::from)
    });
    write.await.expect("written");
    assert_eq!(counts(&yard, &yard.owner).await, (4, [2, 1, 1, 0]));
    assert_eq!(listed(&yard, "lost_target").await, [routed.e164.as_str()]);
    assert_eq!(listed(&yard, Drift::ANY).await, [unanswered.e164, called.e164, draft.e164, routed.e164]);
    assert_eq!(counts(&yard, &yard.member_of(&yard.harbor)).await, (2, [1, 0, 1, 0]), "a sub-account's people see their own");
    assert_eq!(counts(&yard, &yard.app.organization("Cobalt", 0).await).await, (0, [0; 4]));
}

#[tokio::test]
async fn a_number_that_costs_money_is_idle_after_thirty_days_without_a_call() {
    let yard = Yard::new().await;
    let (silent, busy, imported) = (yard.number(P1).await, yard.number(P1).await, yard.number(IM).await);
    yard.app.clock.advance_s(IDLE_DAYS * 86_400);
    yard.called(&busy.e164, yard.app.state.now()).await.expect("reported");
    assert_eq!(counts(&yard, &yard.owner).await, (0, [0; 4]), "not before the thirty days are over");
    yard.app.clock.advance_s(1);
    let report = drift(&yard.app.state, &yard.owner).await.expect("a report");
    let idle = &report.found.kinds[3];
    assert_eq!((idle.count, idle.first_e164.as_deref(), idle.monthly), (1, Some(silent.e164.as_str()), silent.monthly));
    assert_eq!(listed(&yard, "idle").await, [silent.e164], "{} costs nothing", imported.e164);
}

#[tokio::test]
async fn a_deleted_agent_leaves_no_lost_target_behind() {
    let yard = Yard::new().await;
    let number = yard.number(P1).await;
    yard.called(&number.e164, yard.app.state.now()).await.expect("reported");
    agents::delete(&yard.app.state, &yard.owner, &yard.front_desk).await.expect("deleted");
    assert_eq!(counts(&yard, &yard.owner).await, (1, [1, 0, 0, 0]), "its number is free, and people call it");
}
