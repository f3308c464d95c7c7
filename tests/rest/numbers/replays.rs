//! How each write of `/numbers` is sent, for the replay test.

use serde_json::{Value, json};

use crate::client::Api;
use crate::replay::Replay;
use crate::support::OWN_STOCK;
use crate::support::owned::Column;

/// A number in stock.
async fn stocked(api: &Api) -> String {
    let e164 = api.yard.e164();
    api.yard.app.stock(OWN_STOCK, &[&e164]).await;
    e164
}

pub async fn prepared(api: &Api, operation: &str) -> Option<Replay> {
    let on = async |column: Column, rest: &str| format!("/numbers/{}{rest}", api.yard.number(column).await.id);
    let replay = |path: String, body: Value, effect| Replay::new(api, path, body, effect);
    Some(match operation {
        "holdNumber" => replay("/numbers/reserve".into(), json!({ "e164": stocked(api).await }), "SELECT COUNT(*) FROM holds"),
        "releaseHold" | "extendHold" => {
            let held = api.post("/numbers/reserve", &api.parent, json!({ "e164": stocked(api).await })).await.is(201);
            let path = format!("/numbers/reserve/{}", held.data_text("id"));
            if operation == "extendHold" {
                replay(format!("{path}/extend"), Value::Null, "SELECT CAST(SUM(extensions) AS BIGINT) FROM holds")
            } else {
                replay(path, Value::Null, "SELECT COUNT(*) FROM holds WHERE state = 'released'")
            }
        }
        "buyNumber" => replay(
            "/numbers/purchase".into(),
            json!({ "e164": stocked(api).await }),
            "SELECT COUNT(*) FROM orders WHERE state = 'completed'",
        ),
        "importNumber" => replay(
            "/numbers/import".into(),
            json!({ "e164": api.yard.e164() }),
            "SELECT COUNT(*) FROM owned_numbers WHERE source = 'imported'",
        ),
        "editNumber" => replay(
            on(Column::P0, "").await,
            json!({ "label": "Front desk", "tags": ["a"] }),
            "SELECT COUNT(*) FROM events WHERE kind = 'number.labelled'",
        ),
        "assignNumber" => replay(
            on(Column::P0, "/assign").await,
            json!({ "agentId": api.yard.front_desk }),
            "SELECT COUNT(*) FROM events WHERE kind = 'number.assigned'",
        ),
        "unassignNumber" => {
            replay(on(Column::P1, "/assign").await, Value::Null, "SELECT COUNT(*) FROM events WHERE kind = 'number.unassigned'")
        }
        "handOverNumber" => replay(
            on(Column::P0, "/sub-account").await,
            json!({ "subAccountId": api.yard.harbor }),
            "SELECT COUNT(*) FROM events WHERE kind = 'number.handed_over'",
        ),
        "takeBackNumber" => replay(
            on(Column::SC, "/sub-account?force=true&reason=The%20customer%20moved").await,
            Value::Null,
            "SELECT COUNT(*) FROM audit WHERE action = 'cool_off.forced'",
        )
        .with_key(&api.forcing),
        "releaseNumber" => replay(on(Column::P0, "").await, Value::Null, "SELECT COUNT(*) FROM events WHERE kind = 'number.released'"),
        "restoreNumber" => {
            replay(on(Column::RL, "/restore").await, Value::Null, "SELECT COUNT(*) FROM events WHERE kind = 'number.restored'")
        }
        _ => return None,
    })
}
