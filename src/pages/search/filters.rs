//! The filters with the counts behind them: a column on wide screens, a sheet on narrow ones. The counts arrive after the rows (R28).

use leptos::ev;
use leptos::prelude::*;

use super::facets::{AREA, CITY, COUNTRY, FacetSelect, FeatureGroup, KIND, OneOf, PRICE, RadioGroup, STATE, with_chosen};
use super::{FORM, SearchContext, query, use_search};
use crate::domain::count::grouped;
use crate::domain::place::{country_name, state_name};
use crate::domain::refusal::FieldError;
use crate::rpc::search::{FacetValue, FacetsView, SearchInput};
use crate::ui::browser;
use crate::ui::chips::ChipLink;
use crate::ui::combobox::{Combobox, Suggestion};
use crate::ui::form::LoadRefused;
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::tile_map::{StateCount, TileMap, has_tile};
use crate::ui::view::{reactive, view};

/// Area codes that stand as chips; any other can be typed.
const AREA_CHIPS: usize = 8;
const CLOSE_ID: &str = "close-filters";

/// The panel, and the scrim behind it while it is a sheet.
#[component]
pub fn Filters() -> impl IntoView {
    let search = use_search();
    let closed = move || query::href(&search.input.read());
    let map = MapLinks::new(search);
    // Focus follows the sheet; where the panel is a column both links are hidden and focus stays.
    Effect::new(move |was_open: Option<bool>| {
        let open = search.sheet.get();
        if was_open.is_some_and(|was_open| was_open != open) {
            browser::focus(if open { CLOSE_ID } else { "open-filters" });
        }
        open
    });
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && search.sheet.get_untracked() {
            search.go(closed(), false);
        }
    };
    view! {
        <aside class="search-filters" class:search-filters-open=move || search.sheet.get() aria-label="Filters" on:keydown=on_key>
            <a class="filters-scrim" href=closed data-noscroll="" aria-hidden="true" tabindex="-1"></a>
            <div class="filters-panel">
                <div class="filters-head">
                    <h2>"Filters"</h2>
                    <a class="link" href=move || query::without_filters(&search.input.read()) data-noscroll="">"Clear all"</a>
                    <a class="btn btn-quiet btn-icon" id=CLOSE_ID href=closed data-noscroll="" aria-label="Close filters"><Icon name="x" size=18/></a>
                </div>
                <Transition fallback=|| view! { <SkeletonRows rows=6/> }>
                    {move || Suspend::new(async move {
                        let facets = search.facets.await;
                        let (errors, total) = match search.answer.await {
                            Ok(answer) => (answer.view.errors, Some(answer.view.total)),
                            Err(_) => (Vec::new(), None),
                        };
                        match facets {
                            Ok(facets) => view! { <Groups facets errors map/> <SheetFoot total/> },
                            Err(error) => view! { <LoadRefused error/> },
                        }
                    })}
                </Transition>
            </div>
        </aside>
    }
}

/// The chosen state and where the others lead. Made with the panel and not with its counts: the map of the last search stays, and follows
/// the address, until the counts of the next have come.
#[derive(Clone, Copy)]
struct MapLinks {
    chosen: Signal<String>,
    href: Callback<String, String>,
}

impl MapLinks {
    fn new(search: SearchContext) -> Self {
        let href = move |code: String| {
            let next = query::edit_of(&search.input.read(), |next| (STATE.write)(next, code));
            search.address(&next)
        };
        Self { chosen: Signal::derive(move || search.input.read().state.clone()), href: Callback::new(href) }
    }
}

/// Sends the form without JavaScript, and closes the sheet with it.
#[component]
fn SheetFoot(total: Option<u64>) -> impl IntoView {
    let words = match total {
        Some(1) => String::from("Show 1 number"),
        Some(total) => format!("Show {} numbers", grouped(total)),
        None => String::from("Show results"),
    };
    view! { <div class="filters-foot"><button type="submit" form=FORM class="btn btn-primary btn-lg">{words}</button></div> }
}

