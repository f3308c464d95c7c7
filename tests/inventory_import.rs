//! A CSV file into the stock: good rows go in, bad ones are told by line, and nothing that somebody uses is touched (R50).

mod support;

use dialyard::domain::code::Code;
use dialyard::domain::money::Micros;
use dialyard::domain::number::{Features, StockState};
use dialyard::server::services::inventory::{self, ImportReport};
use dialyard::server::services::purchase::{self, Buy};
use dialyard::server::services::{holds, import};
use dialyard::server::store;
use dialyard::server::store::inventory::StockRow;
use support::{START, TestApp};

const HEAD: &str = "e164,provider,number_type,locality,administrative_area,rate_center,features,setup_cost,monthly_cost\n";

async fn load(app: &TestApp, text: &str) -> ImportReport {
    inventory::import(&app.state, text.as_bytes(), |_| ()).await.expect("a report")
}

async fn row(app: &TestApp, e164: &str) -> Option<StockRow> {
    let mut connection = app.state.db.read().await.expect("a reader");
    store::inventory::find(&mut connection, e164).await.expect("a look")
}

fn lines(report: &ImportReport) -> Vec<u64> {
    report.errors.iter().map(|(line, _)| *line).collect()
}

#[tokio::test]
async fn good_rows_go_in_and_bad_ones_are_told_by_line() {
    let app = TestApp::new().await;
    let text = format!(
        "{HEAD}+14153569377,Acme,local,San Francisco,CA,san frncsc,voice|sms|emergency,1.00,1.25\n\
         +14155911,Acme,local,San Francisco,CA,,voice,1,1\n\
         8005552233,Bolt,toll_free,,,,voice,2,2.5\n\
         +14159112233,Acme,local,San Francisco,CA,,voice,1,1\n\
         +14153569377,Bolt,local,Oakland,CA,,voice,9,9\n\
         +14153569378,\"Acme\",local,\"San Francisco, Bay\",California,,,0,0.000001\n\
         +14153569379,Acme,local,San Francisco,CA,,voice,1.2345678,1\n\
         +14153569380,Acme\n"
    );
    let report = load(&app, &text).await;
    assert_eq!((report.inserted, report.updated, report.skipped), (3, 0, 5));
    assert_eq!(lines(&report), [3, 5, 6, 8, 9]);
    assert!(report.errors[2].1.contains("first line counts"), "{:?}", report.errors);
    let flowers = row(&app, "+14153569377").await.expect("in stock");
    assert_eq!(
        (flowers.locality.as_str(), flowers.rate_center.as_str(), flowers.monthly),
        ("San Francisco", "SAN FRNCSC", Micros(1_250_000))
    );
    assert_eq!(flowers.features, Features::VOICE.with(Features::SMS).with(Features::EMERGENCY));
    assert_eq!((flowers.provider.as_str(), row(&app, "+18005552233").await.expect("in stock").provider.as_str()), ("c-1", "c-2"));
    assert_eq!(row(&app, "+14153569378").await.map(|row| (row.administrative_area, row.monthly)), Some((String::from("CA"), Micros(1))));
    assert_eq!(app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'inventory.imported'").await, 1);
}

#[tokio::test]
async fn a_second_file_updates_what_is_free_and_leaves_the_rest() {
    let app = TestApp::new().await;
    let numbers = ["+14153560001", "+14153560002", "+14153560003", "+14153560004", "+14153560005", "+14153560006", "+14153560007"];
    let file = |price: &str, numbers: &[&str]| {
        let line = |e164: &&str| format!("{e164},Acme,local,San Francisco,CA,,voice,1,{price}\n");
        format!("{HEAD}{}", numbers.iter().map(line).collect::<String>())
    };
    assert_eq!(load(&app, &file("1.25", &numbers[..6])).await.inserted, 6);
    let mara = app.organization("Mara", 50).await;
    holds::place(&app.state, &mara, numbers[1]).await.expect("a hold");
    let buy =
        async |e164: &str| purchase::buy(&app.state, &mara, Buy { e164: e164.to_owned(), ..Buy::default() }).await.expect("a purchase");
    buy(numbers[2]).await;
    buy(numbers[3]).await;
    let (organization, until) = (mara.organization_id.clone(), START.plus_days(45));
    let write = app.state.db.write(async move |connection| {
        store::inventory::start_aging(connection, "+14153560004", &organization, None, until, START).await?;
        store::inventory::withdraw(connection, "+14153560005", START).await
    });
    write.await.expect("aging and withdrawn");
    import::import(&app.state, &mara, numbers[6], None).await.expect("brought along");

    let report = load(&app, &file("2.00", &numbers)).await;
    assert_eq!((report.inserted, report.updated, report.skipped), (0, 2, 5));
    assert_eq!(lines(&report), [3, 4, 5, 6, 8]);
    for (reason, word) in report.errors.iter().zip(["in use", "belongs", "rests", "withdrawn", "belongs"]) {
        assert!(reason.1.contains(word), "{reason:?}");
    }
    let monthly = async |e164: &str| row(&app, e164).await.map(|row| row.monthly);
    assert_eq!(monthly(numbers[0]).await, Some(Micros(2_000_000)));
    for untouched in &numbers[1..5] {
        assert_eq!(monthly(untouched).await, Some(Micros(1_250_000)), "{untouched}");
    }
    assert_eq!(row(&app, numbers[4]).await.map(|row| row.state), Some(StockState::Withdrawn { aging_until: None }));
    assert_eq!(row(&app, numbers[6]).await, None, "a number that somebody brought along is not stocked");
}

#[tokio::test]
async fn a_file_of_many_batches_is_read_whole_and_reports_its_progress() {
    let app = TestApp::new().await;
    let body: String = (0..1_203).map(|at| format!("+1415{:07},Acme,local,San Francisco,CA,,voice,1,1\n", 2_220_000 + at)).collect();
    let text = format!("{HEAD}{body}");
    let read = std::cell::RefCell::new(Vec::new());
    let report = inventory::import(&app.state, text.as_bytes(), |bytes| read.borrow_mut().push(bytes)).await.expect("a report");
    assert_eq!((report.inserted, report.skipped), (1_203, 0));
    assert!(read.borrow().is_sorted() && read.borrow().last() == Some(&u64::try_from(text.len()).expect("a length")));
}

#[tokio::test]
async fn what_is_no_such_file_is_refused() {
    let app = TestApp::new().await;
    for text in ["", "number,price\n+14153569377,1\n", "\u{0}\u{1}\u{2}"] {
        let refused = inventory::import(&app.state, text.as_bytes(), |_| ()).await.expect_err("no stock file");
        assert_eq!(refused.refusal().map(|refusal| refusal.code()), Some(Code::Validation), "{text:?}");
    }
    let bytes = [HEAD.as_bytes(), b"+14153569377,Ac\xffme,local,San Francisco,CA,,voice,1,1\n"].concat();
    let report = inventory::import(&app.state, bytes.as_slice(), |_| ()).await.expect("a report");
    assert_eq!((report.inserted, lines(&report)), (0, vec![2]));
}

#[tokio::test]
async fn withdrawing_ends_a_hold_only_when_it_is_asked_to() {
    let app = TestApp::new().await;
    app.stock(support::OWN_STOCK, &["+14153569377"]).await;
    let mara = app.organization("Mara", 50).await;
    let operator = dialyard::domain::audit::Actor::system("test");
    let withdraw =
        async |cancel| inventory::withdraw(&app.state, &operator, dialyard::domain::audit::Channel::Command, "+14153569377", cancel).await;
    holds::place(&app.state, &mara, "+14153569377").await.expect("a hold");
    let refused = withdraw(false).await.expect_err("it is held");
    assert_eq!(refused.refusal().map(|refusal| refusal.code()), Some(Code::NumberUnavailable));
    withdraw(true).await.expect("withdrawn");
    assert!(holds::tray(&app.state, &mara).await.expect("a tray").is_empty());
    assert_eq!(app.scalar("SELECT COUNT(*) FROM notices WHERE kind = 'hold.withdrawn'").await, 1);
    assert_eq!(row(&app, "+14153569377").await.map(|row| row.state), Some(StockState::Withdrawn { aging_until: None }));
    withdraw(true).await.expect("no-op");
    assert_eq!(app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'inventory.withdrawn'").await, 1);
}

/// A file that ends in a fault after so many bytes, as it does for a program that is killed.
struct Cut<'a>(&'a [u8], usize);

impl std::io::Read for Cut<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let part = self.1.min(buffer.len()).min(1_000);
        if part == 0 {
            return Err(std::io::Error::other("cut off"));
        }
        self.1 -= part;
        std::io::Read::read(&mut self.0, &mut buffer[..part])
    }
}

