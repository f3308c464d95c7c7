//! `dialyard inventory import`: streams a CSV file into the stock with a progress bar.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use sha2::{Digest, Sha256};

use super::flags::Storage;
use super::{CommandError, open};
use crate::server::config::Settings;
use crate::server::services;

/// Bytes of a file that are hashed at a time.
const HASHED: usize = 1 << 16;

/// Imports a file, prints what became of it, and names each bad line with its reason. A file that was cut off before is gone on with.
pub async fn import(file: &Path, storage: &Storage) -> Result<(), CommandError> {
    let state = open(storage, Settings::default()).await?;
    let fault = |error| CommandError::Io(file.display().to_string(), error);
    let report = if file.as_os_str() == "-" {
        let bar = progress_bar(0);
        services::inventory::import(&state, std::io::stdin(), |read_bytes| bar.set_position(read_bytes)).await?
    } else {
        let length = file.metadata().map_err(fault)?.len();
        let content_hash = hash(File::open(file).map_err(fault)?).map_err(fault)?;
        let source = BufReader::new(File::open(file).map_err(fault)?);
        let bar = progress_bar(length);
        services::inventory::import_again(&state, source, &content_hash, |read_bytes| bar.set_position(read_bytes)).await?
    };
    if report.resumed_after > 0 {
        println!("Went on behind line {}, where the same file was cut off.", report.resumed_after);
    }
    for (line, reason) in &report.errors {
        eprintln!("line {line}: {reason}");
    }
    if report.skipped > report.errors.len() as u64 {
        eprintln!("… and {} more lines", report.skipped - report.errors.len() as u64);
    }
    println!("{} new, {} updated, {} skipped.", report.inserted, report.updated, report.skipped);
    Ok(())
}

/// A bar that goes away when it is dropped.
fn progress_bar(length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length).with_finish(ProgressFinish::AndClear);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// What names the content of a file: its SHA-256.
fn hash(mut source: impl Read) -> std::io::Result<String> {
    let (mut hasher, mut bytes) = (Sha256::new(), vec![0; HASHED]);
    loop {
        match source.read(&mut bytes)? {
            0 => return Ok(hex::encode(hasher.finalize())),
            read => hasher.update(bytes.get(..read).unwrap_or_default()),
        }
    }
}
