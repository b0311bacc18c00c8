use monitor_model::{DocumentKey, Kind, PlainAddress, StageCode};

use super::Seen;

/// What a row is that nobody says it of: without a number, an address among posts or press releases makes it news. What is told to
/// be under way is a piece of work, whoever tells it: posts are out, and nothing else.
pub(super) fn kind_of(seen: &Seen<'_>, stage: Option<StageCode>) -> Kind {
    const POSTS: [&str; 9] = ["blog", "blogs", "news", "newsroom", "post", "posts", "press", "press-release", "press-releases"];
    let under_way = matches!(stage, Some(StageCode::NewWork | StageCode::Draft | StageCode::Consultation | StageCode::Approval));
    if under_way || seen.id.document.as_ref().is_some_and(DocumentKey::is_numbered) {
        return Kind::Document;
    }
    let among = |word: &str| POSTS.iter().any(|p| word.eq_ignore_ascii_case(p));
    let stands_there = || {
        seen.entry.url.as_deref().is_some_and(|address| match PlainAddress::of(address) {
            Some(plain) => plain.path.split('/').any(among),
            None => url::Url::parse(address).ok().as_ref().and_then(url::Url::path_segments).is_some_and(|mut parts| parts.any(among)),
        })
    };
    if seen.entry.group.as_deref().is_some_and(among) || stands_there() { Kind::News } else { Kind::Document }
}
