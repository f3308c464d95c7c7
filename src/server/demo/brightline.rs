//! The story of Brightline Voice: its people, agents, sub-accounts and routes, and what happened to each of its numbers.

use std::collections::HashMap;

use crate::domain::account::Role;
use crate::domain::audit::{Actor, ActorKind};
use crate::domain::money::{MICROS_PER_UNIT, Micros};
use crate::domain::time::SECONDS_PER_DAY;
use crate::server::error::Result;
use crate::server::jobs::disconnects;
use crate::server::services::accounts::{self, NewMembership, NewPerson, SignUpForm};
use crate::server::services::agents::{self, AgentInput};
use crate::server::services::caller::Caller;
use crate::server::services::routes::{self, RouteInput};
use crate::server::services::sub_accounts::{self, SubAccountInput};
use crate::server::services::wallet::{self, SettingsChange};
use crate::server::services::{cool_offs, import, moving, numbers, organization, releasing};

use super::credentials::{BRIGHTLINE, Credentials, DANA, ILSE, MARA, NOOR, Player, SAM, THEO};
use super::story::{Story, person};

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = SECONDS_PER_DAY;

/// What the wallet holds at least when the story ends.
const AT_THE_END: Micros = Micros(112 * MICROS_PER_UNIT);
/// Below which it wants to be told, and what its numbers may cost a month.
const ALERT: Micros = Micros(25 * MICROS_PER_UNIT);
const BUDGET: Micros = Micros(120 * MICROS_PER_UNIT);
/// A number that the organization brought along; it is in nobody's stock.
const IMPORTED: &str = "+18885550142";

/// Where a number is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seat {
    Pool,
    Agent(&'static str),
    /// In Harbor Dental, answered by its Reception or by nobody.
    Harbor {
        answered: bool,
    },
    /// In Lakeside Realty, which was disabled later.
    Lakeside,
    /// Released so many seconds ago; the undo runs.
    Released(i64),
    /// Released so many days ago: it rests in stock, and only Brightline may buy it back.
    Gone(i64),
    /// Was in Harbor Dental until the operator ended its cool-off by force, so many days ago.
    Forced(i64),
    /// Brought along from another carrier.
    Imported,
}

