//! An installation that is spoken to over HTTP, and what a refused request must leave as it is.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use dialyard::domain::account::Role;
use dialyard::domain::code::Code;
use dialyard::domain::refusal::Refusal;
use dialyard::rpc::error::AppError;
use dialyard::server::auth::session;
use dialyard::server::carriers::{Carrier, Carriers};
use dialyard::server::config::Settings;
use dialyard::server::run::router::router;
use dialyard::server::run::site::Site;
use dialyard::server::services::accounts::{self, NewMembership, NewPerson};
use dialyard::server::services::caller::Caller;
use dialyard::ui::message::refusal_text;
use futures::future::LocalBoxFuture;
use tower::ServiceExt;

use super::support::carrier::{Act, ScriptedCarrier};
use super::support::owned::Yard;
use super::support::{SCRIPTED, TestApp};

const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3_000);
const OWN_SITE: &str = "http://127.0.0.1:3000";
const PASSWORD: &str = "a long enough secret";
/// Tables that a refused request may change: sessions are noted as used, and tries at passwords are counted.
const MAY_CHANGE: [&str; 2] = ["sessions", "sign_in_attempts"];
/// What is left behind by an order that its carrier refused.
pub const ORDER_TABLES: [&str; 3] = ["orders", "order_steps", "set_asides"];

/// Makes an installation and the request that it must refuse.
pub type Make = fn() -> LocalBoxFuture<'static, (Town, Asked)>;

/// One way to be refused.
pub struct Case {
    pub code: Code,
    pub what: &'static str,
    pub make: Make,
}

/// The cases of a file: code, what is done, and a block that makes both.
macro_rules! cases {
    ($($code:ident, $what:literal => $make:block;)+) => {
        pub const CASES: &[$crate::town::Case] = &[$($crate::town::Case {
            code: dialyard::domain::code::Code::$code,
            what: $what,
            make: || futures::FutureExt::boxed_local(async $make),
        }),+];
    };
}
pub(crate) use cases;

/// A request that must be refused.
pub struct Asked {
    /// Below `/rpc/`.
    pub path: &'static str,
    pub is_read: bool,
    pub form: String,
    pub cookie: Option<String>,
    pub origin: &'static str,
    /// The page that it is sent from, which must tell the refusal.
    pub page: String,
    /// What the page says; none for the words that belong to the code.
    pub says: Option<&'static str>,
    /// Tables that may change besides the usual ones.
    pub may_change: &'static [&'static str],
}

impl Asked {
    /// A form of that page, sent by the owner.
    pub fn write(town: &Town, path: &'static str, form: String, page: impl Into<String>) -> Self {
        let cookie = Some(town.owner.clone());
        Self { path, is_read: false, form, cookie, origin: OWN_SITE, page: page.into(), says: None, may_change: &[] }
    }

    /// What that page reads, for the owner.
    pub fn read(town: &Town, path: &'static str, query: String, page: impl Into<String>) -> Self {
        Self { is_read: true, ..Self::write(town, path, query, page) }
    }

    /// Says it in words of the page's own.
    pub fn says(self, words: &'static str) -> Self {
        Self { says: Some(words), ..self }
    }

    /// Sent by somebody else.
    pub fn by(self, cookie: Option<String>) -> Self {
        Self { cookie, ..self }
    }
}

/// An organization with numbers, people who are signed in, and the way to all of it.
pub struct Town {
    pub yard: Yard,
    /// The owner's cookie.
    pub owner: String,
    router: Router,
    /// What a scripted carrier has sold.
    _sold: Option<tempfile::TempDir>,
}

