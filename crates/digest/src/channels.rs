//! Where editions go, as `editions.toml` says it. Nothing here opens a connection or knows a password.

use std::collections::BTreeMap;

use monitor_model::Recipient;
use serde::{Deserialize, de::IgnoredAny};

use crate::{EditionSpec, Format};

/// Where an edition goes: exactly one of `folder`, `eml` and `smtp`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelSpec {
    /// A folder for the files; relative ones lie below the folder of editions.
    pub folder: Option<String>,
    /// A folder for one `.eml` file per recipient; relative ones lie below the folder of editions.
    pub eml: Option<String>,
    /// The name of a server under `[smtp]`.
    pub smtp: Option<String>,
    /// The recipients of mail, each of whom gets a message of their own.
    #[serde(default)]
    pub to: Vec<String>,
    /// The sender, when not that of the server.
    pub from: Option<String>,
    /// Where answers go, when not to the sender.
    pub reply_to: Option<String>,
    /// A `mailto:` or `https:` address for those who want no more.
    pub unsubscribe: Option<String>,
    /// The subject; `{title}`, `{group}`, `{edition}` and `{until}` are filled in.
    pub subject: Option<String>,
    /// Formats that hang on a message beside its text and page.
    #[serde(default)]
    pub attach: Vec<Format>,
}

/// A mail server, `[smtp.NAME]`.
#[derive(Clone, Debug, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SmtpSpec {
    /// Host name or number.
    pub host: String,
    /// Port; 465, 587 or 25 by `tls` when absent.
    pub port: Option<u16>,
    /// How the way is protected; `starttls` when absent.
    #[serde(default)]
    pub tls: TlsMode,
    /// The sender of all mail over this server.
    pub from: Option<String>,
    /// The name to log in with.
    pub user: Option<String>,
    /// The environment variable that holds the password.
    pub password_env: Option<String>,
    /// The file that holds the password, in its first line.
    pub password_file: Option<String>,
    /// A certificate (PEM) to trust beside those of the system.
    pub ca_file: Option<String>,
    /// The name under which we greet.
    pub hello: Option<String>,
    /// Seconds that one answer may take; 60 when absent.
    pub timeout: Option<u16>,
    /// Never read: a password in a configuration is refused, with its own words.
    #[schemars(skip)]
    password: Option<IgnoredAny>,
}

/// How the way to a mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TlsMode {
    /// STARTTLS; without it nothing is sent.
    #[default]
    StartTls,
    /// TLS from the first byte.
    Implicit,
    /// None at all.
    None,
}

impl SmtpSpec {
    /// The port to which it is spoken.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.tls {
            TlsMode::Implicit => 465,
            TlsMode::StartTls => 587,
            TlsMode::None => 25,
        })
    }

    fn is_here(&self) -> bool {
        self.host == "localhost" || self.host.parse::<std::net::IpAddr>().is_ok_and(|a| a.is_loopback())
    }

    /// What is wrong with it: the word where it stands, and what to do.
    pub(crate) fn fault(&self, name: &str) -> Option<(String, String)> {
        let at = |word: &str, what: String| Some((word.to_owned(), what));
        if self.password.is_some() {
            let what = "a password never stands in a configuration file: write password_env = \"VARIABLE\" or password_file = \"PATH\", and change the one that stood here";
            return at("password =", what.to_owned());
        }
        if self.host.is_empty() || !self.host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':')) {
            return at("host", format!("[smtp.{name}] host is a host name alone, without scheme, login or port"));
        }
        let ways = usize::from(self.password_env.is_some()) + usize::from(self.password_file.is_some());
        if self.user.is_some() != (ways == 1) {
            return at(
                &format!("smtp.{name}"),
                format!("[smtp.{name}] logs in with user and one of password_env and password_file, or with none of the three"),
            );
        }
        if self.user.is_some() && self.tls == TlsMode::None && !self.is_here() {
            return at("tls", format!("[smtp.{name}] would send its password in the clear: write tls = \"starttls\" or \"implicit\""));
        }
        if self.timeout == Some(0) {
            return at("timeout", format!("[smtp.{name}] timeout is in seconds and at least 1"));
        }
        None
    }
}

impl ChannelSpec {
    /// A folder and nothing else.
    pub fn to_folder(folder: &str) -> ChannelSpec {
        ChannelSpec { folder: Some(folder.to_owned()), ..ChannelSpec::default() }
    }

    /// To whom it leads, as a frozen edition keeps it.
    pub fn recipients(&self) -> Vec<Recipient> {
        let one = |channel: &str, to: &str| Recipient { channel: channel.to_owned(), to: to.to_owned() };
        let by_mail = if self.smtp.is_some() { "smtp" } else { "eml" };
        self.folder.iter().map(|f| one("folder", f)).chain(self.to.iter().map(|t| one(by_mail, t))).collect()
    }

    /// Whether it writes letters.
    pub fn is_mail(&self) -> bool {
        self.folder.is_none()
    }

