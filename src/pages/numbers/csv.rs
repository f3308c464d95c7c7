//! The rows of the list as CSV, inside a link: what is downloaded is what is shown, also without JavaScript.

use crate::rpc::numbers::OwnedRow;
use crate::ui::urls::encoded;

const HEADER: &str = "number,formatted,label,tags,place,state,answered_by,sub_account,last_call,renews,monthly";

/// The address that the download link has.
#[must_use]
pub fn data_href(rows: &[OwnedRow]) -> String {
    format!("data:text/csv;charset=utf-8,{}", encoded(&text(rows)))
}

fn text(rows: &[OwnedRow]) -> String {
    let mut lines = String::from(HEADER);
    for row in rows {
        let place = if row.region.is_empty() { row.locality.clone() } else { format!("{} {}", row.locality, row.region) };
        let fields = [
            row.phone.e164.clone(),
            row.phone.formatted.clone(),
            row.label.clone(),
            row.tags.join(" "),
            place,
            row.states.join(" "),
            row.answer.as_ref().map(|answer| answer.name.clone()).unwrap_or_default(),
            row.sub_account.as_ref().map(|sub_account| sub_account.name.clone()).unwrap_or_default(),
            row.last_call.as_ref().map(|call| call.at.rfc3339()).unwrap_or_default(),
            row.renews.as_ref().map(|renews| renews.at.rfc3339()).unwrap_or_default(),
            row.monthly.decimal(),
        ];
        lines.push_str("\r\n");
        lines.push_str(&fields.map(|field| quoted(&field)).join(","));
    }
    lines.push_str("\r\n");
    lines
}

/// A field that no spreadsheet takes for a formula; a phone number is none, though it begins with a plus.
fn quoted(field: &str) -> String {
    let number = field.strip_prefix('+').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    let formula = !number && field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if formula { "'" } else { "" };
    if formula || field.contains(['"', ',', '\n', '\r']) { format!("\"{guard}{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_never_formulas() {
        assert_eq!(quoted("+14155550123"), "+14155550123");
        assert_eq!(quoted("Loop, \"east\""), "\"Loop, \"\"east\"\"\"");
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
        assert_eq!(quoted("+1 call me"), "\"'+1 call me\"");
    }

    #[test]
    fn an_empty_list_is_a_header() {
        assert_eq!(text(&[]), format!("{HEADER}\r\n"));
        assert!(data_href(&[]).starts_with("data:text/csv;charset=utf-8,number%2Cformatted"));
    }
}
