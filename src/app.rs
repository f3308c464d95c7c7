//! The document, the table of routes, and which pages are loaded only when they are opened.

use std::pin::Pin;
use std::sync::Arc;

use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{ChooseView, SsrMode, path};

use crate::pages;
use crate::ui::frame::{Frame, framed};

// The page of all components is for those who work on Dialyard; a release has none.
#[cfg(debug_assertions)]
use crate::pages::components::ComponentsPage as DeveloperPage;
#[cfg(not(debug_assertions))]
use crate::pages::not_found::NotFoundPage as DeveloperPage;

/// Runs before the first paint: takes the chosen theme, and loads the page once more when a part of an older version is asked for
/// that an upgrade has taken away.
const BEFORE_PAINT: &str = "try{var t=localStorage.getItem('theme');if(t==='dark'||t==='light')document.documentElement.dataset.theme=t}catch(e){}\
addEventListener('unhandledrejection',function(e){if(/module|import|wasm/i.test(String(e.reason))&&!sessionStorage.getItem('reloaded'))\
{sessionStorage.setItem('reloaded','1');location.reload()}});";

/// Where the script is that fetches parts of the program. The program's own script asks for it, but only when it has been read itself.
#[derive(Debug, Clone)]
pub struct PartLoader(pub Arc<str>);

/// The document around the application. Only the server renders it.
#[must_use]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="description" content="Search, hold, buy, point and return phone numbers on your own server."/>
                <meta name="color-scheme" content="light dark"/>
                <script nonce=use_nonce()>{BEFORE_PAINT}</script>
                <link rel="preload" href="/fonts/archivo-latin-standard-normal.woff2" r#as="font" r#type="font/woff2" crossorigin=""/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <HashedStylesheet options=options.clone() id="leptos"/>
                <AutoReload options=options.clone()/>
                // Behind what is painted: on a slow line the page is read before it comes alive.
                <HydrationScripts options defer=true/>
                {use_context::<PartLoader>().map(|PartLoader(href)| view! { <link rel="modulepreload" href=href crossorigin=use_nonce()/> })}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// A page, and the part of the program that it is in. All pages have this one type: what the router does for a route is compiled once.
#[derive(Debug, Clone, Copy)]
struct Page {
    part: fn(&'static str) -> Pin<Box<dyn Future<Output = AnyView>>>,
    name: &'static str,
}

impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        (self.part)(self.name).await
    }

    async fn preload(&self) {}
}

/// The page that most come for: it is in the program itself.
const SEARCH: Page = Page { part: |_| Box::pin(async { framed(pages::search::SearchPage) }), name: "SEARCH" };

/// Defines parts of the program that are fetched when one of their pages is opened. Pages that are used together are one part: every part more
/// multiplies the files that the build cuts, because what two parts share becomes a file of its own.
macro_rules! lazy_parts {
    ($($part:ident { $($name:ident => $page:path;)+ })+) => {$(
        #[lazy]
        fn $part(name: &'static str) -> AnyView {
            match name {
                $(stringify!($name) => framed($page),)+
                _ => framed(pages::not_found::NotFoundPage),
            }
        }

        $(const $name: Page = Page { part: |name| Box::pin($part(name)), name: stringify!($name) };)+
    )+};
}

lazy_parts! {
    owned {
        NUMBERS => pages::numbers::NumbersPage;
        NUMBER => pages::number::NumberPage;
    }
    board {
        BOARD => pages::board::BoardPage;
    }
    organization {
        WALLET => pages::wallet::WalletPage;
        STATEMENTS => pages::wallet::statements::StatementsPage;
        STATEMENT => pages::wallet::statement::StatementPage;
        AGENTS => pages::agents::AgentsPage;
        SUB_ACCOUNTS => pages::sub_accounts::SubAccountsPage;
        TEAM => pages::team::TeamPage;
        KEYS => pages::keys::KeysPage;
        WEBHOOKS => pages::webhooks::WebhooksPage;
        AUDIT => pages::audit::AuditPage;
        ROUTES => pages::routes::RoutesPage;
        SETTINGS => pages::settings::SettingsPage;
        NOTICES => pages::notices::NoticesPage;
        SEARCHES => pages::searches::SearchesPage;
    }
    operator {
        COOL_OFFS => pages::admin::cool_offs::CoolOffsPage;
        OPERATOR_AUDIT => pages::admin::audit::AuditPage;
        ORDERS => pages::admin::orders::OrdersPage;
        INVENTORY => pages::admin::inventory::InventoryPage;
        ORGANIZATIONS => pages::admin::organizations::OrganizationsPage;
        REVENUE => pages::admin::revenue::RevenuePage;
        OVERVIEW => pages::admin::overview::OverviewPage;
        COMPONENTS => DeveloperPage;
    }
    door {
        SIGN_IN => pages::sign_in::SignInPage;
        SIGN_UP => pages::sign_up::SignUpPage;
        ONE_TIME_LINK => pages::link::LinkPage;
    }
}