#[tokio::test]
async fn an_import_that_was_cut_off_goes_on_where_it_was() {
    let app = TestApp::new().await;
    let line = |at: usize| match at {
        // A number that stands twice, before and behind the cut, and a line that makes no sense before it.
        4_700 => format!("+1415{:07},Bolt,local,Oakland,CA,,voice,9,9\n", 2_220_010),
        7 => String::from("+14155911,Acme,local,San Francisco,CA,,voice,1,1\n"),
        _ => format!("+1415{:07},Acme,local,San Francisco,CA,,voice,1,1\n", 2_220_000 + at),
    };
    let text = format!("{HEAD}{}", (0..5_000).map(line).collect::<String>());
    let cut = Cut(text.as_bytes(), text.len() * 9 / 10);
    let hash = "the hash of the content";
    inventory::import_again(&app.state, cut, hash, |_| ()).await.expect_err("cut off");
    let written = app.scalar("SELECT COUNT(*) FROM inventory").await;
    let last_change = app.scalar("SELECT n FROM feed_head").await;
    assert!((4_000..4_500).contains(&written), "{written}");
    assert_eq!(app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'inventory.imported'").await, 0);

    let report = inventory::import_again(&app.state, text.as_bytes(), hash, |_| ()).await.expect("a report");
    assert_eq!((report.inserted, report.updated, report.skipped), (4_998, 0, 2), "counted over both runs");
    assert!(report.resumed_after > 4_000);
    assert_eq!(lines(&report), [9, 4_702]);
    assert_eq!(app.scalar("SELECT COUNT(*) FROM inventory").await, 4_998);
    assert_eq!(row(&app, "+14152220010").await.map(|row| row.monthly), Some(Micros(1_000_000)), "the first line counts");
    let mut connection = app.state.db.read().await.expect("a reader");
    let again: (i64,) = sqlx::query_as("SELECT COUNT(*) FROM inventory WHERE changed_seq <= $1")
        .bind(last_change)
        .fetch_one(&mut *connection)
        .await
        .expect("a count");
    drop(connection);
    assert_eq!(again.0, written, "what was written before the cut was not written again");

    // Done with: the same file is an update like any other.
    let report = inventory::import_again(&app.state, text.as_bytes(), hash, |_| ()).await.expect("a report");
    assert_eq!((report.inserted, report.updated, report.skipped, report.resumed_after), (0, 4_998, 2, 0));
}
