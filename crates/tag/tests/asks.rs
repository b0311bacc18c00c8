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

#[test]
fn who_recognises_faces_protects_nobody_yet() {
    for (title, summary) in [
        ("Comparison of filtering methods for neural network fingerprint classification", ""),
        ("Massively parallel neural networks for fingerprint sorting", ""),
    ] {
        let said = tag(title, summary);
        assert!(said.relevance != Relevance::Relevant && said.topics.is_empty(), "{title}: {said:?}");
    }
    let said = tag("Presentation attack detection for face recognition by deep learning", "Spoofing of face authentication is detected.");
    assert!(said.topics.iter().any(|t| t.id.as_str() == "ai-biometrics-security"), "{said:?}");
}

#[test]
fn code_that_moves_and_mobility_agents_are_no_ai_agents() {
    for (title, summary) in [
        ("Mobile agent security", "Mobile agent technology lets a software agent move from host to host; its threats and countermeasures."),
        ("Agent identity extension for Mobile IPv4", "A mobility agent offers its identity to the other mobility agent."),
    ] {
        assert_ne!(tag(title, summary).relevance, Relevance::Relevant, "{title}");
    }
    let said =
        tag("Security of LLM agents on mobile phones", "A mobile agent driven by a large language model is open to prompt injection.");
    assert_eq!(said.relevance, Relevance::Relevant, "{said:?}");
}

#[test]
fn security_of_network_automation_is_security_of_learning_in_the_network() {
    let said = tag("Study on security aspects of enablers for network automation for the 5G system", "");
    assert!(said.topics.iter().any(|t| t.id.as_str() == "telecom-network-ai-security"), "{said:?}");
    let said = tag("Architecture enhancements to support network data analytics services", "Stage 2 of the architecture.");
    assert_ne!(said.relevance, Relevance::Relevant, "{said:?}");
}

#[test]
fn programs_that_negotiate_or_control_have_not_learnt() {
    for (title, summary) in [
        ("Trust-based multi-agent filtering for increased smart grid security", ""),
        ("Security of a multi-agent system for manufacturing", "Holonic control with FIPA messages and authentication of agents."),
    ] {
        assert_ne!(tag(title, summary).relevance, Relevance::Relevant, "{title}");
    }
    for (title, summary) in [
        ("Securing LLM-driven multi-agent systems in manufacturing", ""),
        ("Architecture matters for multi-agent security", ""),
        ("Multi-agent reinforcement learning against false data injection attacks in smart grids", ""),
    ] {
        let said = tag(title, summary);
        assert_eq!(said.relevance, Relevance::Relevant, "{title}: {said:?}");
    }
}

#[test]
fn a_name_that_was_learnt_is_no_reason_beside_what_the_taxonomy_names() {
    let said = tag(
        "Execution finality for the Apple assistant debate",
        "Third-party AI assistants ask for actions; the action has no effect until a user approves it and the audit log records it. Apple \
         and the AI assistants keep privacy and security.",
    );
    let oversight = said.topics.iter().find(|t| t.id.as_str() == "human-oversight-accountability").expect("given");
    assert!(oversight.evidence.iter().all(|e| !e.term.contains("apple")), "{:?}", oversight.evidence);
    assert!(!oversight.evidence.is_empty());
}
