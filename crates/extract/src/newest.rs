//! The newest of the files that a page links to and whose names fit (`newest`): for lists that get a new name with each version.

use std::cmp::Reverse;

use jiff::civil::Date;
use scraper::{Html, Selector};
use url::Url;

use crate::{
    charset::decode,
    dates::wild,
    depth::flatten,
    dir::{describe, natural, percent_decode},
    flood,
    glob::Glob,
};

/// The address of the newest file on the page at `address` whose name fits `pattern` (`*` and `?`, in any case).
///
/// When the page says of each of them when it was changed, that decides; else the dates in their names (`2026_09_28`, `20260928`,
/// `260928`), when each has one; else the numbers in their names.
///
/// # Errors
/// When none fits, or the page is none.
pub fn newest(pattern: &str, address: &str, bytes: &[u8], media_type: Option<&str>) -> Result<String, String> {
    let decoded = decode(bytes, media_type);
    if let Some(what) = flood::of_tags(&decoded.text) {
        return Err(what);
    }
    let base = Url::parse(address).map_err(|e| format!("the page has no address of its own: {e}"))?;
    let links = Selector::parse("a[href]").map_err(|e| e.to_string())?;
    let html = Html::parse_document(&flatten(&decoded.text));
    let glob = Glob::new(pattern);
    let mut files = Vec::new();
    for a in html.select(&links) {
        let Ok(url) = base.join(a.attr("href").unwrap_or_default().trim()) else { continue };
        let name = percent_decode(url.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default());
        if matches!(url.scheme(), "http" | "https") && glob.fits(&name) {
            let listed = describe(a, &name, &url, false);
            files.push(File {
                day: listed.mtime.as_deref().and_then(|t| wild(t).ok()).map(|w| w.first_day()),
                named: day_in(&name),
                name,
                url: url.to_string(),
            });
        }
    }
    let (days, names) = (files.iter().all(|f| f.day.is_some()), files.iter().all(|f| f.named.is_some()));
    files.sort_by(|a, b| {
        let by_day = if days { a.day.cmp(&b.day) } else { std::cmp::Ordering::Equal };
        let by_name = if names { a.named.cmp(&b.named) } else { std::cmp::Ordering::Equal };
        by_day.then(by_name).then_with(|| natural(&a.name, &b.name)).then_with(|| Reverse(&a.url).cmp(&Reverse(&b.url)))
    });
    files.pop().map(|f| f.url).ok_or_else(|| {
        format!(
            "no link on the page ({} bytes) leads to a file named “{pattern}” (`newest`): the names have changed, or this is another page",
            bytes.len()
        )
    })
}

struct File {
    name: String,
    url: String,
    day: Option<Date>,
    named: Option<Date>,
}

/// The last day that a name holds: its digits as year, month, day, whatever stands between them.
fn day_in(name: &str) -> Option<Date> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let runs: Vec<&str> = stem.split(|c: char| !c.is_ascii_digit()).filter(|r| !r.is_empty()).collect();
    let day = |y: &str, m: &str, d: &str| {
        let year: i16 = y.parse().ok()?;
        let year = if y.len() == 2 { 2000 + year } else { year };
        Date::new(year, m.parse().ok()?, d.parse().ok()?).ok().filter(|_| (1990..2100).contains(&year))
    };
    let whole = |run: &&str| match run.len() {
        8 => day(&run[..4], &run[4..6], &run[6..]),
        6 => day(&run[..2], &run[2..4], &run[4..]),
        _ => None,
    };
    let parted = |w: &[&str]| if w[0].len() == 4 && w[1].len() <= 2 && w[2].len() <= 2 { day(w[0], w[1], w[2]) } else { None };
    runs.iter().rev().find_map(whole).or_else(|| runs.windows(3).rev().find_map(parted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[(&str, &str)], pattern: &str) -> Result<String, String> {
        let line = |(name, day): &(&str, &str)| format!("<tr><td><a href=\"{name}\">{name}</a></td><td>{day}</td><td>1 KB</td></tr>");
        let page = format!("<html><body><table>{}</table></body></html>", rows.iter().map(line).collect::<String>());
        newest(pattern, "https://e.org/plan/", page.as_bytes(), None).map(|u| u.replace("https://e.org/plan/", ""))
    }

    #[test]
    fn the_listing_decides_then_dates_in_names_then_numbers() {
        for (rows, want) in [
            // the day of the listing, whatever the names say
            (&[("Plan_2026_09_28.xlsx", "2026/09/28 7:05"), ("plan_261101.xlsx", "2026/11/01 9:00")][..], "plan_261101.xlsx"),
            (&[("Plan_9.xlsx", "2026-11-02"), ("Plan_10.xlsx", "2026-11-01")], "Plan_9.xlsx"),
            // one without a day: the dates in the names, though their form changed
            (&[("Plan_260106.xlsx", ""), ("Plan_2026_06_26.xlsx", "2026/06/26 12:30"), ("Plan_20251201.xlsx", "")], "Plan_2026_06_26.xlsx"),
            (&[("Plan 3gpp 2026-9-1.xlsx", ""), ("Plan 3gpp 2026-10-1.xlsx", "")], "Plan%203gpp%202026-10-1.xlsx"),
            // no dates at all: numbers by their value
            (&[("Plan_v9.xlsx", ""), ("Plan_v10.xlsx", ""), ("Other_v99.xlsx", "")], "Plan_v10.xlsx"),
            (&[("/elsewhere/PLAN_7.XLSX", ""), ("Plan_6.xlsx", "")], "https://e.org/elsewhere/PLAN_7.XLSX"),
        ] {
            assert_eq!(of(rows, "plan*.xlsx").as_deref(), Ok(want), "{rows:?}");
        }
    }

    #[test]
    fn a_page_without_such_a_file_is_a_failure_that_says_so() {
        assert!(of(&[("Other.xlsx", "")], "plan*.xlsx").is_err_and(|e| e.contains("“plan*.xlsx”")));
        assert!(newest("*", "https://e.org/", b"", None).is_err());
        assert!(of(&[("javascript:plan.xlsx", "")], "*plan.xlsx").is_err());
    }
}
