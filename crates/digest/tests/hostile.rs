//! What a crawled page may not do to an edition.

mod fixture;

use std::collections::BTreeMap;

use fixture::{World, document, full};
use monitor_digest::{Form, Format, Templates, render};
use monitor_model::{EventKind, StageCode};

const TITLES: [&str; 17] = [
    "[click here](javascript:alert(1))",
    "x](https://evil.example) [y",
    "![p](https://evil.example/p.png)",
    "one\n\n## Forged heading\n\n| a | b |\n|---|---|\n| c | d |",
    "a | b | c",
    "`code` ``` fence",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</title></table><h1>Forged</h1>",
    "\u{202E}desrever\u{202C} \u{2066}x",
    "nul\0bell\u{7}esc\u{1b}[31mred",
    "line\u{2028}two\u{85}three\r\nAt a glance\n-----------\nforged",
    "{{ group.name }}{% raw %}",
    "https://evil.example/ www.evil.example mailto:a@evil.example",
    "&lt;b&gt; &#x202E; &amp;amp;",
    "=HYPERLINK(\"https://evil.example\",\"x\")",
    "]]><entry><title>forged</title></entry><![CDATA[",
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged\r\nBcc: a@evil.example",
];

fn hostile(form: Form) -> World {
    let mut w = full();
    w.form = form;
    for (i, title) in TITLES.iter().enumerate() {
        let key = format!("test/{i}");
        let mut d = document(&key, title, Some(title), title, (title, StageCode::Published), "prompt-injection");
        d.group = Some((*title).to_owned());
        d.sightings[0].source = "etsi-list".into();
        d.topics[0].evidence[0].term = (*title).to_owned();
        d.lang = Some("en\" onload=\"x".to_owned());
        d.url = match i % 3 {
            0 => "javascript:alert(1)".to_owned(),
            1 => "https://e.example/\"><script>alert(1)</script>".to_owned(),
            _ => "https://e.example/a)b](c".to_owned(),
        };
        d.deadline = Some(fixture::when("2026-12-01"));
        let e = w.add(d, EventKind::Stage, Some("2026-10-20"));
        (e.from, e.to) = (Some((*title).to_owned()), Some((*title).to_owned()));
    }
    w.coverage[0].name = TITLES[3].to_owned();
    w.coverage[0].complaints = vec![monitor_model::Complaint::new(monitor_model::ComplaintStage::Parse, "x", TITLES[6])];
    w
}

fn page(form: Form, format: Format) -> String {
    let templates = Templates::new(BTreeMap::new()).expect("our own templates");
    let mut edition = hostile(form).compose();
    edition.rows = None;
    String::from_utf8(render(&edition, format, &templates).expect("rendered").bytes).expect("UTF-8")
}

fn headings(page: &str, mark: &str) -> Vec<String> {
    page.lines().filter(|l| l.starts_with(mark)).map(str::to_owned).collect()
}

/// The parts of an edition without hostile text, with which the hostile one must agree.
fn plain(form: Form, format: Format) -> String {
    let templates = Templates::new(BTreeMap::new()).expect("our own templates");
    let mut w = full();
    w.form = form;
    String::from_utf8(render(&w.compose(), format, &templates).expect("rendered").bytes).expect("UTF-8")
}

