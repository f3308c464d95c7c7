//! The form of a server function. Without a script the browser sends it; where scripts run, its fields become the arguments of an action.
//!
//! Leptos' own reads forms through a general reader, compiled for each function and with everything that a query string may hold. This one uses the reader
//! of answers.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;
use leptos::server_fn::{Http, ServerFn};
use serde::de::DeserializeOwned;

use crate::rpc::error::AppError;
use crate::rpc::wire;
use crate::ui::browser;
use crate::ui::view::view;

/// A form whose fields are named like the arguments of a server function, which takes what browsers send of a form.
#[component]
pub fn ActionForm<S, Output>(action: ServerAction<S>, children: Children) -> impl IntoView
where
    S: ServerFn<Protocol = Http<PostUrl, Output>, Error = AppError> + DeserializeOwned + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    Output: 'static,
{
    let take = move |fields: Vec<(String, String)>| match wire::form::<S>(fields.into_iter()) {
        Ok(arguments) => {
            action.dispatch(arguments);
        }
        Err(_) => action.value().set(Some(Err(AppError::form()))),
    };
    form(S::url(), Box::new(take), children)
}

/// Takes the names and values of a form.
type Take = Box<dyn Fn(Vec<(String, String)>) + Send>;

fn form(url: &'static str, take: Take, children: Children) -> AnyView {
    let submit = move |event: SubmitEvent| {
        if !event.default_prevented() {
            event.prevent_default();
            take(browser::form_fields(&event));
        }
    };
    view! { <form action=url method="post" on:submit=submit>{children()}</form> }
}
