//! `/routes`: where calls go when no agent answers. The dialogs are a file of their own.

mod dialogs;

use leptos::prelude::*;

use crate::rpc::routes::{CreateRoute, DeleteRoute, EditRoute, RouteView, RoutesView, list_routes};
use crate::ui::empty::Empty;
use crate::ui::form::{LoadRefused, NoValue, dialog_action, use_text_parameter};
use crate::ui::frame::PageHead;
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::pager::CursorPager;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::table::{Column, ListTable};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;
use crate::ui::when::When;

use dialogs::RouteDialogs;

/// The heads of the table.
const COLUMNS: &[Column] = &[
    Column::Text("Route"),
    Column::Text("Calls go to"),
    Column::Text("Numbers"),
    Column::Text("Sub-account"),
    Column::Text("Changed"),
    Column::Actions,
];

/// What the page writes.
#[derive(Clone, Copy)]
pub(super) struct RouteActions {
    pub create: ServerAction<CreateRoute>,
    pub edit: ServerAction<EditRoute>,
    pub delete: ServerAction<DeleteRoute>,
}

/// The routes of the organization.
#[component]
pub fn RoutesPage() -> impl IntoView {
    view! { <SignedIn><RoutesContent/></SignedIn> }
}

#[component]
fn RoutesContent() -> impl IntoView {
    let cursor = use_text_parameter("cursor");
    let actions = RouteActions { create: ServerAction::new(), edit: ServerAction::new(), delete: ServerAction::new() };
    let created = dialog_action(actions.create, "new");
    let edited = dialog_action(actions.edit, "edit");
    let deleted = dialog_action(actions.delete, "delete");
    let resource = load(move || (cursor.get(), created.get(), edited.get(), deleted.get()), |(cursor, ..)| list_routes(cursor));
    view! {
        <div class="page list-page">
            <Transition fallback=|| view! { <PageHead title="Routes"/><SkeletonRows rows=5/> }>
                {move || Suspend::new(async move {
                    match resource.await {
                        Ok(view) => view! { <RoutesBody view actions/> },
                        Err(error) => view! { <PageHead title="Routes"/><LoadRefused error/> },
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn CreateLink() -> impl IntoView {
    let here = use_here();
    view! {
        <a class="btn btn-primary" href=move || with_param(&here.get(), "new", Some("1")) data-noscroll="">
            <Icon name="plus"/>
            "Create a route"
        </a>
    }
}

#[component]
fn RoutesBody(view: RoutesView, actions: RouteActions) -> impl IntoView {
    let cursor = use_text_parameter("cursor").get_untracked();
    let can_edit = view.can_edit;
    let list = if view.routes.is_empty() {
        view! {
            <Empty title="No routes yet" text="A route is where a number's calls go when no agent answers: a host, another number, a SIP address, or a registered phone. A number has a primary and a failover route.">
                {can_edit.then(|| view! { <CreateLink/> })}
            </Empty>
        }
    } else {
        view! { <RouteTable view=view.clone()/> }
    };
    let has_routes = !view.routes.is_empty();
    let next = view.next_cursor.clone();
    view! {
        <PageHead title="Routes" subtitle="Where calls go when no agent answers.">
            {(can_edit && has_routes).then(|| view! { <CreateLink/> })}
        </PageHead>
        {list}
        <CursorPager cursor next things="routes"/>
        <RouteDialogs view actions/>
    }
}

#[component]
fn RouteTable(view: RoutesView) -> impl IntoView {
    let (can_edit, can_delete) = (view.can_edit, view.can_delete);
    let rows = view.routes.into_iter().map(|route| view! { <RouteRow route can_edit can_delete/> }).collect_view();
    view! {
        <ListTable label="Routes" caption="Routes by name, with where they lead and how many numbers use them" class="routes-table" columns=COLUMNS>{rows}</ListTable>
    }
}

/// A kind of route as people say it.
pub(super) fn kind_text(kind: &str) -> &'static str {
    match kind {
        "host" => "Host",
        "number" => "Another number",
        "uri" => "SIP address",
        _ => "Registered phone",
    }
}

#[component]
fn RouteRow(route: RouteView, can_edit: bool, can_delete: bool) -> impl IntoView {
    let here = use_here();
    let id = StoredValue::new(route.id);
    let link = move |parameter: &'static str| move || with_param(&here.get(), parameter, Some(&id.get_value()));
    let or_none = |text: Option<String>| match text.filter(|text| !text.is_empty()) {
        Some(text) => text.into_any(),
        None => view! { <NoValue/> },
    };
    let (edit_label, delete_label) = (format!("Edit {}", route.name), format!("Delete\u{2026} {}", route.name));
    view! {
        <tr>
            <th scope="row" class="route-name"><strong>{route.name}</strong><span class="route-kind">{kind_text(&route.kind)}</span></th>
            <td class="route-destination">{or_none(Some(route.destination))}</td>
            <td class="num" data-label="Numbers">{route.numbers}</td>
            <td data-label="Sub-account">{or_none(route.sub_account)}</td>
            <td data-label="Changed"><When moment=route.updated_at style="day"/></td>
            <td class="route-actions">
                <div class="row-1 row-actions">
                    {can_edit.then(|| view! { <a class="btn btn-sm" href=link("edit") data-noscroll="" aria-label=edit_label>"Edit"</a> })}
                    {can_delete.then(|| view! { <a class="btn btn-sm btn-danger-line" href=link("delete") data-noscroll="" aria-label=delete_label>"Delete\u{2026}"</a> })}
                </div>
            </td>
        </tr>
    }
}
