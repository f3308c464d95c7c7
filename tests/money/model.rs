//! Rentals as a person would write them down: civil dates, one wallet an organization, no code of the product.

const DAY: i64 = 86_400;

/// Days since 1970-01-01 of a civil date.
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 719_469
}

/// A number: the date and time of day it was bought on, its price, and what became of it. All instants are seconds since 1970.
pub struct Number {
    pub wallet: usize,
    pub bought: (i64, i64, i64, i64),
    pub price: i64,
    pub paid: Vec<(i64, i64)>,
    pub state: &'static str,
    /// When it became past due, and when its step was announced.
    pub since: (i64, i64),
}

impl Number {
    /// When the next period is due: the same day and time months later, or the month's last day.
    pub fn due(&self) -> i64 {
        let (year, month, day, second) = self.bought;
        let months = year * 12 + month - 1 + self.paid.len() as i64;
        let (year, month) = (months / 12, months % 12 + 1);
        let length = days(year + month / 12, month % 12 + 1, 1) - days(year, month, 1);
        days(year, month, day.min(length)) * DAY + second
    }
}

/// Pays the numbers in these states in due order, each as far as its wallet goes. One that was paid before and is not covered is past due.
pub fn pay(numbers: &mut [Number], wallets: &mut [i64], now: i64, states: &[&str]) {
    let chosen = (0..numbers.len()).filter(|at| states.contains(&numbers[*at].state));
    let mut queue: std::collections::BTreeSet<_> = chosen.map(|at| (numbers[at].due(), at)).collect();
    while let Some((due, at)) = queue.pop_first().filter(|(due, _)| *due <= now) {
        let number = &mut numbers[at];
        if wallets[number.wallet] >= number.price {
            wallets[number.wallet] -= number.price;
            number.paid.push((due, now));
            number.state = "current";
            queue.insert((number.due(), at));
        } else if states == ["current"] {
            (number.state, number.since) = ("past_due", (now, now));
        }
    }
}

/// The steps of those that stay unpaid.
pub fn climb(numbers: &mut [Number], now: i64) {
    for number in numbers {
        match (number.state, number.since) {
            ("past_due", (since, _)) if now >= since + 7 * DAY => (number.state, number.since) = ("suspended", (since, now)),
            ("suspended", (since, told)) if now >= since + 30 * DAY && now >= told + 23 * DAY => number.state = "released",
            _ => {}
        }
    }
}
