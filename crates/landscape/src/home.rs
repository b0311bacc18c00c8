use monitor_model::Document;

use crate::Home;

impl Home {
    /// Whether a body and group are ours: `SG17` is met by `SG17 Q7/17`, `ITU-T SG17`, `Q7/17`; not by `SG170`, not by SG17 of another body.
    pub fn holds(&self, body: &str, group: Option<&str>) -> bool {
        if !body.trim().eq_ignore_ascii_case(self.body.trim()) {
            return false;
        }
        let group = group.unwrap_or_default();
        self.group.is_empty() || names(group, &self.group) || self.also.iter().any(|g| names(group, g)) || self.owns_question(group)
    }

    /// Body and group in one name.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.body, self.group).trim().to_owned()
    }

    /// Whether a document is ours.
    pub fn owns(&self, d: &Document) -> bool {
        let of_no_group = d.group.as_deref().is_none_or(|g| g.trim().is_empty());
        let by_series = of_no_group && self.series.iter().any(|s| !s.is_empty() && d.document.as_str().starts_with(s.as_str()));
        by_series || self.holds(&d.body, d.group.as_deref())
    }

    /// Whether a text names one of our groups: the sender of a letter, say.
    pub fn is_named_in(&self, text: &str) -> bool {
        [&self.group].into_iter().chain(&self.also).any(|g| !g.is_empty() && names(text, g))
    }

    /// A Question of our study group, named without it: `Q16/17` is of SG17.
    fn owns_question(&self, group: &str) -> bool {
        let number = self.group.trim_start_matches(|c: char| !c.is_ascii_digit());
        !number.is_empty() && question_in(group).is_some_and(|q| q.rsplit_once('/').is_some_and(|(_, n)| n == number))
    }

    /// Which Question a document concerns: its own if it is ours, else that of its best topic, else the default.
    pub(crate) fn question(&self, d: &Document) -> String {
        let own = || d.extra("question").and_then(question_in).or_else(|| d.group.as_deref().and_then(question_in));
        self.owns(d)
            .then(own)
            .flatten()
            .map(str::to_owned)
            .or_else(|| d.topics.iter().find_map(|t| self.question_of.get(&t.id).cloned()))
            .unwrap_or_else(|| self.default_question.clone())
    }
}

/// Whether a group's words hold the prefix as a whole word; `Study Group 17` is `SG17`.
fn names(group: &str, prefix: &str) -> bool {
    let (group, prefix) = (group.to_lowercase().replace("study group ", "sg"), prefix.trim().to_lowercase());
    if prefix.is_empty() {
        return false;
    }
    group.match_indices(&prefix).any(|(at, found)| {
        let bounded = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        bounded(group[..at].chars().next_back()) && bounded(group[at + found.len()..].chars().next())
    })
}

/// The first `Q7/17` in a text.
pub(crate) fn question_in(text: &str) -> Option<&str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '/')).find(|word| {
        word.strip_prefix(['Q', 'q'])
            .and_then(|r| r.split_once('/'))
            .is_some_and(|(a, b)| [a, b].iter().all(|n| !n.is_empty() && n.len() < 4 && n.bytes().all(|c| c.is_ascii_digit())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> Home {
        Home { body: "ITU-T".into(), group: "SG17".into(), also: vec!["CG-AISEC-STRAT".into(), "FG-TIDA".into()], ..Home::default() }
    }

    #[test]
    fn who_is_at_home() {
        for group in [
            "SG17",
            "SG17 Q7/17",
            "ITU-T SG17",
            "sg17/Q16",
            "Q16/17",
            "SG17 CG-AISEC-STRAT",
            "FG-TIDA",
            "ITU-T Study Group 17",
            "Study Group 17 Q7/17",
        ] {
            assert!(home().holds("ITU-T", Some(group)), "{group}");
        }
        for group in ["SG170", "SG1", "SG13 Q17/13", "Q17/13", "", "XSG17", "ITU-T Study Group 13", "Study Group 170"] {
            assert!(!home().holds("ITU-T", Some(group)), "{group}");
        }
        assert!(home().is_named_in("ITU-T-SG17") && !home().is_named_in("ITU-T SG13, IAB") && !Home::default().is_named_in(""));
        assert!(!home().holds("ISO/IEC", Some("SG17")) && !home().holds("ITU-T", None));
    }

    #[test]
    fn a_series_is_at_home_where_no_group_is_named() {
        let home = Home { series: vec!["itu-t/x.1".into()], ..home() };
        let of = |key: &str, group: Option<&str>| Document {
            group: group.map(str::to_owned),
            ..crate::made::doc(key, "ITU-T", "", "A title", &[])
        };
        assert!(home.owns(&of("itu-t/x.1753", None)) && home.owns(&of("itu-t/x.1753", Some(" "))));
        assert!(!home.owns(&of("itu-t/x.1753", Some("SG13"))) && !home.owns(&of("itu-t/y.1753", None)));
    }

    #[test]
    fn questions_are_found_in_text() {
        assert_eq!(question_in("SG17 Q16/17"), Some("Q16/17"));
        assert_eq!(question_in("Q1/17 (2022-2024)"), Some("Q1/17"));
        for text in ["", "Q/17", "Q1", "q1a/17", "quality/17", "Q99999/17"] {
            assert_eq!(question_in(text), None, "{text}");
        }
    }
}
