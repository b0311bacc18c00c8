use monitor_model::{Delivery, DeliveryState, Ledger, Rendered, Timestamp};

use crate::{
    Address, Channel, Consignment, DeliverError, Letter, Order, Plan, Server,
    decide::{decide, retry_at},
    folder,
    hash::hash,
    session::{Fault, Kind, Session},
};

/// How a delivery ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Handed over now.
    Delivered {
        /// What the other side said.
        words: String,
    },
    /// It was handed over before.
    AlreadyDelivered,
    /// Not taken, now or before, and tried again by itself from then on.
    Waiting {
        /// From when on.
        until: Timestamp,
        /// What the other side said; empty when it was not asked this time.
        words: String,
    },
    /// Not taken: a person must say that it shall be tried again.
    Refused {
        /// What the other side said.
        words: String,
    },
    /// It may have arrived: held until a person decides.
    Uncertain {
        /// What is known.
        words: String,
    },
    /// It could not even be tried.
    Failed {
        /// Why.
        words: String,
    },
}

impl Outcome {
    /// Whether the recipient has it.
    pub fn is_done(&self) -> bool {
        matches!(self, Outcome::Delivered { .. } | Outcome::AlreadyDelivered)
    }

    /// Whether something happened that nobody was told before.
    pub fn is_news(&self) -> bool {
        match self {
            Outcome::AlreadyDelivered => false,
            Outcome::Waiting { words, .. } => !words.is_empty(),
            _ => true,
        }
    }
}

/// One recipient and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The channel's name.
    pub channel: &'static str,
    /// As the ledger calls it.
    pub recipient: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// The bytes for one recipient.
enum Goods<'a> {
    Files(&'a [Rendered]),
    Message(Vec<u8>, &'a Address, &'a Letter),
}

impl Goods<'_> {
    fn hash(&self) -> String {
        match self {
            Goods::Files(files) => hash(files),
            Goods::Message(bytes, ..) => blake3::hash(bytes).to_hex().to_string(),
        }
    }
}

fn goods<'a>(c: &'a Consignment, channel: &'a Channel, recipient: &str) -> Result<Goods<'a>, DeliverError> {
    let Some(to) = channel.address(recipient) else {
        c.files.iter().try_for_each(|f| folder::check_name(&f.name))?;
        return Ok(Goods::Files(&c.files));
    };
    let letter = c
        .letter
        .as_ref()
        .ok_or_else(|| DeliverError::Letter { edition: c.edition.clone(), why: "it has no sender: add from to its channel".to_owned() })?;
    Ok(Goods::Message(letter.message(&c.edition, channel.name(), to)?, to, letter))
}

/// The dry run: what [`deliver`] would do for each recipient, and how many bytes each would get. Nothing is touched.
///
/// # Errors
/// When the ledger cannot be read, no message can be made, or a folder has the edition with other contents.
pub fn plan(
    consignment: &Consignment,
    channel: &Channel,
    ledger: &dyn Ledger,
    at: Timestamp,
    order: Order,
) -> Result<Vec<(String, Plan, usize)>, DeliverError> {
    let mut plans = Vec::new();
    for recipient in channel.recipients() {
        let goods = goods(consignment, channel, &recipient)?;
        let last = ledger.last(&consignment.edition, channel.name(), &recipient).map_err(DeliverError::Ledger)?;
        let planned = decide(last.as_ref(), channel.is_idempotent(), order, at);
        if planned == Plan::Done && matches!(goods, Goods::Files(_)) && last.is_some_and(|l| l.hash != goods.hash() && !l.hash.is_empty()) {
            return Err(DeliverError::Differs { edition: consignment.edition.clone(), recipient });
        }
        let size = match &goods {
            Goods::Files(files) => files.iter().map(|f| f.bytes.len()).sum(),
            Goods::Message(bytes, ..) => bytes.len(),
        };
        plans.push((recipient, planned, size));
    }
    Ok(plans)
}

