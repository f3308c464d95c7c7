//! Words for refusals whose facts deserve to be said. Everything else takes its words from the table of codes.

use crate::domain::refusal::{Refusal, ReservationFault, Unavailable};

/// What happened and what to do next, for people. Times stand in the facts beside it, because only the browser knows the reader's zone.
#[must_use]
pub fn refusal_text(refusal: &Refusal, currency: &str) -> (String, String) {
    let code = refusal.code();
    let (title, remedy) = (code.title().to_owned(), code.remedy().to_owned());
    match refusal {
        Refusal::Validation { errors } => {
            // A field called "form" stands nowhere on the page.
            let whole_form: Vec<&str> = errors.iter().filter(|error| error.field == "form").map(|error| error.message.as_str()).collect();
            (title, if whole_form.is_empty() { remedy } else { whole_form.join(" ") })
        }
        Refusal::InsufficientFunds { required, available, shortfall } => (
            format!("{} more is needed. Nothing was charged.", shortfall.display(currency)),
            format!("It costs {}, and {} is available. {remedy}", required.display(currency), available.display(currency)),
        ),
        Refusal::NumberUnavailable { reason, owned_by_you, restore_until, .. } => {
            unavailable(*reason, *owned_by_you, restore_until.is_some(), &remedy)
        }
        Refusal::ReservationInvalid { reason } => (format!("{} Nothing was charged.", reservation_fault(*reason)), remedy),
        Refusal::PriceChanged { setup, monthly, .. } => (
            title,
            format!("It is now {} a month and {} once. Look at it and confirm it.", monthly.display(currency), setup.display(currency)),
        ),
        Refusal::HoldLimitReached { limit } => (format!("You hold {limit} numbers, which is as many as you may."), remedy),
        Refusal::BudgetExceeded { budget, committed, over } => (
            title,
            format!(
                "The budget is {} a month, {} of it is in use, and this is {} too much. {remedy}",
                budget.display(currency),
                committed.display(currency),
                over.display(currency)
            ),
        ),
        Refusal::SubAccountInUse { owned, recoverable, ordering } => {
            (title, format!("{owned} owned, {recoverable} released but not gone yet, {ordering} being bought. {remedy}"))
        }
        Refusal::MissingScope { scope } => (format!("The key lacks the scope {scope}."), remedy),
        Refusal::RateLimited { retry_after_s } => (title, format!("Try again in {} s. Nothing was changed.", (*retry_after_s).max(1))),
        Refusal::DidCoolOffInEffect { .. } | Refusal::ExtendLimitReached { .. } | Refusal::Plain { .. } => (title, remedy),
    }
}

fn unavailable(reason: Unavailable, owned_by_you: bool, restorable: bool, remedy: &str) -> (String, String) {
    if owned_by_you {
        return (String::from("This number is yours already. Nothing was charged."), String::from("Open it under Numbers."));
    }
    if restorable {
        return (
            String::from("You released this number, and it can still be restored. Nothing was charged."),
            String::from("Restore it under Numbers."),
        );
    }
    let title = match reason {
        Unavailable::Sold => "The number is sold. Nothing was charged.",
        Unavailable::Held => "Somebody else holds this number. Nothing was charged.",
        Unavailable::Aging => "The number rests after a release. Nothing was charged.",
        Unavailable::Taken => "The number is owned or stocked here already. Nothing was imported.",
    };
    (title.to_owned(), remedy.to_owned())
}

const fn reservation_fault(reason: ReservationFault) -> &'static str {
    match reason {
        ReservationFault::Expired => "The hold has ended.",
        ReservationFault::Released => "The hold was given back.",
        ReservationFault::Consumed => "The hold was used for a purchase.",
        ReservationFault::OtherNumber => "The hold is for another number.",
        ReservationFault::Unknown => "There is no such hold of yours.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::Code;
    use crate::domain::money::Micros;

    #[test]
    fn amounts_are_named() {
        let refusal =
            Refusal::InsufficientFunds { required: Micros(13_500_000), available: Micros(4_000_000), shortfall: Micros(9_500_000) };
        let (title, remedy) = refusal_text(&refusal, "USD");
        assert_eq!(title, "$9.50 more is needed. Nothing was charged.");
        assert!(remedy.contains("$13.50") && remedy.contains("$4.00"), "{remedy}");
    }

    #[test]
    fn every_plain_code_has_both_sentences() {
        for code in Code::ALL {
            let (title, remedy) = refusal_text(&Refusal::from(*code), "USD");
            assert!(title.ends_with('.') && remedy.ends_with('.'), "{}", code.name());
        }
    }
}
