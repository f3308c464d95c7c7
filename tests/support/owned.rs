//! Owned numbers in every column of table 3b, and what a call of a service did to one.

use std::sync::atomic::{AtomicU32, Ordering};

use dialyard::domain::code::Code;
use dialyard::domain::refusal::Refusal;
use dialyard::domain::time::Timestamp;
use dialyard::server::error::{Error, Result};
use dialyard::server::services::agents::{self, AgentInput};
use dialyard::server::services::caller::Caller;
use dialyard::server::services::calls::{self, Report, Reported, Reporter};
use dialyard::server::services::import;
use dialyard::server::services::moving;
use dialyard::server::services::numbers;
use dialyard::server::services::purchase::{Buy, buy};
use dialyard::server::services::releasing;
use dialyard::server::services::sub_accounts::{self, SubAccountInput};
use dialyard::server::store;
use dialyard::server::store::calls::Direction;
use dialyard::server::store::numbers::OwnedNumber;

use super::{OWN_STOCK, TestApp};

/// The columns of table 3b. Where a column says nothing about the place, both are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    P0,
    P1,
    S0,
    S1,
    /// S1 with a cool-off that runs.
    SC,
    LockedInPool,
    LockedInSubAccount,
    PastDueInPool,
    PastDueInSubAccount,
    SuspendedInPool,
    SuspendedInSubAccount,
    /// Released, recoverable.
    RL,
    /// The disconnect has started.
    XX,
    /// Imported, in the pool.
    IM,
    /// Imported, in a sub-account.
    ImportedInSubAccount,
}

/// One organization with agents and sub-accounts, and numbers as they are asked for.
pub struct Yard {
    pub app: TestApp,
    pub owner: Caller,
    /// Agents of the pool; the first two are published.
    pub front_desk: String,
    pub night_line: String,
    pub draft: String,
    /// Sub-accounts with an agent each.
    pub harbor: String,
    pub harbor_agent: String,
    pub lakeside: String,
    pub lakeside_agent: String,
    next_line: AtomicU32,
}

impl Yard {
    /// An organization with a well-filled wallet.
    pub async fn new() -> Self {
        Self::of(TestApp::new().await).await
    }

    /// The same in an installation that was made before.
    pub async fn of(app: TestApp) -> Self {
        let owner = app.organization("Brightline", 1_000).await;
        let harbor = sub_account(&app, &owner, "Harbor Dental").await;
        let lakeside = sub_account(&app, &owner, "Lakeside Realty").await;
        Self {
            front_desk: agent(&app, &owner, "Front desk", None, true).await,
            night_line: agent(&app, &owner, "Night line", None, true).await,
            draft: agent(&app, &owner, "Billing help", None, false).await,
            harbor_agent: agent(&app, &owner, "Reception", Some(&harbor), true).await,
            lakeside_agent: agent(&app, &owner, "Open house", Some(&lakeside), true).await,
            harbor,
            lakeside,
            owner,
            app,
            next_line: AtomicU32::new(100),
        }
    }

    /// An E.164 that no other test number has.
    pub fn e164(&self) -> String {
        format!("+1415555{:04}", self.next_line.fetch_add(1, Ordering::Relaxed))
    }

    /// A number that was just bought: column P0.
    pub async fn bought(&self) -> OwnedNumber {
        let e164 = self.e164();
        self.app.stock(OWN_STOCK, &[&e164]).await;
        buy(&self.app.state, &self.owner, Buy { e164: e164.clone(), ..Buy::default() }).await.expect("bought");
        self.read(&e164).await
    }

    /// A number that was just imported.
    pub async fn imported(&self) -> OwnedNumber {
        import::import(&self.app.state, &self.owner, &self.e164(), None).await.expect("imported").changed.number
    }

    /// A number in that column.
    pub async fn number(&self, column: Column) -> OwnedNumber {
        use Column::{
            ImportedInSubAccount, LockedInPool, LockedInSubAccount, PastDueInPool, PastDueInSubAccount, SuspendedInPool,
            SuspendedInSubAccount,
        };
        let imported = matches!(column, Column::IM | ImportedInSubAccount);
        let id = if imported { self.imported().await.id } else { self.bought().await.id };
        let placed = matches!(
            column,
            Column::S0 | Column::S1 | Column::SC | LockedInSubAccount | PastDueInSubAccount | SuspendedInSubAccount | ImportedInSubAccount
        );
        if placed {
            moving::hand_over(&self.app.state, &self.owner, &id, &self.harbor).await.expect("handed over");
        }
        match column {
            Column::P1 => self.assign(&id, &self.front_desk).await,
            Column::S1 => self.assign(&id, &self.harbor_agent).await,
            Column::SC => {
                self.assign(&id, &self.harbor_agent).await;
                self.called(&self.read(&id).await.e164, self.app.state.now()).await.expect("reported");
            }
            LockedInPool | LockedInSubAccount => {
                numbers::set_locked(&self.app.state, &self.owner, &id, true).await.expect("locked");
            }
            PastDueInPool | PastDueInSubAccount => self.billing(&id, "past_due").await,
            SuspendedInPool | SuspendedInSubAccount => self.billing(&id, "suspended").await,
            Column::RL => {
                releasing::release(&self.app.state, &self.owner, &id, None).await.expect("released");
            }
            Column::XX => {
                releasing::release(&self.app.state, &self.owner, &id, None).await.expect("released");
                self.disconnecting(&id).await;
            }
            _ => {}
        }
        self.read(&id).await
    }