/// Delivers an edition through `channel` to each of its recipients, once. What one recipient's side refuses does not concern the others.
///
/// # Errors
/// When the ledger cannot be used or an error concerns the whole edition. What a single recipient's side says is an [`Outcome`].
pub fn deliver(
    consignment: &Consignment,
    channel: &Channel,
    ledger: &dyn Ledger,
    at: Timestamp,
    order: Order,
) -> Result<Vec<Report>, DeliverError> {
    let mut out = Vec::new();
    let mut van = Van { session: None, broken: None };
    for (recipient, planned, _) in plan(consignment, channel, ledger, at, order)? {
        let mut book = Book { consignment, channel, ledger, at, recipient, last: None };
        book.last = ledger.last(&consignment.edition, channel.name(), &book.recipient).map_err(DeliverError::Ledger)?;
        let outcome = book.one(planned, &mut van)?;
        out.push(Report { channel: channel.name(), recipient: book.recipient, outcome });
    }
    if let Some(session) = van.session.take() {
        session.close();
    }
    Ok(out)
}

/// A person says what became of a delivery that is held: it arrived.
///
/// # Errors
/// When the ledger has no line for it or cannot be used.
pub fn confirm(edition: &str, channel: &str, recipient: &str, ledger: &dyn Ledger, at: Timestamp) -> Result<(), DeliverError> {
    let last = ledger.last(edition, channel, recipient).map_err(DeliverError::Ledger)?;
    let last = last.ok_or_else(|| DeliverError::NoLine { edition: edition.to_owned(), recipient: recipient.to_owned() })?;
    if last.state == DeliveryState::Delivered {
        return Ok(());
    }
    let line =
        Delivery { state: DeliveryState::Delivered, at, note: "confirmed by a person".to_owned(), code: None, retry_at: None, ..last };
    ledger.write(&line).map_err(DeliverError::Ledger)
}

/// The connection that one delivery leaves to the next.
struct Van {
    session: Option<Session>,
    /// Why no connection can be had: asking again for every recipient would take a time-out each.
    broken: Option<Fault>,
}

impl Van {
    fn session(&mut self, server: &Server) -> Result<&mut Session, Fault> {
        if let Some(f) = &self.broken {
            return Err(f.clone());
        }
        let session = match self.session.take().filter(Session::is_sound) {
            Some(s) => s,
            None => Session::open(server).inspect_err(|f| self.broken = Some(f.clone()))?,
        };
        Ok(self.session.insert(session))
    }
}

/// What the ledger is told of one delivery.
struct Book<'a> {
    consignment: &'a Consignment,
    channel: &'a Channel,
    ledger: &'a dyn Ledger,
    at: Timestamp,
    recipient: String,
    last: Option<Delivery>,
}

