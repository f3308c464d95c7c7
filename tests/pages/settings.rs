//! `/settings` and `/notices`: the organization's name, the person's password and sessions, and what the organization was told.

use dialyard::domain::account::Role;
use dialyard::server::store;
use dialyard::server::store::notices::NewNotice;

use crate::browser::{member, operator, sign_in_again};
use crate::support::TestApp;

#[tokio::test]
async fn the_organization_is_renamed_by_its_administrators() {
    let app = TestApp::new().await;
    let ada = app.organization("Ada Telecom", 0).await;
    let admin = member(&app, &ada.organization_id, Role::Admin).await;
    let page = admin.page("/settings").await;
    assert!(page.contains("Save the name") && page.contains("30 minutes") && page.contains("This browser"), "{page}");
    admin.form("/settings", "settings/rename", "name=Ada+Voice").await;
    assert_eq!(app.text("SELECT name FROM organizations").await, "Ada Voice");
    assert!(admin.refused("/settings", "settings/rename", "name=+").await.contains("field-error"));
    let viewer = member(&app, &ada.organization_id, Role::Viewer).await;
    let page = viewer.page("/settings").await;
    assert!(page.contains("Ada Voice") && !page.contains("Save the name"), "{page}");
    let page = operator(&app).await.page("/settings").await;
    assert!(page.contains("Change the password") && !page.contains("settings-organization"), "{page}");
}

#[tokio::test]
async fn a_password_is_changed_and_ends_the_other_sessions() {
    let app = TestApp::new().await;
    let ada = app.organization("Ada Telecom", 0).await;
    let here = member(&app, &ada.organization_id, Role::Member).await;
    let there = sign_in_again(&app, &ada.organization_id, Role::Member, "a long enough secret").await.expect("signed in");
    assert!(here.page("/settings").await.contains("Another browser"));
    let wrong = here.refused("/settings", "settings/password", "current=wrong&password=another+good+one").await;
    assert!(wrong.contains("This is not the password that you have now"), "{wrong}");
    assert!(here.refused("/settings", "settings/password", "current=a+long+enough+secret&password=short").await.contains("field-error"));
    let place = here.form("/settings", "settings/password", "current=a+long+enough+secret&password=another+good+one").await;
    assert_eq!(place, "/settings?changed=1");
    assert!(there.get("/settings").await.0.is_redirection(), "signed out there");
    assert!(sign_in_again(&app, &ada.organization_id, Role::Member, "a long enough secret").await.is_none());
    let here = sign_in_again(&app, &ada.organization_id, Role::Member, "another good one").await.expect("signed in");
    assert_eq!(
        app.scalar("SELECT COUNT(*) FROM sessions JOIN memberships ON memberships.user_id = sessions.user_id AND role = 'member'").await,
        2
    );
    here.form("/settings", "settings/end-sessions", "").await;
    assert_eq!(
        app.scalar("SELECT COUNT(*) FROM sessions JOIN memberships ON memberships.user_id = sessions.user_id AND role = 'member'").await,
        1
    );
    assert!(here.page("/settings").await.contains("This browser"));
}

#[tokio::test]
async fn notices_are_read() {
    let app = TestApp::new().await;
    let ada = app.organization("Ada Telecom", 0).await;
    let bob = app.organization("Bob Voice", 0).await;
    let somebody = member(&app, &ada.organization_id, Role::Member).await;
    assert!(somebody.page("/notices").await.contains("Nothing to tell"));
    for (index, organization) in [&ada, &ada, &bob].into_iter().enumerate() {
        let (id, organization_id, now) = (format!("notice-{index}"), organization.organization_id.clone(), app.state.now());
        let told = app.state.db.write(async move |connection| {
            let body = format!("Told {index}.");
            let notice = NewNotice {
                id: &id,
                organization_id: &organization_id,
                sub_account_id: None,
                kind: "hold.withdrawn",
                body: &body,
                at: now,
            };
            store::notices::append(connection, &notice).await
        });
        told.await.expect("told");
    }
    let page = somebody.page("/notices").await;
    assert!(page.contains("2 are new") && page.contains("Told 1.") && !page.contains("Told 2."), "{page}");
    somebody.form("/notices", "notices/read", "id=notice-2").await;
    assert_eq!(
        app.scalar("SELECT COUNT(*) FROM notices WHERE read_at IS NOT NULL").await,
        0,
        "another organization's is not theirs to read"
    );
    somebody.form("/notices", "notices/read", "id=notice-0").await;
    assert!(somebody.page("/notices").await.contains("1 is new"));
    somebody.form("/notices", "notices/read", "").await;
    assert_eq!(app.scalar("SELECT COUNT(*) FROM notices WHERE read_at IS NULL").await, 1);
    let viewer = member(&app, &ada.organization_id, Role::Viewer).await;
    assert!(!viewer.page("/notices").await.contains("Mark all as read"));
}
