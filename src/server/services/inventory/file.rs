//! Stock from a CSV file, line by line: good rows in batches, bad ones told with their line and skipped, never half a row (R50). Of the
//! lines before, only their numbers are kept, two bytes each, so that a file may have as many as it likes.

mod dry_run;

use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder};
use roaring::RoaringTreemap;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::AnyConnection;

use crate::domain::audit::{Action, Actor, Channel};
use crate::domain::e164::E164;
use crate::domain::money::Micros;
use crate::domain::number::{Features, NumberType, StockState};
use crate::domain::place::find_state;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::server::error::{Error, Result};
use crate::server::phone;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::audit::NewAudit;
use crate::server::store::inventory::bulk::{NewStock, Present, ROWS};

pub use dry_run::dry_run;

/// The columns that a file must have, in any order; others are not read.
const COLUMNS: [&str; 9] =
    ["e164", "provider", "number_type", "locality", "administrative_area", "rate_center", "features", "setup_cost", "monthly_cost"];
/// Characters of a field at the most.
const FIELD_CHARACTERS: usize = 64;
/// Lines that are written in one transaction: others wait for the writer no longer than that takes.
const BATCH: usize = 4 * ROWS;
/// Lines that are told one by one; the others are only counted.
const TOLD: usize = 1_000;

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    pub inserted: u64,
    pub updated: u64,
    /// Lines that changed nothing: bad ones, and numbers that may not be changed.
    pub skipped: u64,
    /// The line after which this went on where it was cut off before; 0 when it began at the beginning.
    pub resumed_after: u64,
    /// The first thousand of those, each with its line and why.
    pub errors: Vec<(u64, String)>,
}

impl ImportReport {
    /// `is_counted` when it was counted before the import was cut off.
    fn skip_again(&mut self, line: u64, reason: String, is_counted: bool) {
        self.skipped += u64::from(!is_counted);
        if self.errors.len() < TOLD {
            self.errors.push((line, reason));
        }
    }

    /// Counts what became of the lines of a batch.
    fn count(&mut self, batch: &[(u64, Line)], known: &HashMap<String, Present>) {
        for (line, read) in batch {
            match known.get(&read.row.e164) {
                None => self.inserted += 1,
                Some(Present::Available) => self.updated += 1,
                Some(present) => self.skip_again(*line, format!("{} {}", read.row.e164, why_kept(*present)), false),
            }
        }
    }
}

/// A line that makes sense.
#[derive(Debug, Clone)]
struct Line {
    number: u64,
    provider: String,
    /// Its carrier is not known yet.
    row: NewStock,
}

/// Reads a whole file into the stock, on the command line. `progress` is told how many bytes have been read.
///
/// # Errors
/// `validation` when the file is no CSV or lacks a column; faults of the store. What was written before stays.
pub async fn import(state: &AppState, source: impl Read, progress: impl Fn(u64)) -> Result<ImportReport> {
    import_by(state, &Actor::system("inventory import"), Channel::Command, source, progress).await
}

/// [`import`] by somebody else.
///
/// # Errors
/// As [`import`].
pub async fn import_by(
    state: &AppState,
    actor: &Actor,
    channel: Channel,
    source: impl Read,
    progress: impl Fn(u64),
) -> Result<ImportReport> {
    run(state, (actor, channel), source, None, progress).await
}

/// [`import`], going on where an import of the same content was cut off. `content_hash` names the content. Lines that were written
/// before the cut are checked again, so that a number that stands twice is still found, but they are neither written nor counted anew.
///
/// # Errors
/// As [`import`].
pub async fn import_again(state: &AppState, source: impl Read, content_hash: &str, progress: impl Fn(u64)) -> Result<ImportReport> {
    let author = (&Actor::system("inventory import"), Channel::Command);
    run(state, author, source, Some(Mark::name(content_hash)), progress).await
}

