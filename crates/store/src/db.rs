//! The only file that speaks with sled. Its panics are caught here and become errors.

use std::{
    cell::Cell,
    fs,
    io::{self, ErrorKind},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::Once,
    time::{Duration, Instant},
};

use crate::StoreError;

/// Leaves stay under sled's limit for separate blob files (a quarter of a 512 KiB segment, 16 values a leaf).
const CHUNK: usize = 4096;

/// Puts and removals that become one atomic sled batch. A later one for the same key wins.
#[derive(Default)]
pub(crate) struct Ops(std::collections::BTreeMap<Vec<u8>, Option<Vec<u8>>>);

impl Ops {
    pub(crate) fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.0.insert(key, Some(value));
    }

    pub(crate) fn remove(&mut self, key: Vec<u8>) {
        self.0.insert(key, None);
    }
}

/// One key and its value.
pub(crate) type Pair = (Vec<u8>, Vec<u8>);

/// A sled key space.
pub(crate) struct Db {
    sled: Option<sled::Db>,
    path: PathBuf,
}

thread_local! {
    static IN_SLED: Cell<bool> = const { Cell::new(false) };
}

/// What came of it instead.
enum Fault {
    /// The operating system refused.
    System(io::Error),
    /// sled did.
    Sled(String),
}

impl Fault {
    fn error(self, doing: &'static str, path: &Path) -> StoreError {
        match self {
            // A file that ends too early or is no text is damage, no refusal.
            Fault::System(e) if matches!(e.kind(), ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput) => {
                StoreError::damaged(path, e.to_string())
            }
            Fault::System(e) => StoreError::io(doing, path)(e),
            Fault::Sled(e) => StoreError::damaged(path, e),
        }
    }
}

/// Runs something of sled's; a panic becomes a text, and is not printed as a crash of ours.
fn guarded<T>(work: impl FnOnce() -> sled::Result<T>) -> Result<T, Fault> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !IN_SLED.with(Cell::get) {
                before(info);
            }
        }));
    });
    IN_SLED.with(|f| f.set(true));
    let out = catch_unwind(AssertUnwindSafe(work));
    IN_SLED.with(|f| f.set(false));
    match out {
        Ok(Ok(v)) => Ok(v),
        Ok(Err(sled::Error::Io(e))) if e.raw_os_error().is_some() || e.kind() != ErrorKind::Other => Err(Fault::System(e)),
        Ok(Err(e)) => Err(Fault::Sled(e.to_string())),
        Err(_) => Err(Fault::Sled("sled met something that it cannot read".to_owned())),
    }
}

impl Db {
    /// Opens or creates the key space in this folder.
    pub(crate) fn open(path: &Path) -> Result<Db, StoreError> {
        let start = Instant::now();
        loop {
            // `LowSpace` and a small cache: the index is a few per cent of the journal.
            let config = sled::Config::new().path(path).cache_capacity(4 << 20).mode(sled::Mode::LowSpace).flush_every_ms(None);
            match guarded(|| config.open()) {
                Ok(sled) => return Ok(Db { sled: Some(sled), path: path.to_owned() }),
                // sled may hold its lock for a moment after a drop (spacejam/sled#1289); ours is already taken.
                Err(Fault::System(e)) if e.to_string().contains("could not acquire lock") && start.elapsed() < Duration::from_secs(2) => {
                    crate::lock::pause();
                }
                Err(Fault::Sled(e)) if e.contains("could not acquire lock") && start.elapsed() < Duration::from_secs(2) => {
                    crate::lock::pause();
                }
                Err(e) => return Err(e.error("open", path)),
            }
        }
    }

    fn sled(&self) -> Result<&sled::Db, StoreError> {
        self.sled.as_ref().ok_or_else(|| StoreError::damaged(&self.path, "it is closed"))
    }

    fn run<T>(&self, work: impl FnOnce(&sled::Db) -> sled::Result<T>) -> Result<T, StoreError> {
        let sled = self.sled()?;
        guarded(|| work(sled)).map_err(|e| match e {
            Fault::Sled(what) => self.damaged(what),
            system @ Fault::System(_) => {
                let error = system.error("write or read", &self.path);
                if error.is_of_the_system() { error } else { self.damaged(error.to_string()) }
            }
        })
    }

    /// An error, and a mark beside the folder so that the next opening looks closely.
    pub(crate) fn damaged(&self, what: impl Into<String>) -> StoreError {
        let _ = fs::write(suspect(&self.path), b"");
        StoreError::damaged(&self.path, what)
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.run(|s| Ok(s.get(key)?.map(|v| v.to_vec())))
    }

