//! `/routes`: made, edited, and deleted unless a number uses them.

use dialyard::domain::account::Role;
use dialyard::server::services::routes;

use crate::browser::member;
use crate::support::owned::Yard;

#[tokio::test]
async fn a_route_is_made_edited_and_deleted_by_plain_forms() {
    let yard = Yard::new().await;
    let admin = member(&yard.app, &yard.owner.organization_id, Role::Admin).await;
    assert!(admin.page("/routes").await.contains("No routes yet"));
    assert!(admin.page("/routes?new=1").await.contains("Registered phone"));
    let refused = admin.refused("/routes?new=1", "routes/create", "name=&kind=host&destination=not+a+host").await;
    assert!(refused.matches("field-error").count() >= 2, "both fields are named: {refused}");
    let made = admin.form("/routes?new=1", "routes/create", "name=Office&kind=host&destination=pbx.example.com").await;
    assert_eq!(made, "/routes");
    let id = yard.app.text("SELECT id FROM routes").await;
    assert!(admin.page("/routes").await.contains("pbx.example.com"));
    admin.form(&format!("/routes?edit={id}"), "routes/edit", &format!("id={id}&name=Desk&kind=sip-reg&destination=")).await;
    let page = admin.page(&format!("/routes?edit={id}")).await;
    assert!(page.contains("Edit Desk") && page.contains("Registered phone"), "{page}");

    let number = yard.bought().await;
    routes::set_for_number(&yard.app.state, &yard.owner, &number.id, Some(&id), Some(&id)).await.expect("set");
    let used = admin.page(&format!("/routes?delete={id}")).await;
    assert!(used.contains("1 number uses it.") && !used.contains("Delete the route"), "{used}");
    let refused = admin.refused(&format!("/routes?delete={id}"), "routes/delete", &format!("id={id}")).await;
    assert!(refused.contains("role=\"alert\""), "{refused}");
    routes::set_for_number(&yard.app.state, &yard.owner, &number.id, None, None).await.expect("taken off");
    assert_eq!(admin.form(&format!("/routes?delete={id}"), "routes/delete", &format!("id={id}")).await, "/routes");
    assert!(admin.page("/routes").await.contains("No routes yet"));
}

#[tokio::test]
async fn viewers_look_and_members_do_not_delete() {
    let yard = Yard::new().await;
    let member_of = async |role| member(&yard.app, &yard.owner.organization_id, role).await;
    let (viewer, somebody) = (member_of(Role::Viewer).await, member_of(Role::Member).await);
    somebody.form("/routes?new=1", "routes/create", "name=Office&kind=host&destination=pbx.example.com").await;
    let id = yard.app.text("SELECT id FROM routes").await;
    assert!(somebody.form("/routes", "routes/delete", &format!("id={id}")).await.contains("__err="));
    let page = viewer.page("/routes?new=1").await;
    assert!(page.contains("Office") && !page.contains("Create a route") && !page.contains("id=\"route-name\""), "{page}");
}