async fn run(
    state: &AppState,
    (actor, channel): (&Actor, Channel),
    source: impl Read,
    mark_name: Option<String>,
    progress: impl Fn(u64),
) -> Result<ImportReport> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(source);
    let columns = Columns::find(reader.byte_headers().map_err(|error| unreadable(&error))?)?;
    let mark = Mark::read(state, mark_name.as_deref()).await?;
    let mut report = mark.report();
    let mut seen = RoaringTreemap::new();
    let mut batch = Vec::with_capacity(BATCH);
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|error| unreadable(&error))? {
        let line = record.position().map_or(0, csv::Position::line);
        let is_done = line <= mark.line;
        match columns.read(&record) {
            Ok(read) if !seen.insert(read.number) => {
                report.skip_again(line, format!("{} stands further up already; the first line counts.", read.row.e164), is_done);
            }
            Ok(read) if !is_done => batch.push((line, read)),
            Ok(_) => {}
            Err(reason) => report.skip_again(line, reason, is_done),
        }
        if batch.len() == BATCH {
            write_batch(state, std::mem::take(&mut batch), line, mark_name.as_deref(), &mut report).await?;
            progress(reader.position().byte());
        }
    }
    if let Some((line, _)) = batch.last() {
        let line = *line;
        write_batch(state, batch, line, mark_name.as_deref(), &mut report).await?;
    }
    progress(reader.position().byte());
    report.errors.sort_by_key(|(line, _)| *line);
    finish(state, actor.clone(), channel, &report, mark_name).await?;
    Ok(report)
}

fn unreadable(error: &csv::Error) -> Error {
    Refusal::field("file", format!("This is no CSV file: {error}.")).into()
}

/// How far an import of some content has come. It is written with the rows, so it never says more or less than was done.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Mark {
    /// The last line that is done with.
    line: u64,
    inserted: u64,
    updated: u64,
    skipped: u64,
}

impl Mark {
    fn name(content_hash: &str) -> String {
        format!("import:{content_hash}")
    }

    async fn read(state: &AppState, name: Option<&str>) -> Result<Self> {
        let Some(name) = name else { return Ok(Self::default()) };
        let mut connection = state.db.read().await?;
        let text = store::settings::find(&mut connection, name).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    fn report(&self) -> ImportReport {
        ImportReport { inserted: self.inserted, updated: self.updated, skipped: self.skipped, resumed_after: self.line, errors: Vec::new() }
    }
}

/// Writes the lines that may be written, in one transaction, with the mark that `line` is done with.
async fn write_batch(
    state: &AppState,
    batch: Vec<(u64, Line)>,
    line: u64,
    mark_name: Option<&str>,
    report: &mut ImportReport,
) -> Result<()> {
    let carrier_ids: Vec<String> = batch.iter().map(|_| state.new_id()).collect();
    let now = state.now();
    let (before, mark_name) = (report.clone(), mark_name.map(str::to_owned));
    let (batch, known) = state
        .db
        .write(async move |connection| {
            let numbers: Vec<&str> = batch.iter().map(|(_, line)| line.row.e164.as_str()).collect();
            let known = store::inventory::bulk::present(connection, &numbers, now).await?;
            let carriers = carriers(connection, &batch, &carrier_ids, now).await?;
            let wanted = batch.iter().filter(|(_, line)| matches!(known.get(&line.row.e164), None | Some(Present::Available)));
            let rows: Vec<NewStock> = wanted
                .map(|(_, line)| NewStock {
                    carrier_id: carriers.get(&line.provider).cloned().unwrap_or_else(|| Arc::from("")),
                    ..line.row.clone()
                })
                .collect();
            if !rows.is_empty() {
                store::inventory::bulk::upsert(connection, &rows, now).await?;
            }
            if let Some(name) = &mark_name {
                let mut after = before.clone();
                after.count(&batch, &known);
                let mark = Mark { line, inserted: after.inserted, updated: after.updated, skipped: after.skipped };
                let text = serde_json::to_string(&mark).map_err(|error| Error::Internal(error.to_string()))?;
                store::settings::set(connection, name, &text, now).await?;
            }
            Ok::<_, Error>((batch.clone(), known))
        })
        .await?;
    report.count(&batch, &known);
    Ok(())
}

const fn why_kept(present: Present) -> &'static str {
    match present {
        Present::Available => "is in stock.",
        Present::InUse => "is in use: held or being bought.",
        Present::Owned => "belongs to somebody.",
        Present::Aging => "rests after a release.",
        Present::Withdrawn => "was withdrawn and stays so.",
    }
}

/// The carrier rows of a batch by the names that the file gives them.
async fn carriers(
    connection: &mut AnyConnection,
    batch: &[(u64, Line)],
    ids: &[String],
    now: Timestamp,
) -> Result<HashMap<String, Arc<str>>> {
    let mut carriers = HashMap::new();
    for ((_, line), id) in batch.iter().zip(ids) {
        if !carriers.contains_key(&line.provider) {
            let carrier_id = store::inventory::bulk::carrier(connection, id, &line.provider, now).await?;
            carriers.insert(line.provider.clone(), Arc::from(carrier_id));
        }
    }
    Ok(carriers)
}

