//! The Move to… sheet (`?move=<ids>`) and its question (`&to=<column>`), for the board, the list and a number's page, and
//! what a move came to. Which place would refuse is decided in [`super::targets`].

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::state::what;
use super::targets::{MoveData, Place, PlaceGroup, Way, move_data, places};
use crate::domain::code::Code;
use crate::rpc::error::AppError;
use crate::rpc::numbers::{AssignAgent, MoveNumbers, MoveRow, OwnedRow, UnassignAgent};
use crate::ui::action_form::ActionForm;
use crate::ui::clock::{DayCells, ago_text};
use crate::ui::dialog::Dialog;
use crate::ui::form::{LoadRefused, successes, use_parameter, use_text_parameter};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::message::{RefusalNote, action_error, refusal_text};
use crate::ui::phone::Phone;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;

/// The writes behind the sheet, made by the page so that its own data waits for them.
#[derive(Clone, Copy)]
pub struct MoveActions {
    pub mover: ServerAction<MoveNumbers>,
    pub assigner: ServerAction<AssignAgent>,
    pub unassigner: ServerAction<UnassignAgent>,
}

impl std::fmt::Debug for MoveActions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("MoveActions").finish_non_exhaustive()
    }
}

impl Default for MoveActions {
    fn default() -> Self {
        Self { mover: ServerAction::new(), assigner: ServerAction::new(), unassigner: ServerAction::new() }
    }
}

impl MoveActions {
    /// Grows with every answer, also a refusal: then the page's picture was out of date.
    #[must_use]
    pub fn version(self) -> usize {
        self.mover.version().get() + self.assigner.version().get() + self.unassigner.version().get()
    }

    fn error(self) -> Signal<Option<AppError>> {
        let errors = [action_error(self.mover), action_error(self.assigner), action_error(self.unassigner)];
        Signal::derive(move || errors.iter().find_map(Signal::get))
    }

    /// Forgets what the last move came to.
    pub fn clear(self) {
        self.mover.clear();
        self.assigner.clear();
        self.unassigner.clear();
    }
}

/// The address that opens the sheet for these ids.
#[must_use]
pub fn move_href(here: &str, ids: &str) -> String {
    with_param(&with_param(here, "to", None), "move", Some(ids))
}

fn closed(here: &str) -> String {
    with_param(&with_param(here, "to", None), "move", None)
}

/// Where the operator ends a cool-off by force.
#[must_use]
pub fn override_href(id: &str) -> String {
    with_param("/admin/cool-offs", "override", Some(id))
}

/// The sheet; nothing while `?move` is absent.
#[component]
pub fn MoveDialog(actions: MoveActions) -> impl IntoView {
    let ids = use_text_parameter("move");
    let to = use_text_parameter("to");
    let here = use_here();
    close_after_success(actions, ids);
    let data = load(move || (ids.get(), actions.version()), |(ids, _)| move_data(ids));
    view! {
        <Transition>
            {move || {
                let (to, here) = (to.get(), here.get());
                Suspend::new(async move {
                    match data.await {
                        Ok(None) => ().into_any(),
                        Ok(Some(data)) => view! { <Sheet data=data to=to here=here actions=actions/> },
                        Err(error) => {
                            view! {
                                <Dialog title="Move to\u{2026}" close_href=closed(&here)>
                                    <LoadRefused error=error/>
                                </Dialog>
                            }
                        }
                    }
                })
            }}
        </Transition>
    }
}

/// A success closes the sheet; one that opens anew forgets the last refusal.
fn close_after_success(actions: MoveActions, ids: Memo<String>) {
    let (moved, assigned, unassigned) = (successes(actions.mover), successes(actions.assigner), successes(actions.unassigner));
    let here = use_here();
    let navigate = use_navigate();
    Effect::watch(
        move || (moved.get(), assigned.get(), unassigned.get()),
        move |_, _, _| {
            if !ids.get_untracked().is_empty() {
                let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
                navigate(&closed(&here.get_untracked()), options);
            }
        },
        false,
    );
    Effect::watch(
        move || ids.get(),
        move |ids, _, _| {
            if !ids.is_empty() {
                actions.clear();
            }
        },
        false,
    );
}

#[component]
fn Sheet(data: MoveData, to: String, here: String, actions: MoveActions) -> impl IntoView {
    let groups = places(&data);
    let asked = groups.iter().flat_map(|group| &group.places).find(|place| place.way == Way::Ask(to.clone())).cloned();
    let error = actions.error();
    match asked {
        Some(place) => view! { <Question data=data place=place to=to here=here actions=actions error=error/> },
        None => view! { <Places data=data groups=groups here=here actions=actions error=error/> },
    }
}

