//! `/`: finding a number, holding it and buying it. The state of the search is the URL's; what stands in it is read in [`query`].

mod ask;
pub mod buy;
mod buy_parts;
mod empty;
mod facets;
mod filters;
pub mod query;
mod results;
mod row;
mod taken;
mod translation;
mod wish;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use serde::{Deserialize, Serialize};

use self::ask::Ask;
use self::buy::BuyDialog;
use self::filters::Filters;
use self::results::Results;
use self::taken::TakenDialog;
use crate::domain::account::Role;
use crate::domain::count::grouped;
use crate::domain::refusal::Refusal;
use crate::rpc::error::AppError;
use crate::rpc::holds::HoldNumber;
use crate::rpc::search::{self as rpc, DropOption, FacetsView, SearchInput, SearchView};
use crate::ui::form::{successes, use_parameter};
use crate::ui::frame::{DemoPlate, use_frame};
use crate::ui::load::{Load, load};
use crate::ui::toast::toast;
use crate::ui::tray::{TrayContext, use_tray};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;

/// The form that every control of the search belongs to, wherever it stands on the page.
const FORM: &str = "search-form";

/// The parameters of the address that open a dialog of this page.
pub const DIALOGS: [&str; 2] = ["buy", "taken"];

/// What the server said to one search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub input: SearchInput,
    pub view: SearchView,
    /// For an empty answer: which single filter, dropped, would give results.
    pub drops: Vec<DropOption>,
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct SearchContext {
    pub input: Memo<SearchInput>,
    /// The filters lie open as a sheet; only narrow screens show a difference.
    pub sheet: Memo<bool>,
    /// The number that a visitor wanted to hold before signing in.
    pub marked: Memo<Option<String>>,
    pub answer: Load<Result<Answer, AppError>>,
    pub facets: Load<Result<FacetsView, AppError>>,
    pub hold: ServerAction<HoldNumber>,
    /// The number whose Hold or Release was pressed last, so that focus can go to the button that replaces it.
    pub touched: StoredValue<Option<String>>,
    go: Callback<(String, bool)>,
}

impl std::fmt::Debug for SearchContext {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SearchContext").finish_non_exhaustive()
    }
}

impl SearchContext {
    /// The address of another search, with the sheet as it is now.
    #[must_use]
    pub fn address(&self, input: &SearchInput) -> String {
        let address = query::href(input);
        if self.sheet.get() { with_param(&address, "filters", Some("1")) } else { address }
    }

    /// Goes to the search that `edit` makes of this one. `replace` leaves no entry to go back to.
    pub fn edit(&self, replace: bool, edit: impl FnOnce(&mut SearchInput)) {
        let next = self.input.with_untracked(|input| query::edit_of(input, edit));
        let address = untrack(|| self.address(&next));
        self.go(address, replace);
    }

    /// Goes to an address without moving the page.
    pub fn go(&self, address: String, replace: bool) {
        self.go.run((address, replace));
    }
}

/// The shared parts of the page.
#[must_use]
pub fn use_search() -> SearchContext {
    expect_context()
}

/// What the reader of the page may do with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// Not signed in: holding and buying lead to the sign-in page and back.
    Visitor,
    /// Signed in without the right to hold.
    Reader,
    Worker,
}

impl Viewer {
    /// From what the frame knows.
    #[must_use]
    pub fn here() -> Self {
        let frame = use_frame();
        match (frame.signed_in(), frame.can(Role::Member)) {
            (false, _) => Self::Visitor,
            (true, false) => Self::Reader,
            (true, true) => Self::Worker,
        }
    }
}

async fn answer(input: SearchInput) -> Result<Answer, AppError> {
    let view = rpc::search(input.clone()).await?;
    let empty = view.total == 0 && view.errors.is_empty();
    let drops = if empty { rpc::explain(input.clone()).await? } else { Vec::new() };
    Ok(Answer { input, view, drops })
}

fn provide_search() -> SearchContext {
    let parameters = use_query_map();
    let tray = use_tray();
    let navigate = use_navigate();
    let input = Memo::new(move |_| parameters.with(query::read));
    // What neither narrows nor widens a search changes no count.
    let counted = Memo::new(move |_| SearchInput { sort: String::new(), strict: String::new(), cursor: String::new(), ..input.get() });
    let opened = use_parameter("filters");
    let search = SearchContext {
        input,
        sheet: Memo::new(move |_| opened.get().is_some()),
        marked: use_parameter("mark"),
        answer: load(move || (input.get(), tray.changes()), |(input, _)| answer(input)),
        facets: load(move || counted.get(), rpc::facets),
        hold: ServerAction::new(),
        touched: StoredValue::new(None),
        go: Callback::new(move |(address, replace): (String, bool)| {
            navigate(&address, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
        }),
    };
    provide_context(search);
    search
}

/// What follows a press on Hold: the tray and the rows are read again, or the dialog with look-alikes opens.
fn follow_holds(search: SearchContext, tray: TrayContext) {
    let held = successes(search.hold);
    let here = use_here();
    let taken = use_parameter("taken");
    Effect::watch(
        move || held.get(),
        move |_, _, _| {
            tray.changed();
            if let Some(Ok(hold)) = search.hold.value().get_untracked() {
                toast(
                    format!("{} is held for you", hold.phone.formatted),
                    String::from("Free of charge; its price stays while you hold it."),
                );
            }
            // A look-alike that is held closes the dialog that offered it.
            let here = here.get_untracked();
            let closed =
                ["taken", "buy", "__err", "__path"].into_iter().fold(here.clone(), |address, name| with_param(&address, name, None));
            if closed != here {
                search.go(closed, true);
            }
        },
        false,
    );
    Effect::watch(
        move || taken.get().is_none(),
        move |closed, _, _| {
            if *closed {
                search.hold.clear();
            }
        },
        false,
    );
    Effect::new(move |_| {
        if let Some(e164) = refused_number(search) {
            search.go(with_param(&here.get_untracked(), "taken", Some(&e164)), true);
        }
    });
}

/// Tracked: the number that the last press on Hold did not get.
fn refused_number(search: SearchContext) -> Option<String> {
    search.hold.value().with(|value| match value {
        Some(Err(AppError::Refused { refusal: Refusal::NumberUnavailable { e164, .. } })) => Some(e164.clone()),
        _ => None,
    })
}

/// The page.
#[component]
pub fn SearchPage() -> impl IntoView {
    let search = provide_search();
    follow_holds(search, use_tray());
    view! {
        <Title text="Find a number"/>
        <div class="page search">
            <Head/>
            <Ask/>
            <div class="search-columns">
                <Results/>
                <Filters/>
            </div>
            <p class="search-demo only-phone"><DemoPlate/></p>
        </div>
        <BuyDialog/>
        <TakenDialog/>
    }
}

/// Title, how much there is, and whether it is only for trying.
#[component]
fn Head() -> impl IntoView {
    let search = use_search();
    view! {
        <header class="page-head search-head">
            <h1>"Find a number"</h1>
            <Transition>
                {move || Suspend::new(async move {
                    let stock = search.answer.await.ok().map(|answer| grouped(answer.view.stock_total));
                    stock.map(|stock| view! { <p class="search-stock num">{stock} " in stock"</p> })
                })}
            </Transition>
            {use_frame().signed_in().then(|| view! { <a class="link search-saved" href="/searches">"Saved searches"</a> })}
            <DemoPlate/>
        </header>
    }
}
