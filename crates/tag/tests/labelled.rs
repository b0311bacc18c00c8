//! A small labelled set of our own: short titles over axes, topics, languages and traps, judged as the acceptance check judges.
//!
//! The titles are made up for this test. The figures are printed (`cargo test -p monitor-tag --test labelled -- --nocapture`).

use std::collections::BTreeSet;

use monitor_model::{Axis, Relevance, Tagging};
use monitor_tag::{Tagger, Taxonomy, Text};

const TOPICS: &str = include_str!("../../../data/topics.toml");
const WEIGHTS: &str = include_str!("../../../data/weights.toml");

const S: &str = "securing-ai";
const M: &str = "mitigating-against-ai";
const F: &str = "ai-for-security";
const T: &str = "ai-safety-trustworthiness";

/// Title, axis, topics. All are relevant.
const RELEVANT: &[(&str, &str, &[&str])] = &[
    ("Security requirements for prompt injection defences in large language model services", S, &["prompt-injection"]),
    ("Detecting data poisoning in machine learning pipelines", S, &["data-poisoning"]),
    ("Guidance on adversarial examples against image classifiers", S, &["adversarial-evasion"]),
    ("Countering model extraction and model theft in cloud AI", S, &["model-extraction"]),
    ("Membership inference risks of language models", S, &["ai-privacy-attacks"]),
    ("Identity and authentication of AI agents across domains", S, &["agent-identity"]),
    ("OAuth profile for AI agent delegation", S, &["agent-identity"]),
    ("Security considerations of the Model Context Protocol (MCP)", S, &["agent-protocol-security"]),
    ("Security framework for agentic AI and multi-agent systems", S, &["agentic-ai-security"]),
    ("Software bill of materials for AI systems", S, &["ai-supply-chain"]),
    ("Baseline cyber security requirements for AI models and systems", S, &["secure-ai-lifecycle"]),
    ("Watermarking and fingerprinting of neural network models for ownership verification", S, &["model-provenance"]),
    ("Attested inference in trusted execution environments for AI", S, &["confidential-ai"]),
    ("Privacy-preserving federated learning with differential privacy", S, &["privacy-preserving-ml"]),
    ("Study on security aspects of AI/ML in the 5G core network (NWDAF)", S, &["telecom-network-ai-security"]),
    ("Security requirements of embodied AI and humanoid robots", S, &["embodied-physical-ai"]),
    ("AI threat ontology and taxonomy of attacks", S, &["ai-threat-modelling"]),
    ("Side channel attacks on AI accelerators and GPU security", S, &["ai-infrastructure-security"]),
    ("Sponge attacks and denial of wallet against AI services", S, &["ai-availability-attacks"]),
    ("Red teaming methodology for generative AI", S, &["ai-red-teaming-evaluation"]),
    ("Roadmap for AI security standardization", S, &["ai-security-standardization"]),
    ("Deepfake detection for video calls", M, &["deepfakes-synthetic-media"]),
    ("Content credentials and provenance for AI-generated images", M, &["content-authenticity"]),
    ("AI-generated phishing and voice clone scams: threat report", M, &["ai-enabled-fraud"]),
    ("Malicious use of AI by threat actors to write malware", M, &["ai-assisted-attacks"]),
    ("Machine learning based intrusion detection for industrial networks", F, &["ai-for-threat-detection"]),
    ("AI assistants for the security operations centre: alert triage with LLMs", F, &["ai-for-security-operations"]),
    ("LLM-based fuzzing and vulnerability discovery", F, &["ai-for-vulnerability-management"]),
    ("Explainable AI: transparency requirements", T, &["explainability-transparency"]),
    ("Bias in AI systems and algorithmic fairness", T, &["bias-fairness"]),
    ("Human oversight of high-risk AI systems", T, &["human-oversight-accountability"]),
    ("AI risk management framework profile", T, &["ai-risk-management"]),
    ("EU AI Act: code of practice for general-purpose AI", T, &["ai-governance-regulation"]),
    ("AI management system: requirements for bodies providing audit and certification", T, &["ai-assurance-certification"]),
    ("Robustness of neural networks: formal methods", T, &["ai-robustness-reliability"]),
    ("Loss of control and deceptive alignment in frontier AI", T, &["frontier-ai-safety"]),
    ("Data governance for AI training data", T, &["ai-data-governance"]),
    ("Securing Artificial Intelligence (SAI); AI incident reporting", T, &["ai-incident-disclosure"]),
    // The same in the other languages.
    ("Sécurité de l’intelligence artificielle : injection de prompt dans les grands modèles de langage", S, &["prompt-injection"]),
    ("Empoisonnement des données d’apprentissage de l’IA", S, &["data-poisoning"]),
    ("Identidad de los agentes de IA: requisitos de seguridad", S, &["agent-identity"]),
    ("Reglamento de inteligencia artificial y supervisión humana", T, &["ai-governance-regulation", "human-oversight-accountability"]),
    ("人工智能安全 模型投毒攻击防护要求", S, &["data-poisoning"]),
    ("生成式人工智能服务安全基本要求", S, &["genai-application-security"]),
    ("Отравление данных и атаки на системы искусственного интеллекта", S, &["data-poisoning"]),
    ("Безопасность ИИ-агентов: угрозы и меры защиты", S, &["agentic-ai-security"]),
    ("أمن الذكاء الاصطناعي: تسميم البيانات", S, &["data-poisoning"]),
    ("حوكمة الذكاء الاصطناعي والتزييف العميق", T, &["ai-governance-regulation"]),
    ("Sicherheit von KI-Agenten und Schutz vor Prompt Injection", S, &["prompt-injection", "agentic-ai-security"]),
    ("KI-Verordnung: menschliche Aufsicht bei Hochrisiko-KI-Systemen", T, &["ai-governance-regulation", "human-oversight-accountability"]),
    ("生成AIのセキュリティに関するガイドライン", S, &["genai-application-security"]),
    ("AIセーフティ評価とレッドチーミング手法ガイド", S, &["ai-red-teaming-evaluation"]),
    ("인공지능 보안 안내서: 데이터 오염 공격 대응", S, &["data-poisoning"]),
    ("AI 에이전트 신원 관리 보안 요구사항", S, &["agent-identity"]),
];

