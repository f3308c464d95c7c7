//! `/audit`: the audit log of the organization, and the list that the operator's page shares with it.
//!
//! Which rows somebody may read is decided by the server.

use leptos::prelude::*;
use leptos_router::components::Form;

use crate::rpc::admin::{AuditInput, AuditRow, AuditView, audit_log};
use crate::ui::badge::Badge;
use crate::ui::empty::Empty;
use crate::ui::form::{LoadRefused, NoValue, use_text_parameter};
use crate::ui::frame::PageHead;
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::pager::CursorPager;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::view::view;
use crate::ui::when::When;

/// The parameters that filter, in the order of their fields.
const FILTERS: [&str; 5] = ["q", "action", "actor", "from", "until"];

/// Kinds of actors with their words.
const ACTORS: [(&str, &str); 5] =
    [("", "Everybody"), ("user", "People"), ("key", "Keys"), ("platform", "The operator"), ("system", "Dialyard itself")];

fn is_filtered() -> bool {
    FILTERS.iter().any(|name| !use_text_parameter(name).get_untracked().is_empty())
}

/// Who did what in the organization.
#[component]
pub fn AuditPage() -> impl IntoView {
    view! {
        <SignedIn>
            <div class="page audit">
                <PageHead title="Audit log" subtitle="Who did what, when and why. Rows are never changed and never removed."/>
                <AuditLog path="/audit" all_organizations=false/>
            </div>
        </SignedIn>
    }
}

/// Filters, rows and pager.
#[component]
pub(super) fn AuditLog(
    /// The page that the filter leads to.
    path: &'static str,
    /// Whether rows name their organization.
    all_organizations: bool,
) -> impl IntoView {
    let [q, action, actor, from, until, cursor] = ["q", "action", "actor", "from", "until", "cursor"].map(use_text_parameter);
    let input = move || AuditInput {
        q: q.get(),
        action: action.get(),
        actor: actor.get(),
        from: from.get(),
        until: until.get(),
        cursor: cursor.get(),
        all_organizations,
    };
    let resource = load(input, audit_log);
    view! {
        <Transition fallback=|| view! { <SkeletonRows rows=8/> }>
            {move || Suspend::new(async move {
                match resource.await {
                    Ok(view) => view! { <AuditBody view path all_organizations/> },
                    Err(error) => view! { <LoadRefused error/> },
                }
            })}
        </Transition>
    }
}

#[component]
fn AuditBody(view: AuditView, path: &'static str, all_organizations: bool) -> impl IntoView {
    let cursor = use_text_parameter("cursor").get_untracked();
    let total = if view.total == 1 { String::from("1 row") } else { format!("{} rows", view.total) };
    let list = if view.rows.is_empty() {
        view! { <NoRows path/> }
    } else {
        view! { <AuditTable rows=view.rows all_organizations/> }
    };
    view! {
        <Filters path actions=view.actions total/>
        <section class="panel" aria-label="Audit log">
            {list}
            <CursorPager cursor next=view.next_cursor things="the audit log"/>
        </section>
    }
}

/// A form that is sent by its button, so that it works without JavaScript.
#[component]
fn Filters(path: &'static str, actions: Vec<String>, total: String) -> impl IntoView {
    let [q, action, actor, from, until] = FILTERS.map(use_text_parameter);
    let chosen = action.get_untracked();
    let filtered = is_filtered();
    let actors = ACTORS.map(|(value, text)| view! { <option value=value selected=value == actor.get_untracked()>{text}</option> });
    let options = actions
        .into_iter()
        .map(|action| {
            let selected = action == chosen;
            let text = action_words(&action);
            view! { <option value=action selected=selected>{text}</option> }
        })
        .collect_view();
    view! {
        <search class="audit-filters">
            <Form action=path method="get">
                <div class="row-2 audit-filter-row">
                    <label class="search-field">
                        <Icon name="search" size=18/>
                        <span class="sr-only">"Search by number, person, object or organization"</span>
                        <input type="search" name="q" value=q.get_untracked() prop:value=move || q.get() placeholder="Number, person, object" autocomplete="off"/>
                    </label>
                    <span class="select audit-action">
                        <select class="field-input" name="action" aria-label="Action" prop:value=move || action.get()>
                            <option value="">"All actions"</option>
                            {options}
                        </select>
                        <Icon name="chevron-down"/>
                    </span>
                    <span class="select audit-actor">
                        <select class="field-input" name="actor" aria-label="Who" prop:value=move || actor.get()>{actors.into_iter().collect_view()}</select>
                        <Icon name="chevron-down"/>
                    </span>
                    <label class="audit-day">"From"<input class="field-input" type="date" name="from" value=from.get_untracked() prop:value=move || from.get()/></label>
                    <label class="audit-day">"to"<input class="field-input" type="date" name="until" value=until.get_untracked() prop:value=move || until.get()/></label>
                    <button type="submit" class="btn">"Filter"</button>
                    {filtered.then(|| view! { <a class="link" href=path>"Clear all"</a> })}
                    <span class="audit-total muted num">{total}</span>
                </div>
            </Form>
        </search>
    }
}

