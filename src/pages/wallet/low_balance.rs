//! Below which amount webhooks are told that the wallet is low.

use leptos::prelude::*;

use crate::domain::money::Micros;
use crate::rpc::wallet::SetLowBalance;
use crate::ui::field::Field;
use crate::ui::form::field_error;
use crate::ui::message::{RefusalNote, action_error};

/// The threshold, for those who may choose it.
#[component]
pub(super) fn LowBalance(action: ServerAction<SetLowBalance>, low_balance: Option<Micros>) -> impl IntoView {
    let error = action_error(action);
    view! {
        <section class="panel wallet-low" aria-labelledby="low-balance-title">
            <div>
                <h2 id="low-balance-title">"If the wallet runs low"</h2>
                <p class="muted">"Your "<a class="link" href="/webhooks">"webhooks"</a>" are told once, and again after the wallet was a tenth above it."</p>
            </div>
            <ActionForm action>
                <div class="wallet-low-form">
                    <RefusalNote error/>
                    <Field
                        label="Tell them below"
                        name="low_balance"
                        id="low-balance"
                        value=low_balance.map(Micros::decimal).unwrap_or_default()
                        inputmode="decimal"
                        autocomplete="off"
                        placeholder="20.00"
                        maxlength=14
                        error=field_error(error, "low_balance")
                        hint="What can be spent. Empty for never."
                    />
                    <button type="submit" class="btn" disabled=move || action.pending().get()>"Save"</button>
                </div>
            </ActionForm>
        </section>
    }
}
