//! What a person changes about themselves: the password, and where they are signed in.

use std::net::IpAddr;

use serde_json::json;

use super::accounts::verify;
use crate::domain::audit::{Action, Actor, ActorKind, Channel};
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::server::auth::form::Faults;
use crate::server::auth::password;
use crate::server::auth::session::{Fresh, IDLE_S, Session};
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::audit::NewAudit;

/// Sessions that are shown.
const MOST_SESSIONS: i64 = 20;

/// A place where the person is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// The one that asks.
    pub this: bool,
}

/// The person's live sessions, the latest used first.
///
/// # Errors
/// Faults of the store.
pub async fn sessions(state: &AppState, session: &Session) -> Result<Vec<OpenSession>> {
    let now = state.now();
    let mut connection = state.db.read().await?;
    let rows = store::sessions::of_user(&mut connection, &session.user_id, now, now.plus_seconds(-IDLE_S), MOST_SESSIONS).await?;
    let open = |(id_hash, created_at, last_seen_at)| OpenSession { this: id_hash == session.id_hash, created_at, last_seen_at };
    Ok(rows.into_iter().map(open).collect())
}

/// Ends all sessions of the person but this one; answers how many those were.
///
/// # Errors
/// Faults of the store.
pub async fn end_others(state: &AppState, session: &Session) -> Result<u64> {
    let (user_id, id_hash) = (session.user_id.clone(), session.id_hash.clone());
    Ok(state.db.write(async move |connection| store::sessions::delete_others(connection, &user_id, &id_hash).await).await?)
}

/// Changes the password; every session of the person ends, and a new one begins. Answers its secret.
///
/// # Errors
/// `validation` for a current password that is wrong and a new one that is no good, `rate_limited` after too many tries.
pub async fn change_password(state: &AppState, session: &Session, current: &str, new: &str, address: IpAddr) -> Result<String> {
    let mut faults = Faults::default();
    faults.note("current", current.is_empty().then_some("Write the password that you have now."));
    faults.new_password(new, &session.email);
    faults.into_result()?;
    match verify(state, &session.email, current, address).await {
        Err(error) if error.refusal().is_some_and(|refusal| refusal.code() == Code::WrongCredentials) => {
            return Err(Refusal::field("current", "This is not the password that you have now.").into());
        }
        verified => verified?,
    };
    let password_hash = password::hash(new, &state.ids).await?;
    let (fresh, audit_id, now, session) = (Fresh::new(state), state.new_id(), state.now(), session.clone());
    let secret = fresh.secret.clone();
    state
        .db
        .write(async move |connection| {
            store::accounts::set_password_hash(connection, &session.user_id, &password_hash).await?;
            let ended = store::sessions::delete_of_user(connection, &session.user_id).await?;
            let organization_id = session.organization.as_ref().map(|organization| organization.id.as_str());
            fresh.write(connection, &session.user_id, organization_id).await?;
            let row = NewAudit {
                id: &audit_id,
                organization_id,
                actor: &Actor::new(ActorKind::User, &session.user_id, &session.name),
                action: Action::UserReset,
                object_kind: "user",
                object_id: &session.user_id,
                object_label: &session.email,
                before: None,
                after: Some(json!({ "sessionsEnded": ended })),
                reason: None,
                channel: Channel::Browser,
                at: now,
            };
            Ok::<_, Error>(store::audit::append(connection, &row).await?)
        })
        .await?;
    Ok(secret)
}
