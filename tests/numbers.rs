//! Finding, listing and showing owned numbers: the list with its chips, the board, one number's page, the operator's cool-offs.

mod support;

use dialyard::domain::code::Code;
use dialyard::domain::time::SECONDS_PER_DAY;
use dialyard::server::jobs::disconnects;
use dialyard::server::services::caller::Caller;
use dialyard::server::services::cool_offs;
use dialyard::server::services::moving::{self, Force};
use dialyard::server::services::numbers::{BoardWanted, ColumnKind, ListInput, NumberList, board, list, own, page, set_label};
use dialyard::server::services::releasing::release;
use dialyard::server::services::routes::{self, RouteInput};
use support::owned::Column::*;
use support::owned::{Yard, code};

fn chip(chip: &str) -> ListInput {
    ListInput { chip: chip.to_owned(), ..ListInput::default() }
}

fn asked(q: &str) -> ListInput {
    ListInput { q: q.to_owned(), ..ListInput::default() }
}

fn searched(q: &str) -> BoardWanted {
    BoardWanted { q: q.to_owned(), ..BoardWanted::default() }
}

async fn listed(yard: &Yard, input: &ListInput) -> NumberList {
    list(&yard.app.state, &yard.owner, input).await.expect("a list")
}

fn digits(list: &NumberList) -> Vec<&str> {
    list.lines.iter().map(|line| line.listed.number.e164.as_str()).collect()
}

/// One number in each state; all of Brightline's.
async fn full_yard() -> Yard {
    let yard = Yard::new().await;
    for column in [P0, P1, S0, SC, PastDueInPool, SuspendedInSubAccount, RL, XX, IM] {
        yard.number(column).await;
    }
    yard
}

#[tokio::test]
async fn a_number_is_found_by_id_and_by_digits() {
    let yard = Yard::new().await;
    let number = yard.number(S0).await;
    let mut connection = yard.app.state.db.read().await.expect("a reader");
    let other = yard.app.organization("Cobalt", 0).await;
    for key in [number.id.as_str(), &number.e164, &number.e164[1..], &number.e164[2..]] {
        for (caller, found) in
            [(&yard.owner, true), (&yard.member_of(&yard.harbor), true), (&yard.member_of(&yard.lakeside), false), (&other, false)]
        {
            assert_eq!(own(&mut connection, caller, key).await.is_ok_and(|own| own.id == number.id), found, "{key}");
        }
    }
    for key in ["", "+", "12", "unknown", "+14155559999"] {
        assert_eq!(code(own(&mut connection, &yard.owner, key).await.expect_err("a refusal")), Code::NotFound, "{key}");
    }
}

#[tokio::test]
async fn a_number_that_has_left_says_so() {
    let yard = Yard::new().await;
    let number = yard.number(P0).await;
    release(&yard.app.state, &yard.owner, &number.id, None).await.expect("released");
    yard.app.clock.advance_s(SECONDS_PER_DAY + 60);
    disconnects::run(&yard.app.state).await.expect("a run");
    for key in [&number.id, &number.e164] {
        assert_eq!(code(page(&yard.app.state, &yard.owner, key).await.expect_err("a refusal")), Code::NumberGone);
    }
    assert_eq!(listed(&yard, &ListInput::default()).await.total, 0, "it is not listed");
}

#[tokio::test]
async fn chips_count_and_filter() {
    let yard = full_yard().await;
    let all = listed(&yard, &chip("")).await;
    let counts: Vec<(&str, i64)> = all.chips.iter().map(|chip| (chip.value, chip.count)).collect();
    let expected = [("all", 8), ("free", 3), ("agent", 1), ("sub_account", 3), ("cool_off", 1), ("past_due", 2), ("released", 1)];
    assert_eq!(counts, expected);
    for (value, count) in expected {
        let list = listed(&yard, &chip(value)).await;
        assert_eq!((list.total, list.lines.len()), (count, usize::try_from(count).expect("few")), "{value}");
        assert_eq!(list.chips, all.chips, "a chip does not change the others");
    }
    let member = list(&yard.app.state, &yard.member_of(&yard.harbor), &chip("")).await.expect("a list");
    let counts: Vec<i64> = member.chips.iter().map(|chip| chip.count).collect();
    assert_eq!(counts, [3, 2, 1, 0, 1, 1, 0], "a sub-account sees its own numbers, as free or with an agent");
}

