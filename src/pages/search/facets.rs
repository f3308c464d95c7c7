//! Values of filters as choices with the counts behind them: radio buttons and check boxes of the search form.

use leptos::prelude::*;

use super::query::feature_names;
use super::{FORM, query, use_search};
use crate::domain::count::grouped;
use crate::rpc::search::{FacetValue, SearchInput};
use crate::ui::icon::Icon;
use crate::ui::view::view;

/// So many values of a long list stand open; the others fold away.
const OPEN: usize = 5;

/// A field that takes one value.
#[derive(Debug, Clone, Copy)]
pub struct OneOf {
    /// Name in the form and in the URL.
    pub name: &'static str,
    pub read: fn(&SearchInput) -> &str,
    pub write: fn(&mut SearchInput, String),
}

/// City of the number.
pub const CITY: OneOf = OneOf { name: "city", read: |input| &input.city, write: |input, value| input.city = value };
/// Type of the number.
pub const KIND: OneOf = OneOf { name: "kind", read: |input| &input.kind, write: |input, value| input.kind = value };
/// Highest monthly price.
pub const PRICE: OneOf = OneOf { name: "max_monthly", read: |input| &input.max_monthly, write: |input, value| input.max_monthly = value };
/// State or province. Another one makes the city meaningless.
pub const STATE: OneOf = OneOf {
    name: "state",
    read: |input| &input.state,
    write: |input, value| {
        input.state = value;
        input.city.clear();
    },
};
/// Country. Another one makes every place meaningless.
pub const COUNTRY: OneOf = OneOf {
    name: "country",
    read: |input| &input.country,
    write: |input, value| {
        input.country = value;
        input.state.clear();
        input.city.clear();
        input.area.clear();
    },
};
/// Area code.
pub const AREA: OneOf = OneOf { name: "area", read: |input| &input.area, write: |input, value| input.area = value };

/// The values with the chosen one among them, even when nothing has it.
#[must_use]
pub fn with_chosen(mut values: Vec<FacetValue>, chosen: &str, label: impl FnOnce(&str) -> String) -> Vec<FacetValue> {
    if !chosen.is_empty() && !values.iter().any(|value| value.value == chosen) {
        values.insert(0, FacetValue { value: chosen.to_owned(), label: label(chosen), count: 0 });
    }
    values
}

/// A filter that takes one of several values, or none: `any` is the name of that choice.
#[component]
pub fn RadioGroup(
    field: OneOf,
    any: &'static str,
    any_count: Option<u64>,
    values: Vec<FacetValue>,
    /// What is folded away when the list is long; without it nothing is.
    #[prop(optional)]
    more: &'static str,
) -> impl IntoView {
    let chosen = use_search().input.with_untracked(|input| values.iter().position(|value| value.value == (field.read)(input)));
    let chosen_late = chosen.is_some_and(|at| at >= OPEN);
    let open = if more.is_empty() { values.len() } else { OPEN };
    let folded = values.len().saturating_sub(open);
    let row = |FacetValue { value, label, count }| view! { <RadioRow field value label count=Some(count)/> };
    let mut rows = values.into_iter().map(row).collect::<Vec<_>>();
    let rest = rows.split_off(rows.len() - folded);
    view! {
        <div class="facet-list">
            <RadioRow field value=String::new() label=any.to_owned() count=any_count/>
            {rows}
            {(folded > 0).then(|| view! {
                <details class="facet-more" open=chosen_late>
                    <summary class="link">{folded} " more " {more}</summary>
                    {rest}
                </details>
            })}
        </div>
    }
}

#[component]
fn RadioRow(field: OneOf, value: String, label: String, count: Option<u64>) -> impl IntoView {
    let search = use_search();
    let chosen = {
        let value = value.clone();
        move || (field.read)(&search.input.read()) == value
    };
    let pick = {
        let value = value.clone();
        move |_| search.edit(false, |next| (field.write)(next, value.clone()))
    };
    view! {
        <label class="choice" class:choice-none=count == Some(0)>
            <input type="radio" name=field.name value=value form=FORM checked=untrack(&chosen) prop:checked=chosen on:change=pick/>
            <span class="choice-label">{label}</span>
            {count.map(|count| view! { <span class="choice-count num">{grouped(count)}</span> })}
        </label>
    }
}

/// Features that must all be there.
#[component]
pub fn FeatureGroup(values: Vec<FacetValue>) -> impl IntoView {
    view! { <div class="facet-list">{values.into_iter().map(|value| view! { <FeatureRow value/> }).collect_view()}</div> }
}

#[component]
fn FeatureRow(value: FacetValue) -> impl IntoView {
    let search = use_search();
    let FacetValue { value, count, .. } = value;
    let label = query::feature_label(&value);
    let chosen = {
        let value = value.clone();
        move || feature_names(&search.input.read().features).any(|name| name == value)
    };
    let toggle = {
        let value = value.clone();
        move |_| search.edit(false, |next| next.features = query::toggled_feature(&next.features, &value))
    };
    view! {
        <label class="choice" class:choice-none=count == 0>
            <input type="checkbox" name="features" value=value form=FORM checked=untrack(&chosen) prop:checked=chosen on:change=toggle/>
            <span class="choice-label">{label}</span>
            <span class="choice-count num">{grouped(count)}</span>
        </label>
    }
}

/// A select for a long list; `any` is the name of no choice, where there may be none, and `default` the value that the URL leaves out.
#[component]
pub fn FacetSelect(
    field: OneOf,
    label: &'static str,
    values: Vec<FacetValue>,
    #[prop(optional)] any: &'static str,
    #[prop(optional)] default: &'static str,
) -> impl IntoView {
    let search = use_search();
    let chosen = move || match (field.read)(&search.input.read()) {
        "" => default.to_owned(),
        value => value.to_owned(),
    };
    let options = values
        .into_iter()
        .map(|FacetValue { value, label, count }| {
            let text = format!("{label} {}", grouped(count));
            view! { <option value=value.clone() selected=value == untrack(chosen)>{text}</option> }
        })
        .collect_view();
    let none = (!any.is_empty()).then(|| view! { <option value="">{any}</option> });
    view! {
        <span class="select">
            <select
                name=field.name
                form=FORM
                aria-label=label
                prop:value=chosen
                on:change=move |event| search.edit(false, |next| (field.write)(next, event_target_value(&event)))
            >
                {none}
                {options}
            </select>
            <Icon name="chevron-down"/>
        </span>
    }
}
