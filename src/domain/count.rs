//! Counts as people read them.

/// A count with its thousands apart: `248,912`.
#[must_use]
pub fn grouped(count: u64) -> String {
    thousands(&count.to_string())
}

/// Digits with a comma in front of each three, from the last on.
#[must_use]
pub fn thousands(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(["5", "999", "1,000", "248,912"], [5, 999, 1_000, 248_912].map(grouped).each_ref().map(String::as_str));
    }
}
