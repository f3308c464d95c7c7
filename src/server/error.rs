//! What a service answers when it does not answer with its result. Edges turn it into their own shape and log it once.

use crate::domain::code::Code;
use crate::domain::refusal::Refusal;

/// What a store function can meet besides rows.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database driver said no.
    #[error("database: {0}")]
    Driver(#[from] sqlx::Error),
    /// A row breaks a rule that the schema should have kept.
    #[error("inconsistent row {id} in {table}.{column}")]
    Inconsistent { table: &'static str, column: &'static str, id: String },
    /// A write touched another number of rows than it must.
    #[error("expected {expected} rows, touched {actual}")]
    RowsAffected { expected: u64, actual: u64 },
    /// The same request was made before: its row is there already. Nothing was written.
    #[error("the request was made before")]
    Repeated,
    /// The writer did not get to this write in time; nothing was written.
    #[error("the writer is busy")]
    Busy,
}

impl StoreError {
    /// A unique index or primary key refused the write.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Driver(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// A CHECK refused the write.
    #[must_use]
    pub fn is_check_violation(&self) -> bool {
        matches!(self, Self::Driver(sqlx::Error::Database(error)) if error.is_check_violation())
    }
}

/// What a carrier can answer besides yes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CarrierError {
    /// Worth another try; the carrier has done nothing.
    #[error("carrier is not reachable: {0}")]
    Transient(String),
    /// The carrier will not do it.
    #[error("carrier refused: {0}")]
    Rejected(String),
    /// Nobody knows whether it was done: ask by reference, never order again.
    #[error("carrier outcome unknown: {0}")]
    Unknown(String),
    /// The carrier no longer has the number.
    #[error("the carrier no longer has the number")]
    Gone,
}

/// What went wrong in a service.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule said no; nothing was changed.
    #[error("refused: {}", .0.code().name())]
    Refused(Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The carrier failed in a way that the caller may try again.
    #[error(transparent)]
    Carrier(#[from] CarrierError),
    /// Anything else that is a fault of ours.
    #[error("internal: {0}")]
    Internal(String),
}

/// What services answer.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The refusal that the caller is told, or none for a fault of ours.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal.clone()),
            Self::Store(StoreError::Busy) => Some(Code::Busy.into()),
            Self::Store(StoreError::Repeated) => Some(Code::RequestInProgress.into()),
            Self::Carrier(_) => Some(Code::CarrierUnavailable.into()),
            Self::Store(_) | Self::Internal(_) => None,
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(StoreError::Driver(error))
    }
}
