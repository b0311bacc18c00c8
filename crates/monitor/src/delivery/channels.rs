//! Channels of `editions.toml` as the mailer takes them. Passwords are read here, at the last moment, and kept nowhere.

use std::{path::Path, time::Duration};

use monitor_deliver::{Address, Channel, Login, Server, Tls};
use monitor_digest::{ChannelSpec, EditionSpec, SmtpSpec, TlsMode};

use crate::{config::Setup, exit::Failure};

/// One channel with what a letter needs beside it.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) channel: Channel,
    pub(crate) spec: ChannelSpec,
    pub(crate) server: Option<SmtpSpec>,
    /// The sender; none for a folder.
    pub(crate) from: Option<Address>,
}

/// The addresses of a channel; `check` reports what is wrong with them.
pub(crate) fn addresses(list: &[String]) -> Result<Vec<Address>, String> {
    list.iter().map(|t| t.parse().map_err(|e: monitor_deliver::AddressError| e.to_string())).collect()
}

/// A channel of the configuration, below `base` where it is a folder.
pub(crate) fn way(setup: &Setup, spec: &ChannelSpec, base: &Path) -> Result<Way, Failure> {
    // `a/.` cannot be made where `a` is missing.
    let below = |folder: &str| base.join(folder).components().collect::<std::path::PathBuf>();
    let to = addresses(&spec.to).map_err(|e| Failure::usage(format!("editions.toml: {e}")))?;
    let server = match &spec.smtp {
        Some(name) => {
            Some(setup.editions()?.smtp.get(name).cloned().ok_or_else(|| Failure::usage(format!("editions.toml has no [smtp.{name}]")))?)
        }
        None => None,
    };
    let from = spec.from.as_ref().or(server.as_ref().and_then(|s| s.from.as_ref()));
    let from = from.map(|t| t.parse::<Address>()).transpose().map_err(|e| Failure::usage(format!("editions.toml: {e}")))?;
    let channel = match (&spec.folder, &spec.eml, &server) {
        (Some(folder), ..) => Channel::Folder(below(folder)),
        (None, Some(eml), _) => Channel::Eml(below(eml), to),
        (None, None, Some(server)) => Channel::Smtp(Box::new(locked(server)), to),
        (None, None, None) => return Err(Failure::usage("editions.toml: a channel without a place")),
    };
    Ok(Way { channel, spec: spec.clone(), server, from })
}

/// The channels of an edition; the folder of editions itself when it names none.
pub(crate) fn ways(setup: &Setup, spec: &EditionSpec, base: &Path) -> Result<Vec<Way>, Failure> {
    let default = [ChannelSpec::to_folder(".")];
    let channels = if spec.channels.is_empty() { &default[..] } else { &spec.channels };
    channels.iter().map(|c| way(setup, c, base)).collect()
}

/// The server without what is secret or must be read first.
fn locked(s: &SmtpSpec) -> Server {
    Server {
        host: s.host.clone(),
        port: s.port(),
        tls: match s.tls {
            TlsMode::StartTls => Tls::StartTls,
            TlsMode::Implicit => Tls::Implicit,
            TlsMode::None => Tls::None,
        },
        login: None,
        ca: None,
        hello: s.hello.clone(),
        timeout: Duration::from_secs(s.timeout.unwrap_or(60).into()),
    }
}

/// A path of the configuration. systemd hands secrets over in a folder of its own.
fn path(text: &str) -> std::path::PathBuf {
    match text.strip_prefix("$CREDENTIALS_DIRECTORY/") {
        Some(rest) => Path::new(&std::env::var_os("CREDENTIALS_DIRECTORY").unwrap_or_default()).join(rest),
        None => text.into(),
    }
}

impl Way {
    /// The same channel for some of its recipients; none when nobody is left.
    pub(crate) fn only(&self, keep: &dyn Fn(&str, &str) -> bool) -> Option<Channel> {
        let name = self.channel.name();
        let some = |to: &Vec<Address>| to.iter().filter(|a| keep(name, &a.key())).cloned().collect::<Vec<_>>();
        match &self.channel {
            Channel::Folder(p) => keep(name, &p.to_string_lossy()).then(|| self.channel.clone()),
            Channel::Eml(p, to) => Some(some(to)).filter(|t| !t.is_empty()).map(|t| Channel::Eml(p.clone(), t)),
            Channel::Smtp(s, to) => Some(some(to)).filter(|t| !t.is_empty()).map(|t| Channel::Smtp(s.clone(), t)),
            _ => None,
        }
    }

    /// `channel` with password and certificate.
    pub(crate) fn unlocked(&self, channel: Channel) -> Result<Channel, String> {
        let (Channel::Smtp(mut server, to), Some(spec)) = (channel.clone(), &self.server) else { return Ok(channel) };
        if let Some(user) = &spec.user {
            let password = match (&spec.password_env, &spec.password_file) {
                (Some(name), _) => {
                    std::env::var(name).map_err(|_| format!("the variable {name} with the password of {user} is not set"))?
                }
                (None, Some(file)) => {
                    let text = std::fs::read_to_string(path(file))
                        .map_err(|e| format!("{file} with the password of {user} cannot be read: {e}"))?;
                    text.lines().next().unwrap_or_default().to_owned()
                }
                (None, None) => String::new(),
            };
            if password.is_empty() {
                return Err(format!("the password of {user} is empty: nothing was asked of {}", server.host));
            }
            server.login = Some(Login { user: user.clone(), password });
        }
        if let Some(file) = &spec.ca_file {
            server.ca = Some(std::fs::read(path(file)).map_err(|e| format!("ca_file {file} cannot be read: {e}"))?);
        }
        Ok(Channel::Smtp(server, to))
    }
}
