//! Notices as their page shows them.

use crate::rpc::notices::{NoticeView, NoticesView};
use crate::rpc::shapes::Moment;
use crate::server::services::notices::Notices;

/// One page.
#[must_use]
pub fn list(notices: Notices, can_mark: bool) -> NoticesView {
    let rows = notices.found.rows.into_iter().map(|notice| NoticeView {
        id: notice.id,
        kind: notice.kind,
        body: notice.body,
        at: Moment::new(notice.at),
        read: notice.read_at.is_some(),
    });
    NoticesView {
        notices: rows.collect(),
        unread: u64::try_from(notices.unread).unwrap_or_default(),
        can_mark,
        next_cursor: notices.found.next_cursor,
    }
}
