//! The document, the table of routes, and which pages are loaded only when they are opened.

use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{Lazy, LazyRoute, SsrMode, path};

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
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Defines parts of the program that are fetched when one of their pages is opened. Pages that are used together are one part: every part more
/// multiplies the files that the build cuts, because what two parts share becomes a file of its own.
macro_rules! lazy_parts {
    ($($part:ident { $($route:ident => $page:path;)+ })+) => {$(
        #[lazy]
        fn $part(route: &'static str) -> AnyView {
            match route {
                $(stringify!($route) => framed($page),)+
                _ => framed(pages::not_found::NotFoundPage),
            }
        }

        $(
            #[doc = concat!("Loads `", stringify!($page), "` when it is opened.")]
            #[derive(Debug)]
            pub struct $route;

            impl LazyRoute for $route {
                fn data() -> Self {
                    Self
                }

                async fn view(_route: Self) -> AnyView {
                    $part(stringify!($route)).await
                }
            }
        )+
    )+};
}

lazy_parts! {
    owned {
        Numbers => pages::numbers::NumbersPage;
        Number => pages::number::NumberPage;
    }
    board {
        Board => pages::board::BoardPage;
    }
    organization {
        Wallet => pages::wallet::WalletPage;
        Statements => pages::wallet::statements::StatementsPage;
        Statement => pages::wallet::statement::StatementPage;
        Agents => pages::agents::AgentsPage;
        SubAccounts => pages::sub_accounts::SubAccountsPage;
        Team => pages::team::TeamPage;
        Keys => pages::keys::KeysPage;
        Webhooks => pages::webhooks::WebhooksPage;
        Audit => pages::audit::AuditPage;
        Routes => pages::routes::RoutesPage;
        Settings => pages::settings::SettingsPage;
        Notices => pages::notices::NoticesPage;
        Searches => pages::searches::SearchesPage;
    }
    operator {
        CoolOffs => pages::admin::cool_offs::CoolOffsPage;
        OperatorAudit => pages::admin::audit::AuditPage;
        Orders => pages::admin::orders::OrdersPage;
        Inventory => pages::admin::inventory::InventoryPage;
        Organizations => pages::admin::organizations::OrganizationsPage;
        Revenue => pages::admin::revenue::RevenuePage;
        Overview => pages::admin::overview::OverviewPage;
        Components => DeveloperPage;
    }
    door {
        SignIn => pages::sign_in::SignInPage;
        SignUp => pages::sign_up::SignUpPage;
        OneTimeLink => pages::link::LinkPage;
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
                    <Route path=path!("/") view={|| framed(pages::search::SearchPage)} ssr=SsrMode::InOrder/>
                    <Route path=path!("/numbers") view={Lazy::<Numbers>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/numbers/:number") view={Lazy::<Number>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/board") view={Lazy::<Board>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/wallet") view={Lazy::<Wallet>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/wallet/statements") view={Lazy::<Statements>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/wallet/statements/:month") view={Lazy::<Statement>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/agents") view={Lazy::<Agents>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/sub-accounts") view={Lazy::<SubAccounts>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/team") view={Lazy::<Team>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/keys") view={Lazy::<Keys>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/webhooks") view={Lazy::<Webhooks>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/audit") view={Lazy::<Audit>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/admin/cool-offs") view={Lazy::<CoolOffs>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/admin/audit") view={Lazy::<OperatorAudit>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/routes") view={Lazy::<Routes>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/settings") view={Lazy::<Settings>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/notices") view={Lazy::<Notices>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/searches") view={Lazy::<Searches>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/admin") view={Lazy::<Overview>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/admin/organizations") view={Lazy::<Organizations>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/admin/revenue") view={Lazy::<Revenue>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/admin/inventory") view={Lazy::<Inventory>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/admin/orders") view={Lazy::<Orders>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/sign-in") view={Lazy::<SignIn>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/sign-up") view={Lazy::<SignUp>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/link/:token") view={Lazy::<OneTimeLink>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/dev/components") view={Lazy::<Components>::new()} ssr=SsrMode::Async/>
                </FlatRoutes>
            </Frame>
        </Router>
    }
}