#[tokio::test]
async fn states_are_told_least_urgent_first() {
    let yard = Yard::new().await;
    let cells: [(_, &[&str]); 9] = [
        (P0, &["free"]),
        (P1, &["answered"]),
        (S0, &["nobody_answers"]),
        (SC, &["answered", "cool_off"]),
        (LockedInPool, &["free", "locked"]),
        (PastDueInPool, &["free", "past_due"]),
        (SuspendedInSubAccount, &["suspended"]),
        (RL, &["released"]),
        (IM, &["free", "imported"]),
    ];
    for (column, states) in cells {
        let number = yard.number(column).await;
        let page = page(&yard.app.state, &yard.owner, &number.id).await.expect("a page");
        assert_eq!(page.line.states, states, "{column:?}");
    }
    let number = yard.number(P0).await;
    moving::assign(&yard.app.state, &yard.owner, &number.id, &yard.draft).await.expect("assigned");
    let draft = page(&yard.app.state, &yard.owner, &number.id).await.expect("a page");
    assert_eq!(draft.line.states, ["nobody_answers"]);
    let answer = draft.line.answer.expect("an agent");
    assert_eq!((answer.name.as_str(), answer.detail.as_str(), answer.lit), ("Billing help", "draft, not published", false));
}

#[tokio::test]
async fn the_box_finds_digits_words_patterns_and_labels() {
    let yard = Yard::new().await;
    yard.app.stock(support::OWN_STOCK, &["+14155552233", "+16285550199"]).await;
    for e164 in ["+14155552233", "+16285550199"] {
        let wish = dialyard::server::services::purchase::Buy { e164: e164.to_owned(), ..Default::default() };
        dialyard::server::services::purchase::buy(&yard.app.state, &yard.owner, wish).await.expect("bought");
    }
    set_label(&yard.app.state, &yard.owner, "+16285550199", "100% Büro_line").await.expect("labelled");
    for (q, expected) in [
        ("", &["+14155552233", "+16285550199"][..]),
        ("(415) 555", &["+14155552233"]),
        ("CAFE", &["+14155552233"]),
        ("^628", &["+16285550199"]),
        ("+1628", &["+16285550199"]),
        ("99$", &["+16285550199"]),
        ("2?33", &["+14155552233"]),
        ("^1*99$", &["+16285550199"]),
        ("o_LINE", &["+16285550199"]),
        ("100%", &["+16285550199"]),
        ("nothing like it", &[]),
    ] {
        let list = listed(&yard, &ListInput { sort: String::from("number"), ..asked(q) }).await;
        assert_eq!((digits(&list).as_slice(), list.total), (expected, i64::try_from(expected.len()).expect("few")), "{q}");
    }
}

#[tokio::test]
async fn lists_are_sorted_and_paged_without_gaps() {
    let yard = Yard::new().await;
    for _ in 0..52 {
        yard.imported().await;
    }
    let bought = yard.bought().await;
    let called = yard.read(&bought.e164).await;
    yard.called(&called.e164, yard.app.state.now()).await.expect("reported");
    for sort in ["number", "last_call", "renews", "monthly", "nonsense"] {
        let first = listed(&yard, &ListInput { sort: sort.to_owned(), ..ListInput::default() }).await;
        let cursor = first.next_cursor.clone().expect("a second page");
        let second = listed(&yard, &ListInput { sort: sort.to_owned(), cursor, ..ListInput::default() }).await;
        assert_eq!((first.lines.len(), second.lines.len(), second.next_cursor.as_ref(), first.total), (50, 3, None, 53), "{sort}");
        let mut seen: Vec<&str> = digits(&first).into_iter().chain(digits(&second)).collect();
        let place = seen.iter().position(|e164| *e164 == bought.e164);
        assert_eq!(place, Some(if sort == "number" { 52 } else { 0 }), "{sort}: called, dearest and the only one that renews");
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 53, "{sort}");
    }
    let told = list(&yard.app.state, &yard.owner, &ListInput { cursor: String::from("made up"), ..ListInput::default() }).await;
    assert_eq!(code(told.expect_err("a refusal")), Code::Validation);
}

