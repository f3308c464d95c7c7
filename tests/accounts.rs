//! Signing up and in, sessions and their ends, one-time links, roles, keys, and what kind of database it is.

mod support;

use std::net::IpAddr;

use dialyard::domain::account::Role;
use dialyard::domain::code::Code;
use dialyard::domain::money::Micros;
use dialyard::domain::refusal::Refusal;
use dialyard::domain::scope::{Scope, Scopes};
use dialyard::domain::time::Timestamp;
use dialyard::server::auth::session::{ABSOLUTE_S, IDLE_S, Session, load};
use dialyard::server::carriers::Carriers;
use dialyard::server::config::SignUp;
use dialyard::server::error::{Error, Result};
use dialyard::server::services::accounts::{self, NewMembership, NewPerson, SignUpForm};
use dialyard::server::services::caller::Caller;
use dialyard::server::services::keys::{self, NewKey};
use dialyard::server::services::links::{self, INVITATION_S, NewLink, RESET_S, UseForm};
use dialyard::server::services::members::{self, OwnSession};
use dialyard::server::services::sub_accounts::{self, SubAccountInput};
use dialyard::server::services::wallet;
use dialyard::server::state::AppState;
use support::TestApp;

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));
const PASSWORD: &str = "correct horse battery";

fn form(email: &str) -> SignUpForm {
    SignUpForm { organization: String::from("Acme"), name: String::from("Ada"), email: email.to_owned(), password: PASSWORD.to_owned() }
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> Code {
    refusal(result).code()
}

fn refusal<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    result.expect_err("refused").refusal().expect("a refusal, not a fault")
}

async fn session(state: &AppState, secret: &str) -> Session {
    load(state, secret).await.expect("reads").expect("is live")
}

async fn is_live(state: &AppState, secret: &str) -> bool {
    load(state, secret).await.expect("reads").is_some()
}

async fn signed_up(app: &TestApp, email: &str) -> (String, Caller) {
    let secret = accounts::sign_up(&app.state, form(email)).await.expect("signs up");
    let caller = session(&app.state, &secret).await.caller().expect("has an organization");
    (secret, caller)
}

async fn joined(app: &TestApp, by: &Caller, email: &str, role: Role) -> (String, Session) {
    let link = members::invite(&app.state, by, email, role).await.expect("invites");
    let secret = links::use_link(&app.state, using(&link), HERE).await.expect("joins");
    let session = session(&app.state, &secret).await;
    (secret, session)
}

fn using(link: &NewLink) -> UseForm {
    UseForm { token: link.token.clone(), password: PASSWORD.to_owned(), name: String::from("Grace") }
}

