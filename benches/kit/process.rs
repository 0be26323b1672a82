//! What the kernel says of a process: processor time by thread, memory.

use std::collections::BTreeMap;
use std::fs;

/// Seconds of processor time by the name of the thread.
#[derive(Debug, Clone, Default)]
pub struct Threads(BTreeMap<String, f64>);

/// The processor time of a process so far; of this one without a number.
pub fn threads(pid: Option<u32>) -> Threads {
    let process = pid.map_or_else(|| "self".to_owned(), |pid| pid.to_string());
    let mut by_name = BTreeMap::new();
    let tasks = fs::read_dir(format!("/proc/{process}/task")).expect("the process runs");
    for task in tasks.filter_map(Result::ok) {
        // A thread may have ended since the directory was read.
        let Ok(name) = fs::read_to_string(task.path().join("comm")) else { continue };
        let Ok(times) = fs::read_to_string(task.path().join("schedstat")) else { continue };
        let nanoseconds: f64 =
            times.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or_default();
        let name = name.trim().trim_end_matches(|c: char| c.is_ascii_digit() || c == ':');
        *by_name.entry(name.to_owned()).or_insert(0.0) += nanoseconds / 1e9;
    }
    Threads(by_name)
}

impl Threads {
    /// What was spent since an earlier look.
    pub fn since(&self, earlier: &Self) -> Self {
        let spent = |(name, now): (&String, &f64)| {
            let before = earlier.0.get(name).copied().unwrap_or_default();
            (name.clone(), (now - before).max(0.0))
        };
        Self(self.0.iter().map(spent).collect())
    }

    pub fn total(&self) -> f64 {
        self.0.values().sum()
    }

    /// Microseconds for each of so many, by thread; threads that did next to nothing are left out.
    pub fn each(&self, of: usize) -> String {
        let count = f64::from(u32::try_from(of.max(1)).unwrap_or(u32::MAX));
        let shown = self.0.iter().filter_map(|(name, seconds)| {
            let micros = seconds / count * 1e6;
            (micros >= 0.5).then(|| format!("{name} {micros:.0}"))
        });
        shown.collect::<Vec<_>>().join(", ")
    }
}

/// A line of a process's status, in KiB; nothing once it has ended.
fn status(pid: u32, line: &str) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let found = text.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(':'))?;
    found.trim().trim_end_matches("kB").trim().parse().ok()
}

/// Resident memory, in MiB.
pub fn resident(pid: u32) -> Option<f64> {
    status(pid, "VmRSS").map(|kib| kib / 1024.0)
}

/// The most that was resident since the start or the last [`forget_peak`], in MiB.
pub fn peak(pid: u32) -> Option<f64> {
    status(pid, "VmHWM").map(|kib| kib / 1024.0)
}

/// The peak counts from now on.
pub fn forget_peak(pid: u32) {
    fs::write(format!("/proc/{pid}/clear_refs"), "5").expect("the peak of a child can be set back");
}
