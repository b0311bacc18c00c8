//! The form on a page as a browser would send it: hidden fields, what is filled in, and the site's own address for it.

use scraper::{ElementRef, Html};
use url::Url;

use crate::{
    charset::decode,
    depth::flatten,
    flood, locate,
    text::{Reading, collapse, node_text},
};

/// Fields of one form.
const FIELDS: usize = 2_000;
/// Bytes of all values (the state of an ASP.NET page may be long).
const BYTES: usize = 4 << 20;

/// A form as it stands on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledForm {
    /// Where it is sent.
    pub action: String,
    /// Its fields with their values, in the order of the page.
    pub fields: Vec<(String, String)>,
}

/// Reads the form that `css` selects on the page at `address`.
///
/// # Errors
/// When the form is not there, or is larger than any form.
pub fn fill_form(css: &str, address: &str, bytes: &[u8], media_type: Option<&str>) -> Result<FilledForm, String> {
    let decoded = decode(bytes, media_type);
    if let Some(what) = flood::of_tags(&decoded.text) {
        return Err(what);
    }
    let selector = locate::selector("form_from", css.trim(), 0).map_err(|m| m.message)?;
    let inputs = locate::selector("form_from", "input[name], select[name], textarea[name]", 0).map_err(|m| m.message)?;
    let options = locate::selector("form_from", "option", 0).map_err(|m| m.message)?;
    let html = Html::parse_document(&flatten(&decoded.text));
    let form = html
        .select(&selector)
        .next()
        .ok_or_else(|| format!("the form “{css}” is not on the page ({} bytes): it has changed, or this is another page", bytes.len()))?;
    let base = Url::parse(address).map_err(|e| format!("the page has no address of its own: {e}"))?;
    let action = base.join(form.attr("action").unwrap_or_default().trim()).map_err(|e| format!("the form is sent to no address: {e}"))?;
    let mut fields = Vec::new();
    let mut weight = 0;
    for input in form.select(&inputs) {
        let Some(value) = value_of(input, &options) else { continue };
        let name = input.attr("name").unwrap_or_default().to_owned();
        weight += name.len() + value.len();
        if fields.len() >= FIELDS || weight > BYTES {
            return Err(format!("the form has more than {FIELDS} fields or {BYTES} bytes"));
        }
        fields.push((name, value));
    }
    Ok(FilledForm { action: action.into(), fields })
}

/// What a browser would send of it; buttons, files and boxes that are not ticked send nothing.
fn value_of(input: ElementRef<'_>, options: &scraper::Selector) -> Option<String> {
    if input.attr("disabled").is_some() || input.attr("name").is_none_or(str::is_empty) {
        return None;
    }
    match input.value().name() {
        "textarea" => Some(node_text(input, &Reading::default()).trim_start_matches('\n').to_owned()),
        "select" => {
            let chosen = input.select(options).find(|o| o.attr("selected").is_some()).or_else(|| input.select(options).next())?;
            Some(chosen.attr("value").map_or_else(|| collapse(&node_text(chosen, &Reading::default())), str::to_owned))
        }
        _ => match input.attr("type").unwrap_or("text").to_ascii_lowercase().as_str() {
            "submit" | "button" | "image" | "reset" | "file" | "password" => None,
            "checkbox" | "radio" if input.attr("checked").is_none() => None,
            "checkbox" | "radio" => Some(input.attr("value").unwrap_or("on").to_owned()),
            _ => Some(input.attr("value").unwrap_or_default().to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_filled_as_it_stands() {
        let page = r#"<form id="other"><input name="x" value="1"></form>
            <form id="f" action="./search.aspx?a=1" method="post"><input type="hidden" name="__VIEWSTATE" value="/wEP&amp;=="><input name="q">
            <select name="s"><option value="1">one<option value="2" selected>two</select><input type="checkbox" name="c" value="y">
            <input type="checkbox" name="d" checked><input type="submit" name="go" value="Go"><textarea name="t">
text</textarea></form>"#;
        let form = fill_form("form#f", "https://e.org/a/b.aspx", page.as_bytes(), None).expect("a form");
        assert_eq!(form.action, "https://e.org/a/search.aspx?a=1");
        let fields: Vec<(&str, &str)> = form.fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(fields, [("__VIEWSTATE", "/wEP&=="), ("q", ""), ("s", "2"), ("d", "on"), ("t", "text")]);
        assert!(fill_form("#g", "https://e.org/", page.as_bytes(), None).is_err_and(|e| e.contains("not on the page")));
    }
}
