//! The demo's payment provider: every payment succeeds at once, and no card is charged.

use futures::FutureExt;
use futures::future::{BoxFuture, ready};

use super::{PaymentFault, PaymentNotice, PaymentOutcome, PaymentProvider, StartedPayment};
use crate::domain::money::Micros;

/// Settles through the same notice that a real provider's webhook would bring.
#[derive(Debug, Clone, Copy, Default)]
pub struct DemoPayments;

impl PaymentProvider for DemoPayments {
    fn name(&self) -> &'static str {
        "demo"
    }

    fn start<'a>(&'a self, request_id: &'a str, _amount: Micros) -> BoxFuture<'a, Result<StartedPayment, PaymentFault>> {
        let reference = format!("demo_{request_id}");
        let notice =
            PaymentNotice { event_id: format!("event_{request_id}"), reference: reference.clone(), outcome: PaymentOutcome::Succeeded };
        ready(Ok(StartedPayment { client_secret: Some(format!("{reference}_secret")), reference, notice: Some(notice) })).boxed()
    }
}