/// A number and its past: area code, city, bought how many days ago, label, where it is, last call how many seconds ago (0: never).
struct Line(&'static str, &'static str, i64, &'static str, Seat, i64);

const LINES: [Line; 40] = [
    Line("415", "San Francisco", 88, "Main line", Seat::Agent(FRONT_DESK), 4 * MINUTE),
    Line("510", "Oakland", 81, "East Bay flyers", Seat::Agent(FRONT_DESK), HOUR),
    Line("650", "Palo Alto", 77, "", Seat::Agent(FRONT_DESK), 3 * HOUR),
    Line("408", "San Jose", 74, "", Seat::Agent(FRONT_DESK), 26 * HOUR),
    Line("213", "Los Angeles", 70, "Los Angeles desk", Seat::Agent(FRONT_DESK), 5 * HOUR),
    Line("212", "New York", 66, "", Seat::Agent(FRONT_DESK), 2 * DAY),
    Line("312", "Chicago", 63, "", Seat::Agent(FRONT_DESK), 6 * HOUR),
    Line("206", "Seattle", 58, "", Seat::Agent(FRONT_DESK), 11 * HOUR),
    Line("305", "Miami", 52, "", Seat::Agent(FRONT_DESK), 3 * DAY),
    Line("617", "Boston", 47, "", Seat::Agent(FRONT_DESK), 4 * DAY),
    Line("206", "Seattle", 86, "", Seat::Agent(NIGHT_LINE), 7 * HOUR),
    Line("877", "", 79, "After hours", Seat::Agent(NIGHT_LINE), HOUR + 10 * MINUTE),
    Line("503", "Portland", 61, "", Seat::Agent(NIGHT_LINE), 2 * DAY),
    Line("702", "Las Vegas", 45, "", Seat::Agent(NIGHT_LINE), 30 * HOUR),
    Line("415", "San Francisco", 33, "", Seat::Agent(BILLING_HELP), 2 * DAY),
    Line("415", "San Francisco", 12, "Spring campaign", Seat::Pool, 0),
    Line("503", "Portland", 40, "", Seat::Pool, 9 * DAY),
    Line("303", "Denver", 9, "", Seat::Pool, 0),
    Line("312", "Chicago", 54, "Print ad", Seat::Pool, 2 * HOUR),
    Line("888", "", 44, "Warranty line", Seat::Imported, 31 * DAY),
    Line("212", "New York", 72, "", Seat::Pool, 5 * DAY),
    Line("404", "Atlanta", 37, "", Seat::Pool, 12 * DAY),
    Line("214", "Dallas", 30, "", Seat::Pool, 0),
    Line("619", "San Diego", 27, "", Seat::Pool, 8 * DAY),
    Line("813", "Tampa", 25, "", Seat::Pool, 0),
    Line("512", "Austin", 21, "Austin pop-up", Seat::Pool, 6 * DAY),
    Line("615", "Nashville", 18, "", Seat::Pool, 0),
    Line("416", "Toronto", 15, "Toronto test", Seat::Pool, 13 * DAY),
    Line("713", "Houston", 6, "", Seat::Pool, 0),
    Line("206", "Seattle", 3, "", Seat::Pool, 0),
    Line("602", "Phoenix", 50, "", Seat::Forced(16), 18 * DAY),
    Line("312", "Chicago", 49, "Reception, Loop office", Seat::Harbor { answered: true }, 10 * DAY + 17 * HOUR),
    Line("312", "Chicago", 48, "", Seat::Harbor { answered: true }, 4 * HOUR),
    Line("773", "Chicago", 46, "", Seat::Harbor { answered: false }, 22 * DAY),
    Line("970", "Fort Collins", 43, "", Seat::Lakeside, 0),
    Line("303", "Denver", 42, "Open house line", Seat::Lakeside, 16 * DAY),
    Line("619", "San Diego", 68, "Old San Diego desk", Seat::Released(HOUR), 6 * DAY),
    Line("901", "Memphis", 36, "", Seat::Released(20 * HOUR), 0),
    Line("504", "New Orleans", 60, "Festival line", Seat::Gone(13), 20 * DAY),
    Line("775", "Reno", 65, "", Seat::Gone(30), 0),
];

/// Lines that may not be released by accident.
const LOCKED: [usize; 2] = [0, 20];

const FRONT_DESK: &str = "Front desk";
const NIGHT_LINE: &str = "Night line";
const BILLING_HELP: &str = "Billing help";
const RECEPTION: &str = "Reception";

/// Something that happens to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Get,
    Label,
    Answer,
    HandOver,
    Route,
    Lock,
    Call(i64),
    Force,
    Release,
    Disconnect,
    DisableLakeside,
}

/// Everybody and everything that the steps speak of.
struct Cast {
    mara: Caller,
    noor: Caller,
    sam: Caller,
    ilse: Caller,
    dana: Actor,
    harbor: String,
    lakeside: String,
    agents: HashMap<&'static str, String>,
    /// The routes of the pool, of Harbor Dental and of Lakeside Realty.
    pool_routes: [String; 2],
    harbor_routes: [String; 2],
    lakeside_route: String,
}

/// Tells the whole story up to now.
pub async fn tell(story: &mut Story, credentials: &Credentials) -> Result<()> {
    let cast = gather(story, credentials).await?;
    let mut happened: Vec<Option<Got>> = LINES.iter().map(|_| None).collect();
    let mut steps = script(story);
    steps.sort_by_key(|(ago_s, ..)| std::cmp::Reverse(*ago_s));
    for (ago_s, index, step) in steps {
        story.at(ago_s).await?;
        take(story, &cast, &mut happened, index, step).await?;
    }
    story.at(30 * MINUTE).await?;
    story.keep_above(&cast.mara, AT_THE_END).await?;
    let change = SettingsChange { low_balance: Some(Some(ALERT)), ..SettingsChange::default() };
    wallet::change_settings(&story.state, &cast.mara, change).await?;
    organization::set_budget(&story.state, &cast.mara, None, Some(BUDGET)).await?;
    story.at(0).await
}

