//! What would happen if numbers were put on a column of the board. Pure: the board, the keyboard and the Move to… sheet
//! all ask here, by the rules that the service applies again. No markup and no signal lives here.

use crate::domain::code::Code;
use crate::domain::number::{BillingState, OwnedFacts, OwnedStatus, Recovery, ReleaseCause, Source, TargetAgent, TargetSubAccount};
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::rpc::numbers::{BoardColumn, DayClock, OwnedRow};
use crate::ui::clock::remaining_text;

/// What a drop does to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Assign,
    Unassign,
    HandOver,
    TakeBack,
}

impl Verb {
    /// The verb as it opens a label.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Assign => "Assign",
            Self::Unassign => "Unassign",
            Self::HandOver => "Hand over",
            Self::TakeBack => "Take back",
        }
    }

    /// The picture that goes with it.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Assign => "plug",
            Self::Unassign => "unplug",
            Self::HandOver => "building-2",
            Self::TakeBack => "inbox",
        }
    }
}

/// Why a number would be refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub code: Code,
    /// One or two sentences.
    pub text: String,
    /// The cool-off, where that is the reason.
    pub clock: Option<DayClock>,
}

impl Reason {
    fn of(refusal: Refusal) -> Self {
        let code = refusal.code();
        Self { code, text: format!("{} {}", code.title(), code.remedy()), clock: None }
    }
}

/// What would become of one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is there already.
    PutBack,
    Accept(Verb),
    /// Works, but the agent is a draft and does not answer yet.
    Warn(Verb),
    /// Works after one question, because its agent stops answering it.
    Ask(Verb),
    Refuse(Reason),
}

/// The column that a number stands in (R53): its sub-account, else its agent, else the free part of the pool.
#[must_use]
pub fn home(card: &OwnedRow) -> String {
    match (&card.sub_account, &card.agent_id) {
        (Some(sub_account), _) => format!("sub:{}", sub_account.id),
        (None, Some(agent)) => format!("agent:{agent}"),
        (None, None) => String::from("free"),
    }
}

/// What would become of `card` on `target`. The rules are the domain's; here they get the words of the board.
#[must_use]
pub fn verdict(card: &OwnedRow, target: &BoardColumn, now: Timestamp) -> Verdict {
    if home(card) == target.id {
        return Verdict::PutBack;
    }
    let asked = match (&card.sub_account, target.group.as_str()) {
        (Some(_), "pool") => take_back(card, now),
        (Some(sub_account), _) => {
            Err(Reason { code: Code::NumberInSubAccount, text: format!("It is in {}: take it back first.", sub_account.name), clock: None })
        }
        (None, "sub_account") => hand_over(card, target),
        (None, "pool") => facts(card).may_unassign().map(|_| Verdict::Accept(Verb::Unassign)).map_err(Reason::of),
        (None, _) => assign(card, target),
    };
    asked.unwrap_or_else(Verdict::Refuse)
}

/// The card as the domain knows numbers. What the board does not know of a number decides nothing here.
fn facts(card: &OwnedRow) -> OwnedFacts {
    let in_state = |state: &str| card.states.iter().any(|has| has == state);
    let status = match (&card.restore_until, &card.agent_id) {
        (Some(until), _) => {
            OwnedStatus::Released(Recovery { recoverable_until: until.at, disconnect_started_at: None, cause: ReleaseCause::Asked })
        }
        (None, Some(agent)) => OwnedStatus::Assigned { agent_id: agent.clone() },
        (None, None) => OwnedStatus::Available,
    };
    let billing_state = match (in_state("suspended"), in_state("past_due")) {
        (true, _) => BillingState::Suspended,
        (false, true) => BillingState::PastDue,
        (false, false) => BillingState::Current,
    };
    OwnedFacts {
        status,
        sub_account_id: card.sub_account.as_ref().map(|sub_account| sub_account.id.clone()),
        locked: card.locked,
        billing_state,
        source: if in_state("imported") { Source::Imported } else { Source::Purchased },
        last_call_at: card.last_call.as_ref().map(|call| call.at),
        verified: !in_state("unverified"),
    }
}

fn assign(card: &OwnedRow, target: &BoardColumn) -> Result<Verdict, Reason> {
    let id = target.id.strip_prefix("agent:").unwrap_or(&target.id).to_owned();
    let agent = TargetAgent { id, sub_account_id: None, published: target.lit };
    facts(card).may_assign(Some(&agent)).map_err(Reason::of)?;
    Ok(if target.lit { Verdict::Accept(Verb::Assign) } else { Verdict::Warn(Verb::Assign) })
}

fn take_back(card: &OwnedRow, now: Timestamp) -> Result<Verdict, Reason> {
    let clock = card.cool_off.as_ref();
    let days = clock.map_or(0, |clock| i64::from(clock.length_days));
    match (facts(card).may_take_back(now, days, false), clock) {
        (Ok(_), _) => Ok(Verdict::Accept(Verb::TakeBack)),
        (Err(refusal), Some(clock)) if refusal.code() == Code::DidCoolOffInEffect => {
            let left = remaining_text(now.seconds_until(clock.until.at));
            let text = format!("Until {}: cool-off, {left} left.", clock.until.short);
            Err(Reason { code: refusal.code(), text, clock: Some(clock.clone()) })
        }
        (Err(refusal), _) => Err(Reason::of(refusal)),
    }
}

