//! The audit log's lines.

use serde_json::Value;

use crate::rpc::admin::{AuditRow, AuditView};
use crate::rpc::shapes::Moment;
use crate::server::services::audit::Page;
use crate::server::store::audit::Audit;

/// One page of the log.
#[must_use]
pub fn page(page: Page) -> AuditView {
    let of_everybody = page.of_everybody;
    AuditView {
        total: page.total,
        rows: page.rows.into_iter().map(|row| line(row, of_everybody)).collect(),
        actions: page.actions,
        next_cursor: page.next_cursor,
    }
}

fn line(row: Audit, of_everybody: bool) -> AuditRow {
    AuditRow {
        id: row.id,
        at: Moment::new(row.at),
        organization: row.organization.filter(|_| of_everybody),
        actor: row.actor.name,
        actor_kind: row.actor.kind.name().to_owned(),
        action: row.action.name().to_owned(),
        action_text: row.action.text().to_owned(),
        object: row.object_label,
        reason: row.reason,
        channel: row.channel.name().to_owned(),
        before: row.before.as_ref().and_then(words),
        after: row.after.as_ref().and_then(words),
    }
}

/// The recorded values as `role: member, locked: yes`; nothing for none.
fn words(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::Bool(yes) => String::from(if *yes { "yes" } else { "no" }),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().filter_map(words).collect::<Vec<_>>().join(", "),
        Value::Object(members) => {
            let named = |(name, value): (&String, &Value)| {
                format!("{}: {}", name.replace('_', " "), words(value).unwrap_or_else(|| String::from("none")))
            };
            members.iter().map(named).collect::<Vec<_>>().join(", ")
        }
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn recorded_values_read_as_words() {
        assert_eq!(words(&json!({ "role": "member" })).as_deref(), Some("role: member"));
        assert_eq!(words(&json!({ "agent_id": null, "locked": true })).as_deref(), Some("agent id: none, locked: yes"));
        assert_eq!(words(&Value::Null), None);
    }
}