#[component]
fn Places(data: MoveData, groups: Vec<PlaceGroup>, here: String, actions: MoveActions, error: Signal<Option<AppError>>) -> impl IntoView {
    let ids = joined_ids(&data.cards);
    let override_id = data.cards.first().filter(|_| data.board.can_force).map(|card| card.id.clone());
    let now = data.board.now;
    let groups = groups
        .into_iter()
        .map(|group| {
            let lines = group
                .places
                .into_iter()
                .map(|place| {
                    view! {
                        <li>
                            <PlaceLine
                                place=place ids=ids.clone() here=here.clone() actions=actions now=now
                                override_id=override_id.clone()
                            />
                        </li>
                    }
                })
                .collect_view();
            view! {
                <h3 class="move-group">{group.title}</h3>
                <ul class="move-places">{lines}</ul>
            }
        })
        .collect_view();
    view! {
        <Dialog title=format!("Move {} to\u{2026}", what(&data.cards)) close_href=closed(&here)>
            <p class="move-from muted">{from_text(&data)}</p>
            <RefusalNote error=error/>
            {groups}
        </Dialog>
    }
}

fn joined_ids(cards: &[OwnedRow]) -> String {
    cards.iter().map(|card| card.id.as_str()).collect::<Vec<_>>().join(",")
}

/// `Harbor Dental, answered by Reception`.
fn from_text(data: &MoveData) -> String {
    let [card] = data.cards.as_slice() else {
        return String::from("A place that would refuse some of them takes the others.");
    };
    let place = card.sub_account.as_ref().map_or("In the pool", |sub_account| sub_account.name.as_str());
    let answered = card.states.iter().any(|state| state == "answered");
    match &card.answer {
        Some(answer) if answered && answer.kind == "route" => format!("{place}, answered through its {}", answer.name.to_lowercase()),
        Some(answer) if answer.lit => format!("{place}, answered by {}", answer.name),
        Some(answer) => format!("{place}, {} does not answer", answer.name),
        None => format!("{place}, nobody answers"),
    }
}

#[component]
fn PlaceLine(
    place: Place,
    ids: String,
    here: String,
    actions: MoveActions,
    now: crate::domain::time::Timestamp,
    override_id: Option<String>,
) -> impl IntoView {
    let way = place.way.clone();
    let face = view! { <PlaceFace place=place now=now/> };
    match way {
        Way::Here => view! { <div class="move-place move-here">{face}</div> },
        Way::Refused(reason) => {
            let force = override_id.filter(|_| reason.code == Code::DidCoolOffInEffect).map(|id| {
                view! { <a class="link move-override" href=override_href(&id)>"Override\u{2026}"</a> }
            });
            view! { <div class="move-place move-refused" aria-disabled="true">{face}{force}</div> }
        }
        Way::Ask(to) => {
            let href = with_param(&here, "to", Some(&to));
            view! { <a class="move-place" href=href>{face}<Icon name="chevron-right" size=18/></a> }
        }
        Way::Move(target) => view! {
            <ActionForm action=actions.mover>
                <input type="hidden" name="ids" value=ids/>
                <input type="hidden" name="target" value=target/>
                <button type="submit" class="move-place">{face}<Icon name="chevron-right" size=18/></button>
            </ActionForm>
        },
        Way::Assign(agent) => view! {
            <ActionForm action=actions.assigner>
                <input type="hidden" name="id" value=ids/>
                <input type="hidden" name="agent_id" value=agent/>
                <button type="submit" class="move-place">{face}<Icon name="chevron-right" size=18/></button>
            </ActionForm>
        },
        Way::Unassign => view! {
            <ActionForm action=actions.unassigner>
                <input type="hidden" name="id" value=ids/>
                <button type="submit" class="move-place">{face}<Icon name="chevron-right" size=18/></button>
            </ActionForm>
        },
    }
}

#[component]
fn PlaceFace(place: Place, now: crate::domain::time::Timestamp) -> impl IntoView {
    let refused = match place.way {
        Way::Refused(reason) => Some(reason),
        _ => None,
    };
    let sign = match (&refused, place.lamp) {
        (Some(reason), _) if reason.clock.is_some() => view! { <Icon name="snowflake" size=18/> },
        (Some(_), _) => view! { <Icon name="ban" size=18/> },
        (None, Some(lit)) => view! { <span class="lamp-dot" class:lamp-lit=lit aria-hidden="true"></span> },
        (None, None) => view! { <Icon name=place.icon size=18/> },
    };
    let detail = match &refused {
        Some(reason) => format!("Would be refused. {}", reason.text),
        None if place.draft => format!("{}. Nobody answers until it is published.", place.detail.trim_end_matches('.')),
        None => place.detail,
    };
    let clock = refused.and_then(|reason| reason.clock);
    view! {
        <span class="move-sign">{sign}</span>
        <span class="move-words">
            <span class="move-name">{place.name}</span>
            <span class="move-detail" class:move-draft=place.draft>{detail}</span>
            {clock.map(|clock| view! { <DayCells clock=clock now=now/> })}
        </span>
    }
}

