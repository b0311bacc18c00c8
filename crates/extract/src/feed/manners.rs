//! How often a feed wants to be read: `ttl`, `skipHours`, `skipDays`, and the syndication module of RSS 1.0.

use std::time::Duration;

use super::scan::{Span, texts};
use crate::Quiet;

/// What a feed asks of its readers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Manners {
    pub(super) ttl: Option<Duration>,
    pub(super) quiet: Quiet,
}

/// So much of what stands before the first item, and after the last, is looked at.
const MOST: usize = 64 << 10;

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Reads what stands outside the items.
pub(super) fn read(xml: &str, spans: &[Span]) -> Manners {
    let head = clip(&xml[..spans.first().map_or(xml.len(), |s| s.start)]);
    let tail = clip(&xml[spans.last().map_or(xml.len(), |s| s.end)..]);
    let mut manners = Manners::default();
    let mut period: Option<u64> = None;
    let mut frequency = 1;
    for (name, text) in texts(head).into_iter().chain(texts(tail)) {
        let word = text.trim().to_ascii_lowercase();
        match name.to_ascii_lowercase().as_str() {
            "ttl" => {
                let minutes = word.parse::<u64>().ok().filter(|m| *m <= 60 * 24 * 31);
                manners.ttl = manners.ttl.max(minutes.map(|m| Duration::from_secs(m * 60)));
            }
            // Midnight is 0 in one version and 24 in another.
            "hour" => manners.quiet.hours |= word.parse::<u32>().ok().filter(|h| *h <= 24).map_or(0, |h| 1 << (h % 24)),
            "day" => manners.quiet.days |= DAYS.iter().position(|d| *d == word).map_or(0, |n| 1 << n),
            "updateperiod" => {
                period = match word.as_str() {
                    "hourly" => Some(3600),
                    "daily" => Some(86_400),
                    "weekly" => Some(7 * 86_400),
                    "monthly" | "yearly" => Some(30 * 86_400),
                    _ => None,
                }
            }
            "updatefrequency" => frequency = word.parse::<u64>().unwrap_or(1).max(1),
            _ => {}
        }
    }
    manners.ttl = manners.ttl.max(period.map(|p| Duration::from_secs(p / frequency)));
    manners
}

fn clip(text: &str) -> &str {
    let mut end = text.len().min(MOST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::{super::scan::items, *};

    fn of(xml: &str) -> (u64, u32, u8) {
        let m = read(xml, &items(xml));
        (m.ttl.unwrap_or_default().as_secs(), m.quiet.hours, m.quiet.days)
    }

    #[test]
    fn what_stands_outside_the_items_counts() {
        let rss = |inner: &str| {
            format!("<rss version=\"2.0\"><channel><title>t</title>{inner}<item><ttl>9</ttl><day>Monday</day></item></channel></rss>")
        };
        assert_eq!(of(&rss("<ttl>90</ttl>")), (5400, 0, 0));
        assert_eq!(
            of(&rss("<skipHours><hour>0</hour><hour> 23 </hour><hour>24</hour><hour>25</hour><hour>x</hour></skipHours>")),
            (0, 1 | 1 << 23, 0)
        );
        assert_eq!(of(&rss("<skipDays><day>Saturday</day><day>SUNDAY</day><day>Caturday</day></skipDays>")), (0, 0, 0b110_0000));
        assert_eq!(of(&rss("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>")), (21_600, 0, 0));
        assert_eq!(of(&rss("<ttl>999999999999</ttl><ttl>-1</ttl>")), (0, 0, 0));
        assert_eq!(of("<rss><channel><item/><skipDays><day>Friday</day></skipDays></channel></rss>"), (0, 0, 0b1_0000));
        assert_eq!(of(""), (0, 0, 0));
    }
}