    fn fault(&self, servers: &BTreeMap<String, SmtpSpec>) -> Option<String> {
        let kinds = [&self.folder, &self.eml, &self.smtp].into_iter().flatten().collect::<Vec<_>>();
        let [place] = kinds.as_slice() else {
            return Some("a channel is one of folder = \"…\", eml = \"…\" and smtp = \"…\"".to_owned());
        };
        if place.trim().is_empty() {
            return Some("a channel without a place: name a folder or a server".to_owned());
        }
        if !self.is_mail() {
            let mail = !self.to.is_empty() || self.from.is_some() || !self.attach.is_empty() || self.subject.is_some();
            return mail.then(|| "a folder has no to, from, subject or attach: those belong to eml and smtp".to_owned());
        }
        if self.to.is_empty() {
            return Some("a mail channel without recipients: add to = [\"name@example.org\"]".to_owned());
        }
        let server = match &self.smtp {
            Some(name) => match servers.get(name) {
                Some(s) => Some(s),
                None => {
                    let known = servers.keys().cloned().collect::<Vec<_>>().join(", ");
                    let known = if known.is_empty() { "there is none yet".to_owned() } else { format!("there are: {known}") };
                    return Some(format!("the channel sends through “{name}”, but there is no [smtp.{name}] ({known})"));
                }
            },
            None => None,
        };
        if self.from.is_none() && server.is_none_or(|s| s.from.is_none()) {
            return Some("a mail channel without a sender: add from = \"Group <radar@example.org>\"".to_owned());
        }
        if let Some(u) = &self.unsubscribe
            && (!(u.starts_with("mailto:") || u.starts_with("https://"))
                || u.len() > 500
                || u.chars().any(|c| c.is_whitespace() || c.is_control()))
        {
            return Some(format!("unsubscribe = \"{}\" is no mailto: or https: address", u.escape_debug()));
        }
        None
    }
}

/// The first fault of the channels of one edition, beside the word to look for in the file.
pub(crate) fn fault(spec: &EditionSpec, servers: &BTreeMap<String, SmtpSpec>) -> Option<(String, String)> {
    let named = format!("\"{}\"", spec.name);
    let mut seen = std::collections::BTreeSet::new();
    for c in &spec.channels {
        if let Some(what) = c.fault(servers) {
            let word = c.smtp.as_ref().or(c.eml.as_ref()).or(c.folder.as_ref()).map_or(named, |w| format!("\"{w}\""));
            return Some((word, what));
        }
        let kind = if c.smtp.is_some() { "smtp" } else { "eml" };
        for to in &c.to {
            let bare = to.rsplit_once('<').map_or(to.as_str(), |(_, b)| b).trim_end_matches('>').trim().to_lowercase();
            if !seen.insert((kind, bare)) {
                return Some((
                    format!("\"{to}\""),
                    format!("{to} stands twice in the {kind} channels of the edition {named}: once is enough"),
                ));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::{DigestError, editions::parse};

    const HEAD: &str = "schema = 1\n[group]\nname = \"G\"\nsource_line = \"L\"\ntitle = \"T\"\n";
    const EDITION: &str = "[[edition]]\nname = \"m\"\nform = \"mail\"\nwindow = \"month\"\nformats = [\"md\"]\n[[edition.channel]]\n";

    #[test]
    fn channels_are_read() {
        let text = format!(
            "{HEAD}[smtp.relay]\nhost = \"mail.example.org\"\nuser = \"radar\"\npassword_env = \"RADAR\"\nfrom = \"R <r@example.org>\"\n{EDITION}smtp = \"relay\"\nto = [\"a@example.org\"]\nattach = [\"json\"]\n[[edition.channel]]\nfolder = \"m\"\n[[edition.channel]]\neml = \"out\"\nfrom = \"r@example.org\"\nto = [\"a@example.org\"]\n"
        );
        let e = parse(&text).expect("it is right");
        assert_eq!(e.smtp["relay"].port(), 587);
        assert_eq!(e.editions[0].channels.len(), 3);
    }

    #[test]
    fn a_password_in_the_file_is_refused_and_not_repeated() {
        let text = format!("{HEAD}[smtp.relay]\nhost = \"h\"\nuser = \"u\"\npassword = \"hunter2\"\n");
        let said = parse(&text).expect_err("a password").to_string();
        assert!(said.contains("line 9") && said.contains("password_env") && !said.contains("hunter2"), "{said}");
    }

    #[test]
    fn faults_of_channels_have_their_place() {
        let relay = "[smtp.relay]\nhost = \"h\"\n";
        for (servers, channel, word) in [
            ("", "smtp = \"relay\"\nto = [\"a@b.c\"]\n", "no [smtp.relay]"),
            (relay, "smtp = \"relay\"\nto = [\"a@b.c\"]\n", "without a sender"),
            (relay, "smtp = \"relay\"\nfrom = \"r@b.c\"\n", "without recipients"),
            (relay, "folder = \"x\"\nsmtp = \"relay\"\n", "is one of"),
            (relay, "", "is one of"),
            (relay, "folder = \"x\"\nto = [\"a@b.c\"]\n", "a folder has no to"),
            (relay, "smtp = \"relay\"\nfrom = \"r@b.c\"\nto = [\"a@b.c\", \"A <A@b.c>\"]\n", "stands twice"),
            (relay, "eml = \"x\"\nfrom = \"r@b.c\"\nto = [\"a@b.c\"]\nunsubscribe = \"javascript:x\"\n", "unsubscribe"),
            ("[smtp.relay]\nhost = \"smtp://u:p@h\"\n", "folder = \"x\"\n", "host name alone"),
            ("[smtp.relay]\nhost = \"h\"\nuser = \"u\"\n", "folder = \"x\"\n", "password_env"),
            ("[smtp.relay]\nhost = \"h\"\nuser = \"u\"\npassword_env = \"P\"\ntls = \"none\"\n", "folder = \"x\"\n", "in the clear"),
            ("[smtp.relay]\nhost = \"h\"\ntls = \"maybe\"\n", "folder = \"x\"\n", "maybe"),
        ] {
            match parse(&format!("{HEAD}{servers}{EDITION}{channel}")) {
                Err(DigestError::Config { line, what, .. }) => assert!(what.contains(word) && line > 5, "{line}: {what}"),
                other => panic!("{channel}: {other:?}"),
            }
        }
    }
}
