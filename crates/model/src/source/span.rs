use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// Reads `90`, `90s`, `15m`, `24h`, `30d`, `2w`, `2y` (a year is 365 days).
///
/// # Errors
/// When the text is of no such form.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let t = text.trim();
    let cut = t.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(t.len());
    let bad = || format!("“{text}” is not a time span: write e.g. \"60s\", \"15m\", \"24h\", \"30d\"");
    let n: f64 = t[..cut].parse().map_err(|_| bad())?;
    let unit = match t[cut..].trim() {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        "w" => 604_800.0,
        "y" => 31_536_000.0,
        _ => return Err(bad()),
    };
    Duration::try_from_secs_f64(n * unit).map_err(|_| bad())
}

/// Reads `4096`, `64KiB`, `8MiB`, `1GiB` (and kB, MB, GB).
///
/// # Errors
/// When the text is of no such form.
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    let t = text.trim();
    let cut = t.find(|c: char| !c.is_ascii_digit()).unwrap_or(t.len());
    let bad = || format!("“{text}” is not a size: write e.g. \"8MiB\"");
    let n: u64 = t[..cut].parse().map_err(|_| bad())?;
    let unit = match t[cut..].trim() {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return Err(bad()),
    };
    n.checked_mul(unit).ok_or_else(bad)
}

pub(super) fn maybe_duration<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Duration>, D::Error> {
    parse_duration(&String::deserialize(d)?).map(Some).map_err(serde::de::Error::custom)
}

pub(super) fn maybe_bytes<'de, D: Deserializer<'de>>(d: D) -> Result<Option<u64>, D::Error> {
    parse_bytes(&String::deserialize(d)?).map(Some).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rate;

    #[test]
    fn spans_sizes_and_rates() {
        assert_eq!(parse_duration("2d"), Ok(Duration::from_secs(172_800)));
        assert!(parse_duration("soon").is_err());
        assert_eq!(parse_bytes("8MiB"), Ok(8 << 20));
        assert!(parse_bytes("99999999999GiB").is_err());
        assert_eq!("1/5s".parse::<Rate>().map(Rate::spacing), Ok(Duration::from_secs(5)));
        assert_eq!("1000/1s".parse::<Rate>().map(Rate::spacing), Ok(Duration::from_millis(1)));
        assert!("0/5s".parse::<Rate>().is_err());
    }
}
