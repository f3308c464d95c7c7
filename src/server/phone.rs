//! Numbers outside NANP, parsed and formatted by the crate `phonenumber`. NANP rules are in `domain::e164`.

use crate::domain::e164::{E164, E164Fault};

/// Reads a number of any country: NANP by the domain's rules, the rest with the metadata of `phonenumber`.
///
/// # Errors
/// When it is no number, or none that its country could assign.
pub fn parse(text: &str) -> Result<E164, E164Fault> {
    let number = E164::parse(text)?;
    if number.is_nanp() {
        return Ok(number);
    }
    match phonenumber::parse(None, number.as_str()) {
        Ok(parsed) if phonenumber::is_valid(&parsed) => Ok(number),
        _ => Err(E164Fault::Impossible),
    }
}

/// The number as people of its country write it internationally; (415) 356-9377 for NANP.
#[must_use]
pub fn formatted(e164: &str) -> String {
    match E164::parse(e164) {
        Ok(number) if number.is_nanp() => number.formatted(),
        Ok(number) => phonenumber::parse(None, number.as_str())
            .map_or_else(|_| number.formatted(), |parsed| parsed.format().mode(phonenumber::Mode::International).to_string()),
        Err(_) => e164.to_owned(),
    }
}

/// The two letters of the country that a number belongs to, as far as its digits tell.
#[must_use]
pub fn country(number: &E164) -> Option<String> {
    let parsed = phonenumber::parse(None, number.as_str()).ok()?;
    parsed.country().id().map(|id| id.as_ref().to_owned())
}
