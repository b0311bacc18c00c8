//! Where evidence stands: exact bytes of the field as it was given, in every script, and never in a trap.

use monitor_model::{Evidence, Relevance, Tagging};
use monitor_tag::{Tagger, Taxonomy, Text};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

fn tagger() -> Tagger {
    let taxonomy = Taxonomy::parse(include_str!("../../../data/topics.toml")).expect("data/topics.toml is well formed");
    Tagger::new(&taxonomy, Some(include_str!("../../../data/weights.toml"))).expect("data/weights.toml is well formed")
}

fn all(tagging: &Tagging) -> impl Iterator<Item = &Evidence> {
    tagging.topics.iter().flat_map(|t| &t.evidence).chain(&tagging.evidence)
}

fn plain(text: &str) -> String {
    let folded: String = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c) && *c != '\u{ad}').collect();
    let words = folded.to_lowercase();
    words.split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '_' | '‐' | '‑' | '’')).collect::<Vec<_>>().join(" ")
}

#[test]
fn spans_show_the_term_in_nine_languages_and_odd_spellings() {
    let tagger = tagger();
    for (title, topic, cut) in [
        ("On prompt injection in agents", "prompt-injection", "prompt injection"),
        ("Über Prompt‑Injection bei KI-Systemen: Sicherheit", "prompt-injection", "Prompt‑Injection"),
        ("Attaques : empoisonnement des données de l’IA", "data-poisoning", "empoisonnement des données"),
        ("Ataques de envenenamiento de datos a sistemas de IA", "data-poisoning", "envenenamiento de datos"),
        ("关于人工智能的数据投毒攻击", "data-poisoning", "数据投毒"),
        ("Про отравление данных машинного обучения и атаки", "data-poisoning", "отравление данных"),
        ("حول تسميم البيانات في الذكاء الاصطناعي", "data-poisoning", "تسميم البيانات"),
        ("حول تَسْميم البيـــانات في الذكاء الاصطناعي", "data-poisoning", "تَسْميم البيـــانات"),
        ("機械学習へのデータポイズニング攻撃", "data-poisoning", "データポイズニング"),
        ("機械学習へのﾃﾞｰﾀﾎﾟｲｽﾞﾆﾝｸﾞ攻撃", "data-poisoning", "ﾃﾞｰﾀﾎﾟｲｽﾞﾆﾝｸﾞ"),
        ("인공지능 학습에 대한 데이터 오염 공격", "data-poisoning", "데이터 오염"),
        ("Deﬁance of LLMs by prompt injec\u{ad}tion", "prompt-injection", "prompt injec\u{ad}tion"),
        ("ＡＩ　ｒｅｄ　ｔｅａｍｉｎｇ of language models", "ai-red-teaming-evaluation", "ＡＩ　ｒｅｄ　ｔｅａｍｉｎｇ"),
        (
            "\u{feff}\u{202e}e\u{301}tude: ＰＲＯＭＰＴ\u{a0}ＩＮＪＥＣＴＩＯＮ of LLMs",
            "prompt-injection",
            "ＰＲＯＭＰＴ\u{a0}ＩＮＪＥＣＴＩＯＮ",
        ),
        ("Security of Artificial Intelligence (AI) agents: agentic   AI\tsecurity", "agentic-ai-security", "agentic   AI\tsecurity"),
    ] {
        let said = tagger.tag(&Text { title, ..Text::default() });
        let found = said.topics.iter().find(|t| t.id.as_str() == topic);
        let cuts: Vec<&str> = found.iter().flat_map(|t| &t.evidence).map(|e| &title[e.start as usize..e.end as usize]).collect();
        assert!(cuts.contains(&cut), "{title}: {cut:?} not among {cuts:?} ({:?})", said.topics);
    }
}

#[test]
fn each_field_has_its_own_offsets() {
    let tagger = tagger();
    let keywords = ["größe".to_owned(), "AI".to_owned(), "prompt injection".to_owned()];
    let text = Text {
        title: "Études — LLM security",
        summary: Some("Wir prüfen… jailbreak attacks against large language models."),
        keywords: &keywords,
        number: Some("AML.T0051"),
        ..Text::default()
    };
    let said = tagger.tag(&text);
    let joined = keywords.join(" ");
    let topic = said.topics.iter().find(|t| t.id.as_str() == "prompt-injection").expect("it names prompt injection");
    let cuts: Vec<(&str, &str)> = topic
        .evidence
        .iter()
        .map(|e| {
            let field = match e.field.as_str() {
                "title" => text.title,
                "summary" => text.summary.unwrap_or_default(),
                "keywords" => &joined,
                _ => text.number.unwrap_or_default(),
            };
            (e.field.as_str(), &field[e.start as usize..e.end as usize])
        })
        .collect();
    assert!(cuts.contains(&("keywords", "prompt injection")), "{cuts:?}");
    assert!(cuts.contains(&("summary", "jailbreak attacks")), "{cuts:?}");
    assert!(cuts.contains(&("number", "AML.T0051")), "{cuts:?}");
}

