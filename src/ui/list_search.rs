//! The search field above a list: a plain form that asks for the page again, with what else filters it.

use leptos::prelude::*;
use leptos_router::components::Form;

use super::form::use_text_parameter;
use super::icon::Icon;
use crate::ui::view::view;

/// Asks for `action` with `q`. `keep` names the parameters that go on standing in the URL.
#[component]
pub fn ListSearch(action: &'static str, label: &'static str, placeholder: &'static str, keep: &'static [&'static str]) -> impl IntoView {
    let q = use_text_parameter("q");
    let kept = keep.iter().map(|name| {
        let value = use_text_parameter(name).get_untracked();
        (!value.is_empty()).then(|| view! { <input type="hidden" name=*name value=value/> })
    });
    let kept = kept.collect_view();
    view! {
        <Form action=action method="get" noscroll=true>
            <div class="filter-form" role="search">
                {kept}
                <label class="search-field">
                    <span class="sr-only">{label}</span>
                    <Icon name="search" size=18/>
                    <input type="search" name="q" value=q.get_untracked() prop:value=move || q.get() placeholder=placeholder autocomplete="off"/>
                </label>
                <button type="submit" class="sr-only-focusable btn btn-sm">"Search"</button>
            </div>
        </Form>
    }
}
