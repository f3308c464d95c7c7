//! Lengths, limits and switches of the installation in words: a panel of names, values and what each does.

use leptos::prelude::*;

use crate::rpc::settings::SettingView;
use crate::ui::view::view;

/// One panel.
#[component]
pub fn SettingsList(#[prop(into)] title: String, rows: Vec<SettingView>) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <div class="setting">
                    <dt>{row.name}</dt>
                    <dd class="setting-value">{row.value}</dd>
                    <dd class="setting-text">{row.text}</dd>
                </div>
            }
        })
        .collect_view();
    let label = title.clone();
    view! {
        <section class="panel" aria-label=label>
            <div class="panel-head"><h2>{title}</h2></div>
            <dl class="settings-list">{rows}</dl>
        </section>
    }
}
