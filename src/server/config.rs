//! Settings of an installation: the lengths and limits of R61, and what the command line decides.

use std::path::PathBuf;

use crate::domain::money::{MAX_AMOUNT, Micros};
use crate::domain::time::{MICROS_PER_SECOND, SECONDS_PER_DAY};

/// Who may make an organization (R40).
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum SignUp {
    /// Anybody.
    Open,
    /// Only people with an invitation link.
    Invite,
    /// Nobody.
    Off,
}

/// Who may search (R40).
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum SearchAccess {
    /// Visitors too.
    Open,
    /// Signed-in people only.
    SignedIn,
}

/// How numbers that customers bring along are taken (R17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ImportPolicy {
    /// At once.
    Open,
    /// At once, but unverified until the operator approves: they do not route.
    Approve,
    /// Not at all.
    Off,
}

/// Lengths, limits and switches. Every field has a default from product.md.
#[derive(Debug, Clone)]
pub struct Settings {
    pub currency: String,
    pub hold_timeout_s: i64,
    pub holds_per_organization: u8,
    pub holds_per_sub_account: u8,
    pub holds_before_top_up: u8,
    pub same_number_holds_per_day: u8,
    pub cool_off_days: i64,
    pub aging_days: i64,
    pub recovery_s: i64,
    pub suspended_after_days: i64,
    pub released_after_days: i64,
    /// The largest payment that is taken at once.
    pub most_top_up: Micros,
    pub sign_up: SignUp,
    pub search_access: SearchAccess,
    pub import_policy: ImportPolicy,
    pub demo: bool,
    /// Demo on an address that others can reach: no credential is printed or shown (R24).
    pub demo_public: bool,
    /// Base of absolute links, such as `https://numbers.example.com`.
    pub public_url: String,
    /// The cookie is `__Host-` and Secure wherever the site is reached by https.
    pub secure_cookies: bool,
    /// X-Forwarded-For is believed only behind a proxy that sets it (R41).
    pub trusted_proxy: bool,
    pub data_dir: PathBuf,
    pub visitor_searches_per_minute: u32,
    /// Requests a second that one API key may send; 0 is no limit (R60).
    pub key_requests_per_second: u32,
    /// How many of them it may send at once after a pause.
    pub key_burst: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            currency: String::from("USD"),
            hold_timeout_s: 1_800,
            holds_per_organization: 10,
            holds_per_sub_account: 5,
            holds_before_top_up: 2,
            same_number_holds_per_day: 3,
            cool_off_days: 15,
            aging_days: 45,
            recovery_s: SECONDS_PER_DAY,
            suspended_after_days: 7,
            released_after_days: 30,
            most_top_up: MAX_AMOUNT,
            sign_up: SignUp::Open,
            search_access: SearchAccess::Open,
            import_policy: ImportPolicy::Approve,
            demo: false,
            demo_public: false,
            public_url: String::from("http://127.0.0.1:3000"),
            secure_cookies: false,
            trusted_proxy: false,
            data_dir: PathBuf::from("var"),
            visitor_searches_per_minute: 120,
            key_requests_per_second: 100,
            key_burst: 200,
        }
    }
}

impl Settings {
    /// The length of a hold in microseconds.
    #[must_use]
    pub const fn hold_timeout_micros(&self) -> i64 {
        self.hold_timeout_s.saturating_mul(MICROS_PER_SECOND)
    }
}