#[test]
fn traps_take_the_word_but_not_the_item() {
    let tagger = tagger();
    let tag = |title| tagger.tag(&Text { title, ..Text::default() });
    for title in [
        "SNMP agent security and the user-based security model",
        "Security of GS1 bar codes with application identifier (AI) elements",
        "Generic Access Network (GAN) security: attacks and countermeasures",
        "Security of ML-KEM and ML-DSA against attacks",
        "Mission critical (MCPTT) security; authentication of the MCP server",
        "Power transformer in the substation: attack and vulnerability analysis",
        "Air interface (AI) encryption and authentication",
    ] {
        assert_ne!(tag(title).relevance, Relevance::Relevant, "{title}");
    }
    for title in [
        "Attacks on GS1 application identifier (AI) readers by adversarial examples against AI systems",
        "Security of the Model Context Protocol (MCP) beside mission critical services",
        "Generative adversarial networks (GAN) for deepfakes, not a generic access network",
    ] {
        assert_eq!(tag(title).relevance, Relevance::Relevant, "{title}");
    }
}

#[test]
fn hostile_texts_cost_time_in_proportion_and_nothing_else() {
    let tagger = tagger();
    let mut texts = vec![
        String::new(),
        "\0".repeat(10 << 20),
        "AI security ".repeat(1 << 20),
        "ai".repeat(5 << 20),
        "a\u{301}".repeat(1 << 20),
        format!("AI security e{}", "\u{301}".repeat(1 << 20)),
        "\u{202e}\u{200f}\u{2066}".repeat(1 << 20),
        "ﷺ".repeat(1 << 20),
        "ال".repeat(1 << 20),
        "SNMP agent AI ".repeat(1 << 19),
        "((((\"«".repeat(1 << 20),
        "𝔸𝕀 𝕤𝕖𝕔𝕦𝕣𝕚𝕥𝕪".repeat(1 << 18),
    ];
    texts.push("AI ".repeat(5000) + &"安全".repeat(1 << 20));
    let started = std::time::Instant::now();
    for text in &texts {
        let keywords = [text.clone()];
        for t in [
            Text { title: text, ..Text::default() },
            Text { title: "AI", summary: Some(text), ..Text::default() },
            Text { title: "AI", keywords: &keywords, ..Text::default() },
        ] {
            let said = tagger.tag(&t);
            assert!(said.topics.iter().all(|t| !t.evidence.is_empty()));
        }
    }
    // An hour for a quadratic walk, a second or two for a straight one, in a debug build on a busy machine.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

/// Pieces from which hostile but meaningful titles are made.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "AI",
            "security",
            "prompt injection",
            "poisoned training data",
            "artificial intelligence (AI)",
            "LLMs",
            "ＡＩ",
            "ﬁne-tuning",
            "sécurité de l’IA",
            "人工智能安全",
            "безопасность ИИ",
            "الذكاء الاصطناعي",
            "生成AI",
            "데이터 오염",
            "adver\u{ad}sarial attack",
            "agent",
            "SNMP",
            "MCP",
            "deepfake",
            "é",
            "e\u{301}",
            "\u{202e}",
            "\0",
            "-",
            "/",
            " ",
            "\u{a0}",
            "GAN",
            "threat",
            "ß",
            "İ",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn evidence_lies_on_characters_inside_its_field_and_shows_its_term(
        title in prop::collection::vec(piece(), 0..12), summary in prop::collection::vec(piece(), 0..24), keywords in prop::collection::vec(piece(), 0..4),
    ) {
        thread_local! { static TAGGER: Tagger = tagger(); }
        let (title, summary) = (title.join(" "), summary.concat());
        let joined = keywords.join(" ");
        let text = Text { title: &title, summary: Some(&summary), keywords: &keywords, ..Text::default() };
        let said = TAGGER.with(|t| t.tag(&text));
        prop_assert_eq!(&said, &TAGGER.with(|t| t.tag(&text)), "tagging is pure");
        for topic in &said.topics {
            prop_assert!(!topic.evidence.is_empty() && (0.0..=1.0).contains(&topic.score));
        }
        for e in all(&said) {
            let field = match e.field.as_str() { "title" => &title, "summary" => &summary, _ => &joined };
            let cut = field.get(e.start as usize..e.end as usize);
            prop_assert!(cut.is_some_and(|c| !c.is_empty()), "{:?} outside {:?}", e, field);
            let (cut, term) = (plain(cut.unwrap_or_default()), plain(&e.term));
            let heads = |t: &str| t.split(' ').map(|w| w.chars().take(3).collect::<String>()).collect::<Vec<_>>();
            prop_assert!(heads(&cut).iter().any(|h| heads(&term).contains(h)), "{:?} does not show {:?}", cut, term);
        }
    }
}
