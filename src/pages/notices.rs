//! `/notices`: what the installation tells the organization (R43).

use leptos::prelude::*;

use crate::rpc::notices::{NoticeView, NoticesView, ReadNotices, list_notices};
use crate::ui::action_form::ActionForm;
use crate::ui::empty::Empty;
use crate::ui::form::{LoadRefused, successes, use_text_parameter};
use crate::ui::frame::PageHead;
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::pager::CursorPager;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::view::view;
use crate::ui::when::When;

/// The notices of the organization.
#[component]
pub fn NoticesPage() -> impl IntoView {
    view! { <SignedIn><Content/></SignedIn> }
}

#[component]
fn Content() -> impl IntoView {
    let cursor = use_text_parameter("cursor");
    let action = ServerAction::<ReadNotices>::new();
    let read = successes(action);
    let resource = load(move || (cursor.get(), read.get()), |(cursor, _)| list_notices(cursor));
    view! {
        <div class="page list-page">
            <Transition fallback=|| view! { <PageHead title="Notices"/><SkeletonRows rows=5/> }>
                {move || Suspend::new(async move {
                    match resource.await {
                        Ok(view) => view! { <Body view action/> },
                        Err(error) => view! { <PageHead title="Notices"/><LoadRefused error/> },
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Body(view: NoticesView, action: ServerAction<ReadNotices>) -> impl IntoView {
    let cursor = use_text_parameter("cursor").get_untracked();
    let subtitle = match view.unread {
        0 => String::from("What happened to your numbers and your wallet without you."),
        1 => String::from("1 is new."),
        count => format!("{count} are new."),
    };
    let can_mark = view.can_mark;
    let list = if view.notices.is_empty() {
        view! { <Empty title="Nothing to tell" text="When something happens that you did not do yourself, such as a month that could not be charged or a hold that ended early, it is told here."/> }
    } else {
        let rows = view.notices.into_iter().map(|notice| view! { <Line notice can_mark action/> }).collect_view();
        view! {
            <section class="panel" aria-label="Notices">
                <ul class="notices">{rows}</ul>
                <CursorPager cursor next=view.next_cursor things="notices"/>
            </section>
        }
    };
    view! {
        <PageHead title="Notices" subtitle>
            {(can_mark && view.unread > 0).then(|| view! {
                <ActionForm action>
                    <button type="submit" class="btn" disabled=move || action.pending().get()><Icon name="check-check"/>"Mark all as read"</button>
                </ActionForm>
            })}
        </PageHead>
        <RefusalNote error=action_error(action)/>
        {list}
    }
}

#[component]
fn Line(notice: NoticeView, can_mark: bool, action: ServerAction<ReadNotices>) -> impl IntoView {
    let icon = notice_icon(&notice.kind);
    let mark = (can_mark && !notice.read).then(|| {
        view! {
            <ActionForm action>
                <input type="hidden" name="id" value=notice.id/>
                <button type="submit" class="btn btn-sm" disabled=move || action.pending().get()>"Mark as read"</button>
            </ActionForm>
        }
    });
    view! {
        <li class="notice" class:notice-new=!notice.read>
            <Icon name=icon size=20/>
            <div class="notice-text">
                {(!notice.read).then(|| view! { <span class="sr-only">"New: "</span> })}
                <p>{notice.body}</p>
                <When moment=notice.at/>
            </div>
            {mark}
        </li>
    }
}

/// By the area of what happened.
fn notice_icon(kind: &str) -> &'static str {
    match kind.split('.').next().unwrap_or_default() {
        "hold" => "timer-off",
        "wallet" | "rental" | "billing" => "wallet",
        "number" => "phone",
        _ => "bell",
    }
}
