//! The `view!` of pages and components: Leptos' own, and what it makes is at once of one type for all.
//!
//! For every type of view Leptos compiles a dozen functions, and as many again for an option of it, a list of it, and a function that makes it. Where all of these
//! hold the one type, they are compiled once. That and [`reactive`] make the browser's program a sixth smaller.

use std::any::Any;

use leptos::prelude::*;

/// Leptos' `view!`, whose answer is an [`AnyView`].
macro_rules! view {
    ($($tokens:tt)*) => {
        $crate::ui::view::erased(::leptos::prelude::view! { $($tokens)* })
    };
}
pub(crate) use view;

/// A view whose type is no longer told from others.
pub fn erased<V: IntoView + 'static>(view: View<V>) -> AnyView {
    let mut view = Some(view.into_inner());
    // What is erased already is not wrapped once more.
    if let Some(erased) = (&mut view as &mut dyn Any).downcast_mut::<Option<AnyView>>().and_then(Option::take) {
        return erased;
    }
    view.map_or_else(|| ().into_any(), IntoAny::into_any)
}

/// A view that is made anew when something that it read has changed.
pub fn reactive<V: IntoView + 'static>(mut shown: impl FnMut() -> V + Send + 'static) -> AnyView {
    leptos::prelude::view! { {move || shown().into_any()} }.into_any()
}

/// Shows its children as long as something is so.
#[component]
pub fn ShownIf(is: impl Fn() -> bool + Send + Sync + 'static, children: ChildrenFn) -> impl IntoView {
    // It may be asked once more when the component is gone already.
    let is = ArcMemo::new(move |_| is());
    reactive(move || is.get().then(|| children()))
}
