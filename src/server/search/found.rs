//! A row of the stock as an answer: everything about a number that a page or a program is told.

use crate::domain::memorability::{Memorability, WordHit, memorability, vanity_format};
use crate::domain::money::Micros;
use crate::domain::number::{Features, NumberType};
use crate::domain::pattern::Pattern;
use crate::domain::search::{Filter, FilterName};
use crate::domain::time::Timestamp;

use super::catalog::Catalog;
use super::row::{Digits, Row};
use super::standing::stand;
use super::{Claims, words};

/// The caller's own live hold on a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnHold {
    pub id: String,
    pub expires_at: Timestamp,
}

/// Digits that matched, and what was typed for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Index of the first national digit.
    pub start: u8,
    /// The letter that was asked for under each digit, a space where a digit or anything was.
    pub letters: String,
}

/// A number that can be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRow {
    pub e164: String,
    /// What matched, in the order of the filter.
    pub marks: Vec<Mark>,
    /// The number with the word it spells; empty when it spells none.
    pub vanity: String,
    pub memorability: Memorability,
    pub country: String,
    pub locality: String,
    pub administrative_area: String,
    pub rate_center: String,
    pub number_type: NumberType,
    pub features: Features,
    pub setup: Micros,
    pub monthly: Micros,
    /// The carrier's public label; visitors are not told.
    pub provider: Option<String>,
    pub hold: Option<OwnHold>,
    /// The parts of the filter that it misses; empty for a strict match.
    pub relaxed: Vec<FilterName>,
    /// The same for people, such as `City relaxed, not San Francisco`.
    pub relaxed_text: String,
}

impl FoundRow {
    /// A row of the stock. `asked` is what the one box asks for, shortened where that is how the row was found.
    pub(super) fn new(catalog: &Catalog, row: &Row, claims: &Claims, filter: &Filter, asked: Option<&Pattern>) -> Self {
        let digits = row.digits();
        let national = digits.text();
        let others = [&filter.starts_with, &filter.ends_with, &filter.contains].into_iter().flatten();
        let marks: Vec<Mark> = asked.into_iter().chain(others).filter_map(|pattern| mark(pattern, &digits)).collect();
        let hit = spelled(&digits, filter, asked, marks.first());
        let place = catalog.place(row.place).cloned();
        let offer = catalog.offers.get(row.offer);
        let (country, locality, administrative_area, rate_center) =
            place.map(|place| (place.country, place.locality, place.administrative_area, place.rate_center)).unwrap_or_default();
        Self {
            e164: row.e164(),
            marks,
            vanity: hit.as_ref().map(|hit| vanity_format(&national, hit)).unwrap_or_default(),
            memorability: memorability(&national, hit.as_ref()),
            country,
            locality,
            administrative_area,
            rate_center,
            number_type: row.number_type,
            features: row.features,
            setup: offer.map_or(Micros::ZERO, |offer| offer.setup),
            monthly: offer.map_or(Micros::ZERO, |offer| offer.monthly),
            provider: offer.map(|offer| offer.provider.clone()),
            hold: claims.own.get(&row.number).cloned(),
            relaxed: Vec::new(),
            relaxed_text: String::new(),
        }
    }

    /// The same row as one that misses these parts of the filter.
    pub(super) fn relaxed(self, relaxed: Vec<FilterName>, filter: &Filter, shortened: Option<&Pattern>) -> Self {
        Self { relaxed_text: relaxed_text(&relaxed, filter, shortened), relaxed, ..self }
    }
}

/// The word to show: the one that was asked for, where the number has it whole; else the best one that it spells.
fn spelled(digits: &Digits, filter: &Filter, asked: Option<&Pattern>, mark: Option<&Mark>) -> Option<WordHit> {
    let best = words::best(digits.as_bytes()).and_then(words::hit);
    let Some((asked, mark)) = asked.filter(|asked| asked.is_word()).zip(mark) else { return best };
    let asked_hit = (mark.letters.len() >= words::SHORTEST).then(|| WordHit {
        start: mark.start,
        len: u8::try_from(mark.letters.len()).unwrap_or(u8::MAX),
        word: asked.text(),
    });
    let shortened = filter.pattern.as_ref() != Some(asked);
    if shortened { best.or(asked_hit) } else { asked_hit.or(best) }
}

fn mark(pattern: &Pattern, digits: &Digits) -> Option<Mark> {
    let (_, span) = stand(pattern, digits.as_bytes())?;
    let letters = pattern.letters().unwrap_or_else(|| " ".repeat(span.len));
    Some(Mark { start: u8::try_from(span.start).ok()?, letters })
}

/// `City relaxed, not San Francisco`, `City and state relaxed`, `Word shortened to MAPL`.
fn relaxed_text(relaxed: &[FilterName], filter: &Filter, shortened: Option<&Pattern>) -> String {
    let places: Vec<FilterName> = relaxed.iter().copied().filter(|name| *name != FilterName::Q).collect();
    let mut text = match places.as_slice() {
        [] => String::new(),
        [only] => format!("{} relaxed, not {}", only.label(), filter.value_text(*only, "")),
        [first, rest @ ..] => {
            let mut names = vec![first.label().to_owned()];
            names.extend(rest.iter().map(|name| name.label().to_lowercase()));
            let last = names.pop().unwrap_or_default();
            format!("{} and {last} relaxed", names.join(", "))
        }
    };
    if let Some(shortened) = shortened {
        text.push_str(if text.is_empty() { "Word shortened to " } else { ", word shortened to " });
        text.push_str(&shortened.text());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::search::RawFilter;

    #[test]
    fn says_what_was_relaxed() {
        let raw =
            RawFilter { q: "MAPLE", city: "San Francisco", rate_center: "SAN FRNCSC", state: "CA", area: "415", ..RawFilter::default() };
        let filter = Filter::parse(&raw).expect("a filter");
        let short = filter.pattern.as_ref().and_then(Pattern::shortened);
        let said = |relaxed: &[FilterName], short: Option<&Pattern>| relaxed_text(relaxed, &filter, short);
        assert_eq!(said(&[FilterName::City], None), "City relaxed, not San Francisco");
        assert_eq!(said(&[FilterName::State], None), "State relaxed, not California");
        assert_eq!(said(&[FilterName::City, FilterName::State], None), "City and state relaxed");
        assert_eq!(said(&[FilterName::City, FilterName::RateCenter, FilterName::Area], None), "City, rate center and area code relaxed");
        assert_eq!(said(&[FilterName::Q], short.as_ref()), "Word shortened to MAPL");
        assert_eq!(said(&[FilterName::City, FilterName::Q], short.as_ref()), "City relaxed, not San Francisco, word shortened to MAPL");
    }
}
