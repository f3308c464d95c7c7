//! Doors, people, money and places: signing up and in, links, the wallet, agents and sub-accounts, and what the search refuses.

use std::net::{IpAddr, Ipv4Addr};

use dialyard::domain::account::Role;
use dialyard::server::config::{SearchAccess, SignUp};
use dialyard::server::services::accounts;
use dialyard::server::services::wallet;
use dialyard::server::services::webhooks::{self, EndpointChange, NewEndpoint};

use super::town::{Asked, Town, cases};

const SIGN_UP: &str = "organization=New&name=Ada&email=ada%40example.com&password=a+long+enough+secret";

fn sign_in(town: &Town, email: &str, password: &str) -> Asked {
    let form = format!("email={email}&password={password}&next=%2F");
    Asked::write(town, "accounts/sign-in", form, "/sign-in").by(None)
}

fn top_up(town: &Town, amount: &str, key: &str) -> Asked {
    Asked::write(town, "wallet/top-up", format!("amount={amount}&request_key={key}"), "/wallet?top_up=1")
}

cases! {
    Unauthenticated, "holding without being signed in" => {
        let town = Town::new().await;
        let asked = Asked::write(&town, "holds/create", String::from("e164=%2B14155550100"), "/?area=415");
        (town, asked.by(None).says("Sign in"))
    };
    Unauthenticated, "searching where only signed-in people may" => {
        let town = Town::with(|settings| settings.search_access = SearchAccess::SignedIn).await;
        let asked = Asked::read(&town, "search/rows", String::from("input[q]="), "/").by(None);
        (town, asked)
    };
    WrongCredentials, "a wrong password" => {
        let town = Town::new().await;
        let asked = sign_in(&town, "owner%40brightline.example", "not+this+one");
        (town, asked)
    };
    WrongCredentials, "an email that nobody has" => {
        let town = Town::new().await;
        let asked = sign_in(&town, "nobody%40brightline.example", "not+this+one");
        (town, asked)
    };
    Validation, "signing in without a password" => {
        let town = Town::new().await;
        let asked = sign_in(&town, "owner%40brightline.example", "");
        (town, asked)
    };
    RateLimited, "the sixth wrong password" => {
        let town = Town::new().await;
        for _ in 0..5 {
            let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
            accounts::sign_in(&town.yard.app.state, "owner@brightline.example", "wrong", address, None).await.expect_err("refused");
        }
        let asked = sign_in(&town, "owner%40brightline.example", "a+long+enough+secret");
        (town, asked)
    };
    RateLimited, "a visitor's search too many" => {
        let town = Town::with(|settings| settings.visitor_searches_per_minute = 1).await;
        let asked = Asked::read(&town, "search/rows", String::from("input[q]="), "/").by(None);
        let first = town.send(&asked, "application/json").await;
        assert!(first.status().is_success(), "the first search of the minute");
        (town, asked)
    };
    SignUpClosed, "signing up where nobody may" => {
        let town = Town::with(|settings| settings.sign_up = SignUp::Off).await;
        let asked = Asked::write(&town, "accounts/sign-up", SIGN_UP.to_owned(), "/sign-up").by(None);
        (town, asked)
    };
    Validation, "signing up with an email that is known" => {
        let town = Town::new().await;
        let form = SIGN_UP.replace("ada%40example.com", "owner%40brightline.example");
        let asked = Asked::write(&town, "accounts/sign-up", form, "/sign-up").by(None);
        (town, asked)
    };
    Validation, "signing up with a short password" => {
        let town = Town::new().await;
        let asked = Asked::write(&town, "accounts/sign-up", SIGN_UP.replace("a+long+enough+secret", "short"), "/sign-up").by(None);
        (town, asked)
    };
    LinkInvalid, "opening a link that was never made" => {
        let town = Town::new().await;
        let asked = Asked::read(&town, "accounts/link", String::from("token=nothing"), "/link/nothing").by(None);
        (town, asked.says("This link does not work"))
    };
    LinkInvalid, "using such a link" => {
        let town = Town::new().await;
        let form = String::from("token=nothing&password=a+long+enough+secret&name=Ada");
        let asked = Asked::write(&town, "accounts/use-link", form, "/link/nothing").by(None);
        (town, asked.says("This link does not work"))
    };
    ForeignOrigin, "a form of another site" => {
        let town = Town::new().await;
        let asked = top_up(&town, "10", "foreign");
        (town, Asked { origin: "https://evil.example", ..asked })
    };
    WebhookDisabled, "trying a webhook that is switched off" => {
        let town = Town::new().await;
        let (state, owner) = (&town.yard.app.state, &town.yard.owner);
        let new = NewEndpoint { url: String::from("https://hooks.example.com/"), events: Vec::new() };
        let id = webhooks::create(state, owner, &new).await.expect("a webhook").endpoint.id;
        let off = EndpointChange { disabled: Some(true), ..EndpointChange::default() };
        webhooks::edit(state, owner, &id, &off).await.expect("switched off");
        let asked = Asked::write(&town, "webhooks/test", format!("id={id}"), "/webhooks");
        (town, asked)
    };
    RoleTooLow, "a viewer who tops up" => {
        let town = Town::new().await;
        let viewer = town.person(Some(Role::Viewer), None).await;
        let asked = top_up(&town, "10", "viewer").by(Some(viewer));
        (town, asked.says("Owners and administrators of your organization top up."))
    };
    RoleTooLow, "a member who looks at the team" => {
        let town = Town::new().await;
        let member = town.person(Some(Role::Member), None).await;
        let asked = Asked::read(&town, "accounts/team", String::new(), "/team").by(Some(member));
        (town, asked)
    };
    RoleTooLow, "an admin who invites an owner" => {
        let town = Town::new().await;
        let admin = town.person(Some(Role::Admin), None).await;
        let asked = Asked::write(&town, "accounts/invite", String::from("email=a%40example.com&role=owner"), "/team").by(Some(admin));
        (town, asked)
    };
    AdminRequired, "an owner at the operator's pages" => {
        let town = Town::new().await;
        let asked = Asked::read(&town, "admin/cool-offs", String::from("q="), "/admin/cool-offs");
        (town, asked.says("Nothing answers at this address"))
    };
    Validation, "inviting somebody who is a member" => {
        let town = Town::new().await;
        let asked = Asked::write(&town, "accounts/invite", String::from("email=owner%40brightline.example&role=member"), "/team");
        (town, asked)
    };
    Validation, "taking the last owner out" => {
        let town = Town::new().await;
        let id = town.yard.owner.actor.id.clone();
        let asked = Asked::write(&town, "accounts/member-role", format!("user_id={id}&role=viewer"), "/team");
        (town, asked)
    };
    Validation, "topping up nothing" => {
        let town = Town::new().await;
        let asked = top_up(&town, "0", "nothing");
        (town, asked)
    };
    Validation, "topping up with three decimals" => {
        let town = Town::new().await;
        let asked = top_up(&town, "1.005", "decimals");
        (town, asked)
    };
    IdempotencyKeyReused, "the same form with another amount" => {
        let town = Town::new().await;
        let amount = dialyard::domain::money::Micros(5_000_000);
        wallet::top_up(&town.yard.app.state, &town.yard.owner, amount, "once").await.expect("a top-up");
        let asked = top_up(&town, "10", "once");
        (town, asked)
    };
    PaymentsNotConfigured, "topping up where no payment is taken" => {
        let town = Town::new().await.without_payments();
        let asked = top_up(&town, "10", "nowhere");
        (town, asked)
    };
    NameTaken, "a second sub-account of the same name" => {
        let town = Town::new().await;
        let asked = Asked::write(&town, "sub-accounts/create", String::from("name=Harbor+Dental&budget="), "/sub-accounts?new=1");
        (town, asked)
    };
    Validation, "a budget that is no amount" => {
        let town = Town::new().await;
        let asked = Asked::write(&town, "sub-accounts/create", String::from("name=New&budget=much"), "/sub-accounts?new=1");
        (town, asked)
    };
    Validation, "an agent that leads nowhere" => {
        let town = Town::new().await;
        let form = String::from("name=Desk&kind=person&destination=nowhere&sub_account_id=&publish=1");
        let asked = Asked::write(&town, "agents/create", form, "/agents?new=1");
        (town, asked)
    };
    NotFound, "an address that is no function" => {
        let town = Town::new().await;
        let asked = Asked::write(&town, "nothing/here", String::new(), "/");
        (town, asked)
    };
}
