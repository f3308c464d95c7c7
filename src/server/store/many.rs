//! Statements over many rows at once. SQLite looks for the name of each parameter from the first one on, so a statement should have a few
//! hundred of them at the most: callers write in chunks.

/// The places of `rows` rows with `columns` parameters each: `($1,$2),($3,$4)`.
pub(super) fn places(rows: usize, columns: usize) -> String {
    places_after(0, rows, columns)
}

/// The same behind `shared` parameters that all rows share: `($2,$3),($4,$5)` behind one.
pub(super) fn places_after(shared: usize, rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let places = (0..columns).map(|column| format!("${}", shared + row * columns + column + 1)).collect::<Vec<_>>();
        format!("({})", places.join(","))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_on_from_row_to_row() {
        assert_eq!(places(2, 2), "($1,$2),($3,$4)");
        assert_eq!(places_after(1, 2, 2), "($2,$3),($4,$5)");
    }
}
