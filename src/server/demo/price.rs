//! What demo numbers cost and can do: what is easy to keep in mind and toll-free numbers cost more. All of it is made up.

use crate::domain::memorability::score_digits;
use crate::domain::money::Micros;
use crate::domain::number::Features;
use crate::server::ids::Ids;
use crate::server::search::words;

/// Area codes that people want to be seen with.
const WANTED_AREAS: [&str; 8] = ["212", "415", "310", "305", "312", "702", "206", "617"];

/// Setup and month, in hundredths of the currency unit.
type Cents = (i64, i64);

/// Setup and monthly cost of a number.
pub fn price(national: &str, toll_free: bool, ids: &Ids) -> (Micros, Micros) {
    let (mut setup, mut month) = tier(national);
    if toll_free {
        (setup, month) = (setup + 100, month + 125);
    } else if month == 115 && national.get(..3).is_some_and(|area| WANTED_AREAS.contains(&area)) {
        month = 135;
    }
    // A few cents apart, as if carriers asked for different prices.
    let spread = i64::try_from(ids.below(3)).unwrap_or_default();
    month += match month {
        ..151 => 10 * (spread / 2),
        151..301 => 10 * spread,
        _ => 25 * spread,
    };
    (cents(setup), cents(month))
}

fn cents(amount: i64) -> Micros {
    Micros(amount * 10_000)
}

fn tier(national: &str) -> Cents {
    let spelled = match (words::best(national.as_bytes()), words::spells(national)) {
        (Some(spelled), Some(hit)) => word_tier(spelled.word, hit.len, hit.start + hit.len == 10),
        _ => (100, 115),
    };
    spelled.max(digits_tier(score_digits(national.as_bytes()).0))
}

const fn digits_tier(score: u8) -> Cents {
    match score {
        92.. => (1_200, 650),
        86.. => (900, 450),
        76.. => (400, 275),
        66.. => (200, 190),
        46.. => (100, 145),
        _ => (100, 115),
    }
}

fn word_tier(word: words::WordId, letters: u8, at_end: bool) -> Cents {
    match (words::is_sought_after(word), letters, at_end) {
        (true, 7.., _) => (1_200, 590),
        (true, 5.., true) => (900, 450),
        (true, 4, true) => (400, 320),
        (true, 4.., false) => (200, 190),
        (false, 6.., true) => (400, 275),
        (false, 5.., true) => (200, 190),
        (false, 4, true) => (100, 145),
        _ => (100, 115),
    }
}

/// What a number can do. Emergency calls are missing on one local number in fourteen, and on every toll-free one.
pub fn features(toll_free: bool, ids: &Ids) -> Features {
    let chance = |percent: u64| ids.below(100) < percent;
    let add = |set: Features, feature: Features, yes: bool| if yes { set.with(feature) } else { set };
    let texts = chance(92);
    let set = add(Features::VOICE, Features::SMS, texts);
    let set = add(set, Features::MMS, texts && chance(72));
    let set = add(set, Features::FAX, chance(34));
    add(set, Features::EMERGENCY, !toll_free && ids.below(1_000) < 930)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_easy_to_remember_costs_more() {
        let ids = Ids::seeded(1);
        let month = |national: &str, toll_free: bool| price(national, toll_free, &ids).1;
        assert!(month("7752720151", false) <= Micros(1_250_000));
        assert!(month("7752722222", false) >= Micros(6_500_000));
        assert!(month("7752722233", false) > month("7752720151", false));
        assert!(month("8882720151", true) > month("7752720151", false));
    }
}
