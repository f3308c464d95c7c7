//! Files of stock: sending one (`?new=1`), what a check of it has found and how far its import is (`?file=<id>`), and the latest ones.
//!
//! The form is a plain one, also where there is JavaScript: a file is written to disk as it comes, which no server function does.

use leptos::prelude::*;
use leptos::server_fn::error::ServerFnUrlError;

use crate::domain::count::grouped;
use crate::rpc::admin::stock::{FILE_FIELD, ImportView, StartImport, UPLOAD, stock_import};
use crate::rpc::error::AppError;
use crate::ui::action_form::ActionForm;
use crate::ui::badge::Badge;
use crate::ui::browser;
use crate::ui::dialog::Dialog;
use crate::ui::form::{LoadRefused, successes, use_parameter};
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};
use crate::ui::when::When;

/// How often a running import is looked at.
const LOOK_EVERY_MS: u32 = 1_000;
/// The first line of a file.
const COLUMNS: &str = "e164,provider,number_type,locality,administrative_area,rate_center,features,setup_cost,monthly_cost";

/// Sends a file.
#[component]
pub(super) fn UploadDialog() -> impl IntoView {
    let open = use_parameter("new");
    let here = use_here();
    let refused = use_context::<ServerActionError>()
        .filter(|error| error.path() == UPLOAD)
        .map(|error| ServerFnUrlError::<AppError>::decode_err(error.err()));
    let error = Signal::stored(refused);
    let wrong = move || error.with(|error| error.as_ref().and_then(|error| error.field(FILE_FIELD)));
    reactive(move || {
        open.get().map(|_| {
            let close = with_param(&here.get_untracked(), "new", None);
            view! {
                <Dialog title="Import a file of stock" close_href=close.clone()>
                    <form action=UPLOAD method="post" enctype="multipart/form-data">
                        <div class="stack-4">
                            <RefusalNote error/>
                            <div class="field" class:field-wrong=wrong().is_some()>
                                <label class="field-label" for="stock-file">"CSV file"</label>
                                <input class="field-input" id="stock-file" name=FILE_FIELD type="file" accept=".csv,text/csv" required aria-describedby="stock-file-note"/>
                                {match wrong() {
                                    Some(message) => view! { <p class="field-error" id="stock-file-note" role="alert"><Icon name="circle-alert" size=14/>{message}</p> },
                                    None => view! { <p class="field-hint" id="stock-file-note">"Its first line names the columns, in any order. It is checked first; nothing is written yet."</p> },
                                }}
                            </div>
                            <p class="stock-columns-line">{COLUMNS}</p>
                            <div class="dialog-actions">
                                <a class="btn btn-lg" href=close data-noscroll="">"Not now"</a>
                                <button type="submit" class="btn btn-primary btn-lg">"Check the file"</button>
                            </div>
                        </div>
                    </form>
                </Dialog>
            }
        })
    })
}

/// The file that the URL names. `imported` grows when its import has ended.
#[component]
pub(super) fn OneFile(imported: RwSignal<u32>) -> impl IntoView {
    let id = use_parameter("file");
    let action = ServerAction::<StartImport>::new();
    let started = successes(action);
    let looked = RwSignal::new(0_u32);
    let resource = load(
        move || (id.get(), started.get(), looked.get()),
        |(id, ..)| async move {
            match id {
                Some(id) => stock_import(id).await.map(Some),
                None => Ok(None),
            }
        },
    );
    let was_running = StoredValue::new(false);
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match resource.await {
                    Ok(None) => ().into_any(),
                    Ok(Some(import)) => {
                        let running = import.state == "running";
                        Effect::new(move |_| {
                            if running {
                                was_running.set_value(true);
                                browser::after(LOOK_EVERY_MS, move || looked.update(|count| *count = count.wrapping_add(1)));
                            } else if was_running.get_value() {
                                was_running.set_value(false);
                                imported.update(|count| *count = count.wrapping_add(1));
                            }
                        });
                        view! { <File import action/> }
                    }
                    Err(error) => view! { <LoadRefused error/> },
                }
            })}
        </Transition>
    }
}

