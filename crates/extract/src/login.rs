//! Whether a page that was not what was wanted is one that wants a login first: that is no news, and no fault of ours.

use std::io::{self, Read};

use crate::text::collapse;

/// So much of a page is kept to look at.
const LOOK_AT: usize = 64 << 10;

/// A page below this that has a password field is about little else.
const SMALL: usize = 24 << 10;

/// Reads through, and keeps the beginning.
pub(crate) struct Glance<'r> {
    inner: &'r mut dyn Read,
    start: Vec<u8>,
}

impl<'r> Glance<'r> {
    pub(crate) fn new(inner: &'r mut dyn Read) -> Self {
        Glance { inner, start: Vec::new() }
    }

    /// Whether what was read is a page that asks for a login; `address` is where it came from in the end.
    pub(crate) fn wants_login(&self, address: &str) -> bool {
        wants_login(&self.start, address)
    }

    /// The title of what was read, if it is a page that says that there is none.
    pub(crate) fn sounds_lost(&self) -> Option<String> {
        let title = title(&String::from_utf8_lossy(&self.start))?;
        crate::html::sounds_lost(&title).then_some(title)
    }
}

impl Read for Glance<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        let room = LOOK_AT.saturating_sub(self.start.len()).min(n);
        self.start.extend_from_slice(&buf[..room]);
        Ok(n)
    }
}

fn wants_login(start: &[u8], address: &str) -> bool {
    if start.iter().find(|b| !b.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(b)) != Some(&b'<') {
        return false;
    }
    let page = String::from_utf8_lossy(start).to_lowercase();
    if !(page.contains("<html") || page.contains("<!doctype html") || page.contains("<form")) {
        return false;
    }
    let single_sign_on = page.contains("name=\"samlrequest\"") || page.contains("name='samlrequest'");
    if single_sign_on {
        return true;
    }
    has_password(&page)
        && (start.len() < SMALL || names_login(&title(&page).unwrap_or_default()) || names_login(&address.to_ascii_lowercase()))
}

/// An input for a password, in any quotes.
fn has_password(page: &str) -> bool {
    page.split("<input").skip(1).any(|rest| {
        let tag = &rest[..rest.find('>').unwrap_or(rest.len())];
        tag.split("type").skip(1).any(|t| {
            let value = t.trim_start().strip_prefix('=').unwrap_or_default().trim_start();
            value.trim_start_matches(['"', '\'']).starts_with("password")
        })
    })
}

fn names_login(text: &str) -> bool {
    ["login", "log in", "log-in", "logon", "log on", "signin", "sign in", "sign-in", "anmelde", "connexion", "sso", "authenticat"]
        .iter()
        .any(|w| text.contains(w))
}

/// The text of the first title element, markup and all.
fn title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let from = lower.find("<title")?;
    let from = from + lower[from..].find('>')? + 1;
    let to = from + lower[from..].find("</title")?;
    Some(collapse(&page[from..to])).filter(|t| !t.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_want_a_login() {
        let form = "<form><input name=u><input type=password></form>";
        let long = "<p>text</p>".repeat(4000);
        for (page, address, want) in [
            (format!("<html>{form}"), "https://e.org/x", true),
            ("<!doctype html><INPUT TYPE = 'Password'>".to_owned(), "https://e.org/x", true),
            (format!("<html><title>Sign in</title>{form}{long}"), "https://e.org/x", true),
            (format!("<html>{form}{long}"), "https://e.org/login?to=x", true),
            (format!("<html><title>Documents</title>{form}{long}"), "https://e.org/docs", false),
            ("<html><form><input type=hidden name=\"SAMLRequest\">".to_owned(), "https://e.org/x", true),
            ("<html><input type=text placeholder=password>".to_owned(), "https://e.org/x", false),
            ("{\"a\": \"<html><input type=password>\"}".to_owned(), "https://e.org/x", false),
            (String::new(), "https://e.org/login", false),
        ] {
            assert_eq!(wants_login(page.as_bytes(), address), want, "{address} {}", &page[..page.len().min(80)]);
        }
    }
}
