//! Reading and writing whole files, with errors that name them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|e| format!("{} cannot be read: {e}", path.display()))
}

/// Writes a whole file durably: first beside it, then in its place.
pub fn write(path: &Path, bytes: &[u8], private: bool) -> Result<(), String> {
    let fail = |e: std::io::Error| format!("{} cannot be written: {e}", path.display());
    let parent = path.parent().filter(|dir| !dir.as_os_str().is_empty() && !dir.exists());
    if let Some(dir) = parent {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt;
            builder.mode(if private { 0o700 } else { 0o755 });
        }
        builder.create(dir).map_err(fail)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if private { 0o600 } else { 0o644 });
    }
    let mut file = options.open(&beside).map_err(fail)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fail)?;
    fs::rename(&beside, path).map_err(fail)
}

/// Takes a file away, if it is there.
pub fn remove(path: &Path) -> Result<(), String> {
    gone(path, fs::remove_file(path))
}

/// Takes an empty directory away, if it is there.
pub fn remove_dir(path: &Path) -> Result<(), String> {
    gone(path, fs::remove_dir(path))
}

fn gone(path: &Path, removed: std::io::Result<()>) -> Result<(), String> {
    match removed {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("{} cannot be removed: {e}", path.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Names in a directory; none when it is not there.
pub fn names(dir: &Path) -> Result<Vec<String>, String> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let fail = |e: std::io::Error| format!("{} cannot be read: {e}", dir.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).map_err(fail)? {
        names.push(entry.map_err(fail)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Lets only the owner read and write a file: the database holds password verifiers.
pub fn own_eyes_only(path: &Path) -> Result<(), String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))
            .map_err(|e| format!("{} cannot be closed to others: {e}", path.display()))?;
    }
    Ok(())
}
