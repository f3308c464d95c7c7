//! What a server function's body works with: the guard it starts with, errors it ends with, cookies and redirects.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::http::header::{REFERER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::domain::code::Code;
use crate::rpc::access;
use crate::rpc::error::AppError;
use crate::server::auth::access::{Principal, check};
use crate::server::auth::limits::SearchLimit;
use crate::server::auth::return_path;
use crate::server::auth::session::{self, Session};
use crate::server::config::SearchAccess;
use crate::server::error::Error;
use crate::server::http::once::{self, Shown};
use crate::server::http::refuse::wants_page;
use crate::server::http::visitor::Visitor;
use crate::server::services::caller::Caller;
use crate::server::state::AppState;

/// A request that may go on.
#[derive(Debug)]
pub struct Guarded {
    pub state: AppState,
    pub session: Option<Session>,
    pub address: IpAddr,
    principal: Principal,
    searches: Option<Arc<SearchLimit>>,
}

impl Guarded {
    /// Who acts.
    ///
    /// # Errors
    /// `unauthenticated` or `role_too_low` for visitors and people without an organization, which the guard has let through only where
    /// the function asks for no role.
    pub fn caller(&self) -> Result<Caller, AppError> {
        self.maybe_caller()
            .cloned()
            .ok_or_else(|| if self.session.is_some() { Code::RoleTooLow.into() } else { Code::Unauthenticated.into() })
    }

    /// Who acts, where visitors may ask too.
    #[must_use]
    pub fn maybe_caller(&self) -> Option<&Caller> {
        self.principal.caller()
    }

    /// The session.
    ///
    /// # Errors
    /// `unauthenticated` without one.
    pub fn session(&self) -> Result<&Session, AppError> {
        self.session.as_ref().ok_or_else(|| Code::Unauthenticated.into())
    }

    /// Counts a search of a visitor (R40). Signed-in people are not counted.
    ///
    /// # Errors
    /// `unauthenticated` where only signed-in people may search, `rate_limited` when the address has used up its minute.
    pub fn count_search(&self) -> Result<(), AppError> {
        if self.session.is_some() {
            return Ok(());
        }
        if self.state.settings.search_access == SearchAccess::SignedIn {
            return Err(Code::Unauthenticated.into());
        }
        match &self.searches {
            Some(searches) => searches.count(self.address, self.state.now()).map_err(AppError::from),
            None => Ok(()),
        }
    }
}

/// Lets the request go on, if the table of needs says so. Every server function starts with this and its own path.
///
/// # Errors
/// `unauthenticated`, `role_too_low`, `admin_required`. A plain form of somebody who is not signed in is led to the sign-in page and back.
pub async fn guard(path: &'static str) -> Result<Guarded, AppError> {
    // Without a state the routes are only being listed, at start.
    let state = use_context::<AppState>().ok_or(AppError::Transport)?;
    let visitor = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Visitor>().cloned());
    let visitor = visitor.unwrap_or(Visitor { session: None, address: IpAddr::V4(Ipv4Addr::LOCALHOST) });
    let need = access::need(path).ok_or_else(|| report(Error::Internal(format!("{path} is not in the table of needs"))))?;
    let principal = check(need, visitor.session.as_ref()).map_err(|error| {
        if visitor.session.is_none() {
            lead_to_sign_in();
        }
        report(error)
    })?;
    Ok(Guarded { state, session: visitor.session, address: visitor.address, principal, searches: use_context() })
}

/// Turns a service's error into the one that pages read. A fault of ours is logged here, once, under an id that the person is told.
#[must_use]
pub fn report(error: Error) -> AppError {
    if let Some(refusal) = error.refusal() {
        if !matches!(error, Error::Refused(_)) {
            tracing::warn!(%error, "a request was put off");
        }
        return refusal.into();
    }
    let incident_id = use_context::<AppState>().map_or_else(|| String::from("unknown"), |state| state.new_id());
    tracing::error!(%incident_id, %error, "a request failed");
    AppError::Internal { incident_id }
}

fn lead_to_sign_in() {
    let Some(parts) = use_context::<Parts>() else { return };
    if parts.method == Method::POST && parts.uri.path().starts_with("/rpc/") && wants_page(&parts.headers) {
        let referer = parts.headers.get(REFERER).and_then(|referer| referer.to_str().ok()).unwrap_or_default();
        redirect(&format!("/sign-in?next={}", return_path::encoded(&return_path::of_referer(referer))));
    }
}

/// Sends the browser to a path of this site, with or without JavaScript.
pub fn redirect(path: &str) {
    // A path that cannot stand in a header would be a fault of ours; staying on the page is then the better end.
    if HeaderValue::from_str(path).is_ok() {
        leptos_axum::redirect(path);
    }
}

/// Leads a plain form, which cannot read the answer, to the one-time link that it made: the address is what is handed over.
pub fn show_link(token: &str) {
    if use_context::<Parts>().is_some_and(|parts| wants_page(&parts.headers)) {
        redirect(&format!("/link/{token}"));
    }
}

/// Carries a new secret to the page at `path` that a plain form goes back to, which shows it once.
pub fn show_once(state: &AppState, path: &str, of: &str, secret: &str) {
    if use_context::<Parts>().is_some_and(|parts| wants_page(&parts.headers)) {
        let shown = Shown { of: of.to_owned(), secret: secret.to_owned() };
        append_cookie(&once::cookie(&state.settings, path, &shown));
    }
}

/// What [`show_once`] carried to the page at `path`; the browser forgets it.
#[must_use]
pub fn take_shown_once(state: &AppState, path: &str) -> Option<Shown> {
    let shown = use_context::<Parts>().and_then(|parts| once::find(&parts.headers))?;
    append_cookie(&once::removed_cookie(&state.settings, path));
    Some(shown)
}

/// The parameters that open a dialog which ends with a write.
const DIALOGS: [&str; 20] = [
    "adjust", "agent", "bulk", "change", "delete", "disable", "done", "edit", "import", "label", "move", "new", "order", "override",
    "pick", "release", "rotate", "routes", "to", "withdraw",
];

/// Takes a plain form back to its page with the dialog closed, which a script does by itself after a success.
pub fn close_dialog() {
    close_dialog_with(None);
}

/// The same, with a parameter that tells the page what came of it.
pub fn close_dialog_telling(name: &str, value: &str) {
    close_dialog_with(Some(format!("{name}={}", return_path::encoded(value))));
}

fn close_dialog_with(told: Option<String>) {
    let Some(parts) = use_context::<Parts>().filter(|parts| wants_page(&parts.headers)) else { return };
    let referer = parts.headers.get(REFERER).and_then(|referer| referer.to_str().ok()).unwrap_or_default();
    let page = return_path::of_referer(referer);
    let Some((path, query)) = page.split_once('?') else { return };
    let is_dialog = |pair: &str| DIALOGS.contains(&pair.split('=').next().unwrap_or_default());
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_dialog(pair)).chain(told.as_deref()).collect();
    redirect(&if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) });
}

/// Gives the browser the session with that secret.
pub fn set_session_cookie(state: &AppState, secret: &str) {
    append_cookie(&session::cookie(&state.settings, secret));
}

/// Takes the browser's session away.
pub fn clear_session_cookie(state: &AppState) {
    append_cookie(&session::removed_cookie(&state.settings));
}

fn append_cookie(cookie: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(cookie)) {
        response.append_header(SET_COOKIE, value);
    }
}
