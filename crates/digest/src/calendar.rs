//! Reads `data/calendar.toml`.

use monitor_model::Calendar;

use crate::{
    DigestError,
    toml_place::{config_error, place},
};

const FILE: &str = "calendar.toml";

/// Reads a calendar; unknown keys, a date without a source and two meetings of one name are errors.
///
/// # Errors
/// With line and column of the first fault.
pub fn parse(text: &str) -> Result<Calendar, DigestError> {
    let calendar: Calendar = toml::from_str(text).map_err(|e| config_error(FILE, text, &e))?;
    calendar.check().map_err(|e| {
        // The last place of the id is the offending one when it stands twice.
        let offset = e.id().and_then(|id| text.rfind(&format!("\"{id}\""))).unwrap_or(0);
        let (line, column) = place(text, offset);
        DigestError::Config { file: FILE, line, column, what: e.to_string() }
    })?;
    Ok(calendar)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = include_str!("../../../data/calendar.toml");

    #[test]
    fn the_shipped_calendar_is_read_and_gives_the_known_deadlines() {
        let c = parse(OURS).expect("our own calendar");
        let due: Vec<_> = c
            .upcoming("2026-03-31".parse().expect("a day"), 99)
            .into_iter()
            .filter(|d| d.meeting == "sg17-2026-06")
            .map(|d| (d.rule.unwrap_or_default(), d.date.to_string()))
            .collect();
        let want = [
            ("translation", "2026-04-01"),
            ("cg-report", "2026-05-01"),
            ("contribution", "2026-05-20"),
            ("liaison", "2026-05-25"),
            ("td", "2026-05-25"),
            ("", "2026-06-01"),
        ];
        assert_eq!(due, want.map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert!(c.silence("2026-11-21".parse().expect("a day")).is_some_and(|s| s.contains("No ITU-T SG17 plenary after 2026-06-10")));
    }

    #[test]
    fn a_fault_has_its_place() {
        for (broken, line, word) in [
            (
                "schema = 1\nhome = \"X\"\n\n[[meeting]]\nid = \"a\"\nkind = \"plenary\"\nstart = 2027-01-01\nend = 2027-01-02\nstatus = \"planned\"\n",
                4,
                "source",
            ),
            (
                "schema = 1\nhome = \"X\"\n[[meeting]]\nid = \"a\"\nkind = \"plenary\"\nstart = 2027-01-01\nend = 2027-01-02\nstatus = \"planned\"\nsource = \"\"\n",
                9,
                "source",
            ),
            (
                "schema = 1\nhome = \"X\"\n[[meeting]]\nid = \"a\"\nkind = \"gala\"\nstart = 2027-01-01\nend = 2027-01-02\nstatus = \"planned\"\nsource = \"s\"\n",
                5,
                "gala",
            ),
            (
                "schema = 1\nhome = \"X\"\n[[meeting]]\nid = \"a\"\nkind = \"wp\"\nstart = 2027-01-03\nend = 2027-01-02\nstatus = \"planned\"\nsource = \"s\"\n",
                4,
                "ends before",
            ),
            ("schema = 1\nhome = \"X\"\ncolour = 2\n", 3, "colour"),
        ] {
            match parse(broken) {
                Err(DigestError::Config { line: l, what, .. }) => {
                    assert_eq!(l, line, "{what}");
                    assert!(what.contains(word), "{what}");
                }
                other => panic!("{broken}: {other:?}"),
            }
        }
    }
}
