//! Components that more than one page uses, and the frame around all pages. No rule and no server call but the frame's own lives here.

pub mod action_form;
pub mod badge;
#[cfg(feature = "hydrate")]
pub mod browser;
#[cfg(not(feature = "hydrate"))]
#[path = "browser_absent.rs"]
pub mod browser;
pub mod chips;
pub mod clock;
pub mod combobox;
pub mod dialog;
pub mod empty;
pub mod field;
pub mod form;
pub mod form_dialog;
pub mod frame;
mod frame_account;
mod frame_nav;
pub mod guard;
pub mod icon;
mod keys;
pub mod list_search;
pub mod load;
pub mod loaded;
pub mod mark;
pub mod message;
pub mod one_time_secret;
pub mod pager;
pub mod phone;
pub mod reason;
mod refusal_words;
pub mod settings_list;
pub mod skeleton;

pub mod sparkline;
pub mod table;
pub mod tabs;
pub mod tile_map;
pub mod toast;
pub mod tray;
pub mod urls;
pub mod view;
pub mod when;
