//! What a request asks: for which account, and with which parameters and members. Read as Vobiz's clients send them: unknown names are
//! ignored, flags may be written `True`, and a body is JSON whatever its media type says.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::code::Code;
use crate::domain::refusal::{FieldError, Refusal};
use crate::server::error::Result;
use crate::server::rest::handler::{Call, Unread};
use crate::server::rest::query;
use crate::server::services::caller::Caller;
use crate::server::services::sub_accounts;

/// Rows of a page when nobody asks for another number.
const PER_PAGE: usize = 25;
/// The last page, and the last row, that can be asked for.
pub const LAST: usize = 1_000_000;

/// A request that was read.
pub struct Asked {
    pub call: Call,
    /// Who acts, narrowed to the account that the path names.
    pub caller: Caller,
    /// The id of that account.
    pub auth_id: String,
    parameters: Vec<(String, String)>,
    members: BTreeMap<String, Value>,
    faults: Vec<FieldError>,
}

/// A page by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    pub page: usize,
    pub per_page: usize,
}

impl Paging {
    /// Rows before the page.
    #[must_use]
    pub const fn offset(self) -> usize {
        self.page.saturating_sub(1).saturating_mul(self.per_page)
    }
}

impl Asked {
    /// Reads a request. The account in its path is the key's own, or a sub-account of it.
    ///
    /// # Errors
    /// `wrong_key_kind` for any other account, `malformed_json`.
    pub async fn read(call: Call, unread: Unread) -> Result<Self> {
        let own = call.auth_id.clone().unwrap_or_default();
        let named = Some(call.path("auth_id")).filter(|named| !named.is_empty()).unwrap_or(&own).to_owned();
        let mut caller = call.caller.clone();
        if named != own {
            caller.sub_account_id = Some(sub_account_of(&call, &named).await?);
        }
        let parameters = query::pairs(&unread.query).filter_map(|(name, text)| name.zip(text)).collect();
        Ok(Self { caller, auth_id: named, parameters, members: members(&unread.body)?, faults: Vec::new(), call })
    }

    /// Whether the path names the organization itself.
    #[must_use]
    pub const fn is_parent(&self) -> bool {
        self.caller.sub_account_id.is_none()
    }

    /// A parameter; the first where it was sent several times.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, text)| text.trim()).filter(|text| !text.is_empty())
    }

    /// A parameter that may be sent several times, and with commas.
    #[must_use]
    pub fn parameters(&self, name: &str) -> Vec<String> {
        let sent = self.parameters.iter().filter(|(known, _)| known == name);
        sent.flat_map(|(_, text)| text.split(',')).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
    }

    /// A parameter that is `true` or `false`, in any case.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        let read = match self.parameter(name)? {
            text if text.eq_ignore_ascii_case("true") || text == "1" => Some(true),
            text if text.eq_ignore_ascii_case("false") || text == "0" => Some(false),
            _ => None,
        };
        if read.is_none() {
            self.fault(name, "Send true or false.");
        }
        read
    }

    /// A parameter that is a whole number within bounds.
    pub fn number(&mut self, name: &str, least: usize, most: usize) -> Option<usize> {
        let read = self.parameter(name)?.parse().ok().filter(|number| (least..=most).contains(number));
        if read.is_none() {
            self.fault(name, format!("Send a whole number from {least} to {most}."));
        }
        read
    }

    /// Which page is asked for, of at most `most` rows.
    pub fn paging(&mut self, per_page: &str, most: usize) -> Paging {
        let page = self.number("page", 1, LAST).unwrap_or(1);
        Paging { page, per_page: self.number(per_page, 1, most).unwrap_or(PER_PAGE) }
    }

    /// Whether a member was sent.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// A member that is a text. The outer none is for one that was not sent, the inner one for `null` and an empty text.
    pub fn change(&mut self, name: &str) -> Option<Option<String>> {
        match self.members.get(name)? {
            Value::Null => Some(None),
            Value::String(text) => Some(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
            _ => {
                self.fault(name, "Send a text.");
                None
            }
        }
    }

    /// A member that is a text and must be there.
    pub fn required(&mut self, name: &str) -> String {
        let faults = self.faults.len();
        match self.change(name).flatten() {
            Some(text) => text,
            None => {
                if self.faults.len() == faults {
                    self.fault(name, "This is required.");
                }
                String::new()
            }
        }
    }

    /// A member that is true or false.
    pub fn member_flag(&mut self, name: &str) -> Option<bool> {
        match self.members.get(name)? {
            Value::Null => None,
            Value::Bool(flag) => Some(*flag),
            _ => {
                self.fault(name, "Send true or false.");
                None
            }
        }
    }

    /// A member that is a whole number.
    pub fn member_number(&mut self, name: &str) -> Option<i64> {
        match self.members.get(name)? {
            Value::Null => None,
            value => {
                let number = value.as_i64();
                if number.is_none() {
                    self.fault(name, "Send a whole number.");
                }
                number
            }
        }
    }

    /// A member that is an object, as JSON; the inner none for `null`.
    pub fn member_object(&mut self, name: &str) -> Option<Option<String>> {
        match self.members.get(name)? {
            Value::Null => Some(None),
            value @ Value::Object(_) => Some(Some(value.to_string())),
            _ => {
                self.fault(name, "Send an object.");
                None
            }
        }
    }

    /// Notes what is wrong with a field.
    pub fn fault(&mut self, field: &str, message: impl Into<String>) {
        self.faults.push(FieldError::new(field, message));
    }

    /// Goes on when everything that was read makes sense.
    ///
    /// # Errors
    /// `validation` with every fault.
    pub fn check(&mut self) -> Result<()> {
        let errors = std::mem::take(&mut self.faults);
        if errors.is_empty() { Ok(()) } else { Err(Refusal::Validation { errors }.into()) }
    }
}

/// The sub-account with that `SA_` id, where it is one of the caller's organization and the caller is the organization itself.
async fn sub_account_of(call: &Call, auth_id: &str) -> Result<String> {
    if call.caller.sub_account_id.is_some() || !auth_id.starts_with("SA_") {
        return Err(Code::WrongKeyKind.into());
    }
    match sub_accounts::named(&call.state, &call.caller, auth_id).await {
        Ok(found) => Ok(found.id),
        Err(error) if error.refusal().is_some_and(|refusal| refusal.code() == Code::NotFound) => Err(Code::WrongKeyKind.into()),
        Err(error) => Err(error),
    }
}

fn members(body: &[u8]) -> Result<BTreeMap<String, Value>> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(BTreeMap::new());
    }
    match serde_json::from_slice(body) {
        Ok(members) => Ok(members),
        Err(error) if error.is_data() => Err(Refusal::field("body", "Send a JSON object.").into()),
        Err(_) => Err(Code::MalformedJson.into()),
    }
}
