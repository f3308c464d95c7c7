//! `/numbers`, `/board`: the drift line, several numbers at once with their preview and their outcome, and tags, by plain links and forms.

use dialyard::domain::account::Role;
use dialyard::server::services::moving;

use crate::browser::{Person, member, operator_within};
use crate::support::owned::Column::{LockedInPool, P0, P1, S0, SC};
use crate::support::owned::Yard;

async fn somebody(yard: &Yard, role: Role) -> Person {
    member(&yard.app, &yard.owner.organization_id, role).await
}

#[tokio::test]
async fn what_has_drifted_is_told_over_the_list_and_leads_to_its_numbers() {
    let yard = Yard::new().await;
    let admin = somebody(&yard, Role::Admin).await;
    let (fine, silent) = (yard.number(P1).await, yard.number(S0).await);
    let draft = yard.number(P0).await;
    moving::assign(&yard.app.state, &yard.owner, &draft.id, &yard.draft).await.expect("assigned");
    let page = admin.page("/numbers?q=no+such+number").await;
    for text in ["2 need a look.", "Nobody answers", "is a draft", "/numbers?drift=no_route", "/numbers?drift=any"] {
        assert!(page.contains(text), "{text} is missing, though the list is filtered: {page}");
    }
    let found = admin.page("/numbers?drift=no_route").await;
    let row = |e164: &str| format!("href=\"/numbers/{e164}\"");
    assert!(found.contains(&row(&silent.e164)) && !found.contains(&row(&fine.e164)), "{found}");
    assert!(found.contains("Show all numbers"));
    assert!(!admin.page("/numbers?drift=off").await.contains("need a look"), "it can be put away");
}

#[tokio::test]
async fn several_numbers_are_previewed_and_then_released_with_an_outcome_for_each() {
    let yard = Yard::new().await;
    let admin = somebody(&yard, Role::Admin).await;
    let numbers = [yard.number(P1).await, yard.number(LockedInPool).await, yard.number(P0).await];
    let list = admin.page("/numbers?sort=number").await;
    assert!(list.contains("form=\"picked-numbers\"") && list.contains("id=\"picked-numbers\""), "boxes belong to the form: {list}");

    // As the form of ticked boxes sends it: one parameter for each.
    let picked: String = numbers.iter().map(|number| format!("&pick={}", number.id)).collect();
    let from = format!("/numbers?sort=number{picked}&bulk=release");
    let preview = admin.page(&from).await;
    for text in [
        "Release 2 numbers?",
        "Front desk no longer answers it",
        "Would be refused",
        "One of them would be refused",
        "Type 2 to release them",
    ] {
        assert!(preview.contains(text), "{text} is missing: {preview}");
    }
    let ids = numbers.iter().map(|number| number.id.as_str()).collect::<Vec<_>>().join("%2C");
    let refused = admin.refused(&from, "numbers/bulk", &format!("ids={ids}&job=release&typed=3")).await;
    assert!(refused.contains("Type 2: so many of these numbers would be released."), "{refused}");
    assert!(!yard.read(&numbers[0].id).await.is_released(), "nothing was released");

    let told = admin.form(&from, "numbers/bulk", &format!("ids={ids}&job=release&typed=2")).await;
    assert!(told.starts_with("/numbers?sort=number&done=release"), "{told}");
    let outcome = admin.page(&told).await;
    for text in ["2 of 3 released.", "It is released.", "Refused, nothing was changed."] {
        assert!(outcome.contains(text), "{text} is missing: {outcome}");
    }
    assert!(yard.read(&numbers[0].id).await.is_released() && !yard.read(&numbers[1].id).await.is_released());
}

#[tokio::test]
async fn a_move_of_several_asks_for_the_place_first() {
    let yard = Yard::new().await;
    let somebody = somebody(&yard, Role::Member).await;
    let (free, inside) = (yard.number(P0).await, yard.number(S0).await);
    let picked = format!("/numbers?pick={}%2C{}&bulk=move", free.id, inside.id);
    let places = somebody.page(&picked).await;
    assert!(places.contains("Nothing is moved yet") && places.contains("Night line"), "{places}");
    let target = format!("agent%3A{}", yard.night_line);
    let preview = somebody.page(&format!("{picked}&value={target}")).await;
    assert!(preview.contains("Night line becomes its agent.") && preview.contains("Move 1 number"), "{preview}");
    let body = format!("ids={}%2C{}&job=move&value={target}", free.id, inside.id);
    let told = somebody.form(&format!("{picked}&value={target}"), "numbers/bulk", &body).await;
    assert!(somebody.page(&told).await.contains("1 of 2 moved."), "{told}");
    assert_eq!(yard.read(&free.id).await.agent_id(), Some(yard.night_line.as_str()));
    assert!(!somebody.page("/numbers").await.contains("value=\"lock\""), "a member does not lock");
}

