//! The flags. Each has a variable `DIALYARD_…` of the same name; a flag wins over its variable.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::domain::money::{Micros, MoneyFault};
use crate::server::config::{ImportPolicy, SearchAccess, SignUp};

/// A self-hosted platform for the life of a phone number.
#[derive(Debug, Parser)]
#[command(name = "dialyard", version, about)]
pub struct Cli {
    /// What is logged, as in `info` or `dialyard=debug,warn`.
    #[arg(long, global = true, env = "DIALYARD_LOG", default_value = "info")]
    pub log: String,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Starts the web application and the REST API.
    Serve(Box<ServeFlags>),
    /// Works on the stock.
    Inventory {
        #[command(subcommand)]
        command: InventoryCommand,
    },
    /// Works on operators and passwords.
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Looks after the money.
    Ledger {
        #[command(subcommand)]
        command: LedgerCommand,
    },
    /// Copies the database into a new file while the server runs.
    Backup {
        /// The file to be made.
        file: PathBuf,
        #[command(flatten)]
        storage: Storage,
    },
}

#[derive(Debug, Subcommand)]
pub enum InventoryCommand {
    /// Imports stock from a CSV file with the columns e164, provider, number_type, locality, administrative_area, rate_center,
    /// features (joined by |), setup_cost, monthly_cost. Bad rows are reported by line and skipped.
    Import {
        /// The file to read; `-` reads from standard input.
        file: PathBuf,
        #[command(flatten)]
        storage: Storage,
    },
}

#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Recomputes every balance from the transfers and compares; ends with 1 when something does not add up. Changes nothing.
    Verify {
        #[command(flatten)]
        storage: Storage,
    },
}

#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Makes a platform administrator and prints a one-time link to set the password.
    Create {
        email: String,
        #[command(flatten)]
        storage: Storage,
    },
    /// Works on keys of the platform, which belong to no organization.
    Key {
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// Prints a one-time link to set a new password.
    ResetPassword {
        email: String,
        /// Base of the printed link.
        #[arg(long, env = "DIALYARD_PUBLIC_URL", default_value = "http://127.0.0.1:3000")]
        public_url: String,
        #[command(flatten)]
        storage: Storage,
    },
}

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Makes a key of the platform and prints its secret, once.
    Create {
        /// What people call it, such as the switch that will use it.
        name: String,
        /// What it may do, separated by commas: `calls:write,routing:read`.
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<String>,
        #[command(flatten)]
        storage: Storage,
    },
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct Storage {
    /// The folder of the database and its secrets.
    #[arg(long, env = "DIALYARD_DATA_DIR", default_value = "./var")]
    pub data_dir: PathBuf,
    /// The database; an SQLite file in the data directory when it is not given.
    #[arg(long, env = "DIALYARD_DATABASE_URL")]
    pub database_url: Option<String>,
}

#[derive(Debug, Args)]
pub struct ServeFlags {
    /// Fills an empty database with fictitious stock and accounts, and takes demo payments.
    #[arg(long, env = "DIALYARD_DEMO")]
    pub demo: bool,
    /// Lets a demo listen on an address that others can reach; no credential is then printed or shown.
    #[arg(long, env = "DIALYARD_DEMO_PUBLIC")]
    pub demo_public: bool,
    /// The demo's clock stands still at this instant, as in 2026-11-22T12:00:00Z: its data come out the same each time. For pictures and
    /// tests.
    #[arg(long, env = "DIALYARD_DEMO_CLOCK", requires = "demo")]
    pub demo_clock: Option<jiff::Timestamp>,
    /// Where to listen.
    #[arg(long, env = "DIALYARD_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    #[command(flatten)]
    pub storage: Storage,
    /// The address by which people reach this installation, without a slash at the end. Requests for another host are refused.
    #[arg(long, env = "DIALYARD_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Believe X-Forwarded-For: only behind a proxy that sets it.
    #[arg(long, env = "DIALYARD_TRUSTED_PROXY")]
    pub trusted_proxy: bool,
    /// The folder with the browser's files; found beside the program when it is not given.
    #[arg(long, env = "DIALYARD_SITE_ROOT")]
    pub site_root: Option<PathBuf>,
    /// Who may make an organization.
    #[arg(long, env = "DIALYARD_SIGN_UP", value_enum, default_value = "open")]
    pub sign_up: SignUp,
    /// Who may search.
    #[arg(long, env = "DIALYARD_SEARCH", value_enum, default_value = "open")]
    pub search: SearchAccess,
    /// A list of words of your own, one a line: numbers that spell them are shown with them, before all other words.
    #[arg(long, env = "DIALYARD_WORDS")]
    pub words: Option<PathBuf>,
    /// How numbers that customers bring along are taken; `open` in a demo when it is not given.
    #[arg(long, env = "DIALYARD_IMPORT", value_enum)]
    pub import: Option<ImportPolicy>,
    /// The installation's currency.
    #[arg(long, env = "DIALYARD_CURRENCY", default_value = "USD")]
    pub currency: String,
    /// The largest payment into a wallet at once, as a decimal.
    #[arg(long, env = "DIALYARD_MOST_TOP_UP", default_value = "1000000", value_parser = amount)]
    pub most_top_up: Micros,
    /// Requests a second that one API key may send; 0 is no limit.
    #[arg(long, env = "DIALYARD_KEY_REQUESTS_PER_SECOND", default_value_t = 100)]
    pub key_requests_per_second: u32,
    /// How many of them it may send at once after a pause.
    #[arg(long, env = "DIALYARD_KEY_BURST", default_value_t = 200)]
    pub key_burst: u32,
    #[command(flatten)]
    pub stripe: StripeFlags,
    #[command(flatten)]
    pub lengths: Lengths,
}

