//! `/numbers`: everything that the organization owns, filtered and sorted by the URL. Rows are in [`table`], what has
//! drifted in [`drift`], what is done to several of them in [`bulk`] and [`plan`]; one number has a page of its own.

mod bulk;
mod csv;
mod drift;
mod import;
mod plan;
mod table;

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;

use crate::domain::account::Role;
use crate::domain::number::Drift;
use crate::pages::board::move_dialog::{MoveActions, MoveDialog, MoveResult};
use crate::rpc::numbers::{ChipCount, NumbersInput, NumbersView, OwnedRow, RestoreNumber, SetLocked, list_numbers};
use crate::ui::chips::ChipLink;
use crate::ui::empty::Empty;
use crate::ui::form::{LoadRefused, successes};
use crate::ui::frame::{PageHead, use_frame};
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::skeleton::SkeletonRows;
use crate::ui::tabs::{Tab, Tabs};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;
use bulk::{BulkBar, PickedForm};
use drift::DriftLine;
use import::{ImportDialog, use_import};
use plan::{Outcome, PlanDialog, use_bulk};
use table::NumbersTable;

/// What the rows and the bars of this page share.
#[derive(Clone, Copy)]
struct ListState {
    selected: RwSignal<BTreeSet<String>>,
    moves: MoveActions,
    restore: ServerAction<RestoreNumber>,
    lock: ServerAction<SetLocked>,
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
            drift: query.get("drift").unwrap_or_default(),
            tag: query.get("tag").unwrap_or_default(),
            sort: query.get("sort").unwrap_or_default(),
            cursor: query.get("cursor").unwrap_or_default(),
        })
    });
    let state =
        ListState { selected: RwSignal::default(), moves: MoveActions::default(), restore: ServerAction::new(), lock: ServerAction::new() };
    let (import, bulk) = (use_import(), use_bulk());
    let changed = {
        let (restored, locked) = (successes(state.restore), successes(state.lock));
        let (imported, worked) = (import.changed, bulk.changed);
        Memo::new(move |_| restored.get() + locked.get() + imported.get() + worked.get() + state.moves.version())
    };
    let view = load(move || (input.get(), changed.get()), |(input, _)| list_numbers(input));
    let frame = use_frame();
    Effect::watch(
        move || changed.get(),
        move |_, _, _| {
            state.selected.update(BTreeSet::clear);
            frame.refetch();
        },
        false,
    );
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
                            },
                            Err(error) => view! { <PageHead title="Numbers"/><LoadRefused error=error/> },
                        }
                    })
                }}
            </Transition>
            <MoveDialog actions=state.moves/>
            <PlanDialog bulk=bulk/>
        </div>
    }
}

#[component]
fn Body(view: NumbersView, input: NumbersInput, state: ListState) -> impl IntoView {
    let frame = use_frame();
    let (may, can_force) = (frame.can(Role::Member), frame.platform_admin());
    let errors = [action_error(state.restore), action_error(state.lock)];
    let error = Signal::derive(move || errors.iter().find_map(Signal::get));
    let looking = Drift::NAMES.contains(&input.drift.as_str());
    let filtered = !input.q.is_empty() || !matches!(input.chip.as_str(), "" | "all") || looking || !input.tag.is_empty();
    let (total, shown, next) = (view.total, view.rows.len(), view.next_cursor.clone());
    let (rows, listed, whole) = (view.rows.clone(), view.rows.clone(), next.is_none());
    let list = if view.rows.is_empty() {
        view! { <NoRows filtered=filtered/> }
    } else {
        view! {
            <NumbersTable view=view.clone() sort=input.sort.clone() may=may state=state/>
            {may.then(|| view! { <PickedForm/> })}
            <Pager total=total shown=shown next=next cursor=input.cursor.clone()/>
        }
    };
    view! {
        <PageHead title="Numbers">
            <HeadButtons rows=listed whole=whole may=may/>
        </PageHead>
        <div class="list-tools">
            <Filter input=input.clone()/>
            <Chips chips=view.chips chip=input.chip/>
        </div>
        <Tags tags=view.tags chosen=input.tag/>
        <DriftLine drift=view.drift/>
        <RefusalNote error=error/>
        <MoveResult actions=state.moves can_force=can_force/>
        <Outcome/>
        {list}
        <BulkBar rows=rows total=total state=state/>
    }
}

/// The tags that numbers have, as a filter.
#[component]
fn Tags(tags: Vec<ChipCount>, chosen: String) -> impl IntoView {
    (!tags.is_empty()).then(|| {
        let here = with_param(&use_here().get_untracked(), "cursor", None);
        let chips = tags
            .into_iter()
            .map(|tag| {
                let is_chosen = tag.value == chosen;
                let href = with_param(&here, "tag", (!is_chosen).then_some(tag.value.as_str()));
                view! { <ChipLink href=href label=tag.label count=tag.count chosen=is_chosen/> }
            })
            .collect_view();
        view! { <nav class="list-chips list-tags" aria-label="Filter by tag"><Icon name="tag" size=18/>{chips}</nav> }
    })
}

#[component]
fn HeadButtons(rows: Vec<OwnedRow>, whole: bool, may: bool) -> impl IntoView {
    let here = use_here();
    let has_rows = !rows.is_empty();
    view! {
        {may.then(|| view! {
            <a class="btn" href=move || with_param(&here.get(), "import", Some("1")) data-noscroll=""><Icon name="import"/>"Import"</a>
        })}
        {has_rows.then(|| view! {
            <a class="btn" href=csv::data_href(&rows) download="numbers.csv" rel="external">
                <Icon name="download"/>
                {if whole { "CSV of this list" } else { "CSV of this page" }}
            </a>
        })}
        <a class="btn btn-primary" href="/"><Icon name="search"/>"Find a number"</a>
    }
}

#[component]
fn Filter(input: NumbersInput) -> impl IntoView {
    let NumbersInput { q, chip, drift, tag, sort, .. } = input;
    let kept = [("chip", chip), ("drift", drift), ("tag", tag), ("sort", sort)];
    let kept = kept.into_iter().filter(|(_, value)| !value.is_empty());
    let kept = kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    view! {
        <Form action="/numbers" method="get" noscroll=true>
            <div class="filter-form" role="search">
                {kept}
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
fn Chips(chips: Vec<ChipCount>, chip: String) -> impl IntoView {
    let tabs = chips.into_iter().map(Tab::from).collect::<Vec<_>>();
    view! { <Tabs label="Filter by state" class="list-chips" parameter="chip" tabs=move || tabs.clone() chosen=move || chip.clone()/> }
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
    } else {
        view! {
            <Empty title="No numbers yet" text="A number that you buy stands here from that moment, with who answers it and when it renews. One that you have elsewhere can be imported.">
                <a class="btn btn-primary" href="/"><Icon name="search"/>"Find a number"</a>
                <a class="btn" href="/numbers?import=1"><Icon name="import"/>"Import one"</a>
            </Empty>
        }
    }
}
