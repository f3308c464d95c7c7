//! `/agents`: who may answer calls, with their draft and published versions. The dialogs are a file of their own.

mod dialogs;

use leptos::prelude::*;

use crate::domain::code::Code;
use crate::rpc::agents::{AgentView, AgentsView, CreateAgent, DeleteAgent, EditAgent, PublishAgent, list_agents};
use crate::rpc::error::AppError;
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
use crate::ui::when::When;

use dialogs::AgentDialogs;

/// The heads of the table.
const COLUMNS: &[Column] = &[
    Column::Text("Agent"),
    Column::Text("Calls go to"),
    Column::Text("Version"),
    Column::Text("Numbers"),
    Column::Text("Sub-account"),
    Column::Text("Changed"),
    Column::Actions,
];

/// What the page writes.
#[derive(Clone, Copy)]
pub(super) struct AgentActions {
    pub create: ServerAction<CreateAgent>,
    pub edit: ServerAction<EditAgent>,
    pub publish: ServerAction<PublishAgent>,
    pub delete: ServerAction<DeleteAgent>,
}

/// The agents of the organization.
#[component]
pub fn AgentsPage() -> impl IntoView {
    view! { <SignedIn><AgentsContent/></SignedIn> }
}

#[component]
fn AgentsContent() -> impl IntoView {
    let actions =
        AgentActions { create: ServerAction::new(), edit: ServerAction::new(), publish: ServerAction::new(), delete: ServerAction::new() };
    let created = dialog_action(actions.create, "new");
    let edited = dialog_action(actions.edit, "edit");
    let deleted = dialog_action(actions.delete, "delete");
    let published = successes(actions.publish);
    let frame = use_frame();
    Effect::watch(move || (created.get(), deleted.get()), move |_, _, _| frame.refetch(), false);
    let resource = load(move || (created.get(), edited.get(), deleted.get(), published.get()), |_| list_agents());
    // An agent that somebody else has deleted has no dialog any more that could say so.
    let delete_error = action_error(actions.delete);
    let gone = Signal::derive(move || delete_error.get().filter(|error| error.code() == Code::NotFound));
    view! {
        <div class="page agents">
            <PageHead title="Agents" subtitle="Who answers calls: an AI voice agent, a call centre or a person.">
                <Transition fallback=|| ()><NewAgentLink resource/></Transition>
            </PageHead>
            <RefusalNote error=action_error(actions.publish)/>
            <RefusalNote error=gone/>
            <Loaded resource show=move |view| view! { <AgentsBody view actions/> }/>
        </div>
    }
}

/// The button in the head, for those who may use it.
#[component]
fn NewAgentLink(resource: Load<Result<AgentsView, AppError>>) -> impl IntoView {
    reactive(move || {
        Suspend::new(
            async move { resource.await.is_ok_and(|view| view.can_edit && !view.agents.is_empty()).then(|| view! { <CreateLink/> }) },
        )
    })
}

#[component]
fn CreateLink() -> impl IntoView {
    let here = use_here();
    view! {
        <a class="btn btn-primary" href=move || with_param(&here.get(), "new", Some("1")) data-noscroll="">
            <Icon name="plus"/>
            "Create an agent"
        </a>
    }
}

#[component]
fn AgentsBody(view: AgentsView, actions: AgentActions) -> impl IntoView {
    let list = if view.agents.is_empty() {
        let can_edit = view.can_edit;
        view! {
            <Empty title="No agents yet" text="An agent is who answers: an AI voice agent, a call centre or a person. Create one, publish it, then point numbers at it on the board.">
                {can_edit.then(|| view! { <CreateLink/> })}
            </Empty>
        }
    } else {
        view! { <AgentTable view=view.clone() publish=actions.publish/> }
    };
    view! {
        {list}
        <AgentDialogs view actions/>
    }
}

