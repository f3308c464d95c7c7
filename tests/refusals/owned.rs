//! Table 3b as browsers meet it: what is done to owned numbers, alone and on the board.

use dialyard::domain::account::Role;
use dialyard::server::services::agents::{self, AgentInput};
use dialyard::server::services::import;
use dialyard::server::services::numbers;
use dialyard::server::services::sub_accounts::{self, SubAccountInput};
use dialyard::server::store::numbers::OwnedNumber;

use super::support::owned::Column;
use super::town::{Asked, Town, cases};

/// An installation with a number in that column of the table.
async fn with(column: Column) -> (Town, OwnedNumber) {
    let town = Town::new().await;
    let number = town.yard.number(column).await;
    (town, number)
}

/// A form of the number's own page, with `rest` behind its id.
fn on_page(town: &Town, path: &'static str, number: &OwnedNumber, rest: &str) -> Asked {
    Asked::write(town, path, format!("id={}{rest}", number.id), format!("/numbers/{}", number.e164))
}

/// The last four digits, typed.
fn typed(number: &OwnedNumber) -> String {
    format!("&typed={}", &number.e164[number.e164.len() - 4..])
}

fn release(town: &Town, number: &OwnedNumber) -> Asked {
    let asked = on_page(town, "numbers/release", number, &typed(number));
    Asked { page: format!("{}?release=1", asked.page), ..asked }
}

fn hand_over(town: &Town, number: &OwnedNumber, place: &str) -> Asked {
    on_page(town, "numbers/hand-over", number, &format!("&sub_account_id={place}"))
}

/// Dropped on a column of the board, by the dialog.
fn moved(town: &Town, number: &OwnedNumber, target: &str) -> Asked {
    let form = format!("ids={}&target={target}", number.id);
    Asked::write(town, "numbers/move", form, format!("/board?move={}", number.id))
}

async fn disable(town: &Town, place: &str) {
    let input = SubAccountInput { name: String::from("Harbor Dental"), budget: String::new() };
    sub_accounts::edit(&town.yard.app.state, &town.yard.owner, place, &input, true).await.expect("disabled");
}

fn force(town: &Town, number: &OwnedNumber, reason: &str, digits: &str, cookie: String) -> Asked {
    let form = format!("id={}&reason={reason}{digits}", number.id);
    Asked::write(town, "admin/override-cool-off", form, format!("/admin/cool-offs?override={}", number.id)).by(Some(cookie))
}

