//! The folder channel: every file whole or not at all.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Component, Path, PathBuf},
};

use monitor_model::Rendered;

use crate::DeliverError;

fn io(path: &Path, e: std::io::Error) -> DeliverError {
    DeliverError::Folder { path: path.to_owned(), why: e.to_string() }
}

/// A file name and nothing else: it cannot lead out of the folder.
pub(crate) fn check_name(name: &str) -> Result<(), DeliverError> {
    let plain = matches!(Path::new(name).components().collect::<Vec<_>>().as_slice(), [Component::Normal(n)] if **n == *name);
    if plain && !name.starts_with('.') { Ok(()) } else { Err(DeliverError::Name(name.to_owned())) }
}

/// Writes all files: first beside their places, then, when all are on disk, into them.
pub(crate) fn write(files: &[Rendered], folder: &Path) -> Result<(), DeliverError> {
    fs::create_dir_all(folder).map_err(|e| io(folder, e))?;
    let mut ready: Vec<(PathBuf, PathBuf)> = Vec::with_capacity(files.len());
    let written = files.iter().try_for_each(|f| {
        let place = folder.join(&f.name);
        let beside = folder.join(format!(".{}.part", f.name));
        ready.push((beside.clone(), place));
        let mut file = File::create(&beside).map_err(|e| io(&beside, e))?;
        file.write_all(&f.bytes).and_then(|()| file.sync_all()).map_err(|e| io(&beside, e))
    });
    let moved = written.and_then(|()| ready.iter().try_for_each(|(beside, place)| fs::rename(beside, place).map_err(|e| io(place, e))));
    if let Err(e) = moved {
        for (beside, _) in &ready {
            // What is left over is hidden and is overwritten by the next try.
            let _ = fs::remove_file(beside);
        }
        return Err(e);
    }
    // A rename is on disk when its folder is; not every system can sync a folder.
    if let Ok(dir) = File::open(folder) {
        let _ = dir.sync_all();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_written() {
        for bad in ["../a", "/etc/passwd", "a/b", "", ".", "..", ".hidden", "a/"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
        assert!(check_name("2026-10-monthly.html").is_ok());
    }
}
