//! `/numbers`: everything that the organization owns, filtered and sorted by the URL. Rows are in [`table`], what is done to
//! many of them in [`bulk`]; one number has a page of its own.

mod bulk;
mod csv;
mod import;
mod table;

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;

use crate::domain::account::Role;
use crate::domain::time::Timestamp;
use crate::pages::board::move_dialog::{MoveActions, MoveDialog, MoveResult};
use crate::rpc::numbers::{NumbersInput, NumbersView, OwnedRow, RestoreNumber, SetLocked, list_numbers};
use crate::ui::chips::ChipLink;
use crate::ui::empty::Empty;
use crate::ui::form::{LoadRefused, successes, use_text_parameter};
use crate::ui::frame::{PageHead, use_frame};
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::skeleton::SkeletonRows;
use crate::ui::urls::{use_here, with_param};
use bulk::{Bulk, BulkBar, BulkResult};
use import::{ImportDialog, use_import};
use table::NumbersTable;

/// A number that was not called for longer than this deserves a look.
const IDLE_AFTER_DAYS: i64 = 30;

/// What the rows and the bars of this page share.
#[derive(Clone, Copy)]
struct ListState {
    selected: RwSignal<BTreeSet<String>>,
    moves: MoveActions,
    restore: ServerAction<RestoreNumber>,
    lock: ServerAction<SetLocked>,
    bulk: Bulk,
}

/// The list of numbers.
#[component]
pub fn NumbersPage() -> impl IntoView {
    view! { <SignedIn><Numbers/></SignedIn> }
}

#[component]
fn Numbers() -> impl IntoView {
    let query = use_query_map();
    let input = Memo::new(move |_| {
        query.with(|query| NumbersInput {
            q: query.get("q").unwrap_or_default(),
            chip: query.get("chip").unwrap_or_default(),
            sort: query.get("sort").unwrap_or_default(),
            cursor: query.get("cursor").unwrap_or_default(),
        })
    });
    let state = ListState {
        selected: RwSignal::default(),
        moves: MoveActions::default(),
        restore: ServerAction::new(),
        lock: ServerAction::new(),
        bulk: bulk::new_bulk(),
    };
    let import = use_import();
    let changed = {
        let (restored, locked) = (successes(state.restore), successes(state.lock));
        let (imported, bulk) = (import.changed, state.bulk);
        Memo::new(move |_| restored.get() + locked.get() + imported.get() + bulk.version().get() + state.moves.version())
    };
    let view = load(move || (input.get(), changed.get()), |(input, _)| list_numbers(input));
    let frame = use_frame();
    Effect::watch(move || changed.get(), move |_, _, _| frame.refetch(), false);
    view! {
        <div class="page numbers-page">
            <Transition fallback=|| view! { <PageHead title="Numbers"/><SkeletonRows rows=8/> }>
                {move || {
                    let input = input.get();
                    Suspend::new(async move {
                        match view.await {
                            Ok(view) => view! {
                                <Body view=view.clone() input=input state=state/>
                                <ImportDialog agents=view.agents action=import.action/>
                            }
                            .into_any(),
                            Err(error) => view! { <PageHead title="Numbers"/><LoadRefused error=error/> }.into_any(),
                        }
                    })
                }}
            </Transition>
            <MoveDialog actions=state.moves/>
        </div>
    }
}

