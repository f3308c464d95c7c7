//! `/searches`: the searches that the person keeps. `?new=` carries the query of a search that is to be kept, and opens the dialog for it.

use leptos::prelude::*;

use super::search::query;
use crate::domain::count::grouped;
use crate::rpc::saved_searches::{DeleteSearch, SaveSearch, SavedSearchView, list_searches};
use crate::rpc::search::SearchInput;
use crate::ui::action_form::ActionForm;
use crate::ui::empty::Empty;
use crate::ui::field::Field;
use crate::ui::form::{NoValue, dialog_action, field_error, successes, use_parameter};
use crate::ui::form_dialog::FormDialog;
use crate::ui::frame::{PageHead, use_frame};
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::loaded::Loaded;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::table::{Column, ListTable};
use crate::ui::view::view;
use crate::ui::when::When;

/// The heads of the table.
const COLUMNS: &[Column] =
    &[Column::Text("Search"), Column::Text("Asks for"), Column::Number("Match now"), Column::Text("Saved"), Column::Actions];

/// The longest name that is suggested.
const SUGGESTED_CHARACTERS: usize = 60;

/// The person's searches.
#[component]
pub fn SearchesPage() -> impl IntoView {
    view! { <SignedIn><Content/></SignedIn> }
}

#[component]
fn Content() -> impl IntoView {
    let (save, delete) = (ServerAction::<SaveSearch>::new(), ServerAction::<DeleteSearch>::new());
    let (saved, deleted) = (dialog_action(save, "new"), successes(delete));
    let new = use_parameter("new");
    let resource = load(move || (saved.get(), deleted.get()), |_| list_searches());
    view! {
        <div class="page list-page">
            <PageHead title="Saved searches" subtitle="Yours alone, with how many numbers match now.">
                <a class="btn" href="/"><Icon name="search"/>"Find a number"</a>
            </PageHead>
            <RefusalNote error=action_error(delete)/>
            <Loaded resource rows=4 show=move |searches| view! { <List searches delete/> }/>
        </div>
        {move || new.get().map(|asked| view! { <SaveDialog input=query::read(&query::parameters(&asked)) save/> })}
    }
}

/// What a search asks, part by part, as people say it.
fn words(input: &SearchInput, currency: &str) -> Vec<String> {
    let place = match input.at.as_str() {
        "starts" => " at the start",
        "ends" => " at the end",
        "pattern" => " as the whole number",
        _ => "",
    };
    let asked = (!input.q.is_empty()).then(|| format!("{}{place}", input.q));
    asked.into_iter().chain(query::filters_on(input, currency).into_iter().map(|filter| filter.value)).collect()
}

/// The fields of a search that say something, by the names under which a form sends them.
fn fields(input: SearchInput) -> Vec<(&'static str, String)> {
    let fields = vec![
        ("input[q]", input.q),
        ("input[at]", input.at),
        ("input[country]", input.country),
        ("input[area]", input.area),
        ("input[state]", input.state),
        ("input[city]", input.city),
        ("input[rate_center]", input.rate_center),
        ("input[kind]", input.kind),
        ("input[features]", input.features),
        ("input[max_monthly]", input.max_monthly),
        ("input[max_setup]", input.max_setup),
        ("input[sort]", input.sort),
        ("input[strict]", input.strict),
    ];
    fields.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

#[component]
fn SaveDialog(input: SearchInput, save: ServerAction<SaveSearch>) -> impl IntoView {
    let error = action_error(save);
    let parts = words(&input, &use_frame().currency());
    let suggested: String = parts.join(", ").chars().take(SUGGESTED_CHARACTERS).collect();
    let back = query::href(&SearchInput { cursor: String::new(), ..input.clone() });
    let parts = parts.into_iter().map(|part| view! { <li class="chip chip-still">{part}</li> }).collect_view();
    let hidden = fields(input).into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    view! {
        <FormDialog title="Save this search" close=back action=save keep="Back to the results" verb="Save the search">
            <ul class="saved-parts" aria-label="What it asks for">{parts}</ul>
            {hidden}
            <Field
                label="Name"
                name="name"
                id="search-name"
                value=suggested
                required=true
                autocomplete="off"
                maxlength=80
                error=field_error(error, "name")
                hint="Nobody else sees it."
            />
        </FormDialog>
    }
}

#[component]
fn List(searches: Vec<SavedSearchView>, delete: ServerAction<DeleteSearch>) -> impl IntoView {
    if searches.is_empty() {
        return view! {
            <Empty title="No saved searches yet" text="Search for digits, a word or a pattern, set filters, and press Save above the results. The search is kept here, and a press opens it again.">
                <a class="btn btn-primary" href="/">"Find a number"</a>
            </Empty>
        };
    }
    let rows = searches.into_iter().map(|search| view! { <Row search delete/> }).collect_view();
    view! {
        <ListTable label="Saved searches" caption="Saved searches, the latest first, with what they ask for and how many numbers match now" class="saved-table" columns=COLUMNS>{rows}</ListTable>
    }
}

#[component]
fn Row(search: SavedSearchView, delete: ServerAction<DeleteSearch>) -> impl IntoView {
    let SavedSearchView { id, name, input, count, created } = search;
    let href = query::href(&input);
    let asks = words(&input, &use_frame().currency()).join(", ");
    let count = match count {
        Some(count) => grouped(count).into_any(),
        None => view! { <NoValue/> },
    };
    let label = format!("Delete {name}");
    view! {
        <tr>
            <th scope="row" class="saved-name"><a class="link" href=href>{name}</a></th>
            <td class="saved-asks">{asks}</td>
            <td class="num num-right" data-label="Match now">{count}</td>
            <td data-label="Saved"><When moment=created style="day"/></td>
            <td>
                <div class="row-1 row-actions">
                    <ActionForm action=delete>
                        <input type="hidden" name="id" value=id/>
                        <button type="submit" class="btn btn-sm btn-danger-line" aria-label=label disabled=move || delete.pending().get()>"Delete"</button>
                    </ActionForm>
                </div>
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_reads_as_people_say_it() {
        let input = query::read(&query::parameters("q=CAFE&at=ends&state=CA&city=San%20Francisco&features=voice&max_monthly=5&sort=price"));
        assert_eq!(words(&input, "USD").join(", "), "CAFE at the end, California, San Francisco, Voice, Up to $5");
        assert_eq!(query::href(&input), "/?q=CAFE&at=ends&state=CA&city=San%20Francisco&features=voice&max_monthly=5&sort=price");
    }
}
