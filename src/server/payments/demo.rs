//! The demo's payment provider: every payment succeeds at once, and no card is charged.

use futures::FutureExt;
use futures::future::{BoxFuture, ready};

use super::{Asked, NoticeFault, PaymentChange, PaymentFault, PaymentNotice, PaymentProvider, SavedMethod, StartedPayment};
use crate::domain::time::Timestamp;

/// Settles through the same notice that a real provider's webhook would bring.
#[derive(Debug, Clone, Copy, Default)]
pub struct DemoPayments;

fn settled(asked: Asked<'_>) -> StartedPayment {
    let reference = format!("demo_{}", asked.payment_id);
    let saved = SavedMethod { customer: format!("demo_{}", asked.organization_id), method: String::from("demo_card") };
    let saved = asked.save_method.then_some(saved);
    let notice = PaymentNotice {
        event_id: format!("event_{}", asked.payment_id),
        reference: reference.clone(),
        payment_id: Some(asked.payment_id.to_owned()),
        change: PaymentChange::Succeeded { received: asked.amount, saved },
    };
    StartedPayment { client_secret: Some(format!("{reference}_secret")), page_url: None, reference, notice: Some(notice) }
}

impl PaymentProvider for DemoPayments {
    fn name(&self) -> &'static str {
        "demo"
    }

    fn start<'a>(&'a self, asked: Asked<'a>) -> BoxFuture<'a, Result<StartedPayment, PaymentFault>> {
        ready(Ok(settled(asked))).boxed()
    }

    fn charge_saved<'a>(&'a self, asked: Asked<'a>, _method: &'a SavedMethod) -> BoxFuture<'a, Result<StartedPayment, PaymentFault>> {
        ready(Ok(settled(asked))).boxed()
    }

    fn look_up<'a>(&'a self, _reference: &'a str) -> BoxFuture<'a, Result<Option<PaymentNotice>, PaymentFault>> {
        // Its payments end where they begin.
        ready(Ok(None)).boxed()
    }

    fn read_notice(&self, _signature: &str, _body: &[u8], _now: Timestamp) -> Result<Option<PaymentNotice>, NoticeFault> {
        Err(NoticeFault::BadSignature)
    }
}
