//! The header `Idempotency-Key`: where it counts, and the answer of a repeat. What is stored and when is `services::repeats`.

use axum::http::{HeaderMap, HeaderName, Method};

use super::envelope::Rendered;
use super::handler::{Call, Run};
use super::table::Effect;
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::server::error::Result;
use crate::server::ids::secret_hash;
use crate::server::services::caller::Caller;
use crate::server::services::repeats::{self, Answer, InFlight, Known, RequestKey};

/// The header of a request.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The header of an answer that was given before.
pub const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Characters of a key at the most.
pub const LONGEST_KEY: usize = 255;

/// Where the key of a request counts; none when it has none. `path` and `query` are as they were sent.
///
/// # Errors
/// `validation` for a key that is no key.
pub fn request_key(
    headers: &HeaderMap,
    caller: &Caller,
    method: &Method,
    path: &str,
    query: &str,
    body: &[u8],
) -> std::result::Result<Option<RequestKey>, Refusal> {
    let mut sent = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(first) = sent.next() else { return Ok(None) };
    let key = first.to_str().unwrap_or_default().trim();
    let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if sent.next().is_some() || key.is_empty() || key.len() > LONGEST_KEY || !visible {
        return Err(Refusal::field("Idempotency-Key", format!("Send one of 1 to {LONGEST_KEY} visible ASCII characters.")));
    }
    let mut hashed = query.as_bytes().to_vec();
    hashed.push(b'\n');
    hashed.extend_from_slice(body);
    Ok(Some(RequestKey {
        organization_id: caller.organization_id.clone(),
        sub_account_id: caller.sub_account_id.clone().unwrap_or_default(),
        method: method.as_str().to_owned(),
        path: path.to_owned(),
        key: key.to_owned(),
        request_hash: secret_hash(&hex::encode(hashed)),
    }))
}

/// Runs a write once: the first request does it, every other one is given the same answer. The flag says that it was given before.
///
/// # Errors
/// What the handler answers; `request_in_progress`, `idempotency_key_reused`, `answer_lost`.
pub async fn once(run: &Run, effect: Effect, in_flight: &InFlight, call: Call) -> Result<(Rendered, bool)> {
    let Some(key) = call.repeat.clone() else { return Ok((run(call).await?, false)) };
    let Some(_mark) = in_flight.mark(&key) else { return Err(Code::RequestInProgress.into()) };
    let (state, dialect) = (call.state.clone(), call.caller.channel.name());
    if let Known::Answered(answer) = repeats::look_up(&state, &key).await? {
        return Ok((replayed(answer), true));
    }
    let now = state.now();
    let rendered = match effect {
        Effect::Order => run(call).await?,
        Effect::Read | Effect::Write => repeats::along(key.clone(), dialect, now, run(call)).await?,
    };
    // What is only accepted has no answer yet: a repeat asks again how it stands.
    if rendered.status.as_u16() == 202 {
        return Ok((rendered, false));
    }
    let answer = Answer {
        status: rendered.status.as_u16(),
        body: rendered.repeat.clone().unwrap_or_else(|| rendered.body.clone()),
        location: rendered.location.clone(),
    };
    // The effect is on disk. An answer that cannot be stored is still the truth for this request.
    if let Err(error) = repeats::settle(&state, &key, answer, dialect).await {
        tracing::error!(%error, "an answer was not stored; its repeats are refused");
    }
    Ok((rendered, false))
}

fn replayed(answer: Answer) -> Rendered {
    Rendered {
        status: axum::http::StatusCode::from_u16(answer.status).unwrap_or_default(),
        body: answer.body,
        repeat: None,
        location: answer.location,
        media_type: None,
    }
}
