//! The frame around every page: rail or bars, hold tray, toasts, and who is looking, read once and kept in context.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_url};
use leptos_router::location::Url;

use super::browser;
use super::frame_account::TopBar;
use super::frame_nav::{Rail, TabBar};
use super::icon::Icon;
use super::keys::{KeysHelp, Shortcuts};
use super::load::JsonBytes;
use super::toast::Toasts;
use super::tray::{Tray, provide_tray};
use super::urls::provide_here;
use crate::domain::account::Role;
use crate::domain::time::Timestamp;
use crate::rpc::session::{FrameCounts, FrameView, PersonView, frame};
use crate::ui::view::{ShownIf, view};

/// Where focus goes when a page opens, and where the skip link leads.
pub const CONTENT_ID: &str = "content";

/// Who is looking, and what the frame shows of their organization. Signing in and out loads the page anew, so a person never changes
/// under a page; counts and money do.
///
/// The server knows all of it before it renders, so nothing in the page waits for it; the browser finds it in the document.
#[derive(Clone, Copy)]
pub struct FrameContext {
    latest: RwSignal<FrameView>,
    version: RwSignal<u32>,
}

impl FrameContext {
    fn new() -> Self {
        let first = SharedValue::<FrameView, JsonBytes>::new_with_encoding(|| use_context::<FrameView>().unwrap_or_else(visitor));
        let latest = RwSignal::new(first.into_inner());
        let version = RwSignal::new(0_u32);
        let pathname = use_location().pathname;
        // Read again with each change of the path and after writes. A failed answer leaves what is shown, and so does an overtaken one.
        Effect::new(move |before: Option<()>| {
            version.track();
            pathname.track();
            // It is gone when the next reading begins.
            let newest = StoredValue::new(());
            if before.is_some() {
                spawn_local(async move {
                    if let Ok(answer) = frame().await
                        && newest.try_get_value().is_some()
                    {
                        latest.set(answer);
                    }
                });
            }
        });
        Self { latest, version }
    }

    fn read<T>(self, of: impl FnOnce(&FrameView) -> T) -> T {
        self.latest.with_untracked(of)
    }

    /// The installation's currency, for `Micros::display`.
    #[must_use]
    pub fn currency(self) -> String {
        self.read(|view| view.currency.clone())
    }

    /// The person, if one is signed in.
    #[must_use]
    pub fn person(self) -> Option<PersonView> {
        self.read(|view| view.person.clone())
    }

    /// Whether a person is signed in.
    #[must_use]
    pub fn signed_in(self) -> bool {
        self.read(|view| view.person.is_some())
    }

    /// The person's role in the chosen organization.
    #[must_use]
    pub fn role(self) -> Option<Role> {
        self.read(|view| view.person.as_ref()?.organization.as_ref().map(|organization| organization.role))
    }

    /// Whether that role is at least `role`.
    #[must_use]
    pub fn can(self, role: Role) -> bool {
        self.role().is_some_and(|own| own >= role)
    }

    /// Whether the person has the flag of a platform admin.
    #[must_use]
    pub fn platform_admin(self) -> bool {
        self.read(|view| view.person.as_ref().is_some_and(|person| person.platform_admin))
    }

    /// Whether this installation shows made-up data.
    #[must_use]
    pub fn demo(self) -> bool {
        self.read(|view| view.demo)
    }

    /// Whether visitors may make an organization.
    #[must_use]
    pub fn sign_up_open(self) -> bool {
        self.read(|view| view.sign_up_open)
    }

    /// Something of the counts, kept up to date.
    pub fn count<T: Clone + PartialEq + Send + Sync + 'static>(
        self,
        of: impl Fn(&FrameCounts) -> T + Send + Sync + 'static,
    ) -> Memo<Option<T>> {
        Memo::new(move |_| self.latest.with(|view| view.counts.as_ref().map(&of)))
    }

    /// Reads counts and money again, after a change.
    pub fn refetch(self) {
        self.version.update(|version| *version = version.wrapping_add(1));
    }
}

