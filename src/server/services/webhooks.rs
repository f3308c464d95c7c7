//! Webhook endpoints of an organization, their secrets, and the log of what they were told. Sending is `jobs::webhooks`.

use serde_json::{Value, json};
use sqlx::AnyConnection;

use super::caller::Caller;
use super::cursor;
use super::recorder::{Change, Object, Recorder};
use crate::domain::audit::{Action, EventKind};
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::domain::webhook::EventFilter;
use crate::server::error::{Error, Result};
use crate::server::ids::Ids;
use crate::server::seal::Seal;
use crate::server::state::AppState;
use crate::server::store;
pub use crate::server::store::deliveries::{Attempt, Delivery, DeliveryFilter};
pub use crate::server::store::endpoints::Endpoint;
use crate::server::store::events::NewEvent;
use crate::server::webhooks::signature;
use crate::server::webhooks::target::{self, Policy};

/// Endpoints that an organization may have.
pub const MOST_ENDPOINTS: i64 = 20;
/// Longest time that an old secret goes on signing beside a new one.
pub const LONGEST_OVERLAP_S: i64 = 86_400;
/// Rows of one page at the most.
const MAX_PAGE: usize = 100;
/// Deliveries on one page of the log.
const LOG_PAGE: usize = 20;

/// An endpoint to be made.
#[derive(Debug, Clone, Default)]
pub struct NewEndpoint {
    pub url: String,
    /// Names of events; none for all.
    pub events: Vec<String>,
}

/// What is to be changed; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct EndpointChange {
    pub url: Option<String>,
    pub events: Option<Vec<String>>,
    pub disabled: Option<bool>,
}

/// An endpoint with a secret that nobody can read again.
#[derive(Debug, Clone)]
pub struct WithSecret {
    pub endpoint: Endpoint,
    pub secret: String,
}

/// Everything the page shows: all endpoints, and a part of the log.
#[derive(Debug, Clone)]
pub struct Overview {
    pub endpoints: Vec<Endpoint>,
    pub deliveries: Listed<Delivery>,
}

/// A part of a list, newest first.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    pub rows: Vec<T>,
    pub total: u64,
    pub next_cursor: Option<String>,
}

/// A delivery with its attempts, the newest first.
#[derive(Debug, Clone)]
pub struct DeliveryDetail {
    pub delivery: Delivery,
    pub attempts: Vec<Attempt>,
}

/// Makes an endpoint. Its secret is in this answer and never again.
///
/// # Errors
/// `validation` for the address, the events, or one endpoint too many; `role_too_low` for people of a sub-account.
pub async fn create(state: &AppState, caller: &Caller, new: &NewEndpoint) -> Result<WithSecret> {
    parent_only(caller)?;
    let (url, events) = checked(state, Some(&new.url), Some(&new.events))?;
    let recorder = Recorder::new(state, caller);
    let now = recorder.now();
    let endpoint = Endpoint {
        id: recorder.new_id(),
        organization_id: caller.organization_id.clone(),
        url: url.unwrap_or_default(),
        events: events.unwrap_or_default(),
        disabled: false,
        old_secret_until: None,
        created_at: now,
        updated_at: now,
    };
    let (secret, sealed) = new_secret(&state.seal, &state.ids, &endpoint.id)?;
    let endpoint = state
        .db
        .write(async move |connection| {
            if store::endpoints::count(connection, &endpoint.organization_id).await? >= MOST_ENDPOINTS {
                return Err(
                    Refusal::field("url", format!("An organization has at most {MOST_ENDPOINTS} webhooks. Delete one first.")).into()
                );
            }
            store::endpoints::insert(connection, &endpoint, &sealed).await?;
            recorder.audit(connection, object(&endpoint), Action::WebhookCreated, Change::to(facts(&endpoint))).await?;
            Ok::<_, Error>(endpoint.clone())
        })
        .await?;
    Ok(WithSecret { endpoint, secret })
}

fn new_secret(seal: &Seal, ids: &Ids, endpoint_id: &str) -> Result<(String, String)> {
    let secret = signature::new_secret(ids);
    let sealed = seal.seal(ids, endpoint_id, &secret).map_err(|error| Error::Internal(error.to_string()))?;
    Ok((secret, sealed))
}

/// Address and filter as they are stored; everything that is wrong is told at once.
fn checked(state: &AppState, url: Option<&str>, events: Option<&[String]>) -> Result<(Option<String>, Option<EventFilter>)> {
    let mut faults = crate::server::auth::form::Faults::default();
    let url = url.map(|url| {
        let read = target::parse(url, Policy::of(&state.settings));
        faults.note("url", read.as_ref().err().map(ToString::to_string).as_deref());
        read.map(String::from).unwrap_or_default()
    });
    let events = events.map(|names| {
        let read = EventFilter::from_names(names.iter().map(String::as_str));
        faults.note("events", read.as_ref().err().map(|name| format!("There is no event {name} to be told of.")).as_deref());
        read.unwrap_or_default()
    });
    faults.into_result()?;
    Ok((url, events))
}

