//! The preview of one work on several numbers (`?bulk=<work>&pick=<ids>`): what becomes of each, what is refused and why, and the one
//! button that does it. What it came to stands in the address too (`?done=`) and is told in [`Outcome`].

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::domain::code::Code;
use crate::domain::e164::E164;
use crate::rpc::error::AppError;
use crate::rpc::numbers::bulk::{BulkOutcome, PlanView, PlannedRow, RunBulk, plan_bulk};
use crate::rpc::numbers::{BoardColumn, BoardInput, board as read_board};
use crate::ui::action_form::ActionForm;
use crate::ui::dialog::Dialog;
use crate::ui::field::Field;
use crate::ui::form::{LoadRefused, field_error, successes, use_alive, use_parameter, use_text_parameter};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::message::{RefusalNote, action_error, refusal_text};
use crate::ui::phone::Phone;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};

/// The write behind the preview, and its successes.
#[derive(Clone, Copy)]
pub struct Bulk {
    pub action: ServerAction<RunBulk>,
    pub changed: Memo<usize>,
}

/// Ids that the address names, each once: joined by commas as a script does, or one by one as a form does.
fn use_picked() -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| {
        let picked = query.with(|query| query.get_all("pick")).unwrap_or_default();
        picked.join(",")
    })
}

fn closed(here: &str) -> String {
    ["bulk", "pick", "value"].into_iter().fold(here.to_owned(), |here, name| with_param(&here, name, None))
}

/// Makes the write; a success closes the preview and tells its outcome in the address, as the server does without JavaScript.
#[must_use]
pub fn use_bulk() -> Bulk {
    let action = ServerAction::<RunBulk>::new();
    let changed = successes(action);
    let (here, navigate) = (use_here(), use_navigate());
    let value = action.value();
    Effect::watch(
        move || changed.get(),
        move |_, _, _| {
            let told = value.with_untracked(|value| value.as_ref().and_then(|answer| answer.as_ref().ok()).map(BulkOutcome::told));
            let address = with_param(&closed(&here.get_untracked()), "done", told.as_deref());
            navigate(&address, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
        },
        false,
    );
    let open = use_text_parameter("bulk");
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if !open.is_empty() {
                action.clear();
            }
        },
        false,
    );
    Bulk { action, changed }
}

/// What the dialog shows.
type Answer = Result<Plan, AppError>;

/// A preview, or the places that a move may lead to while none is chosen.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
enum Plan {
    Rows(PlanView),
    Places(Vec<BoardColumn>),
}

async fn read(work: String, ids: String, value: String) -> Answer {
    if work == "move" && value.is_empty() {
        return Ok(Plan::Places(read_board(BoardInput::default()).await?.columns));
    }
    // A tag is written in the dialog itself; until then the preview says what one would do.
    let value = if matches!(work.as_str(), "tag" | "untag") && value.is_empty() { String::from("\u{2026}") } else { value };
    plan_bulk(ids, work, value).await.map(Plan::Rows)
}

/// The dialog; nothing while the address names no work.
#[component]
pub fn PlanDialog(bulk: Bulk) -> impl IntoView {
    let work = use_parameter("bulk");
    let (picked, value) = (use_picked(), use_text_parameter("value"));
    let here = use_here();
    let plan = load(
        move || (work.get(), picked.get(), value.get()),
        |(work, ids, value)| async move {
            match work {
                Some(work) => Some(read(work, ids, value).await),
                None => None,
            }
        },
    );
    reactive(move || {
        // The address decides: what was read for it may still be on its way when it is closed.
        let work = work.get()?;
        Some(view! {
            <Transition>
                {move || {
                    let work = work.clone();
                    let close = closed(&here.get_untracked());
                    Suspend::new(async move {
                        match plan.await {
                            None => ().into_any(),
                            Some(Ok(Plan::Places(columns))) => view! { <Places columns=columns close=close/> },
                            Some(Ok(Plan::Rows(plan))) => {
                                let (ids, value) = (picked.get_untracked(), value.get_untracked());
                                view! { <Preview work=work plan=plan ids=ids value=value close=close bulk=bulk/> }
                            }
                            Some(Err(error)) => {
                                view! { <Dialog title="Several numbers" close_href=close><LoadRefused error=error/></Dialog> }
                            }
                        }
                    })
                }}
            </Transition>
        })
    })
}

