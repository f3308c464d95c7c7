//! Agents, routes and sub-accounts: making, changing and deleting them, and what a deletion does to numbers.

mod support;

use dialyard::domain::code::Code;
use dialyard::domain::money::Micros;
use dialyard::domain::refusal::Refusal;
use dialyard::server::error::Error;
use dialyard::server::services::agents::{self, AgentInput};
use dialyard::server::services::holds;
use dialyard::server::services::moving::{self, Force};
use dialyard::server::services::releasing;
use dialyard::server::services::routes::{self, RouteChange, RouteInput};
use dialyard::server::services::sub_accounts::{self, SubAccountInput};
use support::OWN_STOCK;
use support::owned::Column::*;
use support::owned::{Yard, code, refusal};

fn agent(name: &str, kind: &str, destination: &str) -> AgentInput {
    AgentInput { name: name.to_owned(), kind: kind.to_owned(), destination: destination.to_owned() }
}

fn route(kind: &str, destination: &str) -> RouteInput {
    RouteInput { name: String::from("Office"), kind: kind.to_owned(), destination: destination.to_owned(), edge_strategy_id: None }
}

fn named(name: &str, budget: &str) -> SubAccountInput {
    SubAccountInput { name: name.to_owned(), budget: budget.to_owned() }
}

fn fields(error: Error) -> Vec<String> {
    match refusal(error) {
        Refusal::Validation { errors } => errors.into_iter().map(|error| error.field).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_agent_goes_from_draft_to_versions() {
    let yard = Yard::new().await;
    let (state, owner) = (&yard.app.state, &yard.owner);
    let made = agents::create(state, owner, &agent(" Desk ", "person", "+1 415 555 0123"), None, false).await.expect("made");
    assert_eq!((made.name.as_str(), made.draft_destination.as_str(), made.published_version), ("Desk", "+14155550123", None));
    let first = agents::publish(state, owner, &made.id).await.expect("published");
    assert_eq!((first.published_version, first.published_destination.as_deref()), (Some(1), Some("+14155550123")));
    let again = agents::publish(state, owner, &made.id).await.expect("no change");
    assert_eq!(again.published_version, Some(1), "an equal draft makes no version");
    let edited = agents::edit(state, owner, &made.id, &agent("Desk", "person", "sip:desk@pbx.example")).await.expect("edited");
    assert_eq!(edited.published_destination.as_deref(), Some("+14155550123"), "calls go on to what is published");
    let second = agents::publish(state, owner, &made.id).await.expect("published");
    assert_eq!((second.published_version, second.published_destination.as_deref()), (Some(2), Some("sip:desk@pbx.example")));
    assert_eq!(yard.app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'agent.published' AND object_label = 'Desk'").await, 2);
}

#[tokio::test]
async fn an_agent_that_makes_no_sense_names_its_fields() {
    let yard = Yard::new().await;
    let (state, owner) = (&yard.app.state, &yard.owner);
    let told = agents::create(state, owner, &agent(" ", "robot", "http://plain.example"), None, false).await.expect_err("a refusal");
    assert_eq!(fields(told), ["name", "kind", "destination"]);
    let place = Some("019aa000-0000-7000-8000-000000000000");
    let told = agents::create(state, owner, &agent("Desk", "person", "+14155550123"), place, false).await.expect_err("a refusal");
    assert_eq!(code(told), Code::NotFound);
    let other = yard.app.organization("Cobalt", 0).await;
    let told = agents::edit(state, &other, &yard.front_desk, &agent("Mine", "person", "+14155550123")).await.expect_err("a refusal");
    assert_eq!(code(told), Code::NotFound);
    assert_eq!(code(agents::delete(state, &other, &yard.front_desk).await.expect_err("a refusal")), Code::NotFound);
}

#[tokio::test]
async fn a_sub_accounts_own_people_make_and_see_its_agents_only() {
    let yard = Yard::new().await;
    let member = yard.member_of(&yard.harbor);
    let made = agents::create(&yard.app.state, &member, &agent("Night", "person", "+14155550123"), None, true).await.expect("made");
    assert_eq!(made.sub_account_id, Some(yard.harbor.clone()));
    let elsewhere = agents::create(&yard.app.state, &member, &agent("N", "person", "+14155550123"), Some(&yard.lakeside), true).await;
    assert_eq!(code(elsewhere.expect_err("a refusal")), Code::NotFound);
    let list = agents::list(&yard.app.state, &member).await.expect("a list");
    assert_eq!(list.agents.iter().map(|listed| listed.agent.name.as_str()).collect::<Vec<_>>(), ["Night", "Reception"]);
    let all = agents::list(&yard.app.state, &yard.owner).await.expect("a list");
    assert_eq!(all.agents.len(), 6);
}

#[tokio::test]
async fn deleting_an_agent_frees_its_numbers_with_an_event_each() {
    let yard = Yard::new().await;
    let numbers = [yard.number(P1).await, yard.number(P1).await];
    let untouched = yard.number(S1).await;
    let deleted = agents::delete(&yard.app.state, &yard.owner, &yard.front_desk).await.expect("deleted");
    assert_eq!(deleted.freed, numbers.each_ref().map(|number| number.e164.clone()));
    for number in &numbers {
        assert_eq!(
            (yard.read(&number.id).await.status.name(), yard.events(&number.id).await.last().map(String::as_str)),
            ("available", Some("number.unassigned"))
        );
    }
    assert_eq!(yard.read(&untouched.id).await.agent_id(), untouched.agent_id());
    let again = agents::delete(&yard.app.state, &yard.owner, &yard.front_desk).await.expect_err("gone");
    assert_eq!(code(again), Code::NotFound);
    let late = moving::assign(&yard.app.state, &yard.owner, &numbers[0].id, &yard.front_desk).await.expect_err("the loser of the race");
    assert_eq!(code(late), Code::NotFound);
    assert_eq!(yard.app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'agent.deleted'").await, 1);
}

#[tokio::test]
async fn deleting_an_agent_of_a_sub_account_leaves_clock_and_place() {
    let yard = Yard::new().await;
    let number = yard.number(SC).await;
    agents::delete(&yard.app.state, &yard.owner, &yard.harbor_agent).await.expect("deleted");
    let after = yard.read(&number.id).await;
    assert_eq!((after.agent_id(), &after.sub_account_id, after.last_call_at), (None, &number.sub_account_id, number.last_call_at));
}

#[tokio::test]
async fn routes_have_four_kinds_and_public_numbers() {
    let yard = Yard::new().await;
    let (state, owner) = (&yard.app.state, &yard.owner);
    let mut public_numbers = Vec::new();
    for (kind, destination) in [("host", "pbx.example:5060"), ("number", "+14155550123"), ("uri", "sip:a@b.example"), ("sip-reg", "")] {
        public_numbers.push(routes::create(state, owner, &route(kind, destination), None).await.expect(kind).public_number);
    }
    assert_eq!(public_numbers, [10_001, 10_002, 10_003, 10_004]);
    for (kind, destination, field) in [("host", "a b", "destination"), ("fax", "x", "kind"), ("sip-reg", "x", "destination")] {
        let told = routes::create(state, owner, &route(kind, destination), None).await.expect_err("a refusal");
        assert_eq!(fields(told), [field]);
    }
    let routes = routes::list(state, owner, None, 20, None).await.expect("a list").rows;
    let change =
        RouteChange { kind: Some(String::from("host")), destination: Some(String::from("edge2.example")), ..RouteChange::default() };
    let edited = routes::edit(state, owner, &routes[0].id, &change).await.expect("edited");
    assert_eq!(edited.destination, "edge2.example");
    let other = yard.app.organization("Cobalt", 0).await;
    assert_eq!(code(routes::delete(state, &other, &edited.id).await.expect_err("a refusal")), Code::NotFound);
    routes::delete(state, owner, &edited.id).await.expect("deleted");
    assert_eq!(code(routes::delete(state, owner, &edited.id).await.expect_err("gone")), Code::NotFound);
}

#[tokio::test]
async fn a_number_takes_routes_of_its_own_place_only() {
    let yard = Yard::new().await;
    let (state, owner) = (&yard.app.state, &yard.owner);
    let pool = routes::create(state, owner, &route("host", "edge1.example"), None).await.expect("made").id;
    let harbor = routes::create(state, owner, &route("host", "pbx.harbor.example"), Some(&yard.harbor)).await.expect("made").id;
    for (column, own, other) in [(P1, &pool, &harbor), (S1, &harbor, &pool)] {
        let number = yard.number(column).await;
        let set = |route: Option<String>| {
            let id = number.id.clone();
            async move { routes::set_for_number(state, owner, &id, route.as_deref(), None).await }
        };
        assert_eq!(yard.outcome(&number.id, set(Some(other.clone()))).await, "not_found", "{column:?}");
        assert_eq!(yard.outcome(&number.id, set(Some(own.clone()))).await, "done", "{column:?}");
        assert_eq!(yard.outcome(&number.id, set(Some(own.clone()))).await, "noop", "{column:?}");
        assert_eq!(yard.outcome(&number.id, set(None)).await, "done", "{column:?}");
    }
    let released = yard.number(RL).await;
    assert_eq!(yard.outcome(&released.id, routes::set_for_number(state, owner, &released.id, Some(&pool), None)).await, "number_released");
}

#[tokio::test]
async fn a_sub_account_has_fixed_ids_a_name_and_a_budget() {
    let yard = Yard::new().await;
    let (state, owner) = (&yard.app.state, &yard.owner);
    let made = sub_accounts::create(state, owner, &named("Peach Couriers", "25.5")).await.expect("made");
    assert!(made.auth_id.starts_with("SA_"));
    assert_eq!((made.public_number, made.budget), (10_003, Some(Micros(25_500_000))));
    assert_eq!(code(sub_accounts::create(state, owner, &named("Peach Couriers", "")).await.expect_err("taken")), Code::NameTaken);
    assert_eq!(
        code(sub_accounts::edit(state, owner, &made.id, &named("Harbor Dental", ""), false).await.expect_err("taken")),
        Code::NameTaken
    );
    let told = sub_accounts::create(state, owner, &named("", "much")).await.expect_err("a refusal");
    assert_eq!(fields(told), ["name", "budget"]);
    let edited = sub_accounts::edit(state, owner, &made.id, &named("Peach", ""), true).await.expect("edited");
    assert_eq!((edited.name.as_str(), edited.budget, edited.disabled, &edited.auth_id), ("Peach", None, true, &made.auth_id));
    let other = yard.app.organization("Cobalt", 0).await;
    assert_eq!(code(sub_accounts::edit(state, &other, &made.id, &named("Mine", ""), false).await.expect_err("foreign")), Code::NotFound);
    sub_accounts::create(state, &other, &named("Harbor Dental", "")).await.expect("a name is taken inside one organization only");
    let member = yard.member_of(&yard.harbor);
    assert_eq!(code(sub_accounts::create(state, &member, &named("Below", "")).await.expect_err("a refusal")), Code::RoleTooLow);
    let seen = sub_accounts::list(state, &member).await.expect("a list");
    assert_eq!((seen.sub_accounts.len(), seen.can_edit), (1, false));
}

#[tokio::test]
async fn the_list_of_sub_accounts_counts() {
    let yard = Yard::new().await;
    yard.number(S0).await;
    yard.number(SC).await;
    let list = sub_accounts::list(&yard.app.state, &yard.owner).await.expect("a list");
    let rows: Vec<_> = list
        .sub_accounts
        .iter()
        .map(|listed| (listed.sub_account.name.as_str(), listed.numbers, listed.agents, listed.cooling_off, listed.monthly.0))
        .collect();
    assert_eq!(rows, [("Harbor Dental", 2, 1, 1, 2_500_000), ("Lakeside Realty", 0, 1, 0, 0)]);
}

#[tokio::test]
async fn a_sub_account_with_numbers_stays() {
    let yard = Yard::new().await;
    let (state, owner) = (&yard.app.state, &yard.owner);
    let (idle, called) = (yard.number(S0).await, yard.number(SC).await);
    let told = refusal(sub_accounts::delete(state, owner, &yard.harbor).await.expect_err("in use"));
    assert_eq!(told, Refusal::SubAccountInUse { owned: 2, recoverable: 0, ordering: 0 });
    let admin = dialyard::server::services::caller::Caller { may_force: true, ..owner.clone() };
    moving::take_back(state, owner, &idle.id, Force::No).await.expect("taken back");
    moving::take_back(state, &admin, &called.id, Force::Yes { reason: Some(String::from("the customer has left us")) })
        .await
        .expect("forced");
    sub_accounts::delete(state, owner, &yard.harbor).await.expect("deleted");
    assert_eq!(code(sub_accounts::delete(state, owner, &yard.harbor).await.expect_err("gone")), Code::NotFound);
    releasing::release(state, owner, &idle.id, None).await.expect("the numbers live on");
}

#[tokio::test]
async fn deleting_a_sub_account_gives_back_what_it_held() {
    let yard = Yard::new().await;
    let (state, owner) = (&yard.app.state, &yard.owner);
    yard.app.stock(OWN_STOCK, &["+14155559000"]).await;
    holds::place(state, &yard.member_of(&yard.harbor), "+14155559000").await.expect("held");
    let harbor_route = routes::create(state, owner, &route("host", "pbx.harbor.example"), Some(&yard.harbor)).await.expect("made");
    sub_accounts::delete(state, owner, &yard.harbor).await.expect("deleted");
    assert_eq!(yard.app.text("SELECT state FROM holds").await, "released");
    assert_eq!(code(agents::publish(state, owner, &yard.harbor_agent).await.expect_err("gone")), Code::NotFound);
    assert_eq!(code(routes::delete(state, owner, &harbor_route.id).await.expect_err("gone")), Code::NotFound);
    sub_accounts::create(state, owner, &named("Harbor Dental", "")).await.expect("the name is free again");
    let number = yard.number(P0).await;
    let told = moving::hand_over(state, owner, &number.id, &yard.harbor).await.expect_err("gone");
    assert_eq!(code(told), Code::NotFound);
}