/// Titles that are not relevant, with what they are.
const OTHERS: &[(&str, Relevance)] = &[
    ("Definitions of managed objects for the SNMP agent", Relevance::Neither),
    ("GS1 application identifiers (AI) in bar code symbols", Relevance::Neither),
    ("Air interface (AI) for broadband wireless access", Relevance::Neither),
    ("Generic Access Network (GAN); Mobile GAN interface layer 3 specification", Relevance::Neither),
    ("Gallium nitride (GaN) power transistors", Relevance::Neither),
    ("ML-KEM and ML-DSA in certificates: security considerations", Relevance::SecurityOnly),
    ("Mission Critical Push To Talk (MCPTT) over MC services; MCP server functions", Relevance::Neither),
    ("Power transformers - Part 5: ability to withstand short circuit", Relevance::Neither),
    ("Service Area Identifier (SAI) in RANAP signalling", Relevance::Neither),
    ("Session Initiation Protocol (SIP) user agent capabilities", Relevance::Neither),
    ("A YANG data model for BGP autonomous systems", Relevance::Neither),
    ("DNS cache poisoning: measures for making answers more resilient against forgery", Relevance::SecurityOnly),
    ("Security of the session layer: encryption and authentication of media", Relevance::SecurityOnly),
    ("Post-quantum cryptography for TLS", Relevance::SecurityOnly),
    ("Privacy framework for personal health data", Relevance::SecurityOnly),
    ("Machine learning for crop yield prediction", Relevance::AiOnly),
    ("Architecture for machine learning in future networks", Relevance::AiOnly),
    ("Artificial intelligence for energy efficiency of base stations", Relevance::AiOnly),
    ("Performance evaluation of speech recognition with neural networks", Relevance::AiOnly),
    ("Determination of moisture in cereal grains", Relevance::Neither),
    ("Trains, chains and maintaining rails", Relevance::Neither),
    ("Red-amber-green (RAG) status reporting for projects", Relevance::Neither),
    ("Maximum likelihood (ML) detection in MIMO receivers", Relevance::Neither),
    ("Beam training and training sequences for 60 GHz links", Relevance::Neither),
];

