//! Table 3b cell by cell: every decision in every column.

use super::*;
use crate::domain::number::owned::ReleaseCause;
use crate::domain::time::SECONDS_PER_DAY;

const DAYS: i64 = 15;
const NOW: Timestamp = Timestamp::from_seconds(100 * SECONDS_PER_DAY);
/// Calls this long ago leave five days of cool-off.
const RECENT: Timestamp = Timestamp::from_seconds(90 * SECONDS_PER_DAY);
const LEFT_S: i64 = 5 * SECONDS_PER_DAY;

/// The columns of the table, in its order. A column that stands for more than one place is here once for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    P0,
    P1,
    S0,
    S1,
    Sc,
    LkPool,
    LkSub,
    PdPool,
    PdSub,
    SuPool,
    SuSub,
    Rl,
    Disconnecting,
    Gone,
    PortedOut,
    Im,
}

use Column::{Disconnecting, Gone, Im, LkPool, LkSub, P0, P1, PdPool, PdSub, PortedOut, Rl, S0, S1, Sc, SuPool, SuSub};

const COLUMNS: [Column; 16] = [P0, P1, S0, S1, Sc, LkPool, LkSub, PdPool, PdSub, SuPool, SuSub, Rl, Disconnecting, Gone, PortedOut, Im];

fn released(disconnect_started_at: Option<Timestamp>) -> OwnedStatus {
    OwnedStatus::Released(Recovery { recoverable_until: NOW.plus_seconds(60), disconnect_started_at, cause: ReleaseCause::Asked })
}

fn facts(column: Column) -> OwnedFacts {
    let mut facts = OwnedFacts {
        status: OwnedStatus::Available,
        sub_account_id: None,
        locked: false,
        billing_state: BillingState::Current,
        source: Source::Purchased,
        last_call_at: None,
        verified: true,
    };
    if matches!(column, P1 | S1) {
        facts.status = OwnedStatus::Assigned { agent_id: String::from("agent") };
    }
    if matches!(column, S0 | S1 | Sc | LkSub | PdSub | SuSub) {
        facts.sub_account_id = Some(String::from("harbor"));
    }
    match column {
        Sc => facts.last_call_at = Some(RECENT),
        LkPool | LkSub => facts.locked = true,
        PdPool | PdSub => facts.billing_state = BillingState::PastDue,
        SuPool | SuSub => facts.billing_state = BillingState::Suspended,
        Rl => facts.status = released(None),
        Disconnecting => facts.status = released(Some(NOW)),
        Gone => facts.status = OwnedStatus::Gone,
        PortedOut => facts.status = OwnedStatus::PortedOut,
        Im => (facts.source, facts.billing_state) = (Source::Imported, BillingState::None),
        _ => {}
    }
    facts
}

fn agent(id: &str, sub_account_id: Option<&str>) -> TargetAgent {
    TargetAgent { id: id.to_owned(), sub_account_id: sub_account_id.map(str::to_owned), published: true }
}

fn sub_account(id: &str, disabled: bool) -> TargetSubAccount {
    TargetSubAccount { id: id.to_owned(), disabled }
}

fn refused<T>(code: Code) -> Result<T, Refusal> {
    Err(code.into())
}

/// Checks one row: the cells that are named, and the rest.
fn row<T: std::fmt::Debug + PartialEq + Clone>(
    decide: impl Fn(&OwnedFacts) -> Result<T, Refusal>,
    cells: &[(&[Column], Result<T, Refusal>)],
    rest: Result<T, Refusal>,
) {
    for column in COLUMNS {
        let expected = cells.iter().find(|(columns, _)| columns.contains(&column)).map_or(&rest, |(_, expected)| expected);
        assert_eq!(&decide(&facts(column)), expected, "{column:?}");
    }
}

const XX: &[Column] = &[Disconnecting, Gone, PortedOut];

#[test]
fn assign() {
    let set = |warnings: &[Warning]| Ok(Assign::Set { warnings: warnings.to_vec() });
    row(
        |facts| facts.may_assign(Some(&agent("other", facts.sub_account_id.as_deref()))),
        &[(&[SuPool, SuSub], set(&[Warning::Suspended])), (&[Rl], refused(Code::NumberReleased)), (XX, refused(Code::NumberGone))],
        set(&[]),
    );
    row(
        |facts| facts.may_assign(Some(&agent("agent", facts.sub_account_id.as_deref()))),
        &[
            (&[P1, S1], Ok(Assign::Noop)),
            (&[SuPool, SuSub], set(&[Warning::Suspended])),
            (&[Rl], refused(Code::NumberReleased)),
            (XX, refused(Code::NumberGone)),
        ],
        set(&[]),
    );
    let cells: &[(&[Column], Result<Assign, Refusal>)] = &[(&[Rl], refused(Code::NumberReleased)), (XX, refused(Code::NumberGone))];
    row(|facts| facts.may_assign(None), cells, refused(Code::NotFound));
    row(|facts| facts.may_assign(Some(&agent("agent", Some("elsewhere")))), cells, refused(Code::NotFound));
    let unpublished = TargetAgent { published: false, ..agent("other", None) };
    let unverified = OwnedFacts { verified: false, ..facts(Im) };
    assert_eq!(unverified.may_assign(Some(&unpublished)), set(&[Warning::NoPublishedVersion, Warning::Unverified]));
    assert_eq!(facts(S0).may_assign(Some(&agent("agent", None))), refused(Code::NotFound));
}