/// Endpoints belong to the organization; what is in a sub-account is told to it too, and to nobody else.
fn parent_only(caller: &Caller) -> Result<()> {
    super::moving::parent_only(caller)
}

fn object(endpoint: &Endpoint) -> Object<'_> {
    Object { organization_id: &endpoint.organization_id, kind: "webhook", id: &endpoint.id, label: &endpoint.url }
}

fn facts(endpoint: &Endpoint) -> Value {
    json!({ "url": endpoint.url, "events": endpoint.events.names(), "disabled": endpoint.disabled })
}

async fn own(connection: &mut AnyConnection, caller: &Caller, id: &str) -> Result<Endpoint> {
    store::endpoints::find(connection, &caller.organization_id, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// One endpoint.
///
/// # Errors
/// `not_found`.
pub async fn get(state: &AppState, caller: &Caller, id: &str) -> Result<Endpoint> {
    parent_only(caller)?;
    let mut connection = state.db.read().await?;
    own(&mut connection, caller, id).await
}

/// The endpoints, newest first, after `cursor`.
///
/// # Errors
/// `validation` for a cursor that this list did not give.
pub async fn list(state: &AppState, caller: &Caller, cursor: Option<&str>, limit: usize) -> Result<Listed<Endpoint>> {
    parent_only(caller)?;
    let after = cursor::decode_at(cursor)?;
    let mut connection = state.db.read().await?;
    let organization = caller.organization_id.as_str();
    let limit = limit.clamp(1, MAX_PAGE);
    let after = after.as_ref().map(|(at, id)| (Timestamp::from_micros(*at), id.as_str()));
    let rows = store::endpoints::list(&mut connection, organization, after, i64::try_from(limit).unwrap_or_default() + 1).await?;
    let total = store::endpoints::count(&mut connection, organization).await?;
    Ok(page(rows, total, limit, |endpoint| (endpoint.created_at, &endpoint.id)))
}

/// The endpoints, and a part of the log: of one state, of one endpoint, after a cursor; empty texts leave nothing out.
///
/// # Errors
/// See [`deliveries`].
pub async fn overview(state: &AppState, caller: &Caller, of_state: &str, endpoint_id: &str, cursor: &str) -> Result<Overview> {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let filter = DeliveryFilter { endpoint_id: some(endpoint_id), state: some(of_state) };
    let endpoints = list(state, caller, None, MAX_PAGE).await?.rows;
    let deliveries = deliveries(state, caller, &filter, some(cursor).as_deref(), LOG_PAGE).await?;
    Ok(Overview { endpoints, deliveries })
}

fn page<T>(mut rows: Vec<T>, total: i64, limit: usize, key: impl Fn(&T) -> (Timestamp, &String)) -> Listed<T> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| more).map(|row| {
        let (at, id) = key(row);
        cursor::encode(&[&at.micros().to_string(), id])
    });
    Listed { total: u64::try_from(total).unwrap_or_default(), next_cursor, rows }
}

/// Changes an endpoint. What changes nothing writes nothing.
///
/// # Errors
/// `not_found`, `validation`.
pub async fn edit(state: &AppState, caller: &Caller, id: &str, change: &EndpointChange) -> Result<Endpoint> {
    parent_only(caller)?;
    let (url, events) = checked(state, change.url.as_deref(), change.events.as_deref())?;
    let recorder = Recorder::new(state, caller);
    let (caller, id, disabled) = (caller.clone(), id.to_owned(), change.disabled);
    state
        .db
        .write(async move |connection| {
            let was = own(connection, &caller, &id).await?;
            let mut endpoint = was.clone();
            endpoint.url = url.clone().unwrap_or(endpoint.url);
            endpoint.events = events.clone().unwrap_or(endpoint.events);
            endpoint.disabled = disabled.unwrap_or(endpoint.disabled);
            if endpoint == was {
                return Ok(was);
            }
            endpoint.updated_at = recorder.now();
            if !store::endpoints::edit(connection, &endpoint, recorder.now()).await? {
                return Err(Code::NotFound.into());
            }
            let change = Change::between(facts(&was), facts(&endpoint));
            recorder.audit(connection, object(&was), Action::WebhookEdited, change).await?;
            Ok::<_, Error>(endpoint)
        })
        .await
}

/// Deletes an endpoint. It is told nothing any more, what was on its way included.
///
/// # Errors
/// `not_found`.
pub async fn delete(state: &AppState, caller: &Caller, id: &str) -> Result<Endpoint> {
    parent_only(caller)?;
    let recorder = Recorder::new(state, caller);
    let (caller, id) = (caller.clone(), id.to_owned());
    state
        .db
        .write(async move |connection| {
            let endpoint = own(connection, &caller, &id).await?;
            let given_up = store::deliveries::give_up_of(connection, &id, recorder.now()).await?;
            if !store::endpoints::delete(connection, &id, recorder.now()).await? {
                return Err(Code::NotFound.into());
            }
            let change = Change::between(facts(&endpoint), json!({ "deliveriesGivenUp": given_up }));
            recorder.audit(connection, object(&endpoint), Action::WebhookDeleted, change).await?;
            Ok::<_, Error>(endpoint)
        })
        .await
}

