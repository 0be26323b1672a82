//! The key files of a site: where they lie, how they are opened and made.

use super::files;
use crate::cli::house::{NewSite, Site};
use crate::domain::site::Environment;
use crate::identity::password_policy::temporary_password;
use crate::identity::site_keys::{ServingKeys, SiteKeyFailure, SiteKeys, file_cost};
use std::path::{Path, PathBuf};

/// The SQLite file of a site, if it is one.
pub fn sqlite_file(site: &Site) -> Option<PathBuf> {
    let path = ["sqlite://", "sqlite:"].iter().find_map(|s| site.database_url.strip_prefix(s));
    path.map(PathBuf::from)
}

/// Where a site's key files lie: as named, or `keys/` beside the SQLite file.
fn keys_dir(site: &Site) -> Result<PathBuf, String> {
    if let Some(dir) = &site.keys {
        return Ok(dir.clone());
    }
    let file = sqlite_file(site).ok_or(
        "name the directory of the site's key files with --keys: there is no SQLite file to look beside",
    )?;
    Ok(file.parent().unwrap_or(Path::new("")).join("keys"))
}

/// Where the newest head of the log is kept: beside the log key.
pub fn head_file(site: &Site) -> Result<PathBuf, String> {
    Ok(keys_dir(site)?.join("log.head"))
}

/// The passphrase of the key files: from the named file, else from `passphrase` beside them.
fn passphrase(dir: &Path) -> Result<String, String> {
    let beside = dir.join("passphrase");
    let path = super::passphrase_file().unwrap_or(beside);
    let bytes = files::read(&path).map_err(|e| {
        format!("{e}; name the file that holds the key passphrase in {}", super::PASSPHRASE_FILE)
    })?;
    String::from_utf8(bytes).map_err(|_| format!("{} is not text", path.display()))
}

/// Opens all of a site's key files: what a further administrator needs.
pub fn open_keys(site: &Site) -> Result<SiteKeys, String> {
    opened(site, |phrase, dir| SiteKeys::from_file_bytes(phrase, |name| at(dir, name)))
}

/// Opens the key files that serving needs; the founding key's is not touched.
pub fn open_serving_keys(site: &Site) -> Result<ServingKeys, String> {
    opened(site, |phrase, dir| ServingKeys::open(phrase, |name| at(dir, name)))
}

fn at(dir: &Path, name: &str) -> Option<Vec<u8>> {
    files::read(&dir.join(name)).ok()
}

fn opened<T>(
    site: &Site,
    open: impl FnOnce(&str, &Path) -> Result<T, SiteKeyFailure>,
) -> Result<T, String> {
    let dir = keys_dir(site)?;
    let passphrase = passphrase(&dir)?;
    open(&passphrase, &dir)
        .map_err(|e| format!("the key files in {} cannot be opened: {e}", dir.display()))
}

/// The keys of a site that is to be, with the files that hold them. None is written yet.
pub struct NewKeys {
    /// The keys.
    pub keys: SiteKeys,
    files: Vec<(PathBuf, Vec<u8>)>,
    /// The directory, where it is made for them.
    dir: Option<PathBuf>,
}

impl NewKeys {
    /// Makes a site's keys.
    pub fn of(new: &NewSite) -> Result<Self, String> {
        let dir = keys_dir(&new.site)?;
        if files::names(&dir)?.iter().any(|name| name.ends_with(".key.json")) {
            return Err(format!("{} holds key files already; nothing was touched", dir.display()));
        }
        let mut files = Vec::new();
        let phrase = match super::passphrase_file() {
            Some(path) => {
                String::from_utf8(files::read(&path)?).map_err(|_| "the passphrase is not text")?
            }
            None if new.environment != Environment::Demo => {
                return Err(format!(
                    "name the file that holds the passphrase of the new key files in {}: a passphrase that lies beside its keys protects nothing",
                    super::PASSPHRASE_FILE
                ));
            }
            None => {
                let fresh = temporary_password().to_string();
                files.push((dir.join("passphrase"), fresh.as_bytes().to_vec()));
                fresh
            }
        };
        let keys = SiteKeys::generate();
        let sealed = keys
            .to_file_bytes(&phrase, file_cost(new.environment))
            .map_err(|e| format!("the keys cannot be sealed: {e}"))?;
        files.extend(sealed.into_iter().map(|(name, bytes)| (dir.join(name), bytes)));
        Ok(Self { keys, files, dir: (!dir.exists()).then_some(dir) })
    }

    /// Writes the files; nothing that is there is overwritten.
    pub fn write(&self) -> Result<(), String> {
        self.files.iter().try_for_each(|(path, bytes)| files::write(path, bytes, true))
    }

    /// Takes the files away again: no site was founded that needs them.
    pub fn remove(&self) -> Result<(), String> {
        self.files.iter().try_for_each(|(path, _)| files::remove(path))?;
        self.dir.as_deref().map_or(Ok(()), files::remove_dir)
    }
}
