//! `dialyard ledger …`: looking after the money.

use super::flags::Storage;
use super::{CommandError, open};
use crate::server::config::Settings;
use crate::server::services::operator;

/// Recomputes every balance from the transfers and compares.
pub async fn verify(storage: &Storage) -> Result<(), CommandError> {
    let state = open(storage, Settings::default()).await?;
    let findings = operator::verify_ledger(&state).await?;
    println!("{} transfers between {} accounts.", findings.transfers, findings.accounts);
    if findings.faults.is_empty() {
        println!("Every balance is what its transfers say.");
        return Ok(());
    }
    for fault in &findings.faults {
        println!("{fault}");
    }
    Err(CommandError::Service(format!("The ledger has {} faults. Nothing was changed.", findings.faults.len())))
}
