//! What sort of text a document is, where its kind does not say.

use monitor_model::{Axis, Document};

use super::words;

/// Whether it says what a group is to do and is no work of it: the text of a Question, terms of reference, a charter.
pub(super) fn is_frame(d: &Document) -> bool {
    let number = d.number.as_deref().unwrap_or_default().trim().to_lowercase();
    let title = d.title.to_lowercase();
    let stage = d.stage.as_ref().map(|s| s.raw.to_lowercase()).unwrap_or_default();
    let is_question = words::question(&number).is_some_and(|q| q.trim_start_matches('Q') == number.trim_start_matches('q'));
    is_question
        || number.starts_with("charter-")
        || number.split(|c: char| !c.is_alphanumeric()).any(|w| w == "tor")
        || ["terms of reference", "question text", "text of question"].iter().any(|w| title.contains(w) || stage.contains(w))
}

/// Whether it asks or announces and is no text that somebody drafts: a request for information, an initiative, a call.
pub(super) fn is_announcement(d: &Document) -> bool {
    let title = d.title.to_lowercase();
    let number = d.number.as_deref().unwrap_or_default().to_lowercase();
    let names = ["initiative", "rfi", "consortium", "programme", "program", "challenge", "workshop"];
    let said = |text: &str| text.split(|c: char| !c.is_alphanumeric()).next_back().is_some_and(|w| names.contains(&w));
    let asks = ["request for information", "request for comment", "call for", "notice of"].iter().any(|w| title.contains(w));
    asks || said(&title) || said(&number) || title.split(|c: char| !c.is_alphanumeric()).any(|w| w == "rfi")
}

/// Whether a source still shows it. What was entered without one is not gone for that.
pub(super) fn is_shown(d: &Document) -> bool {
    d.sightings.is_empty() || d.sightings.iter().any(|s| s.present)
}

/// Whether it is about the security of AI, or AI in security: how AI behaves is another subject.
pub(super) fn is_framed(d: &Document) -> bool {
    d.axes.iter().any(|a| *a != Axis::AiSafetyTrustworthiness)
}

/// Whether a title says that it is about AI, or about what is one kind of it.
pub(super) fn names_ai(title: &str) -> bool {
    let title = title.to_lowercase();
    let words = ["ai", "ml", "llm", "llms", "genai", "agentic", "agent", "agents", "deepfake", "deepfakes", "mcp", "a2a", "gpai", "aiml"];
    let phrases = [
        "artificial intelligence",
        "machine learning",
        "language model",
        "foundation model",
        "neural",
        "generative",
        "deep learning",
        "federated learning",
        "prompt injection",
        "jailbreak",
    ];
    let latin = title.chars().any(|c| c.is_ascii_alphabetic());
    // A title in other letters is read by nobody here.
    !latin || title.split(|c: char| !c.is_alphanumeric()).any(|w| words.contains(&w)) || phrases.iter().any(|p| title.contains(p))
}
