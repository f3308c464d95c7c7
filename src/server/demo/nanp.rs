//! The cities of the North American numbering plan with their exchanges, from `data/nanp.csv`. See data/README.md for what is real in it.

static TABLE: &str = include_str!("../../../data/nanp.csv");

/// A city in one area code.
#[derive(Debug, Clone)]
pub struct City {
    pub area_code: &'static str,
    pub locality: &'static str,
    pub administrative_area: &'static str,
    pub rate_center: &'static str,
    pub country: &'static str,
    pub exchanges: Vec<&'static str>,
}

/// Every city of the table. No field of it holds a comma, so lines are cut at their commas.
pub fn cities() -> Vec<City> {
    TABLE.lines().skip(1).filter_map(read).collect()
}

fn read(line: &'static str) -> Option<City> {
    let mut fields = line.split(',');
    let city = City {
        area_code: fields.next()?,
        locality: fields.next()?,
        administrative_area: fields.next()?,
        rate_center: fields.next()?,
        country: fields.next()?,
        exchanges: fields.next()?.split(' ').collect(),
    };
    Some(city)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_whole() {
        let cities = cities();
        assert_eq!(cities.len(), 10_439);
        assert_eq!(cities.iter().map(|city| city.exchanges.len()).sum::<usize>(), 44_155);
        assert!(cities.iter().all(|city| city.area_code.len() == 3 && matches!(city.country, "US" | "CA")));
    }
}
