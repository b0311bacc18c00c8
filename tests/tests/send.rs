//! `monitor send` against a mail server that misbehaves, and killed between the steps: never lost, never twice.

use std::{
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use monitor_testkit::smtp::{Reply, Smtp, Step, usual};
use serde_json::Value;

const NOW: &str = "2026-11-02T06:00:00Z";

fn command(room: &Path, now: &str, args: &[&str]) -> Command {
    let mut c = Command::new(monitor_testkit::binary());
    c.current_dir(room).env("NO_COLOR", "1").args(["--now", now]).args(args);
    c
}

fn monitor(room: &Path, now: &str, args: &[&str]) -> Output {
    command(room, now, args).output().expect("monitor runs")
}

fn said(o: &Output) -> String {
    String::from_utf8_lossy(&o.stderr).into_owned()
}

/// A store with one document, and an edition that goes to two people and a folder.
fn room(server: &Smtp) -> tempfile::TempDir {
    room_with(&format!(
        "host = \"127.0.0.1\"\nport = {}\ntls = \"none\"\ntimeout = 2\nfrom = \"Radar <radar@sender.example>\"\n",
        server.address.port()
    ))
}

fn room_with(smtp: &str) -> tempfile::TempDir {
    let room = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(room.path().join("data")).expect("made");
    let config = format!(
        "schema = 1\n[group]\nname = \"CG\"\nsource_line = \"L\"\ntitle = \"T\"\n[smtp.relay]\n{smtp}[[edition]]\nname = \"monthly\"\nform = \"mail\"\nwindow = \"month\"\nformats = [\"md\", \"json\"]\n[[edition.channel]]\nfolder = \"monthly\"\n[[edition.channel]]\nsmtp = \"relay\"\nto = [\"anna@one.example\", \"bea@two.example\"]\nattach = [\"json\"]\n[[edition.channel]]\neml = \"outbox\"\nfrom = \"radar@sender.example\"\nto = [\"anna@one.example\"]\nattach = [\"json\"]\n"
    );
    std::fs::write(room.path().join("data/editions.toml"), config).expect("written");
    let entry = "{\"title\":\"Prompt injection against AI agents: security requirements\",\"number\":\"ETSI TS 104 223 V1.1.1 (2025-04)\",\"body\":\"ETSI\",\"url\":\"https://example.org/a\"}\n";
    std::fs::write(room.path().join("in.jsonl"), entry).expect("written");
    let imported = monitor(room.path(), "2026-10-05T06:00:00Z", &["import", "in.jsonl"]);
    assert!(imported.status.success(), "{}", said(&imported));
    room
}

fn ledger(room: &Path) -> Vec<Value> {
    let o = monitor(room, NOW, &["send", "--status", "--format", "json"]);
    assert_eq!(o.status.code(), Some(0), "{}", said(&o));
    String::from_utf8_lossy(&o.stdout).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
}

fn state(room: &Path, recipient: &str) -> String {
    let lines = ledger(room);
    let line =
        lines.iter().find(|l| l["recipient"] == recipient && l["channel"] == "smtp").unwrap_or_else(|| panic!("{recipient}: {lines:?}"));
    line["state"].as_str().expect("a word").to_owned()
}

/// How many messages for this address arrived.
fn got(server: &Smtp, address: &str) -> usize {
    server.arrived().iter().filter(|m| m.to.contains(address)).count()
}

#[test]
fn an_edition_is_made_frozen_and_sent_once_through_every_channel() {
    let server = Smtp::start(|_, step| usual(step));
    let room = room(&server);
    let dry = monitor(room.path(), NOW, &["send", "monthly", "--dry-run"]);
    let told = String::from_utf8_lossy(&dry.stdout).into_owned();
    assert_eq!((dry.status.code(), server.connections()), (Some(0), 0), "{}", said(&dry));
    assert!(told.contains("2026-10-monthly: smtp bea@two.example: would be made and sent"), "{told}");
    assert!(ledger(room.path()).is_empty(), "nothing is made by a dry run");
    let sent = monitor(room.path(), NOW, &["send", "monthly"]);
    assert_eq!(sent.status.code(), Some(0), "{}", said(&sent));
    assert!(sent.stdout.is_empty(), "talk goes to stderr");
    for _ in 0..3 {
        let again = monitor(room.path(), "2026-11-03T06:00:00Z", &["-q", "send", "monthly"]);
        assert_eq!((again.status.code(), said(&again).as_str()), (Some(0), ""), "quiet when all is well");
        assert_eq!(monitor(room.path(), "2026-11-03T06:00:00Z", &["-q", "send", "--due"]).status.code(), Some(0));
    }
    assert_eq!((got(&server, "anna@"), got(&server, "bea@"), server.arrived().len()), (1, 1, 2));
    let editions = room.path().join("data/editions");
    let eml = std::fs::read_to_string(editions.join("outbox/2026-10-monthly.anna@one.example.eml")).expect("the message as a file");
    let mailed = &server.arrived()[0].data;
    let without_id = |t: &str| {
        t.lines()
            .filter(|l| !l.starts_with("Message-ID") && !l.starts_with("From:") && !l.starts_with("List-"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert!(without_id(eml.trim_end()) == without_id(mailed.trim_end()), "file and mail say the same");
    assert!(editions.join("monthly/2026-10-monthly.md").exists());
    assert_eq!(ledger(room.path()).iter().filter(|l| l["state"] == "delivered").count(), 4);
    let dry = monitor(room.path(), NOW, &["send", "2026-10-monthly", "--dry-run"]);
    assert!(String::from_utf8_lossy(&dry.stdout).matches("would not be repeated").count() == 4, "{dry:?}");

    // What a person wants again comes again, to them alone and under the same id; a new address gets its own.
    assert_eq!(monitor(room.path(), NOW, &["send", "monthly", "--again", "Bea <BEA@two.example>"]).status.code(), Some(0));
    assert_eq!((got(&server, "anna@"), got(&server, "bea@")), (1, 2));
    assert_eq!(monitor(room.path(), NOW, &["send", "monthly", "--to", "carla@three.example"]).status.code(), Some(0));
    assert_eq!(monitor(room.path(), NOW, &["send", "monthly", "--to", "folder:elsewhere"]).status.code(), Some(0));
    assert_eq!((got(&server, "carla@"), server.arrived().len()), (1, 4));
    assert!(room.path().join("elsewhere/2026-10-monthly.md").exists());
    let typo = monitor(room.path(), NOW, &["send", "monthly", "--to", "carla"]);
    assert!(typo.status.code() == Some(2) && said(&typo).contains("anna@one.example"), "{}", said(&typo));
    assert!(monitor(room.path(), NOW, &["store", "verify"]).status.success());
}

#[test]
fn a_refused_recipient_is_told_with_exit_6_and_the_others_have_theirs() {
    let times = AtomicUsize::new(0);
    let server = Smtp::start(move |_, step| match step {
        Step::Rcpt(l) if l.contains("bea@") && times.fetch_add(1, Ordering::SeqCst) == 0 => Reply::Say("552 5.2.2 mailbox full\r\n".into()),
        _ => usual(step),
    });
    let room = room(&server);
    let first = monitor(room.path(), NOW, &["send", "monthly"]);
    assert_eq!(first.status.code(), Some(6), "{}", said(&first));
    assert!(said(&first).contains("bea@two.example: refused") && said(&first).contains("mailbox full"), "{}", said(&first));
    assert_eq!((got(&server, "anna@"), state(room.path(), "bea@two.example").as_str()), (1, "refused"));
    // A timer leaves it to a person, and says so each time.
    let timer = monitor(room.path(), "2026-11-09T06:00:00Z", &["-q", "send", "--due"]);
    assert!(timer.status.code() == Some(6) && said(&timer).contains("--again bea@two.example"), "{}", said(&timer));
    assert_eq!(got(&server, "bea@"), 0);
    let again = monitor(room.path(), NOW, &["send", "--again", "bea@two.example"]);
    assert_eq!(again.status.code(), Some(0), "{}", said(&again));
    assert_eq!((got(&server, "anna@"), got(&server, "bea@")), (1, 1));
    assert_eq!(monitor(room.path(), NOW, &["send", "--again", "bea@two.example"]).status.code(), Some(2), "nothing is open any more");
}

#[test]
fn a_greylisting_server_is_asked_again_by_a_later_timer_and_not_before() {
    let times = AtomicUsize::new(0);
    let server = Smtp::start(move |_, step| match step {
        Step::Rcpt(_) if times.fetch_add(1, Ordering::SeqCst) < 2 => Reply::Say("451 4.7.1 greylisted\r\n".into()),
        _ => usual(step),
    });
    let room = room(&server);
    assert_eq!(monitor(room.path(), NOW, &["send", "monthly"]).status.code(), Some(6));
    let asked = server.connections();
    let early = monitor(room.path(), "2026-11-02T06:05:00Z", &["-q", "send", "--due"]);
    assert_eq!((early.status.code(), said(&early).as_str()), (Some(6), ""), "waiting is no news");
    assert_eq!(server.connections(), asked);
    let late = monitor(room.path(), "2026-11-02T06:20:00Z", &["send", "--due"]);
    assert_eq!(late.status.code(), Some(0), "{}", said(&late));
    assert_eq!((got(&server, "anna@"), got(&server, "bea@")), (1, 1));
}

#[test]
fn a_message_whose_fate_is_unknown_is_held_until_a_person_speaks() {
    let times = AtomicUsize::new(0);
    let server = Smtp::start(move |_, step| match step {
        Step::End if times.fetch_add(1, Ordering::SeqCst) == 0 => Reply::Keep(Box::new(Reply::Close)),
        _ => usual(step),
    });
    let room = room(&server);
    let first = monitor(room.path(), NOW, &["send", "monthly"]);
    assert_eq!(first.status.code(), Some(6));
    assert!(said(&first).contains("may have arrived") && said(&first).contains("--confirm anna@one.example"), "{}", said(&first));
    for args in [&["send", "monthly"][..], &["send", "--due"], &["send", "2026-10-monthly"]] {
        assert_eq!(monitor(room.path(), "2026-11-20T06:00:00Z", args).status.code(), Some(6));
    }
    assert_eq!((got(&server, "anna@"), got(&server, "bea@")), (1, 1), "it had arrived and did not come twice");
    assert_eq!(monitor(room.path(), NOW, &["send", "--confirm", "anna@one.example"]).status.code(), Some(0));
    assert_eq!(monitor(room.path(), NOW, &["send", "monthly"]).status.code(), Some(0));
    assert_eq!(got(&server, "anna@"), 1);
}

/// Starts `send`, waits until the server sees `step` for the n-th time, and kills the process there.
fn kill_at(room: &Path, server: &Smtp, step: &str) {
    let mut child: Child =
        command(room, NOW, &["send", "monthly"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("monitor runs");
    assert!(server.wait_for(step, 1), "{step} is reached");
    child.kill().expect("killed");
    child.wait().expect("it ends");
}

#[test]
fn killed_before_the_message_it_is_sent_by_the_next_run_and_killed_after_it_is_held() {
    // The step at which the server falls silent, whether the message has then left, and whether the server kept it.
    for (step, left, kept) in [
        ("connect", false, false),
        ("EHLO", false, false),
        ("MAIL", false, false),
        ("RCPT", false, false),
        ("end", true, false),
        ("end", true, true),
    ] {
        let times = AtomicUsize::new(0);
        let server = Smtp::start(move |_, s| {
            let here = match s {
                Step::Connect => step == "connect",
                Step::Hello(_) => step == "EHLO",
                Step::Mail(_) => step == "MAIL",
                Step::Rcpt(_) => step == "RCPT",
                Step::End => step == "end",
                _ => false,
            };
            match here && times.fetch_add(1, Ordering::SeqCst) == 0 {
                true if kept => Reply::Keep(Box::new(Reply::Hang)),
                true => Reply::Hang,
                false => usual(s),
            }
        });
        let room = room(&server);
        kill_at(room.path(), &server, step);
        let next = monitor(room.path(), NOW, &["-q", "send", "--due"]);
        assert_eq!(next.status.code(), Some(if left { 6 } else { 0 }), "{step}: {}", said(&next));
        assert_eq!(got(&server, "anna@"), usize::from(kept || !left), "{step} {kept}: never twice, and lost only where a person is told");
        assert_eq!(got(&server, "bea@"), 1, "{step}: what was not begun is not lost");
        assert_eq!(state(room.path(), "anna@one.example"), if left { "uncertain" } else { "delivered" }, "{step}");
        assert!(monitor(room.path(), NOW, &["store", "verify"]).status.success(), "{step}");
        assert_eq!(monitor(room.path(), NOW, &["-q", "send", "--due"]).status.code(), Some(if left { 6 } else { 0 }));
        assert_eq!(got(&server, "anna@") + got(&server, "bea@"), server.arrived().len());
        assert!(server.arrived().len() <= 2, "{step}");
    }
}

#[test]
fn two_at_once_are_one() {
    let server = Smtp::start(|_, step| usual(step));
    let room = room(&server);
    let many: Vec<Child> = (0..4)
        .map(|_| command(room.path(), NOW, &["send", "monthly"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("monitor runs"))
        .collect();
    for child in many {
        let code = child.wait_with_output().expect("it ends").status.code();
        assert!(matches!(code, Some(0 | 7)), "done, or told who holds the lock: {code:?}");
    }
    assert_eq!(monitor(room.path(), NOW, &["send", "monthly"]).status.code(), Some(0));
    assert_eq!((got(&server, "anna@"), got(&server, "bea@")), (1, 1));
}

#[test]
fn a_password_comes_from_the_environment_or_a_file_and_is_printed_nowhere() {
    let server = Smtp::start(|_, step| match step {
        Step::Hello(_) => Reply::Say("250-stub\r\n250 AUTH PLAIN\r\n".into()),
        Step::Auth(_) => Reply::Say("235 ok\r\n".into()),
        _ => usual(step),
    });
    let head =
        format!("host = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nfrom = \"r@sender.example\"\nuser = \"radar\"\n", server.address.port());
    let room = room_with(&format!("{head}password_env = \"RADAR_PASSWORD\"\n"));
    let missing = monitor(room.path(), NOW, &["send", "monthly"]);
    assert_eq!(missing.status.code(), Some(6), "{}", said(&missing));
    assert!(said(&missing).contains("RADAR_PASSWORD") && server.connections() == 0, "{}", said(&missing));
    let sent = command(room.path(), NOW, &["-vv", "send", "monthly"]).env("RADAR_PASSWORD", "s3cret").output().expect("monitor runs");
    assert_eq!(sent.status.code(), Some(0), "{}", said(&sent));
    assert!(!said(&sent).contains("s3cret") && !format!("{:?}", ledger(room.path())).contains("s3cret"));
    assert!(server.lines().iter().any(|l| l.starts_with("AUTH PLAIN")));

    let room = room_with(&format!("{head}password_file = \"secret\"\n"));
    std::fs::write(room.path().join("secret"), "s3cret\n").expect("written");
    assert_eq!(monitor(room.path(), NOW, &["send", "monthly"]).status.code(), Some(0));

    let config = room.path().join("data/editions.toml");
    let text = std::fs::read_to_string(&config).expect("there").replace("password_file = \"secret\"", "password = \"hunter2\"");
    std::fs::write(&config, text).expect("written");
    for args in [&["check"][..], &["send", "monthly"]] {
        let o = monitor(room.path(), NOW, args);
        assert_eq!(o.status.code(), Some(2));
        assert!(said(&o).contains("password_env") && !said(&o).contains("hunter2"), "{}", said(&o));
    }
}
