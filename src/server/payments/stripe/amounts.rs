//! Amounts as Stripe counts them: whole numbers of a currency's smallest unit.

use crate::domain::money::{Micros, minor_decimals};
use crate::server::payments::NoticeFault;

/// Decimals that Stripe counts in. Two currencies without a smaller unit are counted in hundredths all the same, for old times' sake.
fn decimals(currency: &str) -> u8 {
    if matches!(currency, "ISK" | "UGX") { 2 } else { minor_decimals(currency) }
}

fn step(currency: &str) -> i64 {
    10_i64.pow(6_u32.saturating_sub(u32::from(decimals(currency))))
}

/// An amount in Stripe's units; none when it is finer than they are.
pub fn minor(amount: Micros, currency: &str) -> Option<i64> {
    let step = step(currency);
    (amount.0 % step == 0).then_some(amount.0 / step)
}

/// An amount that Stripe named in `sent`, which must be the installation's currency.
pub fn micros(minor: i64, sent: &str, currency: &str) -> Result<Micros, NoticeFault> {
    if !sent.eq_ignore_ascii_case(currency) || minor < 0 {
        return Err(NoticeFault::Unreadable);
    }
    minor.checked_mul(step(currency)).map(Micros).ok_or(NoticeFault::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_currency_has_its_smallest_unit() {
        for (currency, amount, expected) in [
            ("USD", 12_340_000, Some(1_234)),
            ("USD", 12_345_000, None),
            ("JPY", 500_000_000, Some(500)),
            ("ISK", 500_000_000, Some(50_000)),
            ("KWD", 1_250_000, Some(1_250)),
        ] {
            assert_eq!(minor(Micros(amount), currency), expected, "{currency}");
            if let Some(units) = expected {
                assert_eq!(micros(units, &currency.to_lowercase(), currency), Ok(Micros(amount)), "{currency}");
            }
        }
        assert_eq!(micros(1, "eur", "USD"), Err(NoticeFault::Unreadable));
        assert_eq!(micros(-1, "usd", "USD"), Err(NoticeFault::Unreadable));
        assert_eq!(micros(i64::MAX, "usd", "USD"), Err(NoticeFault::Unreadable));
    }
}
