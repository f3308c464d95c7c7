//! An installation with Vobiz credentials for everybody, requests with them, and what requests can be about.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Request;
use dialyard::server::services::moving;
use dialyard::server::services::routes::{self, RouteInput};
use serde_json::Value;

use crate::client::{Answer, Api};
use crate::support::OWN_STOCK;
use crate::support::owned::Column;

/// Whose credentials a request carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The main account.
    Parent,
    /// The main account, as an admin.
    Forcing,
    /// The sub-account Harbor Dental.
    SubAccount,
    /// Another main account.
    Stranger,
}

/// An installation and the account ids in it.
pub struct Town {
    pub api: Api,
    pub parent: String,
    pub sub_account: String,
    pub stranger: String,
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

    /// The account id and the secret of somebody.
    pub fn credentials(&self, who: Who) -> (&str, &str) {
        match who {
            Who::Parent => (&self.parent, &self.api.parent),
            Who::Forcing => (&self.parent, &self.api.forcing),
            Who::SubAccount => (&self.sub_account, &self.api.sub_account),
            Who::Stranger => (&self.stranger, &self.api.stranger),
        }
    }

    /// A request with the headers that Vobiz's clients send. `{auth_id}` in the path is the sender's.
    pub fn request(&self, method: &str, path: &str, who: Who) -> axum::http::request::Builder {
        let (auth_id, secret) = self.credentials(who);
        let uri = format!("/api/v1{}", path.replace("{auth_id}", auth_id));
        Request::builder()
            .method(method)
            .uri(uri)
            .header("host", "127.0.0.1:3000")
            .header("x-auth-id", auth_id)
            .header("x-auth-token", secret)
    }

    /// Sends a request with a JSON body, or without any for null.
    pub async fn ask(&self, method: &str, path: &str, who: Who, body: Value) -> Answer {
        self.api.send(with_body(self.request(method, path, who), &body)).await
    }

    pub async fn get(&self, path: &str, who: Who) -> Answer {
        self.ask("GET", path, who, Value::Null).await
    }

    pub async fn post(&self, path: &str, who: Who, body: Value) -> Answer {
        self.ask("POST", path, who, body).await
    }

    pub async fn delete(&self, path: &str, who: Who) -> Answer {
        self.ask("DELETE", path, who, Value::Null).await
    }

    /// The same with an idempotency key.
    pub async fn once(&self, method: &str, path: &str, who: Who, body: &Value, key: &str) -> Answer {
        self.api.send(with_body(self.request(method, path, who).header("idempotency-key", key), body)).await
    }

    /// A number for sale.
    pub async fn stocked(&self) -> String {
        let e164 = self.api.yard.e164();
        self.api.yard.app.stock(OWN_STOCK, &[&e164]).await;
        e164
    }

    /// The E.164 of a number in that column of the table of states.
    pub async fn number(&self, column: Column) -> String {
        self.api.yard.number(column).await.e164
    }

    /// A route of the main account, by its id.
    pub async fn trunk(&self) -> String {
        let input = RouteInput {
            name: String::from("Main trunk"),
            kind: String::from("uri"),
            destination: String::from("sip:pbx@example.com"),
            edge_strategy_id: None,
        };
        routes::create(&self.api.yard.app.state, &self.api.yard.owner, &input, None).await.expect("a route").id
    }

    /// Hands a number of the pool to Lakeside Realty.
    pub async fn hand_to_lakeside(&self, number: &str) {
        let yard = &self.api.yard;
        moving::hand_over(&yard.app.state, &yard.owner, number, &yard.lakeside).await.expect("handed over");
    }

    /// What a fixture says is given, as what stands in its request for `{number}` and the like.
    pub async fn given(&self, what: &str) -> BTreeMap<&'static str, String> {
        let mut given = BTreeMap::from([("sub_auth_id", self.sub_account.clone()), ("stranger", self.stranger.clone())]);
        let state = &self.api.yard.app.state;
        match what {
            "nothing" | "a sub-account" => {}
            "a number for sale" => drop(given.insert("number", self.stocked().await)),
            "a number in the pool" => drop(given.insert("number", self.number(Column::P0).await)),
            "a number with a trunk" => {
                let (number, trunk) = (self.number(Column::P0).await, self.trunk().await);
                routes::attach(state, &self.api.yard.owner, &number, &trunk).await.expect("attached");
                given.extend([("number", number), ("trunk", trunk)]);
            }
            "a number and a trunk" => given.extend([("number", self.number(Column::P0).await), ("trunk", self.trunk().await)]),
            "a number in the sub-account" => drop(given.insert("number", self.number(Column::S0).await)),
            "a number whose cool-off runs" => drop(given.insert("number", self.number(Column::SC).await)),
            "an empty sub-account" => {
                let made = self.post("/accounts/{auth_id}/sub-accounts/", Who::Parent, serde_json::json!({ "name": "Empty" })).await;
                given.insert("sub_auth_id", made.json["auth_credentials"]["auth_id"].as_str().expect("an id").to_owned());
            }
            other => panic!("nobody knows how to make ready: {other}"),
        }
        given
    }
}

/// A request with a JSON body, or without any for null.
pub fn with_body(request: axum::http::request::Builder, body: &Value) -> Request<Body> {
    if body.is_null() {
        return request.body(Body::empty()).expect("a request");
    }
    request.header("content-type", "application/json").body(Body::from(body.to_string())).expect("a request")
}

/// Checks on answers in Vobiz's shapes.
pub trait Expect {
    fn status(self, status: u16) -> Self;
    /// The gateway's shape: an integer code in `error`.
    fn gateway(self, status: u16) -> Self;
    /// Two texts.
    fn flat(self, status: u16, error: &str) -> Self;
    /// The general envelope with a code in capitals.
    fn general(self, status: u16, code: &str) -> Self;
    /// The fields that a 422 names.
    fn faults(self) -> Vec<String>;
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().map(|object| object.keys().map(String::as_str).collect()).unwrap_or_default()
}

impl Expect for Answer {
    #[track_caller]
    fn status(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    #[track_caller]
    fn gateway(self, status: u16) -> Self {
        assert_eq!((self.status.as_u16(), &self.json["error"]["code"]), (status, &Value::from(status)), "{}", self.text);
        assert_eq!((keys(&self.json), keys(&self.json["error"])), (vec!["error"], vec!["code", "message"]), "{}", self.text);
        assert_eq!(self.header("content-type"), "application/json");
        self
    }

    #[track_caller]
    fn flat(self, status: u16, error: &str) -> Self {
        assert_eq!((self.status.as_u16(), &self.json["error"]), (status, &Value::from(error)), "{}", self.text);
        assert_eq!(keys(&self.json), ["error", "message"], "{}", self.text);
        self
    }

    #[track_caller]
    fn general(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status.as_u16(), &self.json["error"]["code"]), (status, &Value::from(code)), "{}", self.text);
        assert_eq!(self.json["status"], "error", "{}", self.text);
        assert!(self.json["error"]["message"].as_str().is_some_and(|text| !text.is_empty()), "{}", self.text);
        self
    }

    #[track_caller]
    fn faults(self) -> Vec<String> {
        let answer = self.general(422, "VALIDATION_ERROR");
        let errors = answer.json["error"]["details"]["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| error["field"].as_str().unwrap_or_default().to_owned()).collect()
    }
}