#[tokio::test]
async fn signing_up_makes_an_organization_with_its_owner() {
    let app = TestApp::new().await;
    let (_, caller) = signed_up(&app, " Ada@Example.com ").await;
    assert_eq!((caller.role, caller.may_force, caller.sub_account_id.as_deref()), (Role::Owner, false, None));
    assert_eq!(app.text("SELECT email FROM users").await, "ada@example.com");
    assert!(app.text("SELECT auth_id FROM organizations").await.starts_with("MA_"));
    assert_eq!(app.scalar("SELECT COUNT(*) FROM ledger_accounts WHERE organization_id IS NOT NULL").await, 3);
    assert_eq!(app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'organization.created'").await, 1);
    assert!(app.text("SELECT password_hash FROM users").await.starts_with("$argon2id$"));

    let again = refusal(accounts::sign_up(&app.state, form("ada@example.com")).await);
    assert!(matches!(again, Refusal::Validation { ref errors } if errors[0].field == "email"), "{again:?}");
    let nothing = SignUpForm { organization: String::new(), name: String::new(), email: String::new(), password: String::new() };
    let Refusal::Validation { errors } = refusal(accounts::sign_up(&app.state, nothing).await) else { panic!("not a validation") };
    assert_eq!(errors.len(), 4);
}

#[tokio::test]
async fn a_closed_door_takes_no_new_organizations() {
    for closed in [SignUp::Invite, SignUp::Off] {
        let app = TestApp::with(Carriers::default(), |settings| settings.sign_up = closed).await;
        assert_eq!(code(accounts::sign_up(&app.state, form("ada@example.com")).await), Code::SignUpClosed);
        assert!(!accounts::sign_in_page(&app.state).await.expect("answers").sign_up_open);
    }
}

#[tokio::test]
async fn signing_in_takes_the_right_password_and_gives_a_new_id() {
    let app = TestApp::new().await;
    let (first, _) = signed_up(&app, "ada@example.com").await;
    let before = session(&app.state, &first).await;
    let second = accounts::sign_in(&app.state, "ADA@example.com", PASSWORD, HERE, Some(&before)).await.expect("signs in");
    assert_ne!(first, second);
    assert!(!is_live(&app.state, &first).await, "the session before ends");
    assert!(session(&app.state, &second).await.organization.is_some());
    assert_eq!(app.scalar("SELECT COUNT(*) FROM sign_in_attempts").await, 0, "right tries are forgotten");

    for (email, password) in [("ada@example.com", "wrong horse battery"), ("nobody@example.com", PASSWORD), ("no email", PASSWORD)] {
        assert_eq!(code(accounts::sign_in(&app.state, email, password, HERE, None).await), Code::WrongCredentials, "{email}");
    }
    accounts::sign_out(&app.state, &session(&app.state, &second).await).await.expect("signs out");
    assert!(!is_live(&app.state, &second).await);
}

#[tokio::test]
async fn guessing_is_limited_by_email_and_by_address() {
    let app = TestApp::new().await;
    signed_up(&app, "ada@example.com").await;
    for _ in 0..5 {
        assert_eq!(code(accounts::sign_in(&app.state, "ada@example.com", "wrong", HERE, None).await), Code::WrongCredentials);
    }
    app.clock.advance_s(60);
    let limited = refusal(accounts::sign_in(&app.state, "ada@example.com", PASSWORD, HERE, None).await);
    assert_eq!(limited, Refusal::RateLimited { retry_after_s: 840 });
    app.clock.advance_s(840);
    accounts::sign_in(&app.state, "ada@example.com", PASSWORD, HERE, None).await.expect("signs in after the window");

    for number in 0..30 {
        let email = format!("guess{number}@example.com");
        assert_eq!(code(accounts::sign_in(&app.state, &email, "wrong", HERE, None).await), Code::WrongCredentials);
    }
    assert_eq!(code(accounts::sign_in(&app.state, "ada@example.com", PASSWORD, HERE, None).await), Code::RateLimited);
    let elsewhere = IpAddr::from([192, 0, 2, 8]);
    accounts::sign_in(&app.state, "ada@example.com", PASSWORD, elsewhere, None).await.expect("signs in from elsewhere");
}

#[tokio::test]
async fn many_guesses_at_once_do_not_slip_past_the_count() {
    let app = TestApp::new().await;
    signed_up(&app, "ada@example.com").await;
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let state = app.state.clone();
        tries.spawn(async move { code(accounts::sign_in(&state, "ada@example.com", "wrong", HERE, None).await) });
    }
    let codes = tries.join_all().await;
    assert_eq!(codes.iter().filter(|code| **code == Code::WrongCredentials).count(), 5);
    assert_eq!(codes.iter().filter(|code| **code == Code::RateLimited).count(), 7);
}

#[tokio::test]
async fn a_session_ends_when_idle_and_in_any_case_after_thirty_days() {
    let app = TestApp::new().await;
    let (secret, _) = signed_up(&app, "ada@example.com").await;
    app.clock.advance_s(IDLE_S - 1);
    assert!(is_live(&app.state, &secret).await);
    app.clock.advance_s(IDLE_S);
    assert!(!is_live(&app.state, &secret).await, "twelve hours without a request");

    let secret = accounts::sign_in(&app.state, "ada@example.com", PASSWORD, HERE, None).await.expect("signs in");
    let mut used_s = 0;
    while used_s + IDLE_S / 2 < ABSOLUTE_S {
        app.clock.advance_s(IDLE_S / 2);
        used_s += IDLE_S / 2;
        assert!(is_live(&app.state, &secret).await, "after {used_s} s of use");
    }
    app.clock.advance_s(ABSOLUTE_S - used_s);
    assert!(!is_live(&app.state, &secret).await, "thirty days after the sign-in");
}

