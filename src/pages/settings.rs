//! `/settings`: the organization's name, the lengths that count here, the person's password, and where they are signed in.

use leptos::prelude::*;

use crate::rpc::settings::{ChangePassword, EndSessions, RenameOrganization, SessionView, SettingsView, settings_page};
use crate::ui::action_form::ActionForm;
use crate::ui::field::Field;
use crate::ui::form::{field_error, successes, use_parameter};
use crate::ui::frame::{PageHead, use_frame};
use crate::ui::guard::SignedIn;
use crate::ui::load::load;
use crate::ui::loaded::Loaded;
use crate::ui::message::{Note, RefusalNote, action_error};
use crate::ui::settings_list::SettingsList;
use crate::ui::view::view;
use crate::ui::when::When;

/// What the page writes.
#[derive(Clone, Copy)]
struct Actions {
    rename: ServerAction<RenameOrganization>,
    password: ServerAction<ChangePassword>,
    end: ServerAction<EndSessions>,
}

/// Settings of the organization and of the person.
#[component]
pub fn SettingsPage() -> impl IntoView {
    view! { <SignedIn><Content/></SignedIn> }
}

#[component]
fn Content() -> impl IntoView {
    let actions = Actions { rename: ServerAction::new(), password: ServerAction::new(), end: ServerAction::new() };
    let (renamed, changed, ended) = (successes(actions.rename), successes(actions.password), successes(actions.end));
    let frame = use_frame();
    Effect::watch(move || renamed.get(), move |_, _, _| frame.refetch(), false);
    let resource = load(move || (renamed.get(), changed.get(), ended.get()), |_| settings_page());
    view! {
        <div class="page list-page settings-page">
            <PageHead title="Settings"/>
            <Loaded resource show=move |view| view! { <Body view actions/> }/>
        </div>
    }
}

#[component]
fn Body(view: SettingsView, actions: Actions) -> impl IntoView {
    let changed = use_parameter("changed");
    let organization = view.organization.map(|name| view! { <Organization name can_rename=view.can_rename action=actions.rename/> });
    view! {
        {move || changed.get().map(|_| view! {
            <Note family="ok" icon="circle-check" title="The password is changed." text="You are signed in here and nowhere else."/>
        })}
        {organization}
        <Password email=view.email action=actions.password/>
        <Sessions sessions=view.sessions action=actions.end/>
        <SettingsList title="Lengths and limits" rows=view.lengths/>
        <p class="muted small">"They are the operator\u{2019}s to choose and the same for every organization."</p>
    }
}

#[component]
fn Organization(name: String, can_rename: bool, action: ServerAction<RenameOrganization>) -> impl IntoView {
    let error = action_error(action);
    let form = if can_rename {
        view! {
            <ActionForm action>
                <div class="stack-4">
                    <RefusalNote error/>
                    <Field label="Name" name="name" id="organization-name" value=name required=true autocomplete="organization" maxlength=80 error=field_error(error, "name") hint="Your customers do not see it; the operator does."/>
                    <div><button type="submit" class="btn" disabled=move || action.pending().get()>"Save the name"</button></div>
                </div>
            </ActionForm>
        }
    } else {
        view! { <p><strong>{name}</strong></p><p class="muted small">"Owners and administrators can rename it."</p> }
    };
    view! {
        <section class="panel" aria-labelledby="settings-organization">
            <div class="panel-head"><h2 id="settings-organization">"Organization"</h2></div>
            <div class="panel-body settings-form">{form}</div>
        </section>
    }
}

#[component]
fn Password(email: String, action: ServerAction<ChangePassword>) -> impl IntoView {
    let error = action_error(action);
    view! {
        <section class="panel" aria-labelledby="settings-password">
            <div class="panel-head"><h2 id="settings-password">"Password"</h2></div>
            <div class="panel-body settings-form">
                <ActionForm action>
                    <div class="stack-4">
                        <RefusalNote error/>
                        // For programs that keep passwords.
                        <input type="hidden" autocomplete="username" value=email/>
                        <Field label="Current password" name="current" id="current-password" kind="password" required=true autocomplete="current-password" error=field_error(error, "current")/>
                        <Field label="New password" name="password" id="new-password" kind="password" required=true autocomplete="new-password" hint="At least 10 characters. You are signed out everywhere else." error=field_error(error, "password")/>
                        <div><button type="submit" class="btn" disabled=move || action.pending().get()>"Change the password"</button></div>
                    </div>
                </ActionForm>
            </div>
        </section>
    }
}

#[component]
fn Sessions(sessions: Vec<SessionView>, action: ServerAction<EndSessions>) -> impl IntoView {
    let error = action_error(action);
    let others = sessions.iter().filter(|session| !session.this).count();
    let rows = sessions
        .into_iter()
        .map(|session| {
            let place = if session.this { "This browser" } else { "Another browser" };
            view! {
                <li>
                    <strong>{place}</strong>
                    <span class="muted">"since "<When moment=session.since/></span>
                    <span class="muted">"last used "<When moment=session.last_seen/></span>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="settings-sessions">
            <div class="panel-head">
                <h2 id="settings-sessions">"Where you are signed in"</h2>
                {(others > 0).then(|| view! {
                    <ActionForm action>
                        <button type="submit" class="btn btn-sm" disabled=move || action.pending().get()>"Sign out everywhere else"</button>
                    </ActionForm>
                })}
            </div>
            <div class="panel-body stack-3">
                <RefusalNote error/>
                <ul class="settings-sessions">{rows}</ul>
            </div>
        </section>
    }
}
