//! The worst that can be asked is answered in bounded time and memory, or refused with the place of the fault.

use std::time::{Duration, Instant};

use dialyard::domain::search::RawFilter;
use dialyard::server::services::search::{self, Query, Seeker};

use crate::{found, shop};

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_its_place() {
    let (app, _) = shop().await;
    for (text, place) in [("1234567890123456", "character 16"), ("???", "character 1"), ("22#3", "character 3"), ("2*3*4*5", "character 6")]
    {
        let filter = RawFilter { q: text, ..RawFilter::default() };
        let page = found(&app, Seeker::Visitor, Query { filter, ..Query::default() }).await;
        let error = page.errors.first().map(|error| (error.field.as_str(), error.message.clone())).expect("a refusal");
        assert!(error.0 == "q" && error.1.contains(place), "{text}: {error:?}");
        assert_eq!((page.total, page.rows.len()), (0, 0));
    }
}

#[tokio::test]
async fn the_worst_patterns_end_soon() {
    let (app, _) = shop().await;
    let patterns = [
        "2*3*4",
        "?2*?3*?4",
        "2?*?3?*?4",
        "*2*",
        "2?2?2?2?2",
        "^2*3*4$",
        "?????????2",
        "2*?????????",
        "=ABCDABCDABCD",
        "=^ABCDDCBA",
        "=ABCD",
        "ABCDEFGHIJ",
        "0",
        "2222222222",
    ];
    for pattern in patterns {
        for sort in ["memorability", "price", "number", "locality"] {
            let filter = RawFilter {
                q: pattern,
                contains: "?2*3*?",
                starts_with: "??*2*?",
                ends_with: "2*?*3?",
                country: "US,CA",
                ..RawFilter::default()
            };
            let begun = Instant::now();
            let page = found(&app, Seeker::Visitor, Query { filter, sort, ..Query::default() }).await;
            search::facets(&app.state, Seeker::Visitor, &filter).await.expect("counts");
            search::explain(&app.state, Seeker::Visitor, &filter).await.expect("an explanation");
            // In a build without optimisation and on a busy machine; a plan that grows without bound takes minutes.
            assert!(begun.elapsed() < Duration::from_secs(5), "{pattern} by {sort} took {:?}", begun.elapsed());
            assert!(page.errors.is_empty(), "{pattern}: {:?}", page.errors);
        }
    }
}
