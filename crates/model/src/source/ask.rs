use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use url::form_urlencoded;

use super::Source;

/// How an address is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// GET, with validators and retries.
    #[default]
    Get,
    /// POST, which is never repeated of itself.
    Post,
}

/// What a POST carries.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Payload {
    /// `Content-Type`.
    pub media_type: String,
    /// The body.
    pub body: String,
}

impl Payload {
    /// The fields of a form, in the order in which they are given.
    pub fn form<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Payload {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Payload { media_type: "application/x-www-form-urlencoded".to_owned(), body }
    }
}

impl Source {
    /// What the source sends; none when it only asks. `over` are fields of the form that hold in place of the declared ones.
    pub fn payload(&self, over: &BTreeMap<String, String>) -> Option<Payload> {
        if self.method == Method::Get {
            return None;
        }
        if let Some(json) = &self.json {
            return Some(Payload { media_type: "application/json".to_owned(), body: json.to_string() });
        }
        let mut fields = self.form.clone();
        fields.extend(over.clone());
        Some(Payload::form(fields.iter().map(|(k, v)| (k.as_str(), v.as_str()))))
    }

    /// Whether pages are counted by a field of the form, and no longer by the address: a form that stands on a page has the field itself.
    pub fn pages_by_form(&self) -> Option<&str> {
        let param = self.page.as_ref()?.param.as_deref()?;
        (self.method == Method::Post && (self.form.contains_key(param) || self.form_from.is_some())).then_some(param)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_sent_in_the_order_of_its_names() {
        let form = BTreeMap::from([("q".to_owned(), "a b&c".to_owned()), ("n".to_owned(), "1".to_owned())]);
        let source = Source { method: Method::Post, form, ..Source::default() };
        let sent = source.payload(&BTreeMap::from([("n".to_owned(), "2".to_owned())])).expect("a form");
        assert_eq!(sent.body, "n=2&q=a+b%26c");
        assert_eq!(Source { method: Method::Get, ..source }.payload(&BTreeMap::new()), None);
    }
}
