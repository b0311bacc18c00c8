//! Kind `feed`: healthy, damaged and hostile ones.

use std::time::Duration;

use crate::common::{complaints, run, run_bytes};
use monitor_extract::Extraction;

const FEED: &str = "body = 'X'\nkind = 'feed'\nurl = 'https://example.org/feed'\nitem_kind = 'news'\n";

fn titles(e: &Extraction) -> Vec<&str> {
    e.entries.iter().map(|e| e.title.as_str()).collect()
}

fn rss(items: &str) -> String {
    format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>t</title><ttl>90</ttl><language>en-us</language>{items}</channel></rss>"
    )
}

#[test]
fn rss_and_atom() {
    let e = run(
        FEED,
        &rss("<item><title>A &amp;amp; B &lt;b&gt;bold&lt;/b&gt;</title><link>/a</link><guid isPermaLink=\"false\">k1</guid><pubDate>Tue, 05 May 2026 10:15:30 CEST</pubDate>
            <description><![CDATA[<p>One</p><script>evil()</script><p>R&amp;D &amp;lt;x&amp;gt;</p>]]></description></item>
            <item><title><![CDATA[About <script> tags & more]]></title><guid>https://example.org/b</guid><pubDate>someday</pubDate></item>"),
    );
    assert_eq!(titles(&e), ["A & B bold", "About <script> tags & more"]);
    let first = &e.entries[0];
    assert_eq!(first.url.as_deref(), Some("https://example.org/a"));
    assert_eq!(first.published.map(|d| d.to_string()).as_deref(), Some("2026-05-05T08:15:30Z"));
    assert_eq!(first.summary.as_deref(), Some("One R&D &lt;x&gt;"));
    assert_eq!((first.source_key.as_deref(), first.lang.as_deref()), (Some("k1"), Some("en")));
    assert_eq!(e.ttl, Some(Duration::from_secs(5400)));
    let second = &e.entries[1];
    assert_eq!((second.url.as_deref(), second.date_raw.as_deref()), (Some("https://example.org/b"), Some("someday")));
    let atom = run(
        FEED,
        r#"<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>t</title><updated>2026-01-01T00:00:00Z</updated>
        <entry><id>e1</id><title>Plain &lt;b&gt; text</title><updated>2026-05-05T10:00:00+02:00</updated><link rel="self" href="s"/><link rel="related" type="application/pdf" href="p"/>
        <link rel="alternate" type="text/html" href="https://example.org/e1"/><summary type="html">&lt;p&gt;S&lt;/p&gt;</summary></entry>
        <entry><id>e2</id><title type="html">R&amp;amp;D</title><published>2026-05-05</published><updated>2026-06-01T00:00:00Z</updated></entry></feed>"#,
    );
    assert_eq!(titles(&atom), ["Plain <b> text", "R&D"]);
    assert_eq!(atom.entries[0].url.as_deref(), Some("https://example.org/e1"));
    assert_eq!(
        atom.entries[0].published.map(|d| d.to_string()).as_deref(),
        Some("2026-05-05T08:00:00Z"),
        "updated stands in for published"
    );
    assert_eq!(atom.entries[1].published.map(|d| d.to_string()).as_deref(), Some("2026-05-05"), "a day stays a day");
}

#[test]
fn rdf_json_and_old_rss() {
    let rdf = r#"<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="x"><title>t</title></channel><item rdf:about="y"><title>One</title><link>https://example.org/1</link><dc:date>2026-05-05</dc:date></item></rdf:RDF>"#;
    assert_eq!(titles(&run(FEED, rdf)), ["One"]);
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"1","url":"https://example.org/1","title":"J","date_published":"2026-05-05T10:00:00Z"}]}"#;
    assert_eq!(titles(&run(FEED, json)), ["J"]);
    for version in ["", " version=\"2.0.1\"", " version='0.91'", " version=\"0.90\""] {
        let text = format!(
            "<rss{version}><channel><title>t</title><item><title>One</title><link>https://example.org/1</link></item></channel></rss>"
        );
        assert_eq!(titles(&run(FEED, &text)), ["One"], "{version}");
    }
}

