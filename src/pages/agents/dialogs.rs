//! Creating, editing and deleting an agent, each while its parameter stands in the URL.

use leptos::prelude::*;

use super::AgentActions;
use crate::rpc::agents::{AgentView, AgentsView, CreateAgent, DeleteAgent, EditAgent};
use crate::rpc::error::AppError;
use crate::rpc::shapes::Named;
use crate::ui::field::{Field, SelectField};
use crate::ui::form::{field_error, use_parameter};
use crate::ui::form_dialog::{Consequence, FormDialog};
use crate::ui::message::action_error;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;

/// The dialog that the URL asks for, if any.
#[component]
pub(super) fn AgentDialogs(view: AgentsView, actions: AgentActions) -> impl IntoView {
    let (new, edit, delete) = (use_parameter("new"), use_parameter("edit"), use_parameter("delete"));
    let here = use_here();
    let view = StoredValue::new(view);
    let close = move |name: &'static str| with_param(&here.get_untracked(), name, None);
    let found = move |id: &str| view.with_value(|view| view.agents.iter().find(|agent| agent.id == id).cloned());
    let (can_edit, can_delete) = view.with_value(|view| (view.can_edit, view.can_delete));
    view! {
        {move || (can_edit && new.get().is_some()).then(|| {
            let sub_accounts = view.with_value(|view| view.sub_accounts.clone());
            view! { <CreateDialog action=actions.create sub_accounts close=close("new")/> }
        })}
        {move || edit.get().filter(|_| can_edit).and_then(|id| found(&id)).map(|agent| {
            view! { <EditDialog action=actions.edit agent close=close("edit")/> }
        })}
        {move || delete.get().filter(|_| can_delete).and_then(|id| found(&id)).map(|agent| {
            view! { <DeleteDialog action=actions.delete agent close=close("delete")/> }
        })}
    }
}

/// Name, kind and destination, as creating and editing share them.
#[component]
fn AgentFields(
    error: Signal<Option<AppError>>,
    #[prop(optional, into)] name: String,
    #[prop(optional, into)] kind: String,
    #[prop(optional, into)] destination: String,
) -> impl IntoView {
    let kinds = [("ai_voice", "AI voice agent"), ("call_centre", "Call centre"), ("person", "Person")];
    let options = kinds.map(|(value, text)| (String::from(value), String::from(text))).to_vec();
    view! {
        <Field label="Name" name="name" id="agent-name" value=name error=field_error(error, "name") required=true autocomplete="off" placeholder="Front desk" maxlength=80/>
        <SelectField label="Who answers" name="kind" id="agent-kind" options value=kind error=field_error(error, "kind")/>
        <Field
            label="Calls go to"
            name="destination"
            id="agent-destination"
            value=destination
            error=field_error(error, "destination")
            required=true
            autocomplete="off"
            placeholder="sip:desk@voice.example"
            hint="A SIP address, a number such as +14155550100, or an https webhook."
        />
    }
}

#[component]
fn CreateDialog(action: ServerAction<CreateAgent>, sub_accounts: Vec<Named>, close: String) -> impl IntoView {
    let error = action_error(action);
    let options = std::iter::once((String::new(), String::from("None: numbers of the pool")))
        .chain(sub_accounts.into_iter().map(|sub_account| (sub_account.id, sub_account.name)))
        .collect::<Vec<_>>();
    let choose = options.len() > 1;
    view! {
        <FormDialog title="Create an agent" close action verb="Create the agent">
            <AgentFields error/>
            {choose.then(|| view! {
                <SelectField
                    label="Sub-account"
                    name="sub_account_id"
                    id="agent-sub-account"
                    options
                    hint="An agent answers numbers of its own place only."
                    error=field_error(error, "sub_account_id")
                />
            })}
            <label class="check">
                <input type="checkbox" name="publish" value="1" checked/>
                <span>"Publish at once"<span class="check-hint">"A draft answers nobody until it is published."</span></span>
            </label>
        </FormDialog>
    }
}

#[component]
fn EditDialog(action: ServerAction<EditAgent>, agent: AgentView, close: String) -> impl IntoView {
    let error = action_error(action);
    let title = format!("Edit {}", agent.name);
    let published = agent.published_version.is_some();
    view! {
        <FormDialog title close action verb="Save the draft">
            <input type="hidden" name="id" value=agent.id/>
            <AgentFields error name=agent.name kind=agent.kind destination=agent.draft_destination/>
            {published.then(|| view! { <p class="muted">"This changes the draft. Calls go where the published version says until you publish again."</p> })}
        </FormDialog>
    }
}

#[component]
fn DeleteDialog(action: ServerAction<DeleteAgent>, agent: AgentView, close: String) -> impl IntoView {
    let title = format!("Delete {}?", agent.name);
    let consequence = numbers_become_free(agent.numbers);
    let afterwards = if agent.numbers == 0 {
        "Nothing stops answering."
    } else {
        "Still yours and still paid. Nobody answers until there is another agent or a route."
    };
    let button = format!("Delete {}", agent.name);
    view! {
        <FormDialog title close action keep="Keep it" verb=button danger=true>
            <input type="hidden" name="id" value=agent.id/>
            <ul class="consequences">
                <Consequence icon="volume-x" title=consequence text=afterwards/>
                <Consequence icon="trash-2" title="Its versions are gone for good" text="Calls that were reported stay in the history of each number."/>
            </ul>
        </FormDialog>
    }
}

/// What deleting does to the numbers of an agent.
fn numbers_become_free(numbers: u32) -> String {
    match numbers {
        0 => String::from("No number points at it"),
        1 => String::from("Its 1 number will be free"),
        count => format!("Its {count} numbers will be free"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_consequence_counts() {
        assert_eq!(numbers_become_free(0), "No number points at it");
        assert_eq!(numbers_become_free(1), "Its 1 number will be free");
        assert_eq!(numbers_become_free(12), "Its 12 numbers will be free");
    }
}
