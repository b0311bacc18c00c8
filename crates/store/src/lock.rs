use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::Path,
    time::{Duration, Instant},
};

use monitor_model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::StoreError;

/// The name plate in the lock file. It only informs; what locks is the advisory lock on the file.
#[derive(Serialize, Deserialize)]
struct Holder {
    pid: u32,
    host: String,
    command: String,
    since: Timestamp,
}

/// The store's lock, held until dropped. A dead holder's file is no obstacle: the system frees its lock.
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock of the folder, waiting up to `wait`.
    pub(crate) fn take(dir: &Path, command: &str, now: Timestamp, wait: Duration) -> Result<Lock, StoreError> {
        let path = dir.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(StoreError::io("open the lock file", &path))?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if start.elapsed() < wait => pause(),
                Err(TryLockError::WouldBlock) => return Err(held(dir, &mut file)),
                Err(TryLockError::Error(e)) => return Err(StoreError::io("lock", &path)(e)),
            }
        }
        let holder = Holder { pid: std::process::id(), host: host(), command: command.to_owned(), since: now };
        let text = serde_json::to_string(&holder).unwrap_or_default();
        file.set_len(0).and_then(|()| writeln!(file, "{text}")).map_err(StoreError::io("write", &path))?;
        Ok(Lock { file })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // An empty file says that the holder left in good order.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

fn held(dir: &Path, file: &mut File) -> StoreError {
    let mut text = String::new();
    let _ = file.rewind();
    let _ = file.take(4096).read_to_string(&mut text);
    let holder: Option<Holder> = serde_json::from_str(&text).ok();
    // The age is real time, whatever `--now` says on either side.
    let age = file.metadata().and_then(|m| m.modified()).ok().and_then(|t| t.elapsed().ok()).unwrap_or_default();
    StoreError::Locked {
        path: dir.to_owned(),
        pid: holder.as_ref().map_or(0, |h| h.pid),
        command: holder.as_ref().map_or_else(|| "unknown".to_owned(), |h| format!("{} on {}", h.command, h.host)),
        since: holder.map(|h| h.since),
        age,
    }
}

/// A short wait for another process. How long in all is the caller's argument ([`crate::OpenOptions::wait`]).
#[expect(clippy::disallowed_methods, reason = "another process frees the lock, no clock of ours; the store may not import fetch")]
pub(crate) fn pause() {
    std::thread::sleep(Duration::from_millis(10));
}

fn host() -> String {
    std::fs::read_to_string("/etc/hostname")
        .ok()
        .map(|s| s.trim().to_owned())
        .filter(|s| !s.is_empty())
        .or_else(|| std::env::var("HOSTNAME").or_else(|_| std::env::var("COMPUTERNAME")).ok())
        .unwrap_or_else(|| "this host".to_owned())
}
