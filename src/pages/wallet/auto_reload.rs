//! When the wallet is topped up by itself, and with how much.

use leptos::prelude::*;

use crate::domain::money::Micros;
use crate::rpc::wallet::SetAutoReload;
use crate::ui::field::Field;
use crate::ui::form::field_error;
use crate::ui::message::{RefusalNote, action_error};

/// Threshold and amount, for those who may choose them.
#[component]
pub(super) fn AutoReload(action: ServerAction<SetAutoReload>, reload: Option<(Micros, Micros)>, method_saved: bool) -> impl IntoView {
    let error = action_error(action);
    let (threshold, amount) = reload.unzip();
    let about = if method_saved {
        "The saved way of paying is used, at most three times a day."
    } else {
        "It begins once a way of paying is saved, which a top-up over the API does when asked to."
    };
    view! {
        <section class="panel wallet-low" aria-labelledby="auto-reload-title">
            <div>
                <h2 id="auto-reload-title">"Top up by itself"</h2>
                <p class="muted">{about}</p>
            </div>
            <ActionForm action>
                <div class="wallet-low-form">
                    <RefusalNote error/>
                    <Field
                        label="Below"
                        name="threshold"
                        id="auto-reload-threshold"
                        value=threshold.map(Micros::decimal).unwrap_or_default()
                        inputmode="decimal"
                        autocomplete="off"
                        placeholder="10.00"
                        maxlength=14
                        error=field_error(error, "autoReloadThreshold")
                        hint="What can be spent. Both empty for never."
                    />
                    <Field
                        label="With"
                        name="amount"
                        id="auto-reload-amount"
                        value=amount.map(Micros::decimal).unwrap_or_default()
                        inputmode="decimal"
                        autocomplete="off"
                        placeholder="50.00"
                        maxlength=14
                        error=field_error(error, "autoReloadAmount")
                        hint="The amount that is paid."
                    />
                    <button type="submit" class="btn" disabled=move || action.pending().get()>"Save"</button>
                </div>
            </ActionForm>
        </section>
    }
}
