//! How many requests a key may send (R60): so many a second, with a burst after a pause. Each answer says what is left.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use crate::domain::refusal::Refusal;
use crate::server::config::Settings;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// Keys that are remembered before those that have earned everything back are forgotten.
const REMEMBERED: usize = 10_000;

type Limiter = RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// The limit of every key.
#[derive(Debug)]
pub struct KeyLimits {
    /// None where the operator switched limits off.
    limiter: Option<Limiter>,
    per_second: u32,
    burst: u32,
}

/// What is left after a request, for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    per_second: u32,
    burst: u32,
    remaining: u32,
}

impl Left {
    /// Writes the headers `RateLimit` and `RateLimit-Policy`.
    pub fn write(self, headers: &mut HeaderMap) {
        let window_s = self.burst.div_ceil(self.per_second.max(1)).max(1);
        let reset_s = (self.burst - self.remaining.min(self.burst)).div_ceil(self.per_second.max(1));
        for (name, text) in [
            (RATE_LIMIT_POLICY, format!("\"key\";q={};w={window_s}", self.burst)),
            (RATE_LIMIT, format!("\"key\";r={};t={reset_s}", self.remaining)),
        ] {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(name, value);
            }
        }
    }
}

impl KeyLimits {
    /// The limits of an installation.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let per_second = NonZeroU32::new(settings.key_requests_per_second);
        let burst = NonZeroU32::new(settings.key_burst.max(settings.key_requests_per_second));
        let limiter = per_second.zip(burst).map(|(per_second, burst)| {
            RateLimiter::keyed(Quota::per_second(per_second).allow_burst(burst)).with_middleware::<StateInformationMiddleware>()
        });
        let number = |number: Option<NonZeroU32>| number.map_or(0, NonZeroU32::get);
        Self { limiter, per_second: number(per_second), burst: number(burst) }
    }

    /// Counts a request. None is left to say where there is no limit.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`] with what to write on the answer.
    pub fn count(&self, key_id: &str) -> Result<Option<Left>, (Refusal, Left)> {
        let Some(limiter) = &self.limiter else { return Ok(None) };
        if limiter.len() >= REMEMBERED {
            limiter.retain_recent();
        }
        let left = |remaining| Left { per_second: self.per_second, burst: self.burst, remaining };
        match limiter.check_key(&key_id.to_owned()) {
            Ok(snapshot) => Ok(Some(left(snapshot.remaining_burst_capacity()))),
            Err(not_until) => {
                let wait: Duration = not_until.wait_time_from(DefaultClock::default().now());
                let retry_after_s = i64::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(1).max(1);
                Err((Refusal::RateLimited { retry_after_s }, left(0)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_each_key_has_its_own() {
        let limits = KeyLimits::new(&Settings { key_requests_per_second: 1, key_burst: 2, ..Settings::default() });
        assert_eq!(limits.count("a").map(|left| left.map(|left| left.remaining)), Ok(Some(1)));
        assert_eq!(limits.count("a").map(|left| left.map(|left| left.remaining)), Ok(Some(0)));
        let (refusal, left) = limits.count("a").expect_err("the third is too much");
        assert_eq!(refusal, Refusal::RateLimited { retry_after_s: 1 });
        let mut headers = HeaderMap::new();
        left.write(&mut headers);
        assert_eq!(headers.get("ratelimit").and_then(|value| value.to_str().ok()), Some("\"key\";r=0;t=2"));
        assert_eq!(headers.get("ratelimit-policy").and_then(|value| value.to_str().ok()), Some("\"key\";q=2;w=2"));
        assert!(limits.count("b").is_ok());
    }

    #[test]
    fn zero_is_no_limit() {
        let limits = KeyLimits::new(&Settings { key_requests_per_second: 0, ..Settings::default() });
        for _ in 0..1_000 {
            assert_eq!(limits.count("a"), Ok(None));
        }
    }
}