#[tokio::test]
async fn use_is_noted_once_a_minute() {
    let app = TestApp::new().await;
    let (secret, _) = signed_up(&app, "ada@example.com").await;
    let seen = async || app.scalar("SELECT last_seen_at FROM sessions").await;
    let start = seen().await;
    app.clock.advance_s(59);
    assert!(is_live(&app.state, &secret).await);
    assert_eq!(seen().await, start);
    app.clock.advance_s(1);
    assert!(is_live(&app.state, &secret).await);
    assert_eq!(seen().await, Timestamp::from_micros(start).plus_seconds(60).micros());
}

#[tokio::test]
async fn choosing_another_organization_renews_the_session() {
    let app = TestApp::new().await;
    let (_, ada) = signed_up(&app, "ada@example.com").await;
    let (grace, _) = signed_up(&app, "grace@example.com").await;
    let link = members::invite(&app.state, &ada, "grace@example.com", Role::Member).await.expect("invites");
    let facts = links::view(&app.state, &link.token).await.expect("is usable");
    assert!(facts.known && facts.organization.as_deref() == Some("Acme") && facts.role == Some(Role::Member));
    let wrong = UseForm { password: String::from("not her password"), ..using(&link) };
    assert_eq!(code(links::use_link(&app.state, wrong, HERE).await), Code::WrongCredentials);
    let joined = links::use_link(&app.state, using(&link), HERE).await.expect("joins with her own password");
    assert_eq!(session(&app.state, &joined).await.caller().map(|caller| caller.role), Some(Role::Member));

    let own = session(&app.state, &grace).await;
    assert_eq!(code(accounts::choose_organization(&app.state, &own, "nowhere").await), Code::NotFound);
    let renewed = accounts::choose_organization(&app.state, &own, &ada.organization_id).await.expect("chooses");
    assert!(!is_live(&app.state, &grace).await);
    let chosen = session(&app.state, &renewed).await;
    assert_eq!((chosen.expires_at, chosen.organization.map(|chosen| chosen.role)), (own.expires_at, Some(Role::Member)));
}

#[tokio::test]
async fn people_of_a_sub_account_are_kept_to_it_and_are_out_with_it() {
    let app = TestApp::new().await;
    let (_, owner) = signed_up(&app, "owner@example.com").await;
    let input = SubAccountInput { name: String::from("Clinic"), ..SubAccountInput::default() };
    let sub_account = sub_accounts::create(&app.state, &owner, &input).await.expect("a sub-account");
    let membership =
        NewMembership { organization_id: owner.organization_id.clone(), role: Role::Member, sub_account_id: Some(sub_account.id.clone()) };
    let person = NewPerson {
        name: String::from("Ilse"),
        email: String::from("ilse@example.com"),
        password: PASSWORD.to_owned(),
        platform_admin: false,
        membership: Some(membership),
    };
    accounts::add_person(&app.state, person).await.expect("a person");
    let secret = accounts::sign_in(&app.state, "ilse@example.com", PASSWORD, HERE, None).await.expect("signs in");
    let caller = session(&app.state, &secret).await.caller().expect("belongs to the sub-account");
    assert_eq!(caller.sub_account_id, Some(sub_account.id.clone()));
    // The wallet is the organization's.
    assert_eq!(code(wallet::overview(&app.state, &caller, None, None, 0).await), Code::RoleTooLow);
    assert_eq!(code(wallet::top_up(&app.state, &caller, Micros(1_000_000), "theirs").await), Code::RoleTooLow);

    sub_accounts::delete(&app.state, &owner, &sub_account.id).await.expect("deletes");

    assert!(session(&app.state, &secret).await.caller().is_none());
}

