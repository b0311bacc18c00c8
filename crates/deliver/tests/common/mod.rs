//! A ledger in memory, and an edition.
#![allow(dead_code)] // each test takes what it needs

use std::cell::RefCell;

use monitor_deliver::{Consignment, Ledger, Letter};
use monitor_model::{Delivery, DeliveryState, Rendered, Timestamp};

/// A ledger in memory that may be told to die after so many lines.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) lines: RefCell<Vec<Delivery>>,
    pub(crate) dies_after: Option<usize>,
}

impl Ledger for Memory {
    fn last(&self, edition: &str, channel: &str, recipient: &str) -> Result<Option<Delivery>, String> {
        let lines = self.lines.borrow();
        Ok(lines.iter().rev().find(|l| l.edition == edition && l.channel == channel && l.recipient == recipient).cloned())
    }
    fn write(&self, line: &Delivery) -> Result<(), String> {
        if self.dies_after.is_some_and(|n| self.lines.borrow().len() >= n) {
            return Err("disk full".to_owned());
        }
        self.lines.borrow_mut().push(line.clone());
        Ok(())
    }
}

impl Memory {
    pub(crate) fn states(&self) -> Vec<DeliveryState> {
        self.lines.borrow().iter().map(|l| l.state).collect()
    }
}

pub(crate) fn at() -> Timestamp {
    "2026-11-01T00:00:00Z".parse().expect("a time")
}

pub(crate) fn files(text: &str) -> Consignment {
    let files = ["md", "html"].map(|e| Rendered { name: format!("2026-10.{e}"), media_type: "text/plain".into(), bytes: text.into() });
    Consignment { edition: "2026-10".into(), files: files.to_vec(), letter: None }
}

pub(crate) fn letter() -> Letter {
    Letter {
        from: "Radar der Gruppe <radar@sender.example>".parse().expect("an address"),
        reply_to: None,
        unsubscribe: None,
        subject: "KI-Sicherheit in Normen – Übersicht, октябрь".into(),
        date: at(),
        text: "At a glance\n\n.a line that begins with a dot\nFrom here on\n".into(),
        html: Some("<!doctype html><html lang=\"en\"><title>x</title><p>At a glance: Übersicht</p></html>\n".into()),
        attachments: vec![Rendered { name: "2026-10.json".into(), media_type: "application/json".into(), bytes: b"{\"a\":1}\n".to_vec() }],
    }
}

pub(crate) fn mail() -> Consignment {
    Consignment { edition: "2026-10".into(), files: Vec::new(), letter: Some(letter()) }
}
