//! Two limits: guesses at passwords, counted in the database, and searches of visitors, counted in memory (R40).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::domain::refusal::Refusal;
use crate::domain::time::{MICROS_PER_SECOND, Timestamp};
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;

/// Over how long wrong passwords are counted.
const WINDOW_S: i64 = 900;
/// Wrong passwords for one email within the window.
const PER_EMAIL: i64 = 5;
/// Wrong passwords from one address within the window: many people may share one.
const PER_ADDRESS: i64 = 30;
/// Addresses that are remembered before those that are idle are forgotten.
const REMEMBERED: usize = 10_000;

/// A try at a password, counted before it is verified so that a thousand tries at once cannot slip past the count.
#[derive(Debug)]
pub struct Attempt {
    email_subject: String,
    address_attempt_id: String,
}

/// Counts a try, or refuses it.
///
/// # Errors
/// [`Refusal::RateLimited`] with the seconds after which the next try is worth it.
pub async fn begin_attempt(state: &AppState, email: &str, address: IpAddr) -> Result<Attempt> {
    let now = state.now();
    let attempt = Attempt { email_subject: format!("email:{email}"), address_attempt_id: state.new_id() };
    let rows = [
        (state.new_id(), attempt.email_subject.clone(), PER_EMAIL),
        (attempt.address_attempt_id.clone(), format!("address:{}", neighbourhood(address)), PER_ADDRESS),
    ];
    state
        .db
        .write(async move |connection| {
            store::sessions::delete_attempts_before(connection, now.plus_seconds(-WINDOW_S)).await?;
            for (id, subject, limit) in &rows {
                let made = store::sessions::attempts(connection, subject, now.plus_seconds(-WINDOW_S), *limit).await?;
                if let (Some(oldest), true) = (made.last(), i64::try_from(made.len()).unwrap_or(i64::MAX) >= *limit) {
                    let retry_after_s = now.seconds_until(oldest.plus_seconds(WINDOW_S)).max(1);
                    return Err(Error::from(Refusal::RateLimited { retry_after_s }));
                }
                store::sessions::insert_attempt(connection, id, subject, now).await?;
            }
            Ok(())
        })
        .await?;
    Ok(attempt)
}

/// Forgets the tries at an email once its password was right, and that one of the address.
///
/// # Errors
/// When the store fails.
pub async fn forget_attempt(state: &AppState, attempt: Attempt) -> Result<()> {
    state
        .db
        .write(async move |connection| {
            store::sessions::delete_attempts_of(connection, &attempt.email_subject).await?;
            store::sessions::delete_attempt(connection, &attempt.address_attempt_id).await?;
            Ok::<_, Error>(())
        })
        .await
}

/// The address as a limit sees it: IPv6 by its /64, which is what one subscriber has; IPv4 inside IPv6 as itself.
#[must_use]
pub fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
        address @ IpAddr::V4(_) => address,
    }
}

/// Searches of visitors: a burst of a minute's worth, then one each time another is earned.
#[derive(Debug)]
pub struct SearchLimit {
    per_minute: i64,
    /// For each address the instant at which it has earned back everything.
    full_at: Mutex<HashMap<IpAddr, Timestamp>>,
}

impl SearchLimit {
    /// A limit of that many a minute; 0 is none at all.
    #[must_use]
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute: i64::from(per_minute), full_at: Mutex::new(HashMap::new()) }
    }

    /// Counts a search.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`] when the address has used up its minute.
    pub fn count(&self, address: IpAddr, now: Timestamp) -> std::result::Result<(), Refusal> {
        let Some(price) = (60 * MICROS_PER_SECOND).checked_div(self.per_minute) else {
            return Ok(());
        };
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= REMEMBERED {
            full_at.retain(|_, full_at| *full_at > now);
        }
        let entry = full_at.entry(neighbourhood(address)).or_insert(now);
        let next = Timestamp::from_micros((*entry).max(now).micros().saturating_add(price));
        let latest = now.plus_seconds(60);
        if next > latest {
            return Err(Refusal::RateLimited { retry_after_s: latest.seconds_until(next).max(1) });
        }
        *entry = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_holds_its_searches_and_earns_them_back() {
        let limit = SearchLimit::new(120);
        let start = Timestamp::from_seconds(1_000);
        let address = IpAddr::from([192, 0, 2, 7]);
        for _ in 0..120 {
            assert_eq!(limit.count(address, start), Ok(()));
        }
        assert_eq!(limit.count(address, start), Err(Refusal::RateLimited { retry_after_s: 1 }));
        assert_eq!(limit.count(IpAddr::from([192, 0, 2, 8]), start), Ok(()));
        assert_eq!(limit.count(address, start.plus_seconds(1)), Ok(()));
        assert_eq!(limit.count(address, start.plus_seconds(120)), Ok(()));
        assert_eq!(SearchLimit::new(0).count(address, start), Ok(()));
    }

    #[test]
    fn neighbours_in_one_subnet_count_as_one() {
        let one: IpAddr = "2001:db8:1:2:3:4:5:6".parse().expect("an address");
        let other: IpAddr = "2001:db8:1:2:ffff::1".parse().expect("an address");
        let elsewhere: IpAddr = "2001:db8:1:3::1".parse().expect("an address");
        let mapped: IpAddr = "::ffff:192.0.2.7".parse().expect("an address");
        assert_eq!(neighbourhood(one), neighbourhood(other));
        assert_ne!(neighbourhood(one), neighbourhood(elsewhere));
        assert_eq!(neighbourhood(mapped), IpAddr::from([192, 0, 2, 7]));
    }
}
