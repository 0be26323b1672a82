//! The program before this work, built from its last commit by the benchmark itself.

use crate::kit::program::{EXAMPLE, Program};
use crate::plan::Baseline;
use std::path::Path;
use std::process::{Command, Stdio};

/// The last commit before the work that this benchmark measures.
const COMMIT: &str = "dc37e56";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program before, or nothing where it was refused explicitly.
///
/// # Errors
/// Why it could not be built; the benchmark does not go on without it.
pub fn program(baseline: &Baseline) -> Result<Option<Program>, String> {
    match baseline {
        Baseline::No => {
            println!("*** baseline=no: NOTHING IS COMPARED WITH THE PROGRAM BEFORE THIS WORK ***");
            Ok(None)
        }
        Baseline::Built(path) => {
            let path = path.canonicalize().map_err(|e| format!("{}: {e}", path.display()))?;
            println!("*** baseline={}: TAKEN FOR THE PROGRAM BEFORE, UNSEEN ***", path.display());
            Ok(Some(Program { name: "before", path, example: root().join(EXAMPLE) }))
        }
        Baseline::Build => build().map(Some),
    }
}

/// What a build may be told by the environment: no more than a shell of the same person would tell it.
/// Cargo hands the settings of this source tree to its benchmarks, and the older program has its own.
const TOLD: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "TMPDIR",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
];

/// Builds the commit once and keeps its program. It is built from an archive and outside this source
/// tree, whose cargo settings would reach it otherwise.
fn build() -> Result<Program, String> {
    let full = output(Command::new("git").arg("rev-parse").arg(format!("{COMMIT}^{{commit}}")))?;
    let full = full.trim();
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("baseline").join(full);
    let program = Program {
        name: "before",
        path: kept.join("batchwright"),
        example: kept.join("example.json"),
    };
    if program.path.exists() {
        return Ok(program);
    }
    let dir = std::env::temp_dir().join(format!("batchwright-baseline-{full}"));
    println!("building {full} once, in {}", dir.display());
    unpack(full, &dir)?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--release", "--locked", "--bin", "batchwright"]).current_dir(&dir);
    cargo.env_clear();
    for name in TOLD {
        cargo.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    let status = cargo.status().map_err(|e| format!("cargo: {e}"))?;
    if !status.success() {
        return Err(format!("{full} does not build: {status}; baseline=no leaves it out"));
    }
    let keep = |from: &str, to: &Path| {
        std::fs::copy(dir.join(from), to).map_err(|e| format!("{}: {e}", to.display()))
    };
    std::fs::create_dir_all(&kept).map_err(|e| format!("{}: {e}", kept.display()))?;
    keep(EXAMPLE, &program.example)?;
    // Last, for it is what says that the build is done.
    keep("target/release/batchwright", &program.path)?;
    std::fs::remove_dir_all(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    Ok(program)
}

fn unpack(commit: &str, dir: &Path) -> Result<(), String> {
    std::fs::create_dir_all(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let mut archive = Command::new("git")
        .args(["archive", "--format=tar", commit])
        .current_dir(root())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("git: {e}"))?;
    let tar = archive.stdout.take().ok_or("git archive says nothing")?;
    let unpacked = Command::new("tar").arg("-x").arg("-C").arg(dir).stdin(tar).status();
    let archived = archive.wait().map_err(|e| format!("git: {e}"))?;
    match unpacked {
        Ok(status) if status.success() && archived.success() => Ok(()),
        Ok(status) => Err(format!("git archive {archived}, tar {status}")),
        Err(e) => Err(format!("tar: {e}")),
    }
}

fn output(command: &mut Command) -> Result<String, String> {
    let output = command.current_dir(root()).output().map_err(|e| format!("git: {e}"))?;
    if output.status.success() {
        return String::from_utf8(output.stdout).map_err(|e| format!("git: {e}"));
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("commit {COMMIT} is not here: {said}; baseline=no leaves it out"))
}
