//! Amounts of money as whole millionths of the currency unit. No float anywhere.

use serde::{Deserialize, Serialize};

use crate::domain::count::thousands;

/// Millionths in one currency unit.
pub const MICROS_PER_UNIT: i64 = 1_000_000;
/// The largest amount that one transfer or price may have: one million units (R47).
pub const MAX_AMOUNT: Micros = Micros(1_000_000 * MICROS_PER_UNIT);

/// An amount in millionths of the installation's currency; negative where a ledger line takes money away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micros(pub i64);

/// Why a text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyFault {
    /// Nothing but an optional sign, digits and one point may stand there.
    #[error("write an amount such as 12.50")]
    NotANumber,
    /// The installation's smallest unit is a millionth.
    #[error("at most {0} decimals")]
    TooManyDecimals(u8),
    /// Above [`MAX_AMOUNT`].
    #[error("at most 1,000,000")]
    TooLarge,
    /// Below zero where only zero or more makes sense.
    #[error("must not be negative")]
    Negative,
}

/// Decimals that cards can be charged in: most currencies have cents, some nothing below the unit, some thousandths (ISO 4217).
#[must_use]
pub fn minor_decimals(currency: &str) -> u8 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

impl Micros {
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// The sum, or `None` past the range of 64 bits.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// The difference, or `None` past the range of 64 bits.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(rest) => Some(Self(rest)),
            None => None,
        }
    }

    /// Reads a decimal of at most `decimals` places (6 for prices, 2 for card payments), zero or more, at most [`MAX_AMOUNT`].
    ///
    /// # Errors
    /// Exponents, signs other than a leading `-` (refused as negative), group separators and further decimals.
    pub fn parse(text: &str, decimals: u8) -> Result<Self, MoneyFault> {
        let text = text.trim();
        if text.starts_with('-') {
            return Err(MoneyFault::Negative);
        }
        let (units, fraction) = text.split_once('.').unwrap_or((text, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let trailing_point = text.ends_with('.');
        if units.is_empty() || trailing_point || !all_digits(units) || !all_digits(fraction) {
            return Err(MoneyFault::NotANumber);
        }
        if fraction.len() > usize::from(decimals.min(6)) {
            return Err(MoneyFault::TooManyDecimals(decimals));
        }
        let units: i64 = units.parse().map_err(|_| MoneyFault::TooLarge)?;
        let fraction: i64 = format!("{fraction:0<6}").parse().map_err(|_| MoneyFault::NotANumber)?;
        let micros = units.checked_mul(MICROS_PER_UNIT).and_then(|whole| whole.checked_add(fraction));
        match micros.map(Self) {
            Some(amount) if amount <= MAX_AMOUNT => Ok(amount),
            _ => Err(MoneyFault::TooLarge),
        }
    }

    /// Whether the amount has no more than `decimals` decimals.
    #[must_use]
    pub const fn fits_decimals(self, decimals: u8) -> bool {
        let step = 10_i64.pow(6_u32.saturating_sub(decimals as u32));
        self.0 % step == 0
    }

    /// The shortest decimal with at least two and at most six places: `4.5` units are `4.50`, nothing is rounded.
    #[must_use]
    pub fn decimal(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let micros = self.0.unsigned_abs();
        let units = micros / MICROS_PER_UNIT.unsigned_abs();
        let mut fraction = format!("{:06}", micros % MICROS_PER_UNIT.unsigned_abs());
        while fraction.len() > 2 && fraction.ends_with('0') {
            fraction.pop();
        }
        format!("{sign}{units}.{fraction}")
    }

    /// For people: currency sign where it is known (`$1,204.50`), else the code behind the amount (`1,204.50 EUR`).
    #[must_use]
    pub fn display(self, currency: &str) -> String {
        let decimal = Self(self.0.saturating_abs()).decimal();
        let (units, fraction) = decimal.split_once('.').unwrap_or((decimal.as_str(), "00"));
        let sign = if self.0 < 0 { "\u{2212}" } else { "" };
        let grouped = thousands(units);
        match currency {
            "USD" => format!("{sign}${grouped}.{fraction}"),
            other => format!("{sign}{grouped}.{fraction} {other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parses_what_people_write_and_refuses_the_rest() {
        assert_eq!(Micros::parse("12.5", 6), Ok(Micros(12_500_000)));
        assert_eq!(Micros::parse("0.000001", 6), Ok(Micros(1)));
        assert_eq!(Micros::parse("1000000", 6), Ok(MAX_AMOUNT));
        assert_eq!(Micros::parse("1000000.01", 6), Err(MoneyFault::TooLarge));
        assert_eq!(Micros::parse("1.0000001", 6), Err(MoneyFault::TooManyDecimals(6)));
        assert_eq!(Micros::parse("1.005", 2), Err(MoneyFault::TooManyDecimals(2)));
        assert_eq!(Micros::parse("-1", 6), Err(MoneyFault::Negative));
        for text in ["", ".5", "5.", "1e3", "1,000", "+4", "NaN", "1.2.3", "\u{0661}"] {
            assert_eq!(Micros::parse(text, 6), Err(MoneyFault::NotANumber), "{text}");
        }
    }

    #[test]
    fn cards_are_charged_in_whole_minor_units() {
        for (currency, fits, does_not) in [("USD", 10_000, 5_000), ("JPY", 1_000_000, 10_000), ("KWD", 1_000, 500)] {
            let decimals = minor_decimals(currency);
            assert!(Micros(fits).fits_decimals(decimals) && !Micros(does_not).fits_decimals(decimals), "{currency}");
        }
    }

    #[test]
    fn shows_two_decimals_and_more_only_when_needed() {
        assert_eq!(Micros(4_500_000).decimal(), "4.50");
        assert_eq!(Micros(4_512_500).decimal(), "4.5125");
        assert_eq!(Micros(-1_204_500_000).display("USD"), "\u{2212}$1,204.50");
        assert_eq!(Micros(1_204_500_000).display("EUR"), "1,204.50 EUR");
    }

    proptest! {
        #[test]
        fn decimal_and_parse_agree(amount in 0..=MAX_AMOUNT.0) {
            prop_assert_eq!(Micros::parse(&Micros(amount).decimal(), 6), Ok(Micros(amount)));
        }
    }
}