/// The one question of a move: from an agent into a sub-account.
#[component]
fn Question(
    data: MoveData,
    place: Place,
    to: String,
    here: String,
    actions: MoveActions,
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let ids = joined_ids(&data.cards);
    let count = what(&data.cards);
    let pending = actions.mover.pending();
    let numbers = data
        .cards
        .iter()
        .map(|card| view! { <li><Phone phone=card.phone.clone() size=if data.cards.len() == 1 { "xl" } else { "md" }/></li> })
        .collect_view();
    let consequences = consequences(&data, &place.name);
    view! {
        <Dialog title=format!("Hand {count} to {}?", place.name) close_href=closed(&here)>
            <ul class="move-numbers">{numbers}</ul>
            <ul class="consequences">
                {consequences
                    .into_iter()
                    .map(|(icon, bold, small)| {
                        view! {
                            <li>
                                <Icon name=icon size=18/>
                                <span><strong>{bold}</strong><span class="muted">{small}</span></span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <RefusalNote error=error/>
            <ActionForm action=actions.mover>
                <input type="hidden" name="ids" value=ids/>
                <input type="hidden" name="target" value=to/>
                <div class="dialog-actions">
                    <a class="btn btn-lg" href=closed(&here)>"Leave it as it is"</a>
                    <button type="submit" class="btn btn-primary btn-lg" disabled=move || pending.get()>
                        {move || if pending.get() { String::from("Handing over\u{2026}") } else { format!("Hand over {count}") }}
                    </button>
                </div>
            </ActionForm>
        </Dialog>
    }
}

fn consequences(data: &MoveData, target: &str) -> Vec<(&'static str, String, String)> {
    let mut agents: Vec<&str> = Vec::new();
    for card in &data.cards {
        let name = card.answer.as_ref().filter(|answer| answer.kind == "agent").map(|answer| answer.name.as_str());
        if let Some(name) = name.filter(|name| !agents.contains(name)) {
            agents.push(name);
        }
    }
    let agents = if agents.is_empty() { String::from("Its agent") } else { agents.join(" and ") };
    let latest = data.cards.iter().filter_map(|card| card.last_call.as_ref()).max_by_key(|call| call.at);
    let clocks = data.cards.iter().filter_map(|card| card.cool_off.as_ref());
    let running = clocks.filter(|clock| data.board.now < clock.until.at).max_by_key(|clock| clock.until.at);
    let clock = match (latest, running) {
        (Some(call), Some(clock)) => {
            format!("The last call was {}, so not before {}. Any call moves that on.", ago_text(data.board.now, call.at), clock.until.short)
        }
        (Some(call), None) => {
            format!("The last call was {}. Any call from now on starts the clock anew.", ago_text(data.board.now, call.at))
        }
        (None, _) => String::from("It was never called, so it can come back at once; the first call starts the clock."),
    };
    vec![
        ("unplug", format!("{agents} no longer answers it"), format!("An agent of {target} can be set afterwards.")),
        ("snowflake", String::from("It comes back only when its cool-off has ended"), clock),
        ("wallet", String::from("You go on paying the rental"), String::from("A sub-account's parent pays.")),
    ]
}

/// What the last move came to: a refusal, or which of several numbers stayed. Silent while the sheet is open, which says it itself.
#[component]
pub fn MoveResult(actions: MoveActions, can_force: bool) -> impl IntoView {
    let open = use_parameter("move");
    let all = actions.error();
    let error = Signal::derive(move || if open.get().is_some() { None } else { all.get() });
    let value = actions.mover.value();
    let mixed = Memo::new(move |_| {
        value.with(|value| match value {
            Some(Ok(outcome)) if outcome.rows.iter().any(|row| row.refusal.is_some()) => Some(outcome.clone()),
            _ => None,
        })
    });
    view! {
        <div class="move-result" aria-live="polite">
            <RefusalNote error=error/>
            {move || {
                mixed
                    .get()
                    .map(|outcome| {
                        let moved = outcome.moved;
                        let total = outcome.rows.len();
                        let rows: Vec<MoveRow> = outcome.rows.into_iter().filter(|row| row.refusal.is_some()).collect();
                        let on_close = Callback::new(move |()| actions.clear());
                        view! { <Stayed done="moved" count=moved rows=rows total=total can_force=can_force on_close=on_close/> }
                    })
            }}
        </div>
    }
}

/// Which of several numbers stayed as they were, and why. `done` says what happened to the others: `moved`.
#[component]
pub fn Stayed(done: &'static str, count: u32, rows: Vec<MoveRow>, total: usize, can_force: bool, on_close: Callback<()>) -> impl IntoView {
    let currency = use_frame().currency();
    let lines = rows
        .into_iter()
        .filter_map(|row| {
            let refusal = row.refusal?;
            let (title, remedy) = refusal_text(&refusal, &currency);
            let force = (can_force && refusal.code() == Code::DidCoolOffInEffect)
                .then(|| view! { <a class="link" href=override_href(&row.id)>"Override\u{2026}"</a> });
            Some(view! { <li><Phone phone=row.phone size="sm"/><span>{title}" "{remedy}</span>{force}</li> })
        })
        .collect_view();
    view! {
        <div class="move-stayed">
            <p><strong>{format!("{count} of {total} {done}.")}</strong>" These stay as they are:"</p>
            <ul>{lines}</ul>
            <button type="button" class="btn btn-sm" on:click=move |_| on_close.run(())>"Close"</button>
        </div>
    }
}
