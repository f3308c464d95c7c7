//! `/webhooks`: which addresses are told of what, and how the telling went. Forms are in `dialogs`, the log is in `log`.

mod dialogs;
mod log;

use leptos::prelude::*;

use crate::rpc::webhooks::{
    CreateWebhook, DeleteWebhook, EditWebhook, NewSecret, Redeliver, RotateWebhook, TestWebhook, WebhookView, WebhooksInput, WebhooksView,
    webhooks_page,
};
use crate::ui::action_form::ActionForm;
use crate::ui::badge::Badge;
use crate::ui::empty::Empty;
use crate::ui::form::{dialog_action, successes, use_text_parameter};
use crate::ui::frame::PageHead;
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::loaded::Loaded;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::one_time_secret::{OneTimeSecret, SecretPlace, forget_when_opened, use_newest};
use crate::ui::table::{Column, ListTable};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;
use crate::ui::when::When;

use dialogs::WebhookDialogs;
use log::DeliveryLog;

/// The heads of the table.
const COLUMNS: &[Column] =
    &[Column::Text("Address"), Column::Text("Told of"), Column::Text("State"), Column::Text("Since"), Column::Actions];

/// What the page writes.
#[derive(Clone, Copy)]
pub(super) struct WebhookActions {
    pub create: ServerAction<CreateWebhook>,
    pub edit: ServerAction<EditWebhook>,
    pub delete: ServerAction<DeleteWebhook>,
    pub rotate: ServerAction<RotateWebhook>,
    pub test: ServerAction<TestWebhook>,
    pub redeliver: ServerAction<Redeliver>,
}

impl WebhookActions {
    fn new() -> Self {
        Self {
            create: ServerAction::new(),
            edit: ServerAction::new(),
            delete: ServerAction::new(),
            rotate: ServerAction::new(),
            test: ServerAction::new(),
            redeliver: ServerAction::new(),
        }
    }
}

/// The webhooks of the organization.
#[component]
pub fn WebhooksPage() -> impl IntoView {
    view! { <SignedIn><WebhooksContent/></SignedIn> }
}

#[component]
fn WebhooksContent() -> impl IntoView {
    let actions = WebhookActions::new();
    let created = dialog_action(actions.create, "new");
    let edited = dialog_action(actions.edit, "edit");
    let deleted = dialog_action(actions.delete, "delete");
    let rotated = dialog_action(actions.rotate, "rotate");
    forget_when_opened("new", actions.rotate);
    forget_when_opened("rotate", actions.create);
    let (tested, redelivered) = (successes(actions.test), successes(actions.redeliver));
    let written =
        move || [created.get(), edited.get(), deleted.get(), rotated.get(), tested.get(), redelivered.get()].into_iter().sum::<usize>();
    let (state, webhook, cursor) = (use_text_parameter("state"), use_text_parameter("webhook"), use_text_parameter("cursor"));
    let resource = load(
        move || (written(), WebhooksInput { state: state.get(), webhook: webhook.get(), cursor: cursor.get() }),
        |(_, input)| webhooks_page(input),
    );
    view! {
        <div class="page webhooks">
            <PageHead title="Webhooks" subtitle="Addresses of yours that are told when something happens here."><CreateLink/></PageHead>
            <RefusalNote error=action_error(actions.test)/>
            <RefusalNote error=action_error(actions.redeliver)/>
            <Loaded resource rows=6 show=move |view| view! { <WebhooksBody view actions/> }/>
        </div>
    }
}

#[component]
fn CreateLink() -> impl IntoView {
    let here = use_here();
    view! {
        <a class="btn btn-primary" href=move || with_param(&here.get(), "new", Some("1")) data-noscroll="">
            <Icon name="plus"/>
            "Add a webhook"
        </a>
    }
}

fn shown(made: NewSecret) -> OneTimeSecret {
    OneTimeSecret {
        label: format!("Secret for {}", made.url),
        secret: made.secret,
        note: "Shown only now. With it the receiver checks that a message comes from here (Standard Webhooks, HMAC-SHA256).",
    }
}

#[component]
fn WebhooksBody(view: WebhooksView, actions: WebhookActions) -> impl IntoView {
    let secret = use_newest(view.new_secret.clone(), actions.create, actions.rotate, shown);
    let list = if view.webhooks.is_empty() {
        view! {
            <Empty title="Nobody is told yet" text="Add the address of a system of yours. It gets a signed message when a number is bought, assigned or released, when a hold or a cool-off ends, and when the wallet runs low."/>
        }
    } else {
        let log = view.clone();
        view! {
            <WebhookTable webhooks=view.webhooks.clone() test=actions.test/>
            <DeliveryLog view=log redeliver=actions.redeliver/>
        }
    };
    view! {
        <SecretPlace secret/>
        {list}
        <WebhookDialogs view actions/>
    }
}

#[component]
fn WebhookTable(webhooks: Vec<WebhookView>, test: ServerAction<TestWebhook>) -> impl IntoView {
    let rows = webhooks.into_iter().map(|webhook| view! { <WebhookRow webhook test/> }).collect_view();
    view! {
        <ListTable label="Webhooks" caption="Addresses with the events that they are told of" class="webhooks-table" columns=COLUMNS>{rows}</ListTable>
    }
}

#[component]
fn WebhookRow(webhook: WebhookView, test: ServerAction<TestWebhook>) -> impl IntoView {
    let events = if webhook.events.is_empty() { String::from("Everything") } else { webhook.events.join(", ") };
    let state = if webhook.disabled {
        view! { <Badge family="plain" icon="circle-pause" text="Off"/> }
    } else {
        view! { <Badge family="ok" icon="circle-check" text="On"/> }
    };
    let overlap = webhook.old_secret_until.clone().map(|until| {
        view! { <span class="webhook-overlap">"The old secret signs too until "<When moment=until/></span> }
    });
    view! {
        <tr>
            <th scope="row" class="webhook-url">{webhook.url.clone()}</th>
            <td class="webhook-events" data-label="Told of">{events}</td>
            <td data-label="State">{state}{overlap}</td>
            <td data-label="Since"><When moment=webhook.created_at.clone() style="day"/></td>
            <td class="webhook-actions"><RowActions webhook test/></td>
        </tr>
    }
}

#[component]
fn RowActions(webhook: WebhookView, test: ServerAction<TestWebhook>) -> impl IntoView {
    let here = use_here();
    let id = StoredValue::new(webhook.id);
    let link = move |parameter: &'static str| move || with_param(&here.get(), parameter, Some(&id.get_value()));
    let label = |what: &str| format!("{what} {}", webhook.url);
    let (test_label, edit_label) = (label("Send a test event to"), label("Edit"));
    let (rotate_label, delete_label) = (label("New secret for"), label("Delete"));
    view! {
        <div class="row-1 row-actions">
            {(!webhook.disabled).then(|| view! {
                <ActionForm action=test>
                    <input type="hidden" name="id" value=id.get_value()/>
                    <button type="submit" class="btn btn-sm btn-tonal" aria-label=test_label disabled=move || test.pending().get()>"Test"</button>
                </ActionForm>
            })}
            <a class="btn btn-sm" href=link("edit") data-noscroll="" aria-label=edit_label>"Edit"</a>
            <a class="btn btn-sm" href=link("rotate") data-noscroll="" aria-label=rotate_label>"New secret"</a>
            <a class="btn btn-sm btn-danger-line" href=link("delete") data-noscroll="" aria-label=delete_label>"Delete\u{2026}"</a>
        </div>
    }
}
