//! Pictures say in words and signs what they show, are whole XML whatever a title holds, and have the same bytes every time.

mod fixture;

use std::collections::BTreeMap;

use fixture::full;
use monitor_digest::{Templates, pictures};
use monitor_trends::{Basis, Block, Slope, Trends, Verdict};

fn ours() -> Templates {
    Templates::new(BTreeMap::new()).expect("our own templates")
}

fn labels() -> pictures::Labels {
    BTreeMap::from([("agent-identity".into(), "Identity of <agents> & \"models\"".into())])
}

/// The fixture's trends with a history.
fn trends() -> Trends {
    let mut t = full().trends;
    for (n, row) in t.topics.iter_mut().enumerate() {
        row.history = (0..9)
            .map(|i| Block {
                from: "2024-08-03".parse().expect("a date"),
                to: "2024-10-31".parse().expect("a date"),
                works: if i == 8 { row.now } else { 3 + (i + n) % 3 },
                expected: 4.2,
                chance: [1.0, 9.0],
            })
            .collect();
    }
    t.topics[0].basis = Some(Basis::Slope);
    t.topics[0].slope = Some(Slope { per_year: 2.1, interval: [1.4, 3.2], p: 0.001, q: Some(0.01) });
    t
}

/// Every element is closed in order; no attribute or text breaks out.
fn whole(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    for piece in svg.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').expect("every tag ends");
        assert!(tag.matches('"').count() % 2 == 0, "quotes of <{tag}>");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "closing <{tag}>");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    for needed in ["<title id=", "<desc id=", "role=\"img\"", "prefers-color-scheme:dark", "@media print"] {
        assert!(svg.contains(needed), "{needed}");
    }
    assert!(!svg.contains("NaN") && !svg.contains("inf") && !svg.contains("<agents>"), "{svg}");
}

#[test]
fn every_picture_is_whole_and_the_same_twice() {
    let (templates, world, labels, later) = (ours(), full(), labels(), trends());
    let mut earlier = later.clone();
    earlier.topics.iter_mut().for_each(|r| r.now /= 2);
    let home: Vec<_> = world.documents.iter().collect();
    let day = "2026-11-01".parse().expect("a date");
    let draw = || {
        [
            pictures::heat_map(&templates, &world.landscape, &labels).expect("drawn"),
            pictures::time_series(&templates, &later, &labels).expect("drawn"),
            pictures::slope(&templates, &earlier, &later, &labels).expect("drawn"),
            pictures::timeline(&templates, &home, &world.calendar, day).expect("drawn"),
        ]
    };
    let all = draw();
    assert_eq!(all, draw());
    all.iter().for_each(|svg| whole(svg));
    let [heat, series, slope, timeline] = all;
    assert!(heat.contains("not read") && heat.contains(">?<"), "what was not read is no blank");
    assert!(series.contains("2.1 times a year") && series.contains("rising"), "{series}");
    assert!(slope.contains("▲ rising") && slope.contains(" 7</text>") && slope.contains(">14 "), "{slope}");
    assert!(timeline.contains("2026-11-01"), "{timeline}");
}

#[test]
fn nothing_to_draw_is_said() {
    let (templates, none) = (ours(), pictures::Labels::new());
    let world = fixture::empty();
    whole(&pictures::heat_map(&templates, &world.landscape, &none).expect("drawn"));
    whole(&pictures::slope(&templates, &world.trends, &world.trends, &none).expect("drawn"));
    let day = "2026-11-01".parse().expect("a date");
    whole(&pictures::timeline(&templates, &[], &world.calendar, day).expect("drawn"));
    let series = pictures::time_series(&templates, &world.trends, &none).expect("drawn");
    whole(&series);
    assert!(series.contains("Too few dated works") && !series.contains("rising"));
    assert_eq!(world.trends.topics.first().map(|r| r.verdict).unwrap_or(Verdict::TooFew), Verdict::TooFew);
}

#[test]
fn a_picture_of_ones_own_goes_before_ours_and_its_faults_are_found_at_once() {
    let with = |name: &str, text: &str| Templates::new(BTreeMap::from([(name.to_owned(), text.to_owned())]));
    let own = with("pictures/heat.svg", "<svg>{{ title }}</svg>").expect("parses");
    own.rehearse().expect("asks for nothing unknown");
    let heat = pictures::heat_map(&own, &full().landscape, &labels()).expect("drawn");
    assert_eq!(heat.trim(), "<svg>Who works on what</svg>");
    whole(&pictures::time_series(&own, &trends(), &labels()).expect("the others stay ours"));
    let style = with("pictures/_style.svg", "<style>.pic{color:navy}</style>").expect("parses");
    assert!(pictures::heat_map(&style, &full().landscape, &labels()).expect("drawn").contains("navy"));

    let fault = with("pictures/timeline.svg", "<svg>\n{{ nobody }}</svg>").expect("parses").rehearse().expect_err("unknown").to_string();
    assert!(fault.contains("pictures/timeline.svg") && fault.contains('2'), "{fault}");
    let named = with("pictures/pie.svg", "<svg/>").err().expect("nobody asks for it").to_string();
    assert!(named.contains("pie.svg") && named.contains("pictures/heat.svg"), "{named}");
    ours().rehearse().expect("our own");
}
