//! A payment on a page of the provider's, open while the URL says `?pay=<id>`: the way there, and what became of it on the way back.

use leptos::prelude::*;

use crate::rpc::wallet::{PaymentView, payment};
use crate::ui::dialog::Dialog;
use crate::ui::form::{LoadRefused, use_parameter};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::message::Note;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;

/// Shows the payment while its parameter is there.
#[component]
pub(super) fn PayDialog() -> impl IntoView {
    let asked = use_parameter("pay");
    let here = use_here();
    let resource = load(
        move || asked.get(),
        |id| async move {
            match id {
                Some(id) => payment(id).await.map(Some),
                None => Ok(None),
            }
        },
    );
    view! {
        <Transition>
            {move || {
                let (close, again) = (with_param(&here.get(), "pay", None), here.get());
                Suspend::new(async move {
                    match resource.await {
                        Ok(None) => ().into_any(),
                        Ok(Some(view)) => view! { <Payment view close again/> },
                        Err(error) => view! { <Dialog title="Payment" close_href=close><LoadRefused error/></Dialog> },
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn Payment(view: PaymentView, close: String, again: String) -> impl IntoView {
    let amount = view.amount.display(&use_frame().currency());
    let body = match (view.status.as_str(), view.page_url) {
        ("succeeded", _) => view! { <Note family="ok" icon="circle-check" title=format!("{amount} is in the wallet.")/> },
        ("pending", Some(page)) => view! { <Pending amount=amount.clone() page again/> },
        ("pending", None) => {
            view! { <Note family="idle" icon="hourglass" title=format!("{amount} is on its way.") text="It is in the wallet as soon as the provider says so."/> }
        }
        _ => view! {
            <Note family="danger" icon="circle-alert" title="This payment did not come about." text="Nothing was charged. Top up again when you like."/>
        },
    };
    view! {
        <Dialog title=format!("Top up {amount}") close_href=close.clone()>
            <div class="stack-4">
                {body}
                <div class="dialog-actions"><a class="btn btn-lg" href=close data-noscroll="">"Back to the wallet"</a></div>
            </div>
        </Dialog>
    }
}

#[component]
fn Pending(amount: String, page: String, again: String) -> impl IntoView {
    view! {
        <p>"The card is asked for on the page of the payment provider, and nowhere here. The wallet moves once the provider says that the money came."</p>
        <p class="row-3">
            <a class="btn btn-primary btn-lg" href=page rel="external"><Icon name="external-link"/>{format!("Pay {amount}")}</a>
            <a class="link" href=again rel="external">"I have paid: look again"</a>
        </p>
    }
}
