//! An installation with Flowroute credentials for everybody, requests as Flowroute's clients send them, and what they can be about.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Request;
use axum::http::request::Builder;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dialyard::domain::money::Micros;
use dialyard::domain::number::NumberType;
use dialyard::server::services::numbers::{self, Edit};
use dialyard::server::services::routes::{self, RouteInput};
use dialyard::server::store::inventory::bulk::{self, NewStock};
use serde_json::{Value, json};

use crate::client::{Answer, Api};
use crate::support::owned::Column;
use crate::support::{OWN_STOCK, START, stock_row};

/// Where the installation is.
pub const ORIGIN: &str = "http://127.0.0.1:3000";

/// Whose credentials a request carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Nobody,
    /// The organization.
    Parent,
    /// Its sub-account Harbor Dental.
    SubAccount,
    /// Another organization.
    Stranger,
}

/// An installation and the account ids in it.
pub struct Town {
    pub api: Api,
    parent: String,
    sub_account: String,
    stranger: String,
}

impl Town {
    pub async fn new() -> Self {
        Self::of(Api::new().await).await
    }

    pub async fn of(api: Api) -> Self {
        let (parent, sub_account) = api.auth_ids().await;
        let stranger = api.yard.app.text("SELECT auth_id FROM organizations WHERE name = 'Cobalt'").await;
        Self { api, parent, sub_account, stranger }
    }

    /// A request with an access key and a secret key, as `curl -u` sends them.
    pub fn request(&self, method: &str, path: &str, who: Who) -> Builder {
        let request = Request::builder().method(method).uri(format!("/v2{path}")).header("host", "127.0.0.1:3000");
        let (access, secret) = match who {
            Who::Nobody => return request,
            Who::Parent => (&self.parent, &self.api.parent),
            Who::SubAccount => (&self.sub_account, &self.api.sub_account),
            Who::Stranger => (&self.stranger, &self.api.stranger),
        };
        request.header("authorization", format!("Basic {}", STANDARD.encode(format!("{access}:{secret}"))))
    }

