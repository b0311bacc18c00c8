use crate::table::Fields;

/// `33898-i01` is version 18.0.1 of 33.898: one base-36 digit for each part, or two decimal ones.
pub(super) fn file(fields: &mut Fields<'_>) -> Option<()> {
    let whole = fields.get("whole")?.replace('.', "");
    let number = format!("{}.{}", whole.get(..2)?, whole.get(2..)?);
    let code = fields.get("code")?.to_ascii_lowercase();
    let version = if code.len() == 6 {
        let two = |i: usize| code.get(i..i + 2).and_then(|t| t.parse::<u8>().ok());
        format!("{}.{}.{}", two(0)?, two(2)?, two(4)?)
    } else {
        let numbers: Option<Vec<String>> = code.chars().map(|c| c.to_digit(36).map(|d| d.to_string())).collect();
        numbers?.join(".")
    };
    fields.set("number", number);
    fields.set("version", version);
    Some(())
}
