//! Table 3a as browsers meet it: holding, extending, giving back, buying and importing.

use dialyard::domain::account::Role;
use dialyard::domain::money::Micros;
use dialyard::domain::number::StockState;
use dialyard::domain::time::Timestamp;
use dialyard::server::services::holds;
use dialyard::server::services::purchase::{Buy, buy};
use dialyard::server::services::releasing;
use dialyard::server::services::sub_accounts::{self, SubAccountInput};
use dialyard::server::store::inventory::bulk;

use super::support::carrier::Act;
use super::support::owned::Column;
use super::support::{OWN_STOCK, SCRIPTED, stock_row};
use super::town::{Asked, ORDER_TABLES, Town, cases};

const NUMBER: &str = "+14155550801";
const OTHER: &str = "+14155550802";
const THIRD: &str = "+14155550803";
const RESULTS: &str = "/?area=415";

fn e164(number: &str) -> String {
    format!("e164=%2B{}", number.trim_start_matches('+'))
}

/// A press on Hold in the results.
fn hold(town: &Town, number: &str) -> Asked {
    Asked::write(town, "holds/create", e164(number), RESULTS)
}

/// The buy dialog's form.
fn purchase(town: &Town, number: &str, max_price: &str) -> Asked {
    let digits = number.trim_start_matches('+');
    let form = format!("{}&request_key=press-{digits}&max_price={max_price}&agent_id=", e164(number));
    Asked::write(town, "orders/buy", form, format!("/?area=415&buy=%2B{digits}"))
}

async fn stocked() -> Town {
    let town = Town::new().await;
    town.yard.app.stock(OWN_STOCK, &[NUMBER, OTHER, THIRD]).await;
    town
}

async fn held(town: &Town, number: &str) -> String {
    holds::place(&town.yard.app.state, &town.yard.owner, number).await.expect("held").held.hold.id
}

async fn bought(town: &Town, number: &str) {
    let wish = Buy { e164: number.to_owned(), ..Buy::default() };
    buy(&town.yard.app.state, &town.yard.owner, wish).await.expect("bought");
}

/// Somebody else holds the number.
async fn held_by_another() -> Town {
    let town = stocked().await;
    let (neighbour, _) = town.neighbour(50).await;
    holds::place(&town.yard.app.state, &neighbour, NUMBER).await.expect("held");
    town
}

/// Somebody else owns the number.
async fn sold_to_another() -> Town {
    let town = stocked().await;
    let (neighbour, _) = town.neighbour(50).await;
    let wish = Buy { e164: NUMBER.to_owned(), ..Buy::default() };
    buy(&town.yard.app.state, &neighbour, wish).await.expect("bought");
    town
}

/// The owner's order is at a carrier that has not answered.
async fn ordering() -> (Town, String) {
    let town = Town::scripted(vec![Act::LoseOrder]).await;
    town.yard.app.stock(SCRIPTED, &[NUMBER]).await;
    let hold_id = held(&town, NUMBER).await;
    bought(&town, NUMBER).await;
    (town, hold_id)
}

async fn aging() -> Town {
    let town = stocked().await;
    let until = town.yard.app.state.now().plus_days(10);
    let aged = bulk::NewStock { state: StockState::Aging { until }, ..stock_row("+14155550804", "") };
    let write = town.yard.app.state.db.write(async move |connection| {
        let carrier = bulk::carrier(connection, OWN_STOCK, OWN_STOCK, Timestamp::from_seconds(0)).await?;
        bulk::insert(connection, &[bulk::NewStock { carrier_id: carrier.as_str().into(), ..aged.clone() }], until).await
    });
    write.await.expect("stock");
    town
}

async fn poor_neighbour(town: &Town, funds: i64) -> Option<String> {
    Some(town.neighbour(funds).await.1)
}

async fn owing() -> Town {
    let town = stocked().await;
    town.yard.app.drain_to(&town.yard.owner, Micros(-5_000_000)).await;
    town
}

