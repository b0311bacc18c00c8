use std::{
    borrow::Cow,
    fmt,
    fs::File,
    io::{self, Read, Write},
    sync::Arc,
};

/// Bodies above this size are kept in a temporary file.
const IN_MEMORY: u64 = 4 << 20;
/// A body in memory grows by so much at least.
const GROWTH: usize = 32 << 10;

/// A decoded body. Cheap to clone; a large one lies in an unlinked temporary file.
#[derive(Clone)]
pub struct Body {
    /// The whole `Content-Type` value.
    pub media_type: Option<String>,
    /// blake3 (hex) of the decoded bytes.
    pub hash: String,
    /// How many bytes.
    pub len: u64,
    data: Arc<Data>,
}

enum Data {
    Memory(Vec<u8>),
    File(File),
    /// In a file that others lie in as well, from this byte on.
    Part(Arc<File>, u64),
}

impl Body {
    /// A body in memory.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>, media_type: Option<String>) -> Self {
        let bytes = bytes.into();
        Body { media_type, hash: blake3::hash(&bytes).to_hex().to_string(), len: bytes.len() as u64, data: Arc::new(Data::Memory(bytes)) }
    }

    /// Reads it from the beginning; several readers may be open at once.
    ///
    /// # Errors
    /// Reading fails when the temporary file does.
    pub fn reader(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Reader { data: Arc::clone(&self.data), position: 0, len: self.len }))
    }

    /// The bytes, if they are in memory.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &*self.data {
            Data::Memory(bytes) => Some(bytes),
            Data::File(_) | Data::Part(..) => None,
        }
    }

    /// The bytes, wherever they are: loads a spooled body into memory.
    ///
    /// # Errors
    /// When the temporary file cannot be read.
    pub fn load(&self) -> io::Result<Cow<'_, [u8]>> {
        match &*self.data {
            Data::Memory(bytes) => Ok(Cow::Borrowed(bytes)),
            Data::File(_) | Data::Part(..) => self.prefix(self.len).map(Cow::Owned),
        }
    }

    /// The first `n` bytes.
    pub(crate) fn prefix(&self, n: u64) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        self.reader()?.take(n).read_to_end(&mut out)?;
        Ok(out)
    }

    /// What keeping it costs, in bytes of memory; a file counts as much as a file handle is dear, and disk a quarter of memory.
    pub(crate) fn weight(&self) -> u64 {
        match &*self.data {
            Data::Memory(bytes) => bytes.len() as u64,
            Data::File(_) => 1 << 20,
            Data::Part(..) => self.len / 4,
        }
    }

    /// The same body out of memory, to be kept. It stays where it is when the file cannot be written.
    pub(crate) fn set_aside(&self, spool: &mut Spool) -> Body {
        let part = match &*self.data {
            Data::Memory(bytes) => spool.add(bytes),
            Data::File(_) | Data::Part(..) => None,
        };
        Body { data: part.map_or_else(|| Arc::clone(&self.data), Arc::new), ..self.clone() }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("media_type", &self.media_type)
            .field("hash", &self.hash)
            .field("len", &self.len)
            .finish_non_exhaustive()
    }
}

struct Reader {
    data: Arc<Data>,
    position: u64,
    len: u64,
}

impl Read for Reader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = match &*self.data {
            Data::Memory(bytes) => {
                let rest = usize::try_from(self.position).ok().and_then(|p| bytes.get(p..)).unwrap_or_default();
                let n = rest.len().min(buf.len());
                buf[..n].copy_from_slice(&rest[..n]);
                n
            }
            Data::File(file) => read_at(file, buf, self.position)?,
            Data::Part(file, begin) => {
                let rest = usize::try_from(self.len.saturating_sub(self.position)).unwrap_or(usize::MAX).min(buf.len());
                read_at(file, &mut buf[..rest], begin + self.position)?
            }
        };
        self.position += n as u64;
        Ok(n)
    }

    /// All that is left, in as few pieces as the system gives.
    fn read_to_end(&mut self, out: &mut Vec<u8>) -> io::Result<usize> {
        let begin = out.len();
        let left = usize::try_from(self.len.saturating_sub(self.position)).unwrap_or(usize::MAX);
        out.try_reserve_exact(left)?;
        out.resize(begin + left, 0);
        let mut end = begin;
        while end < out.len() {
            match self.read(&mut out[end..]) {
                Ok(0) => break,
                Ok(n) => end += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    out.truncate(end);
                    return Err(e);
                }
            }
        }
        out.truncate(end);
        Ok(end - begin)
    }
}

#[cfg(unix)]
fn read_at(file: &File, buf: &mut [u8], position: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buf, position)
}

#[cfg(windows)]
fn read_at(file: &File, buf: &mut [u8], position: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buf, position)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], position: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, position)
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut position: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let n = std::os::windows::fs::FileExt::seek_write(file, bytes, position)?;
        bytes = &bytes[n..];
        position += n as u64;
    }
    Ok(())
}

/// A temporary file is followed by a new one at this length; it goes with the last body that lies in it.
const SPOOL: u64 = 64 << 20;

/// A temporary file for bodies that somebody may ask for again.
#[derive(Default)]
pub(crate) struct Spool(Option<(Arc<File>, u64)>);

