//! Settings of the installation in words, and a person's own.

use crate::domain::account::Role;
use crate::domain::time::SECONDS_PER_DAY;
use crate::rpc::settings::{SessionView, SettingView, SettingsView};
use crate::rpc::shapes::Moment;
use crate::server::auth::session::Session;
use crate::server::config::{ImportPolicy, SearchAccess, Settings, SignUp};
use crate::server::services::profile::OpenSession;

fn setting(name: &str, value: String, text: &str) -> SettingView {
    SettingView { name: name.to_owned(), value, text: text.to_owned() }
}

fn days(days: i64) -> String {
    if days == 1 { String::from("1 day") } else { format!("{days} days") }
}

/// `30 minutes`, `24 hours`, `3 days`: the largest unit that is whole; a day stays 24 hours.
fn length(seconds: i64) -> String {
    match seconds {
        seconds if seconds % SECONDS_PER_DAY == 0 && seconds > SECONDS_PER_DAY => days(seconds / SECONDS_PER_DAY),
        seconds if seconds % 3_600 == 0 => format!("{} hours", seconds / 3_600),
        seconds if seconds % 60 == 0 => format!("{} minutes", seconds / 60),
        seconds => format!("{seconds} seconds"),
    }
}

/// The lengths that customers meet (R61).
#[must_use]
pub fn lengths(settings: &Settings) -> Vec<SettingView> {
    vec![
        setting("Hold", length(settings.hold_timeout_s), "A number on hold is yours to buy, and nobody else's."),
        setting("Cool-off", days(settings.cool_off_days), "After its last call a number cannot leave its sub-account."),
        setting("Recovery", length(settings.recovery_s), "A release can be undone."),
        setting("Aging", days(settings.aging_days), "After that only its last owner can buy it back; then everybody."),
        setting("Unpaid: suspended after", days(settings.suspended_after_days), "Counted from the month that could not be charged."),
        setting("Unpaid: released after", days(settings.released_after_days), "Counted from there too; never before it was announced."),
        setting("Holds at once", settings.holds_per_organization.to_string(), "For an organization."),
        setting("Holds at once in a sub-account", settings.holds_per_sub_account.to_string(), "For each of them."),
    ]
}

/// What else the operator has decided, for the operator.
#[must_use]
pub fn switches(settings: &Settings) -> Vec<SettingView> {
    let sign_up = match settings.sign_up {
        SignUp::Open => "Open",
        SignUp::Invite => "By invitation",
        SignUp::Off => "Off",
    };
    let search = match settings.search_access {
        SearchAccess::Open => "Open to visitors",
        SearchAccess::SignedIn => "Signed-in people only",
    };
    let import = match settings.import_policy {
        ImportPolicy::Open => "At once",
        ImportPolicy::Approve => "After approval",
        ImportPolicy::Off => "Off",
    };
    let rate = match settings.key_requests_per_second {
        0 => String::from("No limit"),
        rate => format!("{rate} a second, {} at once", settings.key_burst),
    };
    let demo = if settings.demo { "Demo" } else { "Real work" };
    vec![
        setting("Mode", demo.to_owned(), "A database is for one of the two, for good."),
        setting("Currency", settings.currency.clone(), "Of every price and every wallet, for good."),
        setting("Address", settings.public_url.clone(), "What links begin with."),
        setting("Sign-up", sign_up.to_owned(), "Who may make an organization."),
        setting("Search", search.to_owned(), "Who may look through the stock."),
        setting("Numbers brought along", import.to_owned(), "Whether customers may import their own numbers."),
        setting("Holds before the first top-up", settings.holds_before_top_up.to_string(), "For an organization that has never paid."),
        setting("Searches of a visitor", format!("{} a minute", settings.visitor_searches_per_minute), "From one address."),
        setting("Requests of a key", rate, "Over the API."),
    ]
}

/// A person's page.
#[must_use]
pub fn page(settings: &Settings, session: &Session, sessions: Vec<OpenSession>) -> SettingsView {
    let organization = session.organization.as_ref();
    let sessions = sessions.into_iter().map(|open| SessionView {
        since: Moment::new(open.created_at),
        last_seen: Moment::new(open.last_seen_at),
        this: open.this,
    });
    SettingsView {
        organization: organization.map(|organization| organization.name.clone()),
        can_rename: organization.is_some_and(|organization| organization.role >= Role::Admin && organization.sub_account_id.is_none()),
        lengths: lengths(settings),
        email: session.email.clone(),
        sessions: sessions.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_people_say_them() {
        let told = [1_800, 86_400, 259_200, 7_200, 45].map(length);
        assert_eq!(told, ["30 minutes", "24 hours", "3 days", "2 hours", "45 seconds"]);
        assert_eq!(days(1), "1 day");
    }
}
