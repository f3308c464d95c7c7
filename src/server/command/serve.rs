//! `dialyard serve`: checks what the flags mean together, fills the demo, runs the jobs once, and serves.

use std::path::Path;
use std::sync::Arc;

use super::flags::ServeFlags;
use super::{CommandError, open};
use crate::domain::time::Timestamp;
use crate::server::clock::ManualClock;
use crate::server::config::{ImportPolicy, Settings};
use crate::server::payments::stripe::{StripePayments, StripeSettings};
use crate::server::search::words;
use crate::server::{demo, jobs, run, services};

/// Serves until it is told to stop.
pub async fn serve(flags: ServeFlags) -> Result<(), CommandError> {
    if flags.demo && !flags.demo_public && !flags.listen.ip().is_loopback() {
        return Err(CommandError::Service(String::from(
            "A demo has printed passwords, so it listens on this machine only. Add --demo-public to show it to others without them.",
        )));
    }
    if let Some(words) = &flags.words {
        use_words(words)?;
    }
    let mut state = open(&flags.storage, settings(&flags)).await?;
    if let (false, Some(secret_key), Some(webhook_secret)) =
        (flags.demo, flags.stripe.stripe_secret_key.clone(), flags.stripe.stripe_webhook_secret.clone())
    {
        let settings =
            StripeSettings { secret_key, webhook_secret, api: flags.stripe.stripe_api.clone(), currency: flags.currency.clone() };
        state.payments = Some(Arc::new(StripePayments::new(settings)));
    }
    if let Some(at) = flags.demo_clock {
        state.clock = Arc::new(ManualClock::new(Timestamp::from_micros(at.as_microsecond())));
    }
    services::accounts::check_installation(&state).await?;
    if flags.demo {
        let credentials = demo::prepare(&state).await?;
        if !flags.demo_public {
            for account in &credentials.users {
                println!("{:<30} {:<16} {}", account.email, account.password, account.role);
            }
        }
    }
    services::inventory::uploads::note_stopped(&state).await?;
    jobs::run_all(&state).await;
    let minutely = tokio::spawn(jobs::every_minute(state.clone()));
    let telling = tokio::spawn(jobs::webhooks::forever(state.clone()));
    let comparing = tokio::spawn(jobs::search::every_hour(state.clone()));
    let served = run::serve(state, flags.listen, flags.site_root).await;
    minutely.abort();
    telling.abort();
    comparing.abort();
    served.map_err(|error| CommandError::Io(flags.listen.to_string(), error))
}

/// Takes over the operator's own words, before the first number is read.
fn use_words(file: &Path) -> Result<(), CommandError> {
    let name = file.display().to_string();
    let list = std::fs::read_to_string(file).map_err(|error| CommandError::Io(name.clone(), error))?;
    let count = words::add_own(&list).map_err(|fault| CommandError::Service(format!("{name}: {fault}")))?;
    tracing::info!(count, "words of the operator's own");
    Ok(())
}

fn settings(flags: &ServeFlags) -> Settings {
    let public_url = flags.public_url.clone().unwrap_or_else(|| format!("http://{}", flags.listen));
    Settings {
        currency: flags.currency.clone(),
        hold_timeout_s: flags.lengths.hold_timeout_s,
        cool_off_days: flags.lengths.cool_off_days,
        aging_days: flags.lengths.aging_days,
        recovery_s: flags.lengths.recovery_s,
        suspended_after_days: flags.lengths.suspended_after_days,
        released_after_days: flags.lengths.released_after_days,
        most_top_up: flags.most_top_up,
        sign_up: flags.sign_up,
        search_access: flags.search,
        import_policy: flags.import.unwrap_or(if flags.demo { ImportPolicy::Open } else { ImportPolicy::Approve }),
        demo: flags.demo,
        demo_public: flags.demo_public,
        secure_cookies: public_url.starts_with("https://"),
        public_url,
        trusted_proxy: flags.trusted_proxy,
        key_requests_per_second: flags.key_requests_per_second,
        key_burst: flags.key_burst,
        ..Settings::default()
    }
}
