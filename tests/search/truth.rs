//! Whatever happens to the stock, and in whatever order, the search says what a plain look at the tables says. The look is SQL alone:
//! it shares no line with the search.

use dialyard::domain::audit::{Actor, Channel};
use dialyard::domain::search::RawFilter;
use dialyard::server::ids::Ids;
use dialyard::server::jobs;
use dialyard::server::services::caller::Caller;
use dialyard::server::services::purchase::{self, Buy};
use dialyard::server::services::search::{self, Query, Seeker};
use dialyard::server::services::{holds, inventory, releasing};

use crate::support::TestApp;

const HEAD: &str = "e164,provider,number_type,locality,administrative_area,rate_center,features,setup_cost,monthly_cost\n";
const STEPS: usize = 40;

/// A part of a filter: how it is asked for, and the same in SQL.
type Part = (fn(&mut RawFilter<'static>), &'static str);

/// At most one of each group is asked for. `n` are the ten digits.
const GROUPS: [&[Part]; 8] = [
    &[
        (|raw| raw.q = "CAFE", "n LIKE '%2233%'"),
        (|raw| raw.q = "22", "n LIKE '%22%'"),
        (|raw| raw.q = "2?3", "n LIKE '%2_3%'"),
        (|raw| raw.q = "2*3$", "n LIKE '%2%3'"),
        (|raw| raw.q = "^4*2*3", "n LIKE '4%2%3%'"),
        (|raw| raw.q = "3*?7", "n LIKE '%3%_7%'"),
        (|raw| raw.q = "=AABB", "substr(n,7,1) = substr(n,8,1) AND substr(n,9,1) = substr(n,10,1) AND substr(n,8,1) <> substr(n,9,1)"),
        (
            |raw| raw.q = "=ABCAB",
            "substr(n,6,1) = substr(n,9,1) AND substr(n,7,1) = substr(n,10,1) AND substr(n,6,1) <> substr(n,7,1) \
             AND substr(n,8,1) <> substr(n,6,1) AND substr(n,8,1) <> substr(n,7,1)",
        ),
        (|raw| (raw.q, raw.at) = ("CAT", "ends"), "n LIKE '%228'"),
        (|raw| (raw.q, raw.at) = ("415???2233", "pattern"), "n LIKE '415___2233'"),
    ],
    &[
        (|raw| raw.starts_with = "1415", "n LIKE '415%'"),
        (|raw| raw.ends_with = "33", "n LIKE '%33'"),
        (|raw| raw.contains = "7", "n LIKE '%7%'"),
    ],
    &[(|raw| raw.area = "415", "n LIKE '415%'"), (|raw| raw.area = "775", "n LIKE '775%'")],
    &[(|raw| raw.exchange = "225", "n LIKE '___225%'")],
    &[(|raw| raw.state = "CA", "administrative_area = 'CA'"), (|raw| raw.city = "reno", "locality = 'Reno'")],
    &[(|raw| raw.features = "sms", "features IN (2,3,6,7,10,11,14,15,18,19,22,23,26,27,30,31)")],
    &[(|raw| raw.max_monthly = "2", "monthly_micros <= 2000000"), (|raw| raw.max_setup = "1", "setup_micros <= 1000000")],
    &[(|raw| raw.kind = "toll_free", "number_type = 'toll_free'"), (|raw| raw.kind = "local", "number_type = 'local'")],
];

struct World {
    app: TestApp,
    ids: Ids,
    mara: Caller,
    priya: Caller,
    operator: Actor,
}

impl World {
    async fn new(seed: u64) -> Self {
        let app = TestApp::new().await;
        let (mara, priya) = (app.organization("Mara", 5_000).await, app.organization("Priya", 5_000).await);
        let world = Self { app, ids: Ids::seeded(seed), mara, priya, operator: Actor::system("test") };
        world.import(1_300).await;
        world
    }

    fn pick<'a, T>(&self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.ids.below(u64::try_from(from.len()).expect("few"))).expect("small")]
    }

    /// A file of random lines: new numbers, and new prices and places for numbers that are there.
    async fn import(&self, lines: usize) {
        let places =
            ["415,San Francisco,CA,SAN FRNCSC", "628,San Francisco,CA,SAN FRNCSC", "510,Oakland,CA,OAKLAND", "775,Reno,NV,RENO", "800,,,"];
        let line = || {
            let (area_code, place) = self.pick(&places).split_once(',').expect("an area code");
            let kind = if area_code == "800" { "toll_free" } else { "local" };
            let features = self.pick(&["voice", "voice|sms", "sms|fax", ""]);
            let ending = if self.ids.below(4) == 0 { 2_233 } else { self.ids.below(10_000) };
            let (setup, monthly) = (self.ids.below(3), self.ids.below(5));
            format!("+1{area_code}{}{ending:04},Acme,{kind},{place},{features},{setup},{monthly}.5\n", 222 + self.ids.below(9))
        };
        let text: String = std::iter::once(HEAD.to_owned()).chain((0..lines).map(|_| line())).collect();
        inventory::import(&self.app.state, text.as_bytes(), |_| ()).await.expect("a report");
    }

    /// Any number that this statement finds.
    async fn any(&self, sql: &'static str) -> Option<String> {
        let mut connection = self.app.state.db.read().await.expect("a reader");
        let rows: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&mut *connection).await.expect("numbers");
        (!rows.is_empty()).then(|| self.pick(&rows).0.clone())
    }

    /// One thing happens. Refusals are as good as anything else: then nothing may have changed.
    async fn step(&self) -> &'static str {
        let state = &self.app.state;
        let caller = if self.ids.below(2) == 0 { &self.mara } else { &self.priya };
        let free = self.any("SELECT e164 FROM inventory WHERE state = 'available'").await.expect("stock");
        let owned = |status: &'static str| async move { self.any(status).await.unwrap_or_default() };
        match self.ids.below(10) {
            0 | 1 => {
                let _ = holds::place(state, caller, &free).await;
                "hold"
            }
            2 => {
                self.app.clock.advance_s(i64::try_from(self.ids.below(2_400)).expect("small"));
                "time for a hold to lapse"
            }
            3 | 4 => {
                let _ = purchase::buy(state, caller, Buy { e164: free, ..Buy::default() }).await;
                "sale"
            }
            5 => {
                let number = owned("SELECT e164 FROM owned_numbers WHERE status = 'available'").await;
                let _ = releasing::release(state, caller, &number, None).await;
                "release"
            }
            6 => {
                let number = owned("SELECT e164 FROM owned_numbers WHERE status = 'released'").await;
                let _ = releasing::restore(state, caller, &number).await;
                "restore"
            }
            7 => {
                let _ = inventory::withdraw(state, &self.operator, Channel::Command, &free, self.ids.below(2) == 0).await;
                "withdraw"
            }
            8 => {
                self.import(usize::try_from(self.ids.below(700)).expect("small")).await;
                "import"
            }
            _ => {
                self.app.clock.advance_s(86_400 * i64::try_from(1 + self.ids.below(46)).expect("small"));
                jobs::run_all(state).await;
                "days pass"
            }
        }
    }

    /// A random filter, and the same in SQL.
    fn filter(&self) -> (RawFilter<'static>, String) {
        let mut raw = RawFilter { country: "US,CA", ..RawFilter::default() };
        let mut sql = String::from("1 = 1");
        for group in GROUPS {
            if self.ids.below(3) == 0 {
                let (ask, clause) = self.pick(group);
                ask(&mut raw);
                sql.push_str(&format!(" AND {clause}"));
            }
        }
        (raw, sql)
    }

    /// What a look at the tables gives: what is available and neither being bought nor held by somebody else.
    async fn look(&self, organization_id: &str, clauses: &str) -> Vec<String> {
        let now = self.app.state.now().micros();
        let sql = format!(
            "SELECT e164 FROM (SELECT i.*, substr(i.e164, 3) AS n FROM inventory i) AS s WHERE state = 'available' AND {clauses} \
             AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.e164 = s.e164 AND o.state IN ('created', 'funded', 'ordered', 'stuck')) \
             AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.e164 = s.e164 AND h.organization_id <> '{organization_id}' \
             AND (h.state = 'committed' OR (h.state = 'active' AND h.expires_at > {now}))) ORDER BY e164"
        );
        let mut connection = self.app.state.db.read().await.expect("a reader");
        let rows: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *connection).await.expect("numbers");
        rows.into_iter().map(|(e164,)| e164).collect()
    }

    async fn compare(&self, what: &str) {
        let (raw, sql) = self.filter();
        let expected = self.look(&self.mara.organization_id, &sql).await;
        let sort = *self.pick(&["memorability", "price", "number", "locality"]);
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let query = Query { filter: raw, sort, cursor: &cursor, limit: Some(50), strict: true };
            let page = search::search(&self.app.state, Seeker::Caller(&self.mara), &query).await.expect("an answer");
            assert!(page.errors.is_empty(), "{:?}", page.errors);
            assert_eq!(page.total, u64::try_from(expected.len()).expect("a count"), "total after {what}: {raw:?}");
            found.extend(page.rows.into_iter().map(|row| row.e164));
            match page.next_cursor {
                Some(next) => cursor = next,
                None => break,
            }
        }
        found.sort_unstable();
        assert_eq!(found, expected, "rows after {what} by {sort}: {raw:?}");
        let facets = search::facets(&self.app.state, Seeker::Caller(&self.mara), &raw).await.expect("counts");
        let total = u64::try_from(self.look(&self.mara.organization_id, &sql).await.len()).expect("a count");
        if raw.max_monthly.is_empty() {
            assert_eq!(facets.prices[0].count, total, "any price after {what}: {raw:?}");
        }
        if raw.kind.is_empty() {
            assert_eq!(facets.kinds.iter().map(|kind| kind.count).sum::<u64>(), total, "types after {what}: {raw:?}");
        }
        if raw.area.is_empty() {
            assert_eq!(facets.area_codes.iter().map(|area| area.count).sum::<u64>(), total, "area codes after {what}: {raw:?}");
        }
    }
}

#[tokio::test]
async fn the_search_agrees_with_the_tables_after_every_step() {
    for seed in [3, 11, 29] {
        let world = World::new(seed).await;
        for _ in 0..STEPS {
            let what = world.step().await;
            for _ in 0..3 {
                world.compare(what).await;
            }
        }
        let done = world.app.scalar("SELECT COUNT(DISTINCT state) FROM inventory").await;
        assert!(done >= 3, "something happened: {done} states");
    }
}
