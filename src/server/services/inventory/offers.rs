//! The stock by pages of numbers, for clients that know no cursor: what the caller could buy now, by parts of the whole E.164. The search
//! with words, places and prices is `search`.

use super::{Caller, StockRow};
use crate::domain::refusal::Refusal;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::inventory::offers::{self, OfferFilter};

/// Prefixes that one question may leave out.
const MOST_EXCLUDED: usize = 100;

/// What is asked for; a missing part does not matter.
#[derive(Debug, Clone, Default)]
pub struct OfferQuery {
    /// Two letters.
    pub country: Option<String>,
    /// Digits somewhere in the E.164, country code included.
    pub part: Option<String>,
    /// Digits that an E.164 must not begin with, country code included. They win over `part`.
    pub excluded: Vec<String>,
    pub offset: usize,
    pub limit: usize,
}

/// A page of numbers in the order of their digits.
#[derive(Debug, Clone)]
pub struct Offered {
    pub rows: Vec<StockRow>,
    /// On all pages.
    pub total: i64,
}

/// What the caller could buy now.
///
/// # Errors
/// `validation` for what are no digits, and for too many exclusions.
pub async fn offered(state: &AppState, caller: &Caller, query: &OfferQuery) -> Result<Offered> {
    let mut excluded: Vec<String> = Vec::new();
    for prefix in &query.excluded {
        let digits = digits(prefix).ok_or_else(|| Refusal::field("exclude", "Write prefixes such as +1415, with commas between."))?;
        if !excluded.contains(&digits) {
            excluded.push(digits);
        }
    }
    if excluded.len() > MOST_EXCLUDED {
        return Err(Refusal::field("exclude", format!("At most {MOST_EXCLUDED} prefixes.")).into());
    }
    let part = query.part.as_deref().map(|part| digits(part).ok_or_else(|| Refusal::field("search", "Write digits such as 1415.")));
    let filter = OfferFilter {
        organization_id: caller.organization_id.clone(),
        sub_account_id: caller.sub_account_id.clone(),
        country: query.country.as_deref().map(str::to_uppercase),
        e164: part.transpose()?.map(|digits| format!("%{digits}%")),
        excluded: excluded.into_iter().map(|digits| format!("+{digits}%")).collect(),
    };
    let count = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
    let now = state.now();
    let mut connection = state.db.read().await?;
    Ok(Offered {
        rows: offers::page(&mut connection, &filter, now, count(query.offset), count(query.limit)).await?,
        total: offers::count(&mut connection, &filter, now).await?,
    })
}

/// The digits of a part of an E.164, without its plus sign (which may have come as a space) and without what people write between.
fn digits(text: &str) -> Option<String> {
    let text = text.trim();
    let kept: String =
        text.strip_prefix('+').unwrap_or(text).chars().filter(|letter| !matches!(letter, ' ' | '-' | '(' | ')' | '.')).collect();
    ((1..=15).contains(&kept.len()) && kept.bytes().all(|byte| byte.is_ascii_digit())).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_numbers_are_digits() {
        for (text, read) in
            [("+1 (415)", Some("1415")), (" 1415", Some("1415")), ("15", Some("15")), ("", None), ("%", None), ("CAFE", None)]
        {
            assert_eq!(digits(text).as_deref(), read, "{text}");
        }
    }
}
