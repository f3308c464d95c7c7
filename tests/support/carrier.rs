//! A carrier that does what a test tells it to, and remembers what it sold in a file, as a real one outlives our process.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Mutex;

use dialyard::server::carriers::{Carrier, Known};
use dialyard::server::error::CarrierError;
use futures::FutureExt;
use futures::future::BoxFuture;

/// What the carrier does with the next order. When the script has ended it sells.
#[derive(Debug, Clone)]
pub enum Act {
    /// Sells and says so.
    Sell,
    /// Sells, but the answer gets lost.
    SellSilently,
    /// Does nothing, and the answer gets lost.
    LoseOrder,
    /// Refuses.
    Refuse,
    /// Cannot be reached.
    Unreachable,
    /// No longer has the number.
    Gone,
}

/// A carrier under the row id it is given.
#[derive(Debug)]
pub struct ScriptedCarrier {
    id: String,
    sold: PathBuf,
    script: Mutex<Vec<Act>>,
}

impl ScriptedCarrier {
    /// A carrier whose sales are kept in `sold`.
    pub fn new(id: &str, sold: PathBuf, script: Vec<Act>) -> Self {
        Self { id: id.to_owned(), sold, script: Mutex::new(script.into_iter().rev().collect()) }
    }

    /// References that were sold, in order.
    pub fn sales(&self) -> Vec<String> {
        fs::read_to_string(&self.sold).unwrap_or_default().lines().map(str::to_owned).collect()
    }

    fn sell(&self, reference: &str) {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(&self.sold).expect("the carrier's file");
        writeln!(file, "{reference}").expect("the carrier's file takes a line");
    }
}

impl Carrier for ScriptedCarrier {
    fn id(&self) -> &str {
        &self.id
    }

    fn order<'a>(&'a self, reference: &'a str, _e164: &'a str) -> BoxFuture<'a, Result<Known, CarrierError>> {
        async move {
            let act = self.script.lock().expect("the script").pop().unwrap_or(Act::Sell);
            match act {
                Act::Sell => {
                    self.sell(reference);
                    Ok(Known::Confirmed)
                }
                Act::SellSilently => {
                    self.sell(reference);
                    Err(CarrierError::Unknown(String::from("connection lost")))
                }
                Act::LoseOrder => Err(CarrierError::Unknown(String::from("connection lost"))),
                Act::Refuse => Err(CarrierError::Rejected(String::from("not today"))),
                Act::Unreachable => Err(CarrierError::Transient(String::from("no route"))),
                Act::Gone => Err(CarrierError::Gone),
            }
        }
        .boxed()
    }

    fn look_up<'a>(&'a self, reference: &'a str) -> BoxFuture<'a, Result<Known, CarrierError>> {
        async move { Ok(if self.sales().iter().any(|sold| sold == reference) { Known::Confirmed } else { Known::Denied }) }.boxed()
    }

    fn disconnect<'a>(&'a self, _reference: &'a str, _e164: &'a str) -> BoxFuture<'a, Result<(), CarrierError>> {
        async move { Ok(()) }.boxed()
    }
}
