//! Sub-accounts as their page shows them.

use crate::rpc::shapes::Moment;
use crate::rpc::sub_accounts::{SubAccountView, SubAccountsView};
use crate::server::services::sub_accounts::SubAccountList;
use crate::server::store::sub_accounts::ListedSubAccount;

impl From<ListedSubAccount> for SubAccountView {
    fn from(listed: ListedSubAccount) -> Self {
        let sub_account = listed.sub_account;
        Self {
            id: sub_account.id,
            name: sub_account.name,
            auth_id: sub_account.auth_id,
            disabled: sub_account.disabled,
            numbers: listed.numbers,
            agents: listed.agents,
            cooling_off: listed.cooling_off,
            monthly: listed.monthly,
            budget: sub_account.budget,
            budget_text: sub_account.budget.map(|budget| budget.decimal()).unwrap_or_default(),
            created_at: Moment::new(sub_account.created_at),
        }
    }
}

/// The sub-accounts page.
#[must_use]
pub fn list(list: SubAccountList) -> SubAccountsView {
    SubAccountsView { sub_accounts: list.sub_accounts.into_iter().map(SubAccountView::from).collect(), can_edit: list.can_edit }
}
