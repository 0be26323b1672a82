//! A site that is served: store, desk and server, opened and stopped together.

use crate::api;
use crate::app::desk::{Desk, DeskKeys};
use crate::app::run::watch::{self, Watch};
use crate::app::session::judged;
use crate::app::site::Clock;
use crate::cli::house::{Running, Site};
use crate::domain::clock::Instant;
use crate::domain::ids::Key;
use crate::domain::site::Environment;
use crate::domain::state::State;
use crate::identity::session::{SessionLimits, judge_session};
use crate::identity::site_keys::ServingKeys;
use crate::identity::token::AccessTokens;
use crate::store::{OpenOptions, SessionJudge, Store};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

/// Requests a second from one address; a plant's gateway is one address for many tablets.
const REQUESTS_A_SECOND: NonZeroU32 = NonZeroU32::new(2_000).expect("not zero");

/// Sign-ins a minute from one address.
const SIGN_INS_A_MINUTE: NonZeroU32 = NonZeroU32::new(120).expect("not zero");

/// In a demo one address plays everybody, eight weeks in a minute.
const DEMO_SIGN_INS_A_MINUTE: NonZeroU32 = NonZeroU32::new(6_000).expect("not zero");

struct Served {
    server: api::RunningServer,
    desk: Arc<Desk>,
    clock: Clock,
    /// Set once time runs by itself: a simulated clock that is moved by hand needs none.
    watch: Mutex<Option<Watch>>,
}

/// Opens a site and serves it.
pub fn start(
    site: &Site,
    clock: Clock,
    keys: ServingKeys,
    listen: SocketAddr,
    behind_tls_proxy: bool,
) -> Result<Box<dyn Running>, String> {
    let options = OpenOptions {
        clock: clock.clone(),
        log_signer: Some(keys.log.clone()),
        head_file: Some(super::keys::head_file(site)?),
        checkpoint_file: site.checkpoint.clone(),
        session_judge: Some(session_judge()),
        ..OpenOptions::new(&site.database_url)
    };
    let store = Store::open(options).map_err(|e| e.to_string())?;
    let state = store.state(&Key::Site).map_err(|e| e.to_string())?;
    let Some(State::Site(founded)) = state.as_deref() else {
        return Err("the site's record cannot be read".into());
    };
    let environment = founded.environment;
    if let Err(reason) = may_listen(listen, environment, behind_tls_proxy) {
        store.shutdown().map_err(|e| e.to_string())?;
        return Err(reason);
    }
    let tokens =
        AccessTokens::new(&founded.key.id.to_string(), &keys.token).map_err(|e| e.to_string())?;
    let keys = DeskKeys { receipt: keys.receipt, seal: keys.seal, tokens };
    let desk = Arc::new(Desk::new(store, keys, SessionLimits::USUAL, environment, clock.clone()));
    let settings = api::Settings {
        requests_per_second: REQUESTS_A_SECOND,
        sign_ins_per_minute: match environment {
            Environment::Demo => DEMO_SIGN_INS_A_MINUTE,
            _ => SIGN_INS_A_MINUTE,
        },
        ..api::Settings::default()
    };
    let server = api::start(Arc::clone(&desk), listen, &settings)
        .map_err(|e| format!("{listen} cannot be served: {e}"))?;
    let served = Served { server, desk, clock, watch: Mutex::default() };
    if matches!(served.clock, Clock::System(_)) {
        served.set_watch();
    }
    Ok(Box::new(served))
}

impl Served {
    /// Limits of time are watched from now on.
    fn set_watch(&self) {
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        if watch.is_some() {
            return;
        }
        match Watch::set(Arc::clone(&self.desk), watch::USUAL) {
            Ok(set) => *watch = Some(set),
            // Acts still notice what ran out before them.
            Err(error) => tracing::error!(%error, "nobody watches limits of time"),
        }
    }
}

/// Identity's rule on sessions, asked again in the lane.
fn session_judge() -> SessionJudge {
    Arc::new(|row, real| judge_session(&judged(row), SessionLimits::USUAL, real))
}

/// Waits for Ctrl-C or SIGTERM.
fn asked_to_stop() -> Result<(), String> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let waited = runtime.and_then(|runtime| {
        runtime.block_on(async {
            let mut terminate = signal(SignalKind::terminate())?;
            tokio::select! {
                done = tokio::signal::ctrl_c() => done,
                _ = terminate.recv() => Ok(()),
            }
        })
    });
    waited.map_err(|e| format!("signals cannot be waited for: {e}"))
}

/// A demo site answers on loopback only; any other needs TLS before it leaves the machine (P11-03).
fn may_listen(
    listen: SocketAddr,
    environment: Environment,
    behind_tls_proxy: bool,
) -> Result<(), String> {
    if listen.ip().is_loopback() {
        return Ok(());
    }
    if environment == Environment::Demo {
        return Err(format!("a demo site answers on loopback only, not on {}", listen.ip()));
    }
    if behind_tls_proxy {
        return Ok(());
    }
    Err(format!(
        "{} is reachable from elsewhere and this server speaks no TLS: put a TLS proxy in front and say --behind-tls-proxy",
        listen.ip()
    ))
}

impl Running for Served {
    fn address(&self) -> SocketAddr {
        self.server.addr
    }

    fn move_clock(&self, at: Instant) {
        if let Clock::Simulated(clock) = &self.clock {
            clock.move_to(at);
        }
    }

    fn follow_system(&self) {
        if let Clock::Simulated(clock) = &self.clock {
            clock.follow_system();
            self.set_watch();
        }
    }

    fn wait(self: Box<Self>) -> Result<(), String> {
        asked_to_stop()?;
        self.stop()
    }

    fn stop(self: Box<Self>) -> Result<(), String> {
        let Self { server, desk, watch, .. } = *self;
        server.stop().map_err(|e| e.to_string())?;
        drop(watch);
        desk.store().shutdown().map_err(|e| e.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // shows: P11-03.c, P11-30.b, T37.a
    #[test]
    fn nothing_leaves_the_machine_without_tls_and_no_demo_does_at_all() {
        let home: SocketAddr = "127.0.0.1:1".parse().unwrap();
        let away: SocketAddr = "10.0.0.7:1".parse().unwrap();
        assert!(may_listen(home, Environment::Production, false).is_ok());
        assert!(may_listen(away, Environment::Production, false).is_err());
        assert!(may_listen(away, Environment::Production, true).is_ok());
        assert!(may_listen(away, Environment::Demo, true).is_err());
        assert!(may_listen(home, Environment::Demo, false).is_ok());
    }
}
