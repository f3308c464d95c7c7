//! Who answers: the patch line from the number to its agent and its routes, with one lit jack, and the dialog of its routes.
//! Which jack is lit the server says.

use leptos::prelude::*;

use crate::domain::account::Role;
use crate::rpc::numbers::{ChainLink, NumberView, SetRoutes};
use crate::ui::action_form::ActionForm;
use crate::ui::badge::Badge;
use crate::ui::dialog::Dialog;
use crate::ui::field::SelectField;
use crate::ui::form::{field_error, use_parameter};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::message::{Note, RefusalNote, action_error};
use crate::ui::phone::Phone;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};

#[component]
pub fn WhoAnswers(view: NumberView) -> impl IntoView {
    let here = use_here();
    let editable = use_frame().can(Role::Member) && view.row.restore_until.is_none();
    let lit = view.chain.iter().position(|link| link.lit);
    let jacks = view
        .chain
        .into_iter()
        .enumerate()
        .map(|(index, link)| {
            let live = lit.is_some_and(|lit| index < lit);
            view! { <Jack link=link live=live/> }
        })
        .collect_view();
    let nobody = view.nobody_because.map(|reason| view! { <Note family="warn" icon="volume-x" title="Nobody answers" text=reason/> });
    view! {
        <section class="panel" aria-labelledby="who-answers">
            <header class="panel-head">
                <h2 id="who-answers">"Who answers"</h2>
                {editable.then(|| view! {
                    <a class="btn btn-quiet btn-sm" href=move || with_param(&here.get(), "routes", Some("1")) data-noscroll=""><Icon name="pencil"/>"Edit routes"</a>
                })}
            </header>
            <div class="panel-body stack-4">
                <ol class="patch">{jacks}</ol>
                {nobody}
            </div>
        </section>
    }
}

/// One jack. `live` says that calls run through the cord behind it.
#[component]
fn Jack(link: ChainLink, live: bool) -> impl IntoView {
    let role = match link.role.as_str() {
        "call_to" => "Call to",
        "agent" => "Agent",
        "primary" => "Primary route",
        _ => "Failover",
    };
    let source = link.role == "call_to";
    let mut class = String::from("jack");
    for (name, on) in [("jack-live", live), ("jack-lit", link.lit), ("jack-source", source), ("jack-empty", !link.set)] {
        if on {
            class.push(' ');
            class.push_str(name);
        }
    }
    view! {
        <li class=class>
            <span class="jack-dot" aria-hidden="true"></span>
            <span class="jack-role muted">{role}</span>
            <span class="jack-name">{if link.set { link.name } else { String::from("Not set") }}</span>
            <span class="jack-detail muted">{link.detail}</span>
            {link.lit.then(|| view! { <Badge family="ok" icon="radio" text="Answers now"/> })}
        </li>
    }
}

/// `?routes=1`.
#[component]
pub fn RoutesDialog(view: NumberView, action: ServerAction<SetRoutes>) -> impl IntoView {
    let open = use_parameter("routes");
    let here = use_here();
    let view = StoredValue::new(view);
    reactive(move || {
        open.get().map(|_| {
            let close = with_param(&here.get_untracked(), "routes", None);
            view! {
                <Dialog title="Where calls go without an agent" close_href=close.clone()>
                    <Phone phone=view.with_value(|view| view.row.phone.clone()) size="xl"/>
                    <RoutesForm view=view.get_value() close=close action=action/>
                </Dialog>
            }
        })
    })
}

#[component]
fn RoutesForm(view: NumberView, close: String, action: ServerAction<SetRoutes>) -> impl IntoView {
    let error = action_error(action);
    if view.routes.is_empty() {
        return view! {
            <p>"There is no route here yet. A route leads calls to a host, a number or a registered phone when no agent answers."</p>
            <div class="dialog-actions">
                <a class="btn btn-lg" href=close data-noscroll="">"Not now"</a>
                <a class="btn btn-primary btn-lg" href="/routes?new=1">"Make a route"</a>
            </div>
        };
    }
    let mut options = vec![(String::new(), String::from("None"))];
    options.extend(view.routes.into_iter().map(|route| (route.id, route.name)));
    view! {
        <ActionForm action=action>
            <input type="hidden" name="id" value=view.row.id/>
            <div class="stack-4">
                <SelectField
                    label="Primary route" name="primary_route_id" options=options.clone() value=view.primary_route_id.unwrap_or_default()
                    hint="Calls go there while no published agent answers the number." error=field_error(error, "primary_route_id")
                />
                <SelectField
                    label="Failover" name="failover_route_id" options=options value=view.failover_route_id.unwrap_or_default()
                    hint="Calls go there when the primary route does not connect." error=field_error(error, "failover_route_id")
                />
                <RefusalNote error=error/>
                <div class="dialog-actions">
                    <a class="btn btn-lg" href=close data-noscroll="">"Leave it as it is"</a>
                    <button type="submit" class="btn btn-primary btn-lg" disabled=move || action.pending().get()>"Save routes"</button>
                </div>
            </div>
        </ActionForm>
    }
}
