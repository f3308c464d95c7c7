//! Moments as text: UTC from the server, the reader's own zone after hydration, the whole date always in the title.

use leptos::prelude::*;

use super::browser;
use super::clock::ago_text;
use crate::domain::time::{MICROS_PER_SECOND, SECONDS_PER_DAY, Timestamp};
use crate::rpc::shapes::Moment;
use crate::ui::view::view;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A moment. `style` is `short` (`Nov 26, 10:14`), `day` (`Nov 26`) or `full`.
#[component]
pub fn When(moment: Moment, #[prop(default = "short")] style: &'static str) -> impl IntoView {
    let utc = match style {
        "day" => moment.day,
        "full" => moment.full.clone(),
        _ => moment.short,
    };
    let text = RwSignal::new(utc);
    let title = local_title(moment.at, moment.full);
    in_own_zone(text, moment.at, style);
    view! { <time class="when" datetime=moment.at.rfc3339() title=move || title.get()>{move || text.get()}</time> }
}

/// A moment as its distance from `now`: `4 min ago`.
#[component]
pub fn Ago(moment: Moment, now: Timestamp) -> impl IntoView {
    let title = local_title(moment.at, moment.full);
    view! { <time class="when" datetime=moment.at.rfc3339() title=move || title.get()>{ago_text(now, moment.at)}</time> }
}

/// An instant that came without its texts, as those of refusals do.
#[component]
pub fn Instant(at: Timestamp) -> impl IntoView {
    let text = RwSignal::new(utc_text(at));
    in_own_zone(text, at, "short");
    view! { <time class="when" datetime=at.rfc3339()>{move || text.get()}</time> }
}

fn local_title(at: Timestamp, full: String) -> RwSignal<String> {
    let title = RwSignal::new(full);
    in_own_zone(title, at, "full");
    title
}

fn in_own_zone(text: RwSignal<String>, at: Timestamp, style: &'static str) {
    Effect::new(move |_| {
        if let Some(local) = browser::local_text(at.micros(), style) {
            text.maybe_update(|shown| {
                let differs = *shown != local;
                *shown = local;
                differs
            });
        }
    });
}

/// `Nov 26, 10:14 UTC`.
#[must_use]
pub fn utc_text(at: Timestamp) -> String {
    let seconds = at.micros().div_euclid(MICROS_PER_SECOND);
    let (month, day) = month_and_day(seconds.div_euclid(SECONDS_PER_DAY));
    let minute_of_day = seconds.rem_euclid(SECONDS_PER_DAY) / 60;
    let name = usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or_default();
    format!("{name} {day}, {:02}:{:02} UTC", minute_of_day / 60, minute_of_day % 60)
}

/// Month (1 to 12) and day of a count of days since 1970-01-01, in the Gregorian calendar. Years are counted from March,
/// so that the leap day is the last one; an era is 400 years.
const fn month_and_day(days_since_1970: i64) -> (i64, i64) {
    let since_march_of_year_zero = days_since_1970 + 719_468;
    let day_of_era = since_march_of_year_zero.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    (if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 }, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_utc() {
        assert_eq!(utc_text(Timestamp::from_seconds(0)), "Jan 1, 00:00 UTC");
        assert_eq!(utc_text(Timestamp::from_seconds(951_782_399)), "Feb 28, 23:59 UTC");
        assert_eq!(utc_text(Timestamp::from_seconds(951_782_400)), "Feb 29, 00:00 UTC");
        assert_eq!(utc_text(Timestamp::from_seconds(1_795_688_040)), "Nov 26, 10:14 UTC");
        assert_eq!(utc_text(Timestamp::from_seconds(-60)), "Dec 31, 23:59 UTC");
    }

    #[test]
    fn agrees_with_the_calendar_for_four_hundred_years() {
        for day in -73_000..73_000_i64 {
            let text = Timestamp::from_seconds(day * SECONDS_PER_DAY).rfc3339();
            let (month, day_of_month) = month_and_day(day);
            assert_eq!(&text[text.len() - 15..text.len() - 10], format!("{month:02}-{day_of_month:02}"), "{text}");
        }
    }
}
