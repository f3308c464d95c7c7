//! Who can answer a call: kinds of agents and of routes, and what their destinations may look like. Who answers which number
//! does not live here.

use serde::{Deserialize, Serialize};

use super::e164::E164;

/// What an agent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentKind {
    /// Software that talks.
    AiVoice,
    /// A group of people behind a queue.
    CallCentre,
    /// One person.
    Person,
}

impl AgentKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::AiVoice, Self::CallCentre, Self::Person];

    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AiVoice => "ai_voice",
            Self::CallCentre => "call_centre",
            Self::Person => "person",
        }
    }

    /// The kind with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// For people.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::AiVoice => "AI voice agent",
            Self::CallCentre => "Call centre",
            Self::Person => "Person",
        }
    }
}

/// What an inbound voice route leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RouteKind {
    /// A host that speaks SIP.
    Host,
    /// Another phone number.
    Number,
    /// A SIP address.
    Uri,
    /// The device that has registered; it needs no destination.
    SipReg,
}

impl RouteKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Host, Self::Number, Self::Uri, Self::SipReg];

    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Number => "number",
            Self::Uri => "uri",
            Self::SipReg => "sip-reg",
        }
    }

    /// The kind with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// For people.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Host => "Host",
            Self::Number => "Number",
            Self::Uri => "SIP address",
            Self::SipReg => "Registered device",
        }
    }
}

/// Longest destination that is stored.
const MAX_DESTINATION: usize = 255;

/// Why a destination cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DestinationFault {
    /// An agent's destination is none of the three forms.
    #[error("Write a SIP address (sip:desk@pbx.example.com), a number (+14155550123) or an https address.")]
    Agent,
    /// No host name.
    #[error("Write a host such as pbx.example.com or pbx.example.com:5060.")]
    Host,
    /// No number.
    #[error("Write a number such as +14155550123.")]
    Number,
    /// No SIP address.
    #[error("Write a SIP address such as sip:desk@pbx.example.com.")]
    Uri,
    /// A registered device is found by its registration.
    #[error("A registered device takes no destination; leave it empty.")]
    NotNeeded,
}

/// The destination of an agent as it is stored: a SIP address, an E.164 number or an https webhook (R60).
///
/// # Errors
/// Everything else.
pub fn agent_destination(text: &str) -> Result<String, DestinationFault> {
    let text = text.trim();
    if text.len() > MAX_DESTINATION {
        return Err(DestinationFault::Agent);
    }
    if is_sip(text) || is_https(text) {
        return Ok(text.to_owned());
    }
    number(text).ok_or(DestinationFault::Agent)
}

/// The destination of a route of that kind as it is stored; empty for a registered device.
///
/// # Errors
/// What does not fit the kind.
pub fn route_destination(kind: RouteKind, text: &str) -> Result<String, DestinationFault> {
    let text = text.trim();
    let fits = text.len() <= MAX_DESTINATION;
    match kind {
        RouteKind::Host if fits && is_host(text) => Ok(text.to_ascii_lowercase()),
        RouteKind::Host => Err(DestinationFault::Host),
        RouteKind::Number => number(text).ok_or(DestinationFault::Number),
        RouteKind::Uri if fits && is_sip(text) => Ok(text.to_owned()),
        RouteKind::Uri => Err(DestinationFault::Uri),
        RouteKind::SipReg if text.is_empty() => Ok(String::new()),
        RouteKind::SipReg => Err(DestinationFault::NotNeeded),
    }
}

/// Only what is written in the international form: a bare run of digits could as well be an extension.
fn number(text: &str) -> Option<String> {
    text.starts_with('+').then(|| E164::parse(text).ok()).flatten().map(|number| number.as_str().to_owned())
}

fn is_sip(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("sip:").or_else(|| text.strip_prefix("sips:")) else { return false };
    let (address, parameters) = rest.split_once(';').unwrap_or((rest, ""));
    let printable = parameters.bytes().all(|byte| byte.is_ascii_graphic());
    let user_fits =
        |user: &str| !user.is_empty() && user.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,?/%".contains(&byte));
    let address_fits = match address.split_once('@') {
        Some((user, host)) => user_fits(user) && is_host(host),
        None => is_host(address),
    };
    printable && address_fits
}

/// An https address without a user part: a password in it would end up in logs.
fn is_https(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    is_host(host) && rest.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A host name or IPv4 address, with or without a port.
fn is_host(text: &str) -> bool {
    let (name, port) = match text.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    };
    let port_fits =
        port.is_none_or(|port| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0));
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    port_fits && name.split('.').all(label_fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn agents_take_three_forms() {
        for text in [
            "sip:desk@pbx.example.com",
            "sips:pbx.example.com:5061;transport=tls",
            "https://hooks.example.com/answer?line=1",
            "+14155550123",
        ] {
            assert_eq!(agent_destination(text).as_deref(), Ok(text));
        }
        assert_eq!(agent_destination(" +1 (415) 555-0123 ").as_deref(), Ok("+14155550123"));
        for text in [
            "",
            "4155550123",
            "http://hooks.example.com",
            "https://user:word@example.com/",
            "https://",
            "sip:",
            "sip:a b@c",
            "mailto:a@b.example",
            "https://exa mple.com",
        ] {
            assert_eq!(agent_destination(text), Err(DestinationFault::Agent), "{text}");
        }
    }

    #[test]
    fn routes_fit_their_kind() {
        assert_eq!(route_destination(RouteKind::Host, "PBX.example.com:5060").as_deref(), Ok("pbx.example.com:5060"));
        assert_eq!(route_destination(RouteKind::Host, "10.0.0.1").as_deref(), Ok("10.0.0.1"));
        assert_eq!(route_destination(RouteKind::Host, "-a.example"), Err(DestinationFault::Host));
        assert_eq!(route_destination(RouteKind::Host, "a.example:0"), Err(DestinationFault::Host));
        assert_eq!(route_destination(RouteKind::Number, "0123"), Err(DestinationFault::Number));
        assert_eq!(route_destination(RouteKind::Uri, "pbx.example.com"), Err(DestinationFault::Uri));
        assert_eq!(route_destination(RouteKind::SipReg, "").as_deref(), Ok(""));
        assert_eq!(route_destination(RouteKind::SipReg, "x"), Err(DestinationFault::NotNeeded));
    }

    #[test]
    fn kinds_come_back() {
        for kind in AgentKind::ALL {
            assert_eq!(AgentKind::from_name(kind.name()), Some(kind));
        }
        for kind in RouteKind::ALL {
            assert_eq!(RouteKind::from_name(kind.name()), Some(kind));
        }
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text in "\\PC{0,60}") {
            let _ = agent_destination(&text);
            for kind in RouteKind::ALL {
                let _ = route_destination(kind, &text);
            }
        }
    }
}
