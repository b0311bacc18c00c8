//! The seeds of `fuzz/` and some thousands of mutations of them, always the same: no panic, no hang, no broken promise.

#[path = "../../fuzz/src/targets.rs"]
#[allow(unreachable_pub, reason = "the fuzz targets share it")]
mod targets;

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

/// What turns up in such bytes and turns them into others.
const WORDS: [&[u8]; 44] = [
    b"<",
    b">",
    b"</",
    b"/>",
    b"&",
    b"&amp;",
    b"&#x0;",
    b"&eacute;",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<?",
    b"<!DOCTYPE x [",
    b"<item>",
    b"</item>",
    b"<entry>",
    b"<title>",
    b"xmlns:a=\"",
    b"\"",
    b"'",
    b"|",
    b"(",
    b")",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\\",
    b"\0",
    b"\xff",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"\n",
    b"\r\n",
    b"*",
    b"$",
    b"%",
    b"9999999999",
    b"-1",
    b"<table><tr>",
];

/// A small generator of numbers that are the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (below.max(1) as u64)).expect("it is below a usize")
    }
}

fn mutate(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let at = dice.roll(bytes.len() + 1);
    let end = (at + 1 + dice.roll(24)).min(bytes.len());
    match dice.roll(8) {
        0 if at < bytes.len() => bytes[at] ^= 1 << dice.roll(8),
        1 if at < end => drop(bytes.drain(at..end)),
        2 if at < end => {
            let piece = bytes[at..end].to_vec();
            bytes.splice(at..at, piece.repeat(1 + dice.roll(40)));
        }
        3 => bytes.truncate(at),
        4 => {
            let from = dice.roll(other.len() + 1);
            let piece = other[from..].to_vec();
            bytes.splice(at..at, piece);
        }
        5 => {
            let word = WORDS[dice.roll(WORDS.len())].repeat(1 + dice.roll(300));
            bytes.splice(at..at, word);
        }
        _ => {
            let word = WORDS[dice.roll(WORDS.len())];
            bytes.splice(at..at, word.iter().copied());
        }
    }
}

#[test]
fn seeds_and_their_mutants_find_nothing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds");
    let mut runs = 0;
    for target in targets::TARGETS {
        let mut files: Vec<_> = fs::read_dir(root.join(target)).expect("a folder of seeds").map(|e| e.expect("an entry").path()).collect();
        files.sort();
        let seeds: Vec<Vec<u8>> = files.iter().map(|f| fs::read(f).expect("a seed")).collect();
        assert!(seeds.len() >= 2, "{target} has seeds");
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let each = 900 / seeds.len();
        for (n, seed) in seeds.iter().enumerate() {
            let other = &seeds[(n + 1) % seeds.len()];
            let mut bytes = seed.clone();
            for step in 0..each {
                let began = Instant::now();
                if let Err(why) = std::panic::catch_unwind(|| targets::run(target, &bytes)) {
                    panic!("{target}, {} after {step} steps: {why:?}\n{:?}", files[n].display(), String::from_utf8_lossy(&bytes));
                }
                let took = began.elapsed();
                assert!(
                    took < Duration::from_secs(5),
                    "{target} took {took:?} for {} bytes: {:?}",
                    bytes.len(),
                    String::from_utf8_lossy(&bytes)
                );
                runs += 1;
                // Not too far from what is real, nor too long.
                if step % 12 == 0 || bytes.len() > 64 << 10 {
                    bytes.clone_from(seed);
                }
                mutate(&mut bytes, other, &mut dice);
            }
        }
    }
    assert!(runs > 7000, "{runs}");
}
