//! `/sub-accounts`: the customers of the organization, with what they use and what they may spend. The dialogs are a file of their own.

mod dialogs;

use leptos::prelude::*;

use crate::domain::money::Micros;
use crate::rpc::error::AppError;
use crate::rpc::sub_accounts::{CreateSubAccount, DeleteSubAccount, EditSubAccount, SubAccountView, SubAccountsView, list_sub_accounts};
use crate::ui::action_form::ActionForm;
use crate::ui::badge::Badge;
use crate::ui::empty::Empty;
use crate::ui::form::{NoValue, dialog_action, successes};
use crate::ui::frame::{PageHead, use_frame};
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::{Load, load};
use crate::ui::loaded::Loaded;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::table::{Column, ListTable};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};

use dialogs::SubAccountDialogs;

/// The heads of the table.
const COLUMNS: &[Column] = &[
    Column::Text("Sub-account"),
    Column::Text("Numbers"),
    Column::Text("Cooling off"),
    Column::Text("Agents"),
    Column::Text("Monthly cost"),
    Column::Text("Budget"),
    Column::Actions,
];

/// What the page writes. Enabling has no dialog, so it is an action of its own.
#[derive(Clone, Copy)]
pub(super) struct SubAccountActions {
    pub create: ServerAction<CreateSubAccount>,
    pub edit: ServerAction<EditSubAccount>,
    pub disable: ServerAction<EditSubAccount>,
    pub enable: ServerAction<EditSubAccount>,
    pub delete: ServerAction<DeleteSubAccount>,
}

/// The sub-accounts of the organization.
#[component]
pub fn SubAccountsPage() -> impl IntoView {
    view! { <SignedIn><SubAccountsContent/></SignedIn> }
}

#[component]
fn SubAccountsContent() -> impl IntoView {
    let actions = SubAccountActions {
        create: ServerAction::new(),
        edit: ServerAction::new(),
        disable: ServerAction::new(),
        enable: ServerAction::new(),
        delete: ServerAction::new(),
    };
    let created = dialog_action(actions.create, "new");
    let edited = dialog_action(actions.edit, "edit");
    let disabled = dialog_action(actions.disable, "disable");
    let enabled = successes(actions.enable);
    let deleted = dialog_action(actions.delete, "delete");
    let frame = use_frame();
    Effect::watch(move || (created.get(), deleted.get()), move |_, _, _| frame.refetch(), false);
    let resource = load(move || (created.get(), edited.get(), disabled.get(), enabled.get(), deleted.get()), |_| list_sub_accounts());
    view! {
        <div class="page sub-accounts">
            <PageHead title="Sub-accounts" subtitle="Customers of yours. Numbers are handed to them from the pool and come back after their cool-off.">
                <Transition fallback=|| ()><NewLink resource/></Transition>
            </PageHead>
            <RefusalNote error=action_error(actions.enable)/>
            <Loaded resource rows=4 show=move |view| view! { <SubAccountsBody view actions/> }/>
        </div>
    }
}

/// The button in the head, for those who may use it.
#[component]
fn NewLink(resource: Load<Result<SubAccountsView, AppError>>) -> impl IntoView {
    reactive(move || {
        Suspend::new(async move {
            resource.await.is_ok_and(|view| view.can_edit && !view.sub_accounts.is_empty()).then(|| view! { <CreateLink/> })
        })
    })
}

#[component]
fn CreateLink() -> impl IntoView {
    let here = use_here();
    view! {
        <a class="btn btn-primary" href=move || with_param(&here.get(), "new", Some("1")) data-noscroll="">
            <Icon name="plus"/>
            "Create a sub-account"
        </a>
    }
}

#[component]
fn SubAccountsBody(view: SubAccountsView, actions: SubAccountActions) -> impl IntoView {
    let can_edit = view.can_edit;
    let list = if view.sub_accounts.is_empty() {
        view! {
            <Empty title="No sub-accounts yet" text="A sub-account is a customer of yours: it has its own numbers, agents and budget, and you pay. Create one, then hand it numbers on the board.">
                {can_edit.then(|| view! { <CreateLink/> })}
            </Empty>
        }
    } else {
        view! { <SubAccountTable view=view.clone() enable=actions.enable/> }
    };
    view! {
        {list}
        <SubAccountDialogs view actions/>
    }
}

#[component]
fn SubAccountTable(view: SubAccountsView, enable: ServerAction<EditSubAccount>) -> impl IntoView {
    let can_edit = view.can_edit;
    let rows = view.sub_accounts.into_iter().map(|sub_account| view! { <SubAccountRow sub_account enable can_edit/> }).collect_view();
    view! {
        <ListTable label="Sub-accounts" caption="Sub-accounts by name, with their numbers, agents, cost and budget" class="sub-accounts-table" columns=COLUMNS>{rows}</ListTable>
    }
}

