//! Owned numbers as the board shows them: by column, in the order of their digits. Released numbers are in no column.

use sqlx::AnyConnection;

use super::drift::answers;
use super::list::{Filter, ListedNumber, ListedRow, bind_filter, listed_columns, listed_joins, visible};
use super::owned_columns;
use crate::server::error::StoreError;

#[derive(sqlx::FromRow)]
struct CardRow {
    #[sqlx(flatten)]
    listed: ListedRow,
    board_column: String,
}

/// The column of the board that a number stands in (R53).
macro_rules! board_column {
    () => {
        "(CASE WHEN n.sub_account_id IS NOT NULL AND $2 IS NULL THEN 'sub:' || n.sub_account_id \
         WHEN n.agent_id IS NOT NULL THEN 'agent:' || n.agent_id ELSE 'free' END)"
    };
}

/// Whether a number is in a state that the board can be filtered by: $8 is its name.
macro_rules! in_state {
    () => {
        concat!(
            " AND n.status <> 'released' AND CASE WHEN $8 IS NULL THEN 1 WHEN $8 = 'locked' AND n.locked = 1 THEN 1 \
             WHEN $8 = 'imported' AND n.source = 'imported' THEN 1 WHEN $8 = 'past_due' AND n.billing_state = 'past_due' THEN 1 \
             WHEN $8 = 'cool_off' AND n.sub_account_id IS NOT NULL AND n.last_call_at > $6 THEN 1 \
             WHEN $8 IN ('answered', 'nobody_answers') AND (n.verified = 0 OR n.billing_state = 'suspended') THEN 0 WHEN $8 = 'answered' AND ",
            answers!(),
            " THEN 1 WHEN $8 = 'nobody_answers' AND (n.agent_id IS NOT NULL OR n.sub_account_id IS NOT NULL) AND NOT ",
            answers!(),
            " THEN 1 ELSE 0 END = 1 "
        )
    };
}

/// The first cards of each column, at most `cards`.
pub async fn board(
    connection: &mut AnyConnection,
    filter: &Filter,
    in_state: Option<&str>,
    cards: i64,
) -> Result<Vec<(String, ListedNumber)>, StoreError> {
    let query = sqlx::query_as(concat!(
        "SELECT ",
        listed_columns!(),
        ", b.board_column AS board_column FROM (SELECT n.id AS card_id, ",
        board_column!(),
        " AS board_column, ROW_NUMBER() OVER (PARTITION BY ",
        board_column!(),
        " ORDER BY n.e164) AS place FROM owned_numbers n",
        listed_joins!(),
        visible!(),
        in_state!(),
        ") b JOIN owned_numbers n ON n.id = b.card_id",
        listed_joins!(),
        "WHERE b.place <= $9 ORDER BY b.board_column, n.e164"
    ));
    let rows: Vec<CardRow> = bind_filter!(query, filter).bind(in_state).bind(cards).fetch_all(connection).await?;
    rows.into_iter().map(|row| Ok((row.board_column, ListedNumber::try_from(row.listed)?))).collect()
}

/// The first cards of one column, at most `cards`.
pub async fn column_cards(
    connection: &mut AnyConnection,
    filter: &Filter,
    in_state: Option<&str>,
    column: &str,
    cards: i64,
) -> Result<Vec<ListedNumber>, StoreError> {
    let query = sqlx::query_as(concat!(
        "SELECT ",
        listed_columns!(),
        " FROM owned_numbers n",
        listed_joins!(),
        visible!(),
        in_state!(),
        "AND ",
        board_column!(),
        " = $9 ORDER BY n.e164 LIMIT $10"
    ));
    let rows: Vec<ListedRow> = bind_filter!(query, filter).bind(in_state).bind(column).bind(cards).fetch_all(connection).await?;
    rows.into_iter().map(ListedNumber::try_from).collect()
}

/// How many numbers stand in each column that has any.
pub async fn column_counts(
    connection: &mut AnyConnection,
    filter: &Filter,
    in_state: Option<&str>,
) -> Result<Vec<(String, i64)>, StoreError> {
    let query = sqlx::query_as(concat!(
        "SELECT ",
        board_column!(),
        " AS board_column, COUNT(*) AS numbers FROM owned_numbers n",
        listed_joins!(),
        visible!(),
        in_state!(),
        "GROUP BY 1"
    ));
    Ok(bind_filter!(query, filter).bind(in_state).fetch_all(connection).await?)
}