/// Payments by Stripe. Secrets are read from variables: a command line is seen by everybody on the machine.
#[derive(Clone, Args)]
pub struct StripeFlags {
    /// Stripe's secret or restricted key; better set by its variable.
    #[arg(long, env = "DIALYARD_STRIPE_SECRET_KEY", hide_env_values = true, requires = "stripe_webhook_secret")]
    pub stripe_secret_key: Option<String>,
    /// The signing secret of the webhook endpoint `/webhooks/stripe`; better set by its variable.
    #[arg(long, env = "DIALYARD_STRIPE_WEBHOOK_SECRET", hide_env_values = true, requires = "stripe_secret_key")]
    pub stripe_webhook_secret: Option<String>,
    /// Where Stripe is.
    #[arg(long, env = "DIALYARD_STRIPE_API", default_value = "https://api.stripe.com")]
    pub stripe_api: url::Url,
}

impl std::fmt::Debug for StripeFlags {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("StripeFlags").field("api", &self.stripe_api.as_str()).finish_non_exhaustive()
    }
}

/// Lengths of the clocks.
#[derive(Debug, Clone, Args)]
pub struct Lengths {
    /// Seconds that a hold lasts.
    #[arg(long, env = "DIALYARD_HOLD_TIMEOUT_S", default_value_t = 1_800, value_parser = clap::value_parser!(i64).range(1..=86_400))]
    pub hold_timeout_s: i64,
    /// Days after the last call in which a number cannot leave its sub-account.
    #[arg(long, env = "DIALYARD_COOL_OFF_DAYS", default_value_t = 15, value_parser = clap::value_parser!(i64).range(0..=365))]
    pub cool_off_days: i64,
    /// Days that a released number rests; at least 45 (47 CFR 52.15(f)(1)(ii)).
    #[arg(long, env = "DIALYARD_AGING_DAYS", default_value_t = 45, value_parser = clap::value_parser!(i64).range(45..=365))]
    pub aging_days: i64,
    /// Seconds in which a release can be undone; 0 switches it off.
    #[arg(long, env = "DIALYARD_RECOVERY_S", default_value_t = 86_400, value_parser = clap::value_parser!(i64).range(0..=2_592_000))]
    pub recovery_s: i64,
    /// Days after which an unpaid number stops routing.
    #[arg(long, env = "DIALYARD_SUSPENDED_AFTER_DAYS", default_value_t = 7, value_parser = clap::value_parser!(i64).range(1..=365))]
    pub suspended_after_days: i64,
    /// Days after which an unpaid number is released.
    #[arg(long, env = "DIALYARD_RELEASED_AFTER_DAYS", default_value_t = 30, value_parser = clap::value_parser!(i64).range(2..=365))]
    pub released_after_days: i64,
}

fn amount(text: &str) -> Result<Micros, MoneyFault> {
    Micros::parse(text, 6)
}
