//! Where one can go: the rail, and on the phone the tab bar. Pages appear here for those who may open them.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::frame::{DemoPlate, FrameContext, use_frame};
use super::frame_account::{AccountFoot, Switcher};
use super::icon::Icon;
use super::mark::Brand;
use crate::domain::account::Role;
use crate::rpc::session::FrameCounts;
use crate::ui::view::{reactive, view};

/// A place in the navigation.
#[derive(Clone, Copy)]
struct Place {
    href: &'static str,
    icon: &'static str,
    word: &'static str,
    count: Option<fn(&FrameCounts) -> u32>,
}

const fn place(href: &'static str, icon: &'static str, word: &'static str) -> Place {
    Place { href, icon, word, count: None }
}

const SEARCH: Place = place("/", "search", "Search");
const SEARCHES: Place = place("/searches", "bookmark", "Saved searches");
const NUMBERS: Place = Place { count: Some(|counts| counts.numbers), ..place("/numbers", "list", "Numbers") };
const BOARD: Place = place("/board", "kanban", "Board");
const WALLET: Place = place("/wallet", "wallet", "Wallet");
const AGENTS: Place = Place { count: Some(|counts| counts.agents), ..place("/agents", "headphones", "Agents") };
const SUB_ACCOUNTS: Place = Place { count: Some(|counts| counts.sub_accounts), ..place("/sub-accounts", "building-2", "Sub-accounts") };
const TEAM: Place = place("/team", "users", "Team");
const KEYS: Place = place("/keys", "key-round", "Keys");
const WEBHOOKS: Place = place("/webhooks", "webhook", "Webhooks");
const AUDIT: Place = place("/audit", "scroll-text", "Audit");
const ROUTES: Place = place("/routes", "route", "Routes");
const NOTICES: Place = place("/notices", "bell", "Notices");
const SETTINGS: Place = place("/settings", "settings", "Settings");
const OVERVIEW: Place = place("/admin", "gauge", "Overview");
const COOL_OFFS: Place = Place { count: Some(|counts| counts.cool_offs), ..place("/admin/cool-offs", "snowflake", "Cool-offs") };
const INVENTORY: Place = place("/admin/inventory", "package", "Inventory");
const ORGANIZATIONS: Place = place("/admin/organizations", "building", "Organizations");
const REVENUE: Place = place("/admin/revenue", "trending-up", "Revenue");
const ORDERS: Place = place("/admin/orders", "receipt-text", "Orders");
const ALL_AUDIT: Place = place("/admin/audit", "scroll-text", "Audit");
const SIGN_IN: Place = place("/sign-in", "log-in", "Sign in");

