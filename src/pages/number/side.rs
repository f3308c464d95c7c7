//! The side of a number's page: facts, the deletion lock, the ways it can move, and the way to release it.

use leptos::prelude::*;

use super::NumberActions;
use crate::domain::account::Role;
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::pages::board::move_dialog::{move_href, override_href};
use crate::pages::board::place_text;
use crate::rpc::error::AppError;
use crate::rpc::numbers::NumberView;
use crate::ui::action_form::ActionForm;
use crate::ui::field::SelectField;
use crate::ui::form::field_error;
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::message::{RefusalNote, action_error, refusal_text};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;
use crate::ui::when::When;

#[component]
pub fn Side(view: NumberView, actions: NumberActions) -> impl IntoView {
    let frame = use_frame();
    let owned = view.row.restore_until.is_none();
    let may = owned && frame.can(Role::Member);
    let may_lock = frame.can(Role::Admin);
    view! {
        <aside class="stack-4" aria-label="About this number">
            <Facts view=view.clone()/>
            {owned.then(|| view! { <Lock view=view.clone() may=may_lock actions=actions/> })}
            {may.then(|| view! {
                <MoveIt view=view.clone() actions=actions/>
                <Release view=view.clone()/>
            })}
        </aside>
    }
}

fn type_text(number_type: &str) -> &'static str {
    match number_type {
        "toll_free" => "Toll-free",
        "national" => "National",
        "mobile" => "Mobile",
        _ => "Local",
    }
}

/// `Voice, SMS, MMS, E911`.
fn features_text(view: &NumberView) -> String {
    let mut words: Vec<String> = view
        .features
        .iter()
        .filter(|feature| feature.as_str() != "emergency")
        .map(|feature| match feature.as_str() {
            "voice" => String::from("Voice"),
            "fax" => String::from("Fax"),
            other => other.to_uppercase(),
        })
        .collect();
    words.push(String::from(if view.emergency { "E911" } else { "no 911" }));
    words.join(", ")
}

#[component]
fn Facts(view: NumberView) -> impl IntoView {
    let source = if view.source == "imported" { "Imported " } else { "Bought " };
    let year = view.bought_at.full.get(..4).map(|year| format!(", {year}"));
    view! {
        <section class="panel" aria-labelledby="facts">
            <header class="panel-head"><h2 id="facts">"Facts"</h2></header>
            <dl class="panel-body facts">
                <div><dt>"Place"</dt><dd>{place_text(&view.row)}</dd></div>
                <div><dt>"Type"</dt><dd>{type_text(&view.number_type)}</dd></div>
                <div><dt>"Features"</dt><dd class:facts-warn=!view.emergency>{features_text(&view)}</dd></div>
                <div><dt>"E.164"</dt><dd class="num">{view.row.phone.e164.clone()}</dd></div>
                <div><dt>"Provider"</dt><dd>{view.provider.clone()}</dd></div>
                <div><dt>"Source"</dt><dd>{source}<When moment=view.bought_at style="day"/>{year}</dd></div>
            </dl>
        </section>
    }
}

#[component]
fn Lock(view: NumberView, may: bool, actions: NumberActions) -> impl IntoView {
    let locked = view.row.locked;
    let error = action_error(actions.lock);
    let pending = actions.lock.pending();
    let text = match (locked, may) {
        (true, true) => "Release, hand-over and take-back are refused while it is on",
        (false, true) => "Release is refused while it is on",
        (_, false) => "An administrator turns it on and off",
    };
    view! {
        <section class="panel side-row">
            <div class="side-text">
                <h2 id="deletion-lock">"Deletion lock"</h2>
                <p class="muted" id="deletion-lock-text">{text}</p>
            </div>
            <ActionForm action=actions.lock>
                <input type="hidden" name="id" value=view.row.id/>
                <input type="hidden" name="locked" value=if locked { "0" } else { "1" }/>
                <button
                    type="submit"
                    class="switch"
                    role="switch"
                    aria-checked=if locked { "true" } else { "false" }
                    aria-labelledby="deletion-lock"
                    aria-describedby="deletion-lock-text"
                    disabled=move || !may || pending.get()
                >
                    <span aria-hidden="true"></span>
                </button>
            </ActionForm>
            <RefusalNote error=error/>
        </section>
    }
}

/// Unassign and Take back together, because both keep the number; Release stands alone below.
#[component]
fn MoveIt(view: NumberView, actions: NumberActions) -> impl IntoView {
    let here = use_here();
    let id = view.row.id.clone();
    let errors = [action_error(actions.unassign), action_error(actions.hand_over), action_error(actions.take_back)];
    let error: Signal<Option<AppError>> = Signal::derive(move || errors.iter().find_map(Signal::get));
    let href = move || move_href(&here.get(), &id);
    let inside = view.row.sub_account.is_some();
    view! {
        <section class="panel" aria-labelledby="move-it">
            <header class="panel-head">
                <h2 id="move-it">"Move it"</h2>
                <a class="btn btn-quiet btn-sm" href=href data-noscroll="">"Move to\u{2026}"</a>
            </header>
            <div class="panel-body side-rows">
                <AgentRow view=view.clone() actions=actions/>
                {if inside {
                    view! { <TakeBackRow view=view actions=actions/> }
                } else {
                    view! { <HandOverRow view=view actions=actions/> }
                }}
                <RefusalNote error=error/>
            </div>
        </section>
    }
}

