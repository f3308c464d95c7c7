//! Who answers: the patch line from the number to its agent and its routes, with one lit jack. Which one is lit the server says.

use leptos::prelude::*;

use crate::rpc::numbers::{ChainLink, NumberView};
use crate::ui::badge::Badge;
use crate::ui::message::Note;

#[component]
pub fn WhoAnswers(view: NumberView) -> impl IntoView {
    let lit = view.chain.iter().position(|link| link.lit);
    let jacks = view
        .chain
        .into_iter()
        .enumerate()
        .map(|(index, link)| {
            let live = lit.is_some_and(|lit| index < lit);
            view! { <Jack link=link live=live/> }
        })
        .collect_view();
    let nobody = view.nobody_because.map(|reason| view! { <Note family="warn" icon="volume-x" title="Nobody answers" text=reason/> });
    view! {
        <section class="panel" aria-labelledby="who-answers">
            <header class="panel-head"><h2 id="who-answers">"Who answers"</h2></header>
            <div class="panel-body stack-4">
                <ol class="patch">{jacks}</ol>
                {nobody}
            </div>
        </section>
    }
}

/// One jack. `live` says that calls run through the cord behind it.
#[component]
fn Jack(link: ChainLink, live: bool) -> impl IntoView {
    let role = match link.role.as_str() {
        "call_to" => "Call to",
        "agent" => "Agent",
        "primary" => "Primary route",
        _ => "Failover",
    };
    let source = link.role == "call_to";
    let mut class = String::from("jack");
    for (name, on) in [("jack-live", live), ("jack-lit", link.lit), ("jack-source", source), ("jack-empty", !link.set)] {
        if on {
            class.push(' ');
            class.push_str(name);
        }
    }
    view! {
        <li class=class>
            <span class="jack-dot" aria-hidden="true"></span>
            <span class="jack-role muted">{role}</span>
            <span class="jack-name">{if link.set { link.name } else { String::from("Not set") }}</span>
            <span class="jack-detail muted">{link.detail}</span>
            {link.lit.then(|| view! { <Badge family="ok" icon="radio" text="Answers now"/> })}
        </li>
    }
}
