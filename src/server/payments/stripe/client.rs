//! One request to Stripe: a form over HTTPS with a key of its own, or a question, answered by JSON. A connection a request; nothing is tried twice here.

use std::time::Duration;

use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use http::request::Builder;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::server::payments::PaymentFault;
use crate::server::tls;

/// Until the answer is there. Stripe asks for patience: a card's bank may take its time.
const TOTAL: Duration = Duration::from_secs(30);
/// Bytes of an answer at the most.
const MAX_ANSWER: usize = 256 * 1_024;
/// The version of the API that these requests are written for.
const VERSION: &str = "2024-06-20";
/// Who we say we are.
const AGENT: &str = concat!("Dialyard/", env!("CARGO_PKG_VERSION"));

/// What speaks to Stripe. The key is kept in the header that it is sent in, marked so that it is not printed.
#[derive(Debug)]
pub struct Client {
    api: Url,
    authorization: Option<HeaderValue>,
}

/// Stripe's error document.
#[derive(Deserialize)]
struct Failure {
    error: Fault,
}

#[derive(Deserialize)]
struct Fault {
    r#type: String,
    code: Option<String>,
}

impl Client {
    /// A client with a secret key.
    pub fn new(api: Url, secret_key: &str) -> Self {
        let authorization = HeaderValue::from_str(&format!("Bearer {secret_key}")).ok().map(|mut value| {
            value.set_sensitive(true);
            value
        });
        Self { api, authorization }
    }

    /// Posts a form under an idempotency key and reads the object that is answered.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        idempotency_key: &str,
        fields: &[(&'static str, String)],
    ) -> Result<T, PaymentFault> {
        let form = Serializer::new(String::new()).extend_pairs(fields.iter().map(|(name, value)| (*name, value.as_str()))).finish();
        let request = self
            .request(Request::post(path))
            .map(|request| request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").header("Idempotency-Key", idempotency_key));
        self.answered(request, form).await
    }

    /// Reads the object at a path.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, PaymentFault> {
        self.answered(self.request(Request::get(path)), String::new()).await
    }

    async fn answered<T: DeserializeOwned>(&self, request: Option<Builder>, form: String) -> Result<T, PaymentFault> {
        let request = request.and_then(|request| request.body(Full::new(Bytes::from(form))).ok());
        let request = request.ok_or_else(|| refused("the configuration cannot be sent"))?;
        let (status, body) = timeout(TOTAL, self.send(request)).await.map_err(|_| unreachable("it took too long"))??;
        match status {
            200..=299 => serde_json::from_slice(&body).map_err(|_| unreachable("its answer cannot be read")),
            // Too many requests, a key that is still in use, or trouble at Stripe: the same request may be sent again.
            409 | 429 | 500.. => Err(unreachable(&format!("it answered {status}"))),
            _ => {
                // The message may quote what was sent; type and code are enough, and hold nothing of anybody's.
                let said = serde_json::from_slice::<Failure>(&body).map_or_else(
                    |_| String::new(),
                    |failure| format!(" {} {}", failure.error.r#type, failure.error.code.unwrap_or_default()),
                );
                Err(refused(&format!("{status}{said}")))
            }
        }
    }

    /// What every request says.
    fn request(&self, request: Builder) -> Option<Builder> {
        let host = self.api.host_str()?;
        let host = self.api.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let request = request
            .header(HOST, HeaderValue::from_str(&host).ok()?)
            .header(AUTHORIZATION, self.authorization.clone()?)
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, AGENT)
            .header("Stripe-Version", VERSION);
        Some(request)
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<(u16, Bytes), PaymentFault> {
        let host = self.api.host_str().unwrap_or_default();
        let port = self.api.port_or_known_default().unwrap_or(443);
        let stream = TcpStream::connect((host, port)).await.map_err(|error| unreachable(&error.to_string()))?;
        if self.api.scheme() != "https" {
            return speak(stream, request).await;
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|_| refused("its address is no name"))?;
        let connector = tls::CONNECTOR.as_ref().ok_or_else(|| unreachable("this machine has no certificate authorities"))?;
        let stream = connector.connect(name, stream).await.map_err(|error| unreachable(&error.to_string()))?;
        speak(stream, request).await
    }
}

fn unreachable(why: &str) -> PaymentFault {
    PaymentFault::Unreachable(why.to_owned())
}

fn refused(why: &str) -> PaymentFault {
    PaymentFault::Refused(why.to_owned())
}

async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<(u16, Bytes), PaymentFault> {
    let (mut sender, connection) =
        http1::Builder::new().handshake(TokioIo::new(stream)).await.map_err(|error| unreachable(&error.to_string()))?;
    let answered = async move {
        let answer = sender.send_request(request).await.map_err(|error| unreachable(&error.to_string()))?;
        let status = answer.status().as_u16();
        let body = Limited::new(answer.into_body(), MAX_ANSWER).collect().await.map_err(|error| unreachable(&error.to_string()))?;
        Ok((status, body.to_bytes()))
    };
    tokio::pin!(answered);
    tokio::select! {
        biased;
        answer = &mut answered => answer,
        // The connection ends when the answer is over, or breaks; what was answered by then is ready.
        _ = connection => answered.await,
    }
}
