//! Things that hold other things: the tile map, a menu, rows that are awaited, a table with its pager, the empty state, and dialogs.

use leptos::prelude::*;

use super::phone;
use crate::rpc::routes::DeleteRoute;
use crate::ui::badge::Badge;
use crate::ui::combobox::{Combobox, Suggestion};
use crate::ui::dialog::Dialog;
use crate::ui::empty::Empty;
use crate::ui::form::{NoValue, use_parameter};
use crate::ui::form_dialog::{Consequence, FormDialog};
use crate::ui::icon::Icon;
use crate::ui::one_time_secret::{OneTimeSecret, SecretPlace};
use crate::ui::pager::CursorPager;
use crate::ui::phone::Phone;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::sparkline::Sparkline;
use crate::ui::table::{Column, ListTable};
use crate::ui::tabs::{Tab, Tabs};
use crate::ui::tile_map::{StateCount, TileMap};
use crate::ui::urls::url_text;
use crate::ui::view::view;

/// Where the page is.
const HERE: &str = "/dev/components";
const COLUMNS: &[Column] =
    &[Column::Text("Number"), Column::Text("State"), Column::Text("Answers"), Column::Number("Rental"), Column::Actions];

/// States by how many numbers they have.
#[component]
pub(super) fn Map() -> impl IntoView {
    let counts = [("CA", 170), ("NY", 120), ("TX", 90), ("FL", 60), ("WA", 12), ("OR", 1)];
    let counts = counts.map(|(code, count)| StateCount { code: code.to_owned(), count }).to_vec();
    view! { <TileMap counts chosen=Signal::stored(String::from("CA")) href=Callback::new(|_: String| HERE.to_owned())/> }
}

/// A menu, folded out.
#[component]
pub(super) fn Menu() -> impl IntoView {
    view! {
        <details class="tab-more" open=true>
            <summary class="btn">"More"</summary>
            <ul class="menu">
                <li><a class="menu-link" href=HERE><Icon name="users" size=18/>"Team"</a></li>
                <li><a class="menu-link" href=HERE aria-current="page"><Icon name="settings" size=18/>"Settings"</a></li>
                <li><a class="menu-link" href=HERE><Icon name="log-out" size=18/>"Sign out"</a></li>
            </ul>
        </details>
    }
}

/// Rows that are awaited.
#[component]
pub(super) fn Skeleton() -> impl IntoView {
    view! { <SkeletonRows rows=2/> }
}

/// A table: a row, a selected one, one without a value; and its pager.
#[component]
pub(super) fn Table() -> impl IntoView {
    view! {
        <ListTable label="Table" caption="Three numbers of nobody" class="dev-table" columns=COLUMNS>
            <tr>
                <th scope="row"><Phone phone=phone("(415) 555-0106")/></th>
                <td data-label="State"><Badge family="ok" icon="phone-call" text="Answered"/></td>
                <td data-label="Answers">"Front desk"</td>
                <td class="num num-right" data-label="Rental">"$1.25"</td>
                <td><a class="btn btn-sm" href=HERE>"Edit"</a></td>
            </tr>
            <tr class="is-selected">
                <th scope="row"><Phone phone=phone("(888) 555-0142")/></th>
                <td data-label="State"><Badge family="warn" icon="triangle-alert" text="Past due"/></td>
                <td data-label="Answers"><NoValue/></td>
                <td class="num num-right" data-label="Rental">"$2.40"</td>
                <td><a class="btn btn-sm btn-danger-line" href=HERE>"Release\u{2026}"</a></td>
            </tr>
        </ListTable>
        <CursorPager cursor="second" next=Some(String::from("third")) things="rows"/>
        <section class="bulk-bar" aria-label="Selected">
            <p class="bulk-count">"2 selected"</p>
            <button type="button" class="bulk-btn"><Icon name="tag"/>"Label"</button>
            <button type="button" class="bulk-btn bulk-danger">"Release\u{2026}"</button>
        </section>
    }
}

/// What stands where a list would.
#[component]
pub(super) fn EmptyState() -> impl IntoView {
    view! {
        <Empty title="No agents yet" text="An agent is who answers: an AI voice agent, a call centre or a person. Create one, publish it, then point numbers at it on the board.">
            <a class="btn btn-primary" href=HERE>"Create an agent"</a>
        </Empty>
    }
}

/// A dialog of each kind, while the URL asks for one; and a secret that is shown once.
#[component]
pub(super) fn Dialogs() -> impl IntoView {
    let open = use_parameter("dialog");
    let action = ServerAction::<DeleteRoute>::new();
    let secret = OneTimeSecret {
        label: String::from("Secret of Reporting"),
        secret: String::from("a secret that opens nothing"),
        note: "Shown only now.",
    };
    view! {
        <div class="row-2">
            <a class="btn" href=format!("{HERE}?dialog=plain") data-noscroll="">"Plain"</a>
            <a class="btn" href=format!("{HERE}?dialog=danger") data-noscroll="">"Danger"</a>
        </div>
        <SecretPlace secret=Signal::stored(Some(secret))/>
        {move || match open.get().as_deref() {
            Some("plain") => view! {
                <Dialog title="Buy this number" close_href=HERE><Phone phone=phone("(628) 555-2233") size="xl"/></Dialog>
            },
            Some("danger") => view! {
                <FormDialog title="Delete Office gateway?" close=HERE action keep="Keep it" verb="Delete the route" danger=true>
                    <input type="hidden" name="id" value=""/>
                    <ul class="consequences">
                        <Consequence icon="unplug" title="No call goes there any more" text="No number uses it now."/>
                    </ul>
                </FormDialog>
            },
            _ => ().into_any(),
        }}
    }
}

/// A field with suggestions, views side by side, and counts as bars.
#[component]
pub(super) fn Small() -> impl IntoView {
    let suggestion = |value: &str, label: &str| Suggestion { value: value.to_owned(), label: label.to_owned() };
    let suggestions = vec![suggestion("415", "1,204 numbers"), suggestion("628", "310 numbers")];
    let typed = RwSignal::new(String::from("415"));
    let tabs = vec![Tab { value: String::from("all"), label: String::from("All"), count: Some(1_250) }, Tab::new("calls", "Calls")];
    view! {
        <Combobox
            id="example-area"
            name="area"
            form="example"
            label="Area code"
            value=typed.get_untracked()
            shown=move || typed.get()
            suggestions
            class="facet-area"
            choose=move |value| typed.set(value)
        />
        <Tabs label="Example" class="row-1" parameter="example" tabs=move || tabs.clone() chosen=url_text("example")/>
        <Sparkline counts=vec![0, 1, 4, 2, 0, 0, 7, 12, 3, 1, 0, 2] title="Calls a day, 12 at the most"/>
    }
}
