//! `/numbers/{e164}`: one number, whole. The page, its writes and its address live here; each panel has a file of its own.

mod answers;
mod clocks;
mod head;
mod release;
mod side;
mod timeline;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::domain::code::Code;
use crate::pages::board::move_dialog::{MoveActions, MoveDialog, MoveResult};
use crate::rpc::error::AppError;
use crate::rpc::numbers::{
    AssignAgent, HandOver, NumberView, ReleaseNumber, RestoreNumber, SetLabel, SetLocked, SetRoutes, TakeBack, UnassignAgent, get_number,
};
use crate::ui::empty::Empty;
use crate::ui::form::{LoadRefused, dialog_action, successes, use_text_parameter};
use crate::ui::frame::{PageHead, use_frame};
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::message::{Note, RefusalNote, action_error};
use crate::ui::skeleton::SkeletonRows;
use crate::ui::view::view;
use answers::{RoutesDialog, WhoAnswers};
use clocks::Clocks;
use head::{AgentDialog, Head, LabelDialog};
use release::{ReleaseDialog, ReleasedPanel};
use side::Side;
use timeline::Timeline;

/// Everything that this page can do to its number.
#[derive(Clone, Copy)]
struct NumberActions {
    label: ServerAction<SetLabel>,
    lock: ServerAction<SetLocked>,
    assign: ServerAction<AssignAgent>,
    routes: ServerAction<SetRoutes>,
    unassign: ServerAction<UnassignAgent>,
    hand_over: ServerAction<HandOver>,
    take_back: ServerAction<TakeBack>,
    release: ServerAction<ReleaseNumber>,
    restore: ServerAction<RestoreNumber>,
    moves: MoveActions,
}

impl NumberActions {
    fn new() -> Self {
        Self {
            label: ServerAction::new(),
            lock: ServerAction::new(),
            assign: ServerAction::new(),
            routes: ServerAction::new(),
            unassign: ServerAction::new(),
            hand_over: ServerAction::new(),
            take_back: ServerAction::new(),
            release: ServerAction::new(),
            restore: ServerAction::new(),
            moves: MoveActions::default(),
        }
    }

    /// Grows with every success; ties the dialogs to their writes.
    fn changes(self) -> Memo<usize> {
        let in_dialogs = [
            dialog_action(self.label, "label"),
            dialog_action(self.assign, "agent"),
            dialog_action(self.routes, "routes"),
            dialog_action(self.release, "release"),
        ];
        let in_place =
            [successes(self.lock), successes(self.unassign), successes(self.hand_over), successes(self.take_back), successes(self.restore)];
        Memo::new(move |_| {
            let dialogs: usize = in_dialogs.iter().map(Memo::get).sum();
            let place: usize = in_place.iter().map(Memo::get).sum();
            dialogs + place + self.moves.version()
        })
    }
}

/// One number.
#[component]
pub fn NumberPage() -> impl IntoView {
    view! { <SignedIn><Number/></SignedIn> }
}

#[component]
fn Number() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.with(|params| params.get("number")).unwrap_or_default());
    let actions = NumberActions::new();
    let changes = actions.changes();
    let view = load(move || (number.get(), changes.get()), |(number, _)| get_number(number));
    let frame = use_frame();
    Effect::watch(move || changes.get(), move |_, _, _| frame.refetch(), false);
    view! {
        <div class="page number-page">
            <Transition fallback=|| view! { <SkeletonRows rows=8/> }>
                {move || Suspend::new(async move {
                    match view.await {
                        Ok(view) => view! { <NumberBody view=view actions=actions/> },
                        Err(error) => view! { <Missing error=error/> },
                    }
                })}
            </Transition>
            <MoveDialog actions=actions.moves/>
            <ReleaseDialog number=number action=actions.release/>
        </div>
    }
}

/// The number is not the caller's, or has left.
#[component]
fn Missing(error: AppError) -> impl IntoView {
    let text = match error.code() {
        Code::NotFound => "Your organization has no number at this address. Check the digits, or look through your list.",
        Code::NumberGone => "It was released and its time to undo has ended. While it ages only you may buy it back.",
        _ => return view! { <PageHead title="Number"/><LoadRefused error=error/> },
    };
    let title = if error.code() == Code::NotFound { "No such number here" } else { "The number has left" };
    view! {
        <PageHead title="Number"/>
        <Empty title=title text=text>
            <a class="btn btn-primary" href="/numbers">"Your numbers"</a>
            <a class="btn" href="/"><Icon name="search"/>"Search the stock"</a>
        </Empty>
    }
}

#[component]
fn NumberBody(view: NumberView, actions: NumberActions) -> impl IntoView {
    let bought = use_text_parameter("bought");
    let released = view.row.restore_until.clone();
    let row = view.row.clone();
    let fresh = {
        let view = view.clone();
        move || (bought.get() == "1").then(|| view! { <Bought view=view.clone()/> })
    };
    let (now, is_released) = (view.now, released.is_some());
    view! {
        <Head view=view.clone()/>
        {fresh}
        <MoveResult actions=actions.moves can_force=view.can_force/>
        {released.map(|until| view! { <ReleasedPanel row=row.clone() until=until now=now actions=actions/> })}
        {(!is_released).then(|| view! { <RefusalNote error=action_error(actions.restore)/> })}
        <div class="two-column">
            <div class="stack-4">
                <WhoAnswers view=view.clone()/>
                <Clocks view=view.clone()/>
                <Timeline rows=view.timeline.clone() calls_by_day=view.calls_by_day.clone() now=now/>
            </div>
            <Side view=view.clone() actions=actions/>
        </div>
        {(!is_released).then(|| view! {
            <LabelDialog row=row action=actions.label/>
            <AgentDialog view=view.clone() action=actions.assign/>
            <RoutesDialog view=view.clone() action=actions.routes/>
        })}
    }
}

/// The news of a purchase, at the place where its number lives from now on.
#[component]
fn Bought(view: NumberView) -> impl IntoView {
    let title = format!("{} is yours", view.row.phone.formatted);
    let text = match (&view.row.answer, &view.row.sub_account) {
        (Some(answer), _) if answer.lit => format!("{} answers it now.", answer.name),
        (Some(answer), _) => format!("{} does not answer until it is published.", answer.name),
        (None, Some(sub_account)) => format!("It is in {}. Give it an agent to have calls answered.", sub_account.name),
        (None, None) => String::from("It is in your pool. Give it an agent to have calls answered."),
    };
    view! { <Note family="ok" icon="circle-check" title=title text=text/> }
}