#[tokio::test]
async fn tags_are_edited_listed_and_filtered_by() {
    let yard = Yard::new().await;
    let somebody = somebody(&yard, Role::Member).await;
    let (vip, plain) = (yard.number(P0).await, yard.number(P0).await);
    assert!(!somebody.page("/numbers").await.contains("Filter by tag"), "without a tag there is nothing to filter by");
    let from = format!("/numbers/{}?label=1", vip.e164);
    let body = format!("id={}&label=Desk&with_tags=1&tags=vip%2C+north", vip.id);
    assert_eq!(somebody.form(&from, "numbers/label", &body).await, format!("/numbers/{}", vip.e164));
    let page = somebody.page(&from).await;
    assert!(page.contains("value=\"north, vip\"") && page.contains("/numbers?tag=vip"), "{page}");
    let refused = somebody.refused(&from, "numbers/label", &format!("id={}&label=&with_tags=1&tags={}", vip.id, "x".repeat(33))).await;
    assert!(refused.contains("At most 20 tags"), "{refused}");
    somebody.form(&from, "numbers/label", &format!("id={}&label=Front", vip.id)).await;
    let list = somebody.page("/numbers?tag=vip").await;
    assert!(list.contains("Filter by tag") && list.contains("Front") && list.contains(&vip.e164) && !list.contains(&plain.e164), "{list}");
}

#[tokio::test]
async fn the_board_filters_all_cards_and_opens_one_column() {
    let yard = Yard::new().await;
    let viewer = somebody(&yard, Role::Viewer).await;
    for _ in 0..30 {
        yard.imported().await;
    }
    let locked = yard.number(LockedInPool).await;
    let cards = |page: &str| page.matches("<article").count();
    let closed = viewer.page("/board").await;
    assert!(closed.contains("23 more") && cards(&closed) == 8, "{} cards", cards(&closed));
    let opened = viewer.page("/board?open=free").await;
    assert!(opened.contains("7 more") && cards(&opened) == 24, "{} cards", cards(&opened));
    assert_eq!(cards(&viewer.page("/board?open=free&cards=120").await), 31);
    let only = viewer.page("/board?state=locked").await;
    assert!(cards(&only) == 1 && only.contains(&locked.e164), "the filter looks at all numbers, not at those that are shown");
}

#[tokio::test]
async fn routes_of_a_number_are_chosen_on_its_page() {
    let yard = Yard::new().await;
    let somebody = somebody(&yard, Role::Member).await;
    let number = yard.number(P0).await;
    let from = format!("/numbers/{}?routes=1", number.e164);
    assert!(somebody.page(&from).await.contains("There is no route here yet"));
    somebody.form("/routes?new=1", "routes/create", "name=Office&kind=host&destination=pbx.example.com").await;
    let id = yard.app.text("SELECT id FROM routes").await;
    assert!(somebody.page(&from).await.contains("Office: pbx.example.com"));
    let body = format!("id={}&primary_route_id={id}&failover_route_id=", number.id);
    assert_eq!(somebody.form(&from, "numbers/routes", &body).await, format!("/numbers/{}", number.e164));
    assert_eq!(yard.read(&number.id).await.primary_route_id, Some(id));
    somebody.form(&from, "numbers/routes", &format!("id={}", number.id)).await;
    assert_eq!(yard.read(&number.id).await.primary_route_id, None);
    somebody.refused(&from, "numbers/routes", &format!("id={}&primary_route_id=unknown", number.id)).await;
}

#[tokio::test]
async fn only_a_platform_admin_is_offered_to_override_a_cool_off() {
    let yard = Yard::new().await;
    let number = yard.number(SC).await;
    let sheet = format!("/board?move={}", number.id);
    let refused = somebody(&yard, Role::Owner).await.page(&sheet).await;
    assert!(refused.contains("Would be refused. Until ") && !refused.contains("Override"), "{refused}");
    let offered = operator_within(&yard.app, &yard.owner.organization_id).await.page(&sheet).await;
    assert!(offered.contains(&format!("/admin/cool-offs?override={}", number.id)), "{offered}");
}
