//! `serve`, `found`, `migrate`, `restore`.

use super::args::{FoundArgs, MigrateArgs, RestoreArgs, ServeArgs};
use super::fonts;
use super::house::{House, NewSite, Site};
use crate::domain::site::Environment;

/// Serves a founded site until somebody stops it.
pub fn serve(args: &ServeArgs, house: &dyn House) -> Result<(), String> {
    fonts::add(&args.fonts, house)?;
    let site = Site {
        database_url: args.database_url.clone(),
        keys: args.keys.clone(),
        checkpoint: args.checkpoint.clone(),
        simulated_from: None,
    };
    let running = house.start(&site, args.listen, args.behind_tls_proxy)?;
    println!("serving on http://{} (documentation at /docs/)", running.address());
    running.wait()
}

/// Founds a site and prints what must be kept elsewhere.
pub fn found(args: &FoundArgs, house: &dyn House) -> Result<(), String> {
    let password = house.password();
    let environment = if args.environment == "training" {
        Environment::Training
    } else {
        Environment::Production
    };
    let fingerprint = house.found(&NewSite {
        site: Site {
            database_url: args.database_url.clone(),
            keys: args.keys.clone(),
            checkpoint: None,
            simulated_from: None,
        },
        name: args.name.clone(),
        origin: args.origin.clone(),
        zone: args.zone.clone(),
        environment,
        administrator: args.administrator.clone(),
        printed_name: args.printed_name.clone(),
        password: password.clone(),
    })?;
    println!("Founded {:?}.", args.name);
    println!(
        "Founding key fingerprint (keep it where this machine's administrators cannot change it):"
    );
    println!("  {fingerprint}");
    println!("First administrator: {} with password {password}", args.administrator);
    println!("Next: batchwright serve --database-url {}", args.database_url);
    Ok(())
}

/// Migrates.
pub fn migrate(args: &MigrateArgs, house: &dyn House) -> Result<(), String> {
    println!("{}", house.migrate(&args.database_url, args.runtime_role.as_deref())?);
    Ok(())
}

/// Accepts an older copy of the database.
pub fn restore(args: &RestoreArgs, house: &dyn House) -> Result<(), String> {
    let reason = args.reason.trim();
    if reason.is_empty() {
        return Err("say with --reason why this copy is the site's database now".into());
    }
    let site = Site {
        database_url: args.database_url.clone(),
        keys: args.keys.clone(),
        checkpoint: None,
        simulated_from: None,
    };
    println!("{}", house.restore(&site, reason)?);
    Ok(())
}
