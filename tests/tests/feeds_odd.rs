//! Feeds of every odd kind that is still well formed: the whole program must see as many entries as a lenient reader does.

use std::{collections::BTreeMap, process::Command};

use monitor_testkit::server::{Route, Server};
use serde_json::Value;

struct Case {
    name: String,
    media: &'static str,
    body: Vec<u8>,
    entries: u64,
}

const ATOM: &str = "http://www.w3.org/2005/Atom";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// How items stand in a document: a name, and the document round items whose element is `item` or `entry`.
type Dialect = (&'static str, bool, fn(&str) -> String);

const DIALECTS: [Dialect; 20] = [
    ("rss-0.91", false, |i| format!("<rss version=\"0.91\"><channel><title>t</title>{i}</channel></rss>")),
    ("rss-0.92", false, |i| format!("<rss version=\"0.92\"><channel><title>t</title>{i}</channel></rss>")),
    ("rss-0.93", false, |i| format!("<rss version='0.93'><channel>{i}</channel></rss>")),
    ("rss-0.94", false, |i| format!("<rss version=\"0.94\"><channel>{i}</channel></rss>")),
    ("rss-2.0", false, |i| format!("<rss version=\"2.0\"><channel><title>t</title>{i}</channel></rss>")),
    ("rss-2.0.1", false, |i| format!("<rss version=\"2.0.1\"><channel>{i}</channel></rss>")),
    ("rss-2", false, |i| format!("<rss version=\"2\"><channel>{i}</channel></rss>")),
    ("rss-none", false, |i| format!("<rss><channel><title>t</title>{i}</channel></rss>")),
    ("rss-outside", false, |i| format!("<rss version=\"2.0\"><channel><title>t</title></channel>{i}</rss>")),
    ("rss-no-channel", false, |i| format!("<rss version=\"2.0\">{i}</rss>")),
    ("rss-namespaced", false, |i| format!("<rss version=\"2.0\" xmlns=\"http://backend.userland.com/rss2\"><channel>{i}</channel></rss>")),
    ("rdf-0.90", false, |i| {
        format!(
            "<rdf:RDF xmlns:rdf=\"{RDF}\" xmlns=\"http://my.netscape.com/rdf/simple/0.9/\"><channel><title>t</title></channel>{i}</rdf:RDF>"
        )
    }),
    ("rdf-1.0", false, |i| {
        format!(
            "<rdf:RDF xmlns:rdf=\"{RDF}\" xmlns=\"http://purl.org/rss/1.0/\"><channel rdf:about=\"http://e.org/\"><title>t</title><items><rdf:Seq><rdf:li resource=\"http://e.org/1\"/></rdf:Seq></items></channel>{i}</rdf:RDF>"
        )
    }),
    ("rdf-other-prefix", false, |i| format!("<r:RDF xmlns:r=\"{RDF}\" xmlns=\"http://purl.org/rss/1.0/\"><channel/>{i}</r:RDF>")),
    ("rss-1.1", false, |i| {
        format!(
            "<Channel xmlns=\"http://purl.org/net/rss1.1#\" xmlns:rdf=\"{RDF}\" rdf:about=\"http://e.org/\"><title>t</title><items rdf:parseType=\"Collection\">{i}</items></Channel>"
        )
    }),
    ("atom-1.0", true, |i| {
        format!("<feed xmlns=\"{ATOM}\"><title>t</title><id>urn:f</id><updated>2026-10-05T00:00:00Z</updated>{i}</feed>")
    }),
    ("atom-0.3", true, |i| format!("<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\"><title>t</title>{i}</feed>")),
    ("atom-no-namespace", true, |i| format!("<feed><title>t</title>{i}</feed>")),
    ("atom-draft", true, |i| format!("<feed version=\"0.2\" xmlns=\"http://purl.org/pie/\">{i}</feed>")),
    ("atom-based", true, |i| {
        format!(
            "<feed xmlns=\"{ATOM}\" xml:base=\"http://e.org/a/\" xml:lang=\"fr\"><title type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">t</div></title>{i}</feed>"
        )
    }),
];

/// What stands in one item; `#` is its number.
const INSIDES: [(&str, &str); 44] = [
    ("plain", "<title>Title #</title><link>http://e.org/#</link>"),
    ("cdata", "<title><![CDATA[Title & <b>#</b>]]></title>"),
    ("escaped", "<title>Title &lt;b&gt;#&lt;/b&gt; &amp;amp; more</title>"),
    ("entities", "<title>Caf&eacute; # &nbsp;&mdash; &hellip;</title>"),
    ("numeric", "<title>Caf&#233; &#x2014; #</title>"),
    ("lone-amp", "<title>R&D # AT&T</title><link>http://e.org/?a=1&b=#</link>"),
    ("lone-less", "<title>1 < 2 #</title>"),
    ("comment", "<!-- <item><title>no</title></item> --><title>Title<!-- x --> #</title>"),
    ("instruction", "<?php echo 1 ?><title>Title #</title><?x?>"),
    ("blank", "\n\n\t   \n<title>\n\n   Title \n\t #  \n</title>\n\n"),
    ("titleless", "<description>A text without any title, of some length, and its number is #.</description>"),
    ("empty-title", "<title/><description>Only this text #</description>"),
    ("blank-title", "<title>  </title><description><![CDATA[<p>Markup <i>text</i> #</p>]]></description>"),
    ("only-link", "<link>http://e.org/only/#</link>"),
    ("only-guid", "<guid isPermaLink=\"false\">key-#</guid>"),
    ("empty-guid", "<title>T #</title><guid></guid>"),
    ("permalink", "<guid>http://e.org/p/#</guid><description>x</description>"),
    ("only-author", "<author>ed#@e.org (Ed)</author>"),
    ("only-category", "<category domain=\"x\">cat #</category>"),
    ("only-enclosure", "<enclosure url=\"http://e.org/#.mp3\" length=\"1\" type=\"audio/mpeg\"/>"),
    ("only-date", "<pubDate>Mon, 05 Oct 2026 1#:00:00 GMT</pubDate>"),
    ("nothing", ""),
    ("unknown", "<x:thing xmlns:x=\"http://x.org/\">#</x:thing>"),
    (
        "dublin",
        "<dc:title xmlns:dc=\"http://purl.org/dc/elements/1.1/\">DC #</dc:title><dc:date xmlns:dc=\"http://purl.org/dc/elements/1.1/\">2026-10-0#</dc:date><dc:creator xmlns:dc=\"http://purl.org/dc/elements/1.1/\">A</dc:creator>",
    ),
    ("encoded", "<content:encoded xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><![CDATA[<p>Body #</p>]]></content:encoded>"),
    (
        "media",
        "<title>M #</title><media:group xmlns:media=\"http://search.yahoo.com/mrss/\"><media:content url=\"http://e.org/v#\"><media:title>inner</media:title></media:content></media:group>",
    ),
    ("media-item", "<title>M #</title><m:item xmlns:m=\"http://search.yahoo.com/mrss/\">no entry</m:item>"),
    (
        "podcast",
        "<title>P #</title><itunes:duration xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">1:0#</itunes:duration><itunes:title xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">x</itunes:title>",
    ),
    ("geo", "<georss:point xmlns:georss=\"http://www.georss.org/georss\">45.# -71</georss:point>"),
    (
        "xhtml",
        "<title>X #</title><content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Hi <b>there</b> #</p></div></content>",
    ),
    ("xhtml-prefixed", "<title>X #</title><content type=\"xhtml\" xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:div>Hi #</h:div></content>"),
    ("mode-escaped", "<title mode=\"escaped\" type=\"text/html\">E &lt;b&gt;#&lt;/b&gt;</title>"),
    ("mode-base64", "<title>B #</title><content mode=\"base64\" type=\"text/plain\">SGVsbG8=</content>"),
    ("content-xml", "<title>C #</title><content type=\"application/xml\"><data xmlns=\"urn:d\"><row/></data></content>"),
    ("content-src", "<title>S #</title><content type=\"image/png\" src=\"/p#.png\"/>"),
    ("relative", "<title>R #</title><link href=\"../r/#\"/><link rel=\"alternate\" type=\"text/html\" href=\"/q/#\"/>"),
    ("bad-link", "<title>L #</title><link>javascript:alert(#)</link>"),
    ("bad-date", "<title>D #</title><pubDate>yesterday</pubDate><updated>2026-99-99</updated>"),
    ("date-w3c", "<title>D #</title><updated>2026-10-05T10:0#:00+02:00</updated><published>2026</published><issued>2026-10</issued>"),
    (
        "date-odd",
        "<title>D #</title><pubDate>5 October 2026</pubDate><dc:date xmlns:dc=\"http://purl.org/dc/elements/1.1/\">20261005T1010Z</dc:date>",
    ),
    ("source", "<title>S #</title><source><title>other</title><id>urn:x</id></source>"),
    ("person", "<title>P #</title><author><name/><email></email><uri>x</uri></author><contributor><name>C</name></contributor>"),
    ("same-id", "<title>Same #</title><id>urn:same</id><guid>same</guid>"),
    (
        "twice",
        "<title>First #</title><title>Second</title><link>http://e.org/1/#</link><link>http://e.org/2/#</link><description>a</description><description>b</description>",
    ),
];

fn items(inside: &str, is_entry: bool, n: usize) -> String {
    let name = if is_entry { "entry" } else { "item" };
    (1..=n).map(|i| format!("<{name}>{}</{name}>", inside.replace('#', &i.to_string()))).collect()
}

fn crossed() -> Vec<Case> {
    let mut out = Vec::new();
    for (d, (dialect, is_entry, wrap)) in DIALECTS.iter().enumerate() {
        for (k, (kind, inside)) in INSIDES.iter().enumerate() {
            // Every kind in every dialect would take its time: two of three.
            if (d + k) % 3 == 2 {
                continue;
            }
            let n = 1 + (d + k) % 4;
            let head = if k % 2 == 0 { "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" } else { "" };
            let body = format!("{head}{}", wrap(&items(inside, *is_entry, n)));
            let media = ["application/rss+xml", "text/xml", "application/xml; charset=utf-8", "text/plain", "text/html"][(d + k) % 5];
            out.push(Case { name: format!("{dialect}-{kind}"), media, body: body.into_bytes(), entries: n as u64 });
        }
    }
    out
}

/// Where the document, not the item, is odd.
fn structures() -> Vec<(&'static str, String, u64)> {
    let two = "<item><title>One</title></item><item><title>Two</title></item>";
    let entries = "<entry><title>One</title><id>urn:1</id></entry><entry><title>Two</title><id>urn:2</id></entry>";
    let rss = |inner: &str| format!("<rss version=\"2.0\"><channel><title>t</title>{inner}</channel></rss>");
    vec![
        ("doctype", format!("<!DOCTYPE rss PUBLIC \"-//Netscape//DTD RSS 0.91//EN\" \"http://my.netscape.com/publish/formats/rss-0.91.dtd\">{}", rss(two)), 2),
        ("doctype-subset", format!("<!DOCTYPE rss [<!ENTITY co \"Company\"><!ELEMENT x ANY>]>{}", rss("<item><title>&co; news</title></item>")), 1),
        ("stylesheet", format!("<?xml version=\"1.0\"?><?xml-stylesheet type=\"text/xsl\" href=\"/rss.xsl\"?>{}", rss(two)), 2),
        ("comments-round", format!("<!-- a --><!-- <item/> -->{}<!-- <item/> -->", rss(two)), 2),
        ("trailing-text", format!("{}\n<!-- cached -->garbage", rss(two)), 2),
        ("trailing-markup", format!("{}<div>counter</div>", rss(two)), 2),
        ("leading-text", format!("Warning: something\n{}", rss(two)), 2),
        ("leading-markup", format!("<br />\n<b>Warning</b>: mysql in <b>/x</b><br />\n<?xml version=\"1.0\"?>{}", rss(two)), 2),
        ("leading-blank", format!("\n\n\n   <?xml version=\"1.0\"?>{}", rss(two)), 2),
        ("bom", format!("\u{feff}<?xml version=\"1.0\"?>{}", rss(two)), 2),
        ("two-boms", format!("\u{feff}\u{feff}{}", rss(two)), 2),
        ("upper-case", "<RSS VERSION=\"2.0\"><CHANNEL><ITEM><TITLE>One</TITLE><LINK>http://e.org/1</LINK></ITEM></CHANNEL></RSS>".into(), 1),
        ("mixed-case", "<rss version=\"2.0\"><Channel><Item><Title>One</Title></Item><item><title>Two</title></item></Channel></rss>".into(), 2),
        ("rss-prefix", "<r:rss xmlns:r=\"http://backend.userland.com/rss2\" version=\"2.0\"><r:channel><r:item><r:title>One</r:title></r:item></r:channel></r:rss>".into(), 1),
        ("rss10-prefix", format!("<rdf:RDF xmlns:rdf=\"{RDF}\" xmlns:rss=\"http://purl.org/rss/1.0/\"><rss:channel/><rss:item rdf:about=\"http://e.org/1\"><rss:title>One</rss:title></rss:item><rss:item><rss:title>Two</rss:title></rss:item></rdf:RDF>"), 2),
        ("rss10-odd-prefix", format!("<rdf:RDF xmlns:rdf=\"{RDF}\" xmlns:foo=\"http://purl.org/rss/1.0/\"><foo:item><foo:title>One</foo:title></foo:item></rdf:RDF>"), 1),
        ("rss-prefix-undeclared", "<rss version=\"2.0\"><channel><rss:item><rss:title>One</rss:title></rss:item></channel></rss>".into(), 1),
        ("atom-prefix", format!("<atom:feed xmlns:atom=\"{ATOM}\"><atom:title>t</atom:title><atom:entry><atom:title>One</atom:title></atom:entry></atom:feed>"), 1),
        ("atom-odd-prefix", format!("<x:feed xmlns:x=\"{ATOM}\"><x:entry><x:title>One</x:title></x:entry><x:entry/></x:feed>"), 2),
        ("atom-in-rss", format!("<rss version=\"2.0\" xmlns:a=\"{ATOM}\"><channel>{two}<a:entry><a:title>Three</a:title></a:entry></channel></rss>"), 3),
        ("atom-links-in-rss", format!("<rss version=\"2.0\" xmlns:a=\"{ATOM}\"><channel><a:link rel=\"self\" href=\"/\"/>{two}</channel></rss>"), 2),
        ("rss-in-atom", format!("<feed xmlns=\"{ATOM}\">{entries}{two}</feed>"), 4),
        ("foreign-entry", format!("<feed xmlns=\"{ATOM}\" xmlns:d=\"urn:d\">{entries}<d:entry>no</d:entry></feed>"), 2),
        ("foreign-item", format!("<rss version=\"2.0\" xmlns:d=\"urn:d\"><channel>{two}<d:item>no</d:item></channel></rss>"), 2),
        ("lone-entry", format!("<entry xmlns=\"{ATOM}\"><title>One</title><id>urn:1</id></entry>"), 1),
        ("lone-entry-bare", "<entry><title>One</title></entry>".into(), 1),
        ("no-items", rss(""), 0),
        ("no-entries", format!("<feed xmlns=\"{ATOM}\"><title>t</title></feed>"), 0),
        ("self-closing", "<rss version=\"2.0\"><channel><item/><item /><item><title/></item></channel></rss>".into(), 3),
        ("two-channels", "<rss version=\"2.0\"><channel><item><title>a</title></item></channel><channel><item><title>b</title></item></channel></rss>".into(), 2),
        ("image-textinput", rss(&format!("<image><title>i</title><url>u</url></image><textInput><title>x</title></textInput>{two}<cloud domain=\"x\"/>")), 2),
        ("cdf", "<CHANNEL HREF=\"http://e.org/\"><TITLE>t</TITLE><ITEM HREF=\"http://e.org/1\"><TITLE>One</TITLE></ITEM><ITEM HREF=\"http://e.org/2\"/></CHANNEL>".into(), 2),
        ("channel-root", format!("<channel><title>t</title>{two}</channel>"), 2),
        ("long-root", format!("<rss version=\"2.0\" {}><channel>{two}</channel></rss>", (0..300).map(|n| format!("xmlns:n{n}=\"urn:{n}\"")).collect::<Vec<_>>().join(" ")), 2),
        ("quotes-mixed", "<rss version='2.0' xmlns:x='a\"b'><channel><item x:y='>'><title>One</title></item></channel></rss>".into(), 1),
        ("spaces-in-tags", "<rss\n version = \"2.0\" ><channel ><item\n><title >One</title\n></item ></channel ></rss >".into(), 1),
        ("many", rss(&"<item><title>x</title></item>".repeat(2000)), 2000),
        ("cdata-item", rss(&format!("<description><![CDATA[<item>no</item>]]></description>{two}")), 2),
        ("escaped-item", rss(&format!("<description>&lt;item&gt;no&lt;/item&gt;</description>{two}")), 2),
        ("unclosed-titles", "<rss version=\"2.0\"><channel><item><title>One</item><item><title>Two</item></channel></rss>".into(), 2),
        ("unclosed-items", "<rss version=\"2.0\"><channel><item><title>One</title><item><title>Two</title></item></channel></rss>".into(), 2),
        ("cut-after-items", format!("<rss version=\"2.0\"><channel>{two}"), 2),
        ("crlf", rss(two).replace('>', ">\r\n"), 2),
        ("old-mac", rss(two).replace('>', ">\r"), 2),
        ("attributes-twice", "<rss version=\"2.0\" version=\"2.0\"><channel><item a=\"1\" a=\"2\"><title>One</title></item></channel></rss>".into(), 1),
        ("control-characters", rss("<item><title>a\u{1}b\u{c}c</title></item>"), 1),
        ("non-characters", rss("<item><title>a\u{fffe}b</title></item>"), 1),
        ("xml-1.1", format!("<?xml version=\"1.1\"?>{}", rss(two)), 2),
        ("standalone", format!("<?xml version='1.0' standalone='yes'?>{}", rss(two)), 2),
    ]
}

/// How the text becomes bytes.
fn encodings() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let doc = |label: &str, title: &str| {
        let said = if label.is_empty() { String::new() } else { format!(" encoding=\"{label}\"") };
        format!(
            "<?xml version=\"1.0\"{said}?><rss version=\"2.0\"><channel><item><title>{title}</title></item><item><title>Two</title></item></channel></rss>"
        )
    };
    let latin = |t: String| t.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect::<Vec<u8>>();
    let utf16 = |t: String, mark: bool, big: bool| -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(t.encode_utf16().collect::<Vec<_>>());
        units.flat_map(|u: u16| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    let utf32 = |t: String, big: bool| -> Vec<u8> {
        t.chars().flat_map(|c| if big { u32::from(c).to_be_bytes() } else { u32::from(c).to_le_bytes() }).collect()
    };
    let with = |label: &str, bytes: &[u8]| {
        let text = doc(label, "@@");
        let at = text.find("@@").expect("the place");
        [&text.as_bytes()[..at], bytes, &text.as_bytes()[at + 2..]].concat()
    };
    vec![
        ("latin-declared", "text/xml", latin(doc("iso-8859-1", "café"))),
        ("latin-undeclared", "text/xml", latin(doc("", "café à la crème"))),
        ("latin-lying", "text/xml; charset=utf-8", latin(doc("utf-8", "café à la crème"))),
        ("latin-by-header", "application/rss+xml; charset=iso-8859-1", latin(doc("", "café"))),
        ("windows-declared", "text/xml", with("windows-1252", b"\x93quoted\x94 \x80 5")),
        ("windows-undeclared", "text/xml", with("", b"\x93quoted\x94 and \x96 dash")),
        ("shift-jis-declared", "text/xml", with("Shift_JIS", b"\x95\x57\x8f\x80")),
        ("shift-jis-undeclared", "text/xml", with("", b"\x95\x57\x8f\x80\x82\xcc\x95\xb6\x8f\x91")),
        ("euc-jp", "text/xml", with("EUC-JP", b"\xc9\xb8\xbd\xe0")),
        ("iso-2022-jp", "text/xml", with("ISO-2022-JP", b"\x1b$BI8=`\x1b(B")),
        ("gb18030", "text/xml", with("gb18030", b"\xb1\xea\xd7\xbc")),
        ("big5", "text/xml", with("big5", b"\xbc\xd0\xb7\xc7")),
        ("euc-kr", "text/xml", with("euc-kr", b"\xc7\xa5\xc1\xd8")),
        ("koi8-r", "text/xml", with("koi8-r", b"\xf3\xf4\xe1\xee")),
        ("hz", "text/xml", with("hz-gb-2312", b"~{1j W<~}")),
        ("unknown-label", "text/xml", with("x-no-such-thing", b"caf\xc3\xa9")),
        ("empty-label", "text/xml; charset=", with("", b"plain")),
        ("utf-16-le-bom", "text/xml", utf16(doc("utf-16", "標準"), true, false)),
        ("utf-16-be-bom", "application/atom+xml", utf16(doc("utf-16", "標準"), true, true)),
        ("utf-16-le-bare", "text/xml", utf16(doc("utf-16", "標準"), false, false)),
        ("utf-16-be-bare", "text/xml; charset=utf-16", utf16(doc("", "標準"), false, true)),
        ("utf-16-said-only", "text/xml; charset=utf-16", doc("utf-16", "plain").into_bytes()),
        ("utf-32-le", "text/xml", utf32(format!("\u{feff}{}", doc("utf-32", "標準")), false)),
        ("utf-32-be", "text/xml", utf32(doc("utf-32", "標準"), true)),
        (
            "utf-8-damaged",
            "text/xml; charset=utf-8",
            with("utf-8", "Überprüfung größerer Änderungen \u{0}".as_bytes()).into_iter().chain([0xe2]).collect(),
        ),
    ]
}

fn json() -> Vec<(&'static str, String, u64)> {
    let v = |n: &str| format!("\"version\":\"https://jsonfeed.org/version/{n}\"");
    let two = r#""items":[{"id":"1","content_text":"One"},{"id":"2","title":"Two","url":"http://e.org/2"}]"#;
    vec![
        ("1", format!("{{{},\"title\":\"t\",{two}}}", v("1")), 2),
        ("1.1", format!("{{{},\"title\":\"t\",{two}}}", v("1.1")), 2),
        ("9", format!("{{{},\"title\":\"t\",{two}}}", v("9")), 2),
        ("no-title", format!("{{{},{two}}}", v("1.1")), 2),
        ("no-version", format!("{{\"title\":\"t\",{two}}}"), 2),
        ("number-ids", format!("{{{},\"title\":\"t\",\"items\":[{{\"id\":1}},{{\"id\":2.5,\"content_html\":\"<p>x</p>\"}}]}}", v("1")), 2),
        ("no-ids", format!("{{{},\"title\":\"t\",\"items\":[{{\"title\":\"a\"}},{{\"title\":\"b\"}}]}}", v("1.1")), 2),
        (
            "nulls",
            format!(
                "{{{},\"title\":null,\"items\":[{{\"id\":\"1\",\"title\":null,\"summary\":\"s\",\"authors\":null,\"tags\":null}}]}}",
                v("1.1")
            ),
            1,
        ),
        (
            "author-object",
            format!(
                "{{{},\"title\":\"t\",\"author\":{{\"name\":\"A\"}},\"items\":[{{\"id\":\"1\",\"title\":\"a\",\"author\":{{\"name\":\"B\"}}}}]}}",
                v("1")
            ),
            1,
        ),
        (
            "attachments",
            format!(
                "{{{},\"title\":\"t\",\"items\":[{{\"id\":\"1\",\"title\":\"a\",\"attachments\":[{{\"url\":\"x\",\"mime_type\":\"audio/mpeg\",\"size_in_bytes\":\"12\"}}]}}]}}",
                v("1.1")
            ),
            1,
        ),
        (
            "extensions",
            format!("{{{},\"title\":\"t\",\"_x\":{{\"about\":1}},\"items\":[{{\"id\":\"1\",\"title\":\"a\",\"_y\":[1]}}]}}", v("1.1")),
            1,
        ),
        (
            "bad-dates",
            format!("{{{},\"title\":\"t\",\"items\":[{{\"id\":\"1\",\"title\":\"a\",\"date_published\":\"soon\"}}]}}", v("1.1")),
            1,
        ),
        ("empty", format!("{{{},\"title\":\"t\",\"items\":[]}}", v("1.1")), 0),
        ("bom", format!("\u{feff}{{{},\"title\":\"t\",{two}}}", v("1.1")), 2),
        ("trailing", format!("{{{},\"title\":\"t\",{two}}}\n<!-- x -->", v("1.1")), 2),
        ("empty-items", format!("{{{},\"title\":\"t\",\"items\":[{{}},{{}}]}}", v("1.1")), 2),
    ]
}

fn cases() -> Vec<Case> {
    let mut all = crossed();
    all.extend(structures().into_iter().map(|(name, body, entries)| Case {
        name: format!("shape-{name}"),
        media: "application/xml",
        body: body.into_bytes(),
        entries,
    }));
    all.extend(encodings().into_iter().map(|(name, media, body)| Case { name: format!("bytes-{name}"), media, body, entries: 2 }));
    all.extend(json().into_iter().map(|(name, body, entries)| Case {
        name: format!("json-{name}"),
        media: "application/feed+json",
        body: body.into_bytes(),
        entries,
    }));
    all
}

#[test]
fn a_lenient_reader_sees_no_more_than_we_do() {
    let cases = cases();
    assert!(cases.len() > 500, "{}", cases.len());
    let paths: Vec<String> = (0..cases.len()).map(|n| format!("/{n}")).collect();
    let server =
        Server::start(paths.iter().zip(&cases).map(|(p, c)| (p.as_str(), Route::page(c.body.clone()).header("content-type", c.media))));
    let mut sources = "schema = 1\n[agent]\nname = \"aisec-monitor\"\ncontact = \"https://example.org/bot\"\n[defaults]\nallow_private = true\nrate = \"100000/1s\"\n".to_owned();
    for (n, path) in paths.iter().enumerate() {
        sources.push_str(&format!("[source.s{n}]\nbody = \"ETSI\"\nkind = \"feed\"\nurl = \"{}\"\n", server.url(path)));
    }
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("sources.toml"), sources).expect("written");
    let out = Command::new(monitor_testkit::binary())
        .current_dir(dir.path())
        .args(["--now", "2026-10-06T00:00:00Z", "-q", "test", "--format", "jsonl"])
        .output()
        .expect("monitor runs");
    let text = String::from_utf8(out.stdout).expect("UTF-8");
    let mut rows: BTreeMap<String, u64> = BTreeMap::new();
    let mut summary = Value::Null;
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).expect("JSON");
        if row["title"].as_str().is_some_and(|t| !t.is_empty()) {
            *rows.entry(row["source"].as_str().expect("a source").to_owned()).or_default() += 1;
        }
        if !row["summary"].is_null() {
            summary = row["summary"].clone();
        }
    }
    let by_id: BTreeMap<&str, &Value> =
        summary.as_array().expect("a summary").iter().map(|s| (s["source"].as_str().expect("an id"), s)).collect();
    let mut wrong = Vec::new();
    for (n, case) in cases.iter().enumerate() {
        let id = format!("s{n}");
        let s = by_id[id.as_str()];
        let seen = rows.get(&id).copied().unwrap_or_default();
        if seen != case.entries || (case.entries > 0) != (s["status"] == "ok") {
            wrong.push(format!("{}: {} for {}: {} {}", case.name, seen, case.entries, s["status"], s["complaints"]));
        }
    }
    let share = 100.0 * (cases.len() - wrong.len()) as f64 / cases.len() as f64;
    assert!(wrong.is_empty(), "{share:.1} % of {} feeds:\n{}", cases.len(), wrong.join("\n"));
}