#[component]
fn AgentRow(view: NumberView, actions: NumberActions) -> impl IntoView {
    let here = use_here();
    let agent = view.row.answer.clone().filter(|answer| answer.kind == "agent" && view.row.agent_id.is_some());
    match agent {
        Some(agent) => {
            let title = if agent.lit { format!("{} answers it", agent.name) } else { format!("{} is its agent", agent.name) };
            view! {
                <div class="side-row">
                    <div class="side-text"><strong>{title}</strong><p class="muted">"It stays here and stays paid"</p></div>
                    <ActionForm action=actions.unassign>
                        <input type="hidden" name="id" value=view.row.id/>
                        <button type="submit" class="btn"><Icon name="unplug"/>"Unassign"</button>
                    </ActionForm>
                </div>
            }
        }
        None => view! {
            <div class="side-row">
                <div class="side-text"><strong>"No agent"</strong><p class="muted">"An agent is who answers its calls"</p></div>
                <a class="btn" href=move || with_param(&here.get(), "agent", Some("1")) data-noscroll=""><Icon name="plug"/>"Assign\u{2026}"</a>
            </div>
        },
    }
}

/// Why a button is off, with the end of the clock where it is a clock.
#[component]
fn Because(view: NumberView, refusal: Refusal, #[prop(into)] id: String) -> impl IntoView {
    let clock = view.row.cool_off.clone().filter(|_| refusal.code() == Code::DidCoolOffInEffect);
    match clock {
        Some(clock) => view! {
            <p class="muted because" id=id><Icon name="snowflake" size=14/><span>"From "<When moment=clock.until/></span></p>
        },
        None => {
            let inside = view.row.sub_account.filter(|_| refusal.code() == Code::NumberInSubAccount);
            let (icon, text) = match inside {
                Some(sub_account) => ("building-2", format!("Take it back from {} first.", sub_account.name)),
                None => {
                    let (title, remedy) = refusal_text(&refusal, &use_frame().currency());
                    ("ban", format!("{title} {remedy}"))
                }
            };
            view! { <p class="muted because" id=id><Icon name=icon size=14/><span>{text}</span></p> }
        }
    }
}

#[component]
fn TakeBackRow(view: NumberView, actions: NumberActions) -> impl IntoView {
    let name = view.row.sub_account.as_ref().map(|sub_account| sub_account.name.clone()).unwrap_or_default();
    let refused = view.take_back_refused.clone();
    let off = refused.is_some();
    let cooling = refused.as_ref().is_some_and(|refusal| refusal.code() == Code::DidCoolOffInEffect);
    let force = (cooling && view.can_force).then(|| {
        view! { <a class="link" href=override_href(&view.row.id)>"Override\u{2026}"</a> }
    });
    let id = view.row.id.clone();
    view! {
        <div class="side-row">
            <div class="side-text">
                <strong>{format!("In {name}")}</strong>
                {match refused {
                    Some(refusal) => view! { <Because view=view refusal=refusal id="take-back-because"/> },
                    None => view! { <p class="muted">"Back into your pool, without its agent there"</p> },
                }}
                {force}
            </div>
            <ActionForm action=actions.take_back>
                <input type="hidden" name="id" value=id/>
                <button type="submit" class="btn" disabled=off aria-describedby=off.then_some("take-back-because")>"Take back"</button>
            </ActionForm>
        </div>
    }
}

#[component]
fn HandOverRow(view: NumberView, actions: NumberActions) -> impl IntoView {
    let refused = view.hand_over_refused.clone();
    let off = refused.is_some();
    if view.sub_accounts.is_empty() {
        return view! {
            <p class="muted">"Sub-accounts are your own customers. " <a class="link" href="/sub-accounts">"Make one"</a> " to hand this number to it."</p>
        };
    }
    let options: Vec<(String, String)> =
        view.sub_accounts.iter().map(|sub_account| (sub_account.id.clone(), sub_account.name.clone())).collect();
    let hint = format!("After a call it comes back only {} days later.", view.cool_off_days);
    let error = field_error(action_error(actions.hand_over), "sub_account_id");
    let id = view.row.id.clone();
    view! {
        <ActionForm action=actions.hand_over>
            <input type="hidden" name="id" value=id/>
            <div class="side-hand-over">
                <SelectField label="Hand over to" name="sub_account_id" options=options hint=hint error=error/>
                <button type="submit" class="btn" disabled=off aria-describedby=off.then_some("hand-over-because")>
                    <Icon name="building-2"/>"Hand over"
                </button>
            </div>
            {refused.map(|refusal| view! { <Because view=view refusal=refusal id="hand-over-because"/> })}
        </ActionForm>
    }
}

#[component]
fn Release(view: NumberView) -> impl IntoView {
    let here = use_here();
    let refused = view.release_refused.clone();
    let button = match &refused {
        Some(_) => view! { <button type="button" class="btn" disabled=true aria-describedby="release-because">"Release\u{2026}"</button> },
        None => view! {
            <a class="btn btn-danger-line" href=move || with_param(&here.get(), "release", Some("1")) data-noscroll="">"Release\u{2026}"</a>
        },
    };
    view! {
        <section class="panel side-row">
            <div class="side-text">
                <h2>"Release the number"</h2>
                {match refused {
                    Some(refusal) => view! { <Because view=view refusal=refusal id="release-because"/> },
                    None => view! { <p class="muted">"You give it up. It can be undone for a while."</p> },
                }}
            </div>
            {button}
        </section>
    }
}
