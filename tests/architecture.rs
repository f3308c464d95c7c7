//! Style and structure as a test: who may import whom, how long files and functions may be, and words that must not stand in
//! the tree. docs/architecture.md tells why.

use std::fs;
use std::path::{Path, PathBuf};

/// Lines a file may have.
const FILE_LINES: usize = 500;
/// Lines a function may have, its signature and its braces included.
const FUNCTION_LINES: usize = 70;

/// A part of the source by its folder, and what it must not name. docs/architecture.md draws the arrows.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("src/domain/", &["crate::server", "crate::rpc", "crate::ui", "crate::pages", "leptos", "axum", "sqlx", "tokio", "web_sys"]),
    ("src/rpc/", &["crate::ui", "crate::pages", "crate::app", "crate::server::store", "sqlx"]),
    ("src/ui/", &["crate::pages", "crate::app", "crate::server", "sqlx"]),
    ("src/pages/", &["crate::app", "crate::server", "sqlx"]),
    ("src/server/store/", &["crate::server::services", "crate::server::orders", "crate::server::search", "crate::rpc", "leptos", "axum"]),
    ("src/server/carriers/", &["crate::server::services", "crate::server::store", "crate::rpc", "leptos", "sqlx"]),
    ("src/server/payments/", &["crate::server::services", "crate::server::store", "crate::rpc", "leptos", "sqlx"]),
    ("src/server/orders/", &["crate::server::services", "crate::rpc", "leptos", "axum"]),
    ("src/server/services/", &["crate::rpc", "crate::server::views", "crate::server::run", "leptos", "axum"]),
    ("src/server/rest/", &["crate::rpc", "crate::server::store", "crate::server::run", "crate::server::views", "sqlx", "leptos"]),
    ("src/server/jobs/", &["crate::rpc", "leptos", "axum"]),
];

/// Statements live in store; only these other places may speak to the driver.
const SQL_PLACES: &[&str] = &["src/server/db/", "src/server/store/"];

fn sources(folder: &str, ending: &str) -> Vec<(String, String)> {
    fn walk(path: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, ending, found);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(&root.join(folder), ending, &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a text file"))
        })
        .collect()
}

/// Code without comments and without the inline tests at the end of a file.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn report(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn imports_follow_the_arrows() {
    let mut faults = Vec::new();
    for (name, text) in sources("src", "rs") {
        for (folder, forbidden) in FORBIDDEN.iter().filter(|(folder, _)| name.starts_with(folder)) {
            for (line, words) in code(&text) {
                let names = |word: &str| words.match_indices(word).any(|(at, _)| !is_part_of_word(words, at, word.len()));
                // The bodies of server functions call services: that is what they are for.
                for word in forbidden.iter().filter(|word| names(word)) {
                    faults.push(format!("{name}:{}: {folder} must not name {word}", line + 1));
                }
            }
        }
    }
    report(&faults);
}

fn is_part_of_word(line: &str, at: usize, length: usize) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let before = at.checked_sub(1).and_then(|index| line.as_bytes().get(index)).is_some_and(|byte| is_word(*byte));
    let after = line.as_bytes().get(at + length).is_some_and(|byte| is_word(*byte));
    before || after
}

#[test]
fn sql_stands_in_store_only() {
    let mut faults = Vec::new();
    for (name, text) in sources("src/server", "rs").into_iter().filter(|(name, _)| !SQL_PLACES.iter().any(|place| name.starts_with(place)))
    {
        for (line, words) in code(&text) {
            if words.contains("sqlx::query") || words.contains("sqlx::raw_sql") {
                faults.push(format!("{name}:{}: a statement outside store", line + 1));
            }
        }
    }
    report(&faults);
}

#[test]
fn routes_stand_in_their_tables_only() {
    // The pages, the two health addresses and that of the payment provider have tables of their own.
    let tables = ["src/server/rest/table.rs", "src/server/run/router.rs", "src/server/http/health.rs", "src/server/http/payments.rs"];
    let mut faults = Vec::new();
    for (name, text) in sources("src", "rs").into_iter().filter(|(name, _)| !tables.contains(&name.as_str())) {
        for (line, _) in code(&text).filter(|(_, words)| words.contains(".route(")) {
            faults.push(format!("{name}:{}: a route outside its table", line + 1));
        }
    }
    report(&faults);
}

#[test]
fn features_are_gated_in_few_places() {
    // lib.rs gates the server; ui/browser is where the browser's own objects are reached, with twins that do nothing; rpc/wire writes on
    // the server only, or the writing of every shape would be fetched by every browser (decision 0013).
    let allowed = ["src/lib.rs", "src/ui/mod.rs", "src/rpc/wire/mod.rs"];
    let mut faults = Vec::new();
    for (name, text) in sources("src", "rs").into_iter().filter(|(name, _)| !allowed.contains(&name.as_str())) {
        for (line, words) in code(&text).filter(|(_, words)| words.contains("cfg(feature") || words.contains("cfg(not(feature")) {
            faults.push(format!("{name}:{}: {}", line + 1, words.trim()));
        }
    }
    report(&faults);
}