/// Where to: each place leads to its preview.
#[component]
fn Places(columns: Vec<BoardColumn>, close: String) -> impl IntoView {
    let here = use_here().get_untracked();
    let lines = columns
        .into_iter()
        .map(|column| {
            let href = with_param(&here, "value", Some(&column.id));
            let icon = match column.group.as_str() {
                "pool" => "circle-dashed",
                "agent" => "headphones",
                _ => "building-2",
            };
            view! {
                <li>
                    <a class="move-place" href=href data-noscroll="">
                        <span class="move-sign"><Icon name=icon size=18/></span>
                        <span class="move-words"><span class="move-name">{column.name}</span><span class="move-detail">{column.detail}</span></span>
                        <Icon name="chevron-right" size=18/>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <Dialog title="Move the numbers to\u{2026}" close_href=close>
            <p class="muted">"Nothing is moved yet: the next step shows what becomes of each number."</p>
            <ul class="move-places">{lines}</ul>
        </Dialog>
    }
}

/// `Release 2 numbers`.
fn verb(work: &str, count: usize) -> String {
    let numbers = if count == 1 { String::from("1 number") } else { format!("{count} numbers") };
    match work {
        "move" => format!("Move {numbers}"),
        "unassign" => format!("Unassign {numbers}"),
        "label" => format!("Label {numbers}"),
        "tag" => format!("Tag {numbers}"),
        "untag" => format!("Take the tag off {numbers}"),
        "lock" => format!("Lock {numbers}"),
        "unlock" => format!("Unlock {numbers}"),
        _ => format!("Release {numbers}"),
    }
}

#[component]
fn Preview(work: String, plan: PlanView, ids: String, value: String, close: String, bulk: Bulk) -> impl IntoView {
    let error = action_error(bulk.action);
    let pending = bulk.action.pending();
    let total = plan.rows.len();
    let releases = work == "release";
    // A label may be the same for some and new for others, which only the server knows once it is written.
    let count = if work == "label" { plan.rows.iter().filter(|row| row.refusal.is_none()).count() } else { plan.changing };
    let refused = plan.rows.iter().filter(|row| row.refusal.is_some()).count();
    let alive = use_alive();
    let typed = RwSignal::new(String::new());
    let shut = Memo::new(move |_| pending.get() || (releases && alive.get() && typed.with(|typed| typed.trim().parse() != Ok(count))));
    let title = if count == 0 { verb(&work, total) } else { verb(&work, count) };
    let rows = plan.rows.into_iter().map(|row| view! { <PlannedLine row=row/> }).collect_view();
    let input = match work.as_str() {
        "label" => Some(
            view! { <Field label="Label" name="value" maxlength=64 hint="The same for all of them. Leave it empty for none." error=field_error(error, "label")/> },
        ),
        "tag" | "untag" => Some(
            view! { <Field label="Tag" name="value" maxlength=32 required=true hint="At most 32 characters, for example support." error=field_error(error, "value")/> },
        ),
        _ => (!value.is_empty()).then(|| view! { <input type="hidden" name="value" value=value/> }),
    };
    let confirm = (releases && count > 0).then(|| view! { <TypedCount count=count typed=typed error=error/> });
    let button_class = if releases { "btn btn-danger btn-lg" } else { "btn btn-primary btn-lg" };
    let button = (count > 0).then(|| {
        let text = verb(&work, count);
        view! { <button type="submit" class=button_class disabled=move || shut.get()>{move || if pending.get() { String::from("Working\u{2026}") } else { text.clone() }}</button> }
    });
    view! {
        <Dialog title=format!("{title}?") close_href=close.clone() wide=true>
            <ActionForm action=bulk.action>
                <div class="stack-4">
                    <RefusalNote error=error/>
                    {(refused > 0).then(|| view! { <p>{refused_text(refused, total)}</p> })}
                    <ul class="plan" aria-label="What becomes of each number">{rows}</ul>
                    {releases.then(|| view! { <p class="muted">"Each release can be undone for a while. What is left of a paid month is not refunded."</p> })}
                    <input type="hidden" name="ids" value=ids/>
                    <input type="hidden" name="job" value=work/>
                    {input}
                    {confirm}
                    <div class="dialog-actions">
                        <a class="btn btn-lg" href=close data-noscroll="">"Leave them as they are"</a>
                        {button}
                    </div>
                </div>
            </ActionForm>
        </Dialog>
    }
}

fn refused_text(refused: usize, total: usize) -> String {
    match (refused, total) {
        (refused, total) if refused == total => String::from("All of them would be refused and stay as they are."),
        (1, _) => String::from("One of them would be refused and stays as it is; the others go on."),
        (refused, _) => format!("{refused} of them would be refused and stay as they are; the others go on."),
    }
}

/// How many numbers are released is typed, as the last four digits are for a single one.
#[component]
fn TypedCount(count: usize, typed: RwSignal<String>, error: Signal<Option<AppError>>) -> impl IntoView {
    let message = field_error(error, "typed");
    view! {
        <div class="field" class:field-wrong=move || message.with(Option::is_some)>
            <label class="field-label" for="bulk-typed">{format!("Type {count} to release {}", if count == 1 { "it" } else { "them" })}</label>
            <input
                class="field-input plan-typed"
                id="bulk-typed"
                name="typed"
                inputmode="numeric"
                autocomplete="off"
                required
                aria-describedby="bulk-typed-note"
                aria-invalid=move || message.with(Option::is_some).then_some("true")
                on:input:target=move |event| typed.set(event.target().value())
            />
            <p class="field-hint" id="bulk-typed-note">{move || message.get().unwrap_or_else(|| String::from("How many numbers this releases."))}</p>
        </div>
    }
}

#[component]
fn PlannedLine(row: PlannedRow) -> impl IntoView {
    let currency = use_frame().currency();
    let (icon, class, text) = match (&row.refusal, row.changes) {
        (Some(refusal), _) => {
            let (title, remedy) = refusal_text(refusal, &currency);
            ("ban", "plan-row plan-refused", format!("Would be refused. {title} {remedy}"))
        }
        (None, true) => ("check", "plan-row", row.text),
        (None, false) => ("minus", "plan-row plan-same", row.text),
    };
    let label = (!row.label.is_empty()).then(|| view! { <span class="muted plan-label">{row.label}</span> });
    view! {
        <li class=class>
            <Icon name=icon size=18/>
            <span class="plan-number"><Phone phone=row.phone size="sm"/>{label}</span>
            <span class="plan-text">{text}</span>
        </li>
    }
}

/// What the last work on several numbers came to, number by number, while the address tells it.
#[component]
pub fn Outcome() -> impl IntoView {
    let done = use_text_parameter("done");
    let here = use_here();
    view! {
        <div aria-live="polite">
            {move || {
                let outcome = BulkOutcome::read(&done.get())?;
                let stayed = outcome.rows.iter().filter(|row| row.refused.is_some()).count();
                let changed = outcome.rows.len() - stayed;
                let head = format!("{changed} of {} {}.", outcome.rows.len(), past(&outcome.job));
                let lines = outcome.rows.into_iter().map(|row| view! { <OutcomeLine e164=row.e164 refused=row.refused word=past(&outcome.job)/> });
                Some(view! {
                    <section class="outcome" aria-label="What was done">
                        <header>
                            <Icon name=if stayed == 0 { "circle-check" } else { "circle-alert" } size=20/>
                            <strong>{head}</strong>
                            <a class="btn btn-quiet btn-icon btn-sm" href=move || with_param(&here.get(), "done", None) data-noscroll="" aria-label="Close what was done"><Icon name="x"/></a>
                        </header>
                        <ul class="plan">{lines.collect_view()}</ul>
                    </section>
                })
            }}
        </div>
    }
}

/// What was done, behind a count.
fn past(work: &str) -> &'static str {
    match work {
        "move" => "moved",
        "unassign" => "without an agent",
        "label" => "labelled",
        "tag" => "tagged",
        "untag" => "without the tag",
        "lock" => "locked",
        "unlock" => "unlocked",
        _ => "released",
    }
}

#[component]
fn OutcomeLine(e164: String, refused: Option<Code>, word: &'static str) -> impl IntoView {
    let number = E164::parse(&e164).map_or_else(|_| String::from("A number that is not yours"), |number| number.formatted());
    let href = format!("/numbers/{e164}");
    let (icon, class, text) = match refused {
        Some(code) => ("ban", "plan-row plan-refused", format!("Refused, nothing was changed. {} {}", code.title(), code.remedy())),
        None => ("check", "plan-row", format!("It is {word}.")),
    };
    view! {
        <li class=class>
            <Icon name=icon size=18/>
            <span class="plan-number"><a class="link num" href=href>{number}</a></span>
            <span class="plan-text">{text}</span>
        </li>
    }
}
