//! Who one is: the organization switcher, the person with the way out, and the theme. Menus fold out without JavaScript.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::browser;
use super::frame::{FrameContext, use_frame};
use super::frame_nav::at_operator;
use super::icon::Icon;
use super::keys::KEYS_DIALOG;
use super::mark::Brand;
use crate::domain::account::Role;
use crate::rpc::accounts::SignOut;
use crate::rpc::session::{ChooseOrganization, OrganizationChoice};
use crate::ui::action_form::ActionForm;
use crate::ui::view::{reactive, view};

/// The first letters of the first and the last word: `Mara Lindqvist` is `ML`.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// A role as people read it.
#[must_use]
pub const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Viewer",
        Role::Member => "Member",
        Role::Admin => "Admin",
        Role::Owner => "Owner",
    }
}

/// The organization at the head of the rail, or the plate of the operator; a menu where there is something to switch to.
#[component]
pub fn Switcher(operator: bool) -> impl IntoView {
    let context = use_frame();
    let Some(person) = context.person() else { return ().into_any() };
    let (plate, name, detail) = match (&person.organization, operator) {
        (Some(organization), false) => (initials(&organization.name), organization.name.clone(), role_word(organization.role)),
        (_, true) => (String::from("OP"), String::from("Operator"), "All organizations"),
        (None, false) => (initials(&person.name), person.name.clone(), "No organization"),
    };
    let face = view! {
        <span class="plate" class:plate-operator=operator aria-hidden="true">{plate}</span>
        <span class="switcher-text">
            <strong>{name}</strong>
            <span>{detail}</span>
        </span>
    };
    let chosen = person.organization.as_ref().filter(|_| !operator).map(|organization| organization.id.clone());
    let others: Vec<OrganizationChoice> = person.organizations.into_iter().filter(|choice| Some(&choice.id) != chosen.as_ref()).collect();
    let to_operator = person.platform_admin && !operator;
    if others.is_empty() && !to_operator {
        view! { <div class="switcher">{face}</div> }
    } else {
        view! {
            <details class="switcher-menu" data-menu="">
                <summary class="switcher">{face} <Icon name="chevrons-up-down"/></summary>
                <SwitcherChoices others to_operator/>
            </details>
        }
    }
}

#[component]
fn SwitcherChoices(others: Vec<OrganizationChoice>, to_operator: bool) -> impl IntoView {
    let choose = ServerAction::<ChooseOrganization>::new();
    let choices = others
        .into_iter()
        .map(|choice| {
            view! {
                <li>
                    <ActionForm action=choose>
                        <input type="hidden" name="organization_id" value=choice.id/>
                        <button type="submit" class="menu-link">
                            <span class="plate plate-small" aria-hidden="true">{initials(&choice.name)}</span>
                            {choice.name}
                        </button>
                    </ActionForm>
                </li>
            }
        })
        .collect_view();
    let operator = to_operator.then(|| {
        view! {
            <li>
                <a class="menu-link" href="/admin/cool-offs">
                    <span class="plate plate-small plate-operator" aria-hidden="true">"OP"</span>
                    "Operator"
                </a>
            </li>
        }
    });
    view! { <ul class="menu">{choices} {operator}</ul> }
}

/// The person at the foot of the rail.
#[component]
pub fn AccountFoot() -> impl IntoView {
    let context = use_frame();
    let menu = context.person().map(|person| {
        view! {
            <details class="account" data-menu="">
                <summary class="account-face">
                    <span class="avatar" aria-hidden="true">{initials(&person.name)}</span>
                    <span class="account-name">{person.name}</span>
                </summary>
                <div class="menu menu-up">
                    <p class="menu-note">{person.email}</p>
                    <SignOutForm/>
                </div>
            </details>
        }
    });
    view! {
        <div class="account-foot">
            {menu}
            <ThemeButton/>
            <button
                type="button"
                class="btn btn-quiet btn-icon js-only"
                aria-label="Keyboard shortcuts"
                on:click=|_| browser::open_dialog(KEYS_DIALOG)
            >
                <Icon name="keyboard" size=18/>
            </button>
        </div>
    }
}

#[component]
fn SignOutForm() -> impl IntoView {
    let sign_out = ServerAction::<SignOut>::new();
    view! {
        <ActionForm action=sign_out>
            <button type="submit" class="menu-link">
                <Icon name="log-out" size=18/>
                "Sign out"
            </button>
        </ActionForm>
    }
}

/// Switches between light and dark; the choice stays in this browser.
#[component]
pub fn ThemeButton() -> impl IntoView {
    let switch = |_| browser::set_theme(if browser::theme() == "dark" { "light" } else { "dark" });
    view! {
        <button type="button" class="btn btn-quiet btn-icon js-only" aria-label="Light or dark" on:click=switch>
            <Icon name="sun-moon" size=18/>
        </button>
    }
}

/// The bar on top of the phone: mark, money, person.
#[component]
pub fn TopBar() -> impl IntoView {
    let context = use_frame();
    view! {
        <header class="topbar">
            <Brand/>
            <OperatorPlate context/>
            <TopMoney context/>
            <TopAccount context/>
        </header>
    }
}

#[component]
fn OperatorPlate(context: FrameContext) -> impl IntoView {
    let pathname = use_location().pathname;
    reactive(move || at_operator(context, &pathname.get()).then(|| view! { <span class="plate plate-operator">"OP"</span> }))
}

#[component]
fn TopMoney(context: FrameContext) -> impl IntoView {
    let available = context.count(|counts| counts.available);
    let currency = context.currency();
    let has_wallet = context.role().is_some();
    reactive(move || {
        available.get().filter(|_| has_wallet).map(|available| {
            view! {
                <a class="topbar-money" href="/wallet">
                    <span>"Available"</span>
                    <strong class="num">{available.display(&currency)}</strong>
                </a>
            }
        })
    })
}

#[component]
fn TopAccount(context: FrameContext) -> impl IntoView {
    let Some(person) = context.person() else {
        return view! {
            <ThemeButton/>
            <a class="btn" href="/sign-in">"Sign in"</a>
        };
    };
    let organization = person.organization.as_ref().map(|organization| organization.name.clone());
    let chosen = person.organization.as_ref().map(|organization| organization.id.clone());
    let others: Vec<OrganizationChoice> = person.organizations.into_iter().filter(|choice| Some(&choice.id) != chosen.as_ref()).collect();
    let to_operator = person.platform_admin;
    view! {
        <details class="topbar-account" data-menu="">
            <summary class="avatar avatar-large">
                <span aria-hidden="true">{initials(&person.name)}</span>
                <span class="sr-only">{format!("Account of {}", person.name)}</span>
            </summary>
            <div class="menu menu-right">
                <p class="menu-note"><strong>{person.name}</strong> {organization} {person.email}</p>
                {(!others.is_empty() || to_operator).then(|| view! { <SwitcherChoices others to_operator/> })}
                <SignOutForm/>
                <ThemeButton/>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        assert_eq!(initials("Mara Lindqvist"), "ML");
        assert_eq!(initials("Brightline"), "B");
        assert_eq!(initials("Ada de la Cruz"), "AC");
        assert_eq!(initials(" "), "");
    }
}
