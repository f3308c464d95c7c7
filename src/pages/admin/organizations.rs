//! `/admin/organizations`: all of them with their wallets; one of them while the URL says `?organization=<id>`, where its wallet can be adjusted.

use leptos::prelude::*;

use super::OperatorOnly;
use crate::rpc::admin::accounts::{
    AdjustWallet, OrganizationRow, OrganizationView, OrganizationsView, all_organizations, one_organization,
};
use crate::ui::action_form::ActionForm;
use crate::ui::badge::Badge;
use crate::ui::dialog::Dialog;
use crate::ui::empty::Empty;
use crate::ui::field::Field;
use crate::ui::form::{LoadRefused, NoValue, dialog_action, field_error, use_alive, use_parameter, use_text_parameter};
use crate::ui::frame::{PageHead, use_frame};
use crate::ui::load::load;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::pager::CursorPager;
use crate::ui::reason::{ReasonField, reason_fits};
use crate::ui::skeleton::SkeletonRows;
use crate::ui::toast::toast;
use crate::ui::urls::{encoded, use_here, with_param};
use crate::ui::view::{reactive, view};
use crate::ui::when::When;

/// The organizations, for the operator.
#[component]
pub fn OrganizationsPage() -> impl IntoView {
    view! { <OperatorOnly><Content/></OperatorOnly> }
}

#[component]
fn Content() -> impl IntoView {
    let cursor = use_text_parameter("cursor");
    let action = ServerAction::<AdjustWallet>::new();
    let adjusted = dialog_action(action, "adjust");
    Effect::watch(
        move || adjusted.get(),
        move |_, _, _| toast(String::from("The wallet is adjusted"), String::from("The line stands in its ledger and in the audit log.")),
        false,
    );
    let resource = load(move || (cursor.get(), adjusted.get()), |(cursor, _)| all_organizations(cursor));
    view! {
        <div class="page list-page">
            <PageHead title="Organizations" subtitle="Every customer of this installation, by name, with what is in its wallet."/>
            <Transition fallback=|| view! { <SkeletonRows rows=6/> }>
                {move || Suspend::new(async move {
                    match resource.await {
                        Ok(view) => view! { <Body view/> },
                        Err(error) => view! { <LoadRefused error/> },
                    }
                })}
            </Transition>
            <OneDialog action adjusted/>
        </div>
    }
}

#[component]
fn Body(view: OrganizationsView) -> impl IntoView {
    let cursor = use_text_parameter("cursor").get_untracked();
    if view.rows.is_empty() {
        return view! {
            <Empty title="No organizations yet" text="An organization is made by signing up, or by an invitation where sign-up is closed."/>
        };
    }
    let rows = view.rows.into_iter().map(|row| view! { <Line row/> }).collect_view();
    view! {
        <section class="panel" aria-label="Organizations">
            <div class="table-wrap">
                <table class="table table-folds organizations-table">
                    <caption class="sr-only">"Organizations by name, with their wallets"</caption>
                    <thead>
                        <tr>
                            <th scope="col" aria-sort="ascending">"Organization"</th>
                            <th scope="col" class="num-right">"Available"</th>
                            <th scope="col" class="num-right">"Set aside"</th>
                            <th scope="col" class="num-right">"Owed"</th>
                            <th scope="col">"Since"</th>
                            <th scope="col"><span class="sr-only">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <CursorPager cursor next=view.next_cursor things="organizations"/>
        </section>
    }
}

#[component]
fn Line(row: OrganizationRow) -> impl IntoView {
    let here = use_here();
    let currency = use_frame().currency();
    let id = StoredValue::new(row.id);
    let owed = match row.owed.0 {
        0 => view! { <NoValue/> },
        _ => row.owed.display(&currency).into_any(),
    };
    let open = move || with_param(&here.get(), "organization", Some(&id.get_value()));
    let (open_label, adjust_label) = (format!("Open {}", row.name), format!("Adjust\u{2026} the wallet of {}", row.name));
    view! {
        <tr>
            <th scope="row" class="organization-name">
                <strong>{row.name}</strong>
                {row.closed.then(|| view! { <Badge family="idle" icon="circle-pause" text="Closed"/> })}
                <span class="organization-auth"><span class="sr-only">"Auth id "</span>{row.auth_id}</span>
            </th>
            <td class="num num-right" data-label="Available">{row.available.display(&currency)}</td>
            <td class="num num-right" data-label="Set aside">{row.set_aside.display(&currency)}</td>
            <td class="num num-right" data-label="Owed">{owed}</td>
            <td data-label="Since"><When moment=row.created_at style="day"/></td>
            <td class="organization-actions">
                <div class="row-1 row-actions">
                    <a class="btn btn-sm" href=open data-noscroll="" aria-label=open_label>"Open"</a>
                    <a class="btn btn-sm" href=move || with_param(&here.get(), "adjust", Some(&id.get_value())) data-noscroll="" aria-label=adjust_label>"Adjust\u{2026}"</a>
                </div>
            </td>
        </tr>
    }
}

