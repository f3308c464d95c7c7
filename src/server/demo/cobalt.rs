//! The story of Cobalt Relay: a small organization beside the large one, so that there is somebody else's data to keep apart.

use crate::domain::account::Role;
use crate::domain::money::{MICROS_PER_UNIT, Micros};
use crate::domain::time::SECONDS_PER_DAY;
use crate::server::error::Result;
use crate::server::services::accounts::{self, SignUpForm};
use crate::server::services::{moving, numbers};

use super::brightline::hire_one;
use super::credentials::{COBALT, Credentials, PRIYA};
use super::story::{Story, person};

const HOUR: i64 = 3_600;
const DAY: i64 = SECONDS_PER_DAY;

/// Area code, city, bought how many days ago, label, answered by the switchboard, last call how many seconds ago (0: never).
const LINES: [(&str, &str, i64, &str, bool, i64); 5] = [
    ("206", "Seattle", 60, "Dispatch", true, 2 * HOUR),
    ("253", "Tacoma", 52, "", true, 3 * DAY),
    ("503", "Portland", 31, "Portland trucks", true, 20 * HOUR),
    ("866", "", 24, "Customers", false, 6 * DAY),
    ("425", "Bellevue", 5, "", false, 0),
];

/// What the wallet holds at least when the story ends.
const AT_THE_END: Micros = Micros(40 * MICROS_PER_UNIT);

/// Tells the whole story up to now.
pub async fn tell(story: &mut Story, credentials: &Credentials) -> Result<()> {
    story.at(75 * DAY).await?;
    let form = SignUpForm {
        organization: COBALT.to_owned(),
        name: PRIYA.name.to_owned(),
        email: PRIYA.email.to_owned(),
        password: credentials.password(PRIYA),
    };
    let founded = accounts::found(&story.state, form).await?;
    let priya = person(&founded.organization_id, None, &founded.user_id, PRIYA.name, Role::Owner);
    let switchboard = hire_one(story, &priya, "Switchboard", "call_centre", "sip:switchboard@cobaltrelay.example", 1).await?;
    let mut calls = Vec::new();
    for (area_code, locality, bought, label, answered, last_call) in LINES {
        story.at(bought * DAY).await?;
        let e164 = story.pick(area_code, locality)?;
        let ownership_id = story.buy(&priya, &e164).await?;
        if !label.is_empty() {
            numbers::set_label(&story.state, &priya, &ownership_id, label).await?;
        }
        if answered {
            moving::assign(&story.state, &priya, &ownership_id, &switchboard).await?;
        }
        if last_call > 0 {
            calls.push((last_call, e164));
        }
    }
    calls.sort_by_key(|(ago_s, _)| std::cmp::Reverse(*ago_s));
    for (ago_s, e164) in calls {
        story.at(ago_s).await?;
        story.call(&e164, 95).await?;
    }
    story.keep_above(&priya, AT_THE_END).await?;
    story.at(0).await
}