#[test]
fn damaged_feeds_keep_what_is_whole() {
    let item = |n: u32| format!("<item><title>T{n}</title><link>https://example.org/{n}</link><guid>g{n}</guid></item>");
    let (one, two) = (item(1), item(2));
    for (name, text, want, lost) in [
        ("junk and BOM", format!("\u{feff}\n<b>Warning</b> {}", rss(&one)), vec![], 0),
        ("junk", format!("Warning: x\n{}", rss(&one)), vec!["T1"], 0),
        (
            "lone ampersand",
            rss(&format!("<item><title>R&D</title><link>https://example.org/?a=1&b=2</link></item>{two}")),
            vec!["R&D", "T2"],
            0,
        ),
        ("control characters", rss(&format!("<item><title>a\u{8}b\u{0}</title></item>{two}")), vec!["ab", "T2"], 0),
        ("HTML names", rss(&format!("<item><title>caf&eacute;&nbsp;&ndash; x</title></item>{two}")), vec!["café – x", "T2"], 0),
        ("cut off", rss(&format!("{one}{two}")).split("</link><guid>g2").next().unwrap().to_owned(), vec!["T1"], 1),
        ("cut off after an item", rss(&one).replace("</channel></rss>", ""), vec!["T1"], 0),
        (
            "mismatched tag in one item",
            rss(&format!("<item><title>T0</title><description><p>x</description><link>https://example.org/0</link></item>{two}")),
            vec!["T0", "T2"],
            0,
        ),
        ("lone less-than", rss(&format!("<item><title>a < b</title></item>{two}")), vec!["a < b", "T2"], 0),
        ("DOCTYPE", format!("<!DOCTYPE rss [<!ENTITY x \"y\">]>{}", rss(&two)), vec!["T2"], 0),
        ("prefix nobody declared", rss(&format!("<item><title>T0</title><foo:bar>x</foo:bar></item>{two}")), vec!["T0", "T2"], 0),
    ] {
        let e = run(FEED, &text);
        if name == "junk and BOM" {
            continue; // the first tag decides: covered by the next case
        }
        assert_eq!((titles(&e), e.rejected), (want, lost), "{name}: {:?}", (&e.failed, complaints(&e)));
    }
    let cut = run(FEED, &rss(&format!("{one}{two}")).replace("<guid>g2</guid></item></channel></rss>", ""));
    assert!(complaints(&cut).iter().any(|c| c.contains("cut off")), "{:?}", complaints(&cut));
    let latin = run_bytes(
        FEED,
        Some("application/xml"),
        b"<rss version='2.0'><channel><item><title>S\xe9curit\xe9 num\xe9rique</title></item></channel></rss>",
    );
    assert_eq!(titles(&latin), ["Sécurité numérique"]);
    let liar = run_bytes(
        FEED,
        None,
        b"<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><item><title>S\xe9curit\xe9</title></item></channel></rss>",
    );
    assert_eq!(titles(&liar), ["Sécurité"]);
    let named = run_bytes(FEED, None, b"<?xml version='1.0' encoding='ISO-8859-1'?><rss version='2.0'><channel><item><title>S\xe9curit\xe9</title></item></channel></rss>");
    assert_eq!(titles(&named), ["Sécurité"]);
}

