//! Pages over HTTP as a browser without JavaScript uses them: in process, over a real database, forms that come back to their page.

#[path = "../support/mod.rs"]
mod support;

mod browser;

mod components;
mod inventory;
mod numbers;
mod orders;
mod organizations;
mod routes;
mod searches;
mod settings;
mod wallet;
