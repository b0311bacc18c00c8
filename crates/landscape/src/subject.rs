//! What a text is about beyond its topics: a field of use, arms, or AI in a name.

use monitor_model::{Axis, Document};

use crate::Home;

/// Words of a title that say for which trade AI is used, or that it is about ethics or licences: trust in AI, no security.
const FIELDS: [&str; 39] = [
    "medical",
    "medicine",
    "medicines",
    "clinical",
    "health",
    "healthcare",
    "patient",
    "patients",
    "hospital",
    "diagnosis",
    "diagnostic",
    "pharmaceutical",
    "nursing",
    "energy",
    "electricity",
    "agriculture",
    "agricultural",
    "farming",
    "livestock",
    "forest",
    "forestry",
    "education",
    "educational",
    "school",
    "classroom",
    "ethics",
    "ethic",
    "ethical",
    "ethically",
    "licensing",
    "licence",
    "license",
    "insurance",
    "tourism",
    "sports",
    "environmental",
    "psychological",
    "psychology",
    "jpeg",
];

/// The same in more than one word.
const FIELD_PHRASES: [&str; 4] = ["assisted living", "power grid", "smart grid", "image coding"];

/// Whether a text that is on trust in AI alone is about one trade that uses AI, about ethics, licences or arms: a landscape of
/// security leaves it out. What is on the security of AI stays, whatever trade it is for.
pub fn is_of_a_trade(d: &Document) -> bool {
    let on_trust_alone = d.axes.iter().all(|a| *a == Axis::AiSafetyTrustworthiness) && !d.axes.is_empty();
    on_trust_alone && (names_a_trade(&d.title) || is_military(d)) || is_a_jest(&d.title)
}

/// Whether a title says for which trade AI is used, or that it is about ethics or licences.
pub fn names_a_trade(title: &str) -> bool {
    let title = title.to_lowercase();
    title.split(|c: char| !c.is_alphanumeric()).any(|w| FIELDS.contains(&w)) || FIELD_PHRASES.iter().any(|p| title.contains(p))
}

/// The first of April has its own series of texts at the IETF (RFC 1149, 2549, 6214).
fn is_a_jest(title: &str) -> bool {
    let title = title.to_lowercase();
    ["avian carrier", "carrier pigeon"].iter().any(|w| title.contains(w))
}

/// Whether it is about arms and those who bear them.
pub fn is_military(d: &Document) -> bool {
    let said = [d.title.as_str(), d.group.as_deref().unwrap_or_default(), &d.body].join(" ").to_lowercase();
    let mut words = said.split(|c: char| !c.is_alphanumeric());
    let names = ["military", "warfare", "battlefield", "nato", "stanag", "warfighter", "warfighting", "munitions"];
    words.any(|w| names.contains(&w))
        || ["armed forces", "weapon system", "weapons system", "autonomous weapon", "department of defense", "ministry of defence"]
            .iter()
            .any(|w| said.contains(w))
        || ["applications", "systems", "sector", "industry", "acquisition"]
            .iter()
            .any(|w| said.contains(&format!("defense {w}")) || said.contains(&format!("defence {w}")))
}

/// Whether an item of ours says by its number alone that it is on AI: `TR.saAIoT`, `X.sgGenAI`, whose title nobody saw.
pub fn is_home_item_on_ai(home: &Home, d: &Document) -> bool {
    home.owns(d) && d.number.as_deref().is_some_and(names_ai)
}

/// `AI` where a word of the number begins, and not within a longer one: `saAIoT`, `AISec`, not `MAIL` and not `AIR`.
fn names_ai(number: &str) -> bool {
    number.match_indices("AI").any(|(at, _)| {
        let begins = number[..at].chars().next_back().is_none_or(|c| !c.is_ascii_uppercase());
        let mut after = number[at + 2..].chars();
        // A capital after it is the first of the next word, which goes on with small letters; or that of a plural or a number: `AIS-`.
        let ends = match (after.next(), after.next()) {
            (Some(a), b) if a.is_ascii_uppercase() => b.is_some_and(|b| !b.is_ascii_uppercase()),
            _ => true,
        };
        begins && ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::doc;

    #[test]
    fn trust_alone_in_one_trade_is_left_out_and_security_never() {
        let of = |title: &str, axes: &[Axis]| {
            let mut d = doc("k", "IEEE", "", title, &[]);
            d.axes = axes.to_vec();
            d
        };
        let (trust, securing) = (Axis::AiSafetyTrustworthiness, Axis::SecuringAi);
        for title in [
            "Quality management of datasets for medical artificial intelligence",
            "Ethical considerations of AI in active assisted living",
            "Corpus construction for large language models in the energy market",
            "Human decision-making in autonomous systems for defense applications",
        ] {
            assert!(is_of_a_trade(&of(title, &[trust])), "{title}");
            assert!(!is_of_a_trade(&of(title, &[securing, trust])), "{title}");
            assert!(!is_of_a_trade(&of(title, &[])), "{title}");
        }
        assert!(!is_of_a_trade(&of("Risk management of artificial intelligence", &[trust])));
        assert!(is_of_a_trade(&of("Agent identity over avian carriers", &[securing])));
    }

    #[test]
    fn a_number_of_ours_names_ai_by_itself() {
        let home = crate::made::home();
        let of = |number: &str, group: &str| Document { number: Some(number.into()), ..doc("k", "ITU-T", group, "(title not seen)", &[]) };
        for number in ["TR.saAIoT", "X.sgGenAI", "XSTR.AISec", "X.srm-AIphs", "XSTR.AIS-IMT2030", "X.sg-eAI"] {
            assert!(is_home_item_on_ai(&home, &of(number, "SG17 Q7/17")), "{number}");
        }
        for number in ["X.MAIL", "X.1753", "X.sgAIR", "TRAIN-1"] {
            assert!(!is_home_item_on_ai(&home, &of(number, "SG17")), "{number}");
        }
        assert!(!is_home_item_on_ai(&home, &of("F.AAI", "SG21")));
    }
}
