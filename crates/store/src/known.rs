use monitor_model::{Delivery, Document, DocumentKey, Known, Ledger, SourceId, TextPrint};

use crate::{Batch, Store, StoreError, open::Inner};

impl Store {
    /// Asks for a trait that has no room for an error. An unreadable store must not look like an empty one: after such an
    /// error nothing is written any more.
    fn ask<T>(&self, otherwise: T, question: impl FnOnce(&mut Inner) -> Result<T, StoreError>) -> T {
        let mut inner = self.inner();
        question(&mut inner).unwrap_or_else(|e| {
            tracing::error!("{e}");
            inner.fault = Some(format!("a look-up failed ({e})"));
            otherwise
        })
    }
}

impl Known for Store {
    fn document(&self, key: &DocumentKey) -> Option<Document> {
        self.ask(None, |inner| inner.document(key))
    }

    fn by_source_key(&self, source: &SourceId, key: &str) -> Option<DocumentKey> {
        self.ask(None, |inner| inner.by_source_key(source, key))
    }

    fn by_url(&self, url_key: &DocumentKey) -> Option<DocumentKey> {
        self.ask(None, |inner| inner.by_url(url_key))
    }

    fn pointing_at(&self, key: &DocumentKey) -> Vec<DocumentKey> {
        self.ask(Vec::new(), |inner| inner.pointing_at(key, true))
    }

    fn naming(&self, key: &DocumentKey) -> Vec<DocumentKey> {
        self.ask(Vec::new(), |inner| inner.naming(key))
    }

    fn alike(&self, print: TextPrint) -> Vec<DocumentKey> {
        self.ask(Vec::new(), |inner| inner.alike(print))
    }

    fn titled(&self, print: u64) -> Vec<DocumentKey> {
        self.ask(Vec::new(), |inner| inner.titled(print))
    }

    fn merged(&self, key: &DocumentKey) -> DocumentKey {
        self.ask(key.clone(), |inner| inner.merged(key))
    }
}

impl Ledger for Store {
    fn last(&self, edition: &str, channel: &str, recipient: &str) -> Result<Option<Delivery>, String> {
        self.inner().last_delivery(edition, channel, recipient).map_err(|e| e.to_string())
    }

    fn write(&self, line: &Delivery) -> Result<(), String> {
        let batch = Batch { at: line.at, deliveries: vec![line.clone()], ..Batch::default() };
        self.commit(&batch).map(|_| ()).map_err(|e| e.to_string())
    }
}
