//! `/webhooks`: endpoints that are told of events, their secrets, and the delivery log.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::code::Code;
use crate::domain::scope::Scope;
use crate::domain::webhook::SENT;
use crate::server::error::Result;
use crate::server::rest::body::{Body, FromBody};
use crate::server::rest::envelope::{Instant, Page, Pagination, Reply, Sample};
use crate::server::rest::fields::{CURSOR, Field, Kind, LIMIT, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{FromQuery, Query};
use crate::server::rest::table::{Group, Holders, Route};
use crate::server::services::webhooks::{
    self, Attempt, Delivery, DeliveryDetail, DeliveryFilter, Endpoint, EndpointChange, LONGEST_OVERLAP_S, NewEndpoint, WithSecret,
};

/// Names of the events that an endpoint may ask for.
const EVENTS: &[&str] = &event_names();

const fn event_names() -> [&'static str; SENT.len()] {
    let mut names = [""; SENT.len()];
    let mut index = 0;
    while index < SENT.len() {
        names[index] = SENT[index].0.name();
        index += 1;
    }
    names
}

pub fn group() -> Group {
    let routes = vec![
        Route::get("/webhooks", "listWebhooks", list).about("Lists the endpoints, the newest first."),
        Route::post("/webhooks", "createWebhook", create)
            .answers(&[201])
            .about("Makes an endpoint. Its secret is in this answer and never again."),
        Route::get("/webhooks/{id}", "getWebhook", get).refuses(&[Code::NotFound]).about("Reads an endpoint."),
        Route::patch("/webhooks/{id}", "editWebhook", edit)
            .refuses(&[Code::NotFound])
            .about("Changes an endpoint's address or events, or switches it off or on."),
        Route::delete("/webhooks/{id}", "deleteWebhook", delete)
            .refuses(&[Code::NotFound])
            .about("Deletes an endpoint; what was on its way is given up."),
        Route::post("/webhooks/{id}/rotate", "rotateWebhookSecret", rotate)
            .refuses(&[Code::NotFound])
            .about("Gives an endpoint a new secret; the old one may sign beside it for up to a day."),
        Route::post("/webhooks/{id}/test", "testWebhook", test)
            .refuses(&[Code::NotFound, Code::WebhookDisabled])
            .about("Sends the endpoint an event of the type `webhook.test`."),
        Route::get("/webhooks/deliveries", "listDeliveries", deliveries).about("Lists what was told and how it went, the newest first."),
        Route::get("/webhooks/deliveries/{id}", "getDelivery", delivery)
            .refuses(&[Code::NotFound])
            .about("Reads a delivery with its attempts."),
        Route::post("/webhooks/deliveries/{id}/redeliver", "redeliver", redeliver)
            .refuses(&[Code::NotFound, Code::WebhookDisabled])
            .about("Sends a delivery again with the same id and body, for a whole day if it fails."),
    ];
    let scoped = |route: Route| {
        let scope = if route.method == axum::http::Method::GET { Scope::WebhooksRead } else { Scope::WebhooksWrite };
        route.scope(scope).holders(Holders::Organization)
    };
    Group {
        name: "Webhooks",
        text: "Be told when something happens, by signed messages as Standard Webhooks describes them.",
        routes: routes.into_iter().map(scoped).collect(),
    }
}

/// An address that is told of events.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Webhook)]
pub struct WebhookBody {
    /// Its id.
    pub id: String,
    /// Where messages are sent.
    pub url: String,
    /// The types of events that it is told of; empty for all of them.
    pub events: Vec<&'static str>,
    /// It is told nothing while this is true.
    pub disabled: bool,
    /// Until then messages are signed with the secret before the last one too.
    #[schema(required)]
    pub old_secret_until: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl From<Endpoint> for WebhookBody {
    fn from(endpoint: Endpoint) -> Self {
        Self {
            events: endpoint.events.names(),
            id: endpoint.id,
            url: endpoint.url,
            disabled: endpoint.disabled,
            old_secret_until: endpoint.old_secret_until.map(Instant),
            created_at: Instant(endpoint.created_at),
            updated_at: Instant(endpoint.updated_at),
        }
    }
}

impl Sample for WebhookBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-7000-7eee-9fff-0123456789ab"),
            url: String::from("https://receiver.example/dialyard"),
            events: vec!["number.purchased", "hold.expired"],
            disabled: false,
            old_secret_until: None,
            created_at: Instant::sample(),
            updated_at: Instant::sample(),
        }
    }
}

/// An endpoint with a secret that was just made.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookWithSecret)]
pub struct SecretBody {
    #[serde(flatten)]
    pub webhook: WebhookBody,
    /// What messages are signed with. Null in the answer to a repeated request: it is shown once.
    #[schema(required)]
    pub secret: Option<String>,
    /// True in the answer to a repeated request.
    pub secret_shown_before: bool,
}

