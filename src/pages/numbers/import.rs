//! Importing a number that the organization has at a carrier of its own (`?import=1`).

use leptos::prelude::*;

use crate::rpc::numbers::ImportNumber;
use crate::rpc::shapes::AgentChoice;
use crate::ui::action_form::ActionForm;
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, SelectField};
use crate::ui::form::{dialog_action, field_error, use_parameter};
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};

/// The write and its successes, made where the list waits for them.
#[derive(Clone, Copy)]
pub struct Import {
    pub action: ServerAction<ImportNumber>,
    pub changed: Memo<usize>,
}

#[must_use]
pub fn use_import() -> Import {
    let action = ServerAction::new();
    Import { action, changed: dialog_action(action, "import") }
}

/// The dialog; nothing while `?import` is absent.
#[component]
pub fn ImportDialog(agents: Vec<AgentChoice>, action: ServerAction<ImportNumber>) -> impl IntoView {
    let open = use_parameter("import");
    let here = use_here();
    let mut options = vec![(String::new(), String::from("No agent for now"))];
    let pool = agents.into_iter().filter(|agent| agent.sub_account_id.is_none());
    options.extend(pool.map(|agent| (agent.id, format!("{}: {}", agent.name, agent.detail))));
    let error = action_error(action);
    let pending = action.pending();
    reactive(move || {
        open.get().map(|_| {
            let close = with_param(&here.get_untracked(), "import", None);
            let options = options.clone();
            view! {
                <Dialog title="Import a number" close_href=close.clone()>
                    <p class="import-about muted">
                        "A number that you already have at a carrier of your own. It costs nothing here and is never put into stock; your carrier goes on billing it."
                    </p>
                    <ActionForm action=action>
                        <div class="stack-4">
                            <Field
                                label="Number" name="e164" required=true kind="tel" inputmode="tel" autocomplete="off"
                                placeholder="+1 415 555 0123" hint="With its country code, for example +1 415 555 0123."
                                error=field_error(error, "e164")
                            />
                            <SelectField
                                label="Agent" name="agent_id" options=options hint="Who answers it from now on."
                                error=field_error(error, "agent_id")
                            />
                            <RefusalNote error=error/>
                            <div class="dialog-actions">
                                <a class="btn btn-lg" href=close data-noscroll="">"Not now"</a>
                                <button type="submit" class="btn btn-primary btn-lg" disabled=move || pending.get()>"Import the number"</button>
                            </div>
                        </div>
                    </ActionForm>
                </Dialog>
            }
        })
    })
}
