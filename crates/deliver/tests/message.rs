//! The form of a message: headers that cannot be forged, lines that every server takes, parts that come apart again.
#![allow(clippy::unwrap_used)]

mod common;

use common::letter;
use monitor_deliver::Letter;

fn message(l: &Letter) -> String {
    let to = "Anna Müller <anna@empfänger.example>".parse().unwrap();
    String::from_utf8(l.message("2026-10-monthly", "smtp", &to).unwrap()).expect("a message is ASCII")
}

/// Header names and values, unfolded.
fn headers(text: &str) -> Vec<(String, String)> {
    let head = text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
    head.split("\r\n").map(|l| l.split_once(": ").map(|(n, v)| (n.to_owned(), v.to_owned())).expect(l)).collect()
}

#[test]
fn a_message_has_the_headers_that_mail_wants_each_once() {
    let text = message(&letter());
    let all = headers(&text);
    for name in ["Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type", "List-Unsubscribe", "Auto-Submitted"] {
        assert_eq!(all.iter().filter(|(n, _)| n == name).count(), 1, "{name}: {text}");
    }
    let of = |name: &str| all.iter().find(|(n, _)| n == name).unwrap().1.clone();
    assert_eq!(of("Date"), "Sun, 01 Nov 2026 00:00:00 +0000");
    assert!(of("Message-ID").ends_with("@sender.example>"));
    assert_eq!(of("List-Unsubscribe"), "<mailto:radar@sender.example?subject=unsubscribe>");
    assert!(of("To").contains("@xn--empfnger-3za.example"), "{}", of("To"));
    assert!(of("Subject").contains("=?utf-8?b?"), "{}", of("Subject"));
    assert!(of("Content-Type").starts_with("multipart/mixed"));
}

#[test]
fn lines_are_short_and_pure_ascii_whatever_the_edition_holds() {
    let mut l = letter();
    l.text = format!("{}\n{}\n", "ü".repeat(4000), "x".repeat(4000));
    l.html = Some("<p>".to_owned() + &"Ω ".repeat(4000));
    l.subject = "Очень ".repeat(300);
    l.attachments[0].bytes = vec![0xff; 5000];
    let text = message(&l);
    assert!(text.is_ascii() && !text.contains('\0'));
    assert!(text.split("\r\n").all(|line| line.len() <= 998), "{:?}", text.split("\r\n").map(str::len).max());
    assert_eq!(text.replace("\r\n", "").find(['\r', '\n']), None, "no line end that stands alone");
}

#[test]
fn no_title_name_or_address_can_forge_a_header() {
    let mut l = letter();
    for evil in [
        "x\r\nBcc: all@example.org",
        "x\nBcc: all@example.org",
        "x\r\n\r\nbody",
        "\u{2028}Bcc: a@b.c",
        "x\u{0}\u{85}Bcc: a@b.c",
        "=?utf-8?q?x=0D=0ABcc:_a?=",
    ] {
        l.subject = evil.to_owned();
        l.unsubscribe = Some(format!("mailto:{evil}"));
        l.attachments[0].name = format!("{evil}\".json");
        let text = message(&l);
        let all = headers(&text);
        assert!(all.iter().all(|(n, _)| n != "Bcc"), "{text}");
        assert!(!text.contains("\r\nBcc") && !text.contains("\nBcc"), "{evil:?}: {text}");
        assert_eq!(all.last().map(|(n, _)| n.as_str()), headers(&message(&letter())).last().map(|(n, _)| n.as_str()));
    }
}

#[test]
fn equal_editions_are_equal_bytes_and_recipients_differ_only_in_to_and_id() {
    let l = letter();
    let of = |to: &str| String::from_utf8(l.message("e", "smtp", &to.parse().unwrap()).unwrap()).unwrap();
    assert_eq!(of("a@x.example"), of("a@x.example"));
    let (a, b) = (of("a@x.example"), of("b@x.example"));
    let differ: Vec<&str> = a.lines().zip(b.lines()).filter(|(a, b)| a != b).map(|(a, _)| a.split(':').next().unwrap()).collect();
    assert_eq!(differ, ["To", "Message-ID"]);
    assert_ne!(l.message_id("e", "smtp", &"a@x.example".parse().unwrap()), l.message_id("f", "smtp", &"a@x.example".parse().unwrap()));
}

#[test]
fn dates_that_mail_cannot_write_do_not_stop_it() {
    for date in ["-002000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-30T00:00:00Z"] {
        let mut l = letter();
        l.date = date.parse().unwrap();
        assert!(message(&l).contains("Date: "), "{date}");
    }
}
