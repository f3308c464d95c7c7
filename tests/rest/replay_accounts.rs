//! Writes of the groups around an account, made ready for the replay test.

use dialyard::domain::account::Role;
use serde_json::{Value, json};

use crate::admin::stuck;
use crate::client::Api;
use crate::members::person;
use crate::replay::Replay;
use crate::support::OWN_STOCK;
use crate::support::owned::Column;

/// A write of that operation; none when it is of another group.
pub async fn prepared(api: &Api, operation: &str) -> Option<Replay> {
    let agent = format!("/agents/{}", api.yard.front_desk);
    let replay = match operation {
        "createKey" => {
            let body = json!({ "name": "Second", "scopes": ["numbers:read"] });
            Replay::new(api, "/keys", body, "SELECT COUNT(*) FROM api_keys")
        }
        "rotateKey" => {
            let body = json!({ "overlapSeconds": 60 });
            Replay::new(api, format!("/keys/{}/rotate", key(api).await), body, "SELECT COUNT(*) FROM audit WHERE action = 'key.rotated'")
        }
        "revokeKey" => {
            let effect = "SELECT COUNT(*) FROM api_keys WHERE revoked_at IS NOT NULL";
            Replay::new(api, format!("/keys/{}", key(api).await), Value::Null, effect)
        }
        "createAgent" => {
            let body = json!({ "name": "Desk", "kind": "person", "destination": "+14155550199", "publish": true });
            Replay::new(api, "/agents", body, "SELECT COUNT(*) FROM agent_versions")
        }
        "editAgent" => {
            let effect = "SELECT COUNT(*) FROM audit WHERE action = 'agent.edited'";
            Replay::new(api, agent, json!({ "destination": "+14155550199" }), effect)
        }
        "publishAgent" => {
            let path = format!("/agents/{}/publish", api.yard.draft);
            Replay::new(api, path, Value::Null, "SELECT COUNT(*) FROM agent_versions")
        }
        "rollBackAgent" => {
            api.patch(&agent, &api.parent, json!({ "destination": "+14155550199" })).await.is(200);
            api.post(&format!("{agent}/publish"), &api.parent, Value::Null).await.is(200);
            let effect = "SELECT COUNT(*) FROM audit WHERE action = 'agent.rolled_back'";
            Replay::new(api, format!("{agent}/rollback"), json!({ "version": 1 }), effect)
        }
        "deleteAgent" => {
            api.yard.number(Column::P1).await;
            Replay::new(api, agent, Value::Null, "SELECT COUNT(*) FROM agents WHERE deleted_at IS NOT NULL")
        }
        "createRoute" => {
            let body = json!({ "name": "Office", "kind": "sip-reg" });
            Replay::new(api, "/routes", body, "SELECT COUNT(*) FROM routes")
        }
        "editRoute" => {
            let path = format!("/routes/{}", route(api).await);
            Replay::new(api, path, json!({ "name": "Main office" }), "SELECT COUNT(*) FROM audit WHERE action = 'route.edited'")
        }
        "deleteRoute" => {
            let path = format!("/routes/{}", route(api).await);
            Replay::new(api, path, Value::Null, "SELECT COUNT(*) FROM routes WHERE deleted_at IS NOT NULL")
        }
        "reportCall" => {
            let e164 = api.yard.bought().await.e164;
            let body = json!({ "callId": "c-1", "e164": e164, "direction": "outbound", "startedAt": "2026-11-22T12:00:00Z" });
            Replay::new(api, "/calls", body, "SELECT COUNT(*) FROM calls")
        }
        operation => return accounts(api, operation).await,
    };
    Some(replay)
}

async fn accounts(api: &Api, operation: &str) -> Option<Replay> {
    match account(api, operation) {
        Some(replay) => Some(replay),
        None => people_and_platform(api, operation).await,
    }
}

