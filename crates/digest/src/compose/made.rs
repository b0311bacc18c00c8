//! A made-up document for tests.

use monitor_model::Document;

/// On AI security, of no stage and no date, seen at the start of 2026.
pub(super) fn document(body: &str) -> Document {
    serde_json::from_value(serde_json::json!({
        "document": "k", "body": body, "group": null, "kind": "document", "number": null, "title": "t", "summary": null,
        "url": "https://example.org", "stage": null, "published": null, "date_raw": null, "deadline": null,
        "first_seen": "2026-01-01T00:00:00Z", "last_checked": "2026-01-01T00:00:00Z", "work": "k", "version": null, "versions": [],
        "access": "free", "evidence": "primary", "lang": null, "keywords": [], "sightings": [], "relations": [], "relevance": "relevant",
        "score": 1.0, "axes": [], "topics": [], "why": [], "ignored": null, "extra": []
    }))
    .unwrap_or_else(|e| panic!("{e}"))
}
