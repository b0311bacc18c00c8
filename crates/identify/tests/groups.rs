//! Bodies with their groups, access, region and language, as `data/bodies.toml` declares them.

use monitor_identify::Bodies;
use monitor_model::Access;

fn bodies() -> Bodies {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/bodies.toml")).expect("bodies.toml");
    Bodies::parse(&text).expect("it is well formed")
}

#[test]
fn every_body_says_where_it_speaks_and_in_what_language() {
    let bodies = bodies();
    let dumb: Vec<&str> = bodies.bodies().iter().filter(|b| b.region.is_empty() || b.lang.len() != 2).map(|b| b.id.as_str()).collect();
    assert!(dumb.is_empty(), "without region or language: {dumb:?}");
    for (name, access) in [("ISO/IEC", Access::Paid), ("ETSI", Access::Free), ("GSMA", Access::Members)] {
        assert_eq!(bodies.body(name).map(|b| b.access), Some(access), "{name}");
    }
}

#[test]
fn a_group_has_one_name_whatever_a_source_calls_it() {
    let bodies = bodies();
    for (body, said, want) in [
        ("ETSI", "Securing Artificial Intelligence TC", "TC SAI"),
        ("ETSI", "tc sai", "TC SAI"),
        ("ETSI", "Securing Artificial Intelligence", "ISG SAI"),
        ("ETSI", "A group nobody knows", "A group nobody knows"),
        ("3GPP", "TSG SA WG3", "SA WG3"),
        ("ISO/IEC", "JTC 1/SC 42", "ISO/IEC JTC 1/SC 42"),
        ("Nobody", "TC SAI", "TC SAI"),
    ] {
        assert_eq!(bodies.canonical_group(body, said), want, "{body} {said}");
    }
}

#[test]
fn two_groups_of_one_name_are_a_mistake() {
    let text = "schema = 1\n[[body]]\nid = \"E\"\nslug = \"e\"\ngroups = [{ id = \"A\" }, { id = \"B\", aliases = [\"a\"] }]\n";
    let said = Bodies::parse(text).expect_err("one name for two").to_string();
    assert!(said.contains("two groups are called “a”"), "{said}");
}
