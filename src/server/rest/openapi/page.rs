//! The page that shows the reference: plain HTML, made once when the server starts, without any script or outside host.

use super::document::{body_example, refusals};
use crate::domain::code::Code;
use crate::server::rest::envelope::BASE;
use crate::server::rest::fields::{Field, Kind};
use crate::server::rest::table::{Group, Route};

/// Its style; the content policy allows none inside the page.
pub const STYLE: &str = include_str!("page.css");

/// The beginning of a page, up to its body.
pub(super) fn head(title: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title} · Dialyard</title><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <link rel=\"stylesheet\" href=\"/docs/api.css\"></head><body>"
    )
}

/// The page of these groups.
#[must_use]
pub fn html(groups: &[Group]) -> String {
    let mut page = head("API reference");
    page.push_str(
        "<header><h1>API reference</h1><p>Every endpoint stands below <code>/api/v1</code>. Send a key as \
         <code>Authorization: Bearer dy_sk_…</code>. The same as OpenAPI 3.1: <a href=\"/api/v1/openapi.json\">openapi.json</a>.</p></header>\
         <nav aria-label=\"Operations\"><ul>",
    );
    for route in groups.iter().flat_map(|group| &group.routes) {
        page.push_str(&format!("<li><a href=\"#{}\"><b>{}</b> {}</a></li>", route.operation, route.method, escaped(route.path)));
    }
    page.push_str("<li><a href=\"#codes\">Codes</a></li></ul></nav><main>");
    for group in groups {
        page.push_str(&format!("<section><h2>{}</h2><p>{}</p>", escaped(group.name), escaped(group.text)));
        for route in &group.routes {
            push_route(&mut page, route);
        }
        page.push_str("</section>");
    }
    push_codes(&mut page);
    page.push_str("</main></body></html>");
    page
}

fn push_route(page: &mut String, route: &Route) {
    let scope = route.scope.map_or("any", |scope| scope.name());
    page.push_str(&format!(
        "<article id=\"{id}\"><h3><b>{method}</b> {BASE}{path}</h3><p>{summary}</p><p>Scope <code>{scope}</code>. {holders}</p>",
        id = route.operation,
        method = route.method,
        path = escaped(route.path),
        summary = escaped(route.summary),
        holders = route.holders.text(),
    ));
    push_fields(page, "Parameters", route.described.parameters);
    if let Some(fields) = route.described.fields {
        push_fields(page, "Body", fields);
        push_json(page, "Example of a body", &body_example(fields));
    }
    let statuses: Vec<String> = route.successes.iter().map(u16::to_string).collect();
    push_json(page, &format!("Answer ({})", statuses.join(" or ")), &(route.described.sample)());
    page.push_str("<h4>Refusals</h4><p>");
    for code in refusals(route).into_values().flatten() {
        page.push_str(&format!("<a href=\"#code-{name}\"><code>{status} {name}</code></a> ", name = code.name(), status = code.status()));
    }
    page.push_str("</p></article>");
}

fn push_fields(page: &mut String, title: &str, fields: &[Field]) {
    if fields.is_empty() {
        return;
    }
    page.push_str(&format!("<h4>{title}</h4><dl>"));
    for field in fields {
        let required = if field.required { ", required" } else { "" };
        let null = if field.nullable { " or null" } else { "" };
        page.push_str(&format!(
            "<dt><code>{}</code> <span>{}{null}{required}</span></dt><dd>{}</dd>",
            field.name,
            escaped(&kind_text(field.kind)),
            escaped(field.text)
        ));
    }
    page.push_str("</dl>");
}

fn kind_text(kind: Kind) -> String {
    match kind {
        Kind::Text(longest) => format!("text, at most {longest} characters"),
        Kind::Reason => String::from("text of 10 to 500 characters"),
        Kind::Phone => String::from("telephone number"),
        Kind::Money => String::from("amount"),
        Kind::Flag => String::from("true or false"),
        Kind::Integer(least, most) => format!("whole number, {least} to {most}"),
        Kind::Time => String::from("instant in RFC 3339"),
        Kind::Choice(words) => words.join(", "),
        Kind::Choices(words) => format!("any of {}", words.join(", ")),
        Kind::Texts(most, longest) => format!("at most {most} texts of {longest} characters"),
    }
}

fn push_json(page: &mut String, title: &str, value: &serde_json::Value) {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    page.push_str(&format!("<h4>{}</h4><pre tabindex=\"0\"><code>{}</code></pre>", escaped(title), escaped(&text)));
}

fn push_codes(page: &mut String) {
    page.push_str("<section id=\"codes\"><h2>Codes</h2><dl>");
    for code in Code::ALL {
        page.push_str(&format!(
            "<dt id=\"code-{name}\"><a href=\"/problems/{name}\"><code>{status} {name}</code></a></dt><dd>{title} {remedy}</dd>",
            name = code.name(),
            status = code.status(),
            title = escaped(code.title()),
            remedy = escaped(code.remedy())
        ));
    }
    page.push_str("</dl></section>");
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
