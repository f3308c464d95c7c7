//! What is no rule's word but goes wrong around it: a busy writer, a fault of ours in the middle of a change, and somebody who was
//! quicker. These need their own arrangement.

use dialyard::domain::account::Role;
use dialyard::domain::code::Code;
use dialyard::rpc::error::AppError;
use dialyard::server::services::members;
use futures::future::join;
use tokio::sync::oneshot;

use super::support::OWN_STOCK;
use super::support::owned::Column;
use super::town::{Asked, Town};

/// The codes that this file's tests cause.
pub const CODES: [Code; 3] = [Code::Busy, Code::Internal, Code::Conflict];

#[tokio::test]
async fn a_writer_that_is_not_reached_in_time_is_busy() {
    let town = Town::new().await;
    town.yard.app.stock(OWN_STOCK, &["+14155550801"]).await;
    let before = town.rows(&[]).await;
    let (begun, has_begun) = oneshot::channel();
    let begun = std::sync::Mutex::new(Some(begun));
    let (go_on, may_go_on) = oneshot::channel::<()>();
    let may_go_on = std::sync::Mutex::new(Some(may_go_on));
    let db = town.yard.app.state.db.clone();
    // Somebody's write takes as long as it takes, and a press on Hold waits behind it.
    let slow = tokio::spawn(async move {
        db.write(async move |_| {
            let (begun, wait) = (begun.lock().expect("a lock").take(), may_go_on.lock().expect("a lock").take());
            if let (Some(begun), Some(wait)) = (begun, wait) {
                let _ = begun.send(());
                let _ = wait.await;
            }
            Ok::<_, dialyard::server::error::Error>(())
        })
        .await
    });
    has_begun.await.expect("the slow write has the writer");
    let asked = Asked::write(&town, "holds/create", String::from("e164=%2B14155550801"), "/");
    let release = async {
        // Longer than a write waits for its turn.
        tokio::time::sleep(std::time::Duration::from_millis(5_200)).await;
        go_on.send(()).expect("the slow write still waits");
    };
    let ((status, error), ()) = join(town.refusal(&asked, "busy"), release).await;
    assert_eq!((error.code(), status.as_u16()), (Code::Busy, 503));
    slow.await.expect("a task").expect("written");
    assert_eq!(town.rows(&[]).await, before, "what was put off was not done later");
}

#[tokio::test]
async fn a_fault_in_the_middle_of_a_change_undoes_all_of_it() {
    let town = Town::new().await;
    let number = town.yard.number(Column::P0).await;
    // The number is written before its event is: taking the events away breaks the change half-way.
    town.sql("ALTER TABLE events RENAME TO events_elsewhere").await;
    let before = town.rows(&[]).await;
    let form = format!("id={}&sub_account_id={}", number.id, town.yard.harbor);
    let asked = Asked::write(&town, "numbers/hand-over", form, format!("/numbers/{}", number.e164));
    let (status, error) = town.refusal(&asked, "internal").await;
    assert_eq!((error.code(), status.as_u16()), (Code::Internal, 500));
    assert!(matches!(&error, AppError::Internal { incident_id } if incident_id.len() > 8), "{error:?}");
    assert_eq!(town.rows(&[]).await, before);
}

#[tokio::test]
async fn of_two_invitations_used_at_once_by_somebody_new_one_wins() {
    let town = Town::new().await;
    let (neighbour, _) = town.neighbour(0).await;
    let mut forms = Vec::new();
    for caller in [&town.yard.owner, &neighbour] {
        let link = members::invite(&town.yard.app.state, caller, "new@example.com", Role::Member).await.expect("a link");
        forms.push(format!("token={}&password=a+long+enough+secret&name=Ada", link.token));
    }
    let asked = forms.iter().map(|form| Asked::write(&town, "accounts/use-link", form.clone(), "/").by(None)).collect::<Vec<_>>();
    let (one, other) = join(town.send(&asked[0], "application/json"), town.send(&asked[1], "application/json")).await;
    let mut statuses = [one.status().as_u16(), other.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let refused = if one.status().is_success() { other } else { one };
    let error: AppError = serde_json::from_str(&super::town::text(refused).await).expect("an error");
    assert_eq!(error.code(), Code::Conflict);
    assert_eq!(town.yard.app.scalar("SELECT COUNT(*) FROM users WHERE email = 'new@example.com'").await, 1);
    assert_eq!(
        town.yard.app.scalar("SELECT COUNT(*) FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.email = 'new@example.com'").await,
        1
    );
    assert_eq!(town.yard.app.scalar("SELECT COUNT(*) FROM one_time_links WHERE used_at IS NOT NULL").await, 1);
}
