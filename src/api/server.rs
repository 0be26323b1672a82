//! Starting and stopping the server: routes, limits, what no route takes.

use super::act::{Door, door};
use super::document::document;
use super::{
    after, ahead, amendment, attachment, audit, batch, deviation, device, entry, exception,
    happening, health, hold, lot, master, person, report, session, site, step, testing,
};
use crate::app::desk::Desk;
use crate::http::limits::{Limits, MASTER_BODY, admit};
use crate::http::openapi::unrouted;
use crate::http::problem::Porch;
use crate::http::{head, headers, request_id};
use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpRequest, HttpServer, web};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::SwaggerUi;

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

/// Registers every route under `/api/v1`, and health beside it.
pub fn configure(config: &mut ServiceConfig<'_>) {
    // Routes are tried in this order: what the shop floor calls most comes first.
    let v1 = utoipa_actix_web::scope("/api/v1")
        .configure(execution)
        .configure(batches)
        .configure(quality)
        .configure(persons_and_site)
        .configure(masters);
    config.service(health::live).service(health::ready).service(v1);
}

fn persons_and_site(config: &mut ServiceConfig<'_>) {
    config
        .service(session::refresh)
        .service(session::sign_out)
        .service(session::current)
        .service(session::sign_in)
        .service(site::one)
        .service(site::roles)
        .service(site::accountability)
        .service(site::binding_letter)
        .service(device::list)
        .service(device::register)
        .service(device::calibrate)
        .service(device::retire)
        .service(person::change_password)
        .service(person::acknowledge)
        .service(person::list)
        .service(person::create)
        .service(person::one)
        .service(person::enrol)
        .service(person::grant)
        .service(person::reset)
        .service(person::unlock)
        .service(person::deactivate)
        .service(person::rename)
        .service(audit::trail)
        .service(audit::access)
        .service(audit::checkpoint)
        .service(audit::problems);
}

fn masters(config: &mut ServiceConfig<'_>) {
    config
        .service(master::list)
        .service(master::draft)
        .service(master::one)
        .service(master::content)
        .service(master::findings)
        .service(master::burden)
        .service(master::edit)
        .service(master::submit)
        .service(master::check)
        .service(master::approve)
        .service(master::send_back)
        .service(master::make_effective)
        .service(master::suspend)
        .service(master::reinstate)
        .service(master::retire);
}

fn batches(config: &mut ServiceConfig<'_>) {
    config
        .service(batch::list)
        .service(batch::issue)
        .service(batch::one)
        .service(batch::owed)
        .service(happening::report)
        .service(happening::report_on_floor)
        .service(happening::emergency)
        .service(happening::ratify)
        .service(amendment::list)
        .service(amendment::propose)
        .service(amendment::decide)
        .service(amendment::end_operation)
        .service(batch::times)
        .service(ahead::preflight)
        .service(ahead::handover)
        .service(ahead::hand_over)
        .service(batch::complete)
        .service(batch::review)
        .service(batch::close)
        .service(after::abort)
        .service(after::notice)
        .service(batch::aftermath)
        .service(audit::batch_trail)
        .service(attachment::one)
        .service(report::issue)
        .service(report::list)
        .service(report::one);
}

fn execution(config: &mut ServiceConfig<'_>) {
    config
        .service(entry::record_entry)
        .service(step::start)
        .service(step::complete)
        .service(step::check)
        .service(step::not_performed)
        .service(step::take_back)
        .service(step::close_operation)
        .service(step::acknowledge)
        .service(entry::correct_entry)
        .service(entry::check_entry)
        .service(entry::declare_absent)
        .service(entry::record_trail_point)
        .service(entry::record_release_entry)
        .service(entry::correct_release_entry)
        .service(entry::check_release_entry)
        .service(entry::declare_release_absent)
        .service(testing::determine)
        .service(testing::investigate)
        .service(testing::determine_release)
        .service(testing::investigate_release)
        .service(testing::skip_test)
        .service(testing::raise_alarm)
        .service(testing::acknowledge_alarm);
}

fn quality(config: &mut ServiceConfig<'_>) {
    config
        .service(exception::list)
        .service(exception::triage)
        .service(exception::pass_gate)
        .service(exception::waive_gate)
        .service(step::review_operation)
        .service(exception::accept_risk)
        .service(exception::ratify_risk)
        .service(hold::place)
        .service(hold::lift)
        .service(lot::yielded)
        .service(lot::list)
        .service(lot::one)
        .service(lot::add_parent)
        .service(lot::remove_parent)
        .service(lot::decide_foreign)
        .service(lot::dispose)
        .service(after::question)
        .service(deviation::list)
        .service(deviation::one)
        .service(deviation::investigate)
        .service(deviation::classify)
        .service(deviation::report)
        .service(deviation::proposals)
        .service(deviation::reopen)
        .service(deviation::conclude)
        .service(deviation::close)
        .service(deviation::join);
}

async fn no_route(
    request: HttpRequest,
    api: web::Data<utoipa::openapi::OpenApi>,
) -> actix_web::HttpResponse {
    unrouted(&api, &request)
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
    let api = web::Data::new(document());
    let door = door.clone();
    let server = HttpServer::new(move || {
        let docs = SwaggerUi::new("/docs/{_:.*}").url("/api/openapi.json", api.get_ref().clone());
        App::new()
            .app_data(door.clone())
            .app_data(limits.clone())
            .app_data(api.clone())
            .configure(framework_errors)
            .configure(|config| {
                let mut config = ServiceConfig::new(config);
                configure(&mut config);
            })
            .service(docs)
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