/// Gives an endpoint a new secret. The old one goes on signing beside it for `overlap_s` seconds, so that a receiver can change over.
///
/// # Errors
/// `not_found`, `validation` for an overlap of more than a day.
pub async fn rotate_secret(state: &AppState, caller: &Caller, id: &str, overlap_s: i64) -> Result<WithSecret> {
    parent_only(caller)?;
    if !(0..=LONGEST_OVERLAP_S).contains(&overlap_s) {
        return Err(Refusal::field("overlapSeconds", format!("Write 0 to {LONGEST_OVERLAP_S} seconds.")).into());
    }
    let recorder = Recorder::new(state, caller);
    let now = recorder.now();
    let old_until = (overlap_s > 0).then(|| now.plus_seconds(overlap_s));
    let (secret, sealed) = new_secret(&state.seal, &state.ids, id)?;
    let (caller, id) = (caller.clone(), id.to_owned());
    let endpoint = state
        .db
        .write(async move |connection| {
            let was = own(connection, &caller, &id).await?;
            if !store::endpoints::rotate(connection, &id, &sealed, old_until, now).await? {
                return Err(Code::NotFound.into());
            }
            let change = Change::to(json!({ "oldSecretUntil": old_until.map(Timestamp::rfc3339) }));
            recorder.audit(connection, object(&was), Action::WebhookRotated, change).await?;
            Ok::<_, Error>(Endpoint { old_secret_until: old_until, updated_at: now, ..was })
        })
        .await?;
    Ok(WithSecret { endpoint, secret })
}

/// Sends an endpoint an event that tells nothing. It arrives as any other does.
///
/// # Errors
/// `not_found`, `webhook_disabled`.
pub async fn test(state: &AppState, caller: &Caller, id: &str) -> Result<Delivery> {
    parent_only(caller)?;
    let (now, event_id, caller, id) = (state.now(), state.new_id(), caller.clone(), id.to_owned());
    state
        .db
        .write(async move |connection| {
            let endpoint = own(connection, &caller, &id).await?;
            if endpoint.disabled {
                return Err(Code::WebhookDisabled.into());
            }
            let event = NewEvent {
                id: &event_id,
                organization_id: &caller.organization_id,
                ownership_id: None,
                kind: EventKind::WebhookTest,
                actor: &caller.actor,
                data: json!({ "webhookId": endpoint.id }),
                at: now,
            };
            store::events::append(connection, &event).await?;
            let delivery_id = store::deliveries::for_endpoint(connection, &id, &event_id, now).await?;
            own_delivery(connection, &caller, &delivery_id).await
        })
        .await
}

async fn own_delivery(connection: &mut AnyConnection, caller: &Caller, id: &str) -> Result<Delivery> {
    store::deliveries::find(connection, &caller.organization_id, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// The delivery log, newest first, after `cursor`.
///
/// # Errors
/// `validation` for a state that there is not, or a cursor that this list did not give.
pub async fn deliveries(
    state: &AppState,
    caller: &Caller,
    filter: &DeliveryFilter,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Listed<Delivery>> {
    parent_only(caller)?;
    if filter.state.as_deref().is_some_and(|state| !["pending", "delivered", "failed"].contains(&state)) {
        return Err(Refusal::field("state", "Use pending, delivered or failed.").into());
    }
    let after = cursor::decode_at(cursor)?;
    let mut connection = state.db.read().await?;
    let organization = caller.organization_id.as_str();
    let limit = limit.clamp(1, MAX_PAGE);
    let after = after.as_ref().map(|(at, id)| (Timestamp::from_micros(*at), id.as_str()));
    let rows = store::deliveries::list(&mut connection, organization, filter, after, i64::try_from(limit).unwrap_or_default() + 1).await?;
    let total = store::deliveries::count(&mut connection, organization, filter).await?;
    Ok(page(rows, total, limit, |delivery| (delivery.created_at, &delivery.id)))
}

/// One delivery with its attempts.
///
/// # Errors
/// `not_found`.
pub async fn delivery(state: &AppState, caller: &Caller, id: &str) -> Result<DeliveryDetail> {
    parent_only(caller)?;
    let mut connection = state.db.read().await?;
    let delivery = own_delivery(&mut connection, caller, id).await?;
    let attempts = store::deliveries::attempts(&mut connection, id).await?;
    Ok(DeliveryDetail { delivery, attempts })
}

/// Sends a delivery again, with the same id and body: now, and for a day if it fails. One that waits is due at once.
///
/// # Errors
/// `not_found`, `webhook_disabled`.
pub async fn redeliver(state: &AppState, caller: &Caller, id: &str) -> Result<Delivery> {
    parent_only(caller)?;
    let (now, caller, id) = (state.now(), caller.clone(), id.to_owned());
    state
        .db
        .write(async move |connection| {
            if own_delivery(connection, &caller, &id).await?.endpoint_disabled {
                return Err(Code::WebhookDisabled.into());
            }
            store::deliveries::ask_again(connection, &id, now).await?;
            own_delivery(connection, &caller, &id).await
        })
        .await
}
