//! Every `monitor` command of README, `docs/` and the examples of `--help` is run, under replay: none of them may rot.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use monitor_testkit::demo::snapshots;

/// Commands that end with another code than 0 or 3 (one source of the second snapshot is broken on purpose) when all is as it should be.
///
/// A delivery whose fate is unknown cannot be made here, so `--confirm` finds none.
const ENDS: [(&str, i32); 3] = [("doctor --strict", 5), ("fetch --strict", 5), ("send --confirm", 2)];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project").to_owned()
}

/// A folder as a user has it after `init radar` in a clone and some fetches, with a `monitor` that answers every request from the demo's
/// archives.
struct Room {
    dir: tempfile::TempDir,
}

impl Room {
    fn new() -> Room {
        let room = Room { dir: tempfile::tempdir().expect("a folder") };
        let archives: Vec<PathBuf> = snapshots().expect("the demo").into_iter().map(|(_, path)| path).collect();
        let replay: String = archives.iter().map(|a| format!(" --replay '{}'", a.display())).collect();
        let real = monitor_testkit::binary();
        let real = real.display();
        fs::create_dir_all(room.path("bin")).expect("a folder");
        fs::create_dir_all(room.path("../data/demo")).expect("a folder");
        for archive in &archives {
            fs::copy(archive, room.path("../data/demo").join(archive.file_name().expect("a name"))).expect("copied");
        }
        // what asks the network is answered from the archives; the time is that of the second snapshot
        room.program(
            "monitor",
            &format!(
                "n=$#; while [ \"$n\" -gt 0 ]; do a=$1; shift; n=$((n-1)); if [ \"$a\" = --record ]; then shift; n=$((n-1)); else set -- \"$@\" \"$a\"; fi; done\n\
                 case \" $* \" in\n*\" --help \"*|*\" --replay \"*|*\" --fixtures \"*|*\" --due \"*) exec '{real}' \"$@\";;\n\
                 *\" fetch \"*|*\" run \"*|*\" probe \"*|*\" test \"*) exec '{real}' --now 2026-04-20T06:00:00Z \"$@\"{replay};;\n\
                 *) exec '{real}' --now 2026-04-20T06:00:00Z \"$@\";;\nesac\n"
            ),
        );
        room.program("xdg-open", "exit 0\n");
        room.program("jq", "exec cat\n");
        room.shell("monitor init . >/dev/null 2>&1");
        fs::create_dir_all(room.path("tests/fixtures")).expect("a folder");
        for fixture in fs::read_dir(root().join("tests/fixtures")).expect("fixtures").filter_map(Result::ok) {
            fs::copy(fixture.path(), room.path("tests/fixtures").join(fixture.file_name())).expect("copied");
        }
        // somebody to whom the monthly digest is mailed
        let editions = fs::read_to_string(room.path("data/editions.toml")).expect("it was written");
        let to = "[[edition.channel]]\neml = \"outbox\"\nto = [\"delegate@example.org\"]\nfrom = \"radar@example.org\"\n";
        room.write("data/editions.toml", &editions.replacen("[[edition.channel]]", &format!("{to}\n[[edition.channel]]"), 1));
        for (day, archive) in ["2026-03-02", "2026-04-20"].iter().zip(&archives) {
            room.shell(&format!("monitor --now {day}T06:00:00Z -q fetch --replay '{}' 2>/dev/null; true", archive.display()));
        }
        fs::copy(&archives[1], room.path("today.warc.gz")).expect("copied");
        room.write("entries.jsonl", "{\"key\":\"a\",\"title\":\"Prompt injection in AI agents\",\"url\":\"https://example.org/a\"}\n");
        room.write(
            "labels.jsonl",
            "{\"key\":\"a\",\"relevance\":\"relevant\",\"axes\":[\"securing-ai\"],\"topics\":[\"prompt-injection\"]}\n",
        );
        room.write(
            "feeds.opml",
            "<opml version=\"2.0\"><body><outline text=\"Blog\" type=\"rss\" xmlUrl=\"https://example.org/feed\"/></body></opml>\n",
        );
        room
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join("radar").join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("written");
    }

    fn program(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.path("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}")).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it may be run");
    }

    /// Exit code and all that was printed.
    fn shell(&self, line: &str) -> (Option<i32>, String) {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap_or_default());
        let out = Command::new("sh").current_dir(self.path(".")).env("PATH", path).args(["-c", line]).output().expect("a shell");
        (out.status.code(), format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr)))
    }
}

