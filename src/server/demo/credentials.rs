//! Who can sign in to the demo and with what, and the keys that programs use: made once, kept in `demo.json`, which nobody else can read.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::account::Role;
use crate::server::error::{Error, Result};
use crate::server::ids::Ids;
use crate::server::state::AppState;

static WORDS: &str = include_str!("../../../data/words.txt");

/// Name of the file in the data directory.
const FILE: &str = "demo.json";
/// The two organizations.
pub const BRIGHTLINE: &str = "Brightline Voice";
pub const COBALT: &str = "Cobalt Relay";

/// Somebody who can sign in to the demo. People without a role belong to no organization.
#[derive(Debug, Clone, Copy)]
pub struct Player {
    pub name: &'static str,
    pub email: &'static str,
    pub role: Option<Role>,
    pub organization: Option<&'static str>,
    pub platform_admin: bool,
}

const fn member(name: &'static str, email: &'static str, role: Role, organization: &'static str) -> Player {
    Player { name, email, role: Some(role), organization: Some(organization), platform_admin: false }
}

pub const MARA: Player = member("Mara Lindqvist", "mara@brightline.example", Role::Owner, BRIGHTLINE);
pub const NOOR: Player = member("Noor Haddad", "noor@brightline.example", Role::Admin, BRIGHTLINE);
pub const SAM: Player = member("Sam Whitlock", "sam@brightline.example", Role::Member, BRIGHTLINE);
pub const THEO: Player = member("Theo Marsh", "theo@brightline.example", Role::Viewer, BRIGHTLINE);
pub const ILSE: Player = member("Ilse Brandt", "ilse@harbordental.example", Role::Member, BRIGHTLINE);
pub const PRIYA: Player = member("Priya Nair", "priya@cobaltrelay.example", Role::Owner, COBALT);
pub const DANA: Player =
    Player { name: "Dana Okafor", email: "dana@operator.example", role: None, organization: None, platform_admin: true };

/// Everybody, in the order of the sign-in page.
pub const PLAYERS: [Player; 7] = [MARA, NOOR, SAM, THEO, ILSE, PRIYA, DANA];

/// What is in `demo.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    pub url: String,
    pub users: Vec<UserEntry>,
    pub keys: Vec<KeyEntry>,
}

/// An account with its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserEntry {
    pub email: String,
    pub password: String,
    /// `owner`, `admin`, `member`, `viewer`, or `operator`.
    pub role: String,
    pub organization: Option<String>,
    pub platform_admin: bool,
}

/// An API key with its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyEntry {
    /// `customer`, `admin`, `other`, `sub`.
    pub name: String,
    pub organization: String,
    /// `MA_…` or `SA_…`
    pub auth_id: String,
    pub token: String,
    pub scopes: Vec<String>,
}

impl Credentials {
    /// New passwords for everybody; the keys come later.
    pub fn new(state: &AppState) -> Self {
        let users = PLAYERS.iter().map(|player| UserEntry {
            email: player.email.to_owned(),
            password: password(&state.ids),
            role: player.role.map_or("operator", Role::name).to_owned(),
            organization: player.organization.map(str::to_owned),
            platform_admin: player.platform_admin,
        });
        Self { url: state.settings.public_url.clone(), users: users.collect(), keys: Vec::new() }
    }

    /// The password of somebody.
    pub fn password(&self, player: Player) -> String {
        self.users.iter().find(|user| user.email == player.email).map(|user| user.password.clone()).unwrap_or_default()
    }

    /// What the file says, if it is there and names everybody with all keys.
    pub fn read(state: &AppState) -> Option<Self> {
        let text = std::fs::read_to_string(path(state)).ok()?;
        let read: Self = serde_json::from_str(&text).ok()?;
        let everybody = PLAYERS.iter().all(|player| !read.password(*player).is_empty());
        (everybody && read.keys.len() == super::keys::NAMES.len()).then_some(read)
    }

    /// Writes the file for its owner only. It is complete or not there: it is written beside its place and moved.
    pub fn write(&self, state: &AppState) -> Result<()> {
        let fault = |error: &dyn std::fmt::Display| Error::Internal(format!("{FILE} cannot be written: {error}"));
        let mut text = serde_json::to_vec_pretty(self).map_err(|error| fault(&error))?;
        text.push(b'\n');
        std::fs::create_dir_all(&state.settings.data_dir).map_err(|error| fault(&error))?;
        let place = path(state);
        let beside = place.with_extension("json.new");
        write_private(&beside, &text).and_then(|()| std::fs::rename(&beside, &place)).map_err(|error| fault(&error))
    }
}

fn path(state: &AppState) -> PathBuf {
    state.settings.data_dir.join(FILE)
}

fn write_private(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    // Left over from a start that was interrupted here; its mode is not to be trusted.
    if path.exists() {
        std::fs::remove_file(path)?;
    }
    let mut file = options.open(path)?;
    file.write_all(text)?;
    file.sync_all()
}

/// Two words and two digits, such as `lamp-cord-41`: quick to type, and too many to guess at five tries a quarter of an hour.
fn password(ids: &Ids) -> String {
    let words: Vec<&str> = WORDS.lines().filter(|word| (4..=6).contains(&word.len())).collect();
    let word = || {
        let at = usize::try_from(ids.below(u64::try_from(words.len()).unwrap_or(u64::MAX))).unwrap_or_default();
        words.get(at).map(|word| word.to_lowercase()).unwrap_or_default()
    };
    format!("{}-{}-{}", word(), word(), 10 + ids.below(90))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::auth::password::fault;

    #[test]
    fn passwords_are_good_enough_and_differ() {
        let ids = Ids::seeded(3);
        let made: Vec<String> = (0..50).map(|_| password(&ids)).collect();
        assert!(made.iter().all(|password| fault(password, "mara@brightline.example").is_none()), "{made:?}");
        assert!(made.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
