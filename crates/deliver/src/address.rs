use std::{fmt, str::FromStr};

/// A mail address, with a name or without. The domain is kept in its ASCII form, so that every server takes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    name: Option<String>,
    local: String,
    domain: String,
}

/// Why a text is no address that can be written to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{text}” is no mail address: {why}")]
pub struct AddressError {
    text: String,
    why: &'static str,
}

impl Address {
    /// How the ledger calls it: without the name, in lower case, so that other letters make no second delivery.
    pub fn key(&self) -> String {
        format!("{}@{}", self.local, self.domain).to_lowercase()
    }

    /// The domain in ASCII.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// As the mailer wants it.
    pub(crate) fn mailbox(&self) -> Result<lettre::message::Mailbox, lettre::address::AddressError> {
        Ok(lettre::message::Mailbox::new(self.name.clone(), self.bare()?))
    }

    /// As the envelope wants it.
    pub(crate) fn bare(&self) -> Result<lettre::Address, lettre::address::AddressError> {
        lettre::Address::new(&self.local, &self.domain)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name} <{}@{}>", self.local, self.domain),
            None => write!(f, "{}@{}", self.local, self.domain),
        }
    }
}

impl FromStr for Address {
    type Err = AddressError;

    /// Reads `a@example.org` and `Name <a@example.org>`.
    fn from_str(text: &str) -> Result<Address, AddressError> {
        let fault = |why| AddressError { text: text.chars().filter(|c| !c.is_control()).take(80).collect(), why };
        if text.chars().any(char::is_control) {
            return Err(fault("it holds a line break or another control character"));
        }
        let text_ = text.trim();
        let (name, bare) = match text_.strip_suffix('>').and_then(|t| t.rsplit_once('<')) {
            Some((name, bare)) => (name.trim().trim_matches('"').trim(), bare.trim()),
            None => ("", text_),
        };
        let (local, domain) = bare.rsplit_once('@').ok_or_else(|| fault("an @ is missing"))?;
        if local.is_empty() || local.len() > 64 {
            return Err(fault("the part before the @ is empty or longer than 64 characters"));
        }
        if !local.is_ascii() {
            return Err(fault("the part before the @ has letters that many servers refuse: use the ASCII form of the mailbox"));
        }
        let domain = match url::Host::parse(domain) {
            Ok(url::Host::Domain(d)) if d.len() <= 253 => d,
            Ok(url::Host::Ipv4(_) | url::Host::Ipv6(_)) => return Err(fault("write a host name after the @, not a number")),
            _ => return Err(fault("what stands after the @ is no host name")),
        };
        let address = Address { name: (!name.is_empty()).then(|| name.chars().take(100).collect()), local: local.to_owned(), domain };
        address.mailbox().map_err(|_| fault("it has a form that mail does not allow"))?;
        Ok(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_names_and_in_other_scripts() {
        let read = |t: &str| t.parse::<Address>().map(|a| (a.to_string(), a.key()));
        let same = |t: &str, shown: &str, key: &str| assert_eq!(read(t), Ok((shown.to_owned(), key.to_owned())));
        same("Anna@Example.ORG", "Anna@example.org", "anna@example.org");
        same("\"Müller, Anna\" <a@bücher.example>", "Müller, Anna <a@xn--bcher-kva.example>", "a@xn--bcher-kva.example");
        same("root@localhost", "root@localhost", "root@localhost");
    }

    #[test]
    fn what_could_forge_a_line_or_reaches_nobody_is_refused() {
        for bad in [
            "",
            "a",
            "@b.c",
            "a@",
            "a@b@",
            "a b@c.org",
            "a@b c.org",
            "a@x.org\r\nBcc: b@x.org",
            "ä@x.org",
            "<>",
            "a@127.0.0.1",
            "a@x.org>\nRCPT TO:<b@x.org",
        ] {
            assert!(bad.parse::<Address>().is_err(), "{bad:?}");
        }
    }
}
