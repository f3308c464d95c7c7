//! Webhooks and their delivery log as the page shows them.

use crate::domain::webhook::SENT;
use crate::rpc::shapes::Moment;
use crate::rpc::webhooks::{DeliveryView, EventChoice, NewSecret, WebhookView, WebhooksView};
use crate::server::http::once::Shown;
use crate::server::services::webhooks::Overview;
use crate::server::state::AppState;
use crate::server::store::deliveries::{Attempt, Delivery};
use crate::server::store::endpoints::Endpoint;
use crate::server::webhooks::target::Policy;

/// Where the page is: the only one that is sent a secret which a plain form has made.
pub const PATH: &str = "/webhooks";

/// The page, with a secret that the form before it made.
#[must_use]
pub fn page(state: &AppState, overview: Overview, shown: Option<Shown>) -> WebhooksView {
    WebhooksView {
        webhooks: overview.endpoints.iter().map(WebhookView::from).collect(),
        choices: SENT.iter().map(|(kind, text)| EventChoice { name: kind.name().to_owned(), text: (*text).to_owned() }).collect(),
        deliveries: overview.deliveries.rows.iter().map(DeliveryView::from).collect(),
        total: overview.deliveries.total,
        next_cursor: overview.deliveries.next_cursor,
        relaxed: !Policy::of(&state.settings).https_only,
        new_secret: shown.map(|shown| NewSecret { url: shown.of, secret: shown.secret }),
    }
}

impl From<&Endpoint> for WebhookView {
    fn from(endpoint: &Endpoint) -> Self {
        Self {
            id: endpoint.id.clone(),
            url: endpoint.url.clone(),
            events: endpoint.events.names().into_iter().map(str::to_owned).collect(),
            disabled: endpoint.disabled,
            old_secret_until: endpoint.old_secret_until.map(Moment::new),
            created_at: Moment::new(endpoint.created_at),
        }
    }
}

impl From<&Delivery> for DeliveryView {
    fn from(delivery: &Delivery) -> Self {
        Self {
            id: delivery.id.clone(),
            event: delivery.kind.name().to_owned(),
            url: delivery.url.clone(),
            state: delivery.state.clone(),
            attempts: delivery.attempts,
            last: delivery.last.as_ref().map(last).unwrap_or_default(),
            happened_at: Moment::new(delivery.created_at),
            due_at: delivery.due_at.filter(|_| delivery.attempts > 0).map(Moment::new),
            disabled: delivery.endpoint_disabled,
        }
    }
}

/// How an attempt went, for people.
fn last(attempt: &Attempt) -> String {
    match (attempt.status, attempt.failure.as_deref()) {
        (Some(status), _) => format!("{status} in {} ms", attempt.duration_ms),
        (None, Some("url_refused")) => String::from("This address is not allowed here"),
        (None, Some("address_refused")) => String::from("The name leads to a private address"),
        (None, Some("unknown_host")) => String::from("The name has no address"),
        (None, Some("unreachable")) => String::from("Nobody answers there"),
        (None, Some("tls")) => String::from("The certificate does not fit"),
        (None, Some("timed_out")) => String::from("No answer in time"),
        (None, Some("secret_unreadable")) => String::from("Its secret cannot be read; make a new one"),
        (None, _) => String::from("The answer is not HTTP"),
    }
}
