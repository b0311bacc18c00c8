//! A mail server on loopback that behaves as a test wants: each step of the conversation asks the test what to answer.

use std::{
    io::{BufRead, BufReader, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Somebody connected.
    Connect,
    /// `EHLO` or `HELO`, with its line.
    Hello(&'a str),
    /// `STARTTLS`.
    StartTls,
    /// `AUTH` or an answer to its challenge, with its line.
    Auth(&'a str),
    /// `MAIL FROM`, with its line.
    Mail(&'a str),
    /// `RCPT TO`, with its line.
    Rcpt(&'a str),
    /// `DATA`.
    Data,
    /// The dot after the message.
    End,
    /// `RSET`, `NOOP`, `QUIT` or anything else.
    Other(&'a str),
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// These bytes.
    Say(String),
    /// These bytes, then the connection is closed.
    SayAndClose(String),
    /// Nothing, for ever.
    Hang,
    /// The connection is closed without a word.
    Close,
    /// The message is taken for good, whatever is answered.
    Keep(Box<Reply>),
}

/// What a well-behaved server answers. It has no extensions at all.
pub fn usual(step: Step<'_>) -> Reply {
    let text = match step {
        Step::Connect => "220 stub ESMTP\r\n",
        Step::Hello(_) => "250-stub greets you\r\n250-SIZE 10000000\r\n250 HELP\r\n",
        Step::StartTls => "502 no\r\n",
        Step::Auth(_) => "503 no\r\n",
        Step::Mail(_) => "250 2.1.0 sender ok\r\n",
        Step::Rcpt(_) => "250 2.1.5 recipient ok\r\n",
        Step::Data => "354 go ahead\r\n",
        Step::End => return Reply::Keep(Box::new(Reply::Say("250-2.0.0 taken\r\n250 2.0.0 as number 1\r\n".to_owned()))),
        Step::Other(line) if line.to_ascii_uppercase().starts_with("QUIT") => return Reply::SayAndClose("221 bye\r\n".to_owned()),
        Step::Other(_) => "250 ok\r\n",
    };
    Reply::Say(text.to_owned())
}

/// One message that the server took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The line with the recipient.
    pub to: String,
    /// The message without dot-stuffing.
    pub data: String,
}

#[derive(Default)]
struct Seen {
    arrived: Vec<Arrived>,
    /// Every line of every client, `connect` for a connection and `end` for the dot.
    lines: Vec<String>,
    over: bool,
}

type Manner = dyn Fn(usize, Step<'_>) -> Reply + Send + Sync;

/// The server. It ends with the value.
pub struct Smtp {
    /// Where it listens.
    pub address: SocketAddr,
    seen: Arc<(Mutex<Seen>, Condvar)>,
}

fn lock(seen: &(Mutex<Seen>, Condvar)) -> MutexGuard<'_, Seen> {
    seen.0.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Smtp {
    /// Starts a server that asks `manner` at each step, with the number of the connection (from 0).
    ///
    /// # Panics
    /// When loopback has no free port.
    pub fn start(manner: impl Fn(usize, Step<'_>) -> Reply + Send + Sync + 'static) -> Smtp {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let seen: Arc<(Mutex<Seen>, Condvar)> = Arc::default();
        let (manner, shared): (Arc<Manner>, _) = (Arc::new(manner), seen.clone());
        thread::spawn(move || {
            for (n, stream) in listener.incoming().enumerate() {
                if lock(&shared).over {
                    break;
                }
                let (manner, seen) = (manner.clone(), shared.clone());
                if let Ok(stream) = stream {
                    thread::spawn(move || Talk { n, stream, manner, seen }.run());
                }
            }
        });
        Smtp { address, seen }
    }

    /// What it took.
    pub fn arrived(&self) -> Vec<Arrived> {
        lock(&self.seen).arrived.clone()
    }

    /// What clients said.
    pub fn lines(&self) -> Vec<String> {
        lock(&self.seen).lines.clone()
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.lines().iter().filter(|l| *l == "connect").count()
    }

    /// Waits until a client said a line that begins so, `times` times; false when a minute passed first.
    pub fn wait_for(&self, start: &str, times: usize) -> bool {
        let (_, bell) = &*self.seen;
        let guard = lock(&self.seen);
        let not_yet = |s: &mut Seen| s.lines.iter().filter(|l| l.starts_with(start)).count() < times;
        let (_guard, timed) = bell.wait_timeout_while(guard, Duration::from_secs(60), not_yet).unwrap_or_else(PoisonError::into_inner);
        !timed.timed_out()
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        lock(&self.seen).over = true;
        // Wakes the listener.
        let _ = TcpStream::connect(self.address);
    }
}

struct Talk {
    n: usize,
    stream: TcpStream,
    manner: Arc<Manner>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
}

impl Talk {
    fn note(&self, line: &str) {
        lock(&self.seen).lines.push(line.to_owned());
        self.seen.1.notify_all();
    }

    /// Does as the test says; false when the conversation is over.
    fn answer(&mut self, reply: Reply, message: Option<&Arrived>) -> bool {
        match reply {
            Reply::Say(text) => self.stream.write_all(text.as_bytes()).is_ok(),
            Reply::SayAndClose(text) => {
                let _ = self.stream.write_all(text.as_bytes());
                let _ = self.stream.shutdown(Shutdown::Both);
                false
            }
            Reply::Close => {
                let _ = self.stream.shutdown(Shutdown::Both);
                false
            }
            Reply::Hang => true,
            Reply::Keep(inner) => {
                lock(&self.seen).arrived.extend(message.cloned());
                self.answer(*inner, None)
            }
        }
    }

    fn run(mut self) {
        let manner = self.manner.clone();
        self.note("connect");
        let Ok(read) = self.stream.try_clone() else { return };
        if !self.answer(manner(self.n, Step::Connect), None) {
            return;
        }
        let (mut to, mut login) = (String::new(), false);
        let mut read = BufReader::new(read);
        let mut line = String::new();
        while {
            line.clear();
            read.read_line(&mut line).is_ok_and(|n| n > 0)
        } {
            let said = line.trim_end().to_owned();
            self.note(&said);
            let word = said.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let step = match word.as_str() {
                "EHLO" | "HELO" => Step::Hello(&said),
                "STARTTLS" => Step::StartTls,
                "AUTH" => Step::Auth(&said),
                "MAIL" => Step::Mail(&said),
                "RCPT" => {
                    to.clone_from(&said);
                    Step::Rcpt(&said)
                }
                "DATA" => Step::Data,
                "RSET" | "NOOP" | "QUIT" => Step::Other(&said),
                _ if login => Step::Auth(&said),
                _ => Step::Other(&said),
            };
            let reply = manner(self.n, step);
            login = matches!(step, Step::Auth(_)) && matches!(&reply, Reply::Say(t) if t.starts_with("334"));
            let go = step == Step::Data && matches!(&reply, Reply::Say(t) if t.starts_with("354"));
            if !self.answer(reply, None) {
                return;
            }
            if go {
                let mut data = String::new();
                loop {
                    line.clear();
                    match read.read_line(&mut line) {
                        Ok(n) if n > 0 && line != ".\r\n" => data.push_str(line.strip_prefix('.').unwrap_or(&line)),
                        Ok(n) if n > 0 => break,
                        _ => return,
                    }
                }
                self.note("end");
                let message = Arrived { to: to.clone(), data };
                if !self.answer(manner(self.n, Step::End), Some(&message)) {
                    return;
                }
            }
        }
    }
}