/// The application, inside the body.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let (is_routing, set_is_routing) = signal(false);
    view! {
        <Title formatter=|title: String| if title.is_empty() { String::from("Dialyard") } else { format!("{title} · Dialyard") }/>
        <Router set_is_routing>
            <div class="routing" class:routing-on=move || is_routing.get() aria-hidden="true"></div>
            <Frame>
                <FlatRoutes fallback=|| framed(pages::not_found::NotFoundPage)>
                    // Sent as it is made: rows first, the counts behind them (R28).
                    <Route path=path!("/") view=SEARCH ssr=SsrMode::InOrder/>
                    <Route path=path!("/numbers") view=NUMBERS ssr=SsrMode::Async/>
                    <Route path=path!("/numbers/:number") view=NUMBER ssr=SsrMode::Async/>
                    <Route path=path!("/board") view=BOARD ssr=SsrMode::Async/>
                    <Route path=path!("/wallet") view=WALLET ssr=SsrMode::Async/>
                    <Route path=path!("/wallet/statements") view=STATEMENTS ssr=SsrMode::Async/>
                    <Route path=path!("/wallet/statements/:month") view=STATEMENT ssr=SsrMode::Async/>
                    <Route path=path!("/agents") view=AGENTS ssr=SsrMode::Async/>
                    <Route path=path!("/sub-accounts") view=SUB_ACCOUNTS ssr=SsrMode::Async/>
                    <Route path=path!("/team") view=TEAM ssr=SsrMode::Async/>
                    <Route path=path!("/keys") view=KEYS ssr=SsrMode::Async/>
                    <Route path=path!("/webhooks") view=WEBHOOKS ssr=SsrMode::Async/>
                    <Route path=path!("/audit") view=AUDIT ssr=SsrMode::Async/>
                    <Route path=path!("/admin/cool-offs") view=COOL_OFFS ssr=SsrMode::Async/>
                    <Route path=path!("/admin/audit") view=OPERATOR_AUDIT ssr=SsrMode::Async/>
                    <Route path=path!("/routes") view=ROUTES ssr=SsrMode::Async/>
                    <Route path=path!("/settings") view=SETTINGS ssr=SsrMode::Async/>
                    <Route path=path!("/notices") view=NOTICES ssr=SsrMode::Async/>
                    <Route path=path!("/searches") view=SEARCHES ssr=SsrMode::Async/>
                    <Route path=path!("/admin") view=OVERVIEW ssr=SsrMode::Async/>
                    <Route path=path!("/admin/organizations") view=ORGANIZATIONS ssr=SsrMode::Async/>
                    <Route path=path!("/admin/revenue") view=REVENUE ssr=SsrMode::Async/>
                    <Route path=path!("/admin/inventory") view=INVENTORY ssr=SsrMode::Async/>
                    <Route path=path!("/admin/orders") view=ORDERS ssr=SsrMode::Async/>
                    <Route path=path!("/sign-in") view=SIGN_IN ssr=SsrMode::Async/>
                    <Route path=path!("/sign-up") view=SIGN_UP ssr=SsrMode::Async/>
                    <Route path=path!("/link/:token") view=ONE_TIME_LINK ssr=SsrMode::Async/>
                    <Route path=path!("/dev/components") view=COMPONENTS ssr=SsrMode::Async/>
                </FlatRoutes>
            </Frame>
        </Router>
    }
}