#[component]
fn SubAccountRow(sub_account: SubAccountView, enable: ServerAction<EditSubAccount>, can_edit: bool) -> impl IntoView {
    let currency = use_frame().currency();
    let cooling_off = match sub_account.cooling_off {
        0 => view! { <NoValue/> },
        count => view! { <Badge family="cool" icon="snowflake" text=count.to_string()/> },
    };
    view! {
        <tr>
            <th scope="row" class="sub-account-name">
                <span class="sub-account-title">
                    <strong>{sub_account.name.clone()}</strong>
                    {sub_account.disabled.then(|| view! { <Badge family="idle" icon="circle-pause" text="Disabled"/> })}
                </span>
                <span class="sub-account-auth"><span class="sr-only">"Auth id "</span>{sub_account.auth_id.clone()}</span>
            </th>
            <td class="num" data-label="Numbers">{sub_account.numbers}</td>
            <td class="num" data-label="Cooling off">{cooling_off}</td>
            <td class="num" data-label="Agents">{sub_account.agents}</td>
            <td class="num" data-label="Monthly">{sub_account.monthly.display(&currency)}</td>
            <td class="sub-account-budget" data-label="Budget"><Budget monthly=sub_account.monthly budget=sub_account.budget/></td>
            <td class="sub-account-actions"><RowActions sub_account enable can_edit/></td>
        </tr>
    }
}

/// The budget with how much of it is used, or which budget binds instead.
#[component]
fn Budget(monthly: Micros, budget: Option<Micros>) -> impl IntoView {
    let currency = use_frame().currency();
    match budget {
        Some(budget) => {
            let used = percent(monthly, budget);
            let class = if used >= 100 { "budget-bar budget-full" } else { "budget-bar" };
            view! {
                <span class="num">{budget.display(&currency)}</span>
                <span class="budget-used num">{format!("{used} % used")}</span>
                <svg class=class viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="budget-track" width="100" height="4" rx="1"/>
                    <rect class="budget-fill" width=used.min(100).to_string() height="4" rx="1"/>
                </svg>
            }
        }
        None => view! { <Badge family="warn" icon="triangle-alert" text="Only the organization\u{2019}s binds"/> },
    }
}

#[component]
fn RowActions(sub_account: SubAccountView, enable: ServerAction<EditSubAccount>, can_edit: bool) -> impl IntoView {
    let here = use_here();
    let id = StoredValue::new(sub_account.id.clone());
    let link = move |name: &'static str| with_param(&here.get(), name, Some(&id.get_value()));
    let name = sub_account.name.clone();
    let (edit_label, disable_label, enable_label, delete_label) =
        (format!("Edit {name}"), format!("Disable {name}"), format!("Enable {name}"), format!("Delete {name}"));
    let switch = if sub_account.disabled {
        view! {
            <ActionForm action=enable>
                <input type="hidden" name="id" value=sub_account.id/>
                <input type="hidden" name="name" value=sub_account.name/>
                <input type="hidden" name="budget" value=sub_account.budget_text/>
                <input type="hidden" name="disabled" value="0"/>
                <button type="submit" class="btn btn-sm btn-tonal" aria-label=enable_label disabled=move || enable.pending().get()>"Enable"</button>
            </ActionForm>
        }
    } else {
        view! { <a class="btn btn-sm" href=move || link("disable") data-noscroll="" aria-label=disable_label>"Disable\u{2026}"</a> }
    };
    can_edit.then(|| {
        view! {
            <div class="row-1 row-actions">
                <a class="btn btn-sm" href=move || link("edit") data-noscroll="" aria-label=edit_label>"Edit"</a>
                {switch}
                <a class="btn btn-sm btn-danger-line" href=move || link("delete") data-noscroll="" aria-label=delete_label>"Delete\u{2026}"</a>
            </div>
        }
    })
}

/// How much of the budget is used, in whole percent rounded down; a budget of nothing is used up.
fn percent(used: Micros, budget: Micros) -> i64 {
    if budget.0 <= 0 {
        return 100;
    }
    let share = i128::from(used.0) * 100 / i128::from(budget.0);
    i64::try_from(share.clamp(0, 999)).unwrap_or(999)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_a_budget_never_leaves_its_range() {
        assert_eq!(percent(Micros(50), Micros(100)), 50);
        assert_eq!(percent(Micros(0), Micros(100)), 0);
        assert_eq!(percent(Micros(5), Micros(0)), 100);
        assert_eq!(percent(Micros(i64::MAX), Micros(1)), 999);
        assert_eq!(percent(Micros(-5), Micros(10)), 0);
    }
}
