//! `dialyard inventory import`: streams a CSV file into the stock with a progress bar.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use super::flags::Storage;
use super::{CommandError, open};
use crate::server::config::Settings;
use crate::server::services;

/// Imports a file, prints what became of it, and names each bad line with its reason.
pub async fn import(file: &Path, storage: &Storage) -> Result<(), CommandError> {
    let state = open(storage, Settings::default()).await?;
    let fault = |error| CommandError::Io(file.display().to_string(), error);
    let (source, length): (Box<dyn Read + Send>, u64) = if file.as_os_str() == "-" {
        (Box::new(std::io::stdin()), 0)
    } else {
        let opened = File::open(file).map_err(fault)?;
        let length = opened.metadata().map_err(fault)?.len();
        (Box::new(BufReader::new(opened)), length)
    };
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta} left") {
        bar.set_style(style);
    }
    let report = services::inventory::import(&state, source, |read_bytes| bar.set_position(read_bytes)).await?;
    bar.finish_and_clear();
    for (line, reason) in &report.errors {
        eprintln!("line {line}: {reason}");
    }
    if report.skipped > report.errors.len() as u64 {
        eprintln!("… and {} more lines", report.skipped - report.errors.len() as u64);
    }
    println!("{} new, {} updated, {} skipped.", report.inserted, report.updated, report.skipped);
    Ok(())
}
