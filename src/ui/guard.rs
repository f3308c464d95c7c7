//! The door before pages that need a person. The server checks again on every call; this only spares an empty page.

use leptos::prelude::*;
use leptos_router::components::Redirect;

use super::frame::use_frame;
use super::urls::{encoded, use_here};
use crate::ui::view::view;

/// Shows its children to people who are signed in and sends everybody else to sign in and come back.
#[component]
pub fn SignedIn(children: ChildrenFn) -> impl IntoView {
    if use_frame().signed_in() {
        return children().into_any();
    }
    let here = use_here().get_untracked();
    view! { <Redirect path=format!("/sign-in?next={}", encoded(&here))/> }
}
