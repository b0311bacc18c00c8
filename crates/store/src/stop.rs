use std::str::FromStr;

/// Where and at which batch a store stops for ever, so that a test can kill its process there. Nothing else uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    point: Point,
    batch: u64,
}

/// The points between the steps of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Point {
    /// The batch is planned and nothing is written.
    Begin,
    /// The batch is in the journal and not in the index.
    Journal,
    /// The batch is in the journal and in the index, and not witnessed.
    Index,
}

impl Point {
    fn word(self) -> &'static str {
        match self {
            Point::Begin => "begin",
            Point::Journal => "journal",
            Point::Index => "index",
        }
    }
}

impl FromStr for Stop {
    type Err = String;

    /// Reads `journal:7`: behind the writing of batch 7 to the journal.
    fn from_str(text: &str) -> Result<Stop, String> {
        let wrong = || format!("“{text}” names no point of a commit; write begin, journal or index, a colon and the number of a batch");
        let (word, batch) = text.split_once(':').ok_or_else(wrong)?;
        let point = [Point::Begin, Point::Journal, Point::Index].into_iter().find(|p| p.word() == word).ok_or_else(wrong)?;
        Ok(Stop { point, batch: batch.parse().map_err(|_| wrong())? })
    }
}

impl Stop {
    /// Says so on stderr and waits for the end of the process, if this is the point.
    pub(crate) fn reached(stop: Option<Stop>, point: Point, batch: u64) {
        if stop == Some(Stop { point, batch }) {
            eprintln!("stopped at {}:{batch}", point.word());
            loop {
                std::thread::park();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_and_mistakes_are_named() {
        assert_eq!("journal:7".parse(), Ok(Stop { point: Point::Journal, batch: 7 }));
        for wrong in ["", "journal", "journal:", "journal:x", "sled:1", "journal:-1"] {
            assert!(wrong.parse::<Stop>().is_err_and(|e| e.contains("begin, journal or index")), "{wrong}");
        }
    }
}