#[tokio::test]
async fn links_work_once_and_for_their_time() {
    let app = TestApp::new().await;
    let (_, ada) = signed_up(&app, "ada@example.com").await;
    let first = members::invite(&app.state, &ada, "grace@example.com", Role::Viewer).await.expect("invites");
    let second = members::invite(&app.state, &ada, "grace@example.com", Role::Member).await.expect("invites again");
    assert_eq!(code(links::view(&app.state, &first.token).await), Code::LinkInvalid, "the newer one counts");
    assert_eq!(code(links::view(&app.state, "made up").await), Code::LinkInvalid);
    let weak = UseForm { password: String::from("short"), name: String::new(), ..using(&second) };
    assert!(matches!(refusal(links::use_link(&app.state, weak, HERE).await), Refusal::Validation { errors } if errors.len() == 2));
    links::use_link(&app.state, using(&second), HERE).await.expect("joins");
    assert_eq!(code(links::use_link(&app.state, using(&second), HERE).await), Code::LinkInvalid);

    let late = members::invite(&app.state, &ada, "linus@example.com", Role::Viewer).await.expect("invites");
    app.clock.advance_s(INVITATION_S - 1);
    assert!(links::view(&app.state, &late.token).await.is_ok());
    app.clock.advance_s(1);
    assert_eq!(code(links::use_link(&app.state, using(&late), HERE).await), Code::LinkInvalid);
    assert!(late.url.ends_with(&late.token) && late.url.starts_with("http://127.0.0.1:3000/link/"));
}

#[tokio::test]
async fn a_reset_sets_the_password_and_ends_all_sessions() {
    let app = TestApp::new().await;
    let (secret, _) = signed_up(&app, "ada@example.com").await;
    assert_eq!(code(accounts::reset_by_command(&app.state, "nobody@example.com").await), Code::NotFound);
    let late = accounts::reset_by_command(&app.state, "ada@example.com").await.expect("a link");
    app.clock.advance_s(RESET_S);
    assert_eq!(code(links::view(&app.state, &late.token).await), Code::LinkInvalid);
    let link = accounts::reset_by_command(&app.state, "ada@example.com").await.expect("a link");
    let new = UseForm { password: String::from("another long phrase"), ..using(&link) };
    let fresh = links::use_link(&app.state, new, HERE).await.expect("sets the password");
    assert!(!is_live(&app.state, &secret).await && is_live(&app.state, &fresh).await);
    assert_eq!(code(accounts::sign_in(&app.state, "ada@example.com", PASSWORD, HERE, None).await), Code::WrongCredentials);
    accounts::sign_in(&app.state, "ada@example.com", "another long phrase", HERE, None).await.expect("the new one works");
}

#[tokio::test]
async fn nobody_lifts_somebody_above_themselves() {
    let app = TestApp::new().await;
    let (_, owner) = signed_up(&app, "ada@example.com").await;
    let (_, admin) = joined(&app, &owner, "grace@example.com", Role::Admin).await;
    let (_, member) = joined(&app, &owner, "linus@example.com", Role::Member).await;
    let admin_caller = admin.caller().expect("a caller");
    assert_eq!(members::team(&app.state, &admin_caller).await.expect("a team").may_invite, [Role::Viewer, Role::Member, Role::Admin]);
    assert_eq!(code(members::invite(&app.state, &admin_caller, "x@example.com", Role::Owner).await), Code::RoleTooLow);
    let member_caller = member.caller().expect("a caller");
    assert_eq!(code(members::invite(&app.state, &member_caller, "x@example.com", Role::Viewer).await), Code::RoleTooLow);
    for (user_id, to) in [(&owner.actor.id, Some(Role::Member)), (&owner.actor.id, None), (&member.user_id, Some(Role::Owner))] {
        assert_eq!(code(members::set_role(&app.state, &admin_caller, &admin, user_id, to).await), Code::RoleTooLow);
    }
    assert_eq!(code(links::reset_by_admin(&app.state, &admin_caller, &owner.actor.id).await), Code::RoleTooLow);
    links::reset_by_admin(&app.state, &admin_caller, &member.user_id).await.expect("may reset a member");

    let (_, stranger) = signed_up(&app, "eve@example.com").await;
    assert_eq!(code(links::reset_by_admin(&app.state, &stranger, &member.user_id).await), Code::NotFound);
    let link = members::invite(&app.state, &stranger, "linus@example.com", Role::Viewer).await.expect("invites");
    links::use_link(&app.state, using(&link), HERE).await.expect("joins");
    assert_eq!(code(links::reset_by_admin(&app.state, &stranger, &member.user_id).await), Code::RoleTooLow, "he belongs elsewhere too");
}

