//! Inbound voice routes. A deleted route keeps its row; numbers that were released with it do not get it back.

use std::collections::HashMap;

use sqlx::AnyConnection;

use super::place::{Place, bind_place, in_place};
use crate::domain::answering::RouteKind;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// Where calls go when no agent answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub id: String,
    pub organization_id: String,
    pub sub_account_id: Option<String>,
    /// The number that Flowroute's clients know it by.
    pub public_number: i64,
    pub name: String,
    pub kind: RouteKind,
    pub destination: String,
    /// The edge that its calls enter by; none where nobody chose one.
    pub edge_strategy_id: Option<i64>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A route to be made; its public number is the next free one.
#[derive(Debug, Clone)]
pub struct NewRoute {
    pub id: String,
    pub organization_id: String,
    pub sub_account_id: Option<String>,
    pub name: String,
    pub kind: RouteKind,
    pub destination: String,
    pub edge_strategy_id: Option<i64>,
    pub at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct RouteRow {
    id: String,
    organization_id: String,
    sub_account_id: Option<String>,
    public_number: i64,
    name: String,
    kind: String,
    destination: String,
    edge_strategy_id: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<RouteRow> for Route {
    type Error = StoreError;

    fn try_from(row: RouteRow) -> Result<Self, StoreError> {
        let kind = RouteKind::from_name(&row.kind);
        let kind = kind.ok_or_else(|| StoreError::Inconsistent { table: "routes", column: "kind", id: row.id.clone() })?;
        Ok(Self {
            kind,
            id: row.id,
            organization_id: row.organization_id,
            sub_account_id: row.sub_account_id,
            public_number: row.public_number,
            name: row.name,
            destination: row.destination,
            edge_strategy_id: row.edge_strategy_id,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

macro_rules! select_route {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization_id, sub_account_id, public_number, name, kind, destination, edge_strategy_id, created_at, updated_at \
             FROM routes ",
            $rest
        )
    };
}

/// Writes a route with the next public number, the first being 10001 (R45).
pub async fn insert(connection: &mut AnyConnection, route: &NewRoute) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO routes (id, organization_id, sub_account_id, public_number, name, kind, destination, created_at, updated_at, \
         edge_strategy_id) \
         VALUES ($1, $2, $3, (SELECT COALESCE(MAX(public_number), 10000) + 1 FROM routes), $4, $5, $6, $7, $7, $8)",
    )
    .bind(&route.id)
    .bind(&route.organization_id)
    .bind(&route.sub_account_id)
    .bind(&route.name)
    .bind(route.kind.name())
    .bind(&route.destination)
    .bind(route.at.micros())
    .bind(route.edge_strategy_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// A live route of the organization.
pub async fn find(connection: &mut AnyConnection, organization_id: &str, id: &str) -> Result<Option<Route>, StoreError> {
    let row: Option<RouteRow> = sqlx::query_as(select_route!("WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL"))
        .bind(organization_id)
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.map(Route::try_from).transpose()
}

/// A live route of the organization by its public number.
pub async fn find_by_number(
    connection: &mut AnyConnection,
    organization_id: &str,
    public_number: i64,
) -> Result<Option<Route>, StoreError> {
    let row: Option<RouteRow> = sqlx::query_as(select_route!("WHERE organization_id = $1 AND public_number = $2 AND deleted_at IS NULL"))
        .bind(organization_id)
        .bind(public_number)
        .fetch_optional(connection)
        .await?;
    row.map(Route::try_from).transpose()
}

/// The live routes of a place by their public numbers, of one kind or of all, without the first `offset`.
pub async fn numbered(
    connection: &mut AnyConnection,
    place: &Place,
    kind: Option<RouteKind>,
    offset: i64,
    limit: i64,
) -> Result<Vec<Route>, StoreError> {
    let query = sqlx::query_as(in_place!(
        "SELECT id, organization_id, sub_account_id, public_number, name, kind, destination, edge_strategy_id, created_at, updated_at \
         FROM routes WHERE deleted_at IS NULL AND organization_id = $1",
        "AND ($5 IS NULL OR kind = $5) ORDER BY public_number LIMIT $6 OFFSET $7"
    ));
    let rows: Vec<RouteRow> =
        bind_place!(query, place).bind(kind.map(RouteKind::name)).bind(limit).bind(offset).fetch_all(connection).await?;
    rows.into_iter().map(Route::try_from).collect()
}

/// The live routes of a place by name, below the route `after` (its name and id).
pub async fn page(
    connection: &mut AnyConnection,
    place: &Place,
    after: Option<&[String; 2]>,
    limit: i64,
) -> Result<Vec<Route>, StoreError> {
    let query = sqlx::query_as(in_place!(
        "SELECT id, organization_id, sub_account_id, public_number, name, kind, destination, edge_strategy_id, created_at, updated_at \
         FROM routes WHERE deleted_at IS NULL AND organization_id = $1",
        "AND ($5 IS NULL OR (name, id) > ($5, $6)) ORDER BY name, id LIMIT $7"
    ));
    let rows: Vec<RouteRow> = bind_place!(query, place)
        .bind(after.map(|[name, _]| name.clone()))
        .bind(after.map(|[_, id]| id.clone()))
        .bind(limit)
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(Route::try_from).collect()
}

/// How many live routes a place has.
pub async fn count(connection: &mut AnyConnection, place: &Place) -> Result<i64, StoreError> {
    let query = sqlx::query_scalar(in_place!("SELECT COUNT(*) FROM routes WHERE deleted_at IS NULL AND organization_id = $1", ""));
    Ok(bind_place!(query, place).fetch_one(connection).await?)
}

/// How many numbers use each route of an organization; routes that none uses are missing.
pub async fn uses(connection: &mut AnyConnection, organization_id: &str) -> Result<HashMap<String, i64>, StoreError> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT route_id, COUNT(*) FROM (SELECT primary_route_id AS route_id FROM owned_numbers \
         WHERE organization_id = $1 AND status IN ('available', 'assigned') AND primary_route_id IS NOT NULL \
         UNION ALL SELECT failover_route_id FROM owned_numbers WHERE organization_id = $1 AND status IN ('available', 'assigned') \
         AND failover_route_id IS NOT NULL AND (primary_route_id IS NULL OR primary_route_id <> failover_route_id)) AS uses GROUP BY route_id",
    )
    .bind(organization_id)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}

/// Writes name, kind, destination and edge of a live route as they stand in `route`.
pub async fn update(connection: &mut AnyConnection, route: &Route, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE routes SET name = $1, kind = $2, destination = $3, edge_strategy_id = $4, updated_at = $5 \
         WHERE id = $6 AND deleted_at IS NULL",
    )
    .bind(&route.name)
    .bind(route.kind.name())
    .bind(&route.destination)
    .bind(route.edge_strategy_id)
    .bind(now.micros())
    .bind(&route.id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks a route as deleted, unless a number that is not released uses it. False when it is used, or gone already.
pub async fn delete_unused(connection: &mut AnyConnection, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE routes SET deleted_at = $1, updated_at = $1 WHERE id = $2 AND deleted_at IS NULL AND NOT EXISTS \
         (SELECT 1 FROM owned_numbers n WHERE n.status IN ('available', 'assigned') AND (n.primary_route_id = $2 OR n.failover_route_id = $2))",
    )
    .bind(now.micros())
    .bind(id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks all routes of a sub-account as deleted.
pub async fn delete_of_sub_account(connection: &mut AnyConnection, sub_account_id: &str, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE routes SET deleted_at = $1, updated_at = $1 WHERE sub_account_id = $2 AND deleted_at IS NULL")
        .bind(now.micros())
        .bind(sub_account_id)
        .execute(connection)
        .await?;
    Ok(())
}
