//! What can be said on the command line.

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Electronic batch records that enforce, prove and outlive themselves.
#[derive(Debug, Parser)]
#[command(
    name = "batchwright",
    version,
    about = "Electronic batch records that enforce, prove and outlive themselves",
    after_help = "Start with `batchwright demo`: it founds a demo site, plays a whole batch and serves it on this machine."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Found a demo site, play the whole A-Mab batch over HTTP, then serve it on this machine
    Demo(DemoArgs),
    /// Serve a founded site
    Serve(ServeArgs),
    /// Found a site: schema, keys, first administrator
    Found(FoundArgs),
    /// Bring a database's schema up to this version, forward only
    Migrate(MigrateArgs),
    /// Create a further administrator when no other can (needs the founding key)
    Person(PersonArgs),
    /// Accept an older copy of the database as the site's from now on (needs the log key)
    Restore(RestoreArgs),
    /// Verify a database by public keys alone: chains, log, signatures, replay
    #[command(
        after_help = "Exit code 0: whole. 1: broken, each finding named. 2: the database cannot be read."
    )]
    Verify(VerifyArgs),
}

/// `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Directory of the demo site; an existing one is verified and served, never overwritten
    #[arg(long, default_value = "batchwright-demo", value_name = "DIR")]
    pub dir: PathBuf,
    /// Do everything but serve; the last line is `verified`
    #[arg(long)]
    pub once: bool,
    /// Where to serve; a demo site answers on loopback only
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// A font for what the report's own lacks; may be said several times
    #[arg(long = "font", value_name = "FILE")]
    pub fonts: Vec<PathBuf>,
}

/// `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// sqlite:PATH or postgres://…
    #[arg(long, value_name = "URL")]
    pub database_url: String,
    /// Address and port
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Directory of the site's key files [default: keys/ beside the SQLite file]
    #[arg(long, value_name = "DIR")]
    pub keys: Option<PathBuf>,
    /// A proxy in front speaks TLS: without this, only loopback addresses are served
    #[arg(long)]
    pub behind_tls_proxy: bool,
    /// Where the newest checkpoint is written, for safekeeping outside this machine
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// A font for what the report's own lacks; may be said several times
    #[arg(long = "font", value_name = "FILE")]
    pub fonts: Vec<PathBuf>,
}

/// `found`.
#[derive(Debug, Args)]
pub struct FoundArgs {
    /// sqlite:PATH or postgres://…, without a site in it
    #[arg(long, value_name = "URL")]
    pub database_url: String,
    /// Name of the site, printed on every page
    #[arg(long)]
    pub name: String,
    /// IANA time zone of the site, as in Europe/Berlin
    #[arg(long, default_value = "UTC")]
    pub zone: String,
    /// Origin of the site's log, a name under a domain of yours, as in records.example.com/plant-1;
    /// nothing changes it later
    #[arg(long)]
    pub origin: String,
    /// What the site is for; nothing changes it later
    #[arg(long, value_parser = ["production", "training"], default_value = "production")]
    pub environment: String,
    /// Directory for the site's key files [default: keys/ beside the SQLite file]
    #[arg(long, value_name = "DIR")]
    pub keys: Option<PathBuf>,
    /// User name of the first administrator
    #[arg(long, value_name = "USER")]
    pub administrator: String,
    /// Printed name of the first administrator
    #[arg(long, value_name = "NAME")]
    pub printed_name: String,
}

/// `migrate`.
#[derive(Debug, Args)]
pub struct MigrateArgs {
    /// sqlite:PATH or postgres://…
    #[arg(long, value_name = "URL")]
    pub database_url: String,
    /// PostgreSQL role the server runs as: it is granted SELECT and INSERT on records, nothing more
    #[arg(long, value_name = "NAME")]
    pub runtime_role: Option<String>,
}

/// `person`.
#[derive(Debug, Args)]
pub struct PersonArgs {
    /// sqlite:PATH or postgres://…
    #[arg(long, value_name = "URL")]
    pub database_url: String,
    /// Directory of the site's key files [default: keys/ beside the SQLite file]
    #[arg(long, value_name = "DIR")]
    pub keys: Option<PathBuf>,
    /// User name of the new administrator
    #[arg(long, value_name = "USER")]
    pub administrator: String,
    #[arg(long, value_name = "NAME")]
    pub printed_name: String,
}

/// `restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// sqlite:PATH or postgres://…, the restored copy
    #[arg(long, value_name = "URL")]
    pub database_url: String,
    /// Directory of the site's key files [default: keys/ beside the SQLite file]
    #[arg(long, value_name = "DIR")]
    pub keys: Option<PathBuf>,
    /// Why the older copy is the site's database now; the journal keeps it
    #[arg(long)]
    pub reason: String,
}

/// `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// sqlite:PATH or postgres://…; only read
    #[arg(long, value_name = "URL")]
    pub database_url: String,
    /// A checkpoint kept elsewhere: finds a rewrite or a cut by somebody who holds database and keys
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// Fingerprint of the founding key, known from elsewhere
    #[arg(long, value_name = "FINGERPRINT")]
    pub trust: Option<String>,
    /// The whole report as JSON
    #[arg(long)]
    pub json: bool,
}