    /// All pairs whose key begins so, in order.
    pub(crate) fn scan(&self, prefix: &[u8]) -> Result<Vec<Pair>, StoreError> {
        self.run(|s| s.scan_prefix(prefix).map(|p| p.map(|(k, v)| (k.to_vec(), v.to_vec()))).collect())
    }

    /// How many keys begin with each byte.
    pub(crate) fn census(&self) -> Result<std::collections::BTreeMap<u8, u64>, StoreError> {
        self.run(|s| {
            let mut out = std::collections::BTreeMap::new();
            for key in s.iter().keys() {
                *out.entry(key?.first().copied().unwrap_or_default()).or_default() += 1;
            }
            Ok(out)
        })
    }

    /// Writes all of it or nothing, and returns when it is on disk. `keys` is kept up to date for the tables touched;
    /// `last` makes the one pair that depends on it.
    pub(crate) fn apply(
        &self,
        ops: Ops,
        keys: &mut std::collections::BTreeMap<u8, u64>,
        last: impl FnOnce(&std::collections::BTreeMap<u8, u64>) -> Pair,
    ) -> Result<(), StoreError> {
        self.run(|s| {
            let mut batch = sled::Batch::default();
            for (key, value) in ops.0 {
                let had = s.contains_key(&key)?;
                let count = keys.entry(key.first().copied().unwrap_or_default()).or_default();
                match value {
                    Some(v) => {
                        *count += u64::from(!had);
                        batch.insert(key, v);
                    }
                    None => {
                        *count = count.saturating_sub(u64::from(had));
                        batch.remove(key);
                    }
                }
            }
            keys.retain(|_, n| *n > 0);
            let (key, value) = last(keys);
            batch.insert(key, value);
            s.apply_batch(batch)?;
            s.flush().map(|_| ())
        })
    }

    /// A value of any length, cut into pieces under keys that begin with `key`.
    pub(crate) fn put_long(&self, ops: &mut Ops, key: &[u8], bytes: &[u8]) -> Result<(), StoreError> {
        for (old, _) in self.scan(key)? {
            ops.remove(old);
        }
        for (n, piece) in bytes.chunks(CHUNK).enumerate() {
            ops.put(piece_key(key, n), crate::record::seal_bytes(piece));
        }
        Ok(())
    }

    /// The value that [`Db::put_long`] wrote.
    pub(crate) fn get_long(&self, key: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut out = Vec::new();
        for (_, piece) in self.scan(key)? {
            out.extend_from_slice(crate::record::unseal_bytes(&piece).map_err(|e| self.damaged(e))?);
        }
        Ok(out)
    }
}

impl Db {
    /// Closes it; what is asked afterwards is an error.
    pub(crate) fn close(&mut self) {
        let sled = self.sled.take();
        let _ = guarded(|| {
            drop(sled);
            Ok(())
        });
    }
}

impl Drop for Db {
    fn drop(&mut self) {
        self.close();
    }
}

/// The key of the n-th piece of a long value.
pub(crate) fn piece_key(key: &[u8], n: usize) -> Vec<u8> {
    let mut out = key.to_vec();
    out.extend_from_slice(&u32::try_from(n).unwrap_or(u32::MAX).to_be_bytes());
    out
}

/// The mark that says that the folder must be looked at.
pub(crate) fn suspect(db: &Path) -> PathBuf {
    db.with_extension("suspect")
}

/// Moves sled's snapshots out of its folder: all of them, or the half-written ones only. Returns how many.
///
/// sled refuses to open beside a half-written or garbled snapshot though its log is whole (spacejam/sled#1527, #1533).
pub(crate) fn quarantine_snapshots(db: &Path, to: &Path, half_written_only: bool) -> Result<usize, StoreError> {
    let Ok(list) = fs::read_dir(db) else { return Ok(0) };
    let mut moved = 0;
    for name in list.flatten().map(|f| f.file_name()) {
        let text = name.to_string_lossy();
        if text.ends_with(".generating") || (!half_written_only && text.starts_with("snap.")) {
            fs::create_dir_all(to).map_err(StoreError::io("create", to))?;
            fs::rename(db.join(&name), to.join(&name)).map_err(StoreError::io("move away", db.join(&name)))?;
            moved += 1;
        }
    }
    Ok(moved)
}