fn without_counts(list: Vec<String>) -> Vec<String> {
    list.into_iter().map(|h| h.split(" (").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn markdown_has_only_our_headings_links_and_rows() {
    for form in Form::ALL {
        let page = page(form, Format::Md);
        assert_eq!(without_counts(headings(&page, "#")), without_counts(headings(&plain(form, Format::Md), "#")));
        for (at, _) in page.match_indices("](") {
            if page[..at].ends_with('\\') {
                continue;
            }
            assert!(page[at + 2..].starts_with("https://") || page[at + 2..].starts_with("http://"), "{}", &page[at..at + 40]);
            let target = &page[at + 2..at + 2 + page[at + 2..].find(')').expect("a link ends")];
            assert!(!target.contains("evil") && !target.contains(['<', '>', '"', ' ', '(', '[']), "{target}");
        }
        // Every row of a table has as many cells as its head.
        let mut columns = 0;
        for line in page.lines() {
            if !line.starts_with('|') {
                columns = 0;
                continue;
            }
            let cells = line.replace("\\|", "").matches('|').count();
            if columns == 0 {
                columns = cells;
            }
            assert_eq!(cells, columns, "{line}");
        }
        let bare = page.replace("\\<", "").replace("\\>", "");
        assert!(!bare.contains("<script") && !bare.contains("<img") && !bare.contains("<h1"));
    }
}

#[test]
fn text_has_only_our_headings_and_fits() {
    for form in Form::ALL {
        let page = page(form, Format::Txt);
        let ours = plain(form, Format::Txt);
        let underlined = |p: &str| p.lines().filter(|l| l.len() > 2 && l.bytes().all(|b| b == b'-' || b == b'=')).count();
        assert_eq!(underlined(&page), underlined(&ours));
        for line in page.lines() {
            let lone = line.trim_start().starts_with("http") && !line.trim().contains(' ');
            assert!(line.chars().count() <= 76 || lone, "{} columns: {line}", line.chars().count());
        }
    }
}

#[test]
fn no_format_has_control_or_direction_changing_characters() {
    for form in Form::ALL {
        for format in Format::ALL {
            if form.on_demand() && matches!(format, Format::Csv | Format::Atom | Format::Ics) || format == Format::Docx {
                continue;
            }
            let page = page(form, format);
            let bad: Vec<char> = page
                .chars()
                .filter(|c| {
                    (c.is_control() && *c != '\n' && !(*c == '\r' && matches!(format, Format::Csv | Format::Ics)))
                        || matches!(c, '\u{200E}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
                })
                .collect();
            let lines: Vec<&str> = page.lines().filter(|l| l.contains(bad.as_slice())).collect();
            assert!(bad.is_empty(), "{form} {format}: {bad:?} in {lines:?}");
        }
    }
}

#[test]
fn html_is_well_formed_self_contained_and_without_script() {
    for form in Form::ALL {
        let page = page(form, Format::Html);
        assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<h1>Forged"), "a title became markup");
        for outside in ["<link", "src=", "@import", "url(", "<iframe", "<form", "http-equiv", " on"] {
            // A picture may point to a pattern of its own.
            let local = |at: usize| outside == "url(" && page[at..].starts_with("url(#");
            let found = page.match_indices(outside).filter(|(at, _)| in_tag(&page, *at) && !local(*at)).count();
            assert_eq!(found, 0, "{outside}");
        }
        let mut targets = 0;
        for (at, _) in page.match_indices("href=\"") {
            let rest = &page[at + 6..];
            let href = &rest[..rest.find('"').expect("a quote ends")];
            assert!(href.starts_with("https://") || href.starts_with("http://") || href.starts_with('#'), "{href}");
            if let Some(id) = href.strip_prefix('#') {
                assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1, "one place for #{id}");
                targets += 1;
            }
        }
        assert!(targets > if matches!(form, Form::Mail | Form::Map) { 5 } else { 0 });
        balanced(&page);
        accessible(&page);
    }
}

/// Whether a place lies between `<` and `>`, or in the style.
fn in_tag(page: &str, at: usize) -> bool {
    let before = &page[..at];
    before.rfind('<') > before.rfind('>')
}

/// Every tag that opens closes, in order.
fn balanced(page: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = rest.find('>').expect("a tag ends");
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().expect("a name");
        match name {
            "!doctype" | "meta" | "br" => {}
            // An empty element of a picture.
            _ if tag.ends_with('/') => {}
            _ if tag.starts_with('/') => assert_eq!(open.pop(), Some(name), "closing {name} near {:?}", &rest[..rest.len().min(80)]),
            _ => open.push(name),
        }
        if name == "style" && !tag.starts_with('/') {
            rest = &rest[rest.find("</style").expect("the style ends")..];
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// Language, one first heading, no level left out, captions and scopes.
fn accessible(page: &str) {
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
    let mut level = 0;
    for (at, _) in page.match_indices("<h") {
        if let Some(n) = page[at + 2..].chars().next().and_then(|c| c.to_digit(10)) {
            assert!(n <= level + 1, "from h{level} to h{n}");
            level = n;
        }
    }
    assert_eq!(page.matches("<h1").count(), 1);
    assert_eq!(page.matches("<table").count(), page.matches("<caption").count() + page.matches("role=\"presentation\"").count());
    for (at, _) in page.match_indices("<th ") {
        assert!(page[at..at + 30].contains("scope="), "a head cell says what it heads");
    }
    assert_eq!(page.matches("<th>").count(), 0);
    assert!(page.contains("prefers-color-scheme:dark") && page.contains("@page{size:A4") && page.contains("width=device-width"));
}

#[test]
fn a_title_of_megabytes_costs_one_line() {
    let mut w = full();
    let mut d = document(
        "test/huge",
        "ETSI",
        Some("ETSI TS 1"),
        &"Ä long title ".repeat(200_000),
        ("Published", StageCode::Published),
        "prompt-injection",
    );
    d.url = format!("https://e.example/{}", "a".repeat(100_000));
    d.sightings[0].url = d.url.clone();
    w.add(d, EventKind::Stage, Some("2026-10-20"));
    let edition = w.compose();
    let c = edition.changes.iter().find(|c| c.document.as_str() == "test/huge").expect("shown");
    assert!(c.title.chars().count() <= 240 && c.title.ends_with('…'));
    assert!(c.url.is_empty(), "an endless address is none");
}

#[test]
fn a_document_for_word_holds_only_lawful_xml_and_the_same_bytes_each_time() {
    let templates = Templates::new(BTreeMap::new()).expect("our own templates");
    for form in Form::ALL {
        let edition = hostile(form).compose();
        let one = render(&edition, Format::Docx, &templates).expect("rendered").bytes;
        let two = render(&edition, Format::Docx, &templates).expect("rendered").bytes;
        assert!(one == two, "{form}: other bytes in the same process");
        // The parts are stored as they are, so that they can be looked at without unpacking.
        let text = String::from_utf8_lossy(&one);
        let start = text.find("<w:document").expect("the document stands in the package");
        let part = &text[start..start + text[start..].find("</w:document>").expect("it ends")];
        assert!(!part.chars().any(|c| c.is_control() && c != '\n' || matches!(c, '\u{FFFE}' | '\u{FFFF}' | '\u{202E}')), "{form}");
        assert!(!part.contains("<script") && !text.contains("Target=\"javascript:"), "{form}: a title became markup");
        assert_eq!(text.matches("w:styleId=\"Normal\"").count(), 1, "{form}: one Normal");
        assert_eq!(text.matches("w:default=\"1\" w:styleId=\"Normal\"").count(), 1, "{form}: and it is the default");
        assert!(part.contains("Heading2") || form != Form::Td, "{form}: real headings");
    }
}

/// The cells of a line as a spreadsheet reads them.
fn cells(line: &str) -> Vec<String> {
    let (mut out, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut signs = line.chars().peekable();
    while let Some(c) = signs.next() {
        match (c, quoted) {
            ('"', true) if signs.peek() == Some(&'"') => {
                signs.next();
                cell.push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => out.push(std::mem::take(&mut cell)),
            (c, _) => cell.push(c),
        }
    }
    out.push(cell);
    out
}

/// Elements of XML by name, from text in which every `<` begins one.
fn elements(xml: &str) -> BTreeMap<String, usize> {
    let mut out = BTreeMap::new();
    for (at, _) in xml.match_indices('<') {
        let name: String = xml[at + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '?' | '!')).collect();
        *out.entry(name).or_default() += 1;
    }
    out
}

/// Each of the nine formats read as its readers read it: no title became anything but text.
#[test]
fn hostile_titles_through_all_nine_formats() {
    let templates = Templates::new(BTreeMap::new()).expect("our own templates");
    for form in [Form::Mail, Form::Td, Form::Map] {
        let mut edition = hostile(form).compose();
        edition.rows = None;
        let mut seen = 0;
        for format in Format::ALL {
            let bytes = render(&edition, format, &templates).expect("rendered").bytes;
            seen += 1;
            match format {
                Format::Docx => {
                    let text = String::from_utf8_lossy(&bytes);
                    let part = &text[text.find("<w:document").expect("a document")..];
                    let part = &part[..part.find("</w:document>").expect("it ends")];
                    let strange: Vec<String> =
                        elements(part).into_keys().filter(|n| !n.trim_start_matches('/').starts_with("w:") && !n.contains("wp:")).collect();
                    assert!(strange.is_empty(), "{form}: {strange:?}");
                    assert!(part.contains("&lt;script&gt;") && !text.contains("TargetMode=\"Internal\""));
                }
                Format::Json => {
                    let read: monitor_digest::Edition = serde_json::from_slice(&bytes).expect("JSON");
                    assert_eq!(read, edition, "what is written is read again");
                }
                Format::Csv => {
                    let text = String::from_utf8(bytes).expect("UTF-8");
                    let lines: Vec<Vec<String>> = text.trim_start_matches('\u{feff}').split_terminator("\r\n").map(cells).collect();
                    let rows = edition.map.as_ref().map_or(edition.changes.len(), |m| m.rows.len());
                    assert_eq!(lines.len(), rows + 1, "{form}: a line for each row");
                    for line in &lines {
                        assert_eq!(line.len(), lines[0].len(), "{line:?}");
                        assert!(line.iter().all(|c| !c.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{line:?}");
                    }
                    assert!(lines.iter().flatten().any(|c| c.starts_with("'=HYPERLINK")), "the title is there, as text");
                }
                Format::Atom => {
                    let text = String::from_utf8(bytes).expect("UTF-8");
                    let feed: atom_syndication::Feed = text.parse().expect("Atom");
                    assert_eq!(feed.entries().len(), edition.changes.len());
                    assert!(feed.entries().iter().all(|e| e.links().iter().all(|l| l.href().starts_with("http"))));
                    let ids: std::collections::BTreeSet<&str> = feed.entries().iter().map(|e| e.id()).collect();
                    assert_eq!(ids.len(), feed.entries().len(), "no id twice");
                    assert!(feed.entries().iter().any(|e| e.title().as_str().contains("CDATA")), "the title is there, as text");
                }
                Format::Ics => {
                    let text = String::from_utf8(bytes).expect("UTF-8");
                    assert!(text.split("\r\n").all(|l| l.len() <= 75) && !text.replace("\r\n", "").contains(['\r', '\n']));
                    let whole = text.replace("\r\n ", "");
                    for (line, count) in
                        [("BEGIN:VEVENT", edition.deadlines.len()), ("END:VEVENT", edition.deadlines.len()), ("BEGIN:VCALENDAR", 1)]
                    {
                        assert_eq!(whole.lines().filter(|l| *l == line).count(), count, "{line}");
                    }
                    let known = ["BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "X-WR-CALNAME", "UID", "DTSTAMP", "DTSTART", "DTEND"];
                    let more = ["SUMMARY", "LOCATION", "DESCRIPTION", "URL", "CATEGORIES", "STATUS", "TRANSP"];
                    for line in whole.lines() {
                        let name = line.split([':', ';']).next().expect("a name");
                        assert!(known.contains(&name) || more.contains(&name), "{line}");
                    }
                    assert!(whole.contains("SUMMARY:comments close: ") && whole.contains("\\,") && whole.contains("\\;"));
                }
                Format::Html | Format::Mail => {
                    let text = String::from_utf8(bytes).expect("UTF-8");
                    for forged in ["<script", "<img", "<h1>Forged", "<entry", "<b>&", "onload=\"", "<![CDATA"] {
                        assert!(!text.contains(forged), "{form} {format}: {forged}");
                    }
                    assert!(format == Format::Mail || text.contains("&lt;script&gt;"), "the title is there, as text");
                    assert!(format == Format::Html || text.len() < 100_000, "{} bytes", text.len());
                }
                Format::Md | Format::Txt => {
                    let text = String::from_utf8(bytes).expect("UTF-8");
                    assert!(text.lines().all(|l| !l.starts_with("## Forged") && !l.starts_with("Bcc:") && l != "END:VEVENT"));
                    // In Markdown a bracket of a title is escaped, so that what looks like a link is none.
                    let links = text.match_indices("](").filter(|(at, _)| !text[..*at].ends_with('\\'));
                    let forged = links.filter(|(at, _)| ["javascript:", "https://evil"].iter().any(|f| text[at + 2..].starts_with(f)));
                    assert!(format == Format::Txt || forged.count() == 0);
                }
            }
        }
        assert_eq!(seen, 9);
    }
}
