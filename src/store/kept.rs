//! The newest head of the log in a file beside the log key, where nobody who only writes to the database
//! can reach it: a database that is older than its own head is found at the next start.
//!
//! The file is one line with its format, the head's note, an empty line, and the frontier in hex.

use super::fault::StoreError;
use crate::seal::checkpoint::Head;
use crate::seal::frontier::Frontier;
use crate::seal::key::PublicKey;
use std::io::Write as _;
use std::path::Path;

/// The first line.
const FORMAT: &str = "batchwright.log-head/1";

/// A head as it was kept, before its signature is checked.
#[derive(Debug, Clone)]
pub(in crate::store) struct Kept {
    /// The signed note.
    pub(in crate::store) note: String,
    frontier: String,
}

impl Kept {
    /// Reads the file; `None` when there is none yet.
    pub(in crate::store) fn read(file: &Path) -> Result<Option<Self>, StoreError> {
        let unreadable = |why: &str| {
            StoreError::Process(format!(
                "{} does not hold the head of the log ({why}): without it nobody can tell whether the \
                 database is older than what was written. Restore the file from a copy of the key \
                 directory, or accept the database as it is with `batchwright restore`",
                file.display()
            ))
        };
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(unreadable(&e.to_string())),
        };
        let rest = text.strip_prefix(FORMAT).and_then(|rest| rest.strip_prefix('\n'));
        let parts = rest.and_then(|rest| rest.trim_end().rsplit_once("\n\n"));
        let (note, frontier) = parts.ok_or_else(|| unreadable("it is not of its format"))?;
        Ok(Some(Self { note: format!("{note}\n"), frontier: frontier.to_owned() }))
    }

    /// How many leaves it says the log had, signed or not.
    pub(in crate::store) fn leaves(&self) -> Option<u64> {
        self.note.lines().nth(1)?.parse().ok()
    }

    /// The head and its frontier, when the site's log key signed them.
    pub(in crate::store) fn open(
        &self,
        origin: &str,
        keys: &[PublicKey],
    ) -> Result<(Head, Frontier), String> {
        let (head, _) = Head::open(&self.note, origin, keys).map_err(|e| e.to_string())?;
        let bytes = hex::decode(&self.frontier).map_err(|e| e.to_string())?;
        let frontier = Frontier::read(head.size, &bytes).filter(|it| it.root() == head.root);
        Ok((head, frontier.ok_or("its frontier does not give its root")?))
    }

    /// Writes the newest head so that a reader sees the old or the new one, never half of one.
    pub(in crate::store) fn write(
        file: &Path,
        head: &Head,
        frontier: &Frontier,
    ) -> Result<(), StoreError> {
        let frontier = hex::encode(frontier.to_bytes());
        replace(file, &format!("{FORMAT}\n{}\n{frontier}\n", head.note))
    }
}

/// Puts a text in a file's place at once.
pub(in crate::store) fn replace(file: &Path, text: &str) -> Result<(), StoreError> {
    let mut fresh = file.as_os_str().to_owned();
    fresh.push(".new");
    let written = std::fs::File::create(&fresh).and_then(|mut new| {
        new.write_all(text.as_bytes())?;
        new.sync_data()?;
        std::fs::rename(&fresh, file)
    });
    written.map_err(|e| StoreError::Process(format!("{} cannot be written: {e}", file.display())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::checkpoint::LogSigner;
    use crate::seal::key::{KeyKind, PrivateKey};

    fn known(leaves: u8, signer: &LogSigner) -> (Head, Frontier) {
        let mut frontier = Frontier::new();
        (0..leaves).for_each(|n| {
            frontier.push(&[n; 32]);
        });
        let head = signer.head(3, frontier.size(), frontier.root(), 1_000_000).expect("signed");
        (head, frontier)
    }

    #[test]
    fn a_kept_head_comes_back_and_stands_only_under_its_key() {
        let file = std::env::temp_dir().join(format!("head-{}", uuid::Uuid::now_v7()));
        assert!(Kept::read(&file).expect("no file").is_none());
        let key = |n| PrivateKey::generate(KeyKind::Ed25519, &[n; 32]);
        let signer = LogSigner::new("a.example/log", &key(1)).expect("a signer");
        for leaves in [1, 7, 8] {
            let known = known(leaves, &signer);
            Kept::write(&file, &known.0, &known.1).expect("written");
            let kept = Kept::read(&file).expect("readable").expect("there");
            let opened = kept.open("a.example/log", &[key(1).public()]).expect("stands");
            assert_eq!(opened, known);
            assert!(kept.open("a.example/log", &[key(2).public()]).is_err());
            let text = std::fs::read_to_string(&file).expect("the file");
            let other = Kept { frontier: "00".repeat(32), ..kept };
            assert!(other.open("a.example/log", &[key(1).public()]).is_err());
            std::fs::write(&file, text.replace("log-head/1", "log-head/2")).expect("changed");
            assert!(Kept::read(&file).is_err());
        }
        std::fs::remove_file(&file).expect("removed");
    }
}
