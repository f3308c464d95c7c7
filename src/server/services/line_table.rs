//! Lines of the ledger as a table for spreadsheets (R50): RFC 4180 with a byte order mark, and no cell that is taken for a formula.

use csv::{Terminator, WriterBuilder};

use super::billing::Transfer;
use crate::server::error::{Error, Result};

/// What the table is sent as.
pub const MEDIA_TYPE: &str = "text/csv";
/// Spreadsheets read UTF-8 where this comes first.
const BYTE_ORDER_MARK: &str = "\u{feff}";
const HEAD: [&str; 10] = ["id", "at", "kind", "amount", "balanceAfter", "currency", "description", "numberId", "e164", "orderId"];

/// The lines in their order, under a head.
///
/// # Errors
/// When the table cannot be written into memory.
pub fn table(currency: &str, lines: &[Transfer]) -> Result<String> {
    written(currency, lines).map_err(|error| Error::Internal(format!("a table of lines cannot be written: {error}")))
}

fn written(currency: &str, lines: &[Transfer]) -> std::result::Result<String, csv::Error> {
    let mut table = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    table.write_record(HEAD)?;
    for line in lines {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        table.write_record([
            line.id.clone(),
            line.at.rfc3339(),
            line.kind.clone(),
            line.amount.decimal(),
            line.balance_after.decimal(),
            currency.to_owned(),
            no_formula(&line.description),
            text(&line.number_id),
            text(&line.e164),
            text(&line.order_id),
        ])?;
    }
    let bytes = table.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A text that people wrote, with an apostrophe in front where a spreadsheet would calculate it.
fn no_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Micros;
    use crate::domain::time::Timestamp;

    fn line(description: &str) -> Transfer {
        Transfer {
            id: String::from("t"),
            sequence: 1,
            at: Timestamp::from_seconds(0),
            kind: String::from("adjustment"),
            amount: Micros(-1_250_000),
            balance_after: Micros(2_000_001),
            description: description.to_owned(),
            number_id: None,
            e164: Some(String::from("+14155550123")),
            order_id: None,
            agent_id: None,
            reference: None,
        }
    }

    #[test]
    fn lines_are_quoted_and_never_formulas() {
        let rows = |description: &str| table("USD", &[line(description)]).expect("a table");
        let head = "\u{feff}id,at,kind,amount,balanceAfter,currency,description,numberId,e164,orderId\r\n";
        assert_eq!(table("USD", &[]).expect("a table"), head);
        for (description, cell) in [
            ("Outage", "Outage"),
            ("May, \"late\"", "\"May, \"\"late\"\"\""),
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("+1 call", "'+1 call"),
            ("-2", "'-2"),
            ("@sum", "'@sum"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
        ] {
            let expected = format!("{head}t,1970-01-01T00:00:00Z,adjustment,-1.25,2.000001,USD,{cell},,+14155550123,\r\n");
            assert_eq!(rows(description), expected);
        }
    }
}
