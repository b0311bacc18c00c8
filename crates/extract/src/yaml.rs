//! YAML into the values of JSON, bounded: aliases repeat what they stand for, and may repeat repetitions.

use serde_json::Value;

/// Bytes that all aliases together may stand for.
const REPEATED: usize = 256 << 20;
/// Parts of a document that aliases may repeat.
const REPLAYED: usize = 50_000;

/// Reads one document.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_aliases: 2_000, max_depth: 100, max_nodes: 1_000_000, max_events: 2_500_000, max_documents: 1 },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: REPLAYED.min(REPEATED / text.len().max(1)) },
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|e| crate::notes::shorten(&e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_become_values() {
        let v = read("id: ATLAS\nversion: 5.6.0\nwhen: 2026-05-05\nlist:\n- &a {id: AML.T0110, n: 1}\n- *a\n- !odd x\n").expect("reads");
        assert_eq!(v["list"][1]["id"], "AML.T0110");
        assert_eq!((&v["version"], &v["when"]), (&"5.6.0".into(), &"2026-05-05".into()));
        assert!(read("a: [1").is_err());
        assert!(read("a: 1\na: 2").is_err() || read("a: 1\na: 2").is_ok_and(|v| v["a"].is_number()));
    }

    #[test]
    fn a_bomb_of_aliases_does_not_go_off() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for i in 1..12 {
            bomb.push_str(&format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 10].join(", ")));
        }
        assert!(read(&bomb).is_err());
        let tower = format!("{}x{}", "[".repeat(5_000), "]".repeat(5_000));
        assert!(read(&tower).is_err());
        let long = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(1 << 20), vec!["*a"; 1_500].join(", "));
        assert!(read(&long).is_err(), "1.5 GB of repeated text");
    }
}