#[test]
fn files_open_with_what_they_are_and_stay_short() {
    let mut faults = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for (name, text) in sources(folder, "rs") {
            if !text.starts_with("//!") {
                faults.push(format!("{name}: opens without //!"));
            }
            if text.lines().count() > FILE_LINES {
                faults.push(format!("{name}: {} lines", text.lines().count()));
            }
        }
    }
    for (name, text) in sources("end2end/tests", "ts").into_iter().chain(sources("end2end/support", "ts")).chain(sources("style", "scss")) {
        if text.lines().count() > FILE_LINES {
            faults.push(format!("{name}: {} lines", text.lines().count()));
        }
    }
    report(&faults);
}

#[test]
fn functions_fit_on_a_screen() {
    let mut faults = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for (name, text) in sources(folder, "rs") {
            let lines: Vec<&str> = text.lines().collect();
            for (start, line) in lines.iter().enumerate() {
                let trimmed = line.trim_start();
                let is_function = [
                    "fn ",
                    "pub fn ",
                    "async fn ",
                    "pub async fn ",
                    "pub const fn ",
                    "const fn ",
                    "pub(super) fn ",
                    "pub(crate) fn ",
                    "pub(super) async fn ",
                    "pub(crate) async fn ",
                ]
                .iter()
                .any(|prefix| trimmed.starts_with(prefix));
                if !is_function || trimmed.ends_with('}') {
                    continue;
                }
                let indent = line.len() - trimmed.len();
                let closing = format!("{}}}", " ".repeat(indent));
                if let Some(length) = lines[start..].iter().position(|line| {
                    **line == closing
                        || line.trim_end().ends_with(";") && line.len() == line.trim_start().len() + indent && !line.contains('{')
                }) && length + 1 > FUNCTION_LINES
                {
                    faults.push(format!("{name}:{}: {} lines", start + 1, length + 1));
                }
            }
        }
    }
    report(&faults);
}

#[test]
fn nothing_is_left_over() {
    let marks = [
        ["to", "do!("].concat(),
        ["unimple", "mented!("].concat(),
        ["db", "g!("].concat(),
        ["FIX", "ME"].concat(),
        ["XX", "X"].concat(),
        ["#[ign", "ore"].concat(),
    ];
    let mut faults = Vec::new();
    for folder in ["src", "tests", "benches", "end2end/tests", "end2end/support", "style"] {
        for (name, text) in ["rs", "ts", "scss"].into_iter().flat_map(|ending| sources(folder, ending)) {
            for (line, words) in text.lines().enumerate() {
                if marks.iter().any(|mark| words.contains(mark.as_str())) {
                    faults.push(format!("{name}:{}: {}", line + 1, words.trim()));
                }
            }
        }
    }
    report(&faults);
}

/// Decision 0012: another encoding would put a second reader into the browser's program.
#[test]
fn server_functions_answer_in_one_encoding() {
    let mut faults = Vec::new();
    for (path, text) in sources("src/rpc", "rs") {
        for (number, line) in code(&text).filter(|(_, line)| line.starts_with("#[server(")) {
            if !line.contains("output = Answer") {
                faults.push(format!("{path}:{number}: a server function without `output = Answer`"));
            }
        }
    }
    report(&faults);
}

/// Decision 0013: Leptos' own would be compiled anew for every type of view and of form.
#[test]
fn pages_use_the_view_and_the_form_of_this_crate() {
    let mut faults = Vec::new();
    for (path, text) in sources("src/pages", "rs").into_iter().chain(sources("src/ui", "rs")) {
        let uses = |mark: &str| code(&text).any(|(_, line)| line.contains(mark));
        for (mark, import) in [(" view! {", "ui::view::"), ("<ActionForm", "ui::action_form::ActionForm")] {
            if uses(mark) && !uses(import) && !path.ends_with("ui/view.rs") {
                faults.push(format!("{path}: `{mark}` without `{import}`"));
            }
        }
    }
    report(&faults);
}

#[test]
fn money_is_never_a_float() {
    let mut faults = Vec::new();
    for (name, text) in sources("src/server", "rs").into_iter().chain(sources("src/domain", "rs")).chain(sources("src/rpc", "rs")) {
        for (line, words) in code(&text) {
            let floats = words.contains("f64") || words.contains("f32");
            if floats && (words.contains("micros") || words.contains("amount") || words.contains("price") || words.contains("cost")) {
                faults.push(format!("{name}:{}: {}", line + 1, words.trim()));
            }
        }
    }
    report(&faults);
}
