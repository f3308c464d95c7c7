//! What is done to several selected numbers at once. Each has its own outcome; what was refused is named. Only a browser
//! selects, so without JavaScript the menu of each row does the same.

use std::collections::BTreeSet;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::ListState;
use crate::domain::account::Role;
use crate::domain::refusal::Refusal;
use crate::pages::board::move_dialog::{Stayed, move_href};
use crate::rpc::error::AppError;
use crate::rpc::numbers::{MoveRow, OwnedRow, set_label, set_locked, unassign_agent};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::urls::use_here;

/// What to do to each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    Lock,
    Unlock,
    Unassign,
    Label(String),
}

impl Job {
    const fn done(&self) -> &'static str {
        match self {
            Self::Lock => "locked",
            Self::Unlock => "unlocked",
            Self::Unassign => "unassigned",
            Self::Label(_) => "labelled",
        }
    }
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkOutcome {
    done: &'static str,
    count: u32,
    total: usize,
    refused: Vec<MoveRow>,
}

/// The write behind the bar.
pub type Bulk = Action<(Job, Vec<OwnedRow>), BulkOutcome>;

#[must_use]
pub fn new_bulk() -> Bulk {
    Action::new(|(job, rows): &(Job, Vec<OwnedRow>)| run(job.clone(), rows.clone()))
}

async fn run(job: Job, rows: Vec<OwnedRow>) -> BulkOutcome {
    let mut outcome = BulkOutcome { done: job.done(), count: 0, total: rows.len(), refused: Vec::new() };
    for row in rows {
        let id = row.id.clone();
        let answer = match &job {
            Job::Lock => set_locked(id, 1).await,
            Job::Unlock => set_locked(id, 0).await,
            Job::Unassign => unassign_agent(id).await,
            Job::Label(label) => set_label(id, label.clone()).await,
        };
        match answer {
            Ok(()) => outcome.count += 1,
            Err(error) => outcome.refused.push(MoveRow { id: row.id, phone: row.phone, refusal: Some(refusal(error)) }),
        }
    }
    outcome
}

fn refusal(error: AppError) -> Refusal {
    match error {
        AppError::Refused { refusal } => refusal,
        other => other.code().into(),
    }
}

/// Says which of them were refused.
#[component]
pub fn BulkResult(bulk: Bulk) -> impl IntoView {
    let value = bulk.value();
    view! {
        <div class="move-result" aria-live="polite">
            {move || {
                let outcome = value.get().filter(|outcome| !outcome.refused.is_empty())?;
                let on_close = Callback::new(move |()| bulk.clear());
                Some(view! {
                    <Stayed
                        done=outcome.done count=outcome.count rows=outcome.refused total=outcome.total can_force=false
                        on_close=on_close
                    />
                })
            }}
        </div>
    }
}

/// The bar at the foot of the page, while something is selected. Rows are those of this page.
#[component]
pub fn BulkBar(rows: Vec<OwnedRow>, total: u64, state: ListState) -> impl IntoView {
    let here = use_here();
    let may_lock = use_frame().can(Role::Admin);
    let rows = StoredValue::new(rows);
    let labelling = RwSignal::new(false);
    let chosen = move || {
        let selected = state.selected.get();
        rows.with_value(|rows| rows.iter().filter(|row| selected.contains(&row.id)).cloned().collect::<Vec<_>>())
    };
    let clear = move || {
        labelling.set(false);
        state.selected.update(BTreeSet::clear);
    };
    let start = move |job: Job| {
        state.bulk.dispatch((job, chosen()));
        clear();
    };
    move || {
        let chosen = chosen();
        (!chosen.is_empty()).then(|| {
            let ids: Vec<&str> = chosen.iter().map(|row| row.id.as_str()).collect();
            let href = move_href(&here.get(), &ids.join(","));
            let body = if labelling.get() {
                view! { <LabelForm count=chosen.len() on_save=Callback::new(move |label| start(Job::Label(label)))/> }.into_any()
            } else {
                let on_job = Callback::new(start);
                view! { <Jobs chosen=chosen.clone() href=href may_lock=may_lock labelling=labelling on_job=on_job/> }.into_any()
            };
            view! {
                <section class="bulk-bar" aria-label="Selected numbers">
                    <p class="bulk-count" role="status">
                        <strong>{format!("{} selected", chosen.len())}</strong>
                        <span>{format!(" of {total}")}</span>
                    </p>
                    {body}
                    <button type="button" class="bulk-btn bulk-close" aria-label="Clear the selection" on:click=move |_| clear()><Icon name="x"/></button>
                </section>
            }
        })
    }
}

#[component]
fn Jobs(chosen: Vec<OwnedRow>, href: String, may_lock: bool, labelling: RwSignal<bool>, on_job: Callback<Job>) -> impl IntoView {
    let all_locked = chosen.iter().all(|row| row.locked);
    let any_agent = chosen.iter().any(|row| row.agent_id.is_some());
    let lock = may_lock.then(|| {
        let (text, icon, job) = if all_locked { ("Unlock", "lock-open", Job::Unlock) } else { ("Lock", "lock", Job::Lock) };
        view! { <button type="button" class="bulk-btn" on:click=move |_| on_job.run(job.clone())><Icon name=icon/>{text}</button> }
    });
    let release = match chosen.as_slice() {
        [row] => Some(format!("/numbers/{}?release=1", row.phone.e164)),
        // Each release is confirmed with its own digits.
        _ => None,
    };
    view! {
        <a class="bulk-btn" href=href data-noscroll=""><Icon name="headphones"/>"Move to\u{2026}"</a>
        <button type="button" class="bulk-btn" on:click=move |_| labelling.set(true)><Icon name="tag"/>"Label"</button>
        {lock}
        {any_agent.then(|| view! {
            <button type="button" class="bulk-btn" on:click=move |_| on_job.run(Job::Unassign)><Icon name="unplug"/>"Unassign"</button>
        })}
        {release.map(|href| view! { <a class="bulk-btn bulk-danger" href=href>"Release\u{2026}"</a> })}
    }
}

#[component]
fn LabelForm(count: usize, on_save: Callback<String>) -> impl IntoView {
    let label = RwSignal::new(String::new());
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        on_save.run(label.get_untracked());
    };
    let verb = if count == 1 { String::from("Label it") } else { format!("Label {count}") };
    view! {
        <form class="bulk-label" on:submit=on_submit>
            <label>
                <span class="sr-only">"Label"</span>
                <input type="text" maxlength="64" placeholder="Label, empty for none" autofocus=true on:input=move |event| label.set(event_target_value(&event))/>
            </label>
            <button type="submit" class="bulk-btn">{verb}</button>
        </form>
    }
}