#[tokio::test]
async fn an_organization_keeps_an_owner_and_roles_renew_sessions() {
    let app = TestApp::new().await;
    let (secret, ada) = signed_up(&app, "ada@example.com").await;
    let own = session(&app.state, &secret).await;
    for to in [Some(Role::Admin), None] {
        let last = refusal(members::set_role(&app.state, &ada, &own, &ada.actor.id, to).await);
        assert!(matches!(last, Refusal::Validation { ref errors } if errors[0].field == "role"), "{last:?}");
    }
    let (grace_secret, grace) = joined(&app, &ada, "grace@example.com", Role::Member).await;
    let stays = members::set_role(&app.state, &ada, &own, &grace.user_id, Some(Role::Owner)).await.expect("lifts her");
    assert_eq!(stays, OwnSession::Stays);
    assert!(!is_live(&app.state, &grace_secret).await, "her session ends with her old role");
    let OwnSession::Renewed(renewed) =
        members::set_role(&app.state, &ada, &own, &ada.actor.id, Some(Role::Admin)).await.expect("steps down")
    else {
        panic!("the session stays")
    };
    assert!(!is_live(&app.state, &secret).await);
    let own = session(&app.state, &renewed).await;
    let ada = own.caller().expect("a caller");
    assert_eq!(ada.role, Role::Admin);
    assert_eq!(members::set_role(&app.state, &ada, &own, &ada.actor.id, Some(Role::Admin)).await.expect("no change"), OwnSession::Stays);
    assert_eq!(members::set_role(&app.state, &ada, &own, &ada.actor.id, None).await.expect("leaves"), OwnSession::Ended);
    assert!(!is_live(&app.state, &renewed).await);
    assert_eq!(app.scalar("SELECT COUNT(*) FROM audit WHERE action IN ('member.role_changed', 'member.removed')").await, 3);
}

#[tokio::test]
async fn an_invitation_is_worth_no_more_than_who_made_it() {
    let app = TestApp::new().await;
    let (secret, ada) = signed_up(&app, "ada@example.com").await;
    let own = session(&app.state, &secret).await;
    let (_, admin) = joined(&app, &ada, "grace@example.com", Role::Admin).await;
    let link = members::invite(&app.state, &admin.caller().expect("a caller"), "eve@example.com", Role::Admin).await.expect("invites");
    members::set_role(&app.state, &ada, &own, &admin.user_id, None).await.expect("takes her out");
    assert_eq!(code(links::use_link(&app.state, using(&link), HERE).await), Code::LinkInvalid);
}

#[tokio::test]
async fn an_operator_is_made_by_command_and_loses_keys_with_the_flag() {
    let app = TestApp::new().await;
    let link = accounts::create_operator(&app.state, "root@example.com").await.expect("a link");
    assert_eq!(code(accounts::sign_in(&app.state, "root@example.com", "", HERE, None).await), Code::Validation);
    let secret = links::use_link(&app.state, using(&link), HERE).await.expect("chooses a password");
    let operator = session(&app.state, &secret).await;
    assert!(operator.platform_admin && operator.caller().is_none());
    let caller = operator.operator().expect("is the operator");

    let (_, owner) = signed_up(&app, "ada@example.com").await;
    let force =
        NewKey { name: String::from("force"), scopes: Scopes::NONE.with(Scope::AdminOverride), sub_account_id: None, expires_at: None };
    assert_eq!(code(keys::mint(&app.state, &owner, force.clone()).await), Code::AdminRequired);
    let minted = keys::mint(&app.state, &caller, force).await.expect("the operator may");
    assert!(minted.secret.starts_with("dy_sk_") && minted.key.organization_id.is_none());
    accounts::remove_operator(&app.state, "root@example.com").await.expect("takes the flag");
    assert_eq!(app.scalar("SELECT COUNT(*) FROM api_keys WHERE revoked_at IS NOT NULL").await, 1);
    assert!(!is_live(&app.state, &secret).await);
}

