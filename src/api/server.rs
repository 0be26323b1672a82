//! Starting and stopping the server: routes, limits, what no route takes.

use super::act::{Door, door};
use super::pages;
use super::table::configure;
use crate::app::desk::Desk;
use crate::http::limits::{Limits, MASTER_BODY, admit};
use crate::http::problem::Porch;
use crate::http::unrouted::unrouted;
use crate::http::{head, headers, request_id};
use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpRequest, HttpServer, web};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

/// How a server listens.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Requests a second from one address.
    pub requests_per_second: NonZeroU32,
    /// Sign-ins a minute from one address.
    pub sign_ins_per_minute: NonZeroU32,
    /// Threads that answer.
    pub workers: usize,
    /// Seconds that requests under way get at a stop.
    pub grace_seconds: u64,
}

impl Default for Settings {
    fn default() -> Self {
        let of = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        Self {
            requests_per_second: of(500),
            sign_ins_per_minute: of(60),
            workers: 2,
            grace_seconds: 10,
        }
    }
}

/// A server that runs on its own threads.
pub struct RunningServer {
    /// Where it listens: with port 0 asked, the one it got.
    pub addr: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<std::io::Result<()>>>,
}

impl RunningServer {
    /// Stops: no new requests, those under way are answered, then the threads end. The store is its
    /// owner's to shut down afterwards.
    ///
    /// # Errors
    /// What the server ended with.
    pub fn stop(mut self) -> std::io::Result<()> {
        self.halt(true)
    }

    /// Waits until the server ends by itself.
    ///
    /// # Errors
    /// What the server ended with.
    pub fn wait(mut self) -> std::io::Result<()> {
        self.thread.take().map_or(Ok(()), joined)
    }

    fn halt(&mut self, graceful: bool) -> std::io::Result<()> {
        let Some(thread) = self.thread.take() else { return Ok(()) };
        // The future only sends; the server's own threads do the stopping.
        drop(self.handle.stop(graceful));
        joined(thread)
    }
}

fn joined(thread: JoinHandle<std::io::Result<()>>) -> std::io::Result<()> {
    thread.join().unwrap_or_else(|_| Err(std::io::Error::other("the server's thread panicked")))
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        let _ = self.halt(false);
    }
}

async fn no_route(request: HttpRequest) -> actix_web::HttpResponse {
    unrouted(&request)
}

fn framework_errors(config: &mut web::ServiceConfig) {
    let unread = |detail: String| -> actix_web::Error { Porch::Unreadable.problem(detail).into() };
    let lost = |detail: String| -> actix_web::Error { Porch::NoRoute.problem(detail).into() };
    config
        .app_data(web::PayloadConfig::new(MASTER_BODY))
        .app_data(
            web::QueryConfig::default().error_handler(move |error, _| unread(error.to_string())),
        )
        .app_data(
            web::PathConfig::default().error_handler(move |error, _| lost(error.to_string())),
        );
}

/// Starts a server on threads of its own and returns once it listens.
///
/// # Errors
/// When the address cannot be listened on.
pub fn start(
    desk: Arc<Desk>,
    listen: SocketAddr,
    settings: &Settings,
) -> std::io::Result<RunningServer> {
    let (settings, door): (Settings, Door) = (settings.clone(), door(desk));
    let (tell, told) = mpsc::channel();
    let thread = std::thread::Builder::new().name("server".into()).spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            match listening(&door, listen, &settings) {
                Ok((server, addr)) => {
                    let _ = tell.send(Ok((server.handle(), addr)));
                    server.await
                }
                Err(error) => {
                    let _ = tell.send(Err(error));
                    Ok(())
                }
            }
        })
    })?;
    let (handle, addr) =
        told.recv().map_err(|_| std::io::Error::other("the server's thread ended"))??;
    Ok(RunningServer { addr, handle, thread: Some(thread) })
}

fn listening(
    door: &Door,
    listen: SocketAddr,
    settings: &Settings,
) -> std::io::Result<(actix_web::dev::Server, SocketAddr)> {
    let limits =
        web::Data::new(Limits::new(settings.requests_per_second, settings.sign_ins_per_minute));
    let door = door.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(door.clone())
            .app_data(limits.clone())
            .configure(framework_errors)
            .configure(configure)
            .route(pages::DOCUMENT, web::get().to(pages::document))
            .route("/docs/{name:.*}", web::get().to(pages::file))
            .service(web::redirect("/docs", "/docs/"))
            .default_service(web::route().to(no_route))
            .wrap(from_fn(head::as_get))
            .wrap(from_fn(admit))
            .wrap(headers::secure())
            .wrap(from_fn(request_id::give))
    })
    .workers(settings.workers)
    .shutdown_timeout(settings.grace_seconds)
    .disable_signals()
    .bind(listen)?;
    let addr = server.addrs().first().copied().unwrap_or(listen);
    Ok((server.run(), addr))
}
