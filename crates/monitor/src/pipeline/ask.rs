//! What is asked: the address, the newest file on its page, a form of the source's own, or the form on a page as it stands there.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use monitor_extract::{FilledForm, fill_form, newest as find_newest};
use monitor_fetch::{Outcome, Request};
use monitor_model::{Complaint, ComplaintStage, Payload, Source, SourceId};
use url::Url;

use super::collect::Tools;

/// A POST of a source, and which page it asks for.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    form: Option<Arc<FilledForm>>,
    page: i64,
}

impl Post {
    /// The first page. With `form`, its fields are sent as they stand, and the declared ones in their place.
    pub(crate) fn first(form: Option<FilledForm>) -> Post {
        Post { form: form.map(Arc::new), page: 0 }
    }

    /// The page behind it, when pages are counted by a field of the form.
    pub(crate) fn next(&self, source: &Source) -> Option<Post> {
        source.pages_by_form()?;
        Some(Post { form: self.form.clone(), page: self.page + 1 })
    }

    /// What is sent.
    pub(crate) fn payload(&self, source: &Source) -> Option<Payload> {
        let mut over = BTreeMap::new();
        if let (Some(param), Some(pages)) = (source.pages_by_form(), &source.page) {
            let number = pages.step.unwrap_or(1).checked_mul(self.page).and_then(|n| n.checked_add(pages.start));
            over.insert(param.to_owned(), number?.to_string());
        }
        let Some(form) = &self.form else { return source.payload(&over) };
        let mut declared = source.form.clone();
        declared.extend(over);
        let mut fields = form.fields.clone();
        for (name, value) in &mut fields {
            if let Some(own) = declared.remove(name) {
                *value = own;
            }
        }
        fields.extend(declared);
        Some(Payload::form(fields.iter().map(|(k, v)| (k.as_str(), v.as_str()))))
    }
}

/// What stands on a page that is asked first, or why not; and what that took.
pub(crate) struct Found<T> {
    pub(crate) what: Result<T, Box<Complaint>>,
    pub(crate) blocked: bool,
    pub(crate) requests: u64,
    pub(crate) bytes: u64,
    pub(crate) spent: Duration,
}

impl<T> Found<T> {
    /// The same of something else that is made of it.
    pub(crate) fn map<U>(self, make: impl FnOnce(T) -> U) -> Found<U> {
        Found { what: self.what.map(make), blocked: self.blocked, requests: self.requests, bytes: self.bytes, spent: self.spent }
    }
}

/// Gets the page on which the form `css` stands: where it is sent, and with what.
pub(crate) async fn form<'a>(tools: &Tools<'a>, id: &SourceId, source: &'a Source, css: &'a str, address: &str) -> Found<(String, Post)> {
    let read = move |url: &str, bytes: &[u8], kind: Option<&str>| {
        fill_form(css, url, bytes, kind).map(|form| (form.action.clone(), Post::first(Some(form))))
    };
    on_page(tools, id, source, address, read).await
}

/// Gets the page on which the newest file named `pattern` stands: its address.
pub(crate) async fn newest<'a>(tools: &Tools<'a>, id: &SourceId, source: &'a Source, pattern: &'a str, address: &str) -> Found<String> {
    on_page(tools, id, source, address, move |url: &str, bytes: &[u8], kind: Option<&str>| find_newest(pattern, url, bytes, kind)).await
}

/// Gets a page that is asked first and reads something on it. What it says holds for this run only, so nothing of it is remembered.
async fn on_page<'a, T: Send + 'a>(
    tools: &Tools<'a>,
    id: &SourceId,
    source: &'a Source,
    address: &str,
    look: impl FnOnce(&str, &[u8], Option<&str>) -> Result<T, String> + Send + 'a,
) -> Found<T> {
    let failed = |what: String| Err(Box::new(Complaint::new(ComplaintStage::Select, address, what)));
    let mut found = Found { what: failed("not an address".to_owned()), blocked: false, requests: 0, bytes: 0, spent: Duration::ZERO };
    let Ok(url) = Url::parse(address) else { return found };
    let fetched = tools.fetcher.get(Request::of(id, source, url, None)).await;
    found.requests = fetched.requests;
    found.bytes = fetched.bytes;
    found.spent = fetched.spent;
    found.what = match fetched.outcome {
        Outcome::Fresh(body) => {
            let final_url = fetched.final_url;
            let read = move || {
                let mut bytes = Vec::new();
                body.reader().and_then(|mut r| r.read_to_end(&mut bytes)).map_err(|e| e.to_string())?;
                look(final_url.as_str(), &bytes, body.media_type.as_deref())
            };
            match tools.desk.work(read).await {
                Some(Ok(what)) => Ok(what),
                Some(Err(what)) => failed(what),
                None => failed("the reader of pages broke off; this is a fault of monitor, please report it with the page".to_owned()),
            }
        }
        Outcome::Unchanged => failed("the host answered 304 to a request without validators".to_owned()),
        Outcome::Blocked(why) => {
            found.blocked = true;
            Err(Box::new(why))
        }
        Outcome::Failed(why) | Outcome::NotAsked(why) => Err(Box::new(why)),
    };
    found
}

#[cfg(test)]
mod tests {
    use monitor_model::{Method, Pages};

    use super::*;

    #[test]
    fn declared_fields_stand_in_place_of_those_of_the_page_and_pages_are_counted() {
        let source = Source {
            method: Method::Post,
            form: BTreeMap::from([("q".into(), "AI".into()), ("offset".into(), "0".into())]),
            page: Some(Pages { param: Some("offset".into()), step: Some(100), max: 3, ..Pages::default() }),
            ..Source::default()
        };
        let form = FilledForm { action: "https://e.org/".into(), fields: vec![("state".into(), "s=".into()), ("q".into(), "".into())] };
        let first = Post::first(Some(form));
        assert_eq!(first.payload(&source).map(|p| p.body).as_deref(), Some("state=s%3D&q=AI&offset=0"));
        let second = first.next(&source).expect("another page");
        assert_eq!(second.payload(&source).map(|p| p.body).as_deref(), Some("state=s%3D&q=AI&offset=100"));
        assert_eq!(Post::first(None).payload(&source).map(|p| p.body).as_deref(), Some("offset=0&q=AI"));
    }
}