/// One organization, or the form that adjusts its wallet.
#[component]
fn OneDialog(action: ServerAction<AdjustWallet>, adjusted: Memo<usize>) -> impl IntoView {
    let (opened, adjusting) = (use_parameter("organization"), use_parameter("adjust"));
    let here = use_here();
    let resource = load(
        move || (adjusting.get().or_else(|| opened.get()), adjusted.get()),
        |(id, _)| async move {
            match id {
                Some(id) => one_organization(id).await.map(Some),
                None => Ok(None),
            }
        },
    );
    let named = Memo::new(move |_| adjusting.get().is_some() || opened.get().is_some());
    reactive(move || {
        // The address decides whether there is a dialog: an answer may be on its way while it is closed.
        named.get().then(|| {
            view! {
                <Transition>
                    {move || {
                        let adjusts = adjusting.get().is_some();
                        let close = with_param(&with_param(&here.get_untracked(), "organization", None), "adjust", None);
                        Suspend::new(async move {
                            match resource.await {
                                Ok(None) => ().into_any(),
                                Ok(Some(view)) if adjusts => view! { <AdjustDialog row=view.row close action/> },
                                Ok(Some(view)) => view! { <Facts view close/> },
                                Err(error) => view! { <Dialog title="Organization" close_href=close><LoadRefused error/></Dialog> },
                            }
                        })
                    }}
                </Transition>
            }
        })
    })
}

#[component]
fn Facts(view: OrganizationView, close: String) -> impl IntoView {
    let currency = use_frame().currency();
    let budget = match view.budget {
        Some(budget) => budget.display(&currency).into_any(),
        None => view! { <NoValue/> },
    };
    let audit = format!("/admin/audit?q={}", encoded(&view.row.name));
    let orders = format!("/admin/orders?q={}", encoded(&view.row.name));
    let people = view
        .people
        .into_iter()
        .map(|person| view! { <li><strong>{person.name}</strong><span>{person.email}</span><span class="muted">{person.role}</span></li> })
        .collect_view();
    view! {
        <Dialog title=view.row.name close_href=close wide=true>
            <div class="stack-5">
                <dl class="facts">
                    <div><dt>"Balance"</dt><dd class="num">{view.row.balance.display(&currency)}</dd></div>
                    <div><dt>"Set aside"</dt><dd class="num">{view.row.set_aside.display(&currency)}</dd></div>
                    <div><dt>"Available"</dt><dd class="num">{view.row.available.display(&currency)}</dd></div>
                    <div><dt>"Owed"</dt><dd class="num">{view.row.owed.display(&currency)}</dd></div>
                    <div><dt>"Monthly budget"</dt><dd class="num">{budget}</dd></div>
                    <div><dt>"Has topped up"</dt><dd>{if view.ever_topped_up { "Yes" } else { "Never" }}</dd></div>
                    <div><dt>"Numbers"</dt><dd class="num">{view.numbers}</dd></div>
                    <div><dt>"Agents"</dt><dd class="num">{view.agents}</dd></div>
                    <div><dt>"Sub-accounts"</dt><dd class="num">{view.sub_accounts}</dd></div>
                    <div><dt>"Since"</dt><dd><When moment=view.row.created_at style="full"/></dd></div>
                    <div class="facts-wide"><dt>"Auth id"</dt><dd>{view.row.auth_id}</dd></div>
                </dl>
                <ul class="organization-people" aria-label="People">{people}</ul>
                <p class="row-3"><a class="link" href=orders>"Its orders"</a><a class="link" href=audit>"Its audit log"</a></p>
            </div>
        </Dialog>
    }
}

#[component]
fn AdjustDialog(row: OrganizationRow, close: String, action: ServerAction<AdjustWallet>) -> impl IntoView {
    let error = action_error(action);
    let alive = use_alive();
    let reason = RwSignal::new(String::new());
    let shut = Memo::new(move |_| action.pending().get() || (alive.get() && !reason.with(|reason| reason_fits(reason))));
    let available = row.available.display(&use_frame().currency());
    let choices = [
        ("credit", "Credit: into the wallet", "A correction or a present. It settles months that are unpaid, the oldest first."),
        ("promo", "Promotional credit", "Spent before all else and never paid out; the report of revenue tells it apart."),
        ("debit", "Debit: out of the wallet", "Refused where what is available does not cover it."),
    ];
    let choices = choices.map(|(value, text, hint)| {
        view! {
            <label class="check">
                <input type="radio" name="direction" value=value required/>
                <span>{text}<span class="check-hint">{hint}</span></span>
            </label>
        }
    });
    view! {
        <Dialog title=format!("Adjust the wallet of {}", row.name) close_href=close.clone()>
            <ActionForm action>
                <div class="stack-4">
                    <p class="muted">{format!("{available} is available now.")}</p>
                    <RefusalNote error/>
                    <input type="hidden" name="id" value=row.id/>
                    <fieldset class="stack-3"><legend class="field-label">"Which way"</legend>{choices.into_iter().collect_view()}</fieldset>
                    <Field label="Amount" name="amount" id="adjust-amount" required=true inputmode="decimal" autocomplete="off" placeholder="20.00" error=field_error(error, "amount")/>
                    <ReasonField error reason id="adjust-reason" aside="required; the organization reads it in its ledger"/>
                    <div class="dialog-actions">
                        <a class="btn btn-lg" href=close data-noscroll="">"Cancel"</a>
                        <button type="submit" class="btn btn-primary btn-lg" disabled=move || shut.get()>"Adjust the wallet"</button>
                    </div>
                </div>
            </ActionForm>
        </Dialog>
    }
}