impl Sample for SecretBody {
    fn sample() -> Self {
        let secret = Some(String::from("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"));
        Self { webhook: WebhookBody::sample(), secret, secret_shown_before: false }
    }
}

/// The answer that shows a secret, and what its repeats are answered.
fn shown_once(made: WithSecret) -> (SecretBody, SecretBody) {
    let webhook = WebhookBody::from(made.endpoint);
    let repeat = SecretBody { webhook: webhook.clone(), secret: None, secret_shown_before: true };
    (SecretBody { webhook, secret: Some(made.secret), secret_shown_before: false }, repeat)
}

/// How an attempt went.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeliveryAttempt)]
pub struct AttemptBody {
    /// When it began.
    pub at: Instant,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// The status of the answer; null when none came.
    #[schema(required)]
    pub status: Option<u16>,
    /// What kept an answer from coming: `url_refused`, `address_refused`, `unknown_host`, `unreachable`, `tls`, `timed_out`,
    /// `protocol` or `secret_unreadable`.
    #[schema(required)]
    pub failure: Option<String>,
}

impl From<Attempt> for AttemptBody {
    fn from(attempt: Attempt) -> Self {
        Self { at: Instant(attempt.at), duration_ms: attempt.duration_ms, status: attempt.status, failure: attempt.failure }
    }
}

/// An event on its way to one endpoint.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Delivery)]
pub struct DeliveryBody {
    /// Its id.
    pub id: String,
    /// The endpoint.
    pub webhook_id: String,
    /// The event: `webhook-id` in every attempt.
    pub event_id: String,
    /// The type of the event.
    pub r#type: &'static str,
    /// Where the event stands among all of the installation.
    pub sequence: i64,
    /// `pending`, `delivered`, or `failed` when it was given up.
    pub state: String,
    /// How often it was tried.
    pub attempts: u32,
    /// How the last attempt went.
    #[schema(required)]
    pub last_attempt: Option<AttemptBody>,
    /// When it is tried next.
    #[schema(required)]
    pub next_attempt_at: Option<Instant>,
    /// When the event happened.
    pub created_at: Instant,
    /// When it was delivered or given up.
    #[schema(required)]
    pub ended_at: Option<Instant>,
}

impl From<Delivery> for DeliveryBody {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id,
            webhook_id: delivery.endpoint_id,
            event_id: delivery.event_id,
            r#type: delivery.kind.name(),
            sequence: delivery.sequence,
            state: delivery.state,
            attempts: delivery.attempts,
            last_attempt: delivery.last.map(AttemptBody::from),
            next_attempt_at: delivery.due_at.map(Instant),
            created_at: Instant(delivery.created_at),
            ended_at: delivery.ended_at.map(Instant),
        }
    }
}

impl Sample for DeliveryBody {
    fn sample() -> Self {
        let event_id = String::from("019ab3c0-6000-7aaa-8bbb-0123456789ab");
        let last_attempt = AttemptBody { at: Instant::sample(), duration_ms: 84, status: Some(200), failure: None };
        Self {
            id: format!("{event_id}.019ab3c0-7000-7eee-9fff-0123456789ab"),
            webhook_id: String::from("019ab3c0-7000-7eee-9fff-0123456789ab"),
            event_id,
            r#type: "number.purchased",
            sequence: 1_204,
            state: String::from("delivered"),
            attempts: 1,
            last_attempt: Some(last_attempt),
            next_attempt_at: None,
            created_at: Instant::sample(),
            ended_at: Some(Instant::sample()),
        }
    }
}

/// A delivery with its attempts.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeliveryDetail)]
pub struct DetailBody {
    #[serde(flatten)]
    pub delivery: DeliveryBody,
    /// The newest fifty, the newest first.
    pub log: Vec<AttemptBody>,
}

impl From<DeliveryDetail> for DetailBody {
    fn from(detail: DeliveryDetail) -> Self {
        Self { delivery: detail.delivery.into(), log: detail.attempts.into_iter().map(AttemptBody::from).collect() }
    }
}

impl Sample for DetailBody {
    fn sample() -> Self {
        let delivery = DeliveryBody::sample();
        Self { log: delivery.last_attempt.clone().into_iter().collect(), delivery }
    }
}

const URL: Kind = Kind::Text(2_048);
const URL_TEXT: &str = "Where messages are sent: https, to a public address.";
const EVENTS_TEXT: &str = "The types of events to be told of; none for all of them, also of later versions.";

struct CreateBody(NewEndpoint);

impl FromBody for CreateBody {
    const FIELDS: &'static [Field] = &[
        Field::required("url", URL, URL_TEXT).like("\"https://receiver.example/dialyard\""),
        Field::optional("events", Kind::Choices(EVENTS), EVENTS_TEXT).like("[\"number.purchased\", \"hold.expired\"]"),
    ];

    fn read(values: &Values) -> Self {
        Self(NewEndpoint { url: values.required("url"), events: values.texts("events").unwrap_or_default() })
    }
}

