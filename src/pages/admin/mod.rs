//! The operator's console. Its pages show a plain "not here" to everybody else; what the operator may do is decided by the server.

pub mod audit;
pub mod cool_offs;
pub mod inventory;
pub mod orders;
pub mod organizations;
mod override_dialog;
pub mod overview;
pub mod revenue;

use leptos::prelude::*;

use crate::pages::not_found::NotFoundPage;
use crate::ui::frame::use_frame;
use crate::ui::guard::SignedIn;
use crate::ui::view::view;

/// Shows its children to platform admins, and a page that is not there to others who are signed in.
#[component]
fn OperatorOnly(children: ChildrenFn) -> impl IntoView {
    let operator = use_frame().platform_admin();
    view! {
        <SignedIn>
            {if operator { children() } else { view! { <NotFoundPage/> } }}
        </SignedIn>
    }
}
