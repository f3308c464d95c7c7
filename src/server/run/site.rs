//! Where the browser's files are, and how long browsers may keep them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::Response;
use leptos::config::{Env, LeptosOptions};

use crate::app::PartLoader;

/// Name of the built program in the browser, and of the folder it is in below the root.
const OUTPUT_NAME: &str = "dialyard";
/// The folder of scripts and styles, below the root and in addresses.
pub const PKG: &str = "pkg";
/// Characters of the hash that the build puts into file names: 128 bits in base64.
const HASH_LENGTH: usize = 22;

/// The folder with the browser's files, and the list of hashes in their names where the build made one.
#[derive(Debug, Clone)]
pub struct Site {
    pub root: PathBuf,
    hash_file: Option<PathBuf>,
}

impl Site {
    /// The folder that was named; else `site` beside the program or one folder up, where the build leaves it; else `target/site`.
    #[must_use]
    pub fn find(named: Option<PathBuf>) -> Self {
        let program = std::env::current_exe().ok().and_then(|program| program.parent().map(Path::to_path_buf)).unwrap_or_default();
        let usual = [program.join("site"), program.join("../site"), PathBuf::from("target/site")];
        let root = named.unwrap_or_else(|| {
            let there = usual.iter().find(|folder| folder.join(PKG).is_dir());
            there.unwrap_or(&usual[2]).clone()
        });
        let hash_file = [root.join("hash.txt"), program.join("hash.txt")].into_iter().find(|file| file.is_file());
        let hash_file = hash_file.and_then(|file| file.canonicalize().ok());
        Self { root, hash_file }
    }

    /// Whether the folder holds what pages need.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.root.join(PKG).is_dir()
    }

    /// Where the script is that fetches the parts of the program; none where it was built in one piece.
    #[must_use]
    pub fn part_loader(&self) -> Option<PartLoader> {
        let mut files = std::fs::read_dir(self.root.join(PKG)).ok()?.flatten().filter_map(|file| file.file_name().into_string().ok());
        let name = files.find(|name| name.starts_with("__wasm_split.") && name.ends_with(".js"))?;
        Some(PartLoader(format!("/{PKG}/{name}").into()))
    }

    /// What Leptos must know to name the files. Made here, so that the program works from any folder and without variables.
    #[must_use]
    pub fn options(&self, listen: SocketAddr) -> LeptosOptions {
        // An absolute path wins over the program's folder, to which Leptos joins it.
        let hash_file = self.hash_file.as_ref().map_or_else(|| String::from("hash.txt"), |file| file.display().to_string());
        LeptosOptions::builder()
            .output_name(OUTPUT_NAME)
            .site_root(self.root.display().to_string())
            .site_pkg_dir(PKG)
            .env(Env::PROD)
            .site_addr(listen)
            .hash_file(hash_file.into())
            .hash_files(self.hash_file.is_some())
            .build()
    }
}

/// Lets browsers keep files: for good when the content is in the name, for a day otherwise. Pages are never kept, nor what says itself how
/// long it may be.
pub async fn kept(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let is_page = response.headers().get(CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/html"));
    let name = path.rsplit('/').next().unwrap_or_default();
    let says_itself = response.headers().contains_key(CACHE_CONTROL);
    if response.status().is_success() && !is_page && !says_itself && name.contains('.') && !path.starts_with("/rpc/") {
        let kept = match (is_hashed(name), path.starts_with("/pkg/")) {
            (true, _) => "public, max-age=31536000, immutable",
            (false, true) => "no-cache",
            (false, false) => "public, max-age=86400",
        };
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    }
    response
}

/// Whether the build has put the content's hash into the name.
fn is_hashed(name: &str) -> bool {
    name.split('.').any(|part| part.len() == HASH_LENGTH && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_names_are_told_from_plain_ones() {
        assert!(is_hashed("dialyard.Wl-3k_0aBcDeFgHiJkLmNw.js"));
        assert!(!is_hashed("dialyard.js"));
        assert!(!is_hashed("archivo-latin-standard-normal.woff2"));
    }
}
