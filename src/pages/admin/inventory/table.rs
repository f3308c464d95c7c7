//! The rows of the stock, and taking one out while the URL says `?withdraw=<number>`.

use leptos::prelude::*;

use crate::domain::time::Timestamp;
use crate::rpc::admin::stock::{Restock, StockLine, WithdrawStock};
use crate::ui::action_form::ActionForm;
use crate::ui::badge::Badge;
use crate::ui::dialog::Dialog;
use crate::ui::form::{NoValue, use_parameter};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::phone::Phone;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};
use crate::ui::when::{Ago, When};

#[component]
pub(super) fn StockTable(rows: Vec<StockLine>, now: Timestamp, restock: ServerAction<Restock>) -> impl IntoView {
    let rows = rows.into_iter().map(|row| view! { <StockRow row now restock/> }).collect_view();
    view! {
        <div class="table-wrap">
            <table class="table table-folds stock-table">
                <caption class="sr-only">"Numbers of the stock, in their order"</caption>
                <thead>
                    <tr>
                        <th scope="col" aria-sort="ascending"><span class="sorted">"Number"<Icon name="arrow-up" size=14/></span></th>
                        <th scope="col">"Place"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Carrier"</th>
                        <th scope="col" class="num-right">"Monthly"</th>
                        <th scope="col">"Here since"</th>
                        <th scope="col"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn StockRow(row: StockLine, now: Timestamp, restock: ServerAction<Restock>) -> impl IntoView {
    let currency = use_frame().currency();
    let place = match (row.locality.is_empty(), row.region.is_empty()) {
        (false, false) => format!("{}, {}", row.locality, row.region),
        (false, true) => row.locality.clone(),
        (true, false) => row.region.clone(),
        (true, true) => String::new(),
    };
    let place = if place.is_empty() {
        view! { <NoValue/> }
    } else {
        place.into_any()
    };
    view! {
        <tr>
            <th scope="row" class="stock-number"><Phone phone=row.phone.clone()/><span class="stock-kind">{row.kind.clone()}</span></th>
            <td class="stock-place">{place}</td>
            <td class="stock-state"><StockBadge row=row.clone()/></td>
            <td data-label="Carrier">{row.provider.clone()}</td>
            <td class="num num-right stock-price">{row.monthly.display(&currency)}</td>
            <td data-label="Here since"><Ago moment=row.since.clone() now/></td>
            <td class="stock-actions"><RowAction row restock/></td>
        </tr>
    }
}

#[component]
fn StockBadge(row: StockLine) -> impl IntoView {
    let (family, icon, text) = match (row.state.as_str(), &row.held_by) {
        ("available", Some(_)) => ("idle", "timer-off", "On hold"),
        ("available", None) => ("ok", "circle-dot", "In stock"),
        ("sold", _) => ("idle", "circle-slash", "Sold"),
        ("aging", _) => ("idle", "hourglass", "Aging"),
        _ => ("idle", "eye-off", "Withdrawn"),
    };
    let fact = match (row.state.as_str(), row.aging_until, row.held_by) {
        ("sold", ..) if row.goes_out => view! { <span class="stock-fact">"goes out after its aging"</span> },
        ("aging" | "withdrawn", Some(until), _) => {
            view! { <span class="stock-fact">"rests until "<When moment=until style="day"/></span> }
        }
        ("available", _, Some(organization)) => view! { <span class="stock-fact">{organization}</span> },
        _ => ().into_any(),
    };
    view! { <Badge family icon text/>{fact} }
}

#[component]
fn RowAction(row: StockLine, restock: ServerAction<Restock>) -> impl IntoView {
    let here = use_here();
    let number = row.phone.formatted;
    let e164 = StoredValue::new(row.phone.e164);
    if row.state == "withdrawn" {
        return view! {
            <ActionForm action=restock>
                <input type="hidden" name="e164" value=e164.get_value()/>
                <button type="submit" class="btn btn-sm" aria-label=format!("Put back {number}") disabled=move || restock.pending().get()>"Put back"</button>
            </ActionForm>
        };
    }
    (!row.goes_out)
        .then(|| {
            let href = move || with_param(&here.get(), "withdraw", Some(&e164.get_value()));
            view! {
                <a class="btn btn-sm btn-danger-line" href=href data-noscroll="" aria-label=format!("Withdraw\u{2026} {number}")>"Withdraw\u{2026}"</a>
            }
        })
        .into_any()
}

/// Taking a number out: what that means where it stands now.
#[component]
pub(super) fn WithdrawDialog(rows: Vec<StockLine>, action: ServerAction<WithdrawStock>) -> impl IntoView {
    let chosen = use_parameter("withdraw");
    let here = use_here();
    let rows = StoredValue::new(rows);
    let error = action_error(action);
    reactive(move || {
        let e164 = chosen.get()?;
        let row = rows.with_value(|rows| rows.iter().find(|row| row.phone.e164 == e164).cloned())?;
        let close = with_param(&here.get_untracked(), "withdraw", None);
        let held = row.held_by.clone().map(|organization| {
            view! {
                <label class="check">
                    <input type="checkbox" name="cancel_holds" value="1"/>
                    <span>
                        {format!("End the hold of {organization}")}
                        <span class="check-hint">"They get a notice, and nothing is charged. Without this a hold refuses."</span>
                    </span>
                </label>
            }
        });
        let (icon, title, text) = consequence(&row.state);
        Some(view! {
            <Dialog title="Withdraw this number?" close_href=close.clone()>
                <ActionForm action>
                    <div class="stack-4">
                        <Phone phone=row.phone.clone() size="xl"/>
                        <RefusalNote error/>
                        <input type="hidden" name="e164" value=row.phone.e164/>
                        <ul class="consequences">
                            <li><Icon name=icon size=18/><div><strong>{title}</strong><small>{text}</small></div></li>
                            <li><Icon name="undo-2" size=18/><div><strong>"It can be put back"</strong><small>"Not before an aging that runs has ended."</small></div></li>
                        </ul>
                        {held}
                        <div class="dialog-actions">
                            <a class="btn btn-lg" href=close data-noscroll="">"Leave it in stock"</a>
                            <button type="submit" class="btn btn-danger btn-lg" disabled=move || action.pending().get()>{format!("Withdraw {}", row.phone.formatted)}</button>
                        </div>
                    </div>
                </ActionForm>
            </Dialog>
        })
    })
}

fn consequence(state: &str) -> (&'static str, &'static str, &'static str) {
    match state {
        "sold" => {
            ("building-2", "Its owner keeps it", "It is marked: after a release and its aging it goes out instead of back into stock.")
        }
        "aging" => {
            ("hourglass", "Its last owner cannot buy it back", "The end of its aging stays written, and it cannot be put back before.")
        }
        _ => ("eye-off", "Nobody finds it any more", "Customers read that it is sold. An order under way for it refuses this."),
    }
}
