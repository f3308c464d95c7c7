//! What the renewals to come leave in the wallet: a sentence, a drawing, and the same as a table. The line is drawn by the server.

use leptos::prelude::*;

use crate::domain::money::Micros;
use crate::rpc::wallet::{ForecastDay, ForecastView};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::when::When;

/// The next 90 days. Nothing but renewals is guessed at.
#[component]
pub(super) fn Forecast(forecast: ForecastView) -> impl IntoView {
    let currency = use_frame().currency();
    let monthly = forecast.monthly.display(&currency);
    let sentence = match forecast.runs_out {
        Some(at) => view! {
            <p class="wallet-short">
                <Icon name="triangle-alert" size=18/>
                <span>"Without a top-up a renewal on "<strong><When moment=at style="day"/></strong>" is not covered."</span>
            </p>
        }
        .into_any(),
        None => view! { <p class="muted">"The wallet covers every renewal of the next two years."</p> }.into_any(),
    };
    let zero = forecast.zero_y.to_string();
    view! {
        <section class="panel wallet-forecast" aria-labelledby="forecast-title">
            <div class="wallet-forecast-head">
                <h2 id="forecast-title">"The next 90 days"</h2>
                <p class="muted num">{format!("{monthly} a month")}</p>
            </div>
            {sentence}
            <svg class="forecast-drawing" viewBox="0 0 720 160" preserveAspectRatio="none" aria-hidden="true">
                <line class="forecast-zero" x1="0" x2="720" y1=zero.clone() y2=zero/>
                <polyline class="forecast-line" points=forecast.points/>
            </svg>
            <p class="forecast-ends muted" aria-hidden="true"><span>"Today"</span><span>{forecast.until.day}</span></p>
            <Days days=forecast.days/>
        </section>
    }
}

#[component]
fn Days(days: Vec<ForecastDay>) -> impl IntoView {
    let currency = use_frame().currency();
    (!days.is_empty()).then(|| {
        let row = move |day: ForecastDay| {
            let class = if day.after < Micros::ZERO { "amount num forecast-missing" } else { "amount num" };
            view! {
                <tr>
                    <td><When moment=day.day style="day"/></td>
                    <td class="amount num">{day.renewals}</td>
                    <td class="amount num">{day.amount.display(&currency)}</td>
                    <td class=class>{day.after.display(&currency)}</td>
                </tr>
            }
        };
        view! {
            <details class="forecast-days">
                <summary>"Day by day"</summary>
                <div class="table-wrap">
                    <table class="table">
                        <caption class="sr-only">"Days with renewals, and what can be spent after each"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Day"</th>
                                <th scope="col" class="amount">"Renewals"</th>
                                <th scope="col" class="amount">"Cost"</th>
                                <th scope="col" class="amount">"Left"</th>
                            </tr>
                        </thead>
                        <tbody>{days.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </details>
        }
    })
}
