//! What stands where a page's data comes: grey rows first, then the data, or why it could not be read.

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::form::LoadRefused;
use super::load::Load;
use super::skeleton::SkeletonRows;
use crate::rpc::error::AppError;
use crate::ui::view::view;

/// Waits for `resource` and shows it. What was shown stays while it is read again.
#[component]
pub fn Loaded<T>(
    resource: Load<Result<T, AppError>>,
    show: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
    #[prop(default = 5)] rows: u8,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    view! {
        <Transition fallback=move || view! { <SkeletonRows rows/> }>
            {move || {
                let show = show.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(data) => show(data),
                        Err(error) => view! { <LoadRefused error/> },
                    }
                })
            }}
        </Transition>
    }
}
