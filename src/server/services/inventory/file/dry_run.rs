//! Reading a file of stock without writing any of it: what an import would do, line by line.

use std::collections::HashSet;
use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};

use super::{Columns, ImportReport, Line, unreadable};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::inventory::bulk::ROWS;

/// What an import of this file would report now.
///
/// # Errors
/// As the import: `validation` when the file is no CSV or lacks a column.
pub async fn dry_run(state: &AppState, source: impl Read) -> Result<ImportReport> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(source);
    let columns = Columns::find(reader.byte_headers().map_err(|error| unreadable(&error))?)?;
    let mut report = ImportReport::default();
    let mut seen = HashSet::new();
    let mut batch = Vec::with_capacity(ROWS);
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|error| unreadable(&error))? {
        let line = record.position().map_or(0, csv::Position::line);
        match columns.read(&record) {
            Ok(read) if !seen.insert(read.number) => {
                report.skip_again(line, format!("{} stands further up already; the first line counts.", read.row.e164), false)
            }
            Ok(read) => batch.push((line, read)),
            Err(reason) => report.skip_again(line, reason, false),
        }
        if batch.len() == ROWS {
            count(state, std::mem::take(&mut batch), &mut report).await?;
        }
    }
    count(state, batch, &mut report).await?;
    report.errors.sort_by_key(|(line, _)| *line);
    Ok(report)
}

/// Counts what would become of these lines.
async fn count(state: &AppState, batch: Vec<(u64, Line)>, report: &mut ImportReport) -> Result<()> {
    let numbers: Vec<&str> = batch.iter().map(|(_, line)| line.row.e164.as_str()).collect();
    let mut connection = state.db.read().await?;
    let known = store::inventory::bulk::present(&mut connection, &numbers, state.now()).await?;
    report.count(&batch, &known);
    Ok(())
}