struct EditBody(EndpointChange);

impl FromBody for EditBody {
    const FIELDS: &'static [Field] = &[
        Field::optional("url", URL, URL_TEXT),
        Field::optional("events", Kind::Choices(EVENTS), EVENTS_TEXT).like("[\"wallet.low\"]"),
        Field::optional("disabled", Kind::Flag, "True switches it off; what happens meanwhile is not told later.").like("false"),
    ];

    fn read(values: &Values) -> Self {
        Self(EndpointChange { url: values.text("url"), events: values.texts("events"), disabled: values.flag("disabled") })
    }
}

struct RotateBody {
    overlap_s: i64,
}

impl FromBody for RotateBody {
    const FIELDS: &'static [Field] =
        &[Field::optional("overlapSeconds", Kind::Integer(0, LONGEST_OVERLAP_S), "How long the old secret signs too; 0 if it has leaked.")
            .like("3600")];

    fn read(values: &Values) -> Self {
        Self { overlap_s: values.integer("overlapSeconds").unwrap_or_default() }
    }
}

struct ListQuery {
    limit: usize,
    cursor: Option<String>,
}

impl FromQuery for ListQuery {
    const PARAMETERS: &'static [Field] = &[LIMIT, CURSOR];

    fn read(values: &Values) -> Self {
        Self { limit: values.limit(), cursor: values.text("cursor") }
    }
}

struct DeliveriesQuery {
    filter: DeliveryFilter,
    list: ListQuery,
}

impl FromQuery for DeliveriesQuery {
    const PARAMETERS: &'static [Field] = &[
        Field::optional("webhookId", Kind::Text(64), "Only deliveries to that endpoint."),
        Field::optional("state", Kind::Choice(&["pending", "delivered", "failed"]), "Only deliveries in that state."),
        LIMIT,
        CURSOR,
    ];

    fn read(values: &Values) -> Self {
        let filter = DeliveryFilter { endpoint_id: values.text("webhookId"), state: values.text("state") };
        Self { filter, list: ListQuery::read(values) }
    }
}

async fn list(call: Call, Query(query): Query<ListQuery>) -> Result<Page<WebhookBody>> {
    let found = webhooks::list(&call.state, &call.caller, query.cursor.as_deref(), query.limit).await?;
    let pagination = Pagination::new(query.limit, found.total, found.next_cursor);
    Ok(Page::new(found.rows.into_iter().map(WebhookBody::from).collect(), pagination))
}

async fn create(call: Call, Body(CreateBody(new)): Body<CreateBody>) -> Result<Reply<SecretBody>> {
    let (shown, repeat) = shown_once(webhooks::create(&call.state, &call.caller, &new).await?);
    Ok(Reply::created(&format!("/webhooks/{}", shown.webhook.id), shown).repeated_as(repeat))
}

async fn get(call: Call) -> Result<Reply<WebhookBody>> {
    Ok(Reply::of(webhooks::get(&call.state, &call.caller, call.path("id")).await?.into()))
}

async fn edit(call: Call, Body(EditBody(change)): Body<EditBody>) -> Result<Reply<WebhookBody>> {
    Ok(Reply::of(webhooks::edit(&call.state, &call.caller, call.path("id"), &change).await?.into()))
}

async fn delete(call: Call) -> Result<Reply<WebhookBody>> {
    Ok(Reply::of(webhooks::delete(&call.state, &call.caller, call.path("id")).await?.into()))
}

async fn rotate(call: Call, Body(body): Body<RotateBody>) -> Result<Reply<SecretBody>> {
    let (shown, repeat) = shown_once(webhooks::rotate_secret(&call.state, &call.caller, call.path("id"), body.overlap_s).await?);
    Ok(Reply::of(shown).repeated_as(repeat))
}

async fn test(call: Call) -> Result<Reply<DeliveryBody>> {
    Ok(Reply::of(webhooks::test(&call.state, &call.caller, call.path("id")).await?.into()))
}

async fn deliveries(call: Call, Query(query): Query<DeliveriesQuery>) -> Result<Page<DeliveryBody>> {
    let (cursor, limit) = (query.list.cursor.as_deref(), query.list.limit);
    let found = webhooks::deliveries(&call.state, &call.caller, &query.filter, cursor, limit).await?;
    let pagination = Pagination::new(limit, found.total, found.next_cursor);
    Ok(Page::new(found.rows.into_iter().map(DeliveryBody::from).collect(), pagination))
}

async fn delivery(call: Call) -> Result<Reply<DetailBody>> {
    Ok(Reply::of(webhooks::delivery(&call.state, &call.caller, call.path("id")).await?.into()))
}

async fn redeliver(call: Call) -> Result<Reply<DeliveryBody>> {
    Ok(Reply::of(webhooks::redeliver(&call.state, &call.caller, call.path("id")).await?.into()))
}