#[tokio::test]
async fn labels_are_written_once() {
    let yard = Yard::new().await;
    let number = yard.number(S0).await;
    let state = &yard.app.state;
    let label = |text: String| {
        let id = number.id.clone();
        let owner = yard.owner.clone();
        async move { set_label(state, &owner, &id, &text).await }
    };
    for (text, expected) in [(" Main line ", "done"), ("Main line", "noop"), ("", "done"), ("two\nlines", "validation")] {
        assert_eq!(yard.outcome(&number.id, label(text.to_owned())).await, expected, "{text}");
    }
    assert_eq!(yard.outcome(&number.id, label("\u{fc}".repeat(64))).await, "done", "letters count, not bytes");
    assert_eq!(yard.outcome(&number.id, label("x".repeat(65))).await, "validation");
    let released = yard.number(RL).await;
    assert_eq!(yard.outcome(&released.id, set_label(state, &yard.owner, &released.id, "x")).await, "number_released");
}

#[tokio::test]
async fn the_board_shows_each_live_number_once() {
    let yard = full_yard().await;
    let view = board(&yard.app.state, &yard.owner, &BoardWanted::default()).await.expect("a board");
    let columns: Vec<(ColumnKind, &str, i64, usize)> =
        view.columns.iter().map(|column| (column.kind, column.name.as_str(), column.count, column.cards.len())).collect();
    assert_eq!(
        columns,
        [
            (ColumnKind::Pool, "Free", 3, 3),
            (ColumnKind::Agent, "Billing help", 0, 0),
            (ColumnKind::Agent, "Front desk", 1, 1),
            (ColumnKind::Agent, "Night line", 0, 0),
            (ColumnKind::SubAccount, "Harbor Dental", 3, 3),
            (ColumnKind::SubAccount, "Lakeside Realty", 0, 0),
        ]
    );
    assert_eq!((view.total, view.can_move), (7, true), "released numbers are in no column");
    let lit: Vec<bool> = view.columns.iter().map(|column| column.lit).collect();
    assert_eq!(lit, [false, false, true, true, false, false]);
    let filtered = board(&yard.app.state, &yard.owner, &searched("no such label")).await.expect("a board");
    assert_eq!((filtered.total, filtered.columns.len()), (0, 6), "columns stay, so that they can be dropped on");
    let member = board(&yard.app.state, &yard.member_of(&yard.harbor), &BoardWanted::default()).await.expect("a board");
    let columns: Vec<(&str, i64)> = member.columns.iter().map(|column| (column.name.as_str(), column.count)).collect();
    assert_eq!(columns, [("Free", 2), ("Reception", 1)]);
}

