//! Every refusal that a browser can be given: produced over HTTP, once as a page's script asks and once as a form without JavaScript
//! does, which then reads it on its page; and every row of the database is what it was before.

#[path = "../support/mod.rs"]
mod support;

mod account;
mod faults;
mod owned;
mod stock;
mod town;

use std::collections::BTreeSet;
use std::time::Duration;

use dialyard::domain::code::Code;
use tokio::time::timeout;
use town::Case;

/// How long one case may take: one that waits for ever is a fault like another.
const PATIENCE: Duration = Duration::from_secs(20);
/// Codes that no page can cause, with who gives them.
const NOT_IN_A_BROWSER: &[(Code, &str)] = &[
    (Code::MissingScope, "REST: sessions have roles, keys have scopes"),
    (Code::RouteInUse, "REST: routes have no page yet"),
    (Code::CallConflict, "REST: calls are reported by switches"),
    (Code::RequestInProgress, "REST: an Idempotency-Key without an order; the pages' keys always come with one"),
    (Code::AnswerLost, "REST: the same"),
    (Code::MalformedJson, "REST: pages send forms"),
    (Code::BadRequest, "REST: the same"),
    (Code::UnsupportedMediaType, "REST: the same"),
    (Code::MethodNotAllowed, "REST: pages know the method of what they call"),
    (Code::WrongKeyKind, "REST: about keys"),
    (Code::AccountDisabled, "REST: the same"),
    (Code::PayloadTooLarge, "before any page: tests/door.rs"),
    (Code::UnknownHost, "before any page: tests/door.rs"),
];

/// All cases of a file are looked at, so that one fault does not hide another.
async fn all_of(cases: &[Case]) {
    let mut faults = Vec::new();
    for case in cases {
        faults.extend(timeout(PATIENCE, case.faults()).await.unwrap_or_else(|_| vec![format!("{}: no answer", case.what)]));
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stock_holds_and_purchases() {
    all_of(stock::CASES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn owned_numbers() {
    all_of(owned::CASES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_money_and_places() {
    all_of(account::CASES).await;
}

#[test]
fn every_code_has_its_case_or_cannot_be_caused_here() {
    let made = stock::CASES.iter().chain(owned::CASES).chain(account::CASES).map(|case| case.code);
    let made: BTreeSet<Code> = made.chain(faults::CODES).collect();
    let elsewhere: BTreeSet<Code> = NOT_IN_A_BROWSER.iter().map(|(code, _)| *code).collect();
    assert!(made.is_disjoint(&elsewhere), "{:?}", made.intersection(&elsewhere));
    let known: BTreeSet<Code> = made.union(&elsewhere).copied().collect();
    let missing: Vec<&Code> = Code::ALL.iter().filter(|code| !known.contains(code)).collect();
    assert!(missing.is_empty(), "no test causes {missing:?}");
}
