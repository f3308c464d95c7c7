//! Something that must be written together with the first effect of a request, whatever service writes it.
//!
//! A task carries its companion; [`super::Db::write`] runs it inside the SAVEPOINT of the closure that is written first, so that
//! both stay or neither does. What companions write lives in `store`.

use std::sync::Arc;

use futures::future::LocalBoxFuture;
use sqlx::AnyConnection;

use super::super::error::StoreError;

/// Written along with the first write of a task.
pub trait Companion: Send + Sync {
    /// Whether it still has something to write.
    fn is_waiting(&self) -> bool;

    /// Writes it. An error undoes the closure that it goes along with.
    fn write<'c>(&'c self, connection: &'c mut AnyConnection) -> LocalBoxFuture<'c, Result<(), StoreError>>;

    /// Told after the commit that held both.
    fn committed(&self);
}

tokio::task_local! {
    static COMPANION: Arc<dyn Companion>;
}

/// Runs `task` with a companion for its first write.
pub async fn with<F: Future>(companion: Arc<dyn Companion>, task: F) -> F::Output {
    COMPANION.scope(companion, task).await
}

/// The companion of the running task, while it has something to write.
pub(super) fn waiting() -> Option<Arc<dyn Companion>> {
    COMPANION.try_with(Arc::clone).ok().filter(|companion| companion.is_waiting())
}