/// What happens when, as seconds ago, line and step.
fn script(story: &Story) -> Vec<(i64, usize, Step)> {
    let mut steps = vec![(6 * DAY + 5 * HOUR, 0, Step::DisableLakeside)];
    for (index, Line(.., bought, label, seat, last_call)) in LINES.iter().enumerate() {
        let got = bought * DAY - story.below(8) * HOUR - story.below(60) * MINUTE;
        let mut add = |ago_s: i64, step: Step| steps.push((ago_s, index, step));
        add(got, Step::Get);
        if !label.is_empty() {
            add(got - 4 * MINUTE, Step::Label);
        }
        match seat {
            Seat::Pool => {}
            Seat::Agent(agent) => {
                add(got - 9 * MINUTE, Step::Answer);
                // An agent that was never published, and no route behind it: nobody answers this one.
                if *agent != BILLING_HELP {
                    add(got - 14 * MINUTE, Step::Route);
                }
            }
            Seat::Imported => add(got - 14 * MINUTE, Step::Route),
            Seat::Lakeside => {
                add(got - DAY, Step::HandOver);
                add(got - DAY - HOUR, Step::Route);
            }
            Seat::Harbor { answered } => {
                add(got - DAY, Step::HandOver);
                if *answered {
                    add(got - DAY - 2 * HOUR, Step::Answer);
                    add(got - DAY - 3 * HOUR, Step::Route);
                }
            }
            Seat::Forced(days) => {
                add(got - DAY, Step::HandOver);
                add(days * DAY, Step::Force);
            }
            Seat::Released(ago_s) => add(*ago_s, Step::Release),
            Seat::Gone(days) => {
                add(days * DAY, Step::Release);
                add((days - 1) * DAY - 5 * MINUTE, Step::Disconnect);
            }
        }
        if LOCKED.contains(&index) {
            add(got - 2 * DAY, Step::Lock);
        }
        if *last_call > 0 {
            add(*last_call, Step::Call(40 + story.below(180)));
            let room = u64::try_from(got - 2 * DAY - last_call).unwrap_or_default();
            for _ in 0..if room > 0 { 2 + story.below(4) } else { 0 } {
                add(last_call + 1 + story.below(room), Step::Call(15 + story.below(600)));
            }
        }
    }
    steps
}

/// A number that the organization has, or had.
#[derive(Debug, Clone)]
struct Got {
    ownership_id: String,
    e164: String,
}

async fn take(story: &mut Story, cast: &Cast, happened: &mut [Option<Got>], index: usize, step: Step) -> Result<()> {
    let Some(line) = LINES.get(index) else { return Ok(()) };
    if step == Step::Get {
        let got = get(story, cast, line).await?;
        if let Some(slot) = happened.get_mut(index) {
            *slot = Some(got);
        }
        return Ok(());
    }
    if step == Step::DisableLakeside {
        let input = SubAccountInput { name: String::from("Lakeside Realty"), budget: String::new() };
        return sub_accounts::edit(&story.state, &cast.noor, &cast.lakeside, &input, true).await.map(|_| ());
    }
    if step == Step::Disconnect {
        return disconnects::run(&story.state).await.map(|_| ());
    }
    let Some(Some(Got { ownership_id, e164 })) = happened.get(index) else { return Ok(()) };
    let state = &story.state;
    match step {
        Step::Label => numbers::set_label(state, &cast.mara, ownership_id, line.3).await.map(|_| ()),
        Step::Lock => numbers::set_locked(state, &cast.mara, ownership_id, true).await.map(|_| ()),
        Step::Answer => answer(story, cast, line, ownership_id).await,
        Step::Route => route(story, cast, line, ownership_id).await,
        Step::HandOver => {
            let place = if line.4 == Seat::Lakeside { &cast.lakeside } else { &cast.harbor };
            moving::hand_over(state, &cast.mara, ownership_id, place).await.map(|_| ())
        }
        Step::Call(duration_s) => story.call(e164, duration_s).await,
        Step::Force => {
            let reason = "Number handed to the wrong clinic, customer asked by phone";
            cool_offs::force(state, &cast.dana, ownership_id, reason, cool_offs::last_four(e164)).await.map(|_| ())
        }
        Step::Release => {
            releasing::release(state, &cast.noor, ownership_id, None).await?;
            story.stop_rental(ownership_id);
            Ok(())
        }
        Step::Get | Step::DisableLakeside | Step::Disconnect => Ok(()),
    }
}

