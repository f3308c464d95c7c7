//! Dialyard: a self-hosted platform for the life of a phone number. One library, two builds.
//!
//! This file is the list of modules, the gate of the server half, and the entry of the browser half.

// Types of views nest as deeply as pages do.
#![recursion_limit = "512"]

pub mod app;
pub mod domain;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub mod server;
pub mod ui;

/// Takes over the page that the server rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    ui::browser::after_redirects_reload();
    wasm_bindgen_futures::spawn_local(async {
        // What the server rendered is taken over in one go: the parts of the program that it needs have to be there before.
        if ui::browser::document_has(ui::tray::PANEL) {
            ui::tray::__preload_panel().await;
        }
        if ui::browser::address_names(&pages::search::DIALOGS) {
            pages::search::buy::__preload_dialog().await;
        }
        leptos::mount::hydrate_lazy(app::App);
    });
}
