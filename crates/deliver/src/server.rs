use std::{fmt, time::Duration};

/// How the way to the server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Encrypted from the first byte (port 465).
    Implicit,
    /// Encrypted by STARTTLS, or not at all sent (port 587).
    StartTls,
    /// Not encrypted: for a relay on this machine or in the same house (port 25).
    None,
}

/// Who we are to the server.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password. It is printed nowhere.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Login({}, …)", self.user)
    }
}

/// A mail server that takes our messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its host name or number.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way is protected.
    pub tls: Tls,
    /// Who we are; none where the server trusts our machine.
    pub login: Option<Login>,
    /// A certificate (PEM) to trust beside those of the system.
    pub ca: Option<Vec<u8>>,
    /// The name under which we greet; the machine's own when there is none.
    pub hello: Option<String>,
    /// How long one answer may take.
    pub timeout: Duration,
}