impl Book<'_> {
    fn write(&self, state: DeliveryState, hash: &str, note: &str, fault: Option<&Fault>) -> Result<Option<Timestamp>, DeliverError> {
        let before = self.last.as_ref().map_or(0, |l| l.attempts);
        // The line about a crash counts no try of its own.
        let attempts = if state == DeliveryState::Uncertain && fault.is_none() { before } else { before.saturating_add(1) };
        let again = fault.is_some_and(|f| f.kind == Kind::ForNow) && state == DeliveryState::Refused;
        let line = Delivery {
            edition: self.consignment.edition.clone(),
            channel: self.channel.name().to_owned(),
            recipient: self.recipient.clone(),
            state,
            at: self.at,
            hash: hash.to_owned(),
            note: note.to_owned(),
            attempts,
            code: fault.and_then(|f| f.code),
            retry_at: again.then(|| retry_at(self.at, attempts)),
        };
        self.ledger.write(&line).map_err(DeliverError::Ledger)?;
        Ok(line.retry_at)
    }

    fn one(&self, planned: Plan, van: &mut Van) -> Result<Outcome, DeliverError> {
        let said = || self.last.as_ref().map(|l| l.note.clone()).unwrap_or_default();
        match planned {
            Plan::Done => return Ok(Outcome::AlreadyDelivered),
            Plan::Wait(until) => return Ok(Outcome::Waiting { until, words: String::new() }),
            Plan::Hold { uncertain: false } => return Ok(Outcome::Refused { words: said() }),
            Plan::Hold { uncertain: true } => {
                let mut words = said();
                if let Some(l) = self.last.as_ref().filter(|l| l.state == DeliveryState::Sending) {
                    words = format!("the run of {} ended while the message was being handed over", l.at);
                    self.write(DeliveryState::Uncertain, &l.hash, &words, None)?;
                }
                return Ok(Outcome::Uncertain { words });
            }
            Plan::Send => {}
        }
        match (goods(self.consignment, self.channel, &self.recipient)?, self.channel) {
            (Goods::Message(bytes, to, letter), Channel::Smtp(server, _)) => self.mail(&bytes, to, letter, server, van),
            (Goods::Message(bytes, to, _), Channel::Eml(path, _)) => {
                let file = Rendered { name: eml_name(&self.consignment.edition, to), media_type: "message/rfc822".into(), bytes };
                self.file(std::slice::from_ref(&file), path, &blake3::hash(&file.bytes).to_hex())
            }
            (Goods::Files(files), Channel::Folder(path)) => self.file(files, path, &hash(files)),
            _ => Ok(Outcome::Failed { words: "this recipient does not belong to this channel".to_owned() }),
        }
    }

    /// Into a folder: the same bytes into the same files twice is once, so every crash may be repeated.
    fn file(&self, files: &[Rendered], path: &std::path::Path, hash: &str) -> Result<Outcome, DeliverError> {
        self.write(DeliveryState::Sending, hash, "", None)?;
        match folder::write(files, path) {
            Ok(()) => {
                let words = if files.len() == 1 { files[0].name.clone() } else { format!("{} files", files.len()) };
                self.write(DeliveryState::Delivered, hash, &words, None)?;
                Ok(Outcome::Delivered { words })
            }
            Err(e) => {
                let fault = Fault { kind: Kind::ForNow, code: None, words: e.to_string() };
                self.write(DeliveryState::Refused, hash, &fault.words, Some(&fault))?;
                Ok(Outcome::Failed { words: fault.words })
            }
        }
    }

    /// To a mail server. `sending` is written after the server took the recipient and before it gets the message: whatever ends
    /// before that line may be repeated, whatever ends after it without an answer may not.
    fn mail(&self, bytes: &[u8], to: &Address, letter: &Letter, server: &Server, van: &mut Van) -> Result<Outcome, DeliverError> {
        let hash = blake3::hash(bytes).to_hex();
        let form =
            |e: lettre::address::AddressError| DeliverError::Letter { edition: self.consignment.edition.clone(), why: e.to_string() };
        let (sender, recipient) = (letter.from.bare().map_err(form)?, to.bare().map_err(form)?);
        let session = match van.session(server) {
            Ok(s) => s,
            Err(fault) => return self.refused(&hash, &fault),
        };
        if let Err(fault) = session.offer(sender, recipient) {
            return self.refused(&hash, &fault);
        }
        self.write(DeliveryState::Sending, &hash, "", None)?;
        match session.hand(bytes) {
            Ok(words) => {
                self.write(DeliveryState::Delivered, &hash, &words, None)?;
                Ok(Outcome::Delivered { words })
            }
            Err(fault) if fault.kind == Kind::Unknown => {
                let words =
                    format!("{}; Message-ID {}", fault.words, letter.message_id(&self.consignment.edition, self.channel.name(), to));
                self.write(DeliveryState::Uncertain, &hash, &words, Some(&fault))?;
                Ok(Outcome::Uncertain { words })
            }
            Err(fault) => self.refused(&hash, &fault),
        }
    }

    fn refused(&self, hash: &str, fault: &Fault) -> Result<Outcome, DeliverError> {
        let words = fault.words.clone();
        Ok(match self.write(DeliveryState::Refused, hash, &words, Some(fault))? {
            Some(until) => Outcome::Waiting { until, words },
            None => Outcome::Refused { words },
        })
    }
}

/// A plain file name for one recipient's message.
fn eml_name(edition: &str, to: &Address) -> String {
    let key = to.key();
    let plain: String =
        key.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '-' | '+') { c } else { '_' }).take(100).collect();
    let more = if plain == key { String::new() } else { format!("-{}", &blake3::hash(key.as_bytes()).to_hex()[..8]) };
    format!("{edition}.{plain}{more}.eml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_recipients_never_share_a_file() {
        let name = |a: &str| eml_name("e", &a.parse().expect("an address"));
        assert_eq!(name("a@b.org"), "e.a@b.org.eml");
        assert_ne!(name("a/b@c.org"), name("a_b@c.org"));
        assert!(folder::check_name(&name("/x@c.org")).is_ok() && folder::check_name(&name("a/b@c.org")).is_ok());
    }
}