#[component]
fn NoRows(path: &'static str) -> impl IntoView {
    if is_filtered() {
        view! {
            <Empty title="Nothing matches" text="Take a filter away, or search by digits of a number, a person or the name of an object.">
                <a class="btn btn-primary" href=path>"Show all"</a>
            </Empty>
        }
    } else {
        view! { <Empty title="Nothing happened yet" text="Everything that changes numbers, money, agents or people leaves a row here: who, what, when and why."/> }
    }
}

#[component]
fn AuditTable(rows: Vec<AuditRow>, all_organizations: bool) -> impl IntoView {
    let rows = rows.into_iter().map(|row| view! { <AuditLine row all_organizations/> }).collect_view();
    view! {
        <div class="table-wrap">
            <table class="table table-folds audit-table">
                <caption class="sr-only">"Audit rows, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col" aria-sort="descending"><span class="sorted">"When"<Icon name="arrow-down" size=14/></span></th>
                        <th scope="col">"Who"</th>
                        {all_organizations.then(|| view! { <th scope="col">"Organization"</th> })}
                        <th scope="col">"What"</th>
                        <th scope="col">"Object"</th>
                        <th scope="col">"Reason"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn AuditLine(row: AuditRow, all_organizations: bool) -> impl IntoView {
    let (family, icon, kind) = actor_badge(&row.actor_kind);
    let organization = all_organizations.then(|| {
        view! { <td class="audit-organization">{or_none(row.organization)}</td> }
    });
    let change = (row.before.is_some() || row.after.is_some()).then(|| view! { <Change before=row.before after=row.after/> });
    view! {
        <tr>
            <td class="audit-when"><When moment=row.at/></td>
            <td class="audit-who">
                <strong>{row.actor}</strong>
                <span class="audit-how"><Badge family icon text=kind/><span class="muted small">{row.channel}</span></span>
            </td>
            {organization}
            <td class="audit-what"><strong>{row.action_text}</strong><span class="audit-code">{row.action}</span></td>
            <td class="audit-object">{row.object}{change}</td>
            <td class="audit-reason" data-label="Reason">{or_none(row.reason)}</td>
        </tr>
    }
}

/// What the object was and what it became.
#[component]
fn Change(before: Option<String>, after: Option<String>) -> impl IntoView {
    view! {
        <details class="audit-change">
            <summary>"Before and after"</summary>
            <dl>
                <div><dt>"Before"</dt><dd>{or_none(before)}</dd></div>
                <div><dt>"After"</dt><dd>{or_none(after)}</dd></div>
            </dl>
        </details>
    }
}

fn or_none(text: Option<String>) -> AnyView {
    match text.filter(|text| !text.is_empty()) {
        Some(text) => text.into_any(),
        None => view! { <NoValue/> },
    }
}

/// Family, icon and word of who acted.
fn actor_badge(kind: &str) -> (&'static str, &'static str, &'static str) {
    match kind {
        "platform" => ("lamp", "shield", "Operator"),
        "key" => ("plain", "key-round", "Key"),
        "system" => ("idle", "cog", "System"),
        _ => ("plain", "user", "Person"),
    }
}

/// `number.force_take_back` as `Number: force take back`.
fn action_words(action: &str) -> String {
    let (object, verb) = action.split_once('.').unwrap_or(("", action));
    let plain = |text: &str| text.replace(['_', '.', '-'], " ");
    let mut words = if object.is_empty() { plain(verb) } else { format!("{}: {}", plain(object), plain(verb)) };
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_read_as_words() {
        assert_eq!(action_words("number.force_take_back"), "Number: force take back");
        assert_eq!(action_words("sub_account.created"), "Sub account: created");
        assert_eq!(action_words("signed-in"), "Signed in");
        assert_eq!(action_words(""), "");
        assert_eq!(action_words("é"), "é");
    }
}
