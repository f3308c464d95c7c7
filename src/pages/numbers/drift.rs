//! One line over the list that names what has drifted of all numbers, whatever the list shows now. Each part of it filters the list.

use leptos::prelude::*;

use crate::domain::number::Drift;
use crate::rpc::numbers::{DriftRow, DriftView};
use crate::ui::form::use_text_parameter;
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};

/// What dismisses the line for as long as it stands in the address.
const DISMISSED: &str = "off";

/// The list with only what has drifted in that way.
fn filtered(here: &str, drift: Option<&str>) -> String {
    let base = ["cursor", "chip", "tag", "q"].into_iter().fold(here.to_owned(), |here, name| with_param(&here, name, None));
    with_param(&base, "drift", drift)
}

/// The line; nothing while all is well.
#[component]
pub fn DriftLine(drift: DriftView) -> impl IntoView {
    let here = use_here();
    let chosen = use_text_parameter("drift");
    let currency = StoredValue::new(use_frame().currency());
    let drift = StoredValue::new(drift);
    reactive(move || {
        let drift = drift.get_value();
        let (here, chosen) = (here.get(), chosen.get());
        let looking = Drift::NAMES.contains(&chosen.as_str());
        if chosen == DISMISSED || (drift.any == 0 && !looking) {
            return None;
        }
        let head = match drift.any {
            0 => String::from("Nothing needs a look."),
            1 => String::from("1 needs a look."),
            count => format!("{count} need a look."),
        };
        let parts = drift.rows.into_iter().map(|row| {
            let href = filtered(&here, Some(&row.kind));
            let current = (row.kind == chosen).then_some("true");
            let text = currency.with_value(|currency| words(&row, currency));
            view! { <li><a class="link" href=href aria-current=current data-noscroll="">{text}</a></li> }
        });
        let (all_href, all_text) =
            if looking { (filtered(&here, None), "Show all numbers") } else { (filtered(&here, Some(Drift::ANY)), "Show them") };
        Some(view! {
            <section class="drift" aria-label="Drift check">
                <Icon name="scan-search" size=18/>
                <strong>{head}</strong>
                <ul class="drift-parts">{parts.collect_view()}</ul>
                <a class="link drift-all" href=all_href data-noscroll="">{all_text}</a>
                <a class="btn btn-quiet btn-icon btn-sm" href=filtered(&here, Some(DISMISSED)) data-noscroll="" aria-label="Dismiss"><Icon name="x"/></a>
            </section>
        })
    })
}

/// One way to drift, as a sentence: `Nobody answers (415) 555-0199`, `5 numbers have been idle for 30 days, $6.25 a month`.
fn words(row: &DriftRow, currency: &str) -> String {
    let Some(drift) = Drift::from_name(&row.kind) else { return row.kind.clone() };
    let sentence = if row.count == 1 { drift.one(&row.first.formatted) } else { drift.several(row.count) };
    let sentence = if drift == Drift::Idle { format!("{sentence}, {} a month", row.monthly.display(currency)) } else { sentence };
    let mut letters = sentence.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Micros;
    use crate::rpc::shapes::PhoneView;

    #[test]
    fn one_number_is_named_and_several_are_counted() {
        let first = PhoneView { e164: String::from("+14155550199"), formatted: String::from("(415) 555-0199") };
        let row = |kind: &str, count| DriftRow { kind: kind.to_owned(), count, first: first.clone(), monthly: Micros(6_250_000) };
        assert_eq!(words(&row("no_route", 1), "USD"), "Nobody answers (415) 555-0199");
        assert_eq!(words(&row("no_route", 3), "USD"), "Nobody answers 3 numbers");
        assert_eq!(words(&row("idle", 5), "USD"), "5 numbers have been idle for 30 days, $6.25 a month");
    }

    #[test]
    fn a_part_leads_to_its_numbers_alone() {
        assert_eq!(filtered("/numbers?q=415&chip=free&sort=number&cursor=x", Some("idle")), "/numbers?sort=number&drift=idle");
        assert_eq!(filtered("/numbers?drift=idle", None), "/numbers");
    }
}