fn tagger() -> Tagger {
    let taxonomy = Taxonomy::parse(TOPICS).expect("data/topics.toml is well formed");
    Tagger::new(&taxonomy, Some(WEIGHTS)).expect("data/weights.toml is well formed")
}

fn tag(tagger: &Tagger, title: &str) -> Tagging {
    tagger.tag(&Text { title, ..Text::default() })
}

#[derive(Default)]
struct Count {
    hit: u32,
    extra: u32,
    missed: u32,
}

impl Count {
    fn sets(&mut self, truth: &BTreeSet<&str>, said: &BTreeSet<&str>) {
        self.hit += truth.intersection(said).count() as u32;
        self.extra += said.difference(truth).count() as u32;
        self.missed += truth.difference(said).count() as u32;
    }

    fn figures(&self, what: &str) -> f32 {
        let of = |all: u32| self.hit as f32 / all.max(1) as f32;
        let (precision, recall) = (of(self.hit + self.extra), of(self.hit + self.missed));
        let f1 = 2.0 * precision * recall / (precision + recall).max(f32::MIN_POSITIVE);
        println!("{what:9} precision {precision:.3} recall {recall:.3} F1 {f1:.3}");
        f1
    }
}

#[test]
fn precision_and_recall_hold_on_titles_alone() {
    let tagger = tagger();
    let (mut relevance, mut axes, mut topics) = (Count::default(), Count::default(), Count::default());
    for (title, axis, expected) in RELEVANT {
        let said = tag(&tagger, title);
        let said_topics: BTreeSet<&str> = said.topics.iter().map(|t| t.id.as_str()).collect();
        let said_axes: BTreeSet<&str> = said.axes.iter().map(|a: &Axis| a.as_str()).collect();
        let found = BTreeSet::from([said.relevance.as_str()]);
        relevance.sets(&BTreeSet::from(["relevant"]), &found.into_iter().filter(|r| *r == "relevant").collect());
        axes.sets(&BTreeSet::from([*axis]), &said_axes);
        topics.sets(&expected.iter().copied().collect(), &said_topics);
        if said.relevance != Relevance::Relevant || !expected.iter().all(|e| said_topics.contains(e)) || !said_axes.contains(axis) {
            println!("{title}\n    {} {said_axes:?} {said_topics:?}, wanted {axis} {expected:?}", said.relevance.as_str());
        }
    }
    for (title, _) in OTHERS {
        let said = tag(&tagger, title);
        if said.relevance == Relevance::Relevant {
            println!("{title}\n    relevant: {:?}", said.topics);
            relevance.extra += 1;
        }
    }
    assert!(relevance.figures("relevance") >= 0.95);
    assert!(axes.figures("axes") >= 0.85);
    assert!(topics.figures("topics") >= 0.75);
}

#[test]
fn what_is_not_relevant_is_told_apart() {
    let tagger = tagger();
    let right = OTHERS.iter().filter(|(title, class)| {
        let said = tag(&tagger, title).relevance;
        if said != *class {
            println!("{title}\n    {} instead of {}", said.as_str(), class.as_str());
        }
        said == *class
    });
    let right = right.count();
    println!("{right} of {} classes right", OTHERS.len());
    assert!(right * 10 >= OTHERS.len() * 8);
}

#[test]
fn every_topic_shows_evidence_and_every_relevant_item_its_reason() {
    let tagger = tagger();
    for (title, ..) in RELEVANT {
        let said = tag(&tagger, title);
        if said.relevance == Relevance::Relevant {
            assert!(!said.evidence.is_empty(), "{title}");
            assert!(!said.topics.is_empty() && said.topics.iter().all(|t| !t.evidence.is_empty()), "{title}");
        } else {
            assert!(said.topics.is_empty() && said.axes.is_empty() && said.evidence.is_empty(), "{title}");
        }
    }
}
