//! The verdict matrix: every kind of number on every kind of column (rules.md table 3b, R38, R53).

use super::*;
use crate::domain::money::Micros;
use crate::rpc::shapes::{Moment, Named, PhoneView};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn moment(at: Timestamp) -> Moment {
    Moment { at, short: String::from("Nov 26, 10:14"), day: String::from("Nov 26"), full: String::from("2026-11-26 10:14 UTC") }
}

fn free(id: &str) -> OwnedRow {
    OwnedRow {
        id: id.into(),
        phone: PhoneView { e164: String::from("+13125550147"), formatted: String::from("(312) 555-0147") },
        label: String::new(),
        tags: Vec::new(),
        locality: String::from("Chicago"),
        region: String::from("IL"),
        states: vec![String::from("free")],
        answer: None,
        agent_id: None,
        sub_account: None,
        locked: false,
        cool_off: None,
        last_call: None,
        renews: None,
        monthly: Micros(1_250_000),
        restore_until: None,
    }
}

fn with_agent(id: &str) -> OwnedRow {
    OwnedRow { agent_id: Some(String::from("front")), ..free(id) }
}

fn inside(id: &str) -> OwnedRow {
    OwnedRow { sub_account: Some(Named { id: String::from("harbor"), name: String::from("Harbor Dental") }), ..free(id) }
}

fn cooling(id: &str, remaining_s: i64) -> OwnedRow {
    let until = NOW.plus_seconds(remaining_s);
    let last_call = moment(until.plus_days(-15));
    let clock = DayClock { from: last_call.clone(), until: moment(until), length_days: 15, remaining_s };
    OwnedRow { cool_off: Some(clock), last_call: Some(last_call), ..inside(id) }
}

fn column(id: &str, group: &str, lit: bool, disabled: bool) -> BoardColumn {
    BoardColumn {
        id: id.into(),
        group: group.into(),
        name: String::from("Lakeside Realty"),
        detail: String::new(),
        lit,
        disabled,
        cards: Vec::new(),
        count: 0,
    }
}

fn pool() -> BoardColumn {
    column("free", "pool", false, false)
}

fn night() -> BoardColumn {
    column("agent:night", "agent", true, false)
}

fn lakeside() -> BoardColumn {
    column("sub:lakeside", "sub_account", false, false)
}

fn refusal(card: &OwnedRow, target: &BoardColumn) -> Option<Code> {
    match verdict(card, target, NOW) {
        Verdict::Refuse(reason) => Some(reason.code),
        _ => None,
    }
}

#[test]
fn a_number_is_at_home_in_its_sub_account_else_its_agent_else_free() {
    assert_eq!(home(&free("a")), "free");
    assert_eq!(home(&with_agent("a")), "agent:front");
    assert_eq!(home(&OwnedRow { agent_id: Some(String::from("front")), ..inside("a") }), "sub:harbor");
}

#[test]
fn home_is_a_put_back_even_where_a_move_would_be_refused() {
    assert_eq!(verdict(&free("a"), &pool(), NOW), Verdict::PutBack);
    assert_eq!(verdict(&with_agent("a"), &column("agent:front", "agent", true, false), NOW), Verdict::PutBack);
    assert_eq!(verdict(&cooling("a", 9), &column("sub:harbor", "sub_account", false, true), NOW), Verdict::PutBack);
}

#[test]
fn the_pool_assigns_unassigns_and_hands_over() {
    assert_eq!(verdict(&free("a"), &night(), NOW), Verdict::Accept(Verb::Assign));
    assert_eq!(verdict(&with_agent("a"), &night(), NOW), Verdict::Accept(Verb::Assign));
    assert_eq!(verdict(&with_agent("a"), &pool(), NOW), Verdict::Accept(Verb::Unassign));
    assert_eq!(verdict(&free("a"), &lakeside(), NOW), Verdict::Accept(Verb::HandOver));
    assert_eq!(verdict(&with_agent("a"), &lakeside(), NOW), Verdict::Ask(Verb::HandOver));
    assert_eq!(verdict(&free("a"), &column("agent:billing", "agent", false, false), NOW), Verdict::Warn(Verb::Assign));
}