impl Town {
    pub async fn new() -> Self {
        Self::of(TestApp::new().await).await
    }

    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::of(TestApp::with(Carriers::default(), change).await).await
    }

    /// With a carrier that answers its orders like that.
    pub async fn scripted(script: Vec<Act>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let carrier: Arc<dyn Carrier> = Arc::new(ScriptedCarrier::new(SCRIPTED, folder.path().join("sold"), script));
        Self { _sold: Some(folder), ..Self::of(TestApp::with(Carriers::new([carrier]), |_| ()).await).await }
    }

    pub async fn of(app: TestApp) -> Self {
        let yard = Yard::of(app).await;
        let router = router(&yard.app.state, LISTEN, &Site::find(None));
        let mut town = Self { yard, owner: String::new(), router, _sold: None };
        town.owner = town.sign_in("owner@brightline.example").await;
        town
    }

    /// The same installation, started without a payment provider.
    pub fn without_payments(mut self) -> Self {
        self.yard.app.state.payments = None;
        self.router = router(&self.yard.app.state, LISTEN, &Site::find(None));
        self
    }

    /// The cookie of somebody with the usual password.
    pub async fn sign_in(&self, email: &str) -> String {
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let secret = accounts::sign_in(&self.yard.app.state, email, PASSWORD, address, None).await.expect("signed in");
        let cookie = session::cookie(&self.yard.app.state.settings, &secret);
        cookie.split(';').next().unwrap_or_default().to_owned()
    }

    /// The cookie of somebody new. Without a role it is the operator.
    pub async fn person(&self, role: Option<Role>, sub_account_id: Option<&str>) -> String {
        let email = format!("{}@example.com", role.map_or("operator", Role::name));
        let membership = role.map(|role| NewMembership {
            organization_id: self.yard.owner.organization_id.clone(),
            role,
            sub_account_id: sub_account_id.map(str::to_owned),
        });
        let platform_admin = membership.is_none();
        let person = NewPerson { name: email.clone(), email: email.clone(), password: PASSWORD.to_owned(), platform_admin, membership };
        accounts::add_person(&self.yard.app.state, person).await.expect("a person");
        self.sign_in(&email).await
    }

    /// Another organization, with its owner's cookie.
    pub async fn neighbour(&self, funds: i64) -> (Caller, String) {
        let caller = self.yard.app.organization("Neighbour", funds).await;
        (caller, self.sign_in("owner@neighbour.example").await)
    }

    /// Writes what no service does yet.
    pub async fn sql(&self, sql: &'static str) {
        let write = self.yard.app.state.db.write(async move |connection| {
            sqlx::query(sql).execute(connection).await.map(|_| ()).map_err(dialyard::server::error::Error::from)
        });
        write.await.expect("written");
    }

    /// Sends a request; `accept` says whether a script or a form without JavaScript does.
    pub async fn send(&self, asked: &Asked, accept: &str) -> Response<Body> {
        let (method, uri, body) = if asked.is_read {
            ("GET", format!("/rpc/{}?{}", asked.path, asked.form), String::new())
        } else {
            ("POST", format!("/rpc/{}", asked.path), asked.form.clone())
        };
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .header("host", "127.0.0.1:3000")
            .header("origin", asked.origin)
            .header("referer", format!("{OWN_SITE}{}", asked.page))
            .header("accept", accept)
            .header("content-type", "application/x-www-form-urlencoded");
        if let Some(cookie) = &asked.cookie {
            request = request.header("cookie", cookie);
        }
        self.router.clone().oneshot(request.body(Body::from(body)).expect("a request")).await.expect("an answer")
    }

    /// A page as a browser without JavaScript gets it.
    async fn page(&self, address: &str, cookie: Option<&String>) -> String {
        let path = address.strip_prefix(OWN_SITE).unwrap_or(address);
        let mut request = Request::builder().uri(path).header("host", "127.0.0.1:3000").header("accept", "text/html");
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        let answer = self.router.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
        plain(&text(answer).await)
    }

    /// What somebody without JavaScript reads in the end: the page that the form leads to, or the answer itself where it leads nowhere.
    async fn read_on_page(&self, asked: &Asked) -> String {
        if asked.is_read {
            return self.page(&asked.page, asked.cookie.as_ref()).await;
        }
        let answer = self.send(asked, "text/html,application/xhtml+xml").await;
        let leads_to = answer.headers().get("location").map(|location| location.to_str().expect("an address").to_owned());
        match leads_to {
            Some(address) => self.page(&address, asked.cookie.as_ref()).await,
            None => plain(&text(answer).await),
        }
    }

    /// Every row of every table but those, as text.
    pub async fn rows(&self, may_change: &[&str]) -> Vec<String> {
        let mut connection = self.yard.app.state.db.read().await.expect("a reader");
        let tables: Vec<(String,)> =
            sqlx::query_as("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlx%' ORDER BY name")
                .fetch_all(&mut *connection)
                .await
                .expect("tables");
        let mut rows = Vec::new();
        for (table,) in tables.into_iter().filter(|(table,)| !MAY_CHANGE.contains(&table.as_str()) && !may_change.contains(&table.as_str()))
        {
            let (columns,): (String,) = sqlx::query_as("SELECT group_concat(name, ', ') FROM pragma_table_info($1)")
                .bind(&table)
                .fetch_one(&mut *connection)
                .await
                .expect("columns");
            let sql = format!("SELECT json_array({columns}) FROM {table} ORDER BY 1");
            let found: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *connection).await.expect("rows");
            rows.extend(found.into_iter().map(|(row,)| format!("{table} {row}")));
        }
        rows
    }

    /// The refusal that a script is answered with.
    pub async fn refusal(&self, asked: &Asked, told: &str) -> (StatusCode, AppError) {
        let answer = self.send(asked, "application/json").await;
        let (status, body) = (answer.status(), text(answer).await);
        let error = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{told}: no refusal but {status} {body}"));
        (status, error)
    }
}

