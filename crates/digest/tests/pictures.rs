//! Pictures say in words and signs what they show, are whole XML whatever a title holds, and have the same bytes every time.

mod fixture;

use std::collections::BTreeMap;

use fixture::full;
use monitor_digest::{DigestError, Form, Format, Templates, pictures};
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
fn the_web_pages_bear_their_pictures_and_a_user_may_draw_them_otherwise() {
    let page = |templates: &Templates, form| {
        let mut w = full();
        w.form = form;
        let file = monitor_digest::render(&w.compose(), Format::Html, templates).expect("rendered");
        String::from_utf8(file.bytes).expect("UTF-8")
    };
    for (form, drawn) in
        [(Form::Mail, vec!["series", "time"]), (Form::Td, vec!["heat", "series", "time"]), (Form::Map, vec!["heat", "time"])]
    {
        let page = page(&ours(), form);
        for id in ["heat", "series", "time"] {
            assert_eq!(page.matches(&format!("id=\"{id}-t\"")).count(), usize::from(drawn.contains(&id)), "{form}: {id}");
        }
        for svg in page.split("<svg").skip(1) {
            whole(&format!("<svg{}</svg>", svg.split("</svg>").next().expect("it ends")));
        }
    }
    let own =
        BTreeMap::from([("pictures/heat.svg".to_owned(), "<svg role=\"img\"><title>{{ title }} as we like it</title></svg>".to_owned())]);
    assert!(page(&Templates::new(own).expect("it parses"), Form::Map).contains("Who works on what as we like it"));
}

#[test]
fn a_picture_that_asks_for_what_is_not_there_fails_before_an_edition_is_due() {
    for name in ["heat", "series", "slope", "timeline"] {
        let own = BTreeMap::from([(format!("pictures/{name}.svg"), "<svg>\n  {{ titel }}</svg>".to_owned())]);
        match Templates::new(own).expect("it parses").rehearse() {
            Err(DigestError::Template { file, line, column, .. }) => {
                assert_eq!((file, line), (format!("pictures/{name}.svg"), 2));
                assert!((3..=6).contains(&column), "{name}: column {column}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    let unknown = BTreeMap::from([("pictures/cake.svg".to_owned(), String::new())]);
    assert!(matches!(Templates::new(unknown), Err(DigestError::UnknownTemplate { .. })));
}
