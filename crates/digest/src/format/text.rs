//! Plain text of 76 columns.

use crate::{DigestError, Edition, Templates};

pub(super) fn render(edition: &Edition, templates: &Templates) -> Result<Vec<u8>, DigestError> {
    Ok(templates.page(edition, crate::Format::Txt, edition.rows)?.into_bytes())
}

/// No white space at the end of a line, never two empty lines together, one line end at the end.
pub(crate) fn tidy(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    let mut empty = true;
    for line in page.lines().map(str::trim_end) {
        if line.is_empty() && empty {
            continue;
        }
        empty = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn empty_lines_are_single() {
        assert_eq!(super::tidy("\n\na  \n\n\n\nb\n\n"), "a\n\nb\n");
    }
}
