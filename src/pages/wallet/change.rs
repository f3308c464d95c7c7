//! The dialogs that change a guard rail, open while the URL says `?change=reload`, `alert` or `budget`.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;
use leptos::server_fn::{Http, ServerFn};
use serde::de::DeserializeOwned;

use crate::domain::money::Micros;
use crate::rpc::error::AppError;
use crate::rpc::wallet::{ForgetCard, SetAutoReload, SetBudget, SetLowBalance, WalletView};
use crate::ui::action_form::ActionForm;
use crate::ui::dialog::Dialog;
use crate::ui::field::Field;
use crate::ui::form::{dialog_action, field_error, use_text_parameter};
use crate::ui::icon::Icon;
use crate::ui::message::{Note, RefusalNote, action_error};
use crate::ui::toast::toast;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};

/// The parameter that opens them.
const PARAMETER: &str = "change";

/// What the dialogs write.
#[derive(Clone, Copy)]
pub(super) struct Changes {
    reload: ServerAction<SetAutoReload>,
    alert: ServerAction<SetLowBalance>,
    budget: ServerAction<SetBudget>,
    forget: ServerAction<ForgetCard>,
    /// Grows with every change that was made.
    pub(super) made: Memo<usize>,
}

impl Changes {
    /// The actions, each tied to its dialog.
    pub(super) fn new() -> Self {
        let (reload, alert) = (ServerAction::new(), ServerAction::new());
        let (budget, forget) = (ServerAction::new(), ServerAction::new());
        let made = [
            dialog_action::<SetAutoReload>(reload, PARAMETER),
            dialog_action::<SetLowBalance>(alert, PARAMETER),
            dialog_action::<SetBudget>(budget, PARAMETER),
            dialog_action::<ForgetCard>(forget, PARAMETER),
        ];
        let made = Memo::new(move |_| made.iter().map(|made| made.get()).sum());
        Effect::watch(
            move || made.get(),
            |_, _, _| toast(String::from("Saved"), String::from("The guard rails stand as you chose.")),
            false,
        );
        Self { reload, alert, budget, forget, made }
    }
}

/// Shows the dialog that the URL asks for.
#[component]
pub(super) fn ChangeDialog(wallet: WalletView, changes: Changes) -> impl IntoView {
    let asked = use_text_parameter(PARAMETER);
    let here = use_here();
    let wallet = StoredValue::new(wallet);
    reactive(move || {
        let close = with_param(&here.get_untracked(), PARAMETER, None);
        wallet.with_value(|wallet| match asked.get().as_str() {
            "reload" => view! { <Reload reload=wallet.reload method_saved=wallet.method_saved close changes/> },
            "alert" => view! { <Alert low_balance=wallet.low_balance close action=changes.alert/> },
            "budget" => view! { <Budget budget=wallet.budget close action=changes.budget/> },
            _ => ().into_any(),
        })
    })
}

/// The way out and the one button.
#[component]
fn Ends(close: String, #[prop(into)] pending: Signal<bool>, text: &'static str) -> impl IntoView {
    view! {
        <div class="dialog-actions">
            <a class="btn btn-lg" href=close data-noscroll="">"Leave as it is"</a>
            <button type="submit" class="btn btn-primary btn-lg" disabled=move || pending.get()>{text}</button>
        </div>
    }
}

#[component]
fn Reload(reload: Option<(Micros, Micros)>, method_saved: bool, close: String, changes: Changes) -> impl IntoView {
    let action = changes.reload;
    let error = action_error(action);
    let (threshold, amount) = reload.unzip();
    view! {
        <Dialog title="Auto-reload" close_href=close.clone()>
            <div class="stack-4">
                <Card method_saved action=changes.forget/>
                <ActionForm action>
                    <div class="stack-4">
                        <RefusalNote error/>
                        <Field
                            label="When less than this is available"
                            name="threshold"
                            id="auto-reload-threshold"
                            value=threshold.map(Micros::decimal).unwrap_or_default()
                            inputmode="decimal"
                            autocomplete="off"
                            placeholder="15.00"
                            maxlength=14
                            error=field_error(error, "autoReloadThreshold")
                            hint="Leave both empty to switch it off."
                        />
                        <Field
                            label="Add this much"
                            name="amount"
                            id="auto-reload-amount"
                            value=amount.map(Micros::decimal).unwrap_or_default()
                            inputmode="decimal"
                            autocomplete="off"
                            placeholder="50.00"
                            maxlength=14
                            error=field_error(error, "autoReloadAmount")
                            hint="One payment at a time, at most three in a day."
                        />
                        <Ends close pending=action.pending() text="Save auto-reload"/>
                    </div>
                </ActionForm>
            </div>
        </Dialog>
    }
}