#[component]
fn Body(view: NumbersView, input: NumbersInput, state: ListState) -> impl IntoView {
    let look = use_text_parameter("look");
    let frame = use_frame();
    let (may, can_force) = (frame.can(Role::Member), frame.platform_admin());
    let errors = [action_error(state.restore), action_error(state.lock)];
    let error = Signal::derive(move || errors.iter().find_map(Signal::get));
    let filtered = !input.q.is_empty() || !matches!(input.chip.as_str(), "" | "all");
    let total = view.total;
    let view = StoredValue::new(view);
    let shown_input = input.clone();
    let list = move || {
        let mut view = view.get_value();
        if look.with(|look| look == "1") {
            let now = view.now;
            view.rows.retain(|row| needs_look(row, now).is_some());
        }
        if view.rows.is_empty() {
            view! { <NoRows filtered=filtered/> }.into_any()
        } else {
            view! {
                <NumbersTable view=view.clone() sort=shown_input.sort.clone() may=may state=state/>
                <Pager total=total shown=view.rows.len() next=view.next_cursor cursor=shown_input.cursor.clone()/>
            }
            .into_any()
        }
    };
    let (chips, q, chip, sort) = (view.with_value(|view| view.chips.clone()), input.q.clone(), input.chip.clone(), input.sort.clone());
    let selectable: Vec<OwnedRow> = view.with_value(|view| view.rows.clone());
    view! {
        <PageHead title="Numbers">
            <HeadButtons view=view.get_value() may=may/>
        </PageHead>
        <div class="list-tools">
            <Filter q=q chip=chip.clone() sort=sort/>
            <Chips chips=chips chip=chip/>
        </div>
        <Drift rows=selectable.clone() now=view.with_value(|view| view.now)/>
        <RefusalNote error=error/>
        <MoveResult actions=state.moves can_force=can_force/>
        <BulkResult bulk=state.bulk/>
        {list}
        <BulkBar rows=selectable total=total state=state/>
    }
}

#[component]
fn HeadButtons(view: NumbersView, may: bool) -> impl IntoView {
    let here = use_here();
    let whole = view.next_cursor.is_none();
    let has_rows = !view.rows.is_empty();
    view! {
        {may.then(|| view! {
            <a class="btn" href=move || with_param(&here.get(), "import", Some("1")) data-noscroll=""><Icon name="import"/>"Import"</a>
        })}
        {has_rows.then(|| view! {
            <a class="btn" href=csv::data_href(&view.rows) download="numbers.csv" rel="external">
                <Icon name="download"/>
                {if whole { "CSV of this list" } else { "CSV of this page" }}
            </a>
        })}
        <a class="btn btn-primary" href="/"><Icon name="search"/>"Find a number"</a>
    }
}

#[component]
fn Filter(q: String, chip: String, sort: String) -> impl IntoView {
    view! {
        <Form action="/numbers" method="get" noscroll=true>
            <div class="filter-form" role="search">
                {(!chip.is_empty()).then(|| view! { <input type="hidden" name="chip" value=chip/> })}
                {(!sort.is_empty()).then(|| view! { <input type="hidden" name="sort" value=sort/> })}
                <label class="search-field">
                    <span class="sr-only">"Filter numbers"</span>
                    <Icon name="search" size=18/>
                    <input type="search" name="q" value=q placeholder="Digits, word, pattern or label" autocomplete="off" data-search=""/>
                </label>
            </div>
        </Form>
    }
}

#[component]
fn Chips(chips: Vec<crate::rpc::numbers::ChipCount>, chip: String) -> impl IntoView {
    let here = use_here();
    let chips = chips
        .into_iter()
        .map(|choice| {
            let all = choice.value == "all" || choice.value.is_empty();
            let chosen = choice.value == chip || (all && chip.is_empty());
            let base = with_param(&with_param(&here.get_untracked(), "cursor", None), "look", None);
            let href = with_param(&base, "chip", (!all).then_some(choice.value.as_str()));
            view! { <ChipLink href=href label=choice.label count=choice.count chosen=chosen/> }
        })
        .collect_view();
    view! { <nav class="list-chips" aria-label="Filter by state">{chips}</nav> }
}

/// Why a number deserves a look, as the end of a sentence that begins with the number.
fn needs_look(row: &OwnedRow, now: Timestamp) -> Option<String> {
    let in_state = |state: &str| row.states.iter().any(|has| has == state);
    if in_state("released") {
        return None;
    }
    if in_state("nobody_answers") {
        return Some(format!("nobody answers {}", row.phone.formatted));
    }
    let idle_days = row.last_call.as_ref().map(|call| call.at.seconds_until(now) / crate::domain::time::SECONDS_PER_DAY)?;
    (idle_days > IDLE_AFTER_DAYS).then(|| format!("{} has been idle for {idle_days} days", row.phone.formatted))
}

