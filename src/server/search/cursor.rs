//! Where a page ended: the sort key and the number of its last row, as an opaque text. It survives sales, because what it names need
//! not be there any more (R26).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::domain::memorability::word_score;
use crate::domain::pattern::Pattern;
use crate::domain::search::Sort;

use super::table::{Row, Table};
use super::words;

/// A place in the order of the rows: the sort key, then the number.
pub type Position = (u128, u64);

/// What the text says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    sort: String,
    /// The sort key, but for the order by city, whose ranks change with the stock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<(String, String)>,
    number: u64,
}

/// Where a row stands in an order. `asked` is the word that somebody looks for: then it counts how well that word stands, and not
/// what else the number spells.
pub fn position(table: &Table, row: &Row, sort: Sort, asked: Option<&Pattern>) -> Position {
    let price = table.prices.get(row.price);
    let monthly = price.map_or(0, |price| price.monthly.0.unsigned_abs());
    let setup = price.map_or(0, |price| price.setup.0.unsigned_abs());
    // Prices are at most a million units: 40 bits of millionths.
    let cost = (u128::from(monthly) << 48) | u128::from(setup);
    let key = match sort {
        Sort::Memorability => (unmemorable(row, asked) << 104) | cost,
        Sort::Price => cost,
        Sort::Number => 0,
        Sort::Locality => u128::from(table.locality_rank(row.place)),
    };
    (key, row.number)
}

/// The smaller, the easier to keep in mind. Of two that are as good, the word that businesses look for comes first.
fn unmemorable(row: &Row, asked: Option<&Pattern>) -> u128 {
    let national = row.national();
    let of_asked = asked.filter(|asked| asked.is_word()).and_then(|asked| asked.matches(national)).and_then(|span| {
        let (start, len) = (u8::try_from(span.start).ok()?, u8::try_from(span.len).ok()?);
        Some(word_score(national.len(), start, len))
    });
    let score = of_asked.unwrap_or(row.score);
    let common = of_asked.is_none() && row.word >= words::SOUGHT_AFTER;
    (u128::from(u8::MAX - score) << 1) | u128::from(common)
}

impl Cursor {
    /// The end of a page.
    pub fn after(table: &Table, row: &Row, sort: Sort, asked: Option<&Pattern>) -> Self {
        let (key, number) = position(table, row, sort, asked);
        let place = match sort {
            Sort::Locality => table.places.get(row.place).map(|place| (place.locality.clone(), place.administrative_area.clone())),
            _ => None,
        };
        Self { sort: sort.name().to_owned(), key: place.is_none().then(|| key.to_string()), place, number }
    }

    /// As it travels.
    pub fn encode(&self) -> String {
        serde_json::to_vec(self).map(|text| URL_SAFE_NO_PAD.encode(text)).unwrap_or_default()
    }

    /// Reads what [`Self::encode`] wrote for the same order; none for anything else.
    pub fn decode(text: &str, sort: Sort) -> Option<Self> {
        let cursor: Self = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let whole = match sort {
            Sort::Locality => cursor.place.is_some(),
            _ => cursor.key.as_ref().is_some_and(|key| key.parse::<u128>().is_ok()),
        };
        (whole && cursor.sort == sort.name()).then_some(cursor)
    }

    /// Where it stands in the table as it is now.
    pub fn position(&self, table: &Table) -> Position {
        let key = match (&self.place, &self.key) {
            (Some((locality, administrative_area)), _) => u128::from(table.rank_of_locality(locality, administrative_area)),
            (None, Some(key)) => key.parse().unwrap_or_default(),
            (None, None) => 0,
        };
        (key, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_for_the_same_order_only() {
        let cursor = Cursor { sort: String::from("price"), key: Some(u128::MAX.to_string()), place: None, number: 14_153_569_377 };
        let text = cursor.encode();
        assert_eq!(Cursor::decode(&text, Sort::Price), Some(cursor));
        assert_eq!(Cursor::decode(&text, Sort::Number), None);
        for text in ["", "x", "{}", "eyJzb3J0IjoicHJpY2UiLCJudW1iZXIiOjF9"] {
            assert_eq!(Cursor::decode(text, Sort::Price), None, "{text}");
        }
    }
}