fn visitor() -> FrameView {
    FrameView {
        now: Timestamp::from_micros(0),
        demo: false,
        currency: String::from("USD"),
        person: None,
        counts: None,
        sign_up_open: false,
    }
}

/// The frame's context. Components outside the frame must not ask.
#[must_use]
pub fn use_frame() -> FrameContext {
    expect_context()
}

/// Pages that stand alone, without rail and tray.
fn stands_alone(path: &str) -> bool {
    matches!(path, "/sign-in" | "/sign-up") || path.starts_with("/link/")
}

/// Everything around the page. `children` are the routes.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let context = FrameContext::new();
    provide_context(context);
    provide_here();
    // The router tells its pages what a form without JavaScript was refused with; the tray is outside of them.
    use_url().with_untracked(Url::provide_server_action_error);
    provide_tray();
    let pathname = use_location().pathname;
    let alone = Memo::new(move |_| stands_alone(&pathname.get()));
    Effect::new(move |_| browser::mark_hydrated());
    Effect::new(move |before: Option<String>| {
        let path = pathname.get();
        // A page that opens in place is a page for the keyboard and for screen readers too.
        if before.is_some_and(|before| before != path) {
            browser::close_menus();
            browser::focus(CONTENT_ID);
        }
        path
    });
    // The routes are within: they wait for their part of the program while the page comes alive.
    leptos::prelude::view! {
        <a class="skip" href=format!("#{CONTENT_ID}") rel="external">"Skip to content"</a>
        <Hatches/>
        <div class="frame" class:frame-alone=move || alone.get() on:click=|event| browser::close_menus_outside(&event)>
            <ShownIf is=move || !alone.get()>
                <Rail/>
                <TopBar/>
            </ShownIf>
            <div id=CONTENT_ID class="frame-column" tabindex="-1">{children()}</div>
        </div>
        <Toasts/>
        <Shortcuts/>
        <KeysHelp/>
    }
}

/// A page inside the frame, and what stands below it.
pub fn framed<V: IntoView + 'static>(page: fn() -> V) -> AnyView {
    let pathname = use_location().pathname;
    let alone = Memo::new(move |_| stands_alone(&pathname.get()));
    let page = page().into_any();
    view! {
        <main class="frame-main">{page}</main>
        <ShownIf is=move || !alone.get()>
            <div class="frame-foot">
                <Tray/>
                <TabBar/>
            </div>
        </ShownIf>
    }
}

/// Patterns that say refused, skipped or unpaid; drawings refer to them by id.
#[component]
fn Hatches() -> impl IntoView {
    let hatch = |id: &'static str| {
        view! {
            <pattern id=id class=id width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="hatch-ground" width="6" height="6"></rect>
                <rect class="hatch-line" width="2" height="6"></rect>
            </pattern>
        }
    };
    view! {
        <svg class="hatches" width="0" height="0" aria-hidden="true">
            <defs>{hatch("hatch-danger")} {hatch("hatch-accent")} {hatch("hatch-idle")}</defs>
        </svg>
    }
}

/// The plate that says that nothing here is real. Only in demo mode.
#[component]
pub fn DemoPlate(#[prop(default = "Demo stock, fictitious numbers")] text: &'static str) -> impl IntoView {
    use_frame().demo().then(|| {
        view! {
            <span class="badge badge-lamp demo-plate">
                <Icon name="flask-conical" size=14/>
                {text}
            </span>
        }
    })
}

/// The head of a page: its one h1, which is also the title of the tab, and buttons on the right.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    #[prop(optional, into)] subtitle: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <Title text=title.clone()/>
        <header class="page-head">
            <div class="page-head-text">
                <h1>{title}</h1>
                {(!subtitle.is_empty()).then(|| view! { <p class="page-subtitle">{subtitle}</p> })}
            </div>
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </header>
    }
}
