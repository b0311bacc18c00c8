use std::collections::BTreeMap;

use monitor_model::StageCode;

/// `[stage.BODY]`: normalized code → the body's words, where `*` stands for any text.
#[derive(Clone, Debug, Default)]
pub(crate) struct StageRules {
    exact: BTreeMap<String, StageCode>,
    /// The end of a life goes first, then the longest: the more a rule says, the earlier it is asked.
    wild: Vec<(Wild, StageCode)>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wild {
    front: bool,
    back: bool,
    text: String,
}

impl Wild {
    fn matches(&self, word: &str) -> bool {
        match (self.front, self.back) {
            (false, true) => word.starts_with(&self.text),
            (true, false) => word.ends_with(&self.text),
            _ => word.contains(&self.text),
        }
    }
}

impl StageRules {
    pub(crate) fn new(table: &BTreeMap<String, Vec<String>>) -> Result<StageRules, String> {
        let mut rules = StageRules::default();
        for (code, words) in table {
            let stage = StageCode::from_word(code).ok_or_else(|| {
                let all: Vec<&str> = StageCode::ALL.iter().map(|c| c.as_str()).collect();
                let hint = monitor_model::nearest(code, all.iter().copied()).map(|n| format!(" (did you mean `{n}`?)")).unwrap_or_default();
                format!("“{code}” is not a normalized stage{hint}; they are: {}", all.join(", "))
            })?;
            for word in words {
                let word = fold(word);
                let (front, back) = (word.starts_with('*'), word.ends_with('*'));
                let text = word.trim_matches('*').to_owned();
                if text.is_empty() || text.contains('*') {
                    return Err(format!("“{word}” under `{code}`: a rule is a word with `*` at its start, its end or both"));
                }
                if front || back {
                    rules.wild.push((Wild { front, back, text }, stage));
                } else if let Some(other) = rules.exact.insert(text.clone(), stage)
                    && other != stage
                {
                    return Err(format!("“{text}” stands under `{other}` and under `{stage}`"));
                }
            }
        }
        rules.wild.sort_by(|a, b| {
            let over = b.1.is_over().cmp(&a.1.is_over());
            over.then_with(|| b.0.text.len().cmp(&a.0.text.len())).then_with(|| a.cmp(b))
        });
        Ok(rules)
    }

    pub(crate) fn code(&self, folded: &str) -> Option<StageCode> {
        self.exact.get(folded).copied().or_else(|| self.wild.iter().find(|(w, _)| w.matches(folded)).map(|(_, c)| *c))
    }
}

/// Lower case, white space collapsed.
pub(crate) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for part in word.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(part.chars().flat_map(char::to_lowercase));
    }
    out
}
