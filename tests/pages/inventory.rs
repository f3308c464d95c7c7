//! `/admin/inventory`: looking through the stock, taking numbers out and back, and a file from its check to its import.

use std::time::Duration;

use dialyard::domain::account::Role;
use dialyard::server::services::holds;

use crate::browser::{Person, member, operator};
use crate::support::{OWN_STOCK, TestApp};

const HELD: &str = "+14155550123";
const FREE: &str = "+14155550124";
const HEADER: &str = "e164,provider,number_type,locality,administrative_area,rate_center,features,setup_cost,monthly_cost";

/// Sends a file of stock; answers where that leads.
async fn send(person: &Person, text: &str) -> String {
    let body = format!(
        "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"may.csv\"\r\ncontent-type: text/csv\r\n\r\n{text}\r\n--edge--\r\n"
    );
    person.send_to("/admin/inventory/file", "/admin/inventory?new=1", "multipart/form-data; boundary=edge", body.into_bytes()).await
}

#[tokio::test]
async fn numbers_go_out_and_come_back() {
    let app = TestApp::new().await;
    app.stock(OWN_STOCK, &[HELD, FREE]).await;
    let ada = app.organization("Ada Telecom", 10).await;
    holds::place(&app.state, &ada, HELD).await.expect("a hold");
    let dana = operator(&app).await;
    let page = dana.page("/admin/inventory").await;
    for text in ["California, 2 numbers", "On hold", "Ada Telecom", "In stock", "Up to 30 days", "San Francisco, CA"] {
        assert!(page.contains(text), "{text} is missing: {page}");
    }
    assert!(dana.page("/admin/inventory?region=CA&area=415").await.contains("Area codes"));
    assert!(dana.page("/admin/inventory?region=NY").await.contains("No number matches"));
    assert!(dana.page("/admin/inventory?area=4").await.contains("role=\"alert\""));

    let from = "/admin/inventory?chip=available&withdraw=%2B14155550123";
    assert!(dana.page(from).await.contains("End the hold of Ada Telecom"));
    dana.refused(from, "admin/withdraw", "e164=%2B14155550123").await;
    assert_eq!(dana.form(from, "admin/withdraw", "e164=%2B14155550123&cancel_holds=1").await, "/admin/inventory?chip=available");
    assert_eq!(app.scalar("SELECT COUNT(*) FROM notices WHERE kind = 'hold.withdrawn'").await, 1, "its holder is told");
    dana.form("/admin/inventory", "admin/withdraw", "e164=%2B14155550124").await;
    let out = dana.page("/admin/inventory?chip=withdrawn").await;
    assert_eq!(out.matches("aria-label=\"Put back").count(), 2, "{out}");

    dana.form("/admin/inventory?chip=withdrawn", "admin/restock", "e164=%2B14155550124").await;
    assert_eq!(app.scalar("SELECT COUNT(*) FROM inventory WHERE state = 'available'").await, 1);
    assert_eq!(app.text("SELECT actor_kind FROM audit WHERE action = 'inventory.restocked'").await, "platform");
    dana.refused("/admin/inventory", "admin/restock", "e164=%2B14155550124").await;
}

#[tokio::test]
async fn a_file_is_checked_first_and_then_imported() {
    let app = TestApp::new().await;
    app.stock(OWN_STOCK, &[HELD]).await;
    let ada = app.organization("Ada Telecom", 10).await;
    holds::place(&app.state, &ada, HELD).await.expect("a hold");
    let dana = operator(&app).await;
    let good = |number: &str| format!("{number},Acme,local,Reno,NV,RENO,voice|sms,1.00,1.25");
    let file =
        [HEADER.to_owned(), good("+17755550101"), good("+17755550102"), good("+17755550101"), good(HELD), String::from("nonsense,,,,,,,,")];
    let place = send(&dana, &file.join("\n")).await;
    assert!(place.starts_with("/admin/inventory?file="), "{place}");
    let checked = dana.page(&place).await;
    for text in ["may.csv", "would be new", "Import 2 numbers", "the first line counts", "in use", "Checked, nothing written"] {
        assert!(checked.contains(text), "{text} is missing: {checked}");
    }
    assert_eq!(app.scalar("SELECT COUNT(*) FROM inventory").await, 1, "a check writes nothing");

    let id = place.rsplit('=').next().unwrap_or_default().to_owned();
    assert_eq!(dana.form(&place, "admin/start-import", &format!("id={id}")).await, format!("http://127.0.0.1:3000{place}"));
    for _ in 0..200 {
        if app.scalar("SELECT COUNT(*) FROM stock_imports WHERE state = 'done'").await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let done = dana.page(&place).await;
    assert!(done.contains("Imported") && !done.contains("would be"), "{done}");
    assert_eq!(app.scalar("SELECT COUNT(*) FROM inventory").await, 3);
    assert_eq!(app.text("SELECT actor_name FROM audit WHERE action = 'inventory.imported'").await, "Dana Okafor");
    dana.refused(&place, "admin/start-import", &format!("id={id}")).await;
    let files = std::fs::read_dir(app.state.settings.data_dir.join("imports")).expect("the folder").count();
    assert_eq!(files, 0, "an imported file is not kept");
}

#[tokio::test]
async fn what_is_no_stock_is_refused_in_words() {
    let app = TestApp::new().await;
    let dana = operator(&app).await;
    for text in ["", "name,price\nx,1"] {
        let place = send(&dana, text).await;
        assert!(place.contains("new=1") && place.contains("__err="), "{text}: {place}");
        let page = dana.page(&place).await;
        assert!(page.contains("stock-file-note") && page.contains("field-error"), "{page}");
    }
    let place = dana.send_to("/admin/inventory/file", "/admin/inventory", "text/plain", b"x".to_vec()).await;
    assert!(place.contains("__err="), "{place}");
    let owner = app.organization("Ada Telecom", 0).await;
    let owner = member(&app, &owner.organization_id, Role::Owner).await;
    assert!(send(&owner, HEADER).await.contains("__err="));
    assert_eq!(app.scalar("SELECT COUNT(*) FROM stock_imports").await, 0);
    assert!(!owner.page("/admin/inventory").await.contains("Import a file"));
}
