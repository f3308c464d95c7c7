//! The index follows the database after large changes, and is mended where it missed one.

use dialyard::server::error::StoreError;
use dialyard::server::jobs;
use dialyard::server::services::search::{Query, Seeker};
use dialyard::server::store;
use dialyard::server::store::inventory::Change;
use dialyard::server::store::inventory::bulk;

use crate::support::{START, TestApp, stock_row};
use crate::{found, put};

#[tokio::test]
async fn many_rows_that_came_while_nobody_searched_are_found() {
    let app = TestApp::new().await;
    let numbers = |exchange: u16| (0..5_000).map(|line| stock_row(&format!("+1415{exchange}{line:04}"), "acme")).collect::<Vec<_>>();
    let total = async || found(&app, Seeker::Visitor, Query::default()).await.total;
    for (exchange, expected) in [(356, 5_000), (357, 10_000), (356, 10_000), (358, 15_000)] {
        // More than are read from the database at once.
        let rows = numbers(exchange);
        let write = app.state.db.write(async move |connection| {
            bulk::carrier(connection, "acme", "acme", START).await?;
            for rows in rows.chunks(bulk::ROWS) {
                bulk::upsert(connection, rows, START).await?;
            }
            Ok::<_, StoreError>(())
        });
        write.await.expect("stock");
        assert_eq!(total().await, expected);
    }
}

#[tokio::test]
async fn a_missed_change_is_found_by_comparing() {
    let app = TestApp::new().await;
    put(&app, (2_000..3_000).map(|line| stock_row(&format!("+1415356{line}"), "acme")).collect()).await;
    let total = async || found(&app, Seeker::Visitor, Query::default()).await.total;
    assert_eq!((total().await, jobs::search::run(&app.state).await.expect("compared")), (1_000, 0));
    // The index believes that a number is gone, which the database does not say.
    let mut connection = app.state.db.read().await.expect("a reader");
    let change = store::inventory::changed_since(&mut connection, 0, "", 1).await.expect("changes").remove(0);
    drop(connection);
    app.state.stock.apply(Change { available: false, ..change });
    assert_eq!((total().await, jobs::search::run(&app.state).await.expect("compared")), (999, 1));
    assert_eq!((total().await, jobs::search::run(&app.state).await.expect("compared")), (1_000, 0));
}