#[tokio::test]
async fn a_numbers_page_tells_who_answers_and_what_each_button_says() {
    let yard = Yard::new().await;
    let number = yard.number(SC).await;
    let input = RouteInput {
        name: String::from("Office"),
        kind: String::from("number"),
        destination: String::from("+13125550190"),
        edge_strategy_id: None,
    };
    let route = routes::create(&yard.app.state, &yard.owner, &input, Some(&yard.harbor)).await.expect("a route");
    routes::set_for_number(&yard.app.state, &yard.owner, &number.id, None, Some(&route.id)).await.expect("set");
    let shown = page(&yard.app.state, &yard.owner, &number.e164).await.expect("a page");
    let chain: Vec<(&str, &str, &str, bool)> =
        shown.chain.iter().map(|link| (link.role, link.name.as_str(), link.detail.as_str(), link.lit)).collect();
    assert_eq!(
        chain[1..],
        [
            ("agent", "Reception", "AI voice agent, version 1", true),
            ("primary", "Not set", "", false),
            ("failover", "(312) 555-0190", "Number, if the primary does not connect", false),
        ]
    );
    assert_eq!((shown.chain[0].detail.as_str(), shown.nobody_because), ("1 call in 30 days", None));
    let refused = |refusal: &Option<dialyard::domain::refusal::Refusal>| refusal.as_ref().map(|refusal| refusal.code());
    assert_eq!(refused(&shown.release_refused), Some(Code::NumberInSubAccount));
    assert_eq!(refused(&shown.take_back_refused), Some(Code::DidCoolOffInEffect));
    assert_eq!(refused(&shown.hand_over_refused), Some(Code::NumberInUse));
    assert_eq!(shown.agents.iter().map(|listed| listed.agent.name.as_str()).collect::<Vec<_>>(), ["Reception"]);
    let clock = shown.line.cool_off.expect("it runs");
    assert_eq!((clock.length_days, clock.remaining_s), (15, 15 * SECONDS_PER_DAY));
    let rental = shown.rental.expect("it is paid");
    assert_eq!((rental.from, Some(rental.until), rental.length_days), (number.created_at, number.next_billing_at, 30));
    let titles: Vec<&str> = shown.timeline.iter().map(|entry| entry.title.as_str()).collect();
    assert_eq!(titles, ["Routes changed", "Inbound call", "Assigned to Reception v1", "Handed to Harbor Dental", "Bought for $2.25"]);
}

#[tokio::test]
async fn a_released_numbers_page_shows_both_clocks_to_come() {
    let yard = Yard::new().await;
    let number = yard.number(RL).await;
    let shown = page(&yard.app.state, &yard.owner, &number.id).await.expect("a page");
    let until = number.recoverable_until.expect("a window");
    let aging = shown.aging.expect("it will age");
    assert_eq!((aging.from, aging.until, aging.length_days), (until, until.plus_days(45), 45));
    assert_eq!((shown.rental, shown.nobody_because), (None, Some("The number is released.")));
    let imported = yard.number(IM).await;
    release(&yard.app.state, &yard.owner, &imported.id, None).await.expect("released");
    assert_eq!(page(&yard.app.state, &yard.owner, &imported.id).await.expect("a page").aging, None);
}

#[tokio::test]
async fn the_operator_sees_all_cool_offs_soonest_first() {
    let yard = Yard::new().await;
    let later = yard.number(SC).await;
    yard.app.clock.advance_s(3_600);
    let last = yard.number(SC).await;
    let idle = yard.number(S0).await;
    let overview = cool_offs::overview(&yard.app.state, "").await.expect("an overview");
    let rows: Vec<(&str, i64)> = overview.running.iter().map(|running| (running.number.e164.as_str(), running.clock.remaining_s)).collect();
    assert_eq!(rows, [(later.e164.as_str(), 15 * SECONDS_PER_DAY - 3_600), (last.e164.as_str(), 15 * SECONDS_PER_DAY)]);
    assert_eq!(overview.total, 2);
    for (q, found) in [("harbor", 2), ("brightline", 2), (&last.e164[2..], 1), ("nobody", 0), (&idle.e164[2..], 0)] {
        assert_eq!(cool_offs::overview(&yard.app.state, q).await.expect("an overview").total, found, "{q}");
    }
    yard.app.clock.advance_s(15 * SECONDS_PER_DAY - 3_600);
    assert_eq!(cool_offs::overview(&yard.app.state, "").await.expect("an overview").total, 1, "over at the very second");
    let admin = Caller { may_force: true, ..yard.owner.clone() };
    let reason = Force::Yes { reason: Some(String::from("the customer has left us")) };
    moving::take_back(&yard.app.state, &admin, &last.id, reason).await.expect("forced");
    let overview = cool_offs::overview(&yard.app.state, "").await.expect("an overview");
    assert_eq!((overview.total, overview.overrides.len()), (0, 1));
    assert_eq!((overview.overrides[0].e164.as_str(), overview.overrides[0].skipped_s), (last.e164.as_str(), 3_600));
}