#[test]
fn unassign() {
    row(
        OwnedFacts::may_unassign,
        &[(&[P1, S1], Ok(Unassign::Go)), (&[Rl], refused(Code::NumberReleased)), (XX, refused(Code::NumberGone))],
        Ok(Unassign::Noop),
    );
}

#[test]
fn hand_over() {
    let first: &[(&[Column], Result<HandOver, Refusal>)] = &[
        (&[P1, S0, S1, Sc, PdSub, SuSub], refused(Code::NumberInUse)),
        (&[LkPool, LkSub], refused(Code::NumberLocked)),
        (&[PdPool, SuPool], refused(Code::PastDue)),
        (&[Rl], refused(Code::NumberReleased)),
        (XX, refused(Code::NumberGone)),
    ];
    row(|facts| facts.may_hand_over(Some(&sub_account("quay", false))), first, Ok(HandOver::Move));
    row(|facts| facts.may_hand_over(Some(&sub_account("quay", true))), first, refused(Code::SubAccountDisabled));
    row(|facts| facts.may_hand_over(None), first, refused(Code::NotFound));
    let same = sub_account("harbor", false);
    for column in [S0, S1, Sc, PdSub, SuSub] {
        assert_eq!(facts(column).may_hand_over(Some(&same)), Ok(HandOver::Noop), "{column:?}");
    }
    assert_eq!(facts(LkSub).may_hand_over(Some(&same)), refused(Code::NumberLocked));
}

#[test]
fn take_back() {
    let back = |overridden_s| Ok(TakeBack { overridden_s });
    let in_effect = Err(Refusal::DidCoolOffInEffect { cool_off_until: NOW.plus_seconds(LEFT_S), remaining_s: LEFT_S });
    row(
        |facts| facts.may_take_back(NOW, DAYS, false),
        &[(&[S0, S1, PdSub, SuSub], back(0)), (&[Sc], in_effect), (&[LkSub], refused(Code::NumberLocked)), (XX, refused(Code::NumberGone))],
        refused(Code::NotInSubAccount),
    );
    row(
        |facts| facts.may_take_back(NOW, DAYS, true),
        &[
            (&[S0, S1, PdSub, SuSub], back(0)),
            (&[Sc], back(LEFT_S)),
            (&[LkSub], refused(Code::NumberLocked)),
            (XX, refused(Code::NumberGone)),
        ],
        refused(Code::NotInSubAccount),
    );
    let released_inside = OwnedFacts { sub_account_id: Some(String::from("harbor")), ..facts(Rl) };
    assert_eq!(released_inside.may_take_back(NOW, DAYS, true), refused(Code::NotInSubAccount));
    let imported_inside = OwnedFacts { sub_account_id: Some(String::from("harbor")), last_call_at: Some(RECENT), ..facts(Im) };
    assert!(imported_inside.may_take_back(NOW, DAYS, false).is_err());
    assert_eq!(imported_inside.may_take_back(NOW, DAYS, true), back(LEFT_S));
    assert_eq!(facts(Sc).may_take_back(NOW.plus_seconds(LEFT_S), DAYS, false), back(0));
    assert_eq!(OwnedFacts { locked: true, ..facts(Sc) }.may_take_back(NOW, DAYS, true), refused(Code::NumberLocked));
}

#[test]
fn release() {
    row(
        OwnedFacts::may_release,
        &[
            (&[S0, S1, Sc, LkSub, PdSub, SuSub], refused(Code::NumberInSubAccount)),
            (&[LkPool], refused(Code::NumberLocked)),
            (&[Rl], Ok(Release::Noop)),
            (XX, refused(Code::NumberGone)),
        ],
        Ok(Release::Go),
    );
}

#[test]
fn lock_and_unlock() {
    let end: [(&[Column], Result<Lock, Refusal>); 2] = [(&[Rl], refused(Code::NumberReleased)), (XX, refused(Code::NumberGone))];
    let [released, gone] = end;
    let cells = [(&[LkPool, LkSub] as &[Column], Ok(Lock::Noop)), released.clone(), gone.clone()];
    row(|facts| facts.may_lock(true), &cells, Ok(Lock::Go));
    let cells = [(&[LkPool, LkSub] as &[Column], Ok(Lock::Go)), released, gone];
    row(|facts| facts.may_lock(false), &cells, Ok(Lock::Noop));
}

#[test]
fn restore() {
    row(
        |facts| facts.may_restore(NOW),
        &[(&[Rl], Ok(Restore { pay_first: false })), (XX, refused(Code::RestoreTooLate))],
        refused(Code::NotReleased),
    );
    assert_eq!(facts(Rl).may_restore(NOW.plus_seconds(59)), Ok(Restore { pay_first: false }));
    assert_eq!(facts(Rl).may_restore(NOW.plus_seconds(60)), refused(Code::RestoreTooLate));
    let recovery = Recovery { recoverable_until: NOW.plus_seconds(1), disconnect_started_at: None, cause: ReleaseCause::Unpaid };
    let unpaid = OwnedFacts { status: OwnedStatus::Released(recovery), ..facts(P0) };
    assert_eq!(unpaid.may_restore(NOW), Ok(Restore { pay_first: true }));
}
