//! The state machine of an order and the plan of its recovery (R18). Doing what the plan says lives in the server.

use super::code::Code;
use super::refusal::Refusal;
use super::time::{SECONDS_PER_DAY, Timestamp};

/// How long a purchase waits for the carrier before it answers that it goes on.
pub const CARRIER_TIMEOUT_S: i64 = 10;
/// Recovery leaves a younger order to the request that made it.
pub const RECOVERY_AFTER_S: i64 = 30;
/// Time between two questions to the carrier, and between the two denials that undo an order.
pub const ASK_AGAIN_S: i64 = 60;
/// Age from which an order with an unknown outcome is the operator's.
pub const STUCK_AFTER_S: i64 = SECONDS_PER_DAY;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderState {
    /// The number is claimed; no money is aside yet.
    Created,
    /// The money is aside; the carrier knows nothing yet.
    Funded,
    /// Written before the request leaves for the carrier: from here on the carrier may know our reference.
    Ordered,
    /// Paid and owned.
    Completed,
    /// Every step is undone.
    Failed,
    /// The outcome stayed unknown for a day: the operator completes or undoes it.
    Stuck,
}

impl OrderState {
    /// Every state.
    pub const ALL: [Self; 6] = [Self::Created, Self::Funded, Self::Ordered, Self::Completed, Self::Failed, Self::Stuck];

    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Funded => "funded",
            Self::Ordered => "ordered",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Stuck => "stuck",
        }
    }

    /// The state with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// It claims its number: nobody else can buy or hold it.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Created | Self::Funded | Self::Ordered | Self::Stuck)
    }

    /// The money was set aside.
    ///
    /// # Errors
    /// From any state but `created`.
    pub fn fund(self) -> Result<Self, Refusal> {
        self.step(&[Self::Created], Self::Funded)
    }

    /// The request is about to leave for the carrier.
    ///
    /// # Errors
    /// From any state but `funded`.
    pub fn send(self) -> Result<Self, Refusal> {
        self.step(&[Self::Funded], Self::Ordered)
    }

    /// The carrier confirmed, the money is captured and the number owned.
    ///
    /// # Errors
    /// From any state but `ordered` and `stuck`.
    pub fn complete(self) -> Result<Self, Refusal> {
        self.step(&[Self::Ordered, Self::Stuck], Self::Completed)
    }

    /// Every step was undone.
    ///
    /// # Errors
    /// From an order that has ended.
    pub fn fail(self) -> Result<Self, Refusal> {
        self.step(&[Self::Created, Self::Funded, Self::Ordered, Self::Stuck], Self::Failed)
    }

    /// Left to the operator.
    ///
    /// # Errors
    /// From any state but `ordered`.
    pub fn give_up(self) -> Result<Self, Refusal> {
        self.step(&[Self::Ordered], Self::Stuck)
    }

    fn step(self, from: &[Self], to: Self) -> Result<Self, Refusal> {
        if from.contains(&self) { Ok(to) } else { Err(Code::Conflict.into()) }
    }
}

/// One recorded step of an order, for the operator's page and for recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The order row was made.
    Claimed,
    /// The money was set aside.
    Funded,
    /// The request left for the carrier.
    Sent,
    /// The carrier confirmed.
    Confirmed,
    /// Money captured, number owned, hold used.
    Completed,
    /// The carrier denied our reference.
    Denied,
    /// The carrier did not say.
    Unknown,
    /// The money that was aside is free again.
    Voided,
    /// The order ended without a number.
    Failed,
    /// Left to the operator.
    Stuck,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 10] = [
        Self::Claimed,
        Self::Funded,
        Self::Sent,
        Self::Confirmed,
        Self::Completed,
        Self::Denied,
        Self::Unknown,
        Self::Voided,
        Self::Failed,
        Self::Stuck,
    ];

    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Funded => "funded",
            Self::Sent => "sent",
            Self::Confirmed => "confirmed",
            Self::Completed => "completed",
            Self::Denied => "denied",
            Self::Unknown => "unknown",
            Self::Voided => "voided",
            Self::Failed => "failed",
            Self::Stuck => "stuck",
        }
    }

    /// The step with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }
}

/// What the carrier says when it is asked for our reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CarrierAnswer {
    /// It sold us the number under that reference.
    Confirmed,
    /// It knows no such reference.
    Denied,
    /// It did not answer, or does not know yet.
    Unknown,
}

/// What recovery does next with an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NextAction {
    /// The order has ended, or is the operator's.
    Nothing,
    /// Look again then.
    Wait { until: Timestamp },
    /// Ask the carrier for our reference; never order again.
    AskCarrier,
    /// Write the first denial down and ask again then.
    RecordDenial { ask_again_at: Timestamp },
    /// Capture the money and write the ownership.
    Complete,
    /// Free the money and end the order as failed.
    Void,
    /// Leave it to the operator; the money stays aside.
    Stuck,
}

