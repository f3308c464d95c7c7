//! Organizations for the operator, and the start page.

use crate::rpc::admin::accounts::{InstallationView, OrganizationRow, OrganizationView, OrganizationsView, PersonRow};
use crate::rpc::shapes::Moment;
use crate::server::config::Settings;
use crate::server::services::cursor::Found;
use crate::server::services::operator::{Account, Figures, Inspected};
use crate::server::views::settings;

impl From<Account> for OrganizationRow {
    fn from(account: Account) -> Self {
        let (organization, balances) = (account.organization, account.balances);
        Self {
            available: balances.available(),
            balance: balances.balance,
            set_aside: balances.set_aside,
            owed: balances.owed,
            created_at: Moment::new(organization.created_at),
            closed: organization.closed_at.is_some(),
            id: organization.id,
            name: organization.name,
            auth_id: organization.auth_id,
        }
    }
}

/// One page of the list.
#[must_use]
pub fn list(found: Found<Account>) -> OrganizationsView {
    OrganizationsView {
        total: u64::try_from(found.total).unwrap_or_default(),
        rows: found.rows.into_iter().map(OrganizationRow::from).collect(),
        next_cursor: found.next_cursor,
    }
}

/// One organization.
#[must_use]
pub fn one(inspected: Inspected) -> OrganizationView {
    let people = inspected.members.into_iter().map(|member| PersonRow {
        name: member.name,
        email: member.email,
        role: member.role.name().to_owned(),
    });
    OrganizationView {
        numbers: inspected.counts.numbers,
        agents: inspected.counts.agents,
        sub_accounts: inspected.counts.sub_accounts,
        budget: inspected.account.organization.budget,
        ever_topped_up: inspected.account.organization.ever_topped_up,
        people: people.collect(),
        row: inspected.account.into(),
    }
}

/// The start page.
#[must_use]
pub fn installation(settings: &Settings, figures: Figures) -> InstallationView {
    InstallationView {
        organizations: figures.organizations,
        cool_offs: figures.cool_offs,
        stuck: figures.stuck,
        under_way: figures.under_way,
        in_stock: figures.in_stock,
        lengths: settings::lengths(settings),
        switches: settings::switches(settings),
    }
}
