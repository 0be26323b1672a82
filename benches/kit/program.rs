//! A built program, run as a process: it founds, serves and verifies sites.

use super::engine::Database;
use super::process;
use super::terminal::Terminal;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// A program, and the master record published with it, from which recipes are made.
#[derive(Debug, Clone)]
pub struct Program {
    pub name: &'static str,
    pub path: PathBuf,
    pub example: PathBuf,
}

/// How `verify` went.
#[derive(Debug, Clone, Copy)]
pub struct Verified {
    pub seconds: f64,
    /// Peak of resident memory, in MiB.
    pub peak: f64,
}

/// Where the published example of a master record lies in a source tree.
pub const EXAMPLE: &str = "schemas/examples/buffer-preparation.json";

impl Program {
    /// The program of this source tree.
    pub fn this() -> Self {
        Self {
            name: "this",
            path: PathBuf::from(env!("CARGO_BIN_EXE_batchwright")),
            example: Path::new(env!("CARGO_MANIFEST_DIR")).join(EXAMPLE),
        }
    }

    fn verb(&self, verb: &str, database: &Database) -> Command {
        let mut command = Command::new(&self.path);
        command.arg(verb).args(["--database-url", &database.url]);
        command.env("BATCHWRIGHT_KEY_PASSPHRASE_FILE", database.dir.join("passphrase"));
        command
    }

    /// Founds a site for training: like one for production, but nobody takes it for one. Returns the
    /// password of its administrator, `ada`.
    pub fn found(&self, database: &Database) -> String {
        std::fs::write(database.dir.join("passphrase"), "a passphrase of a benchmark\n")
            .expect("a passphrase file");
        let mut command = self.verb("found", database);
        command.arg("--keys").arg(database.dir.join("keys"));
        command.args(["--name", "Benchmark", "--origin", "batchwright.invalid/benchmark"]);
        command.args(["--environment", "training"]);
        command.args(["--administrator", "ada", "--printed-name", "Ada Adler"]);
        let output = command.output().expect("the program runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        let password = said.lines().find_map(|line| line.rsplit_once(" with password "));
        password.expect("the founding prints a password").1.trim().to_owned()
    }

    /// Serves a site, and waits until it is ready.
    pub fn serve(&self, database: &Database) -> Server {
        let log = File::create(database.dir.join("server.log")).expect("a log file");
        let mut command = self.verb("serve", database);
        command.arg("--keys").arg(database.dir.join("keys")).args(["--listen", "127.0.0.1:0"]);
        let begin = Instant::now();
        let mut child =
            command.stdout(Stdio::piped()).stderr(log).spawn().expect("the program runs");
        let mut out = BufReader::new(child.stdout.take().expect("its words"));
        let mut line = String::new();
        out.read_line(&mut line).expect("its first line");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split(' ').next());
        let Some(address) = address.and_then(|text| text.trim().parse().ok()) else {
            let _ = child.kill();
            panic!("{} does not serve: {line:?}; see {}", self.name, database.dir.display());
        };
        let mut asking = Terminal::connect(&[address], "", "ready");
        while asking.get("/health/ready").status != 200 {
            assert!(begin.elapsed() < Duration::from_secs(600), "the server is never ready");
            std::thread::sleep(Duration::from_millis(1));
        }
        Server { child, address, ready: begin.elapsed(), _out: out }
    }

    /// Verifies a site that nobody serves, which must be whole.
    pub fn verify(&self, database: &Database) -> Verified {
        let begin = Instant::now();
        let mut child = self
            .verb("verify", database)
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the program runs");
        let mut peak = 0.0_f64;
        let status = loop {
            peak = process::peak(child.id()).unwrap_or_default().max(peak);
            if let Some(status) = child.try_wait().expect("a child") {
                break status;
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        let seconds = begin.elapsed().as_secs_f64();
        assert!(status.success(), "{} finds {} broken: {status}", self.name, database.url);
        Verified { seconds, peak }
    }
}

/// A server that runs.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From its start until it was ready.
    pub ready: Duration,
    /// Held open: a server that may not print ends.
    _out: BufReader<ChildStdout>,
}

impl Server {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, and waits.
    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().expect("kill");
        assert!(asked.success(), "the server had ended");
        let status = self.child.wait().expect("a child");
        assert!(status.success(), "the server ended with {status}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
