//! Serving: the listener, the router with Leptos in it, and what server functions are given. Leptos on the server lives here only.

pub mod context;
mod download;
pub mod router;
pub mod site;
mod status;
mod upload;

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::state::AppState;
pub use router::router;
pub use site::Site;

/// How long open requests may take to end once the server was told to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves until the process is told to stop, then lets open requests end. The browser's files are found beside the program when no
/// folder is given.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(state: AppState, listen: SocketAddr, site_root: Option<PathBuf>) -> std::io::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    let listen = listener.local_addr()?;
    let site = Site::find(site_root);
    if !site.is_there() {
        tracing::warn!(folder = %site.root.display(), "the browser's files are not there; pages will have no style and no scripts");
    }
    let router = router(&state, listen, &site);
    println!("Dialyard is at {}", state.settings.public_url);
    tracing::info!(%listen, "listening");
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps small packets back");
        }
    });
    let (stopping, told_to_stop) = oneshot::channel();
    let server = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).with_graceful_shutdown(async move {
        stop_signal().await;
        tracing::info!("stopping");
        // Nobody waits for it any more when the server has ended by itself.
        let _ended = stopping.send(());
    });
    tokio::select! {
        served = server.into_future() => served,
        () = patience_after(told_to_stop) => Ok(()),
    }
}

async fn patience_after(told_to_stop: oneshot::Receiver<()>) {
    if told_to_stop.await.is_ok() {
        tokio::time::sleep(PATIENCE).await;
        tracing::warn!("some requests did not end in time");
    } else {
        std::future::pending::<()>().await;
    }
}

/// Waits for an interrupt or, where there is one, the termination signal.
async fn stop_signal() {
    let interrupt = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::warn!(%error, "interrupts cannot be heard");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                () = interrupt => (),
                _ = terminate.recv() => (),
            },
            Err(error) => {
                tracing::warn!(%error, "the termination signal cannot be heard");
                interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}
