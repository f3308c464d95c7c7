//! Cursors of lists: where the next page begins, as an opaque text.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::domain::refusal::Refusal;

/// Stands between the parts.
const SEPARATOR: char = '\u{1f}';

/// Makes a cursor of the parts that order the last row of a page.
#[must_use]
pub fn encode(parts: &[&str]) -> String {
    URL_SAFE_NO_PAD.encode(parts.join(&SEPARATOR.to_string()))
}

/// Reads a cursor of `N` parts.
///
/// # Errors
/// `validation` for one that is none of this list's.
pub fn decode<const N: usize>(text: Option<&str>) -> Result<Option<[String; N]>, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let read = || {
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let parts: Vec<String> = plain.split(SEPARATOR).map(str::to_owned).collect();
        <[String; N]>::try_from(parts).ok()
    };
    read().map(Some).ok_or_else(|| Refusal::field("cursor", "Start again from the first page."))
}

/// Reads a cursor of a number and a text, such as an instant and an id.
///
/// # Errors
/// As [`decode`].
pub fn decode_at(text: Option<&str>) -> Result<Option<(i64, String)>, Refusal> {
    let Some([at, id]) = decode::<2>(text)? else { return Ok(None) };
    let at = at.parse().map_err(|_| Refusal::field("cursor", "Start again from the first page."))?;
    Ok(Some((at, id)))
}

/// Reads a cursor of one number.
///
/// # Errors
/// As [`decode`].
pub fn decode_number(text: Option<&str>) -> Result<Option<i64>, Refusal> {
    let Some([number]) = decode::<1>(text)? else { return Ok(None) };
    number.parse().map(Some).map_err(|_| Refusal::field("cursor", "Start again from the first page."))
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Found<T> {
    pub rows: Vec<T>,
    /// Rows on all pages.
    pub total: i64,
    /// None on the last page.
    pub next_cursor: Option<String>,
}

impl<T> Found<T> {
    /// A page out of the rows that were asked for with [`rows`].
    pub fn new(mut rows: Vec<T>, total: i64, limit: usize, cursor_of: impl Fn(&T) -> String) -> Self {
        let next_cursor = cut(&mut rows, limit, cursor_of);
        Self { rows, total, next_cursor }
    }
}

/// Rows to ask the store for: one more than a page has, so that it shows whether another page follows.
#[must_use]
pub fn rows(limit: usize) -> i64 {
    i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX)
}

/// Takes the row beyond the page away again; the cursor of the page's last row when there was one.
fn cut<T>(rows: &mut Vec<T>, limit: usize, cursor_of: impl Fn(&T) -> String) -> Option<String> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    rows.last().filter(|_| more).map(cursor_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_and_others_do_not() {
        assert_eq!(decode::<2>(Some(&encode(&["7", "+14155550123"]))), Ok(Some([String::from("7"), String::from("+14155550123")])));
        assert_eq!(decode_at(Some(&encode(&["-7", "id"]))), Ok(Some((-7, String::from("id")))));
        assert_eq!(decode::<1>(None), Ok(None));
        assert_eq!(decode::<1>(Some("")), Ok(None));
        let mut rows = vec![1, 2, 3];
        assert_eq!((cut(&mut rows, 2, i32::to_string), rows.len()), (Some(String::from("2")), 2));
        assert_eq!((cut(&mut rows, 2, i32::to_string), rows.len()), (None, 2));
        for bad in ["***", "bm9uc2Vuc2U"] {
            assert!(decode_at(Some(bad)).is_err(), "{bad}");
        }
    }
}