/// Whether a card is saved, and the way to have one saved or forgotten.
#[component]
fn Card(method_saved: bool, action: ServerAction<ForgetCard>) -> impl IntoView {
    let error = action_error(action);
    let top_up = with_param(&with_param(&use_here().get_untracked(), PARAMETER, None), "top_up", Some("1"));
    if !method_saved {
        return view! {
            <Note family="idle" icon="credit-card" title="No card is saved yet.">
                <p><a class="link" href=top_up data-noscroll="">"Top up once"</a>" and say that the card may be saved; auto-reload begins then."</p>
            </Note>
        };
    }
    view! {
        <Note family="ok" icon="credit-card" title="A card is saved.">
            <ActionForm action>
                <RefusalNote error/>
                <button type="submit" class="btn btn-sm" disabled=move || action.pending().get()><Icon name="trash-2"/>"Forget the card"</button>
            </ActionForm>
        </Note>
    }
}

/// What stands in a dialog that changes one amount.
struct AmountForm {
    title: &'static str,
    about: AnyView,
    /// The server function's argument.
    name: &'static str,
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    placeholder: &'static str,
    save: &'static str,
}

#[component]
fn AmountDialog<S, Output>(form: AmountForm, amount: Option<Micros>, close: String, action: ServerAction<S>) -> impl IntoView
where
    S: ServerFn<Protocol = Http<PostUrl, Output>, Error = AppError> + DeserializeOwned + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    Output: 'static,
{
    let error = action_error(action);
    view! {
        <Dialog title=form.title close_href=close.clone()>
            <ActionForm action>
                <div class="stack-4">
                    <p class="muted">{form.about}</p>
                    <RefusalNote error/>
                    <Field
                        label=form.label
                        name=form.name
                        id=form.id
                        value=amount.map(Micros::decimal).unwrap_or_default()
                        inputmode="decimal"
                        autocomplete="off"
                        placeholder=form.placeholder
                        maxlength=14
                        error=field_error(error, form.name)
                        hint=form.hint
                    />
                    <Ends close pending=action.pending() text=form.save/>
                </div>
            </ActionForm>
        </Dialog>
    }
}

#[component]
fn Alert(low_balance: Option<Micros>, close: String, action: ServerAction<SetLowBalance>) -> impl IntoView {
    let form = AmountForm {
        title: "Low-balance alert",
        about: view! { "Your "<a class="link" href="/webhooks">"webhooks"</a>" are told once, and again after the wallet was a tenth above it." },
        name: "low_balance",
        id: "low-balance",
        label: "Tell them below",
        hint: "What can be spent. Empty for never.",
        placeholder: "25.00",
        save: "Save the alert",
    };
    view! { <AmountDialog form amount=low_balance close action/> }
}

#[component]
fn Budget(budget: Option<Micros>, close: String, action: ServerAction<SetBudget>) -> impl IntoView {
    let about = "What all your numbers may cost a month together. A purchase above it is refused and told by how much; renewals go on. \
                 Sub-accounts may have a budget of their own.";
    let form = AmountForm {
        title: "Monthly budget",
        about: about.into_any(),
        name: "budget",
        id: "monthly-budget",
        label: "At most, a month",
        hint: "Empty for no limit.",
        placeholder: "120.00",
        save: "Save the budget",
    };
    view! { <AmountDialog form amount=budget close action/> }
}
