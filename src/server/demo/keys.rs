//! The demo's four API keys, which the documentation and the tests of the REST surfaces use.

use crate::domain::account::Role;
use crate::domain::audit::{Actor, ActorKind, Channel};
use crate::domain::code::Code;
use crate::domain::scope::{Scope, Scopes};
use crate::server::error::Result;
use crate::server::services::caller::Caller;
use crate::server::services::keys::{self, NewKey};
use crate::server::state::AppState;
use crate::server::store;

use super::credentials::{BRIGHTLINE, COBALT, DANA, ILSE, KeyEntry, MARA, PRIYA, Player};

/// The names of the keys.
pub const NAMES: [&str; 4] = ["customer", "admin", "other", "sub"];

/// Where somebody of the demo belongs.
struct Seat {
    organization_id: String,
    organization_auth_id: String,
    sub_account: Option<(String, String)>,
}

/// Makes the keys anew; those of the same names from before end.
pub async fn mint(state: &AppState) -> Result<Vec<KeyEntry>> {
    let (brightline, cobalt, harbor) = (seat(state, MARA).await?, seat(state, PRIYA).await?, seat(state, ILSE).await?);
    let mut connection = state.db.read().await?;
    let dana = store::accounts::find_user_by_email(&mut connection, DANA.email).await?.ok_or(Code::NotFound)?;
    drop(connection);
    let operator = |organization_id: &str| Caller {
        organization_id: organization_id.to_owned(),
        sub_account_id: None,
        actor: Actor::new(ActorKind::Platform, &dana.id, &dana.name),
        role: Role::Owner,
        may_force: true,
        channel: Channel::Command,
    };
    for seat in [&brightline, &cobalt] {
        let caller = operator(&seat.organization_id);
        for key in keys::list(state, &caller).await?.into_iter().filter(|key| NAMES.contains(&key.name.as_str())) {
            keys::revoke(state, &caller, &key.id).await?;
        }
    }
    let customer: Scopes = Scope::ALL.iter().copied().filter(|scope| !scope.is_platform_only() && *scope != Scope::AdminOverride).collect();
    let sub_account: Scopes = customer.iter().filter(|scope| scope.fits_sub_account()).collect();
    let (sub_account_id, sub_auth_id) = harbor.sub_account.ok_or(Code::NotFound)?;
    let wanted = [
        (NAMES[0], BRIGHTLINE, &brightline.organization_id, &brightline.organization_auth_id, customer, None),
        (NAMES[1], BRIGHTLINE, &brightline.organization_id, &brightline.organization_auth_id, customer.with(Scope::AdminOverride), None),
        (NAMES[2], COBALT, &cobalt.organization_id, &cobalt.organization_auth_id, customer, None),
        (NAMES[3], BRIGHTLINE, &brightline.organization_id, &sub_auth_id, sub_account, Some(sub_account_id)),
    ];
    let mut entries = Vec::with_capacity(wanted.len());
    for (name, organization, organization_id, auth_id, scopes, sub_account_id) in wanted {
        let new = NewKey { name: name.to_owned(), scopes, sub_account_id, expires_at: None };
        let minted = keys::mint(state, &operator(organization_id), new).await?;
        entries.push(KeyEntry {
            name: name.to_owned(),
            organization: organization.to_owned(),
            auth_id: auth_id.clone(),
            token: minted.secret,
            scopes: scopes.iter().map(|scope| scope.name().to_owned()).collect(),
        });
    }
    Ok(entries)
}

async fn seat(state: &AppState, player: Player) -> Result<Seat> {
    let mut connection = state.db.read().await?;
    let user = store::accounts::find_user_by_email(&mut connection, player.email).await?.ok_or(Code::NotFound)?;
    let membership = store::accounts::memberships_of(&mut connection, &user.id).await?.into_iter().next().ok_or(Code::NotFound)?;
    let organization = store::accounts::find_organization(&mut connection, &membership.organization_id).await?.ok_or(Code::NotFound)?;
    let sub_account = match &membership.sub_account_id {
        Some(id) => store::sub_accounts::find(&mut connection, &membership.organization_id, id).await?,
        None => None,
    };
    Ok(Seat {
        organization_id: organization.id,
        organization_auth_id: organization.auth_id,
        sub_account: sub_account.map(|sub_account| (sub_account.id, sub_account.auth_id)),
    })
}
