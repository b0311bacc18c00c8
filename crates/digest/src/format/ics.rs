//! iCalendar (RFC 5545): one event per coming date, with ids that stay the same from issue to issue.

use crate::{DateLine, Edition, clean::clean};

pub(super) fn render(edition: &Edition) -> Vec<u8> {
    let stamp = edition.as_of.strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut out = String::new();
    let mut say = |line: String| fold(&mut out, &line);
    say("BEGIN:VCALENDAR".to_owned());
    say("VERSION:2.0".to_owned());
    say("PRODID:-//monitor//digest//EN".to_owned());
    say("CALSCALE:GREGORIAN".to_owned());
    say(format!("X-WR-CALNAME:{}", text(&edition.group.title)));
    // A calendar holds one component at least (RFC 5545, 3.6): where no date is known, the time zone of all days here.
    if edition.deadlines.is_empty() {
        let zone =
            ["BEGIN:VTIMEZONE", "TZID:Etc/UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0000"];
        zone.into_iter().chain(["TZNAME:UTC", "END:STANDARD", "END:VTIMEZONE"]).for_each(|l| say(l.to_owned()));
    }
    for d in &edition.deadlines {
        say("BEGIN:VEVENT".to_owned());
        say(format!("UID:{}", uid(d)));
        say(format!("DTSTAMP:{stamp}"));
        say(format!("DTSTART;VALUE=DATE:{}", d.date.strftime("%Y%m%d")));
        // The end is the day after the last one.
        if let Ok(end) = d.end.unwrap_or(d.date).tomorrow() {
            say(format!("DTEND;VALUE=DATE:{}", end.strftime("%Y%m%d")));
        }
        let caution = if d.caution.is_empty() { String::new() } else { format!(" ({})", d.caution) };
        say(format!("SUMMARY:{}", text(&format!("{}{caution}", d.what))));
        if !d.place.is_empty() {
            say(format!("LOCATION:{}", text(&d.place)));
        }
        say(format!("DESCRIPTION:{}", text(&format!("{}. {}", d.words, d.basis))));
        if !d.url.is_empty() {
            say(format!("URL:{}", clean(&d.url)));
        }
        say(format!("CATEGORIES:{}", text(&d.kind)));
        say(format!("STATUS:{}", if d.caution.is_empty() { "CONFIRMED" } else { "TENTATIVE" }));
        say("TRANSP:TRANSPARENT".to_owned());
        say("END:VEVENT".to_owned());
    }
    say("END:VCALENDAR".to_owned());
    out.into_bytes()
}

/// What the date is about, not when it is: a date that moves stays the same entry.
fn uid(d: &DateLine) -> String {
    let about = d.document.as_ref().map_or(d.id.as_str(), |k| k.as_str());
    let plain: String =
        about.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/') { c } else { '_' }).take(120).collect();
    format!("{}-{plain}@monitor.invalid", d.kind)
}

fn text(value: &str) -> String {
    clean(value).replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,")
}

/// Lines of at most 75 octets; what follows begins with a space. No sign is cut.
fn fold(out: &mut String, line: &str) {
    let mut used = 0;
    for c in line.chars() {
        if used + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_are_folded_between_signs() {
        let mut out = String::new();
        super::fold(&mut out, &format!("SUMMARY:{}", super::text(&"安全; a, b\\c\nEND:VEVENT ".repeat(8))));
        assert!(out.lines().all(|l| l.len() <= 75), "{out}");
        assert_eq!(out.replace("\r\n ", "").lines().count(), 1);
        assert!(!out.contains("\nEND:VEVENT") && out.contains("\\;") && out.contains("\\,") && out.contains("\\\\c"));
    }
}