/// The next action for an order. `denials` and `last_denied_at` are what was recorded before `answer`, which is the carrier's reply just now.
///
/// An order before `ordered` never reached the carrier, so it is undone. From `ordered` on only the carrier's word decides: one
/// confirmation completes, two denials at least a minute apart undo, and a day without either makes it the operator's.
#[must_use]
pub fn plan(
    state: OrderState,
    denials: u32,
    last_denied_at: Option<Timestamp>,
    created_at: Timestamp,
    now: Timestamp,
    answer: Option<CarrierAnswer>,
) -> NextAction {
    let ours_from = created_at.plus_seconds(RECOVERY_AFTER_S);
    let second_denial_from = last_denied_at.filter(|_| denials > 0).map(|at| at.plus_seconds(ASK_AGAIN_S));
    match (state, answer) {
        (OrderState::Completed | OrderState::Failed | OrderState::Stuck, _) => NextAction::Nothing,
        (OrderState::Created | OrderState::Funded, _) if now < ours_from => NextAction::Wait { until: ours_from },
        (OrderState::Created | OrderState::Funded, _) => NextAction::Void,
        (OrderState::Ordered, Some(CarrierAnswer::Confirmed)) => NextAction::Complete,
        (OrderState::Ordered, Some(CarrierAnswer::Denied)) => match second_denial_from {
            None => NextAction::RecordDenial { ask_again_at: now.plus_seconds(ASK_AGAIN_S) },
            Some(from) if now < from => NextAction::Wait { until: from },
            Some(_) => NextAction::Void,
        },
        (OrderState::Ordered, Some(CarrierAnswer::Unknown)) => {
            if now >= created_at.plus_seconds(STUCK_AFTER_S) {
                NextAction::Stuck
            } else {
                NextAction::Wait { until: now.plus_seconds(ASK_AGAIN_S) }
            }
        }
        (OrderState::Ordered, None) => match second_denial_from.map_or(ours_from, |from| from.max(ours_from)) {
            from if now < from => NextAction::Wait { until: from },
            _ => NextAction::AskCarrier,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn names_come_back() {
        for state in OrderState::ALL {
            assert_eq!(OrderState::from_name(state.name()), Some(state));
        }
        for step in Step::ALL {
            assert_eq!(Step::from_name(step.name()), Some(step));
        }
    }

    #[test]
    fn the_only_steps_there_are() {
        use OrderState::{Completed, Created, Failed, Funded, Ordered, Stuck};
        type Transition = fn(OrderState) -> Result<OrderState, Refusal>;
        let allowed: [(Transition, &[OrderState], OrderState); 5] = [
            (OrderState::fund, &[Created], Funded),
            (OrderState::send, &[Funded], Ordered),
            (OrderState::complete, &[Ordered, Stuck], Completed),
            (OrderState::fail, &[Created, Funded, Ordered, Stuck], Failed),
            (OrderState::give_up, &[Ordered], Stuck),
        ];
        for (transition, from, to) in allowed {
            for state in OrderState::ALL {
                let expected = if from.contains(&state) { Ok(to) } else { Err(Code::Conflict.into()) };
                assert_eq!(transition(state), expected, "{}", state.name());
            }
        }
    }

    #[test]
    fn an_order_that_never_left_is_undone() {
        for state in [OrderState::Created, OrderState::Funded] {
            assert_eq!(plan(state, 0, None, at(0), at(29), None), NextAction::Wait { until: at(30) });
            assert_eq!(plan(state, 0, None, at(0), at(30), None), NextAction::Void);
        }
    }

    #[test]
    fn two_denials_a_minute_apart_undo() {
        let ordered = |denials, last, now, answer| plan(OrderState::Ordered, denials, last, at(0), at(now), answer);
        assert_eq!(ordered(0, None, 30, None), NextAction::AskCarrier);
        assert_eq!(ordered(0, None, 30, Some(CarrierAnswer::Denied)), NextAction::RecordDenial { ask_again_at: at(90) });
        assert_eq!(ordered(1, Some(at(30)), 89, None), NextAction::Wait { until: at(90) });
        assert_eq!(ordered(1, Some(at(30)), 89, Some(CarrierAnswer::Denied)), NextAction::Wait { until: at(90) });
        assert_eq!(ordered(1, Some(at(30)), 90, None), NextAction::AskCarrier);
        assert_eq!(ordered(1, Some(at(30)), 90, Some(CarrierAnswer::Denied)), NextAction::Void);
        assert_eq!(ordered(1, Some(at(30)), 90, Some(CarrierAnswer::Confirmed)), NextAction::Complete);
    }

    #[test]
    fn a_day_without_a_word_is_the_operators() {
        let ordered = |now, answer| plan(OrderState::Ordered, 0, None, at(0), at(now), answer);
        assert_eq!(ordered(86_399, Some(CarrierAnswer::Unknown)), NextAction::Wait { until: at(86_459) });
        assert_eq!(ordered(86_400, None), NextAction::AskCarrier);
        assert_eq!(ordered(86_400, Some(CarrierAnswer::Unknown)), NextAction::Stuck);
        assert_eq!(ordered(86_400, Some(CarrierAnswer::Confirmed)), NextAction::Complete);
    }

    fn answers() -> impl Strategy<Value = Option<CarrierAnswer>> {
        proptest::sample::select(vec![None, Some(CarrierAnswer::Confirmed), Some(CarrierAnswer::Denied), Some(CarrierAnswer::Unknown)])
    }

    proptest! {
        #[test]
        fn ends_only_with_a_reason(state in proptest::sample::select(OrderState::ALL.to_vec()), denied in proptest::option::of(0_i64..100_000), now in 0_i64..200_000, answer in answers()) {
            let denials = u32::from(denied.is_some());
            match plan(state, denials, denied.map(at), at(0), at(now), answer) {
                NextAction::Complete => prop_assert_eq!((state, answer), (OrderState::Ordered, Some(CarrierAnswer::Confirmed))),
                NextAction::Void if state == OrderState::Ordered => {
                    prop_assert_eq!(answer, Some(CarrierAnswer::Denied));
                    prop_assert!(denied.is_some_and(|first| now >= first + ASK_AGAIN_S));
                }
                NextAction::Stuck => prop_assert!(now >= STUCK_AFTER_S && answer == Some(CarrierAnswer::Unknown)),
                NextAction::Wait { until } => prop_assert!(until > at(now)),
                NextAction::Nothing => prop_assert!(!state.is_live() || state == OrderState::Stuck),
                _ => {}
            }
        }
    }
}
