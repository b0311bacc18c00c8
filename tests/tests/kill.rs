//! Runs of `fetch` and `import` that are killed, at moments that look like chance and are always the same, and at named points
//! of a commit: what was acknowledged is there, whole and once; run to its end, the store says what an uninterrupted run says.
//!
//! `MONITOR_KILLS=200 cargo test -p monitor-tests --test kill` (`just kill`) kills more often than the 25 times of the suite.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use monitor_testkit::demo::snapshots;
use serde_json::{Value, json};

/// In how many stores the kills happen: each store is killed again and again before it is run to its end.
const STORES: usize = 5;

/// A run that can be started again until it is through.
struct Run {
    args: Vec<String>,
    room: PathBuf,
}

impl Run {
    fn command(&self, store: &str) -> Command {
        let mut c = Command::new(monitor_testkit::binary());
        c.current_dir(&self.room).args(["-q", "--store", store]).args(&self.args).stdout(Stdio::null()).stderr(Stdio::piped());
        c
    }

    fn to_its_end(&self, store: &str) {
        let out = self.command(store).output().expect("monitor runs");
        // 3: one source of the second snapshot is broken on purpose
        assert!(matches!(out.status.code(), Some(0 | 3)), "{store}: {}", String::from_utf8_lossy(&out.stderr));
    }
}

