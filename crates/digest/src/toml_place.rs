use crate::DigestError;

/// Turns a TOML error into ours, with line and column.
pub(crate) fn config_error(file: &'static str, text: &str, error: &toml::de::Error) -> DigestError {
    let (line, column) = place(text, error.span().map_or(0, |s| s.start));
    DigestError::Config { file, line, column, what: error.message().to_owned() }
}

/// Line and column, both from 1, of a byte offset.
pub(crate) fn place(text: &str, offset: usize) -> (usize, usize) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
