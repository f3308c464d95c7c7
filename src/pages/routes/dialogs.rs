//! Creating, editing and deleting a route, each while its parameter stands in the URL.

use leptos::prelude::*;

use super::{RouteActions, kind_text};
use crate::rpc::error::AppError;
use crate::rpc::routes::{CreateRoute, DeleteRoute, EditRoute, RouteView, RoutesView};
use crate::rpc::shapes::Named;
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, SelectField};
use crate::ui::form::{field_error, use_parameter};
use crate::ui::form_dialog::{Consequence, FormDialog};
use crate::ui::message::{Note, RefusalNote, action_error};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;

/// The dialog that the URL asks for, if any.
#[component]
pub(super) fn RouteDialogs(view: RoutesView, actions: RouteActions) -> impl IntoView {
    let (new, edit, delete) = (use_parameter("new"), use_parameter("edit"), use_parameter("delete"));
    let here = use_here();
    let (can_edit, can_delete) = (view.can_edit, view.can_delete);
    let view = StoredValue::new(view);
    let close = move |name: &'static str| with_param(&here.get_untracked(), name, None);
    let found = move |id: &str| view.with_value(|view| view.routes.iter().find(|route| route.id == id).cloned());
    view! {
        {move || (can_edit && new.get().is_some()).then(|| {
            let sub_accounts = view.with_value(|view| view.sub_accounts.clone());
            view! { <CreateDialog action=actions.create sub_accounts close=close("new")/> }
        })}
        {move || edit.get().filter(|_| can_edit).and_then(|id| found(&id)).map(|route| {
            view! { <EditDialog action=actions.edit route close=close("edit")/> }
        })}
        {move || delete.get().filter(|_| can_delete).and_then(|id| found(&id)).map(|route| {
            view! { <DeleteDialog action=actions.delete route close=close("delete")/> }
        })}
    }
}

/// Name, kind and destination, as creating and editing share them.
#[component]
fn RouteFields(
    error: Signal<Option<AppError>>,
    #[prop(optional, into)] name: String,
    #[prop(optional, into)] kind: String,
    #[prop(optional, into)] destination: String,
) -> impl IntoView {
    let options = ["host", "number", "uri", "sip-reg"].map(|kind| (String::from(kind), String::from(kind_text(kind)))).to_vec();
    view! {
        <Field label="Name" name="name" id="route-name" value=name error=field_error(error, "name") required=true autocomplete="off" placeholder="Office gateway" maxlength=80/>
        <SelectField label="Kind" name="kind" id="route-kind" options value=kind error=field_error(error, "kind")/>
        <Field
            label="Calls go to"
            name="destination"
            id="route-destination"
            value=destination
            error=field_error(error, "destination")
            autocomplete="off"
            placeholder="edge1.example.com"
            hint="A host such as edge1.example.com:5060, a number such as +14155550100, or sip:desk@pbx.example. Empty for a registered phone."
        />
    }
}

#[component]
fn CreateDialog(action: ServerAction<CreateRoute>, sub_accounts: Vec<Named>, close: String) -> impl IntoView {
    let error = action_error(action);
    let choose = !sub_accounts.is_empty();
    let options = std::iter::once((String::new(), String::from("None: numbers of the pool")))
        .chain(sub_accounts.into_iter().map(|sub_account| (sub_account.id, sub_account.name)))
        .collect::<Vec<_>>();
    view! {
        <FormDialog title="Create a route" close action verb="Create the route">
            <RouteFields error/>
            {choose.then(|| view! {
                <SelectField
                    label="Sub-account"
                    name="sub_account_id"
                    id="route-sub-account"
                    options
                    hint="A route serves numbers of its own place only."
                    error=field_error(error, "sub_account_id")
                />
            })}
        </FormDialog>
    }
}

#[component]
fn EditDialog(action: ServerAction<EditRoute>, route: RouteView, close: String) -> impl IntoView {
    let error = action_error(action);
    let uses = match route.numbers {
        0 => None,
        1 => Some(String::from("1 number uses it; its calls follow at once.")),
        count => Some(format!("{count} numbers use it; their calls follow at once.")),
    };
    view! {
        <FormDialog title=format!("Edit {}", route.name) close action verb="Save the route">
            <input type="hidden" name="id" value=route.id/>
            <RouteFields error name=route.name kind=route.kind destination=route.destination/>
            {uses.map(|text| view! { <p class="muted">{text}</p> })}
        </FormDialog>
    }
}

#[component]
fn DeleteDialog(action: ServerAction<DeleteRoute>, route: RouteView, close: String) -> impl IntoView {
    let title = format!("Delete {}?", route.name);
    if route.numbers > 0 {
        let used = if route.numbers == 1 { String::from("1 number uses it.") } else { format!("{} numbers use it.", route.numbers) };
        return view! {
            <Dialog title close_href=close.clone()>
                <div class="stack-4">
                    <RefusalNote error=action_error(action)/>
                    <Note family="warn" icon="route" title=used text="Give them another route first, on the page of each number or over the API."/>
                    <div class="dialog-actions"><a class="btn btn-lg" href=close data-noscroll="">"Keep it"</a></div>
                </div>
            </Dialog>
        };
    }
    view! {
        <FormDialog title close action keep="Keep it" verb="Delete the route" danger=true>
            <input type="hidden" name="id" value=route.id/>
            <ul class="consequences">
                <Consequence
                    icon="unplug"
                    title="No call goes there any more"
                    text="No number uses it now. Numbers that were released with it come back without it."
                />
            </ul>
        </FormDialog>
    }
}