impl Spool {
    fn add(&mut self, bytes: &[u8]) -> Option<Data> {
        if self.0.as_ref().is_none_or(|(_, end)| *end >= SPOOL) {
            self.0 = Some((Arc::new(tempfile::tempfile().ok()?), 0));
        }
        let (file, end) = self.0.as_mut()?;
        let begin = *end;
        write_at(file, bytes, begin).ok()?;
        *end += bytes.len() as u64;
        Some(Data::Part(Arc::clone(file), begin))
    }
}

/// Why a body could not be taken in.
#[derive(Debug)]
pub(crate) enum Full {
    /// It is larger than allowed.
    TooLarge,
    /// The temporary file failed.
    Io(io::Error),
}

/// Takes a body in, piece by piece, within its limit.
pub(crate) struct Sink {
    hasher: blake3::Hasher,
    len: u64,
    max: u64,
    trim: bool,
    memory: Vec<u8>,
    file: Option<File>,
}

impl Sink {
    /// A body of more than `max` bytes is an error.
    pub(crate) fn capped(max: u64) -> Self {
        Sink { hasher: blake3::Hasher::new(), len: 0, max, trim: false, memory: Vec::new(), file: None }
    }

    /// Only the first `max` bytes are wanted (error pages, robots.txt).
    pub(crate) fn trimmed(max: u64) -> Self {
        Sink { trim: true, ..Self::capped(max) }
    }

    /// Whether a body of this length would not be taken.
    pub(crate) fn refuses(&self, len: u64) -> bool {
        !self.trim && len > self.max
    }

    /// Takes a piece; false says that no more is wanted.
    pub(crate) fn take(&mut self, mut piece: &[u8]) -> Result<bool, Full> {
        let room = self.max - self.len;
        let over = piece.len() as u64 > room;
        if over {
            if !self.trim {
                return Err(Full::TooLarge);
            }
            piece = &piece[..usize::try_from(room).unwrap_or(piece.len())];
        }
        self.hasher.update(piece);
        self.len += piece.len() as u64;
        match &mut self.file {
            Some(file) => file.write_all(piece).map_err(Full::Io)?,
            None => {
                // Grown by a quarter and not twofold: many bodies are under way at once.
                if self.memory.capacity() - self.memory.len() < piece.len() {
                    self.memory.reserve_exact(piece.len().max(GROWTH).max(self.memory.len() / 4));
                }
                self.memory.extend_from_slice(piece);
            }
        }
        if self.file.is_none() && self.memory.len() as u64 > IN_MEMORY {
            let mut file = tempfile::tempfile().map_err(Full::Io)?;
            file.write_all(&self.memory).map_err(Full::Io)?;
            self.memory = Vec::new();
            self.file = Some(file);
        }
        Ok(!over)
    }

    /// Takes all of `from` that is wanted.
    pub(crate) fn take_all(&mut self, from: &mut dyn Read) -> Result<(), Full> {
        let mut buf = vec![0; 64 << 10];
        loop {
            match from.read(&mut buf) {
                Ok(0) => return Ok(()),
                Ok(n) => {
                    if !self.take(&buf[..n])? {
                        return Ok(());
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(Full::Io(e)),
            }
        }
    }

    /// The body.
    pub(crate) fn finish(self, media_type: Option<String>) -> Body {
        let data = match self.file {
            Some(file) => Data::File(file),
            None => Data::Memory(self.memory),
        };
        Body { media_type, hash: self.hasher.finalize().to_hex().to_string(), len: self.len, data: Arc::new(data) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_body_lies_in_a_file_and_two_readers_do_not_disturb_each_other() {
        let piece = vec![b'x'; 3 << 20];
        let mut sink = Sink::capped(16 << 20);
        assert!(sink.take(&piece).expect("fits") && sink.take(b"middle").expect("fits") && sink.take(&piece).expect("fits"));
        let body = sink.finish(None);
        assert!(body.bytes().is_none());
        let (mut a, mut b) = (body.reader().expect("a reader"), body.reader().expect("a reader"));
        let (mut first, mut all) = ([0; 10], Vec::new());
        a.read_exact(&mut first).expect("ten bytes");
        b.read_to_end(&mut all).expect("all");
        assert_eq!(all.len() as u64, body.len);
        assert_eq!(blake3::hash(&all).to_hex().to_string(), body.hash);
        assert_eq!(*body.load().expect("loads"), all[..]);
    }

    #[test]
    fn bodies_set_aside_lie_side_by_side_in_one_file() {
        let mut spool = Spool::default();
        let bodies: Vec<Body> = ["first", "", "a second one"].map(|t| Body::from_bytes(t, None).set_aside(&mut spool)).into();
        for (body, text) in bodies.iter().zip(["first", "", "a second one"]) {
            assert!(body.bytes().is_none(), "not in memory");
            assert_eq!((body.len, &*body.load().expect("loads")), (text.len() as u64, text.as_bytes()));
            assert_eq!(body.prefix(3).expect("reads"), &text.as_bytes()[..text.len().min(3)]);
        }
    }

    #[test]
    fn more_than_the_cap_is_an_error_and_never_a_trim() {
        let mut sink = Sink::capped(4);
        assert!(sink.take(b"1234").expect("just fits"));
        assert!(matches!(sink.take(b"5"), Err(Full::TooLarge)));
        let mut page = Sink::trimmed(4);
        assert!(!page.take(b"12345").expect("trimmed"));
        assert_eq!(page.finish(None).bytes(), Some(&b"1234"[..]));
    }
}
