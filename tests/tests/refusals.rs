//! Mistakes with files, folders, options and pipes: each is refused with a code, says what and where, and leaves everything as it was.

use std::{
    ffi::OsStr,
    fs,
    net::TcpListener,
    os::unix::{ffi::OsStrExt as _, fs::PermissionsExt as _, process::CommandExt as _},
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

fn command(dir: &Path) -> Command {
    let mut command = Command::new(monitor_testkit::binary());
    command.current_dir(dir).env("NO_COLOR", "1").env_remove("COLUMNS").stdin(Stdio::null());
    command
}

fn monitor(dir: &Path, args: &[&str]) -> Output {
    command(dir).args(args).output().expect("monitor runs")
}

fn stderr(o: &Output) -> String {
    String::from_utf8_lossy(&o.stderr).into_owned()
}

/// A folder after `init` and an import of one document.
fn room() -> tempfile::TempDir {
    let room = tempfile::tempdir().expect("a folder");
    assert_eq!(monitor(room.path(), &["-q", "init", "."]).status.code(), Some(0));
    fs::write(room.path().join("in.jsonl"), "{\"number\":\"ETSI TS 104 223\",\"body\":\"ETSI\",\"title\":\"x\"}\n").expect("written");
    assert_eq!(monitor(room.path(), &["-q", "import", "in.jsonl"]).status.code(), Some(0));
    room
}

/// It is refused with this code and exit, in these words, without a panic.
fn refused(o: &Output, what: &str, code: &str, exit: i32, words: &str) {
    let said = stderr(o);
    assert!(said.contains(&format!("error[{code}]")) && said.contains(words), "{what}: wanted {code} with “{words}”: {said}");
    assert_eq!(o.status.code(), Some(exit), "{what}: {said}");
    assert!(!said.contains("panicked") && !said.contains("M999"), "{what}: {said}");
    assert!(said.contains("help: ") || said.contains("--help"), "{what}: what to do: {said}");
}

#[test]
fn what_is_typed_and_cannot_be() {
    let room = room();
    let dir = room.path();
    for (args, code, words) in [
        (&["import", "."][..], "M007", ". cannot be read"),
        (&["tag", "data"], "M007", "data cannot be read"),
        (&["identify", "templates"], "M007", "templates cannot be read"),
        (&["import", "sources.toml"], "M007", "one JSON object a line"),
        (&["trends", "--window", "0d"], "M002", "shorter than a day"),
        (&["trends", "--baseline", "9999y"], "M002", "hundred years"),
        (&["list", "--limit", "-1"], "M002", "-1"),
        (&["list", "--since", "2026-05", "--until", "2026-01"], "M002", "earlier day"),
        (&["search", "x since:2026-05 until:2026-01"], "M008", "earlier day"),
        (&["search", "x OR"], "M008", "between two words"),
        (&["search", "kind:standard"], "M005", "work-item"),
        (&["--now", "2026-11-29", "list"], "M002", "2026-11-29T06:00:00Z"),
        (&["publish", "--url", "here", "--out", "s"], "M002", "https://"),
        (&["--data", "sources.toml", "check"], "M101", "sources.toml/"),
        (&["--config", ".", "check"], "M101", "cannot be read"),
        (&["--store", "in.jsonl", "list"], "M011", "in.jsonl"),
        (&["store", "import", "in.jsonl"], "M809", "empty"),
        // what is to be written, where nothing can be
        (&["digest", "--since", "2026-01-01", "--out", "in.jsonl"], "M012", "in.jsonl"),
        (&["publish", "--out", "in.jsonl"], "M012", "in.jsonl"),
        (&["init", "in.jsonl"], "M012", "in.jsonl"),
        (&["man", "--out", "in.jsonl"], "M012", "in.jsonl"),
        (&["store", "export", "nowhere/x.jsonl"], "M012", "nowhere/x.jsonl"),
    ] {
        refused(&monitor(dir, args), &args.join(" "), code, 2, words);
    }
    assert_eq!(fs::read_to_string(dir.join("in.jsonl")).expect("it stands").lines().count(), 1, "nothing was written over it");
    assert!(String::from_utf8_lossy(&monitor(dir, &["list"]).stdout).contains("etsi/ts-104-223"));
}

#[test]
fn bytes_that_are_no_text() {
    let room = room();
    let odd = OsStr::from_bytes(b"odd\xff");
    for args in [&["list"][..], &["import"], &["search"], &["show"]] {
        let o = command(room.path()).args(args).arg(odd).output().expect("monitor runs");
        refused(&o, &args.join(" "), "M002", 2, "UTF-8");
    }
    // a path may be what it wants
    fs::create_dir(room.path().join(odd)).expect("a folder");
    let o = command(room.path())
        .args(["-q", "--store"])
        .arg(room.path().join(odd))
        .args(["import", "in.jsonl"])
        .output()
        .expect("monitor runs");
    assert_eq!(o.status.code(), Some(0), "{}", stderr(&o));
}

#[test]
fn files_that_are_none_of_ours() {
    let room = room();
    let dir = room.path();
    let sources = fs::read_to_string(dir.join("sources.toml")).expect("it was written");
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(sources.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let latin1 = [sources.as_bytes(), b"# caf\xe9\n"].concat();
    let line = sources.lines().count() + 1;
    let with = |name: &str, bytes: &[u8], code: &str, words: &str| {
        let path = dir.join(name);
        let before = fs::read(&path).expect("it was written");
        fs::write(&path, bytes).expect("written");
        let o = monitor(dir, &["check"]);
        fs::write(&path, before).expect("written");
        refused(&o, name, code, 2, words);
    };
    with("sources.toml", &utf16, "M101", "save the file as UTF-8");
    with("sources.toml", &latin1, "M101", &format!("sources.toml:{line}:6"));
    with("sources.toml", b"", "M107", "schema = 1");
    for name in ["bodies", "calendar", "editions", "views"] {
        with(&format!("data/{name}.toml"), b"", "M105", "delete it to use what is built in");
    }
    with("data/weights.toml", b"\n", "M402", "weights.toml");
    with("templates/mail.html", b" \n", "M701", "templates/mail.html");
    // what stands there and is no file is not passed over for what is built in
    fs::remove_file(dir.join("data/views.toml")).expect("it was there");
    fs::create_dir(dir.join("data/views.toml")).expect("a folder");
    refused(&monitor(dir, &["check"]), "a folder", "M101", 2, "data/views.toml");
    fs::remove_dir(dir.join("data/views.toml")).expect("it was made");
    fs::remove_file(dir.join("templates/mail.html")).expect("it was there");
    fs::create_dir(dir.join("templates/mail.html")).expect("a folder");
    refused(&monitor(dir, &["check"]), "a folder", "M101", 2, "templates/mail.html");
    fs::remove_dir(dir.join("templates/mail.html")).expect("it was made");
    // other systems' habits are none
    fs::write(dir.join("sources.toml"), format!("\u{feff}{}", sources.replace('\n', "\r\n").replace("name =", "\tname =")))
        .expect("written");
    let o = monitor(dir, &["check"]);
    assert_eq!(o.status.code(), Some(0), "{}", stderr(&o));
}

/// Somebody who is not root, to whom things may be forbidden.
const NOBODY: u32 = 65534;

#[test]
fn what_this_user_may_not() {
    let room = room();
    let dir = room.path();
    let may = |name: &str, mode: u32| fs::set_permissions(dir.join(name), fs::Permissions::from_mode(mode)).expect("it is ours");
    may("in.jsonl", 0);
    let root = fs::read(dir.join("in.jsonl")).is_ok();
    may("in.jsonl", 0o644);
    let mut program = monitor_testkit::binary();
    if root {
        // nothing is forbidden to root: the folder and the program go to somebody else
        fs::copy(&program, dir.join("program")).expect("copied");
        program = dir.join("program");
        let given = Command::new("chown").args(["-R", &NOBODY.to_string()]).arg(dir).status().expect("chown runs");
        assert!(given.success());
    }
    let run = |args: &[&str]| {
        let mut command = Command::new(&program);
        command.current_dir(dir).env("NO_COLOR", "1").stdin(Stdio::null()).args(args);
        if root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.output().expect("monitor runs")
    };
    for (name, args, code, exit) in [
        ("sources.toml", &["check"][..], "M101", 2),
        ("data/topics.toml", &["tag", "in.jsonl"], "M101", 2),
        ("sources.d", &["check"], "M204", 2),
        ("templates", &["check"], "M101", 2),
        ("data", &["check"], "M101", 2),
        ("data/store", &["list"], "M804", 1),
        ("data/store", &["import", "in.jsonl"], "M804", 1),
        ("in.jsonl", &["import", "in.jsonl"], "M007", 2),
    ] {
        may(name, 0);
        let o = run(args);
        may(name, 0o755);
        refused(&o, name, code, exit, name);
    }
    fs::create_dir(dir.join("mine")).expect("a folder");
    may("mine", 0o555);
    for args in [&["init", "mine/a"][..], &["digest", "--since", "2026-01-01", "--out", "mine/b"], &["store", "export", "mine/c"]] {
        refused(&run(args), &args.join(" "), "M012", 2, "mine/");
    }
    assert_eq!(run(&["list"]).status.code(), Some(0), "all is as it was");
}

#[test]
fn a_full_disk_behind_stdout_and_a_reader_that_went_away() {
    let room = room();
    let many: String =
        (0..3000).map(|n| format!("{{\"number\":\"ETSI TS 199 {n:03}\",\"body\":\"ETSI\",\"title\":\"Title number {n}\"}}\n")).collect();
    fs::write(room.path().join("many.jsonl"), many).expect("written");
    assert_eq!(monitor(room.path(), &["-q", "import", "many.jsonl"]).status.code(), Some(0));
    for args in [
        &["list"][..],
        &["list", "--format", "csv"],
        &["search", "title", "--format", "jsonl"],
        &["show", "ETSI TS 104 223"],
        &["doctor"],
        &["trends"],
        &["landscape", "--format", "csv"],
        &["schema", "sources"],
        &["completions", "bash"],
        &["man"],
        &["export-opml"],
        &["store", "export", "-"],
        &["store", "verify"],
        &["check", "--codes"],
        &["--help"],
        &["--version"],
    ] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
        let o = command(room.path()).args(args).stdout(full).stderr(Stdio::piped()).output().expect("monitor runs");
        refused(&o, &args.join(" "), "M805", 1, "No space left");
    }
    for args in
        [&["list", "--format", "jsonl"][..], &["search", "title", "--format", "csv"], &["man"], &["store", "export", "-"], &["--help"]]
    {
        let mut child = command(room.path()).args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("monitor runs");
        drop(child.stdout.take());
        let o = child.wait_with_output().expect("it ends");
        assert_eq!((o.status.code(), stderr(&o).contains("error")), (Some(0), false), "{args:?}: {}", stderr(&o));
    }
}

#[test]
fn where_no_host_is_reached_it_is_the_network() {
    let room = room();
    // a port on which nobody listens
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let source = format!(
        "[source.dead]\nbody = \"ETSI\"\nkind = \"feed\"\nurl = \"http://127.0.0.1:{port}/feed\"\nallow_private = true\nrate = \"100/1s\"\n"
    );
    fs::write(room.path().join("sources.d/dead.toml"), source).expect("written");
    refused(&monitor(room.path(), &["fetch", "--source", "dead"]), "fetch", "M905", 4, "could not be reached");
    refused(&monitor(room.path(), &["test", "--source", "dead"]), "test", "M905", 4, "could not be reached");
    let o = monitor(room.path(), &["--log-format", "json", "fetch", "--source", "dead", "--force"]);
    let last: Value = serde_json::from_str(stderr(&o).lines().last().unwrap_or_default()).expect("an object");
    assert_eq!((&last["code"], &last["exit"]), (&"M905".into(), &4.into()), "{last}");
}
