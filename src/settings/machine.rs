//! The machine behind the verbs: files, database, server.

use super::keys::{NewKeys, head_file, open_keys, open_serving_keys, sqlite_file};
use super::{files, serving};
use crate::app::site::{
    Administrator, Clock, FoundRequest, Founding, Restored, SimulatedClock, restore, vouch,
};
use crate::cli::house::{House, NewSite, Running, Site};
use crate::domain::clock::ClockKind;
use crate::domain::site::Environment;
use crate::identity::password_policy::temporary_password;
use crate::seal::verify::Report;
use crate::store::{OpenOptions, migrate, peek, verify};
use std::net::SocketAddr;
use std::path::Path;

/// This machine.
pub struct Machine;

/// The clock a site is opened with: the kind it was founded with, from the moment named.
fn clock(site: &Site) -> Result<Clock, String> {
    let kind = peek::founding_clock(&site.database_url).map_err(|e| e.to_string())?;
    Ok(match (kind, site.simulated_from) {
        (ClockKind::System | ClockKind::Unsettled, _) => Clock::system(),
        (ClockKind::Simulated, Some(from)) => Clock::Simulated(SimulatedClock::starting(from)),
        (ClockKind::Simulated, None) => {
            let clock = SimulatedClock::starting(crate::domain::clock::Instant(0));
            clock.follow_system();
            Clock::Simulated(clock)
        }
    })
}

impl House for Machine {
    fn found(&self, new: &NewSite) -> Result<String, String> {
        let made = NewKeys::of(new)?;
        let clock = match (new.environment, new.site.simulated_from) {
            (Environment::Demo, Some(from)) => Clock::Simulated(SimulatedClock::starting(from)),
            _ => Clock::system(),
        };
        let founding = Founding::of(FoundRequest {
            database_url: new.site.database_url.clone(),
            name: new.name.clone(),
            origin: new.origin.clone(),
            zone: new.zone.clone(),
            environment: new.environment,
            clock,
            keys: &made.keys,
            binding_letter: None,
            administrator: Administrator {
                user_name: new.administrator.clone(),
                printed_name: new.printed_name.clone(),
                password: new.password.clone().into(),
            },
        });
        let founding = founding.map_err(|failure| failure.to_string())?;
        // A site without its keys is lost; keys without a site are not.
        let founded = made
            .write()
            .and_then(|()| founding.carried_out().map_err(|failure| failure.to_string()));
        let founded = founded.map_err(|failure| match made.remove() {
            Ok(()) => failure,
            Err(left) => format!("{failure}; new key files are left behind: {left}"),
        })?;
        let fingerprint = founded.fingerprint;
        if let Some(file) = sqlite_file(&new.site) {
            files::own_eyes_only(&file)?;
        }
        Ok(fingerprint)
    }

    fn add_administrator(
        &self,
        site: &Site,
        user_name: &str,
        printed_name: &str,
        password: &str,
    ) -> Result<(), String> {
        let keys = open_keys(site)?;
        let options = OpenOptions {
            clock: clock(site)?,
            log_signer: Some(keys.log.clone()),
            head_file: Some(head_file(site)?),
            ..OpenOptions::new(&site.database_url)
        };
        let who = Administrator {
            user_name: user_name.to_owned(),
            printed_name: printed_name.to_owned(),
            password: password.to_owned().into(),
        };
        vouch(options, &keys, who).map_err(|failure| failure.to_string())
    }

    fn restore(&self, site: &Site, reason: &str) -> Result<String, String> {
        let keys = open_serving_keys(site)?;
        let options = OpenOptions {
            clock: clock(site)?,
            log_signer: Some(keys.log.clone()),
            head_file: Some(head_file(site)?),
            ..OpenOptions::new(&site.database_url)
        };
        Ok(match restore(options, reason).map_err(|failure| failure.to_string())? {
            Restored::NotNeeded => {
                "The database is not older than the head kept beside the log key; nothing was written."
                    .to_owned()
            }
            Restored::From(leaves) => {
                format!("The log goes on from {leaves} leaves; the journal says why.")
            }
        })
    }

    fn migrate(&self, database_url: &str, runtime_role: Option<&str>) -> Result<String, String> {
        let taken = migrate::migrate(database_url, runtime_role).map_err(|e| e.to_string())?;
        Ok(match taken.as_slice() {
            [] => "The schema is current; nothing to do.".to_owned(),
            steps => format!("Took {}: {}", steps.len(), steps.join(", ")),
        })
    }

    fn start(
        &self,
        site: &Site,
        listen: SocketAddr,
        behind_tls_proxy: bool,
    ) -> Result<Box<dyn Running>, String> {
        let keys = open_serving_keys(site)?;
        serving::start(site, clock(site)?, keys, listen, behind_tls_proxy)
    }

    fn verify(
        &self,
        database_url: &str,
        checkpoint: Option<&str>,
        trust: Option<&str>,
    ) -> Result<Report, String> {
        verify::verify(database_url, checkpoint, trust).map_err(|e| e.to_string())
    }

    fn forge(&self, database_url: &str, copy: &Path) -> Result<String, String> {
        verify::forge(database_url, copy).map_err(|e| e.to_string())
    }

    fn password(&self) -> String {
        temporary_password().to_string()
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        files::read(path)
    }

    fn write(&self, path: &Path, bytes: &[u8], private: bool) -> Result<(), String> {
        files::write(path, bytes, private)
    }

    fn names(&self, dir: &Path) -> Result<Vec<String>, String> {
        files::names(dir)
    }
}