#[tokio::test]
async fn keys_keep_to_their_scopes_and_their_organization() {
    let app = TestApp::new().await;
    let (_, ada) = signed_up(&app, "ada@example.com").await;
    let (_, eve) = signed_up(&app, "eve@example.com").await;
    let key = |scopes| NewKey { name: String::from("crm"), scopes, sub_account_id: None, expires_at: None };
    assert_eq!(code(keys::mint(&app.state, &ada, key(Scopes::NONE)).await), Code::Validation);
    assert_eq!(code(keys::mint(&app.state, &ada, key(Scopes::NONE.with(Scope::AdminWrite))).await), Code::Validation);
    let sub = NewKey { sub_account_id: Some(String::from("unknown")), ..key(Scopes::NONE.with(Scope::NumbersRead)) };
    assert_eq!(code(keys::mint(&app.state, &ada, sub).await), Code::NotFound);
    let minted = keys::mint(&app.state, &ada, key(Scopes::NONE.with(Scope::NumbersRead))).await.expect("mints");
    assert_ne!(app.text("SELECT secret_hash FROM api_keys").await, minted.secret);
    assert_eq!(code(keys::revoke(&app.state, &eve, &minted.key.id).await), Code::NotFound);
    keys::revoke(&app.state, &ada, &minted.key.id).await.expect("ends it");
    keys::revoke(&app.state, &ada, &minted.key.id).await.expect("ending it again changes nothing");
    assert!(keys::list(&app.state, &ada).await.expect("lists").is_empty());
    assert_eq!(app.scalar("SELECT COUNT(*) FROM audit WHERE action LIKE 'key.%'").await, 2);
}

#[tokio::test]
async fn a_database_stays_what_it_was_begun_as() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = TestApp::at(folder.path().to_owned(), Carriers::default(), 1, |_| ()).await;
    let with = |demo: bool, currency: &str| {
        let settings = dialyard::server::config::Settings { demo, currency: currency.to_owned(), ..Default::default() };
        AppState { settings: std::sync::Arc::new(settings), ..app.state.clone() }
    };
    for (demo, currency) in [(true, "USD"), (false, "EUR")] {
        let refused: std::result::Result<(), Error> = accounts::check_installation(&with(demo, currency)).await;
        assert_eq!(code(refused), Code::Validation, "{demo} {currency}");
    }
    accounts::check_installation(&with(false, "USD")).await.expect("is what it was");
}

#[tokio::test]
async fn the_log_is_read_by_those_whom_it_concerns() {
    use dialyard::server::services::audit::{Wanted, list};
    let app = TestApp::new().await;
    let (secret, ada) = signed_up(&app, "ada@example.com").await;
    let (_, member) = joined(&app, &ada, "grace@example.com", Role::Member).await;
    signed_up(&app, "eve@example.com").await;
    for number in 0..60 {
        app.clock.advance_s(1);
        members::invite(&app.state, &ada, &format!("guest{number}@example.com"), Role::Viewer).await.expect("invites");
    }
    let own = session(&app.state, &secret).await;
    let first = list(&app.state, &own, &Wanted::default()).await.expect("reads");
    assert_eq!((first.total, first.rows.len()), (63, 50), "her founding, two about Grace, sixty guests, and nothing of Eve");
    assert_eq!(first.rows[0].object_label, "guest59@example.com");
    let rest = Wanted { cursor: first.next_cursor.expect("a second page"), ..Wanted::default() };
    let second = list(&app.state, &own, &rest).await.expect("reads on");
    assert_eq!((second.rows.len(), second.next_cursor), (13, None));
    let guest = Wanted { text: String::from("GUEST7@"), action: String::from("member.invited"), ..Wanted::default() };
    assert_eq!(list(&app.state, &own, &guest).await.expect("finds").total, 1);
    assert_eq!(code(list(&app.state, &member, &Wanted::default()).await), Code::RoleTooLow);
    let everybody = Wanted { of_everybody: true, ..Wanted::default() };
    assert_eq!(code(list(&app.state, &own, &everybody).await), Code::AdminRequired);
    let link = accounts::create_operator(&app.state, "root@example.com").await.expect("a link");
    let root = links::use_link(&app.state, using(&link), HERE).await.expect("signs in");
    let all = list(&app.state, &session(&app.state, &root).await, &everybody).await.expect("reads all");
    assert!(all.total > 64 && all.actions.contains(&String::from("organization.created")));
}