/// An agent of the pool is taken off in the same step (R53), which is asked about first.
fn hand_over(card: &OwnedRow, target: &BoardColumn) -> Result<Verdict, Reason> {
    let known = facts(card);
    let had_agent = known.agent_id().is_some();
    let free = OwnedFacts { status: if had_agent { OwnedStatus::Available } else { known.status.clone() }, ..known };
    let id = target.id.strip_prefix("sub:").unwrap_or(&target.id).to_owned();
    match free.may_hand_over(Some(&TargetSubAccount { id, disabled: target.disabled })) {
        Ok(_) if had_agent => Ok(Verdict::Ask(Verb::HandOver)),
        Ok(_) => Ok(Verdict::Accept(Verb::HandOver)),
        Err(refusal) if refusal.code() == Code::SubAccountDisabled => Err(Reason {
            code: Code::SubAccountDisabled,
            text: format!("{} is disabled and takes no numbers. Enable it under Sub-accounts.", target.name),
            clock: None,
        }),
        Err(refusal) => Err(Reason::of(refusal)),
    }
}

/// What would become of several numbers on one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Landing {
    /// All of them are there already.
    PutBack,
    /// At least one would move; the refused ones stay where they are.
    Go(Go),
    /// None would move. The reasons are joined.
    Refused(Reason),
}

/// The numbers that would move, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Go {
    /// What is done to how many.
    pub verbs: Vec<(Verb, usize)>,
    /// Those that would move or be refused, not those that are there already.
    pub ids: Vec<String>,
    pub asks: bool,
    pub draft: bool,
    pub refused: usize,
}

/// The verdicts of all `cards` as one.
#[must_use]
pub fn landing(cards: &[OwnedRow], target: &BoardColumn, now: Timestamp) -> Landing {
    let mut go = Go { verbs: Vec::new(), ids: Vec::new(), asks: false, draft: false, refused: 0 };
    let mut reason: Option<Reason> = None;
    for card in cards {
        let verb = match verdict(card, target, now) {
            Verdict::PutBack => continue,
            Verdict::Refuse(why) => {
                go.refused += 1;
                go.ids.push(card.id.clone());
                reason = Some(joined(reason, why));
                continue;
            }
            Verdict::Accept(verb) => verb,
            Verdict::Warn(verb) => {
                go.draft = true;
                verb
            }
            Verdict::Ask(verb) => {
                go.asks = true;
                verb
            }
        };
        go.ids.push(card.id.clone());
        match go.verbs.iter_mut().find(|(known, _)| *known == verb) {
            Some((_, count)) => *count += 1,
            None => go.verbs.push((verb, 1)),
        }
    }
    match reason {
        Some(reason) if go.verbs.is_empty() => Landing::Refused(reason),
        None if go.verbs.is_empty() => Landing::PutBack,
        _ => Landing::Go(go),
    }
}

fn joined(before: Option<Reason>, after: Reason) -> Reason {
    match before {
        None => after,
        Some(before) if before.text.contains(&after.text) => before,
        Some(before) => Reason { text: format!("{} {}", before.text, after.text), clock: None, ..before },
    }
}

impl Go {
    /// `Assign 2, draft only`, `Hand over 2…`, `Unassign 1, take back 1, 1 refused`.
    #[must_use]
    pub fn label(&self) -> String {
        let mut label = String::new();
        for (index, (verb, count)) in self.verbs.iter().enumerate() {
            if index == 0 {
                label.push_str(&format!("{} {count}", verb.text()));
            } else {
                label.push_str(&format!(", {} {count}", verb.text().to_lowercase()));
            }
        }
        if self.draft {
            label.push_str(", draft only");
        }
        if self.refused > 0 {
            label.push_str(&format!(", {} refused", self.refused));
        }
        if self.asks {
            label.push('\u{2026}');
        }
        label
    }

    /// The picture of the first verb, or a warning sign.
    #[must_use]
    pub fn icon(&self) -> &'static str {
        if self.draft { "triangle-alert" } else { self.verbs.first().map_or("plug", |(verb, _)| verb.icon()) }
    }
}

impl Landing {
    /// Whether a drop would change anything.
    #[must_use]
    pub const fn moves(&self) -> bool {
        matches!(self, Self::Go(_))
    }

    /// What a screen reader hears about it.
    #[must_use]
    pub fn spoken(&self) -> String {
        match self {
            Self::PutBack => String::from("put back, nothing changes"),
            Self::Go(go) => go.label().to_lowercase(),
            Self::Refused(reason) => format!("would be refused. {}", reason.text),
        }
    }
}

#[cfg(test)]
#[path = "verdict_tests.rs"]
mod tests;
