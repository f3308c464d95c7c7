//! `/keys`: which programs may do what, and when each key was last used. Forms are in `dialogs`, a new secret is shown by `ui::one_time_secret`.

mod dialogs;

use leptos::prelude::*;

use crate::rpc::keys::{CreateKey, KeySecret, KeyView, KeysView, RevokeKey, RotateKey, keys_page};
use crate::ui::badge::Badge;
use crate::ui::empty::Empty;
use crate::ui::form::{NoValue, dialog_action};
use crate::ui::frame::PageHead;
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::loaded::Loaded;
use crate::ui::one_time_secret::{OneTimeSecret, SecretPlace, forget_when_opened, use_newest};
use crate::ui::table::{Column, ListTable};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;
use crate::ui::when::When;

use dialogs::KeyDialogs;

/// The heads of the table.
const COLUMNS: &[Column] = &[Column::Text("Key"), Column::Text("May"), Column::Text("Last used"), Column::Text("Ends"), Column::Actions];

/// What the page writes.
#[derive(Clone, Copy)]
pub(super) struct KeyActions {
    pub create: ServerAction<CreateKey>,
    pub rotate: ServerAction<RotateKey>,
    pub revoke: ServerAction<RevokeKey>,
}

/// The keys of the organization.
#[component]
pub fn KeysPage() -> impl IntoView {
    view! { <SignedIn><KeysContent/></SignedIn> }
}

#[component]
fn KeysContent() -> impl IntoView {
    let actions = KeyActions { create: ServerAction::new(), rotate: ServerAction::new(), revoke: ServerAction::new() };
    let created = dialog_action(actions.create, "new");
    let rotated = dialog_action(actions.rotate, "rotate");
    let revoked = dialog_action(actions.revoke, "delete");
    forget_when_opened("new", actions.rotate);
    forget_when_opened("rotate", actions.create);
    let resource = load(move || (created.get(), rotated.get(), revoked.get()), |_| keys_page());
    view! {
        <div class="page list-page">
            <PageHead title="Keys" subtitle="With a key a program does here what its scopes name."><CreateLink/></PageHead>
            <Loaded resource show=move |view| view! { <KeysBody view actions/> }/>
        </div>
    }
}

#[component]
fn CreateLink() -> impl IntoView {
    let here = use_here();
    view! {
        <a class="btn btn-primary" href=move || with_param(&here.get(), "new", Some("1")) data-noscroll="">
            <Icon name="plus"/>
            "Make a key"
        </a>
    }
}

fn shown(made: KeySecret) -> OneTimeSecret {
    OneTimeSecret {
        label: format!("Secret of {}", made.name),
        secret: made.secret,
        note: "Shown only now. A program sends it as Authorization: Bearer.",
    }
}

#[component]
fn KeysBody(view: KeysView, actions: KeyActions) -> impl IntoView {
    let secret = use_newest(view.new_secret.clone(), actions.create, actions.rotate, shown);
    let list = if view.keys.is_empty() {
        view! { <Empty title="No keys yet" text="A program needs a key to search, hold, buy and assign numbers through the API. Make one with no more scopes than it needs."/> }
    } else {
        view! { <KeyTable keys=view.keys.clone()/> }
    };
    view! {
        <SecretPlace secret/>
        {list}
        <p class="muted small">"What programs can do is in the "<a class="link" href="/docs/api" rel="external">"reference of the API"</a>"."</p>
        <KeyDialogs view actions/>
    }
}

#[component]
fn KeyTable(keys: Vec<KeyView>) -> impl IntoView {
    let rows = keys.into_iter().map(|key| view! { <KeyRow key_view=key/> }).collect_view();
    view! {
        <ListTable label="Keys" caption="Keys with what they may do and when they were last used" class="keys-table" columns=COLUMNS>{rows}</ListTable>
    }
}

#[component]
fn KeyRow(key_view: KeyView) -> impl IntoView {
    let place = key_view.sub_account.clone().map_or_else(|| String::from("The organization"), |sub_account| sub_account.name);
    let used = match key_view.last_used_at.clone() {
        Some(moment) => view! { <When moment/> },
        None => view! { <span class="muted">"Never"</span> },
    };
    let ends = match key_view.expires_at.clone() {
        Some(_) if key_view.ended => view! { <Badge family="warn" icon="circle-alert" text="Ended"/> },
        Some(moment) => view! { <When moment style="day"/> },
        None => view! { <NoValue/> },
    };
    let overlap = key_view.old_secret_until.clone().map(|until| {
        view! { <span class="key-overlap">"The old secret works too until "<When moment=until/></span> }
    });
    view! {
        <tr>
            <th scope="row" class="key-name"><strong>{key_view.name.clone()}</strong><span class="key-place">{place}</span>{overlap}</th>
            <td class="key-scopes" data-label="May">{key_view.scopes.join(", ")}</td>
            <td data-label="Last used">{used}</td>
            <td data-label="Ends">{ends}</td>
            <td class="key-actions"><RowActions key_view/></td>
        </tr>
    }
}

#[component]
fn RowActions(key_view: KeyView) -> impl IntoView {
    let here = use_here();
    let id = StoredValue::new(key_view.id);
    let link = move |parameter: &'static str| move || with_param(&here.get(), parameter, Some(&id.get_value()));
    let (rotate_label, revoke_label) = (format!("New secret for {}", key_view.name), format!("Revoke {}", key_view.name));
    view! {
        <div class="row-1 row-actions">
            {(!key_view.ended).then(|| view! {
                <a class="btn btn-sm" href=link("rotate") data-noscroll="" aria-label=rotate_label>"New secret"</a>
            })}
            <a class="btn btn-sm btn-danger-line" href=link("delete") data-noscroll="" aria-label=revoke_label>"Revoke\u{2026}"</a>
        </div>
    }
}