#[test]
fn fifty_thousand_entries_are_read_in_bounded_time() {
    let body: String = (0..50_000).map(|n| format!("<item><title>Entry {n} & more</title><guid>{n}</guid></item>")).collect();
    // Once as a parser likes it, once so that none does, and once without an end.
    let whole = format!("<rss version=\"2.0\"><channel>{body}</channel></rss>");
    let server = Server::start([
        ("/whole", Route::page(whole.clone())),
        ("/odd", Route::page(whole.replace("<item><title>Entry 7 ", "<item><titel>Entry 7 "))),
        ("/cut", Route::page(whole[..whole.len() - 60].to_owned())),
    ]);
    let mut sources = "schema = 1\n[agent]\nname = \"aisec-monitor\"\ncontact = \"https://example.org/bot\"\n[defaults]\nallow_private = true\nrate = \"100000/1s\"\n".to_owned();
    for id in ["whole", "odd", "cut"] {
        sources.push_str(&format!("[source.{id}]\nbody = \"ETSI\"\nkind = \"feed\"\nurl = \"{}\"\n", server.url(&format!("/{id}"))));
    }
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("sources.toml"), sources).expect("written");
    let out = Command::new(monitor_testkit::binary())
        .current_dir(dir.path())
        .args(["--now", "2026-10-06T00:00:00Z", "-q", "test", "--format", "jsonl"])
        .output()
        .expect("monitor runs");
    let text = String::from_utf8(out.stdout).expect("UTF-8");
    let last: Value = serde_json::from_str(text.lines().last().expect("a summary")).expect("JSON");
    for s in last["summary"].as_array().expect("a summary") {
        let lost = u64::from(s["source"] == "cut");
        assert_eq!((&s["status"], &s["collected"], &s["rejected"]), (&"ok".into(), &50_000.into(), &lost.into()), "{s}");
    }
    assert_eq!(text.lines().count(), 150_000, "a row each, one lost, and the summary");
}
