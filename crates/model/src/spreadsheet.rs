/// Appends one line of CSV (RFC 4180) that is safe to open in a spreadsheet.
///
/// A cell that a spreadsheet would take for a formula gets an apostrophe before it: crawled titles are not ours. Plain numbers stay numbers.
pub fn spreadsheet_line<'c>(out: &mut String, cells: impl IntoIterator<Item = &'c str>) {
    for (i, cell) in cells.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        push(out, cell);
    }
    out.push_str("\r\n");
}

fn push(out: &mut String, cell: &str) {
    let formula = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) || cell.starts_with(['\t', '\r', '\n']);
    let formula = formula && !is_number(cell);
    let quoted = formula || cell.contains([',', '"', '\n', '\r', '\'']) || cell.starts_with(' ') || cell.ends_with(' ');
    if !quoted {
        out.extend(cell.chars().filter(|c| *c != '\0'));
        return;
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    for c in cell.chars().filter(|c| *c != '\0') {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    out.push('"');
}

/// `-3.5e-7`: a sign, digits and a point compute nothing.
fn is_number(cell: &str) -> bool {
    cell.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'e')) && cell.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::spreadsheet_line;

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        let mut out = String::new();
        let cells = ["plain", "a,b", "say \"x\"", "=1+1", " @SUM(A1)", "-3.5e-7", "-2+3", "\tx", "nul\0l", ""];
        spreadsheet_line(&mut out, cells);
        assert_eq!(out, "plain,\"a,b\",\"say \"\"x\"\"\",\"'=1+1\",\"' @SUM(A1)\",-3.5e-7,\"'-2+3\",\"'\tx\",null,\r\n");
    }
}
