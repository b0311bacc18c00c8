use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

use serde::{Deserialize, Serialize};

use crate::StoreError;

/// The newest format of stores that this program reads and writes. 2: relations and texts have names in the index; a journal of
/// format 1 is read as it is, and its index made again. 3: the journal has a file for each month; an older one is gone on with. 4: titles
/// of drafts have names in the index.
pub(crate) const FORMAT: u32 = 4;

/// The witness outside sled and the journal: what was acknowledged last. It is what notices a silent loss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) format: u32,
    /// The journal file in use.
    pub(crate) generation: u32,
    /// The last acknowledged batch.
    pub(crate) batch: u64,
    pub(crate) documents: u64,
    pub(crate) events: u64,
    /// The length of the journal after that batch.
    pub(crate) bytes: u64,
    /// The chain's hash at that batch.
    pub(crate) hash: String,
}

impl Head {
    /// Reads `head.json`. A head that is missing or cannot be read is `Ok(None)`: the journal then speaks for itself.
    pub(crate) fn read(dir: &Path) -> Result<Option<Head>, StoreError> {
        let path = dir.join("head.json");
        let text = match fs::read_to_string(&path) {
            Ok(t) => t,
            Err(e) if matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::InvalidData) => return Ok(None),
            Err(e) => return Err(StoreError::io("read", &path)(e)),
        };
        let format = serde_json::from_str::<serde_json::Value>(&text).ok().and_then(|v| v["format"].as_u64());
        match format {
            Some(f) if f > u64::from(FORMAT) => {
                Err(StoreError::Newer { path: dir.to_owned(), format: u32::try_from(f).unwrap_or(u32::MAX), known: FORMAT })
            }
            _ => Ok(serde_json::from_str(&text).ok()),
        }
    }

    /// Writes `head.json` so that at any moment the old or the new one is there.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), StoreError> {
        let text = serde_json::to_string(self).unwrap_or_default() + "\n";
        replace_file(&dir.join("head.json"), text.as_bytes())
    }
}

/// Temporary file, fsync, rename, fsync of the folder.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let tmp = path.with_extension("tmp");
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&tmp)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&tmp, path)
    };
    write().map_err(StoreError::io("write", path))?;
    sync_dir(path.parent().unwrap_or(Path::new(".")))
}

/// Makes renames and new files in the folder last.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    File::open(dir).and_then(|f| f.sync_all()).map_err(StoreError::io("sync the folder", dir))?;
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}