    async fn assign(&self, id: &str, agent: &str) {
        moving::assign(&self.app.state, &self.owner, id, agent).await.expect("assigned");
    }

    /// Rental is charged by a job of its own; here its outcome is all that is needed.
    pub async fn billing(&self, id: &str, state: &'static str) {
        let id = id.to_owned();
        let write = self.app.state.db.write(async move |connection| {
            let done =
                sqlx::query("UPDATE owned_numbers SET billing_state = $1 WHERE id = $2").bind(state).bind(&id).execute(connection).await;
            done.map(|_| ()).map_err(Error::from)
        });
        write.await.expect("written");
    }

    /// What the disconnect job does first.
    pub async fn disconnecting(&self, id: &str) {
        let (id, now) = (id.to_owned(), self.app.state.now());
        let write = self
            .app
            .state
            .db
            .write(async move |connection| Ok::<_, Error>(store::numbers::start_disconnect(connection, &id, None, now).await?));
        assert!(write.await.expect("written"), "the disconnect starts once");
    }

    /// A call that the organization's own switch reports.
    pub async fn called(&self, e164: &str, started_at: Timestamp) -> Result<Reported> {
        let call_id = format!("{e164}-{}", started_at.micros());
        let report = Report { call_id, e164: e164.to_owned(), direction: Direction::Inbound, started_at, ended_at: None };
        calls::report(&self.app.state, &Reporter::Organization(self.owner.clone()), &report).await
    }

    /// The number as it is now, also when it is gone.
    pub async fn read(&self, key: &str) -> OwnedNumber {
        let mut connection = self.app.state.db.read().await.expect("a reader");
        numbers::own(&mut connection, &self.owner, key).await.expect("the owner's number")
    }

    /// What could tell that something was written about a number: version, last call, events, audit rows.
    pub async fn traces(&self, id: &str) -> (i64, i64, i64, i64) {
        let mut connection = self.app.state.db.read().await.expect("a reader");
        sqlx::query_as(
            "SELECT n.version, COALESCE(n.last_call_at, 0), (SELECT COUNT(*) FROM events WHERE ownership_id = n.id), \
             (SELECT COUNT(*) FROM audit WHERE object_id = n.id) FROM owned_numbers n WHERE n.id = $1",
        )
        .bind(id)
        .fetch_one(&mut *connection)
        .await
        .expect("a row")
    }

    /// Runs `work` on a number and says what came of it: `done`, `noop`, or the code of the refusal. A refusal and a no-op must leave
    /// no trace, and what was done must leave one in the timeline.
    pub async fn outcome<T>(&self, id: &str, work: impl Future<Output = Result<T>>) -> &'static str {
        let before = self.traces(id).await;
        let outcome = work.await;
        let after = self.traces(id).await;
        match outcome {
            Ok(_) if before == after => "noop",
            Ok(_) => {
                assert!(after.2 > before.2, "a change is in the timeline");
                "done"
            }
            Err(error) => {
                assert_eq!(before, after, "a refusal changes nothing");
                code(error).name()
            }
        }
    }

    /// The kinds of a number's events, oldest first.
    pub async fn events(&self, id: &str) -> Vec<String> {
        let mut connection = self.app.state.db.read().await.expect("a reader");
        let rows: Vec<(String,)> = sqlx::query_as("SELECT kind FROM events WHERE ownership_id = $1 ORDER BY sequence")
            .bind(id)
            .fetch_all(&mut *connection)
            .await
            .expect("events");
        rows.into_iter().map(|(kind,)| kind).collect()
    }

    /// The owner's people in the sub-account.
    pub fn member_of(&self, sub_account_id: &str) -> Caller {
        Caller { sub_account_id: Some(sub_account_id.to_owned()), ..self.owner.clone() }
    }
}

/// The code of a refusal; a fault of ours fails the test.
pub fn code(error: Error) -> Code {
    refusal(error).code()
}

/// The refusal itself.
pub fn refusal(error: Error) -> Refusal {
    match error.refusal() {
        Some(refusal) => refusal,
        None => panic!("a fault and no refusal: {error}"),
    }
}

/// A sub-account without a budget.
pub async fn sub_account(app: &TestApp, caller: &Caller, name: &str) -> String {
    let input = SubAccountInput { name: name.to_owned(), budget: String::new() };
    sub_accounts::create(&app.state, caller, &input).await.expect("a sub-account").id
}

/// An AI voice agent of the pool or of a sub-account.
pub async fn agent(app: &TestApp, caller: &Caller, name: &str, sub_account_id: Option<&str>, publish: bool) -> String {
    let input = AgentInput {
        name: name.to_owned(),
        kind: String::from("ai_voice"),
        destination: String::from("sip:desk@agents.brightline.example"),
    };
    agents::create(&app.state, caller, &input, sub_account_id, publish).await.expect("an agent").id
}