async fn get(story: &mut Story, cast: &Cast, line: &Line) -> Result<Got> {
    if line.4 == Seat::Imported {
        let imported = import::import(&story.state, &cast.noor, IMPORTED, None).await?;
        return Ok(Got { ownership_id: imported.changed.number.id, e164: IMPORTED.to_owned() });
    }
    let e164 = story.pick(line.0, line.1)?;
    let buyer = if line.2 % 3 == 0 { &cast.sam } else { &cast.mara };
    // A member may not top up, so an owner sees to the wallet before.
    story.keep_above(&cast.mara, Micros(10 * MICROS_PER_UNIT)).await?;
    let ownership_id = story.buy(buyer, &e164).await?;
    Ok(Got { ownership_id, e164 })
}

async fn answer(story: &Story, cast: &Cast, line: &Line, ownership_id: &str) -> Result<()> {
    let (caller, agent) = match line.4 {
        Seat::Agent(agent) => (&cast.mara, agent),
        _ => (&cast.ilse, RECEPTION),
    };
    let Some(agent_id) = cast.agents.get(agent) else { return Ok(()) };
    moving::assign(&story.state, caller, ownership_id, agent_id).await.map(|_| ())
}

async fn route(story: &Story, cast: &Cast, line: &Line, ownership_id: &str) -> Result<()> {
    let (caller, [primary, failover]) = match line.4 {
        Seat::Harbor { .. } => (&cast.ilse, [Some(&cast.harbor_routes[0]), Some(&cast.harbor_routes[1])]),
        Seat::Lakeside => (&cast.mara, [Some(&cast.lakeside_route), None]),
        Seat::Imported => (&cast.mara, [Some(&cast.pool_routes[0]), None]),
        _ => (&cast.mara, [Some(&cast.pool_routes[0]), Some(&cast.pool_routes[1])]),
    };
    let (primary, failover) = (primary.map(String::as_str), failover.map(String::as_str));
    routes::set_for_number(&story.state, caller, ownership_id, primary, failover).await.map(|_| ())
}

/// Founds the organization and makes everything that is there before the first number.
async fn gather(story: &mut Story, credentials: &Credentials) -> Result<Cast> {
    story.at(98 * DAY).await?;
    let form = SignUpForm {
        organization: BRIGHTLINE.to_owned(),
        name: MARA.name.to_owned(),
        email: MARA.email.to_owned(),
        password: credentials.password(MARA),
    };
    let founded = accounts::found(&story.state, form).await?;
    let organization_id = founded.organization_id;
    let mara = person(&organization_id, None, &founded.user_id, MARA.name, Role::Owner);
    story.at(97 * DAY).await?;
    let harbor = sub_account(story, &mara, "Harbor Dental", "60").await?;
    let lakeside = sub_account(story, &mara, "Lakeside Realty", "").await?;
    let dana_id = join(story, credentials, DANA, None, None).await?;
    let noor_id = join(story, credentials, NOOR, Some(&organization_id), None).await?;
    let sam_id = join(story, credentials, SAM, Some(&organization_id), None).await?;
    join(story, credentials, THEO, Some(&organization_id), None).await?;
    let ilse_id = join(story, credentials, ILSE, Some(&organization_id), Some(&harbor)).await?;
    let ilse = person(&organization_id, Some(&harbor), &ilse_id, ILSE.name, Role::Member);
    story.at(96 * DAY).await?;
    let pool_routes = [
        new_route(story, &mara, None, "Edge 1", "host", "edge1.brightline.example").await?,
        new_route(story, &mara, None, "Edge 2", "host", "edge2.brightline.example:5061").await?,
    ];
    new_route(story, &mara, None, "Office phone", "number", "+14155550198").await?;
    let harbor_routes = [
        new_route(story, &ilse, None, "Harbor exchange", "host", "pbx.harbordental.example").await?,
        new_route(story, &ilse, None, "Dr. Brandt's mobile", "number", "+13125550190").await?,
    ];
    let lakeside_route = new_route(story, &mara, Some(&lakeside), "Lakeside exchange", "host", "edge2.lakeside.example").await?;
    let agents = hire(story, &mara, &ilse).await?;
    Ok(Cast {
        noor: person(&organization_id, None, &noor_id, NOOR.name, Role::Admin),
        sam: person(&organization_id, None, &sam_id, SAM.name, Role::Member),
        dana: Actor::new(ActorKind::Platform, dana_id, DANA.name),
        mara,
        ilse,
        harbor,
        lakeside,
        agents,
        pool_routes,
        harbor_routes,
        lakeside_route,
    })
}