#[component]
fn AgentTable(view: AgentsView, publish: ServerAction<PublishAgent>) -> impl IntoView {
    let (can_edit, can_delete) = (view.can_edit, view.can_delete);
    let rows = view.agents.into_iter().map(|agent| view! { <AgentRow agent publish can_edit can_delete/> }).collect_view();
    view! {
        <ListTable label="Agents" caption="Agents by name, with what is published and how many numbers they answer" class="agents-table" columns=COLUMNS>{rows}</ListTable>
    }
}

#[component]
fn AgentRow(agent: AgentView, publish: ServerAction<PublishAgent>, can_edit: bool, can_delete: bool) -> impl IntoView {
    let lit = agent.published_version.is_some();
    let counted = if agent.numbers == 1 { " number" } else { " numbers" };
    let sub_account = match agent.sub_account.clone() {
        Some(sub_account) => view! { <span>{sub_account.name}</span> },
        None => view! { <NoValue/> },
    };
    view! {
        <tr>
            <th scope="row" class="agent-name">
                <span class=if lit { "lamp-dot lamp-lit" } else { "lamp-dot" } aria-hidden="true"></span>
                <span class="agent-title"><strong>{agent.name.clone()}</strong><span class="agent-kind">{agent.kind_text.clone()}</span></span>
            </th>
            <td class="agent-destination"><Destination agent=agent.clone()/></td>
            <td class="agent-version"><Version agent=agent.clone()/></td>
            <td class="agent-numbers"><span class="num">{agent.numbers}</span><span class="only-phone muted">{counted}</span></td>
            <td class="agent-sub-account" data-label="Sub-account">{sub_account}</td>
            <td class="agent-changed" data-label="Changed"><When moment=agent.updated_at.clone() style="day"/></td>
            <td class="agent-actions"><RowActions agent publish can_edit can_delete/></td>
        </tr>
    }
}

/// Where calls go now; under it where they would go once the draft is published.
#[component]
fn Destination(agent: AgentView) -> impl IntoView {
    let draft = agent.draft_destination;
    match agent.published_destination {
        Some(published) if published != draft => view! {
            <span class="destination">{published}</span>
            <span class="destination destination-draft">"Draft: "{draft}</span>
        },
        Some(published) => view! { <span class="destination">{published}</span> },
        None => view! { <span class="destination destination-draft">{draft}</span> },
    }
}

#[component]
fn Version(agent: AgentView) -> impl IntoView {
    match agent.published_version {
        Some(version) => view! {
            <Badge family="ok" icon="circle-check" text=format!("Version {version}")/>
            {agent.draft_changed.then(|| view! { <Badge family="plain" icon="pencil-line" text="Draft changed"/> })}
        },
        None => view! { <Badge family="warn" icon="volume-x" text="Draft, answers nobody"/> },
    }
}

#[component]
fn RowActions(agent: AgentView, publish: ServerAction<PublishAgent>, can_edit: bool, can_delete: bool) -> impl IntoView {
    let here = use_here();
    let name = agent.name;
    let id = StoredValue::new(agent.id);
    let publishable = can_edit && (agent.draft_changed || agent.published_version.is_none());
    let publish_label = format!("Publish {name}");
    let edit_label = format!("Edit {name}");
    let delete_label = format!("Delete {name}");
    view! {
        <div class="row-1 row-actions">
            {publishable.then(|| view! {
                <ActionForm action=publish>
                    <input type="hidden" name="id" value=id.get_value()/>
                    <button type="submit" class="btn btn-sm btn-tonal" aria-label=publish_label disabled=move || publish.pending().get()>"Publish"</button>
                </ActionForm>
            })}
            {can_edit.then(|| view! {
                <a class="btn btn-sm" href=move || with_param(&here.get(), "edit", Some(&id.get_value())) data-noscroll="" aria-label=edit_label>"Edit"</a>
            })}
            {can_delete.then(|| view! {
                <a class="btn btn-sm btn-danger-line" href=move || with_param(&here.get(), "delete", Some(&id.get_value())) data-noscroll="" aria-label=delete_label>"Delete\u{2026}"</a>
            })}
        </div>
    }
}
