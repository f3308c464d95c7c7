//! Where a page ended: the sort key and the number of its last row, as an opaque text. It survives sales, because what it names need
//! not be there any more (R26).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::domain::pattern::Pattern;
use crate::domain::search::Sort;

use super::catalog::Catalog;
use super::index::top::Position;
use super::row::Row;
use super::standing::{Standing, stand};

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
pub fn position(catalog: &Catalog, row: &Row, sort: Sort, asked: Option<&Pattern>) -> Position {
    let key = match (sort, asked.filter(|asked| asked.is_word())) {
        (Sort::Memorability, Some(asked)) => {
            let standing = stand(asked, row.digits().as_bytes()).map_or(Standing::Inside, |(standing, _)| standing);
            return position_of_word(catalog, row, standing);
        }
        (Sort::Memorability, None) => (u128::from(row.unmemorable) << 104) | cost(catalog, row),
        (Sort::Price, _) => cost(catalog, row),
        (Sort::Number, _) => 0,
        (Sort::Locality, _) => u128::from(catalog.locality_rank(row.place)),
    };
    (key, row.number)
}

/// The same for a row in which the word that was asked for stands like this.
pub fn position_of_word(catalog: &Catalog, row: &Row, standing: Standing) -> Position {
    (((standing as u128) << 104) | cost(catalog, row), row.number)
}

/// The month first, then the setup. Prices are at most a million units: 40 bits of millionths.
fn cost(catalog: &Catalog, row: &Row) -> u128 {
    catalog
        .offers
        .get(row.offer)
        .map_or(0, |offer| (u128::from(offer.monthly.0.unsigned_abs()) << 48) | u128::from(offer.setup.0.unsigned_abs()))
}

impl Cursor {
    /// The end of a page.
    pub fn after(catalog: &Catalog, row: &Row, sort: Sort, asked: Option<&Pattern>) -> Self {
        let (key, number) = position(catalog, row, sort, asked);
        let place = match sort {
            Sort::Locality => catalog.place(row.place).map(|place| (place.locality.clone(), place.administrative_area.clone())),
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

    /// Where it stands in the stock as it is now.
    pub fn position(&self, catalog: &Catalog) -> Position {
        let key = match (&self.place, &self.key) {
            (Some((locality, administrative_area)), _) => u128::from(catalog.rank_of_locality(locality, administrative_area)),
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
