//! Keys as their page shows them.

use crate::domain::scope::Scope;
use crate::rpc::keys::{KeySecret, KeyView, KeysView, ScopeChoice};
use crate::rpc::shapes::{Moment, Named};
use crate::server::http::once::Shown;
use crate::server::services::keys::Overview;

/// Where the page is: the only one that is sent a secret which a plain form has made.
pub const PATH: &str = "/keys";

/// The page, with a secret that the form before it made.
#[must_use]
pub fn page(overview: Overview, shown: Option<Shown>) -> KeysView {
    let Overview { now, keys, sub_accounts, scopes } = overview;
    let sub_accounts: Vec<Named> = sub_accounts.into_iter().map(Named::from).collect();
    let view = |key: crate::server::services::keys::Key| KeyView {
        sub_account: key.sub_account_id.and_then(|id| sub_accounts.iter().find(|named| named.id == id).cloned()),
        ended: key.expires_at.is_some_and(|end| end <= now),
        scopes: key.scopes.iter().map(|scope| scope.name().to_owned()).collect(),
        last_used_at: key.last_used_at.map(Moment::new),
        expires_at: key.expires_at.map(Moment::new),
        old_secret_until: key.old_secret_until.filter(|until| *until > now).map(Moment::new),
        created_at: Moment::new(key.created_at),
        id: key.id,
        name: key.name,
    };
    KeysView {
        keys: keys.into_iter().map(view).collect(),
        scopes: scopes.iter().map(choice).collect(),
        new_secret: shown.map(|shown| KeySecret { name: shown.of, secret: shown.secret }),
        sub_accounts,
    }
}

fn choice(scope: Scope) -> ScopeChoice {
    ScopeChoice { name: scope.name().to_owned(), text: scope.text().to_owned(), fits_sub_account: scope.fits_sub_account() }
}