cases! {
    NumberInUse, "handing over a number with an agent" => {
        let (town, number) = with(Column::P1).await;
        let asked = hand_over(&town, &number, &town.yard.harbor);
        (town, asked)
    };
    NumberInUse, "handing over what another sub-account has" => {
        let (town, number) = with(Column::S0).await;
        let asked = hand_over(&town, &number, &town.yard.lakeside);
        (town, asked)
    };
    NumberInSubAccount, "releasing what is in a sub-account" => {
        let (town, number) = with(Column::S0).await;
        let asked = release(&town, &number);
        (town, asked)
    };
    NumberInSubAccount, "moving it to an agent of the pool" => {
        let (town, number) = with(Column::S0).await;
        let asked = moved(&town, &number, &format!("agent:{}", town.yard.front_desk));
        (town, asked)
    };
    DidCoolOffInEffect, "taking back a number that was called" => {
        let (town, number) = with(Column::SC).await;
        let asked = on_page(&town, "numbers/take-back", &number, "");
        (town, asked)
    };
    DidCoolOffInEffect, "moving it to the pool" => {
        let (town, number) = with(Column::SC).await;
        let asked = moved(&town, &number, "free");
        (town, asked)
    };
    NumberLocked, "releasing a locked number" => {
        let (town, number) = with(Column::LockedInPool).await;
        let asked = release(&town, &number);
        (town, asked)
    };
    NumberLocked, "handing over a locked number" => {
        let (town, number) = with(Column::LockedInPool).await;
        let asked = hand_over(&town, &number, &town.yard.harbor);
        (town, asked)
    };
    NumberLocked, "taking back a locked number" => {
        let (town, number) = with(Column::LockedInSubAccount).await;
        let asked = on_page(&town, "numbers/take-back", &number, "");
        (town, asked)
    };
    NumberLocked, "forcing a locked number" => {
        let (town, number) = with(Column::SC).await;
        numbers::set_locked(&town.yard.app.state, &town.yard.owner, &number.id, true).await.expect("locked");
        let operator = town.person(None, None).await;
        let asked = force(&town, &number, "A+good+reason+for+it", &typed(&number), operator);
        (town, asked)
    };
    NotInSubAccount, "taking back what is in the pool" => {
        let (town, number) = with(Column::P0).await;
        let asked = on_page(&town, "numbers/take-back", &number, "");
        (town, asked)
    };
    NumberReleased, "assigning a released number" => {
        let (town, number) = with(Column::RL).await;
        let asked = on_page(&town, "numbers/assign", &number, &format!("&agent_id={}", town.yard.front_desk));
        (town, asked)
    };
    NumberReleased, "handing over a released number" => {
        let (town, number) = with(Column::RL).await;
        let asked = hand_over(&town, &number, &town.yard.harbor);
        (town, asked)
    };
    NumberReleased, "locking a released number" => {
        let (town, number) = with(Column::RL).await;
        let asked = on_page(&town, "numbers/lock", &number, "&locked=1");
        (town, asked)
    };
    NotReleased, "restoring what was not released" => {
        let (town, number) = with(Column::P0).await;
        let asked = on_page(&town, "numbers/restore", &number, "");
        (town, asked)
    };
    RestoreTooLate, "restoring after the window" => {
        let (town, number) = with(Column::RL).await;
        town.yard.app.clock.advance_s(86_400);
        let again = town.sign_in("owner@brightline.example").await;
        let asked = on_page(&town, "numbers/restore", &number, "").by(Some(again));
        (town, asked)
    };
    NumberGone, "assigning a number that is gone" => {
        let (town, number) = with(Column::XX).await;
        let form = format!("id={}&agent_id={}", number.id, town.yard.front_desk);
        let asked = Asked::write(&town, "numbers/assign", form, format!("/numbers/{}", number.e164));
        (town, asked.says("The number has left"))
    };
    NumberGone, "its page" => {
        let (town, number) = with(Column::XX).await;
        let asked = Asked::read(&town, "numbers/get", format!("number={}", number.id), format!("/numbers/{}", number.e164));
        (town, asked.says("The number has left"))
    };
    PastDue, "handing over what is not paid" => {
        let (town, number) = with(Column::PastDueInPool).await;
        let asked = hand_over(&town, &number, &town.yard.harbor);
        (town, asked)
    };
    SubAccountDisabled, "handing over to a disabled sub-account" => {
        let (town, number) = with(Column::P0).await;
        disable(&town, &town.yard.harbor.clone()).await;
        let asked = hand_over(&town, &number, &town.yard.harbor);
        (town, asked)
    };
    SubAccountInUse, "deleting a sub-account with a number" => {
        let (town, _) = with(Column::S0).await;
        let form = format!("id={}", town.yard.harbor);
        let page = format!("/sub-accounts?delete={}", town.yard.harbor);
        let asked = Asked::write(&town, "sub-accounts/delete", form, page).says("It still has 1 number.");
        (town, asked)
    };
    AdminRequired, "an owner who forces a cool-off" => {
        let (town, number) = with(Column::SC).await;
        let owner = town.owner.clone();
        let asked = force(&town, &number, "A+good+reason+for+it", &typed(&number), owner);
        // The operator's pages are not there for anybody else.
        (town, asked.says("Nothing answers at this address"))
    };
    ReasonRequired, "forcing with a short reason" => {
        let (town, number) = with(Column::SC).await;
        let operator = town.person(None, None).await;
        let asked = force(&town, &number, "short", &typed(&number), operator);
        (town, asked)
    };
    Validation, "forcing with other digits" => {
        let (town, number) = with(Column::SC).await;
        let operator = town.person(None, None).await;
        let asked = force(&town, &number, "A+good+reason+for+it", "&typed=1", operator);
        (town, asked)
    };
    Validation, "releasing with other digits" => {
        let (town, number) = with(Column::P0).await;
        let asked = Asked { form: format!("id={}&typed=0", number.id), ..release(&town, &number) };
        (town, asked)
    };
    Validation, "a label that is too long" => {
        let (town, number) = with(Column::P0).await;
        let asked = on_page(&town, "numbers/label", &number, &format!("&label={}", "x".repeat(200)));
        let asked = Asked { page: format!("{}?label=1", asked.page), ..asked };
        (town, asked)
    };
    RoleTooLow, "a viewer who releases" => {
        let (town, number) = with(Column::P0).await;
        let viewer = town.person(Some(Role::Viewer), None).await;
        let asked = on_page(&town, "numbers/unassign", &number, "").by(Some(viewer));
        (town, asked)
    };
    RoleTooLow, "a sub-account's member who gives a number away" => {
        let (town, number) = with(Column::S0).await;
        let member = town.person(Some(Role::Member), Some(&town.yard.harbor)).await;
        let asked = hand_over(&town, &number, &town.yard.lakeside).by(Some(member));
        (town, asked)
    };
    NotFound, "a number of somebody else" => {
        let (town, number) = with(Column::P0).await;
        let (_, neighbour) = town.neighbour(0).await;
        let asked = Asked::write(&town, "numbers/unassign", format!("id={}", number.id), "/numbers").by(Some(neighbour));
        (town, asked)
    };
    NotFound, "the page of such a number" => {
        let (town, number) = with(Column::P0).await;
        let (_, neighbour) = town.neighbour(0).await;
        let page = format!("/numbers/{}", number.e164);
        let asked = Asked::read(&town, "numbers/get", format!("number={}", number.id), page).by(Some(neighbour));
        (town, asked.says("No such number here"))
    };
    NotFound, "an agent of another place" => {
        let (town, number) = with(Column::P0).await;
        let asked = on_page(&town, "numbers/assign", &number, &format!("&agent_id={}", town.yard.harbor_agent));
        let asked = Asked { page: format!("{}?agent=1", asked.page), ..asked };
        (town, asked)
    };
    NumberUnavailable, "importing what another organization has imported" => {
        let (town, _) = with(Column::P0).await;
        let (neighbour, _) = town.neighbour(0).await;
        import::import(&town.yard.app.state, &neighbour, "+14155550991", None).await.expect("imported");
        let asked = Asked::write(&town, "numbers/import", String::from("e164=%2B14155550991"), "/numbers?import=1");
        (town, asked)
    };
    NotFound, "deleting an agent twice" => {
        let (town, _) = with(Column::P0).await;
        let input = AgentInput { name: String::from("Temp"), kind: String::from("person"), destination: String::from("sip:t@pbx.example") };
        let agent = agents::create(&town.yard.app.state, &town.yard.owner, &input, None, true).await.expect("an agent");
        agents::delete(&town.yard.app.state, &town.yard.owner, &agent.id).await.expect("deleted");
        let asked = Asked::write(&town, "agents/delete", format!("id={}", agent.id), "/agents");
        (town, asked)
    };
}
