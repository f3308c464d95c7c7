//! The error that every server function answers with. Its texts come from the table of codes, never from the wire.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::domain::code::Code;
use crate::domain::refusal::{FieldError, Refusal};
use crate::rpc::wire::Json;

/// What a page gets instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", from = "Told")]
pub enum AppError {
    /// A rule said no; nothing was changed.
    Refused { refusal: Refusal },
    /// Something broke on the server; the log has the details under this id.
    Internal { incident_id: String },
    /// The request never got a proper answer (network, or a reload after an upgrade).
    Transport,
}

/// The same as it is read: one flat shape, because reading an enum by its tag needs a second reader for every fact.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    kind: String,
    refusal: Option<Refusal>,
    incident_id: String,
}

impl From<Told> for AppError {
    fn from(told: Told) -> Self {
        match (told.kind.as_str(), told.refusal) {
            ("refused", Some(refusal)) => Self::Refused { refusal },
            ("internal", _) => Self::Internal { incident_id: told.incident_id },
            _ => Self::Transport,
        }
    }
}

impl AppError {
    /// A form that lacks a field or has one of the wrong kind.
    #[must_use]
    pub fn form() -> Self {
        Refusal::field("form", "A field is missing or has the wrong form.").into()
    }

    /// The row of the code table.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Refused { refusal } => refusal.code(),
            Self::Internal { .. } => Code::Internal,
            Self::Transport => Code::Busy,
        }
    }

    /// The message for one field, if the refusal names it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        match self {
            Self::Refused { refusal: Refusal::Validation { errors } } => {
                errors.iter().find(|error| error.field == name).map(|error| error.message.clone())
            }
            _ => None,
        }
    }

    /// All field errors.
    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::Refused { refusal: Refusal::Validation { errors } } => errors,
            _ => &[],
        }
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.code().title())
    }
}

impl std::error::Error for AppError {}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { refusal }
    }
}

impl From<Code> for AppError {
    fn from(code: Code) -> Self {
        Self::Refused { refusal: code.into() }
    }
}

impl FromServerFnError for AppError {
    type Encoder = Json;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            // A form that lacks a field or has one of the wrong type: the browser never sends that, a hand-made request does.
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => Self::form(),
            _ => Self::Transport,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::wire;

    #[test]
    fn errors_survive_the_wire() {
        let errors = [
            AppError::from(Code::NumberLocked),
            Refusal::field("email", "Write an address such as ada@example.com.").into(),
            AppError::Internal { incident_id: String::from("0192") },
            AppError::Transport,
        ];
        for error in errors {
            let text = serde_json::to_vec(&error).expect("JSON");
            assert_eq!(wire::read::<AppError>(&text).as_ref(), Ok(&error));
            assert_eq!(serde_json::from_slice::<AppError>(&text).expect("an error"), error);
        }
    }
}
