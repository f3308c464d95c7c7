//! `/admin`: what waits for the operator, and the lengths and switches that this installation has (R61).

use leptos::prelude::*;

use super::OperatorOnly;
use crate::rpc::admin::accounts::{InstallationView, installation};
use crate::ui::form::LoadRefused;
use crate::ui::frame::PageHead;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::settings_list::SettingsList;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::view::view;

/// The operator's start page.
#[component]
pub fn OverviewPage() -> impl IntoView {
    view! { <OperatorOnly><Overview/></OperatorOnly> }
}

#[component]
fn Overview() -> impl IntoView {
    let resource = load(|| (), |()| installation());
    view! {
        <div class="page list-page">
            <PageHead title="Overview" subtitle="What waits for you, and how this installation is set."/>
            <Transition fallback=|| view! { <SkeletonRows rows=6/> }>
                {move || Suspend::new(async move {
                    match resource.await {
                        Ok(view) => view! { <Body view/> },
                        Err(error) => view! { <LoadRefused error/> },
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Body(view: InstallationView) -> impl IntoView {
    let figures = [
        ("/admin/orders?chip=stuck", "octagon-alert", "Stuck orders", view.stuck),
        ("/admin/orders?chip=under_way", "send", "Orders under way", view.under_way),
        ("/admin/cool-offs", "snowflake", "Cool-offs", view.cool_offs),
        ("/admin/inventory?chip=available", "package", "Numbers in stock", view.in_stock),
        ("/admin/organizations", "building", "Organizations", view.organizations),
    ];
    let figures = figures
        .into_iter()
        .map(|(href, icon, word, count)| {
            let class = if word == "Stuck orders" && count > 0 { "figure figure-danger" } else { "figure" };
            view! {
                <li>
                    <a class=class href=href>
                        <span class="figure-word"><Icon name=icon size=18/>{word}</span>
                        <strong class="figure-count num">{count}</strong>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="figures" aria-label="How it stands">{figures}</ul>
        <SettingsList title="Lengths and limits" rows=view.lengths/>
        <SettingsList title="Switches" rows=view.switches/>
        <p class="muted small">"They are set where the server is started; "<code>"dialyard serve --help"</code>" names each with its default."</p>
    }
}