/// The commands of a page: lines of its code blocks in which `monitor` stands as a word where a command begins.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if inside {
            found.extend(command(line));
        }
    }
    found
}

/// The command of a line: without what stands before it in a crontab, without a remark.
fn command(line: &str) -> Option<String> {
    let line = line.trim().trim_start_matches("$ ");
    let line = line.split("  #").next().unwrap_or(line).trim_end();
    if line.starts_with('#') {
        return None;
    }
    let at = if line.starts_with("monitor ") || line.starts_with("echo ") { 0 } else { line.find("&& monitor ").map(|a| a + 3)? };
    Some(line[at..].to_owned()).filter(|c| c.contains("monitor "))
}

/// The commands in the examples of `--help`, of the program itself and of each of its commands.
fn examples(room: &Room) -> Vec<String> {
    let help = |command: &str| room.shell(&format!("COLUMNS=400 monitor {command} --help")).1;
    let top = help("");
    let names = top.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.is_empty());
    let names: Vec<&str> = names.filter_map(|l| l.strip_prefix("  ")?.split_whitespace().next()).filter(|n| *n != "help").collect();
    assert!(names.len() > 30, "{names:?}");
    let pages = std::iter::once(top.clone()).chain(names.iter().map(|n| help(n)));
    let lines: Vec<String> = pages.flat_map(|p| p.lines().filter(|l| l.starts_with("  ")).map(str::to_owned).collect::<Vec<_>>()).collect();
    // the remark behind a command of the first page stands some spaces apart
    lines.iter().filter_map(|l| command(l.trim().split("   ").next()?)).filter(|c| !c.contains("COMMAND")).collect()
}

fn all_run(room: &Room, what: &str, commands: Vec<String>) {
    let mut failed = Vec::new();
    let mut done = BTreeSet::new();
    for command in commands {
        if !done.insert(command.clone()) {
            continue;
        }
        let want = ENDS.iter().find(|(part, _)| command.contains(part)).map(|(_, code)| *code);
        if command.starts_with("monitor init ") {
            let _ = fs::remove_dir_all(room.path("radar"));
        }
        let (code, said) = room.shell(&command);
        let well = matches!(code, Some(0 | 3)) || (code.is_some() && code == want);
        if !well {
            failed.push(format!("{command}\n    ended with {code:?}: {}", said.chars().take(600).collect::<String>()));
        }
    }
    assert!(!done.is_empty(), "{what}: no command was found");
    assert!(failed.is_empty(), "{what}: {} of {} commands do not do what the page says:\n{}", failed.len(), done.len(), failed.join("\n"));
}

#[test]
fn the_readme() {
    let text = fs::read_to_string(root().join("README.md")).expect("it is there");
    // its table of questions has one command in each row
    let table: Vec<String> =
        text.lines().filter(|l| l.starts_with("| ")).flat_map(|l| l.split('`').skip(1).step_by(2)).filter_map(command).collect();
    all_run(&Room::new(), "README.md", commands(&text).into_iter().chain(table).collect());
}

#[test]
fn the_pages_of_docs() {
    let room = Room::new();
    let mut pages: Vec<PathBuf> = fs::read_dir(root().join("docs")).expect("docs").filter_map(|e| Some(e.ok()?.path())).collect();
    pages.sort();
    let mut found = 0;
    for page in pages.iter().filter(|p| p.extension().is_some_and(|e| e == "md")) {
        let list = commands(&fs::read_to_string(page).expect("it is there"));
        found += list.len();
        if !list.is_empty() {
            all_run(&room, &page.display().to_string(), list);
        }
    }
    assert!(found > 40, "{found}");
}

#[test]
fn the_examples_of_help() {
    let room = Room::new();
    let list = examples(&room);
    assert!(list.len() > 45, "{}: {list:#?}", list.len());
    all_run(&room, "--help", list);
}

#[test]
fn links_between_pages_lead_somewhere() {
    let root = root();
    let mut pages: Vec<PathBuf> = fs::read_dir(root.join("docs")).expect("docs").filter_map(|e| Some(e.ok()?.path())).collect();
    pages.extend(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|n| root.join(n)));
    for page in pages.iter().filter(|p| p.extension().is_some_and(|e| e == "md")) {
        let text = fs::read_to_string(page).expect("it is there");
        for target in text.split("](").skip(1).filter_map(|t| t.split(')').next()) {
            let target = target.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            assert!(page.parent().expect("a folder").join(target).exists(), "{}: {target} is not there", page.display());
        }
    }
}