impl Case {
    /// What is wrong: it must be refused with its code and status, be told on its page, and nothing may change.
    pub async fn faults(&self) -> Vec<String> {
        let told = format!("{}: {}", self.code.name(), self.what);
        let (town, asked) = (self.make)().await;
        let mut faults = Vec::new();
        let before = town.rows(asked.may_change).await;
        let (status, error) = town.refusal(&asked, &told).await;
        if (error.code(), status.as_u16()) != (self.code, self.code.status()) {
            faults.push(format!("{told}: answered {status} {}", error.code().name()));
        }
        faults.extend(changed(&before, &town.rows(asked.may_change).await).map(|row| format!("{told}: changed {row}")));
        let words = asked.says.map_or_else(|| words(&error), str::to_owned);
        let page = town.read_on_page(&asked).await;
        if !page.contains(&words) {
            faults.push(format!("{told}: {} does not say {words:?} but {page}", asked.page));
        }
        faults.extend(changed(&before, &town.rows(asked.may_change).await).map(|row| format!("{told}: the form changed {row}")));
        faults
    }
}

/// The first row that is not what it was.
fn changed(before: &[String], after: &[String]) -> Option<String> {
    let other = after.iter().find(|row| !before.contains(row)).or_else(|| before.iter().find(|row| !after.contains(row)));
    other.cloned()
}

/// What a page says of a refusal: beside its field, else the title of the message.
fn words(error: &AppError) -> String {
    match error {
        AppError::Refused { refusal: Refusal::Validation { errors } } => errors[0].message.clone(),
        AppError::Refused { refusal } => refusal_text(refusal, "USD").0,
        other => other.to_string(),
    }
}

pub async fn text(answer: Response<Body>) -> String {
    let bytes = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The words of a page without its tags and scripts.
fn plain(html: &str) -> String {
    let mut words = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        words.push_str(before);
        let end = match tag {
            tag if tag.starts_with("script") => "</script>",
            tag if tag.starts_with("style") => "</style>",
            _ => ">",
        };
        // A marker between two texts is no space between words; other tags are.
        if !tag.starts_with('!') {
            words.push(' ');
        }
        rest = tag.split_once(end).map_or("", |(_, rest)| rest);
    }
    words.push_str(rest);
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&amp;", "&")]
        .into_iter()
        .fold(words, |text, (from, to)| text.replace(from, to))
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