/// A heading (none for the first group) and the places under it.
type Group = (&'static str, Vec<Place>);

/// Whether the frame is the operator's: on the operator's pages, and everywhere for an operator who belongs to no organization.
pub(super) fn at_operator(context: FrameContext, path: &str) -> bool {
    context.platform_admin() && (path.starts_with("/admin") || context.role().is_none())
}

fn groups(context: FrameContext, operator: bool) -> Vec<Group> {
    if !context.signed_in() {
        return vec![("", vec![SEARCH, SIGN_IN])];
    }
    if operator {
        return vec![
            ("Operator", vec![OVERVIEW, COOL_OFFS, INVENTORY, ORGANIZATIONS, REVENUE, ORDERS, ALL_AUDIT]),
            ("Stock", vec![SEARCH]),
            ("You", vec![SETTINGS]),
        ];
    }
    let mut groups = vec![("", vec![SEARCH, NUMBERS, BOARD, WALLET]), ("Answering", vec![AGENTS, ROUTES, SUB_ACCOUNTS])];
    let mut organization = vec![TEAM];
    if context.can(Role::Admin) {
        organization.push(KEYS);
        organization.push(WEBHOOKS);
        organization.push(AUDIT);
    }
    organization.push(NOTICES);
    organization.push(SETTINGS);
    groups.push(("Organization", organization));
    groups
}

/// The column on the left.
#[component]
pub fn Rail() -> impl IntoView {
    let context = use_frame();
    let pathname = use_location().pathname;
    let operator = Memo::new(move |_| at_operator(context, &pathname.get()));
    view! {
        <header class="rail">
            <Brand/>
            {move || view! { <Switcher operator=operator.get()/> }}
            <nav class="rail-nav" aria-label="Main">
                {move || groups(context, operator.get()).into_iter().map(|group| view! { <NavGroup group/> }).collect_view()}
            </nav>
            <div class="rail-foot">
                <DemoPlate text="Demo mode"/>
                {move || (!operator.get()).then(|| view! { <AvailableBox/> })}
                <AccountFoot/>
            </div>
        </header>
    }
}

#[component]
fn NavGroup(group: Group) -> impl IntoView {
    let (heading, places) = group;
    let named = (!heading.is_empty()).then_some(heading);
    view! {
        {named.map(|heading| view! { <p class="rail-heading" aria-hidden="true">{heading}</p> })}
        <ul class="rail-group" aria-label=named>
            {places.into_iter().map(|place| view! { <li><NavLink place class="rail-link"/></li> }).collect_view()}
        </ul>
    }
}

#[component]
fn NavLink(place: Place, class: &'static str) -> impl IntoView {
    let pathname = use_location().pathname;
    let current = move || is_current(place.href, &pathname.get()).then_some("page");
    let count = place.count.map(|of| {
        let count = use_frame().count(of);
        view! { <span class="rail-count num">{move || count.get()}</span> }
    });
    view! {
        <a class=class href=place.href aria-current=current>
            <Icon name=place.icon size=18/>
            <span class="rail-word">{place.word}</span>
            {count}
        </a>
    }
}

fn is_current(href: &str, path: &str) -> bool {
    match path.strip_prefix(href) {
        Some("") => true,
        // Every page is below the first one, and every page of the operator below theirs.
        Some(rest) => href != "/" && href != "/admin" && rest.starts_with('/'),
        None => false,
    }
}

/// The money that can be spent, on every page.
#[component]
fn AvailableBox() -> impl IntoView {
    let context = use_frame();
    let available = context.count(|counts| counts.available);
    let currency = context.currency();
    reactive(move || {
        available.get().map(|available| {
            view! {
                <a class="available" href="/wallet">
                    <span>"Available"</span>
                    <strong class="num">{available.display(&currency)}</strong>
                </a>
            }
        })
    })
}

/// The bar at the foot of the phone. "More" folds out without JavaScript.
#[component]
pub fn TabBar() -> impl IntoView {
    let context = use_frame();
    let pathname = use_location().pathname;
    let operator = Memo::new(move |_| at_operator(context, &pathname.get()));
    let tabs = reactive(move || {
        let (bar, more) = split_tabs(context, operator.get());
        view! {
            {bar.into_iter().map(|place| view! { <NavLink place class="tab"/> }).collect_view()}
            {(!more.is_empty()).then(|| view! { <MoreTab places=more/> })}
        }
    });
    view! { <nav class="tabbar" aria-label="Main">{tabs}</nav> }
}

/// What stands in the bar and what is behind "More".
fn split_tabs(context: FrameContext, operator: bool) -> (Vec<Place>, Vec<Place>) {
    let mut places: Vec<Place> = groups(context, operator).into_iter().flat_map(|(_, places)| places).collect();
    let in_bar = if places.len() > 5 { 4 } else { places.len() };
    let mut more = places.split_off(in_bar);
    if !more.is_empty() {
        more.push(SEARCHES);
    }
    if context.platform_admin() && !operator {
        more.push(COOL_OFFS);
    }
    (places, more)
}

#[component]
fn MoreTab(places: Vec<Place>) -> impl IntoView {
    let pathname = use_location().pathname;
    let hrefs: Vec<&'static str> = places.iter().map(|place| place.href).collect();
    let inside = move || pathname.with(|path| hrefs.iter().any(|href| is_current(href, path)));
    view! {
        <details class="tab-more" data-menu="">
            <summary class="tab" class:tab-current=inside>
                <Icon name="menu" size=18/>
                <span class="rail-word">"More"</span>
            </summary>
            <ul class="menu menu-up">
                {places.into_iter().map(|place| view! { <li><NavLink place class="menu-link"/></li> }).collect_view()}
            </ul>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_below_a_place_belongs_to_it() {
        assert!(is_current("/", "/"));
        assert!(!is_current("/", "/numbers"));
        assert!(is_current("/numbers", "/numbers/+14155550123"));
        assert!(!is_current("/numbers", "/numbers-else"));
        assert!(!is_current("/audit", "/admin/audit"));
        assert!(is_current("/admin", "/admin") && !is_current("/admin", "/admin/orders"));
    }
}