/// One row in the audit log for the whole file; its mark is no longer needed.
async fn finish(state: &AppState, actor: Actor, channel: Channel, report: &ImportReport, mark_name: Option<String>) -> Result<()> {
    let (id, now) = (state.new_id(), state.now());
    let counts = json!({ "inserted": report.inserted, "updated": report.updated, "skipped": report.skipped });
    state
        .db
        .write(async move |connection| {
            let row = NewAudit {
                id: &id,
                organization_id: None,
                actor: &actor,
                action: Action::InventoryImported,
                object_kind: "stock",
                object_id: "",
                object_label: "CSV file",
                before: None,
                after: Some(counts.clone()),
                reason: None,
                channel,
                at: now,
            };
            if let Some(name) = &mark_name {
                store::settings::remove(connection, name).await?;
            }
            Ok::<_, Error>(store::audit::append(connection, &row).await?)
        })
        .await
}

/// Where each of [`COLUMNS`] stands in the file.
struct Columns([usize; COLUMNS.len()]);

impl Columns {
    fn find(headers: &ByteRecord) -> Result<Self> {
        let place = |name: &str| headers.iter().position(|header| header.trim_ascii().eq_ignore_ascii_case(name.as_bytes()));
        let missing: Vec<&str> = COLUMNS.into_iter().filter(|name| place(name).is_none()).collect();
        if missing.is_empty() {
            return Ok(Self(COLUMNS.map(|name| place(name).unwrap_or_default())));
        }
        let message = format!("The first line names the columns. These are missing: {}.", missing.join(", "));
        Err(Refusal::field("file", message).into())
    }

    /// One line, or why it makes no sense.
    fn read(&self, record: &ByteRecord) -> std::result::Result<Line, String> {
        let mut texts = [""; COLUMNS.len()];
        for ((text, name), at) in texts.iter_mut().zip(COLUMNS).zip(self.0) {
            *text = field(name, record.get(at))?;
        }
        let [e164, provider, number_type, locality, administrative_area, rate_center, features, setup, monthly] = texts;
        let number = phone::parse(e164).map_err(|fault| format!("e164: {fault}"))?;
        for (name, text) in
            [("provider", provider), ("locality", locality), ("administrative_area", administrative_area), ("rate_center", rate_center)]
        {
            if text.starts_with(['=', '+', '-', '@']) {
                return Err(format!("{name}: a text that begins with = + - or @ would be a formula in a spreadsheet."));
            }
        }
        if provider.is_empty() {
            return Err(String::from("provider: name who supplies the number."));
        }
        let number_type = read_type(&number, number_type)?;
        let (country, administrative_area) = read_region(&number, administrative_area)?;
        Ok(Line {
            number: number.digits().parse().unwrap_or_default(),
            provider: provider.to_owned(),
            row: NewStock {
                e164: number.as_str().to_owned(),
                country: country.into(),
                carrier_id: Arc::from(""),
                number_type,
                locality: locality.to_owned().into(),
                administrative_area: administrative_area.into(),
                rate_center: rate_center.to_uppercase().into(),
                features: Features::parse_list(features, '|').map_err(|name| {
                    format!("features: there is no \u{201c}{name}\u{201d}. Use voice, sms, mms, fax or emergency, joined by |.")
                })?,
                setup: read_cost("setup_cost", setup)?,
                monthly: read_cost("monthly_cost", monthly)?,
                state: StockState::Available,
            },
        })
    }
}

fn field<'a>(name: &str, bytes: Option<&'a [u8]>) -> std::result::Result<&'a str, String> {
    let bytes = bytes.ok_or_else(|| format!("{name}: the line ends before it."))?;
    let text = std::str::from_utf8(bytes).map_err(|_| format!("{name}: not UTF-8."))?.trim();
    if text.chars().count() > FIELD_CHARACTERS {
        return Err(format!("{name}: longer than {FIELD_CHARACTERS} characters."));
    }
    if text.chars().any(char::is_control) {
        return Err(format!("{name}: holds a control character."));
    }
    Ok(text)
}

