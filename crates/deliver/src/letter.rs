//! One message from one edition, the same bytes every time.

use std::time::{Duration, SystemTime};

use lettre::message::{
    Attachment, Body, Message, MultiPart, SinglePart,
    header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
};
use monitor_model::{Rendered, Timestamp};

use crate::{Address, DeliverError};

/// What is written to every recipient of an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// From whom.
    pub from: Address,
    /// Where answers go, when not to the sender.
    pub reply_to: Option<Address>,
    /// A `mailto:` or `https:` address for those who want no more; the sender's own when there is none.
    pub unsubscribe: Option<String>,
    /// The subject.
    pub subject: String,
    /// The date that the message bears: the edition's, not that of the sending.
    pub date: Timestamp,
    /// The plain text.
    pub text: String,
    /// The same as a page.
    pub html: Option<String>,
    /// What hangs on it.
    pub attachments: Vec<Rendered>,
}

/// One line of printable text: a header cannot be left by whatever stands in it.
fn header_text(text: &str) -> String {
    let hidden = |c: char| matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}');
    let line: String = text.chars().filter(|c| !hidden(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(200).collect()
}

/// The date as mail can write it.
fn moment(date: Timestamp) -> SystemTime {
    // Mail knows the years 1970 to 9999.
    let seconds = u64::try_from(date.as_second()).unwrap_or(0).min(253_402_300_799);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn encoded(text: String, encoding: ContentTransferEncoding) -> Body {
    // Quoted-printable and base64 hold any text in lines of 76 ASCII characters.
    Body::new_with_encoding(text, encoding).unwrap_or_else(Body::new)
}

impl Letter {
    /// The Message-ID for one delivery: the same however often it is tried, so that mailboxes can tell a repetition.
    pub fn message_id(&self, edition: &str, channel: &str, to: &Address) -> String {
        let key = format!("{edition}\n{channel}\n{}", to.key());
        format!("<{}@{}>", &blake3::hash(key.as_bytes()).to_hex()[..40], self.from.domain())
    }

    /// The message to one recipient.
    ///
    /// # Errors
    /// When an address or an attachment's media type has a form that mail does not allow.
    pub fn message(&self, edition: &str, channel: &str, to: &Address) -> Result<Vec<u8>, DeliverError> {
        let fault = |why: String| DeliverError::Letter { edition: edition.to_owned(), why };
        let mailbox = |a: &Address| a.mailbox().map_err(|e| fault(format!("{a}: {e}")));
        let unsubscribe = self.unsubscribe.clone().unwrap_or_else(|| format!("mailto:{}?subject=unsubscribe", self.from.key()));
        let raw = |name: &'static str, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        let mut builder = Message::builder()
            .date(moment(self.date))
            .from(mailbox(&self.from)?)
            .to(mailbox(to)?)
            .subject(header_text(&self.subject))
            .message_id(Some(self.message_id(edition, channel, to)));
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(mailbox(reply_to)?);
        }
        builder = builder
            .raw_header(raw("List-Unsubscribe", format!("<{}>", header_text(&unsubscribe).replace([' ', '<', '>'], ""))))
            .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()));
        let text = SinglePart::builder()
            .header(ContentType::TEXT_PLAIN)
            .body(encoded(self.text.clone(), ContentTransferEncoding::QuotedPrintable));
        // Whoever wrote a title into the edition could not know the hash of the edition that holds it.
        let mut parts = vec![Rendered { name: "text".into(), media_type: String::new(), bytes: self.text.clone().into_bytes() }];
        parts.extend(self.html.iter().map(|h| Rendered { name: "html".into(), media_type: String::new(), bytes: h.clone().into_bytes() }));
        parts.extend(self.attachments.iter().cloned());
        let seal = crate::hash::hash(&parts);
        let both = match &self.html {
            None => MultiPart::alternative().boundary(format!("=_a{}", &seal[..32])).singlepart(text),
            Some(html) => MultiPart::alternative().boundary(format!("=_a{}", &seal[..32])).singlepart(text).singlepart(
                SinglePart::builder().header(ContentType::TEXT_HTML).body(encoded(html.clone(), ContentTransferEncoding::QuotedPrintable)),
            ),
        };
        let whole = if self.attachments.is_empty() {
            both
        } else {
            let mut mixed = MultiPart::mixed().boundary(format!("=_m{}", &seal[32..])).multipart(both);
            for file in &self.attachments {
                let kind = ContentType::parse(&file.media_type)
                    .map_err(|e| fault(format!("{} has the media type “{}”: {e}", file.name, file.media_type)))?;
                // Base64 keeps the bytes as they are, line ends too.
                let body = Body::new_with_encoding(file.bytes.clone(), ContentTransferEncoding::Base64)
                    .map_err(|_| fault(format!("{} cannot be attached", file.name)))?;
                mixed = mixed.singlepart(Attachment::new(header_text(&file.name)).body(body, kind));
            }
            mixed
        };
        Ok(builder.multipart(whole).map_err(|e| fault(e.to_string()))?.formatted())
    }
}