    /// Sends a request with a JSON body, or without any for null. The media type is what most clients send.
    pub async fn ask(&self, method: &str, path: &str, who: Who, body: Value) -> Answer {
        self.api.send(with_body(self.request(method, path, who), &body)).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, Who::Parent, Value::Null).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, Who::Parent, body).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask("PATCH", path, Who::Parent, body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, Who::Parent, Value::Null).await
    }

    /// The same with an idempotency key.
    pub async fn once(&self, method: &str, path: &str, body: &Value, key: &str) -> Answer {
        self.api.send(with_body(self.request(method, path, Who::Parent).header("idempotency-key", key), body)).await
    }

    /// A number for sale, by its digits.
    pub async fn stocked(&self) -> String {
        let e164 = self.api.yard.e164();
        self.api.yard.app.stock(OWN_STOCK, &[&e164]).await;
        e164.trim_start_matches('+').to_owned()
    }

    /// Numbers for sale in Seattle, a toll-free one and a British one: the first at 0.90, 1.10, 3.00 and 2.00 a month.
    pub async fn varied_stock(&self) {
        let own = stock_row("", "");
        let seattle = |e164: &str, monthly: i64| NewStock {
            e164: e164.to_owned(),
            locality: "Seattle".into(),
            administrative_area: "WA".into(),
            rate_center: "SEATTLE".into(),
            monthly: Micros(monthly),
            ..own.clone()
        };
        let nowhere = |e164: &str, country: &'static str, number_type: NumberType, monthly: i64| NewStock {
            country: country.into(),
            number_type,
            locality: "".into(),
            administrative_area: "".into(),
            rate_center: "".into(),
            setup: Micros(4_000_000),
            ..seattle(e164, monthly)
        };
        let rows = vec![
            seattle("+12065550107", 1_100_000),
            seattle("+12067770108", 900_000),
            nowhere("+18005550109", "US", NumberType::TollFree, 3_000_000),
            nowhere("+442071838750", "GB", NumberType::Local, 2_000_000),
        ];
        let write = self.api.yard.app.state.db.write(async move |connection| {
            let carrier = bulk::carrier(connection, OWN_STOCK, OWN_STOCK, START).await?;
            let rows: Vec<NewStock> = rows.iter().map(|row| NewStock { carrier_id: carrier.clone().into(), ..row.clone() }).collect();
            bulk::insert(connection, &rows, START).await
        });
        write.await.expect("stock");
    }

    /// The digits of a number in that column of the table of states.
    pub async fn number(&self, column: Column) -> String {
        self.api.yard.number(column).await.e164.trim_start_matches('+').to_owned()
    }

    /// A route of the account, by its public number.
    pub async fn route(&self, alias: &str) -> String {
        let attributes = json!({ "route_type": "host", "value": "pbx.example.com", "alias": alias });
        let made = self.post("/routes", json!({ "data": { "type": "route", "attributes": attributes } })).await.is_done(201);
        made.json["data"]["id"].as_str().expect("an id").to_owned()
    }

    /// What a fixture says is given, as what stands in its request for `{number}` and the like.
    pub async fn given(&self, what: &str) -> BTreeMap<&'static str, String> {
        let mut given = BTreeMap::new();
        let (state, owner) = (&self.api.yard.app.state, &self.api.yard.owner);
        match what {
            "nothing" => {}
            "numbers for sale" => self.varied_stock().await,
            "a number for sale" => drop(given.insert("number", self.stocked().await)),
            "a number" => drop(given.insert("number", self.number(Column::P0).await)),
            "a number with an alias" => {
                let number = self.number(Column::P0).await;
                let edit = Edit { label: Some(String::from("Front desk")), ..Edit::default() };
                numbers::edit(state, owner, &number, edit).await.expect("named");
                given.insert("number", number);
            }
            "a number and a route" => {
                given.extend([("number", self.number(Column::P0).await), ("route", self.route("office").await)]);
            }
            "a number with routes" => {
                let (number, route, second) = (self.number(Column::P0).await, self.route("office").await, self.route("home").await);
                for (kind, id) in [("primary_route", &route), ("failover_route", &second)] {
                    let link = json!({ "data": { "type": "route", "id": id } });
                    self.patch(&format!("/numbers/{number}/relationships/{kind}"), link).await.is_done(204);
                }
                given.extend([("number", number), ("route", route), ("second", second)]);
            }
            "a number in a sub-account" => {
                given.extend([("number", self.number(Column::S0).await), ("route", self.route("office").await)]);
            }
            "a route" => drop(given.insert("route", self.route("office").await)),
            "a route with an edge" => {
                let input = RouteInput {
                    name: String::from("edge"),
                    kind: String::from("uri"),
                    destination: String::from("sip:desk@example.com"),
                    edge_strategy_id: Some(1),
                };
                given.insert("route", routes::create(state, owner, &input, None).await.expect("a route").public_number.to_string());
            }
            other => panic!("nobody knows how to make ready: {other}"),
        }
        given
    }
}

/// With the body as JSON; none for null.
pub fn with_body(request: Builder, body: &Value) -> Request<Body> {
    if body.is_null() {
        return request.body(Body::empty()).expect("a request");
    }
    request.header("content-type", "application/vnd.api+json").body(Body::from(body.to_string())).expect("a request")
}

/// What answers are checked for.
pub trait Expect {
    /// A success with that status; without a body for 204.
    fn is_done(self, status: u16) -> Self;
    /// An error document with that status.
    fn fails(self, status: u16) -> Self;
    /// The ids of the resources of a list.
    fn ids(&self) -> Vec<String>;
}

impl Expect for Answer {
    #[track_caller]
    fn is_done(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        if status == 204 {
            assert_eq!((self.text.as_str(), self.header("content-type")), ("", ""));
        } else {
            assert!(self.json["links"]["self"].as_str().is_some_and(|link| link.starts_with(ORIGIN)), "{}", self.text);
        }
        self
    }

    #[track_caller]
    fn fails(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        let error = &self.json["errors"][0];
        assert_eq!(error["status"], json!(status), "{}", self.text);
        assert!(error["detail"].is_string() || error["detail"].is_object(), "{}", self.text);
        assert!(error["id"].as_str().is_none_or(|id| uuid::Uuid::try_parse(id).is_ok()), "{}", self.text);
        assert_eq!(self.json.as_object().map(serde_json::Map::len), Some(1), "{}", self.text);
        self
    }

    #[track_caller]
    fn ids(&self) -> Vec<String> {
        let data = self.json["data"].as_array().unwrap_or_else(|| panic!("no list: {}", self.text));
        data.iter().map(|resource| resource["id"].as_str().expect("an id").to_owned()).collect()
    }
}
