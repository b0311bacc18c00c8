//! One conversation with a mail server, step by step: the ledger must know before which step a crash is harmless.

use lettre::{
    Address,
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::{Certificate, SmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
        response::Response,
    },
};

use crate::{Server, Tls};

/// What went wrong, and what it means for the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    /// The server's number, if it gave one.
    pub(crate) code: Option<u16>,
    /// The server's words or the system's.
    pub(crate) words: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Not taken; it may be tried again later.
    ForNow,
    /// Not taken, and a second try would be answered in the same way.
    ForGood,
    /// The server has the message and nobody knows what it made of it.
    Unknown,
}

/// Printable, in one line, and not without end: what a server says goes into the ledger and onto terminals.
pub(crate) fn plain(words: &str) -> String {
    let line: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 300 { line.chars().take(299).chain(['…']).collect() } else { line }
}

/// The error with its causes, because the outer one often says no more than “connection error”.
fn words_of(e: &Error) -> String {
    let mut text = e.to_string();
    let mut cause = std::error::Error::source(e);
    while let Some(c) = cause {
        let more = c.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = c.source();
    }
    plain(&text)
}

fn code_of(e: &Error) -> Option<u16> {
    e.status().map(u16::from)
}

fn words(r: &Response) -> String {
    plain(&format!("{} {}", u16::from(r.code()), r.message().collect::<Vec<_>>().join(" ")))
}

/// A fault of the connection or of the server as a whole: nothing was handed over, and another hour may be better.
fn for_now(step: &str, e: &Error) -> Fault {
    Fault { kind: Kind::ForNow, code: code_of(e), words: format!("{step}: {}", words_of(e)) }
}

fn odd(step: &str, r: &Response) -> Fault {
    Fault { kind: Kind::ForNow, code: Some(r.code().into()), words: format!("{step}: an answer that does not belong there: {}", words(r)) }
}

pub(crate) struct Session {
    wire: SmtpConnection,
    /// Whether the next message may go over the same connection.
    sound: bool,
}

impl Session {
    /// Connects, encrypts as the server's entry demands, and logs in.
    pub(crate) fn open(server: &Server) -> Result<Session, Fault> {
        let local = |what: String| Fault { kind: Kind::ForNow, code: None, words: plain(&what) };
        let hello = server.hello.clone().map_or_else(ClientId::default, ClientId::Domain);
        let parameters = match server.tls {
            Tls::None => None,
            Tls::Implicit | Tls::StartTls => {
                let mut tls = TlsParameters::builder(server.host.clone());
                if let Some(pem) = &server.ca {
                    tls = tls.add_root_certificate(Certificate::from_pem(pem).map_err(|e| local(format!("ca_file: {e}")))?);
                }
                Some(tls.build().map_err(|e| local(format!("TLS cannot be set up: {e}")))?)
            }
        };
        let wrapped = parameters.as_ref().filter(|_| server.tls == Tls::Implicit);
        let place = (server.host.as_str(), server.port);
        let mut wire = SmtpConnection::connect(place, Some(server.timeout), &hello, wrapped, None)
            .map_err(|e| for_now(&format!("{}:{} does not greet as a mail server", server.host, server.port), &e))?;
        if let (Tls::StartTls, Some(parameters)) = (server.tls, &parameters) {
            if !wire.can_starttls() {
                return Err(local(format!(
                    "{} does not offer STARTTLS, and without it nothing is sent: check the port, or write tls = \"implicit\" or \"none\"",
                    server.host
                )));
            }
            wire.starttls(parameters, &hello).map_err(|e| for_now("STARTTLS", &e))?;
        }
        if let Some(login) = &server.login {
            let credentials = Credentials::new(login.user.clone(), login.password.clone());
            let said = wire.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).map_err(|e| for_now("login", &e))?;
            if !said.has_code(235) {
                return Err(odd("login", &said));
            }
        }
        Ok(Session { wire, sound: true })
    }

    /// Whether another message may follow.
    pub(crate) fn is_sound(&self) -> bool {
        self.sound
    }

    /// One command before the message: a refusal concerns this recipient, everything else the connection.
    fn ask(&mut self, step: &str, command: impl std::fmt::Display) -> Result<(), Fault> {
        match self.wire.command(command) {
            Ok(r) if (200..300).contains(&u16::from(r.code())) => Ok(()),
            Ok(r) => {
                self.sound = false;
                Err(odd(step, &r))
            }
            Err(e) => {
                let kind = if e.is_permanent() { Kind::ForGood } else { Kind::ForNow };
                // 421 means that the server closes.
                self.sound = code_of(&e).is_some_and(|c| c != 421) && self.wire.command("RSET\r\n").is_ok_and(|r| r.has_code(250));
                Err(Fault { kind, code: code_of(&e), words: format!("{step}: {}", words_of(&e)) })
            }
        }
    }

    /// Names sender and recipient. Nothing is handed over yet.
    pub(crate) fn offer(&mut self, from: Address, to: Address) -> Result<(), Fault> {
        // Every message is ASCII, so neither 8BITMIME nor SMTPUTF8 is needed.
        self.ask("MAIL", Mail::new(Some(from), Vec::new()))?;
        self.ask("RCPT", Rcpt::new(to, Vec::new()))
    }

    /// Hands the message over. After this a missing answer leaves its fate open.
    pub(crate) fn hand(&mut self, message: &[u8]) -> Result<String, Fault> {
        let go = self.wire.command(Data);
        match go {
            Ok(r) if r.has_code(354) => {}
            Ok(r) => {
                // Whoever answers DATA with anything else counts the answers otherwise than we do.
                self.sound = false;
                return Err(odd("DATA", &r));
            }
            Err(e) => {
                self.sound = false;
                let kind = if e.is_permanent() { Kind::ForGood } else { Kind::ForNow };
                return Err(Fault { kind, code: code_of(&e), words: format!("DATA: {}", words_of(&e)) });
            }
        }
        match self.wire.message(message) {
            Ok(r) if (200..300).contains(&u16::from(r.code())) => Ok(words(&r)),
            Ok(r) => {
                self.sound = false;
                Err(Fault { kind: Kind::Unknown, ..odd("end of the message", &r) })
            }
            Err(e) => {
                let code = code_of(&e);
                self.sound = false;
                let kind = match code {
                    Some(500..) => Kind::ForGood,
                    Some(_) => Kind::ForNow,
                    None => Kind::Unknown,
                };
                Err(Fault { kind, code, words: format!("end of the message: {}", words_of(&e)) })
            }
        }
    }

    /// Says good-bye; what the server answers to that changes nothing.
    pub(crate) fn close(mut self) {
        if self.sound {
            let _ = self.wire.quit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_cannot_paint_a_terminal() {
        assert_eq!(plain("no\r\n\u{1b}[31m  thanks\0"), "no [31m thanks");
        assert_eq!(plain(&"x".repeat(5000)).chars().count(), 300);
    }
}
