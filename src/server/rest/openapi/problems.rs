//! A page for each code, at the address that a refusal names as its `type`: what it means, what to do, and who may answer it.

use super::document::refusals;
use super::page::{escaped, head};
use crate::domain::code::Code;
use crate::server::rest::envelope::BASE;
use crate::server::rest::table;

/// Path and page of the list and of each code.
pub fn pages() -> Vec<(String, String)> {
    let routes = table::routes();
    let mut pages = vec![(String::from("/problems"), list())];
    pages.extend(Code::ALL.iter().map(|&code| {
        let operations: Vec<String> = routes
            .iter()
            .filter(|route| refusals(route).into_values().flatten().any(|refused| refused == code))
            .map(|route| {
                format!("<li><a href=\"/docs/api#{}\"><b>{}</b> {BASE}{}</a></li>", route.operation, route.method, escaped(route.path))
            })
            .collect();
        (format!("/problems/{}", code.name()), page(code, &operations.concat()))
    }));
    pages
}

fn list() -> String {
    let mut page = head("Problems");
    page.push_str("<header><h1>Problems</h1><p>Why something was refused or failed, and what to do next.</p></header><main><dl>");
    for code in Code::ALL {
        page.push_str(&format!(
            "<dt><a href=\"/problems/{name}\"><code>{status} {name}</code></a></dt><dd>{title}</dd>",
            name = code.name(),
            status = code.status(),
            title = escaped(code.title())
        ));
    }
    page.push_str("</dl></main></body></html>");
    page
}

fn page(code: Code, operations: &str) -> String {
    let mut page = head(code.name());
    page.push_str(&format!(
        "<header><p><a href=\"/problems\">All problems</a></p><h1>{title}</h1></header><main><p><code>{status} {name}</code></p>\
         <h2>What to do</h2><p>{remedy}</p>",
        title = escaped(code.title()),
        status = code.status(),
        name = code.name(),
        remedy = escaped(code.remedy()),
    ));
    if operations.is_empty() {
        page.push_str("<p>Only pages answer this; no operation of the API does.</p>");
    } else {
        page.push_str(&format!("<h2>Who may answer it</h2><ul>{operations}</ul>"));
    }
    page.push_str("</main></body></html>");
    page
}