/// Adds somebody to the installation.
pub async fn join(
    story: &Story,
    credentials: &Credentials,
    player: Player,
    organization_id: Option<&str>,
    sub_account_id: Option<&str>,
) -> Result<String> {
    let membership = match (organization_id, player.role) {
        (Some(organization_id), Some(role)) => {
            Some(NewMembership { organization_id: organization_id.to_owned(), role, sub_account_id: sub_account_id.map(str::to_owned) })
        }
        _ => None,
    };
    let new = NewPerson {
        name: player.name.to_owned(),
        email: player.email.to_owned(),
        password: credentials.password(player),
        platform_admin: player.platform_admin,
        membership,
    };
    accounts::add_person(&story.state, new).await
}

async fn sub_account(story: &Story, caller: &Caller, name: &str, budget: &str) -> Result<String> {
    let input = SubAccountInput { name: name.to_owned(), budget: budget.to_owned() };
    Ok(sub_accounts::create(&story.state, caller, &input).await?.id)
}

async fn new_route(
    story: &Story,
    caller: &Caller,
    sub_account_id: Option<&str>,
    name: &str,
    kind: &str,
    destination: &str,
) -> Result<String> {
    let input = RouteInput { name: name.to_owned(), kind: kind.to_owned(), destination: destination.to_owned(), edge_strategy_id: None };
    Ok(routes::create(&story.state, caller, &input, sub_account_id).await?.id)
}

/// The agents, in the versions that they have now.
async fn hire(story: &mut Story, mara: &Caller, ilse: &Caller) -> Result<HashMap<&'static str, String>> {
    let wanted = [
        (FRONT_DESK, mara, "ai_voice", "https://voice.brightline.example/front-desk", 7),
        (NIGHT_LINE, mara, "call_centre", "sip:night@centre.brightline.example", 2),
        (BILLING_HELP, mara, "person", "sip:billing@pbx.brightline.example", 0),
        (RECEPTION, ilse, "ai_voice", "https://voice.harbordental.example/reception", 3),
    ];
    let mut agents = HashMap::new();
    for (day, (name, caller, kind, destination, versions)) in (1..).zip(wanted) {
        story.at((96 - day) * DAY).await?;
        agents.insert(name, hire_one(story, caller, name, kind, destination, versions).await?);
    }
    Ok(agents)
}

/// Makes one agent and publishes so many versions of it, each with another destination than the one before.
pub async fn hire_one(story: &Story, caller: &Caller, name: &str, kind: &str, destination: &str, versions: u32) -> Result<String> {
    let input = |destination: String| AgentInput { name: name.to_owned(), kind: kind.to_owned(), destination };
    let draft = |version: u32| {
        let separator = if destination.starts_with("sip:") { ';' } else { '?' };
        if version == versions { destination.to_owned() } else { format!("{destination}{separator}version={version}") }
    };
    let agent = agents::create(&story.state, caller, &input(draft(versions.min(1))), None, versions > 0).await?;
    for version in 2..=versions {
        agents::edit(&story.state, caller, &agent.id, &input(draft(version))).await?;
        agents::publish(&story.state, caller, &agent.id).await?;
    }
    Ok(agent.id)
}
