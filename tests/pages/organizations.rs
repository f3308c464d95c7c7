//! `/admin` and `/admin/organizations`: how the installation stands, and adjusting a wallet with a reason.

use dialyard::domain::account::Role;

use crate::browser::{member, operator};
use crate::support::TestApp;

const REASON: &str = "reason=Outage+on+the+first+of+May";

#[tokio::test]
async fn the_start_page_shows_the_settings() {
    let app = TestApp::new().await;
    app.organization("Ada Telecom", 0).await;
    let dana = operator(&app).await;
    let page = dana.page("/admin").await;
    for text in ["30 minutes", "15 days", "45 days", "24 hours", "7 days", "30 days", "Stuck orders", "USD", "dialyard serve --help"] {
        assert!(page.contains(text), "{text} is missing: {page}");
    }
}

#[tokio::test]
async fn a_wallet_is_adjusted_with_a_reason() {
    let app = TestApp::new().await;
    let ada = app.organization("Ada Telecom", 10).await;
    let id = &ada.organization_id;
    let dana = operator(&app).await;
    let list = dana.page("/admin/organizations").await;
    assert!(list.contains("Ada Telecom") && list.contains("$10.00"), "{list}");
    let one = dana.page(&format!("/admin/organizations?organization={id}")).await;
    assert!(one.contains("owner@ada-telecom.example") && one.contains("Has topped up"), "{one}");

    let from = format!("/admin/organizations?adjust={id}");
    assert!(dana.page(&from).await.contains("$10.00 is available now"));
    let send = async |direction: &str, amount: &str| {
        dana.form(&from, "admin/adjust", &format!("id={id}&direction={direction}&amount={amount}&{REASON}")).await
    };
    assert_eq!(send("credit", "5.50").await, "/admin/organizations");
    assert_eq!(app.wallet(&ada).await.0.0, 15_500_000);
    assert_eq!(send("debit", "0.50").await, "/admin/organizations");
    assert_eq!(app.wallet(&ada).await.0.0, 15_000_000);
    for (direction, amount) in [("debit", "15.01"), ("credit", "0"), ("credit", "-1"), ("credit", "much"), ("sideways", "1")] {
        assert!(send(direction, amount).await.contains("__err="), "{direction} {amount}");
    }
    let short = dana.refused(&from, "admin/adjust", &format!("id={id}&direction=credit&amount=1&reason=because")).await;
    assert!(short.contains("role=\"alert\""));
    assert_eq!(app.wallet(&ada).await.0.0, 15_000_000, "a refusal moves nothing");
    assert_eq!(app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'wallet.adjusted' AND actor_kind = 'platform'").await, 2);
    assert!(dana.page("/admin/organizations?organization=nothing").await.contains("role=\"alert\""));
}

#[tokio::test]
async fn owners_see_neither() {
    let app = TestApp::new().await;
    let ada = app.organization("Ada Telecom", 10).await;
    let owner = member(&app, &ada.organization_id, Role::Owner).await;
    assert!(!owner.page("/admin").await.contains("Stuck orders"));
    let body = format!("id={}&direction=credit&amount=5&{REASON}", ada.organization_id);
    assert!(owner.form("/admin/organizations", "admin/adjust", &body).await.contains("__err="));
    assert_eq!(app.wallet(&ada).await.0.0, 10_000_000);
}
