//! Kind `dir`: the listings of several servers.

use crate::common::recipe;
use monitor_extract::{Container, Extraction, Page, extract};

const DIR: &str = r#"
body = "3GPP"
kind = "dir"
url = "https://example.org/ftp/SA/WG3/"
enter = ["TSGS3_*/Docs"]
latest = 2
match = ["S3-*.zip", "*agenda*.htm"]
fields = { number = "name | docnum", date = "mtime", title = "name", size = "size" }
"#;

fn at(url: &str, depth: usize, body: &str) -> Extraction {
    extract(&recipe(DIR), &Page { url, final_url: url, media_type: None, depth }, &mut body.as_bytes())
}

fn rows(e: &Extraction) -> Vec<String> {
    e.entries
        .iter()
        .map(|e| {
            format!(
                "{} {} {}",
                e.title,
                e.published.map_or("-".to_owned(), |d| d.to_string()),
                e.extra.get("size").map_or("-", String::as_str)
            )
        })
        .collect()
}

#[test]
fn old_listing_with_dates_before_the_links() {
    let e = at(
        "https://example.org/ftp/SA/WG3/TSGS3_1/Docs/",
        2,
        r#"<html><head><title>example.org - /ftp/</title></head><body><H1>x</H1><hr><pre><A HREF="/ftp/SA/WG3/TSGS3_1/">[To Parent Directory]</A><br><br>
 3/26/2019  4:49 PM       853676 <A HREF="/ftp/SA/WG3/TSGS3_1/Docs/S3-190001.zip">S3-190001.zip</A><br> 7/6/2018 12:00 PM        &lt;dir&gt; <A HREF="/ftp/SA/WG3/TSGS3_1/Docs/S3-old.zip/">S3-old.zip</A><br></pre>"#,
    );
    assert_eq!(rows(&e), ["S3-190001.zip 2019-03-26 853676"]);
    assert_eq!(e.entries[0].url.as_deref(), Some("https://example.org/ftp/SA/WG3/TSGS3_1/Docs/S3-190001.zip"));
}

#[test]
fn table_with_check_boxes_commas_and_sort_links() {
    let row = |name: &str, icon: &str, class: &str, date: &str, size: &str| {
        format!(
            r#"<tr><td><input type=checkbox></td><td><img class=icon alt=icon src="/ftp/geticon.axd?file={icon}"></td>
            <td><a class="{class}" href="https://example.org/FTP/SA/wg3/{name}?sortby=date">{name}</a></td><td> {date} </td><td> {size} </td></tr>"#
        )
    };
    let body = format!(
        r#"<title>Directory Listing /ftp/SA/WG3/</title><h2><a href="https://example.org/">example.org</a> / <a href="https://example.org/ftp/SA">SA</a></h2>
        <form><table><thead><tr><th><a href="?sortby=name">Name</a></th></tr></thead><tbody>{}{}{}{}{}</tbody></table></form>"#,
        row("TSGS3_99_Old", "", "", "2025/09/28 10:00", ""),
        row("TSGS3_125", "", "", "2026/02/24 6:02", ""),
        row("TSGS3_9", "", "", "2026/01/02 6:02", ""),
        row("Agenda_v2.htm", ".htm", "file", "2026/02/20 16:02", "78,5 KB"),
        row("notes.txt", ".txt", "file", "2026/02/20 16:02", "1 KB"),
    );
    let e = at("https://example.org/ftp/SA/WG3/", 0, &body);
    assert_eq!(rows(&e), ["Agenda_v2.htm 2026-02-20 78,5 KB"]);
    assert_eq!(e.filtered, 1);
    let next: Vec<(&str, usize)> = e.next.iter().map(|n| (n.url.as_str(), n.depth)).collect();
    assert_eq!(
        next,
        [("https://example.org/FTP/SA/wg3/TSGS3_125", 1), ("https://example.org/FTP/SA/wg3/TSGS3_9", 1)],
        "newest two, without queries"
    );
    let inside = at("https://example.org/ftp/SA/WG3/tsgs3_125/", 1, r#"<a href="docs/">docs/</a><a href="Report/">Report/</a>"#);
    assert_eq!(inside.next[0].url, "https://example.org/ftp/SA/WG3/tsgs3_125/docs/");
    let beside = at("https://example.org/ftp/SA/WG3/Other/", 1, r#"<a href="docs/">docs/</a>"#);
    assert!(beside.next.is_empty(), "a folder that no pattern leads to");
}

#[test]
fn listings_of_other_servers() {
    for (server, body) in [
        (
            "nginx",
            "<title>Index of /x/</title><h1>Index of /x/</h1><hr><pre><a href=\"../\">../</a>\n<a href=\"sub/\">sub/</a>     26-Mar-2026 16:49       -\n<a href=\"S3-very-long-na%20me.zip\">S3-very-long-n..&gt;</a>   26-Mar-2026 16:49    853676\n</pre>",
        ),
        (
            "apache",
            "<title>Index of /x</title><pre><a href=\"?C=N;O=D\">Name</a> <a href=\"?C=M;O=A\">Last modified</a><hr><img src=\"/icons/back.gif\" alt=\"[PARENTDIR]\"> <a href=\"/\">Parent Directory</a>   -\n<img src=\"/icons/folder.gif\" alt=\"[DIR]\"> <a href=\"sub/\">sub/</a> 2026-03-26 16:49    -\n<img src=\"/icons/compressed.gif\" alt=\"[   ]\"> <a href=\"S3-very-long-na%20me.zip\">S3-very-long..&gt;</a> 2026-03-26 16:49  853676\n</pre>",
        ),
        (
            "apache table",
            "<title>Index of /x</title><table><tr><td><img alt=\"[DIR]\"></td><td><a href=\"sub/\">sub/</a></td><td align=right>2026-03-26 16:49  </td><td>  - </td></tr><tr><td><a href=\"S3-very-long-na%20me.zip\"><img alt=\"[   ]\"></a></td><td><a href=\"S3-very-long-na%20me.zip\">S3-..</a></td><td>2026-03-26 16:49</td><td>853676</td></tr></table>",
        ),
    ] {
        let e = at("https://example.org/x/", 0, body);
        assert_eq!(rows(&e), ["S3-very-long-na me.zip 2026-03-26 853676"], "{server}");
        assert_eq!(e.rejected, 0, "{server}");
    }
}

#[test]
fn empty_listings_and_other_pages() {
    let empty = at("https://example.org/x/", 0, "<title>Index of /x/</title><a href='../'>../</a>");
    assert_eq!((empty.failed.as_ref(), empty.container), (None, Container::Found));
    let login = at("https://example.org/x/", 0, "<title>Sign in</title><a href='https://other.org/x/a.zip'>a</a>");
    assert!(login.failed.is_some() && login.container == Container::Missing);
}