cases! {
    NumberUnavailable, "holding a number that somebody else holds" => {
        let town = held_by_another().await;
        let asked = hold(&town, NUMBER).says("Somebody else holds this number");
        (town, asked)
    };
    NumberUnavailable, "holding a number that was sold" => {
        let town = sold_to_another().await;
        let asked = hold(&town, NUMBER).says("Somebody else just bought this number");
        (town, asked)
    };
    NumberUnavailable, "holding one's own number" => {
        let town = stocked().await;
        bought(&town, NUMBER).await;
        let asked = hold(&town, NUMBER).says("This number is yours already");
        (town, asked)
    };
    NumberUnavailable, "holding a number that one has released" => {
        let town = stocked().await;
        bought(&town, NUMBER).await;
        releasing::release(&town.yard.app.state, &town.yard.owner, NUMBER, None).await.expect("released");
        let asked = hold(&town, NUMBER).says("You released this number");
        (town, asked)
    };
    NumberUnavailable, "holding a number that rests" => {
        let town = aging().await;
        let asked = hold(&town, "+14155550804").says("This number rests after a release");
        (town, asked)
    };
    NumberUnavailable, "buying a number that somebody else holds" => {
        let town = held_by_another().await;
        let asked = purchase(&town, NUMBER, "100").says("Somebody else holds this number");
        (town, asked)
    };
    NumberUnavailable, "buying a number that was sold" => {
        let town = sold_to_another().await;
        let asked = purchase(&town, NUMBER, "100").says("Somebody else just bought this number");
        (town, asked)
    };
    NumberUnavailable, "importing a number that is stocked here" => {
        let town = stocked().await;
        let asked = Asked::write(&town, "numbers/import", e164(NUMBER), "/numbers?import=1");
        (town, asked)
    };
    NeverStocked, "holding a number that nobody offers" => {
        let town = stocked().await;
        let asked = hold(&town, "+14155550899");
        (town, asked)
    };
    NeverStocked, "the buy dialog of such a number" => {
        let town = stocked().await;
        let asked = Asked::read(&town, "orders/quote", e164("+14155550899"), "/?buy=%2B14155550899");
        (town, asked)
    };
    OrderInProgress, "holding a number that one is buying" => {
        let (town, _) = ordering().await;
        let asked = hold(&town, NUMBER);
        (town, asked)
    };
    HoldCommitted, "giving back what is being bought" => {
        let (town, id) = ordering().await;
        let asked = Asked::write(&town, "holds/release", format!("id={id}"), RESULTS);
        (town, asked)
    };
    ReservationInvalid, "extending a hold that has lapsed" => {
        let town = stocked().await;
        let id = held(&town, NUMBER).await;
        town.yard.app.clock.advance_s(1_800);
        let asked = Asked::write(&town, "holds/extend", format!("id={id}"), RESULTS);
        (town, asked)
    };
    ReservationInvalid, "giving back what was bought" => {
        let town = stocked().await;
        let id = held(&town, NUMBER).await;
        bought(&town, NUMBER).await;
        let asked = Asked::write(&town, "holds/release", format!("id={id}"), RESULTS);
        (town, asked)
    };
    ExtendLimitReached, "extending twice at once" => {
        let town = stocked().await;
        let id = held(&town, NUMBER).await;
        holds::extend(&town.yard.app.state, &town.yard.owner, &id).await.expect("extended");
        let asked = Asked::write(&town, "holds/extend", format!("id={id}"), RESULTS);
        (town, asked)
    };
    HoldLimitReached, "a third hold before the first payment" => {
        let town = stocked().await;
        let (neighbour, cookie) = town.neighbour(0).await;
        for number in [NUMBER, OTHER] {
            holds::place(&town.yard.app.state, &neighbour, number).await.expect("held");
        }
        let asked = hold(&town, THIRD).by(Some(cookie));
        (town, asked)
    };
    InsufficientFunds, "buying with an empty wallet" => {
        let town = stocked().await;
        let cookie = poor_neighbour(&town, 1).await;
        let asked = purchase(&town, NUMBER, "100").by(cookie).says("$1.25 short");
        (town, asked)
    };
    InsufficientFunds, "restoring when a month has come due" => {
        let town = Town::with(|settings| settings.recovery_s = 40 * 86_400).await;
        town.yard.app.stock(OWN_STOCK, &[NUMBER]).await;
        let (neighbour, cookie) = town.neighbour(3).await;
        let wish = Buy { e164: NUMBER.to_owned(), ..Buy::default() };
        buy(&town.yard.app.state, &neighbour, wish).await.expect("bought");
        let id = releasing::release(&town.yard.app.state, &neighbour, NUMBER, None).await.expect("released").id;
        // The session is older than that by then.
        town.yard.app.clock.advance_s(35 * 86_400);
        let again = town.sign_in("owner@neighbour.example").await;
        assert_ne!(cookie, again);
        let asked = Asked::write(&town, "numbers/restore", format!("id={id}"), format!("/numbers/{NUMBER}")).by(Some(again));
        (town, asked)
    };
    PriceChanged, "buying at a price that has changed" => {
        let town = stocked().await;
        let asked = purchase(&town, NUMBER, "1.00");
        (town, asked)
    };
    BudgetExceeded, "buying above the budget of one's sub-account" => {
        let town = stocked().await;
        let input = SubAccountInput { name: String::from("Tight"), budget: String::from("1.00") };
        let place = sub_accounts::create(&town.yard.app.state, &town.yard.owner, &input).await.expect("a sub-account").id;
        let cookie = town.person(Some(Role::Member), Some(&place)).await;
        let asked = purchase(&town, NUMBER, "100").by(Some(cookie));
        (town, asked)
    };
    PaymentHold, "holding while a payment is owed" => {
        let town = owing().await;
        let asked = hold(&town, NUMBER);
        (town, asked)
    };
    PaymentHold, "buying while a payment is owed" => {
        let town = owing().await;
        let asked = purchase(&town, NUMBER, "100");
        (town, asked)
    };
    CarrierUnavailable, "buying while the carrier is not reached" => {
        let town = Town::scripted(vec![Act::Unreachable, Act::Unreachable, Act::Unreachable, Act::Unreachable]).await;
        town.yard.app.stock(SCRIPTED, &[NUMBER]).await;
        let asked = Asked { may_change: &ORDER_TABLES, ..purchase(&town, NUMBER, "100") };
        (town, asked)
    };
    IdempotencyKeyReused, "the form of one number sent for another" => {
        let town = stocked().await;
        let key = Some(String::from("press-14155550802"));
        let wish = Buy { e164: NUMBER.to_owned(), request_key: key, ..Buy::default() };
        buy(&town.yard.app.state, &town.yard.owner, wish).await.expect("bought");
        let asked = purchase(&town, OTHER, "100");
        (town, asked)
    };
    NotFound, "buying for an agent of somebody else" => {
        let town = stocked().await;
        let mut asked = purchase(&town, NUMBER, "100");
        asked.form.push_str(&town.yard.harbor_agent);
        (town, asked)
    };
    Validation, "a number that is none" => {
        let town = stocked().await;
        let asked = Asked::write(&town, "numbers/import", String::from("e164=12"), "/numbers?import=1");
        (town, asked)
    };
    NumberUnavailable, "importing a number that one has released" => {
        let town = Town::new().await;
        let number = town.yard.number(Column::RL).await;
        let asked = Asked::write(&town, "numbers/import", e164(&number.e164), "/numbers?import=1").says("can still be restored");
        (town, asked)
    };
}
