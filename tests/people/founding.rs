//! Founding by the program: what is refused leaves nothing behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A directory of a test's own.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        let dir = std::env::temp_dir().join(format!("found-{}", uuid::Uuid::now_v7()));
        fs::create_dir_all(&dir).expect("a directory");
        fs::write(dir.join("phrase"), "correct horse battery staple").expect("a passphrase");
        Self(dir)
    }

    /// What lies there, the passphrase aside.
    fn holds(&self) -> Vec<String> {
        let names = fs::read_dir(&self.0).expect("the directory");
        let names = names.map(|it| it.expect("a file").file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| name != "phrase").collect();
        names.sort();
        names
    }

    fn found(&self, keys: &Path, zone: &str, administrator: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_batchwright"))
            .env("BATCHWRIGHT_KEY_PASSPHRASE_FILE", self.0.join("phrase"))
            .arg("found")
            .args(["--database-url", &format!("sqlite:{}", self.0.join("site.sqlite").display())])
            .arg("--keys")
            .arg(keys)
            .args(["--name", "Plant 1", "--origin", "plant.example/one", "--zone", zone])
            .args(["--environment", "training", "--administrator", administrator])
            .args(["--printed-name", "Ada Lang"])
            .output()
            .expect("it runs")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

// finding: N16
#[test]
fn a_founding_that_is_refused_leaves_neither_tables_nor_keys() {
    let place = Place::new();
    let keys = place.0.join("keys");
    for (zone, administrator, why) in
        [("Europe/Berlni", "ada", "Europe/Berlni"), ("Europe/Berlin", "a", "user name")]
    {
        let refused = place.found(&keys, zone, administrator);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains(why), "{said}");
        assert_eq!(place.holds(), [""; 0], "{said}");
    }
    // Nothing is in the way of founding it rightly.
    let founded = place.found(&keys, "Europe/Berlin", "ada");
    assert!(founded.status.success(), "{}", String::from_utf8_lossy(&founded.stderr));
    // Another founding of the same database makes keys of nothing, and touches none.
    let names = || -> Vec<_> {
        let files = fs::read_dir(&keys).expect("its keys").map(|it| it.expect("a file").path());
        let mut all: Vec<_> =
            files.map(|path| (fs::read(&path).expect("its bytes"), path)).collect();
        all.sort();
        all
    };
    let (before, others) = (names(), place.0.join("others"));
    let again = place.found(&others, "Europe/Berlin", "ada");
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(!again.status.success() && said.contains("holds a site already"), "{said}");
    assert!(!others.exists(), "keys of no site: {said}");
    assert!(!before.is_empty() && names() == before, "the first ones stay");
}