#[component]
fn File(import: ImportView, action: ServerAction<StartImport>) -> impl IntoView {
    let here = use_here();
    let error = action_error(action);
    let close = move || with_param(&here.get(), "file", None);
    let would = import.state == "checked";
    let words = if would { ["would be new", "would be updated", "would be skipped"] } else { ["new", "updated", "skipped"] };
    let sums = [import.inserted, import.updated, import.skipped].into_iter().zip(words);
    let sums =
        sums.map(|(count, word)| view! { <div><dt>{word}</dt><dd class="num">{grouped(count.unsigned_abs())}</dd></div> }).collect_view();
    let counted = import.state != "running" && import.state != "stopped";
    let (size, read) = (import.size_bytes.max(1), import.read_bytes);
    let hidden = import.skipped.saturating_sub(i64::try_from(import.faults.len()).unwrap_or_default());
    view! {
        <section class="panel stock-file" aria-label=format!("The file {}", import.file_name)>
            <div class="panel-head">
                <div class="row-3"><h2>{import.file_name.clone()}</h2><FileBadge state=import.state.clone()/></div>
                <a class="btn btn-quiet btn-icon btn-sm" href=close data-noscroll="" aria-label="Close this file"><Icon name="x"/></a>
            </div>
            <div class="panel-body stack-4">
                <RefusalNote error/>
                {counted.then(|| view! { <dl class="stock-sums">{sums}</dl> })}
                {(import.state == "running").then(|| view! {
                    <div class="row-3 stock-progress" role="status">
                        <progress max=size value=read aria-label="Progress of the import"></progress>
                        <span class="num">{format!("{} %", read.saturating_mul(100) / size)}</span>
                        <a class="link" href=move || here.get() rel="external">"Look again"</a>
                    </div>
                })}
                <Start import=import.clone() action/>
                {(counted && !import.faults.is_empty()).then(|| view! { <Faults faults=import.faults hidden/> })}
            </div>
        </section>
    }
}

#[component]
fn FileBadge(#[prop(into)] state: String) -> impl IntoView {
    let (family, icon, text) = match state.as_str() {
        "checked" => ("accent", "scan-search", "Checked, nothing written"),
        "running" => ("accent", "loader-circle", "Importing"),
        "done" => ("ok", "circle-check", "Imported"),
        _ => ("warn", "circle-pause", "Broke off"),
    };
    view! { <Badge family icon text/> }
}

#[component]
fn Start(import: ImportView, action: ServerAction<StartImport>) -> impl IntoView {
    let changes = import.inserted.saturating_add(import.updated);
    let text = match import.state.as_str() {
        "checked" if changes > 0 => format!("Import {changes} numbers"),
        "stopped" => String::from("Import it again"),
        _ => return ().into_any(),
    };
    let note = if import.state == "stopped" {
        "What was written stays; a line that is in stock already is only updated."
    } else {
        "Lines that would be skipped stay out. Numbers can be searched as they come in."
    };
    view! {
        <ActionForm action>
            <div class="row-3">
                <input type="hidden" name="id" value=import.id/>
                <button type="submit" class="btn btn-primary" disabled=move || action.pending().get()>{text}</button>
                <span class="muted small">{note}</span>
            </div>
        </ActionForm>
    }
}

#[component]
fn Faults(faults: Vec<(u64, String)>, hidden: i64) -> impl IntoView {
    let rows =
        faults.into_iter().map(|(line, reason)| view! { <tr><th scope="row" class="num">{line}</th><td>{reason}</td></tr> }).collect_view();
    view! {
        <div class="table-wrap stock-faults">
            <table class="table">
                <caption class="sr-only">"Lines that change nothing"</caption>
                <thead><tr><th scope="col">"Line"</th><th scope="col">"Why it is skipped"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {(hidden > 0).then(|| view! { <p class="muted num">{format!("and {hidden} more lines")}</p> })}
    }
}

/// Files that were given lately.
#[component]
pub(super) fn LatestFiles(imports: Vec<ImportView>) -> impl IntoView {
    let here = use_here().get_untracked();
    (!imports.is_empty()).then(|| {
        let lines = imports
            .into_iter()
            .map(|import| {
                let href = with_param(&here, "file", Some(&import.id));
                view! {
                    <li>
                        <a class="link" href=href>{import.file_name}</a>
                        <FileBadge state=import.state/>
                        <span class="muted small">{import.by}", "<When moment=import.created_at/></span>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="panel panel-plain" aria-label="Latest files">
                <h2>"Latest files"</h2>
                <ul class="stock-files">{lines}</ul>
            </section>
        }
    })
}
