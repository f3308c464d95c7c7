//! `/admin/audit`: the audit log of all organizations, for the operator. The list itself is the organization's.

use leptos::prelude::*;

use super::OperatorOnly;
use crate::pages::audit::AuditLog;
use crate::ui::frame::PageHead;
use crate::ui::view::view;

/// Who did what in any organization.
#[component]
pub fn AuditPage() -> impl IntoView {
    view! {
        <OperatorOnly>
            <div class="page audit">
                <PageHead title="Audit log" subtitle="Every organization, and what the operator did. Rows are never changed and never removed."/>
                <AuditLog path="/admin/audit" all_organizations=true/>
            </div>
        </OperatorOnly>
    }
}