/// One line over the list that names what has drifted: numbers that nobody answers or that nobody calls.
#[component]
fn Drift(rows: Vec<OwnedRow>, now: Timestamp) -> impl IntoView {
    let look = use_text_parameter("look");
    let here = use_here();
    let reasons: Vec<String> = rows.iter().filter_map(|row| needs_look(row, now)).collect();
    let text = drift_text(&reasons);
    move || {
        let looking = look.with(|look| look == "1");
        let dismissed = look.with(|look| look == "0");
        let here = here.get();
        (!reasons.is_empty() && !dismissed).then(|| {
            let (word, value) = if looking { ("Show all", None) } else { ("Show them", Some("1")) };
            view! {
                <div class="drift">
                    <Icon name="scan-search" size=18/>
                    <p>
                        <strong>{if reasons.len() == 1 { String::from("1 needs a look. ") } else { format!("{} need a look. ", reasons.len()) }}</strong>
                        {text.clone()}
                    </p>
                    <a class="link" href=with_param(&here, "look", value) data-noscroll="">{word}</a>
                    <a class="btn btn-quiet btn-icon btn-sm" href=with_param(&here, "look", Some("0")) data-noscroll="" aria-label="Dismiss"><Icon name="x"/></a>
                </div>
            }
        })
    }
}

/// At most two reasons in words, the rest as a count.
fn drift_text(reasons: &[String]) -> String {
    let text = match reasons {
        [] => return String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one}, and {two}"),
        [one, two, rest @ ..] => format!("{one}, {two}, and {} more", rest.len()),
    };
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[component]
fn Pager(total: u64, shown: usize, next: Option<String>, cursor: String) -> impl IntoView {
    let here = use_here().get_untracked();
    let first = (!cursor.is_empty()).then(|| with_param(&here, "cursor", None));
    let next = next.map(|next| with_param(&here, "cursor", Some(&next)));
    view! {
        <nav class="pager" aria-label="Pages of numbers">
            <span class="muted num">{format!("{shown} of {total}")}</span>
            <span class="row-2">
                {first.map(|href| view! { <a class="btn btn-sm" href=href><Icon name="chevrons-left"/>"First page"</a> })}
                {next.map(|href| view! { <a class="btn btn-sm" href=href>"Next"<Icon name="chevron-right"/></a> })}
            </span>
        </nav>
    }
}

#[component]
fn NoRows(filtered: bool) -> impl IntoView {
    if filtered {
        view! {
            <Empty title="No number matches" text="Take a filter away, or look for other digits. Letters stand for keypad digits, ? for one digit and * for any run.">
                <a class="btn btn-primary" href="/numbers">"Show all numbers"</a>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty title="No numbers yet" text="A number that you buy stands here from that moment, with who answers it and when it renews. One that you have elsewhere can be imported.">
                <a class="btn btn-primary" href="/"><Icon name="search"/>"Find a number"</a>
                <a class="btn" href="/numbers?import=1"><Icon name="import"/>"Import one"</a>
            </Empty>
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::drift_text;

    #[test]
    fn drift_reads_as_a_sentence() {
        let reasons = ["nobody answers A", "B has been idle for 31 days", "nobody answers C", "nobody answers D"].map(String::from);
        assert_eq!(drift_text(&reasons[..0]), "");
        assert_eq!(drift_text(&reasons[..1]), "Nobody answers A.");
        assert_eq!(drift_text(&reasons[..2]), "Nobody answers A, and B has been idle for 31 days.");
        assert_eq!(drift_text(&reasons), "Nobody answers A, B has been idle for 31 days, and 2 more.");
    }
}
