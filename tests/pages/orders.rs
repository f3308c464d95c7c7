//! `/admin/orders`: what an order went through, and both ways out of a stuck one.

use std::sync::Arc;

use dialyard::domain::account::Role;
use dialyard::domain::order::OrderState;
use dialyard::server::carriers::{Carrier, Carriers};
use dialyard::server::orders::finish;
use dialyard::server::services::caller::Caller;
use dialyard::server::services::purchase::{Buy, buy};

use crate::browser::{member, operator};
use crate::support::carrier::{Act, ScriptedCarrier};
use crate::support::{SCRIPTED, TestApp};

const KEPT: &str = "+14155550123";
const UNDONE: &str = "+14155550124";
const REASON: &str = "reason=The+carrier+said+so+on+the+phone";

/// An installation in which two orders are stuck.
async fn stuck() -> (TestApp, Caller, [String; 2]) {
    let folder = tempfile::tempdir().expect("a folder");
    let carrier = ScriptedCarrier::new(SCRIPTED, folder.path().join("sold"), vec![Act::LoseOrder, Act::LoseOrder]);
    let listed: Arc<dyn Carrier> = Arc::new(carrier);
    let app = TestApp::with(Carriers::new([listed]), |_| ()).await;
    app.stock(SCRIPTED, &[KEPT, UNDONE]).await;
    let ada = app.organization("Ada Telecom", 10).await;
    let mut ids = Vec::new();
    for e164 in [KEPT, UNDONE] {
        let wish = Buy {
            e164: e164.to_owned(),
            hold_id: None,
            max_price: None,
            agent_id: None,
            request_key: None,
            request: None,
            sub_account_id: None,
        };
        let order = buy(&app.state, &ada, wish).await.expect("an order");
        assert_eq!(finish::stick(&app.state, order.clone()).await.expect("stuck").state, OrderState::Stuck);
        ids.push(order.id);
    }
    let [kept, undone] = <[String; 2]>::try_from(ids).expect("two orders");
    (app, ada, [kept, undone])
}

#[tokio::test]
async fn a_stuck_order_shows_its_steps_and_is_completed_or_undone() {
    let (app, ada, [kept, undone]) = stuck().await;
    let dana = operator(&app).await;
    let list = dana.page("/admin/orders?chip=stuck").await;
    assert!(list.contains("(415) 555-0123") || list.contains("0123"), "{list}");
    assert!(list.contains("Ada Telecom") && list.matches("aria-label=\"Repair").count() == 2, "{list}");
    assert!(dana.page("/admin/orders?chip=completed").await.contains("No order matches"));
    assert!(dana.page("/admin/orders?q=ada+tele").await.contains("Ada Telecom"));
    assert!(dana.page("/admin/orders?q=nobody").await.contains("No order matches"));

    let from = format!("/admin/orders?chip=stuck&order={kept}");
    let dialog = dana.page(&from).await;
    for text in
        ["The money was set aside", "The order left for the carrier", "connection lost", "Left to the operator", &kept, "Ada Telecom Owner"]
    {
        assert!(dialog.contains(text), "{text} is missing: {dialog}");
    }
    let short = dana.refused(&from, "admin/repair-order", &format!("id={kept}&outcome=completed&reason=no")).await;
    assert!(short.contains("10 to 500") && short.contains("role=\"alert\""), "{short}");
    let other = dana.refused(&from, "admin/repair-order", &format!("id={kept}&outcome=funded&{REASON}")).await;
    assert!(other.contains("role=\"alert\""));
    assert_eq!(app.scalar("SELECT COUNT(*) FROM orders WHERE state = 'stuck'").await, 2, "a refusal changes nothing");

    assert_eq!(dana.form(&from, "admin/repair-order", &format!("id={kept}&outcome=completed&{REASON}")).await, "/admin/orders?chip=stuck");
    dana.form(&format!("/admin/orders?order={undone}"), "admin/repair-order", &format!("id={undone}&outcome=failed&{REASON}")).await;
    assert_eq!(app.wallet(&ada).await.0.0, 10_000_000 - 2_250_000, "one was paid");
    assert_eq!(app.wallet(&ada).await.1.0, 0, "nothing stays aside");
    assert!(dana.page("/admin/orders?chip=stuck").await.contains("Nothing is stuck"));
    let ended = dana.page(&format!("/admin/orders?order={kept}")).await;
    assert!(ended.contains("Paid, and the number handed to its owner") && !ended.contains("Leave it stuck"), "{ended}");
    assert_eq!(
        app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'order.repaired' AND actor_kind = 'platform' AND channel = 'browser'").await,
        2
    );
    dana.refused(&from, "admin/repair-order", &format!("id={kept}&outcome=failed&{REASON}")).await;
}

#[tokio::test]
async fn only_the_operator_sees_them() {
    let (app, ada, [kept, _]) = stuck().await;
    let owner = member(&app, &ada.organization_id, Role::Owner).await;
    let page = owner.page(&format!("/admin/orders?order={kept}")).await;
    assert!(!page.contains("Ada Telecom Owner") && !page.contains("Recorded steps"), "{page}");
    assert!(owner.form("/admin/orders", "admin/repair-order", &format!("id={kept}&outcome=failed&{REASON}")).await.contains("__err="));
    assert_eq!(app.scalar("SELECT COUNT(*) FROM orders WHERE state = 'stuck'").await, 2);
}

#[tokio::test]
async fn an_empty_list_teaches() {
    let app = TestApp::new().await;
    let dana = operator(&app).await;
    assert!(dana.page("/admin/orders").await.contains("Nobody has bought yet"));
    assert!(dana.page("/admin/orders?order=nothing").await.contains("role=\"alert\""), "an order that is not there is said to be so");
}