#[test]
fn a_lock_stops_hand_over_and_take_back_and_nothing_else() {
    let locked = OwnedRow { locked: true, ..with_agent("a") };
    assert_eq!(refusal(&locked, &lakeside()), Some(Code::NumberLocked));
    assert_eq!(refusal(&locked, &pool()), None);
    assert_eq!(refusal(&locked, &night()), None);
    assert_eq!(refusal(&OwnedRow { locked: true, ..inside("a") }, &pool()), Some(Code::NumberLocked));
    assert_eq!(refusal(&OwnedRow { locked: true, ..cooling("a", 60) }, &pool()), Some(Code::NumberLocked));
}

#[test]
fn unpaid_numbers_are_not_handed_over_but_taken_back() {
    for state in ["past_due", "suspended"] {
        let states = vec![String::from(state)];
        assert_eq!(refusal(&OwnedRow { states: states.clone(), ..free("a") }, &lakeside()), Some(Code::PastDue));
        assert_eq!(verdict(&OwnedRow { states, ..inside("a") }, &pool(), NOW), Verdict::Accept(Verb::TakeBack));
    }
}

#[test]
fn the_cool_off_ends_at_its_very_second() {
    let Verdict::Refuse(reason) = verdict(&cooling("a", 1), &pool(), NOW) else { panic!("one second is left") };
    assert_eq!(reason.code, Code::DidCoolOffInEffect);
    assert!(reason.clock.is_some());
    assert!(reason.text.contains("Nov 26, 10:14"), "{}", reason.text);
    assert_eq!(verdict(&cooling("a", 0), &pool(), NOW), Verdict::Accept(Verb::TakeBack));
}

#[test]
fn from_a_sub_account_the_only_way_is_back() {
    assert_eq!(refusal(&inside("a"), &night()), Some(Code::NumberInSubAccount));
    assert_eq!(refusal(&inside("a"), &lakeside()), Some(Code::NumberInSubAccount));
    assert_eq!(verdict(&inside("a"), &pool(), NOW), Verdict::Accept(Verb::TakeBack));
}

#[test]
fn disabled_targets_and_released_numbers_refuse() {
    assert_eq!(refusal(&free("a"), &column("sub:lakeside", "sub_account", false, true)), Some(Code::SubAccountDisabled));
    let released = OwnedRow { restore_until: Some(moment(NOW)), ..free("a") };
    assert_eq!(refusal(&released, &night()), Some(Code::NumberReleased));
}

#[test]
fn several_numbers_share_one_label() {
    let label = |cards: &[OwnedRow], target: &BoardColumn| match landing(cards, target, NOW) {
        Landing::Go(go) => go.label(),
        other => format!("{other:?}"),
    };
    assert_eq!(label(&[free("a"), with_agent("b")], &night()), "Assign 2");
    assert_eq!(label(&[free("a"), with_agent("b")], &lakeside()), "Hand over 2\u{2026}");
    assert_eq!(label(&[with_agent("a"), inside("b")], &pool()), "Unassign 1, take back 1");
    assert_eq!(label(&[with_agent("a"), cooling("b", 60)], &pool()), "Unassign 1, 1 refused");
    assert_eq!(label(&[free("a")], &column("agent:billing", "agent", false, false)), "Assign 1, draft only");
}

#[test]
fn all_refused_is_a_refusal_that_says_every_reason_once() {
    let locked = OwnedRow { locked: true, ..inside("c") };
    let Landing::Refused(reason) = landing(&[locked.clone(), locked, cooling("a", 60)], &pool(), NOW) else {
        panic!("none of them may leave");
    };
    assert_eq!(reason.text.matches("locked").count(), 1, "{}", reason.text);
    assert!(reason.text.contains("cool-off"), "{}", reason.text);
    assert_eq!(landing(&[inside("a")], &column("sub:harbor", "sub_account", false, false), NOW), Landing::PutBack);
}