fn read_type(number: &E164, text: &str) -> std::result::Result<NumberType, String> {
    let number_type = NumberType::from_name(text)
        .ok_or_else(|| format!("number_type: there is no \u{201c}{text}\u{201d}. Use local, toll_free, national or mobile."))?;
    if number.is_nanp() && number.is_toll_free() != (number_type == NumberType::TollFree) {
        return Err(String::from(
            "number_type: toll_free goes with the area codes 800, 833, 844, 855, 866, 877 and 888, and with no other.",
        ));
    }
    Ok(number_type)
}

/// The country, and the state as its code where we know the country's states.
fn read_region(number: &E164, text: &str) -> std::result::Result<(String, String), String> {
    let country = if number.is_toll_free() { None } else { phone::country(number) };
    if !number.is_nanp() {
        return match country {
            Some(country) => Ok((country, text.to_owned())),
            None => Err(String::from("e164: its country is not known.")),
        };
    }
    let country = country.unwrap_or_else(|| String::from("US"));
    match find_state(text) {
        Some(state) => Ok((state.country.to_owned(), state.code.to_owned())),
        None if text.is_empty() || !matches!(country.as_str(), "US" | "CA") => Ok((country, text.to_owned())),
        None => Err(format!("administrative_area: there is no state \u{201c}{text}\u{201d}. Write two letters, such as CA.")),
    }
}

fn read_cost(name: &str, text: &str) -> std::result::Result<Micros, String> {
    Micros::parse(text, 6).map_err(|fault| format!("{name}: {fault}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADERS: [&str; 9] = COLUMNS;

    fn read(fields: [&str; 9]) -> std::result::Result<Line, String> {
        let columns = Columns::find(&ByteRecord::from(HEADERS.to_vec())).expect("all columns");
        columns.read(&ByteRecord::from(fields.to_vec()))
    }

    const GOOD: [&str; 9] = ["+14153569377", "Acme", "local", "San Francisco", "CA", "SAN FRNCSC", "voice|sms", "1.00", "1.25"];

    fn with(at: usize, text: &'static str) -> [&'static str; 9] {
        let mut fields = GOOD;
        fields[at] = text;
        fields
    }

    #[test]
    fn a_good_line_is_a_row() {
        let line = read(GOOD).expect("a row");
        assert_eq!((line.row.e164.as_str(), &*line.row.country, line.provider.as_str()), ("+14153569377", "US", "Acme"));
        assert_eq!(
            (line.row.setup, line.row.monthly, line.row.features.names()),
            (Micros(1_000_000), Micros(1_250_000), vec!["voice", "sms"])
        );
        let abroad = read(["+442079460958", "Acme", "local", "London", "Greater London", "", "voice", "0", "2"]).expect("a row");
        assert_eq!((&*abroad.row.country, &*abroad.row.administrative_area), ("GB", "Greater London"));
        assert_eq!(read(with(4, "ontario")).expect("a row").row.country, "CA");
    }

    #[test]
    fn bad_lines_name_their_field() {
        let cases = [
            (with(0, "+14159113322"), "e164"),
            (with(0, "4155"), "e164"),
            (with(0, "+18005552233"), "number_type"),
            (with(1, ""), "provider"),
            (with(1, "=cmd()"), "provider"),
            (with(2, "satellite"), "number_type"),
            (with(2, "toll_free"), "number_type"),
            (with(3, "San\u{7}Francisco"), "locality"),
            (with(4, "ZZ"), "administrative_area"),
            (with(5, "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"), "rate_center"),
            (with(6, "voice|video"), "features"),
            (with(7, "-1"), "setup_cost"),
            (with(8, "1.2345678"), "monthly_cost"),
            (with(8, "9999999"), "monthly_cost"),
        ];
        for (fields, name) in cases {
            let reason = read(fields).expect_err("a bad line");
            assert!(reason.starts_with(&format!("{name}: ")), "{reason}");
        }
        let short = Columns::find(&ByteRecord::from(HEADERS.to_vec())).expect("all columns").read(&ByteRecord::from(vec!["+14153569377"]));
        assert!(short.is_err());
    }

    #[test]
    fn missing_columns_are_named() {
        let refused = Columns::find(&ByteRecord::from(vec!["E164", " provider "])).err().and_then(|error| error.refusal());
        let Some(Refusal::Validation { errors }) = refused else { panic!("a refusal") };
        assert!(errors[0].message.contains("number_type, locality") && !errors[0].message.contains("e164"));
    }
}