fn account(api: &Api, operation: &str) -> Option<Replay> {
    let path = format!("/sub-accounts/{}", api.yard.harbor);
    Some(match operation {
        "createSubAccount" => Replay::new(api, "/sub-accounts", json!({ "name": "Bay Legal" }), "SELECT COUNT(*) FROM sub_accounts"),
        "editSubAccount" => {
            let effect = "SELECT COUNT(*) FROM sub_accounts WHERE disabled = 1";
            Replay::new(api, path, json!({ "disabled": true }), effect)
        }
        "deleteSubAccount" => Replay::new(api, path, Value::Null, "SELECT COUNT(*) FROM sub_accounts WHERE deleted_at IS NOT NULL"),
        "renameOrganization" => {
            let effect = "SELECT COUNT(*) FROM audit WHERE action = 'organization.renamed'";
            Replay::new(api, "/organization", json!({ "name": "Brightline Voice" }), effect)
        }
        "setBudget" => Replay::new(api, "/budgets", json!({ "monthlyBudget": 5 }), BUDGETS),
        "setSubAccountBudget" => Replay::new(api, format!("/budgets/{}", api.yard.harbor), json!({ "monthlyBudget": 5 }), BUDGETS),
        _ => return None,
    })
}

/// Changes of budgets.
const BUDGETS: &str = "SELECT COUNT(*) FROM audit WHERE action = 'budget.changed'";

/// Writes to members, and of the operator.
async fn people_and_platform(api: &Api, operation: &str) -> Option<Replay> {
    let why = "The customer asked us in writing.";
    let replay = match operation {
        "inviteMember" => {
            let body = json!({ "email": "ada@example.com", "role": "member" });
            return Some(Replay::new(api, "/members", body, "SELECT COUNT(*) FROM one_time_links"));
        }
        "setMemberRole" => {
            let path = format!("/members/{}", person(api, "Grace", Role::Viewer).await);
            let effect = "SELECT COUNT(*) FROM audit WHERE action = 'member.role_changed'";
            return Some(Replay::new(api, path, json!({ "role": "admin" }), effect));
        }
        "removeMember" => {
            let path = format!("/members/{}", person(api, "Grace", Role::Viewer).await);
            return Some(Replay::new(api, path, Value::Null, "SELECT COUNT(*) FROM audit WHERE action = 'member.removed'"));
        }
        "forceCoolOff" => {
            let path = format!("/admin/cool-offs/{}/force", api.yard.number(Column::SC).await.id);
            Replay::new(api, path, json!({ "reason": why }), "SELECT COUNT(*) FROM audit WHERE action = 'cool_off.forced'")
        }
        "withdrawInventory" => {
            let e164 = api.yard.e164();
            api.yard.app.stock(OWN_STOCK, &[&e164]).await;
            let effect = "SELECT COUNT(*) FROM audit WHERE action = 'inventory.withdrawn'";
            Replay::new(api, format!("/admin/inventory/{e164}"), Value::Null, effect)
        }
        "adjustWallet" => {
            let id = &api.yard.owner.organization_id;
            let body = json!({ "organizationId": id, "direction": "credit", "amount": 5, "reason": why });
            Replay::new(api, "/admin/adjustments", body, "SELECT COUNT(*) FROM transfers WHERE kind = 'adjustment'")
        }
        "repairOrder" => {
            let path = format!("/admin/orders/{}/repair", stuck(api).await);
            let effect = "SELECT COUNT(*) FROM audit WHERE action = 'order.repaired'";
            Replay::new(api, path, json!({ "outcome": "failed", "reason": why }), effect)
        }
        _ => return None,
    };
    Some(replay.with_key(&api.platform))
}

/// A key that can be rotated and revoked without ending the request's own.
async fn key(api: &Api) -> String {
    let body = json!({ "name": "Second", "scopes": ["numbers:read"] });
    api.post("/keys", &api.parent, body).await.is(201).data_text("id")
}

async fn route(api: &Api) -> String {
    api.post("/routes", &api.parent, json!({ "name": "Office", "kind": "sip-reg" })).await.is(201).data_text("id")
}
