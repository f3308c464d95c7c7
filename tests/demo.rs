//! The demo's first start, its second one, and one whose file is gone (product.md, Demo mode; R24).

mod support;

use dialyard::domain::code::Code;
use dialyard::domain::money::Micros;
use dialyard::server::auth::keys::hash;
use dialyard::server::carriers::Carriers;
use dialyard::server::demo::credentials::Credentials;
use dialyard::server::demo::{self};
use dialyard::server::store;
use support::TestApp;

/// Enough for the story.
const STOCK: usize = 12_000;

async fn demo_app() -> (TestApp, Credentials) {
    let app = TestApp::with(Carriers::default(), |settings| settings.demo = true).await;
    let credentials = demo::prepare_sized(&app.state, STOCK).await.expect("a demo");
    (app, credentials)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_makes_two_organizations_with_a_past() {
    let (app, credentials) = demo_app().await;
    let count = async |sql| app.scalar(sql).await;
    assert_eq!(count("SELECT COUNT(*) FROM inventory").await, 12_000);
    assert_eq!(count("SELECT COUNT(*) FROM organizations").await, 2);
    assert_eq!(count("SELECT COUNT(*) FROM inventory WHERE e164 = '+14153569377' AND state = 'available'").await, 1);

    let brightline = "organization_id = (SELECT id FROM organizations WHERE name = 'Brightline Voice')";
    let of = async |what: &str| {
        let mut connection = app.state.db.read().await.expect("a reader");
        let sql = format!("SELECT COUNT(*) FROM owned_numbers WHERE {brightline} AND {what}");
        let (value,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *connection).await.expect("a count");
        value
    };
    assert_eq!(of("status IN ('available', 'assigned')").await, 36);
    assert_eq!(of("status = 'assigned' AND sub_account_id IS NULL").await, 15);
    assert_eq!(of("sub_account_id IS NOT NULL AND status IN ('available', 'assigned')").await, 5);
    assert_eq!(of("status = 'released'").await, 2);
    assert_eq!(of("status = 'gone'").await, 2);
    assert_eq!(of("source = 'imported'").await, 1);
    assert_eq!(of("locked = 1").await, 2);
    assert_eq!(count("SELECT COUNT(*) FROM inventory WHERE state = 'aging' AND last_owner_organization_id IS NOT NULL").await, 2);

    let after = app.state.now().plus_days(-15);
    let mut connection = app.state.db.read().await.expect("a reader");
    assert_eq!(store::accounts::count_cool_offs(&mut connection, after).await.expect("a count"), 2);
    for user in &credentials.users {
        assert!(store::accounts::find_user_by_email(&mut connection, &user.email).await.expect("a look").is_some(), "{}", user.email);
    }
    let (organization,): (String,) =
        sqlx::query_as("SELECT id FROM organizations WHERE name = 'Brightline Voice'").fetch_one(&mut *connection).await.expect("an id");
    let balances = store::ledger::balances(&mut connection, &organization).await.expect("balances");
    assert!((Micros(100_000_000)..Micros(180_000_000)).contains(&balances.available()), "{balances:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_of_the_past_adds_up() {
    let (app, _) = demo_app().await;
    let count = async |sql| app.scalar(sql).await;
    assert!(count("SELECT COUNT(*) FROM transfers WHERE kind = 'rental'").await > 60);
    assert!(count("SELECT COUNT(*) FROM transfers WHERE kind = 'topup'").await > 3);
    let wrong = "SELECT COUNT(*) FROM ledger_accounts AS a WHERE balance_micros <> (CASE WHEN kind IN ('receivable', 'payments') THEN -1 ELSE 1 END) * \
         ((SELECT COALESCE(SUM(amount_micros), 0) FROM transfers WHERE credit_account_id = a.id) \
          - (SELECT COALESCE(SUM(amount_micros), 0) FROM transfers WHERE debit_account_id = a.id))";
    assert_eq!(count(wrong).await, 0);
    // Every number that is paid for is paid until a day that is still to come.
    let (now, overdue) = (
        app.state.now().micros(),
        "SELECT COALESCE(MIN(next_billing_at), 0) FROM owned_numbers WHERE status IN ('available', 'assigned') AND source = 'purchased'",
    );
    assert!(count(overdue).await > now);
    assert_eq!(count("SELECT COUNT(*) FROM set_asides WHERE state = 'pending'").await, 0);
    assert_eq!(count("SELECT COUNT(*) FROM events WHERE at > (SELECT MAX(updated_at) FROM settings)").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_and_keys_are_in_a_file_for_its_owner() {
    let (app, credentials) = demo_app().await;
    let place = app.state.settings.data_dir.join("demo.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&place).expect("the file").permissions().mode() & 0o777, 0o600);
    }
    let text = std::fs::read_to_string(&place).expect("the file");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(json["users"][0]["email"], "mara@brightline.example");
    assert_eq!((&json["users"][6]["platformAdmin"], &json["users"][6]["organization"]), (&true.into(), &serde_json::Value::Null));
    let names: Vec<&str> = credentials.keys.iter().map(|key| key.name.as_str()).collect();
    assert_eq!(names, ["customer", "admin", "other", "sub"]);
    assert_eq!(credentials.keys[0].auth_id, credentials.keys[1].auth_id);
    assert!(credentials.keys[3].auth_id.starts_with("SA_") && credentials.keys[0].auth_id.starts_with("MA_"));
    assert!(
        credentials.keys[1].scopes.contains(&String::from("admin:override"))
            && !credentials.keys[0].scopes.contains(&String::from("admin:override"))
    );

    // The second start finds everything as it is.
    assert_eq!(demo::prepare_sized(&app.state, STOCK).await.expect("a demo"), credentials);

    // R24: without the file nobody knows the passwords, so there are new ones, and the keys are new too.
    std::fs::remove_file(&place).expect("the file goes");
    let renewed = demo::prepare_sized(&app.state, STOCK).await.expect("a demo");
    assert!(place.exists());
    assert!(renewed.users.iter().zip(&credentials.users).all(|(new, old)| new.email == old.email && new.password != old.password));
    let mut connection = app.state.db.read().await.expect("a reader");
    let live = async |connection: &mut sqlx::AnyConnection, token: &str| {
        let hash = hash(token).expect("a key");
        store::keys::find_with_account(connection, &hash, app.state.now()).await.expect("a look").is_some()
    };
    for (new, old) in renewed.keys.iter().zip(&credentials.keys) {
        assert!(live(&mut connection, &new.token).await && !live(&mut connection, &old.token).await, "{}", new.name);
        assert_eq!(new.auth_id, old.auth_id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_first_start_is_told() {
    let app = TestApp::with(Carriers::default(), |settings| settings.demo = true).await;
    app.stock(support::OWN_STOCK, &["+14153569377"]).await;
    let refused = demo::prepare_sized(&app.state, STOCK).await.expect_err("half a demo");
    assert_eq!(refused.refusal().map(|refusal| refusal.code()), Some(Code::Validation));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_in_use_is_copied_whole_and_no_file_is_written_over() {
    let (app, _) = demo_app().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("copy.db");
    app.state.db.backup(&file).await.expect("a copy");
    let url = format!("sqlite://{}", file.display());
    let mut copy = <sqlx::AnyConnection as sqlx::Connection>::connect(&url).await.expect("a database");
    for sql in ["SELECT COUNT(*) FROM inventory", "SELECT COUNT(*) FROM owned_numbers", "SELECT COUNT(*) FROM transfers"] {
        let copied: i64 = sqlx::query_scalar(sql).fetch_one(&mut copy).await.expect("a count");
        assert_eq!((copied, copied > 0), (app.scalar(sql).await, true), "{sql}");
    }
    assert!(app.state.db.backup(&file).await.is_err(), "the file is there already");
}
