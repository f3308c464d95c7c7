//! The head of a number's page: where it is, the number itself, its states, and the dialogs for its label and its agent.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::domain::account::Role;
use crate::rpc::numbers::{AssignAgent, NumberView, OwnedRow, SetLabel};
use crate::ui::action_form::ActionForm;
use crate::ui::badge::OwnedBadges;
use crate::ui::browser;
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, SelectField};
use crate::ui::form::{field_error, use_parameter};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::phone::Phone;
use crate::ui::toast::toast;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};

#[component]
pub fn Head(view: NumberView) -> impl IntoView {
    let here = use_here();
    let row = view.row;
    let may = use_frame().can(Role::Member);
    let released = row.restore_until.is_some();
    let formatted = row.phone.formatted.clone();
    let copied = row.phone.e164.clone();
    let on_copy = move |_| {
        browser::copy(&copied);
        toast(String::from("Copied"), copied.clone());
    };
    let label_text = if row.label.is_empty() { String::from("No label") } else { row.label.clone() };
    let has_label = !row.label.is_empty();
    let tags =
        row.tags.iter().map(|tag| view! { <a class="tag" href=with_param("/numbers", "tag", Some(tag))>{tag.clone()}</a> }).collect_view();
    view! {
        <Title text=formatted.clone()/>
        <nav class="breadcrumb" aria-label="Breadcrumb">
            <a href="/numbers">"Numbers"</a>
            <Icon name="chevron-right" size=14/>
            <span aria-current="page">{formatted}</span>
        </nav>
        <header class="number-head">
            <div class="number-title">
                <h1><Phone phone=row.phone.clone() size="hero"/></h1>
                <div class="number-states">
                    <span class="number-label" class:muted=!has_label><Icon name="tag"/>{label_text}</span>
                    <OwnedBadges row=row now=view.now/>
                    {tags}
                </div>
            </div>
            <div class="number-actions">
                <button type="button" class="btn needs-browser" on:click=on_copy><Icon name="copy"/>"Copy"</button>
                {(may && !released).then(|| {
                    let href = move || with_param(&here.get(), "label", Some("1"));
                    view! { <a class="btn" href=href data-noscroll=""><Icon name="tag"/>"Edit label"</a> }
                })}
                {(may && !released).then(|| {
                    let href = move || with_param(&here.get(), "agent", Some("1"));
                    view! { <a class="btn btn-primary" href=href data-noscroll=""><Icon name="headphones"/>"Change agent"</a> }
                })}
            </div>
        </header>
    }
}

/// `?label=1`.
#[component]
pub fn LabelDialog(row: OwnedRow, action: ServerAction<SetLabel>) -> impl IntoView {
    let open = use_parameter("label");
    let here = use_here();
    let error = action_error(action);
    reactive(move || {
        open.get().map(|_| {
            let close = with_param(&here.get_untracked(), "label", None);
            let row = row.clone();
            view! {
                <Dialog title="Label and tags" close_href=close.clone()>
                    <Phone phone=row.phone size="xl"/>
                    <ActionForm action=action>
                        <input type="hidden" name="id" value=row.id/>
                        <div class="stack-4">
                            <Field
                                label="Label" name="label" value=row.label maxlength=64
                                hint="What your team calls this number, at most 64 characters. Leave it empty for none."
                                error=field_error(error, "label")
                            />
                            <input type="hidden" name="with_tags" value="1"/>
                            <Field
                                label="Tags" name="tags" value=row.tags.join(", ") maxlength=700
                                hint="Separated by commas, at most 20 of 32 characters: support, vip. Lists are filtered by them."
                                error=field_error(error, "tags")
                            />
                            <RefusalNote error=error/>
                            <div class="dialog-actions">
                                <a class="btn btn-lg" href=close data-noscroll="">"Leave it as it is"</a>
                                <button type="submit" class="btn btn-primary btn-lg">"Save"</button>
                            </div>
                        </div>
                    </ActionForm>
                </Dialog>
            }
        })
    })
}

/// `?agent=1`.
#[component]
pub fn AgentDialog(view: NumberView, action: ServerAction<AssignAgent>) -> impl IntoView {
    let open = use_parameter("agent");
    let here = use_here();
    let view = StoredValue::new(view);
    reactive(move || {
        open.get().map(|_| {
            let close = with_param(&here.get_untracked(), "agent", None);
            view! { <AgentChoiceDialog view=view.get_value() close=close action=action/> }
        })
    })
}

#[component]
fn AgentChoiceDialog(view: NumberView, close: String, action: ServerAction<AssignAgent>) -> impl IntoView {
    let error = action_error(action);
    let place = view.row.sub_account.as_ref().map(|sub_account| sub_account.id.clone());
    let options: Vec<(String, String)> = view
        .agents
        .iter()
        .filter(|agent| agent.sub_account_id == place)
        .map(|agent| (agent.id.clone(), format!("{}: {}", agent.name, agent.detail)))
        .collect();
    let chosen = view.row.agent_id.clone().unwrap_or_default();
    let where_text = view.row.sub_account.as_ref().map_or_else(|| String::from("your pool"), |sub_account| sub_account.name.clone());
    let close_href = close.clone();
    let body = if options.is_empty() {
        view! {
            <p>{format!("There is no agent in {where_text} yet. An agent is who answers: a voice agent, a call centre or a person.")}</p>
            <div class="dialog-actions">
                <a class="btn btn-lg" href=close.clone() data-noscroll="">"Not now"</a>
                <a class="btn btn-primary btn-lg" href="/agents">"Create an agent"</a>
            </div>
        }
    } else {
        let formatted = view.row.phone.formatted.clone();
        view! {
            <ActionForm action=action>
                <input type="hidden" name="id" value=view.row.id/>
                <div class="stack-4">
                    <SelectField
                        label="Agent" name="agent_id" options=options value=chosen
                        hint="It replaces the agent that the number has now. A draft does not answer until it is published."
                        error=field_error(error, "agent_id")
                    />
                    <RefusalNote error=error/>
                    <div class="dialog-actions">
                        <a class="btn btn-lg" href=close.clone() data-noscroll="">"Leave it as it is"</a>
                        <button type="submit" class="btn btn-primary btn-lg">{format!("Let it answer {formatted}")}</button>
                    </div>
                </div>
            </ActionForm>
        }
    };
    view! {
        <Dialog title="Who answers this number?" close_href=close_href>
            <Phone phone=view.row.phone size="xl"/>
            {body}
        </Dialog>
    }
}
