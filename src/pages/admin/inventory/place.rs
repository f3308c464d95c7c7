//! Where the stock is and how old: the map of states, provinces and other places beside it, area codes of the chosen one, and ages.

use leptos::prelude::*;

use crate::domain::count::grouped;
use crate::domain::place::state_name;
use crate::rpc::admin::stock::Counted;
use crate::ui::chips::ChipLink;
use crate::ui::form::use_text_parameter;
use crate::ui::tile_map::{StateCount, TileMap, has_tile};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;

/// The panels beside the list.
#[component]
pub(super) fn Places(regions: Vec<Counted>, areas: Vec<Counted>, ages: Vec<Counted>) -> impl IntoView {
    let here = use_here();
    let chosen = use_text_parameter("region");
    let at = move |name: &str, value: &str| {
        let here = with_param(&with_param(&here.get_untracked(), "cursor", None), "area", None);
        with_param(&here, name, Some(value).filter(|value| !value.is_empty()))
    };
    let counts = regions.iter().map(|region| StateCount { code: region.name.clone(), count: region.count }).collect::<Vec<_>>();
    let others = regions.into_iter().filter(|region| !has_tile(&region.name)).collect::<Vec<_>>();
    let others = others
        .into_iter()
        .map(|region| {
            let is_chosen = chosen.get_untracked() == region.name;
            let href = at("region", if is_chosen { "" } else { &region.name });
            let label = state_name(&region.name).map_or_else(|| region.name.clone(), String::from);
            view! { <ChipLink href label count=region.count chosen=is_chosen/> }
        })
        .collect_view();
    view! {
        <section class="panel panel-plain" aria-label="Where it is">
            <h2>"Where it is"</h2>
            <TileMap counts chosen=chosen href=Callback::new(move |code: String| at("region", &code))/>
            <div class="stock-others">{others}</div>
            {(!areas.is_empty()).then(|| view! { <Areas areas/> })}
        </section>
        <section class="panel panel-plain" aria-label="How old it is">
            <h2>"Since when it is here"</h2>
            <Shares rows=ages/>
        </section>
    }
}

#[component]
fn Areas(areas: Vec<Counted>) -> impl IntoView {
    let here = use_here().get_untracked();
    let chosen = use_text_parameter("area").get_untracked();
    let chips = areas
        .into_iter()
        .map(|area| {
            let is_chosen = area.name == chosen;
            let href = with_param(&with_param(&here, "cursor", None), "area", (!is_chosen).then_some(area.name.as_str()));
            view! { <ChipLink href label=area.name count=area.count chosen=is_chosen/> }
        })
        .collect_view();
    view! {
        <h3>"Area codes"</h3>
        <div class="stock-others">{chips}</div>
    }
}

/// Counts with a bar each, of the largest.
#[component]
fn Shares(rows: Vec<Counted>) -> impl IntoView {
    let largest = rows.iter().map(|row| row.count).max().unwrap_or_default();
    let rows = rows
        .into_iter()
        .map(|row| {
            let width = share(row.count, largest);
            view! {
                <div class="share">
                    <dt>{row.name}</dt>
                    <dd class="num">{grouped(row.count)}</dd>
                    <svg class="budget-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="budget-track" width="100" height="4" rx="1"></rect>
                        <rect class="budget-fill" width=width height="4" rx="1"></rect>
                    </svg>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="shares">{rows}</dl> }
}

/// Whole percent of the largest; what is there at all is never invisible.
fn share(count: u64, largest: u64) -> u64 {
    if count == 0 || largest == 0 { 0 } else { (count.saturating_mul(100) / largest).clamp(1, 100) }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn something_is_never_invisible() {
        assert_eq!([share(0, 0), share(0, 9), share(1, 1_000_000), share(50, 100), share(100, 100)], [0, 0, 1, 50, 100]);
    }
}
