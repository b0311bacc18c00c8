//! One self-contained page: inline style, nothing from outside, no script.

use crate::{DigestError, Edition, Templates, clean::clean};

pub(super) fn render(edition: &Edition, templates: &Templates, rows: Option<usize>) -> Result<Vec<u8>, DigestError> {
    Ok(templates.page(edition, rows)?.into_bytes())
}

/// Text as content or as a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A link whose label cannot change the direction of what follows. `href` has been through [`crate::clean::href`].
pub(crate) fn link(label: &str, href: &str) -> String {
    format!("<a href=\"{}\"><bdi>{}</bdi></a>", escape(href), escape(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_stays_text() {
        assert_eq!(escape("<img src=x onerror='a'>\n\u{202E}&amp;"), "&lt;img src=x onerror=&#39;a&#39;&gt; &amp;amp;");
        assert_eq!(link("\"><script>", "https://x/?a=1&b=2"), "<a href=\"https://x/?a=1&amp;b=2\"><bdi>&quot;&gt;&lt;script&gt;</bdi></a>");
    }
}
