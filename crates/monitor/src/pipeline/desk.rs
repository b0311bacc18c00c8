//! The desk: bodies are parsed by threads of their own, so that the network never waits for a parser.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError, mpsc},
};

use monitor_extract::{Extraction, Page, Recipe, extract};
use monitor_fetch::Body;
use monitor_identify::Bodies;
use monitor_model::{Complaint, ComplaintStage, DocumentKey, Entry, Known, Memory, Source, SourceId, Tagging};
use monitor_store::Store;
use monitor_tag::Tagger;
use tokio::sync::oneshot;

use super::{
    ingest::text_of,
    name::{Namer, Shared},
};

/// A body to read, and what is to be found out about its rows.
pub(crate) struct Sheet<'a> {
    pub(crate) recipe: &'a Recipe,
    pub(crate) url: String,
    pub(crate) final_url: String,
    pub(crate) depth: usize,
    pub(crate) body: Body,
    pub(crate) shown: Option<Shown<'a>>,
    /// Every row is new: they are tagged here, while the network waits for other hosts.
    pub(crate) tagger: Option<&'a Tagger>,
}

/// What the source showed at its last fetches.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub(crate) id: &'a SourceId,
    pub(crate) source: &'a Source,
    pub(crate) memory: &'a Memory,
    pub(crate) bodies: &'a Bodies,
    pub(crate) store: &'a Store,
    /// Look at every row, not only until one was there.
    pub(crate) all: bool,
}

/// What a body held.
pub(crate) struct Read {
    pub(crate) extraction: Extraction,
    /// One for each entry, or none at all.
    pub(crate) tags: Vec<Tagging>,
    /// A row was there at the last fetch.
    pub(crate) shares: bool,
    /// All of them were, and there is one.
    pub(crate) all_known: bool,
}

impl Sheet<'_> {
    fn read(&self) -> Read {
        let page = Page { url: &self.url, final_url: &self.final_url, media_type: self.body.media_type.as_deref(), depth: self.depth };
        let extraction = match self.body.reader() {
            Ok(mut reader) => extract(self.recipe, &page, &mut *reader),
            Err(e) => {
                self.failed(ComplaintStage::Decode, format!("the body kept aside cannot be read again: {e}; is the temporary folder full?"))
            }
        };
        let rows = &extraction.entries;
        let tags = self.tagger.map_or(Vec::new(), |tagger| rows.iter().map(|e| tagger.tag(&text_of(e))).collect());
        let (mut shares, mut all_known) = (false, false);
        if let Some(shown) = &self.shown {
            all_known = shown.all && !rows.is_empty() && rows.iter().all(|e| shown.had(e));
            shares = all_known || rows.iter().any(|e| shown.had(e));
        }
        Read { extraction, tags, shares, all_known }
    }

    fn failed(&self, stage: ComplaintStage, what: String) -> Extraction {
        Extraction { failed: Some(Complaint::new(stage, &self.url, what)), ..Extraction::default() }
    }

    /// A panic in a parser is a fault of ours; it costs the page and not the run.
    fn read_safely(&self) -> Read {
        catch_unwind(AssertUnwindSafe(|| self.read())).unwrap_or_else(|_| {
            let what = "the parser broke off; this is a fault of monitor, please report it with the page".to_owned();
            Read { extraction: self.failed(ComplaintStage::Parse, what), tags: Vec::new(), shares: false, all_known: false }
        })
    }
}

impl Shown<'_> {
    /// Whether the row was there at the last fetch: by what names it, and, where its source declares nothing else, by number, by the
    /// source's own key, or by address.
    fn had(&self, entry: &Entry) -> bool {
        let was_there = |key: DocumentKey| self.memory.present.binary_search(&key.0).is_ok();
        let namer = Namer { bodies: self.bodies, id: self.id, source: self.source, shared: &Shared::default() };
        let by_key = |k: &str| Known::by_source_key(self.store, self.id, k);
        let by_address = |url: &str| Known::by_url(self.store, &monitor_model::url_key(url)?);
        namer.name(entry, self.store).1.is_some_and(was_there)
            || entry.source_key.as_deref().filter(|_| namer.by("source_key")).and_then(by_key).is_some_and(was_there)
            || entry.url.as_deref().filter(|_| namer.by("url")).and_then(by_address).is_some_and(was_there)
    }
}

/// Something to read, with everything that it needs.
type Order<'a> = Box<dyn FnOnce() + Send + 'a>;

/// Where bodies are read.
#[derive(Clone)]
pub(crate) enum Desk<'a> {
    /// Here and now.
    Here,
    /// By the threads that work at the other end, who throw away what is left here for them.
    Threads(mpsc::Sender<Order<'a>>, Arc<Waste<'a>>),
}

/// What may be thrown away.
pub(crate) type Waste<'a> = Mutex<Vec<Box<dyn Send + 'a>>>;

impl<'a> Desk<'a> {
    /// A desk, and the pile from which its threads take their work.
    pub(crate) fn new() -> (Desk<'a>, Pile<'a>) {
        let (send, receive) = mpsc::channel();
        let waste = Arc::default();
        (Desk::Threads(send, Arc::clone(&waste)), Pile(Mutex::new(receive), waste))
    }

    pub(crate) async fn read(&self, sheet: Sheet<'a>) -> Read {
        self.work(move || sheet.read_safely()).await.unwrap_or_else(unreachable_read)
    }

    /// Throws something away where it was made: memory that one thread takes and another gives back makes both wait for each other.
    pub(crate) fn discard(&self, what: impl Send + 'a) {
        if let Desk::Threads(_, waste) = self {
            waste.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(what));
        }
    }

    /// Does some work at the desk. A panic in it is a fault of ours; it costs the work and not the run: then there is nothing.
    pub(crate) async fn work<T: Send + 'a>(&self, work: impl FnOnce() -> T + Send + 'a) -> Option<T> {
        let safely = move || catch_unwind(AssertUnwindSafe(work)).ok();
        let Desk::Threads(pile, _) = self else { return safely() };
        let (reply, answer) = oneshot::channel();
        // Whoever asked may have gone.
        let order: Order<'a> = Box::new(move || drop(reply.send(safely())));
        if let Err(mpsc::SendError(order)) = pile.send(order) {
            // The threads are gone only when the run ends.
            order();
        }
        answer.await.ok().flatten()
    }
}

fn unreachable_read() -> Read {
    let what = "the thread that read the page has ended; this is a fault of monitor, please report it";
    let failed = Some(Complaint::new(ComplaintStage::Parse, "", what));
    Read { extraction: Extraction { failed, ..Extraction::default() }, tags: Vec::new(), shares: false, all_known: false }
}

/// What waits to be read. How much that is, is bounded by what the crawl lets into memory at all.
pub(crate) struct Pile<'a>(Mutex<mpsc::Receiver<Order<'a>>>, Arc<Waste<'a>>);

impl Pile<'_> {
    /// Reads until nobody can ask any more.
    pub(crate) fn work(&self) {
        loop {
            let next = self.0.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(order) = next else { return };
            // First room is made: what is read now may stand where that stood.
            let waste = std::mem::take(&mut *self.1.lock().unwrap_or_else(PoisonError::into_inner));
            drop(waste);
            order();
        }
    }
}
