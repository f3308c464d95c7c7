//! `/searches`: searches that a person keeps under a name.

use dialyard::domain::account::Role;

use crate::browser::{member, operator};
use crate::support::TestApp;

const FROM: &str = "/searches?new=q%3DCAFE%26at%3Dends%26state%3DCA";
const CAFE: &str = "name=Caf%C3%A9s+of+the+coast&input%5Bq%5D=CAFE&input%5Bat%5D=ends&input%5Bstate%5D=CA&input%5Bcursor%5D=somewhere";

#[tokio::test]
async fn a_search_is_kept_opened_and_forgotten() {
    let app = TestApp::new().await;
    app.stock("pool", &["+14155552233", "+14155550100"]).await;
    let ada = app.organization("Ada Telecom", 0).await;
    let here = member(&app, &ada.organization_id, Role::Viewer).await;
    assert!(here.page("/searches").await.contains("No saved searches yet"));
    let found = here.page("/?q=CAFE&at=ends&state=CA").await;
    assert!(found.contains("/searches?new=q%3DCAFE%26at%3Dends%26state%3DCA"), "the search page leads there");
    let dialog = here.page(FROM).await;
    assert!(dialog.contains("CAFE at the end, California") && dialog.contains("Save the search"), "{dialog}");

    assert_eq!(here.form(FROM, "searches/save", CAFE).await, "/searches");
    let page = here.page("/searches").await;
    assert!(page.contains("Cafés of the coast") && page.contains("CAFE at the end, California"), "{page}");
    assert!(page.contains("href=\"/?q=CAFE&amp;at=ends&amp;state=CA\""), "the link restores the search, from its first page: {page}");
    assert!(page.contains("num-right\">1<"), "one number matches now: {page}");

    // The same search is kept once, under its latest name.
    here.form(FROM, "searches/save", &CAFE.replace("of+the+coast", "in+the+west")).await;
    assert_eq!(app.scalar("SELECT COUNT(*) FROM saved_searches").await, 1);
    assert_eq!(app.text("SELECT name FROM saved_searches").await, "Cafés in the west");

    let id = app.text("SELECT id FROM saved_searches").await;
    let somebody = member(&app, &ada.organization_id, Role::Owner).await;
    assert!(!somebody.page("/searches").await.contains("Cafés"), "a colleague's are not shown");
    somebody.refused("/searches", "searches/delete", &format!("id={id}")).await;
    assert_eq!(app.scalar("SELECT COUNT(*) FROM saved_searches").await, 1, "and not theirs to delete");
    here.form("/searches", "searches/delete", &format!("id={id}")).await;
    assert!(here.page("/searches").await.contains("No saved searches yet"));
}

#[tokio::test]
async fn senseless_searches_and_too_many_are_refused() {
    let app = TestApp::new().await;
    let operator = operator(&app).await;
    let page = operator.refused(FROM, "searches/save", "name=+&input%5Bq%5D=CAFE").await;
    assert!(page.contains("Write a name of 1 to"), "{page}");
    operator.refused(FROM, "searches/save", "name=n&input%5Barea%5D=91").await;
    operator.refused(FROM, "searches/save", "name=n&input%5Bsort%5D=sideways").await;
    for index in 0..50 {
        operator.form(FROM, "searches/save", &format!("name=n{index}&input%5Bq%5D={index}")).await;
    }
    let page = operator.refused(FROM, "searches/save", "name=n&input%5Bq%5D=50").await;
    assert!(page.contains("You keep 50 searches"), "{page}");
    operator.form(FROM, "searches/save", "name=renamed&input%5Bq%5D=49").await;
    assert_eq!(app.scalar("SELECT COUNT(*) FROM saved_searches WHERE name = 'renamed'").await, 1);
}