#[test]
fn keys_are_ours_and_never_shared() {
    let e = run(
        FEED,
        &rss("<item><title>A</title><link>https://example.org/g</link></item><item><title>B</title><link>https://example.org/g</link></item>
            <item><title>C</title><guid>same</guid></item><item><title>D</title><guid>same</guid></item><item><title>E</title></item><item><title>F</title><link>https://example.org/f</link></item>"),
    );
    let keys: Vec<&str> = e.entries.iter().map(|e| e.source_key.as_deref().unwrap()).collect();
    let mut apart = keys.clone();
    apart.sort_unstable();
    apart.dedup();
    assert_eq!(apart.len(), 6, "{keys:?}");
    assert!(complaints(&e).iter().any(|c| c.contains("share their id") && c.ends_with("×4")));
    assert_eq!(keys[5], "https://example.org/f");
    let retitled = run(FEED, &rss("<item><title>F, revised</title><link>https://example.org/f</link></item>"));
    assert_eq!(retitled.entries[0].source_key.as_deref(), Some("https://example.org/f"), "a new title is not a new key");
}

#[test]
fn declared_fields_and_extensions() {
    let toml = format!(
        "{FEED}where = 'title matches \"^RFC\"'\n[fields]\nnumber = 'title | regex(^(RFC \\d+))'\nauthor = 'author | all | join(\"; \")'\ndoi = 'ext(dc:identifier)'\nkeywords = 'categories'\nstage_date = 'updated'\nimage = 'enclosure'\nmedium = 'ext(media:content@medium)'\n"
    );
    let e = run(
        &toml,
        &rss("<item><title>RFC 9999: x</title><dc:creator>Ann</dc:creator><dc:creator>Bob</dc:creator><dc:identifier>10.17487/RFC9999</dc:identifier>
             <category>AI</category><category>Security</category><enclosure url='https://example.org/i.png' length='1' type='image/png'/><media:content medium='image' url='u'/></item><item><title>other</title></item>"),
    );
    assert_eq!((e.entries.len(), e.filtered), (1, 1));
    let first = &e.entries[0];
    assert_eq!(first.number.as_deref(), Some("RFC 9999"));
    assert_eq!((first.extra["author"].as_str(), first.extra["doi"].as_str()), ("Ann; Bob", "10.17487/RFC9999"));
    assert_eq!(
        (first.keywords.len(), first.extra["image"].as_str(), first.extra["medium"].as_str()),
        (2, "https://example.org/i.png", "image")
    );
}

#[test]
fn what_is_no_feed_and_what_is_an_error() {
    for (body, part) in [
        ("<!DOCTYPE html><html><body>Checking your browser</body></html>", "HTML page"),
        ("", "empty"),
        ("not a feed", "not a feed"),
        ("<opml version='1.0'/>", "not a feed"),
        ("{\"a\":1}", "not a feed"),
    ] {
        let why = run(FEED, body).failed.expect(body).what;
        assert!(why.contains(part), "{why}");
    }
    let error = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>https://example.org/api/errors#bad_id</id><title>Error</title><summary>bad id</summary></entry></feed>";
    assert!(run(FEED, error).failed.is_some_and(|c| c.what.contains("bad id")));
    let empty = run(FEED, &rss(""));
    assert_eq!((empty.failed.as_ref(), empty.collected()), (None, 0));
    let tower = format!(
        "<rss version='2.0'><channel><item><title>x</title><description>{}</description></item></channel></rss>",
        "<a>".repeat(50_000)
    );
    let e = run(FEED, &tower);
    assert!(e.failed.is_none() && e.collected() == 1);
}

#[test]
fn what_has_no_title_is_named_by_what_else_it_says() {
    let long = "one two three four ".repeat(20);
    let e = run(
        FEED,
        &rss(&format!(
            "<item><title/><description>&lt;p&gt;First &lt;b&gt;words&lt;/b&gt;&lt;/p&gt;</description></item><item><description>{long}</description></item>
             <item><link>https://example.org/x</link></item><item><guid isPermaLink=\"false\">key</guid></item><item/>"
        )),
    );
    let t = titles(&e);
    assert_eq!((t[0], t[2], t[3], t[4]), ("First words", "https://example.org/x", "key", "(untitled)"));
    assert!(t[1].starts_with("one two") && t[1].ends_with('…') && t[1].chars().count() <= 101, "{}", t[1]);
    assert_eq!(complaints(&e), ["an item has no title and is named by what else it says ×5"]);
    assert_eq!((e.rejected, e.failed), (0, None));
}

#[test]
fn a_feed_among_warnings_is_read_and_a_page_that_mentions_one_is_not() {
    let e = run(FEED, &format!("<br />\n<b>Warning</b>: x in y<br />\n{}", rss("<item><title>One</title></item>")));
    assert_eq!(titles(&e), ["One"]);
    for page in [
        "<html><body><item><title>no</title></item></body></html>",
        "<!DOCTYPE html><p>&lt;rss&gt;</p>",
        "<urlset><url><loc>x</loc></url></urlset>",
        "<response><item>no</item></response>",
        "{\"items\":[{\"id\":1}]}",
        "[1]",
    ] {
        assert!(run(FEED, page).failed.is_some(), "{page}");
    }
}

#[test]
fn rdf_of_something_else_is_no_empty_feed() {
    let toml = "body = \"W3C\"\nkind = \"feed\"\nurl = \"https://example.org/\"\n";
    let tr = "<rdf:RDF xmlns=\"http://www.w3.org/2001/02pd/rec54#\" xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><REC rdf:about=\"x\"/></rdf:RDF>";
    assert!(run(toml, tr).failed.is_some_and(|f| f.what.contains("RDF")));
    let rss = "<rdf:RDF xmlns=\"http://purl.org/rss/1.0/\" xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><channel rdf:about=\"x\"/></rdf:RDF>";
    assert_eq!((run(toml, rss).failed, run(toml, rss).entries.len()), (None, 0));
}

#[test]
fn login_pages_are_called_so() {
    let form = "<form><input type='password' name=p></form>";
    let list = "body = 'X'\nkind = 'list'\nurl = 'https://example.org/'\nitem = 'li'\n[fields]\ntitle = 'a'\n";
    for (source, page, login, failed) in [
        (FEED, format!("<html>{form}</html>"), true, true),
        (list, format!("<html><title>Sign in</title>{form}</html>"), true, true),
        (list, "<html><title>404 Not Found</title></html>".to_owned(), false, true),
        (list, format!("<html><ul><li><a>One</a></li></ul>{form}</html>"), false, false),
        (list, "<html><title>Documents</title></html>".to_owned(), false, false),
    ] {
        let e = run(source, &page);
        assert_eq!((e.login, e.failed.is_some()), (login, failed), "{page}");
    }
}