/// How a run is killed.
#[derive(Clone, Copy, Debug)]
enum Kill {
    /// Between two steps of the commit of so many batches from now.
    At(&'static str, u64),
    /// When the journal has grown by so many thousandths of what the whole run writes.
    Grown(u64),
}

fn ask(room: &Path, store: &str, args: &[&str]) -> Vec<u8> {
    let out = Command::new(monitor_testkit::binary()).current_dir(room).args(["--store", store]).args(args).output().expect("monitor runs");
    assert!(out.status.success(), "{store} {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

fn lines(room: &Path, store: &str, what: &str) -> Vec<Value> {
    let text = ask(room, store, &[what, "--format", "jsonl"]);
    String::from_utf8_lossy(&text).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
}

/// What `head.json` witnesses: the last batch that was acknowledged, and how many documents and events there were.
fn acknowledged(store: &Path) -> (u64, u64, u64) {
    let Ok(text) = std::fs::read_to_string(store.join("head.json")) else { return (0, 0, 0) };
    let head: Value = serde_json::from_str(&text).expect("a whole head.json at any moment");
    let number = |name: &str| head[name].as_u64().expect("a number");
    (number("batch"), number("documents"), number("events"))
}

/// The commit lines in the journal, torn ones left out.
fn committed(store: &Path) -> u64 {
    let mut n = 0;
    for file in std::fs::read_dir(store.join("journal")).into_iter().flatten().flatten() {
        let text = std::fs::read(file.path()).unwrap_or_default();
        n += text.split_inclusive(|b| *b == b'\n').filter(|l| l.starts_with(b"{\"commit\":") && l.ends_with(b"\n")).count() as u64;
    }
    n
}

fn journal_bytes(store: &Path) -> u64 {
    let Ok(dir) = std::fs::read_dir(store.join("journal")) else { return 0 };
    dir.filter_map(|e| e.ok()?.metadata().ok()).map(|m| m.len()).sum()
}

/// Starts the run, lets it come to the moment, kills it. Returns whether it was still running.
fn kill(run: &Run, store: &str, how: Kill, whole: u64) -> bool {
    let path = run.room.join(store);
    let (before, _, _) = acknowledged(&path);
    let mut command = run.command(store);
    if let Kill::At(point, batches) = how {
        command.env("MONITOR_STOP_AT", format!("{point}:{}", before + batches));
    }
    let mut child = command.spawn().expect("monitor runs");
    let running = match how {
        Kill::At(..) => {
            let said = BufReader::new(child.stderr.take().expect("its messages")).lines().map_while(Result::ok);
            said.into_iter().any(|l| l.starts_with("stopped at "))
        }
        Kill::Grown(thousandths) => {
            let until = journal_bytes(&path).max(1) + whole * thousandths / 1000;
            wait(&mut child, || acknowledged(&path).0 > before.max(1) && journal_bytes(&path) >= until)
        }
    };
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    running
}

/// Waits for something that the run does; false when it ended before.
fn wait(child: &mut Child, done: impl Fn() -> bool) -> bool {
    while !done() {
        if child.try_wait().expect("a state").is_some() {
            return false;
        }
        std::thread::yield_now();
    }
    true
}

/// What must hold after any kill. Opening takes in what is in the journal and not yet in the index.
fn nothing_is_lost(run: &Run, store: &str, how: Kill) {
    let path = run.room.join(store);
    let (batch, documents, events) = acknowledged(&path);
    let in_journal = committed(&path);
    assert!(in_journal >= batch, "{store} {how:?}: batch {batch} was acknowledged, the journal has {in_journal}");
    if let Kill::At("journal", _) = how {
        assert_eq!(in_journal, batch + 1, "{store}: killed between journal and index");
    }
    let verify: Value = serde_json::from_slice(&ask(&run.room, store, &["store", "verify", "--format", "json"])).expect("JSON");
    assert_eq!(verify["ok"], true, "{store} {how:?}: {verify}");
    assert!(verify["documents"].as_u64() >= Some(documents) && verify["events"].as_u64() >= Some(events), "{store} {how:?}: {verify}");
    assert_eq!(acknowledged(&path).0, in_journal, "{store} {how:?}: whole batches of the journal are taken in, each once");
    let keys: Vec<Value> = lines(&run.room, store, "list").iter().map(|d| d["document"].clone()).collect();
    assert!(keys.windows(2).all(|w| w[0].as_str() < w[1].as_str()), "{store} {how:?}: a document is there twice");
    assert_eq!(Some(keys.len() as u64), verify["documents"].as_u64());
}

fn kills() -> usize {
    std::env::var("MONITOR_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(25)
}

/// A number that looks like chance and is always the same.
fn chance(n: u64) -> u64 {
    let mut x = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Kills the run `times` times over a few stores, runs each to its end, compares with a run that nobody killed.
fn killed_and_resumed(run: &Run, times: usize, seed: u64) {
    run.to_its_end("whole");
    let want = (lines(&run.room, "whole", "list"), lines(&run.room, "whole", "events"));
    let whole = journal_bytes(&run.room.join("whole"));
    assert!(want.0.len() > 100 && want.1.len() >= want.0.len(), "{} documents, {} events", want.0.len(), want.1.len());
    let (mut killed, mut between) = (0, 0);
    let mut n = 0;
    while killed < times {
        let store = format!("killed-{}", n / STORES as u64);
        let x = chance(seed + n);
        let how = match n % 5 {
            0 | 2 => Kill::At("journal", 1 + x % 4),
            3 if x.is_multiple_of(2) => Kill::At("index", 1 + x % 3),
            3 => Kill::At("begin", 2 + x % 3),
            _ => Kill::Grown(x % 150),
        };
        if kill(run, &store, how, whole) {
            killed += 1;
            between += usize::from(matches!(how, Kill::At("journal", _)));
        }
        nothing_is_lost(run, &store, how);
        n += 1;
        if n.is_multiple_of(STORES as u64) || killed == times {
            run.to_its_end(&store);
            let have = (lines(&run.room, &store, "list"), lines(&run.room, &store, "events"));
            assert!(have.0 == want.0, "{store}: other documents, first {:?}", have.0.iter().zip(&want.0).find(|(a, b)| a != b));
            assert!(have.1 == want.1, "{store}: other events, first {:?}", have.1.iter().zip(&want.1).find(|(a, b)| a != b));
            assert_eq!(have.1.len(), want.1.len());
        }
        assert!(n < times as u64 * 3, "most runs end before they are killed");
    }
    assert!(between * 5 >= times, "{between} of {times} between journal and index");
}

#[test]
fn a_fetch_that_is_killed_loses_nothing_and_stores_nothing_twice() {
    let room = tempfile::tempdir().expect("a folder");
    let (now, archive) = snapshots().expect("manifests").swap_remove(0);
    let args = ["--now", &now, "fetch", "--replay", &archive.display().to_string()].map(str::to_owned).to_vec();
    killed_and_resumed(&Run { args, room: room.path().to_owned() }, kills() / 2, 1);
}

#[test]
fn an_import_that_is_killed_loses_nothing_and_stores_nothing_twice() {
    let room = tempfile::tempdir().expect("a folder");
    // Many sources make many batches; every seventh row is a later version of a document that another source shows.
    let mut text = String::new();
    for n in 0..900 {
        let (source, number) = (n % 30, if n % 7 == 6 { n - 1 } else { n });
        let row = json!({
            "source": format!("source-{source:02}"), "body": "ETSI", "kind": "document",
            "number": format!("ETSI TS 104 {number:03} V1.{}.1 (2026-0{})", n % 7, 1 + n % 7),
            "title": format!("Securing artificial intelligence, subject {number}"),
            "url": format!("https://example.org/{source}/{n}"), "published": format!("2026-0{}", 1 + n % 7),
        });
        text += &format!("{row}\n");
    }
    std::fs::write(room.path().join("rows.jsonl"), text).expect("written");
    let args = ["--now", "2026-08-02T06:00:00Z", "import", "rows.jsonl"].map(str::to_owned).to_vec();
    killed_and_resumed(&Run { args, room: room.path().to_owned() }, kills() - kills() / 2, 2);
}

/// The second half of an import that was killed is as old as the first: it must not come out as news.
#[test]
fn what_a_killed_import_left_out_is_backfill_as_well() {
    let room = tempfile::tempdir().expect("a folder");
    let rows = |from: usize, to: usize| -> String {
        (from..to)
            .map(|n| json!({"source": "old", "number": format!("RFC {}", 1000 + n), "title": format!("Title {n}")}).to_string() + "\n")
            .collect()
    };
    std::fs::write(room.path().join("rows.jsonl"), rows(0, 5200)).expect("written");
    let run = |now: &str| Run { args: ["--now", now, "import", "rows.jsonl"].map(str::to_owned).to_vec(), room: room.path().to_owned() };
    assert!(kill(&run("2026-08-02T06:00:00Z"), "s", Kill::At("begin", 2), 0), "between the first 5,000 rows and the rest");
    assert_eq!(acknowledged(&room.path().join("s")).1, 5000);
    run("2026-09-02T06:00:00Z").to_its_end("s");
    let journal: String = std::fs::read_dir(room.path().join("s/journal"))
        .expect("a journal")
        .flatten()
        .map(|f| std::fs::read_to_string(f.path()).expect("text"))
        .collect();
    let events = journal.matches("\"kind\":\"added\"").count();
    assert_eq!((events, journal.matches("\"backfill\":true").count()), (5200, 5200));
}
