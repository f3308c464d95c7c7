//! One attempt: a connection to an address that was checked, a signed POST, and the status of its answer.
//!
//! A connection an attempt, no redirects, no proxy. The answer's body is read only so far that the receiver can finish writing it.

use std::net::SocketAddr;
use std::time::Duration;

use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderValue, Request};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::{Host, Url};

use super::target::{self, NoAddress, Policy};
use crate::server::tls;

/// Until a connection stands, TLS included.
const CONNECT: Duration = Duration::from_secs(5);
/// Until the attempt is over.
const TOTAL: Duration = Duration::from_secs(10);
/// Bytes of an answer's body that are read.
const MAX_ANSWER: usize = 4_096;
/// Bytes that an answer's head may have; the least that the HTTP library allows.
const MAX_HEAD: usize = 8_192;
/// Who we say we are.
const AGENT: &str = concat!("Dialyard/", env!("CARGO_PKG_VERSION"));

/// A signed message.
#[derive(Debug, Clone)]
pub struct Message {
    pub url: String,
    /// The event's id: the same in each attempt.
    pub id: String,
    pub timestamp_s: i64,
    pub signature: String,
    pub body: String,
}

/// What kept an answer from coming. The names are stored in the delivery log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The address is not one that this installation sends to.
    UrlRefused,
    /// The name leads to an address that is not global unicast.
    AddressRefused,
    /// The name has no address.
    UnknownHost,
    /// Nobody listens there.
    Unreachable,
    /// The certificate does not prove the name, or TLS failed otherwise.
    Tls,
    /// It took longer than 10 seconds, or 5 to connect.
    TimedOut,
    /// What came back is no HTTP.
    Protocol,
    /// The endpoint's secret cannot be read any more; it needs a new one.
    SecretUnreadable,
}

impl Failure {
    /// The name in the delivery log and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UrlRefused => "url_refused",
            Self::AddressRefused => "address_refused",
            Self::UnknownHost => "unknown_host",
            Self::Unreachable => "unreachable",
            Self::Tls => "tls",
            Self::TimedOut => "timed_out",
            Self::Protocol => "protocol",
            Self::SecretUnreadable => "secret_unreadable",
        }
    }
}

/// Sends a message and answers the status that came back.
///
/// # Errors
/// What kept a status from coming.
pub async fn send(message: &Message, policy: Policy) -> Result<u16, Failure> {
    timeout(TOTAL, exchange(message, policy)).await.unwrap_or(Err(Failure::TimedOut))
}

async fn exchange(message: &Message, policy: Policy) -> Result<u16, Failure> {
    let url = target::parse(&message.url, policy).map_err(|_| Failure::UrlRefused)?;
    let addresses = target::resolve(&url, policy).await.map_err(|fault| match fault {
        NoAddress::Unknown => Failure::UnknownHost,
        NoAddress::Refused => Failure::AddressRefused,
    })?;
    let request = request(&url, message).ok_or(Failure::UrlRefused)?;
    if url.scheme() == "https" {
        let stream = timeout(CONNECT, connect_tls(&url, &addresses)).await.unwrap_or(Err(Failure::TimedOut))?;
        speak(stream, request).await
    } else {
        let stream = timeout(CONNECT, connect(&addresses)).await.unwrap_or(Err(Failure::TimedOut))?;
        speak(stream, request).await
    }
}

/// The first of the addresses that takes the connection.
async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, Failure> {
    for address in addresses {
        if let Ok(stream) = TcpStream::connect(address).await {
            return Ok(stream);
        }
    }
    Err(Failure::Unreachable)
}

async fn connect_tls(url: &Url, addresses: &[SocketAddr]) -> Result<impl AsyncRead + AsyncWrite + Unpin + Send + 'static, Failure> {
    let name = match url.host().ok_or(Failure::UrlRefused)? {
        Host::Domain(name) => ServerName::try_from(name.to_owned()).map_err(|_| Failure::UrlRefused)?,
        Host::Ipv4(address) => ServerName::from(std::net::IpAddr::V4(address)),
        Host::Ipv6(address) => ServerName::from(std::net::IpAddr::V6(address)),
    };
    let connector = tls::CONNECTOR.as_ref().ok_or(Failure::Tls)?;
    let stream = connect(addresses).await?;
    connector.connect(name, stream).await.map_err(|_| Failure::Tls)
}

fn request(url: &Url, message: &Message) -> Option<Request<Full<Bytes>>> {
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str()?),
        None => url.host_str()?.to_owned(),
    };
    let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    Request::post(path)
        .header(HOST, HeaderValue::from_str(&host).ok()?)
        .header(CONTENT_TYPE, "application/json")
        .header(USER_AGENT, AGENT)
        .header("webhook-id", &message.id)
        .header("webhook-timestamp", message.timestamp_s)
        .header("webhook-signature", &message.signature)
        .body(Full::new(Bytes::from(message.body.clone())))
        .ok()
}

async fn speak(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, request: Request<Full<Bytes>>) -> Result<u16, Failure> {
    let (mut sender, connection) =
        http1::Builder::new().max_buf_size(MAX_HEAD).handshake(TokioIo::new(stream)).await.map_err(|_| Failure::Protocol)?;
    let answered = async move {
        let mut answer = sender.send_request(request).await.map_err(|_| Failure::Protocol)?;
        let status = answer.status().as_u16();
        let mut read = 0;
        // Whatever happens to the body, the status has come.
        while let Some(Ok(frame)) = answer.body_mut().frame().await {
            read += frame.data_ref().map_or(0, Bytes::len);
            if read >= MAX_ANSWER {
                break;
            }
        }
        Ok(status)
    };
    tokio::pin!(answered);
    tokio::select! {
        biased;
        status = &mut answered => status,
        // The connection ends when the answer is over, or breaks; what was answered by then is ready.
        _ = connection => answered.await,
    }
}
