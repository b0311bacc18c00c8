//! A topic whose words stand in many texts that are about something else asks for more; a rule of something speaks for that thing's axis.

use monitor_model::{Axis, Relevance, Tagging};
use monitor_tag::{Tagger, Taxonomy, Text};

fn tag(title: &str, summary: &str) -> Tagging {
    let taxonomy = Taxonomy::parse(include_str!("../../../data/topics.toml")).expect("data/topics.toml is well formed");
    let tagger = Tagger::new(&taxonomy, Some(include_str!("../../../data/weights.toml"))).expect("data/weights.toml is well formed");
    tagger.tag(&Text { title, summary: Some(summary), ..Text::default() })
}

#[test]
fn privacy_attacks_need_somebody_who_learns_something() {
    let attack = |title: &str, summary: &str| tag(title, summary).topics.iter().any(|t| t.id.as_str() == "ai-privacy-attacks");
    for (title, summary) in [
        ("Membership inference attacks on language models", ""),
        (
            "How agents leak what they remember",
            "Membership inference and data extraction recover private records from an LLM agent's memory.",
        ),
        ("Privacy leakage in federated learning", "A curious server reconstructs images from gradients of the neural network."),
    ] {
        assert!(attack(title, summary), "{title}");
    }
    for (title, summary) in [
        (
            "User perceptions of privacy in generative AI smartphones",
            "Users worry about sensitive information and privacy risks of AI assistants.",
        ),
        (
            "Federated learning for hospitals with differential privacy",
            "Training a neural network without sharing data prevents privacy leakage.",
        ),
        ("A privacy policy for AI chatbots", "What a provider says of sensitive data in conversations with a language model."),
        ("Secure aggregation for federated learning", "Encrypted neural network updates withstand gradient inversion."),
    ] {
        let said = tag(title, summary);
        assert!(!attack(title, summary) && said.relevance == Relevance::Relevant, "{title}: {said:?}");
    }
}

#[test]
fn measures_for_labelling_are_about_content_and_an_act_is_about_ai() {
    assert_eq!(tag("人工智能生成合成内容标识办法", "").axes, [Axis::MitigatingAgainstAi]);
    assert!(tag("生成式人工智能服务管理暂行办法", "").axes.contains(&Axis::AiSafetyTrustworthiness));
}