#[component]
fn Groups(facets: FacetsView, errors: Vec<FieldError>, map: MapLinks) -> impl IntoView {
    let search = use_search();
    let currency = use_frame().currency();
    let FacetsView { countries, states, cities, area_codes, kinds, features, prices } = facets;
    let input = search.input.get_untracked();
    let errors = StoredValue::new(errors);
    let fault = move |field: OneOf| {
        errors.with_value(|errors| errors.iter().find(|error| error.field == field.name).map(|error| error.message.clone()))
    };
    let cities = with_chosen(cities, &input.city, str::to_owned);
    let kinds = with_chosen(kinds, &input.kind, query::kind_label);
    // The first of the prices is any price.
    let any_price = prices.iter().find(|price| price.value.is_empty()).map(|price| price.count);
    let prices = prices.into_iter().filter(|price| !price.value.is_empty()).collect();
    let prices = with_chosen(prices, &input.max_monthly, |price| query::price_label(price, &currency));
    view! {
        <PlaceGroup countries states input=input.clone() map fault=fault(STATE).or_else(|| fault(COUNTRY))/>
        {(!cities.is_empty()).then(|| view! {
            <Group title="City" fault=fault(CITY)><RadioGroup field=CITY any="Any city" any_count=None values=cities more="cities"/></Group>
        })}
        <AreaGroup values=area_codes input fault=fault(AREA)/>
        {(!features.is_empty()).then(|| view! {
            <Group title="Must have" fault=errors.with_value(|errors| errors.iter().find(|error| error.field == "features").map(|error| error.message.clone()))>
                <FeatureGroup values=features/>
            </Group>
        })}
        <Group title="Monthly price" fault=fault(PRICE)><RadioGroup field=PRICE any="Any price" any_count=any_price values=prices/></Group>
        <Group title="Type" fault=fault(KIND)><RadioGroup field=KIND any="Any type" any_count=None values=kinds/></Group>
    }
}

/// A heading and the choices under it, with what is wrong with them.
#[component]
fn Group(title: &'static str, fault: Option<String>, children: Children) -> impl IntoView {
    view! {
        <fieldset class="facet">
            <legend>{title}</legend>
            {children()}
            <Fault fault/>
        </fieldset>
    }
}

#[component]
fn Fault(fault: Option<String>) -> impl IntoView {
    fault.map(|message| view! { <p class="field-error" role="alert"><Icon name="circle-alert" size=14/> {message}</p> })
}

/// Country, the map, and the select that does the same.
#[component]
fn PlaceGroup(
    countries: Vec<FacetValue>,
    states: Vec<FacetValue>,
    input: SearchInput,
    map: MapLinks,
    fault: Option<String>,
) -> impl IntoView {
    let home = input.country.is_empty() || input.country == query::HOME_COUNTRY;
    let country = if input.country.is_empty() { query::HOME_COUNTRY.to_owned() } else { input.country.clone() };
    let countries = with_chosen(countries, &country, |code| country_name(code).to_owned());
    let beside = states.iter().filter(|state| home && state.count > 0 && !has_tile(&state.value)).cloned().collect::<Vec<_>>();
    let counts = states.iter().map(|state| StateCount { code: state.value.clone(), count: state.count }).collect::<Vec<_>>();
    let states = with_chosen(states, &input.state, |code| state_name(code).unwrap_or(code).to_owned());
    let MapLinks { chosen, href } = map;
    view! {
        <div class="facet facet-place" role="group" aria-labelledby="facet-place">
            <div class="facet-head">
                <h3 id="facet-place">"Place"</h3>
                <FacetSelect field=COUNTRY label="Country" values=countries default=query::HOME_COUNTRY/>
            </div>
            <div class="facet-state" class:facet-state-always=!home>
                <FacetSelect field=STATE label="State" values=states any="Any state"/>
            </div>
            {home.then(|| view! { <TileMap counts chosen href/> })}
            {(!beside.is_empty()).then(|| view! { <Chips field=STATE values=beside/> })}
            <Fault fault/>
        </div>
    }
}

/// The commonest area codes as chips, and a field for any other.
#[component]
fn AreaGroup(values: Vec<FacetValue>, input: SearchInput, fault: Option<String>) -> impl IntoView {
    let search = use_search();
    let wrong = fault.is_some();
    let suggestions =
        values.iter().map(|area| Suggestion { value: area.value.clone(), label: format!("{} numbers", grouped(area.count)) }).collect();
    let values = values.into_iter().take(AREA_CHIPS).collect::<Vec<_>>();
    view! {
        <div class="facet" role="group" aria-labelledby="facet-area">
            <div class="facet-head">
                <h3 id="facet-area">"Area code"</h3>
                <Combobox
                    id="area"
                    name="area"
                    form=FORM
                    label="Area code"
                    value=input.area
                    shown=move || search.input.read().area.clone()
                    suggestions
                    class="facet-area"
                    wrong
                    inputmode="numeric"
                    maxlength=4
                    choose=move |area| search.edit(false, |next| next.area = area)
                />
            </div>
            <Chips field=AREA values/>
            <Fault fault/>
        </div>
    }
}

/// Values as chips; the chosen one leads back to no choice.
#[component]
fn Chips(field: OneOf, values: Vec<FacetValue>) -> impl IntoView {
    let search = use_search();
    let chip = move |FacetValue { value, label, count }: FacetValue| {
        reactive(move || {
            let input = search.input.get();
            let chosen = value == (field.read)(&input);
            let next = query::edit_of(&input, |next| (field.write)(next, if chosen { String::new() } else { value.clone() }));
            view! { <ChipLink href=search.address(&next) label=label.clone() count chosen/> }
        })
    };
    let chips = values.into_iter().map(|value| view! { <li>{chip(value)}</li> }).collect_view();
    view! { <ul class="facet-chips">{chips}</ul> }
}
