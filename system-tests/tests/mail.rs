//! Mail over a real server: Postfix on loopback, over STARTTLS with a certificate of its own, into Maildirs.
//! It runs beside whatever the machine has: configuration, queue and mailboxes lie in a folder of the test. As root, without systemd.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use serde_json::Value;

/// The server; it ends with the value.
struct Server {
    child: Child,
    log: Receiver<String>,
    port: u16,
    plain: u16,
    conf: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = postfix(&self.conf).arg("abort").output();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("loopback has a free port").port()
}

fn postfix(conf: &Path) -> Command {
    let mut c = Command::new("postfix");
    c.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").arg("-c").arg(conf);
    c
}

/// A certificate for localhost that only those trust who are told to.
fn certificate(room: &Path) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(room.join("key.pem"))
        .arg("-out")
        .arg(room.join("cert.pem"))
        .output()
        .expect("openssl is installed: .ci/run does it");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

impl Server {
    fn start(room: &Path) -> Server {
        certificate(room);
        let conf = room.join("conf");
        for dir in ["conf", "queue", "state", "mail"] {
            fs::create_dir(room.join(dir)).expect("made");
        }
        // The server gives up root for these two.
        let owner = |user: &str, path: &str| Command::new("chown").arg(user).arg(room.join(path)).status().is_ok_and(|s| s.success());
        assert!(owner("postfix", "state") && owner("mail", "mail"), "this test runs as root, on a machine that has Postfix");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(room, fs::Permissions::from_mode(0o755)).expect("set");
        }
        let id = |kind: &str| {
            String::from_utf8_lossy(&Command::new("id").args([kind, "mail"]).output().expect("id runs").stdout).trim().to_owned()
        };
        let (port, plain) = (free_port(), free_port());
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {0}/queue\ndata_directory = {0}/state\nmaillog_file = /dev/stdout\ninet_interfaces = 127.0.0.1\n\
             inet_protocols = ipv4\nmyhostname = localhost\nmydestination =\nmynetworks =\nalias_maps =\nlocal_recipient_maps =\n\
             virtual_mailbox_domains = radar.test\nvirtual_mailbox_base = {0}/mail\nvirtual_minimum_uid = 1\n\
             virtual_mailbox_maps = inline:{{ anna@radar.test=anna/, bjoern@radar.test=bjoern/, carla@radar.test=carla/ }}\n\
             virtual_uid_maps = static:{1}\nvirtual_gid_maps = static:{2}\nsmtpd_relay_restrictions = reject_unauth_destination\n\
             smtpd_tls_cert_file = {0}/cert.pem\nsmtpd_tls_key_file = {0}/key.pem\n",
            room.display(),
            id("-u"),
            id("-g")
        );
        fs::write(conf.join("main.cf"), main).expect("written");
        let mut master = format!("{port} inet n - n - - smtpd\n  -o smtpd_tls_security_level=encrypt\n{plain} inet n - n - - smtpd\n");
        for (name, kind, private, wakeup, max, program) in [
            ("cleanup", "unix", "n", "-", "0", "cleanup"),
            ("qmgr", "unix", "n", "300", "1", "qmgr"),
            ("rewrite", "unix", "-", "-", "-", "trivial-rewrite"),
            ("bounce", "unix", "-", "-", "0", "bounce"),
            ("defer", "unix", "-", "-", "0", "bounce"),
            ("trace", "unix", "-", "-", "0", "bounce"),
            ("verify", "unix", "-", "-", "1", "verify"),
            ("proxymap", "unix", "-", "-", "-", "proxymap"),
            ("tlsmgr", "unix", "-", "1000?", "1", "tlsmgr"),
            ("error", "unix", "-", "-", "-", "error"),
            ("retry", "unix", "-", "-", "-", "error"),
            ("virtual", "unix", "-", "-", "-", "virtual"),
            ("anvil", "unix", "-", "-", "1", "anvil"),
            ("scache", "unix", "-", "-", "1", "scache"),
            ("postlog", "unix-dgram", "n", "-", "1", "postlogd"),
        ] {
            // The delivery into mailboxes begins as root, to become their owner.
            let unprivileged = if name == "virtual" { "n" } else { "-" };
            master.push_str(&format!("{name} {kind} {private} {unprivileged} n {wakeup} {max} {program}\n"));
        }
        fs::write(conf.join("master.cf"), master).expect("written");
        let mut child = postfix(&conf)
            .arg("start-fg")
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("postfix is installed: .ci/run does it");
        let (tell, log) = channel();
        let out = child.stdout.take().expect("a pipe");
        std::thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).all(|l| tell.send(l).is_ok()));
        let mut server = Server { child, log, port, plain, conf };
        loop {
            let line = server
                .log
                .recv_timeout(Duration::from_secs(60))
                .unwrap_or_else(|e| panic!("postfix does not start ({e}): {:?}", server.child.try_wait()));
            if line.contains("daemon started") {
                return server;
            }
        }
    }

    /// Waits until so many messages lie in mailboxes.
    fn delivered(&self, n: usize) {
        let mut seen = 0;
        while seen < n {
            let line = self.log.recv_timeout(Duration::from_secs(60)).expect("the server delivers within a minute");
            seen += usize::from(line.contains("status=sent"));
        }
    }
}

fn monitor(room: &Path, args: &[&str]) -> Output {
    monitor_at("2026-11-02T06:00:00Z", room, args)
}

fn monitor_at(now: &str, room: &Path, args: &[&str]) -> Output {
    Command::new(monitor_testkit::binary())
        .current_dir(room)
        .env("NO_COLOR", "1")
        .args(["--now", now])
        .args(args)
        .output()
        .expect("monitor runs")
}

fn messages(room: &Path, user: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(room.join("mail").join(user).join("new")).into_iter().flatten().map(|e| e.expect("an entry").path()).collect();
    found.sort();
    found
}

/// The message as another implementation of MIME reads it.
fn parsed(message: &Path) -> Value {
    let program = "import email, email.policy, hashlib, json, sys\n\
                   m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)\n\
                   parts = [{'type': p.get_content_type(), 'name': p.get_filename(), 'defects': [str(d) for d in p.defects],\n\
                     'sha': hashlib.sha256(p.get_payload(decode=True) or b'').hexdigest(),\n\
                     'text': p.get_content() if p.get_content_maintype() == 'text' else None} for p in m.walk() if not p.is_multipart()]\n\
                   kinds = [p.get_content_type() for p in m.walk()]\n\
                   print(json.dumps({'subject': m['subject'], 'to': m['to'], 'from': m['from'], 'id': m['message-id'], 'date': m['date'],\n\
                     'unsubscribe': m['list-unsubscribe'], 'kinds': kinds, 'parts': parts, 'defects': [str(d) for d in m.defects]}))\n";
    let out = Command::new("python3").args(["-c", program]).arg(message).output().expect("python3 is installed: .ci/run does it");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).expect("JSON")
}

fn sha256(path: &Path) -> String {
    let out = Command::new("sha256sum").arg(path).output().expect("sha256sum runs");
    String::from_utf8_lossy(&out.stdout).split(' ').next().unwrap_or_default().to_owned()
}

#[test]
fn a_real_server_gets_each_message_once_over_tls_and_whole() {
    let room = tempfile::tempdir().expect("a folder");
    let server = Server::start(room.path());
    let config = format!(
        "schema = 1\n[group]\nname = \"CG\"\nsource_line = \"L\"\ntitle = \"KI-Sicherheit – Übersicht\"\n\
         [smtp.real]\nhost = \"localhost\"\nport = {}\ntls = \"starttls\"\nca_file = \"cert.pem\"\nfrom = \"Radar für alle <radar@radar.test>\"\ntimeout = 20\n\
         [smtp.plain]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nfrom = \"radar@radar.test\"\n\
         [[edition]]\nname = \"monthly\"\nform = \"mail\"\nwindow = \"month\"\nformats = [\"json\", \"html\", \"txt\"]\n\
         [[edition.channel]]\nfolder = \"monthly\"\n\
         [[edition.channel]]\nsmtp = \"real\"\nto = [\"anna@radar.test\", \"Björn <bjoern@radar.test>\", \"nobody@elsewhere.test\"]\nattach = [\"json\"]\n\
         [[edition]]\nname = \"other\"\nform = \"mail\"\nwindow = \"month\"\nformats = [\"txt\"]\n\
         [[edition.channel]]\nsmtp = \"plain\"\nto = [\"carla@radar.test\"]\n",
        server.port, server.plain
    );
    fs::create_dir(room.path().join("data")).expect("made");
    fs::write(room.path().join("data/editions.toml"), config).expect("written");
    let entries = "{\"title\":\"Prompt injection against AI agents: security requirements – Anforderungen für „Agenten“\",\"number\":\"ETSI TS 104 223 V1.1.1 (2025-04)\",\"body\":\"ETSI\",\"url\":\"https://example.org/a\",\"published\":\"2026-10\"}\n";
    fs::write(room.path().join("in.jsonl"), entries).expect("written");
    let imported = monitor_at("2026-10-05T06:00:00Z", room.path(), &["import", "in.jsonl"]);
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));

    let first = monitor(room.path(), &["send", "monthly"]);
    let said = String::from_utf8_lossy(&first.stderr).into_owned();
    assert_eq!(first.status.code(), Some(6), "one recipient is refused: {said}");
    assert!(said.contains("nobody@elsewhere.test: refused") && said.contains("554"), "{said}");
    for _ in 0..2 {
        assert_eq!(monitor(room.path(), &["send", "monthly"]).status.code(), Some(6));
        assert_eq!(monitor(room.path(), &["-q", "send", "--due"]).status.code(), Some(6));
    }
    let other = monitor(room.path(), &["send", "other"]);
    assert_eq!(other.status.code(), Some(0), "{}", String::from_utf8_lossy(&other.stderr));
    server.delivered(3);
    for user in ["anna", "bjoern", "carla"] {
        assert_eq!(messages(room.path(), user).len(), 1, "{user} has exactly one");
    }

    let (a, b) = (parsed(&messages(room.path(), "anna")[0]), parsed(&messages(room.path(), "bjoern")[0]));
    assert_eq!(a["subject"], "KI-Sicherheit – Übersicht: 2026-10-monthly (CG)");
    assert_eq!(a["from"], "Radar für alle <radar@radar.test>");
    assert_eq!((&a["to"], &b["to"]), (&"anna@radar.test".into(), &"Björn <bjoern@radar.test>".into()));
    assert_ne!(a["id"], b["id"]);
    assert_eq!(a["kinds"], serde_json::json!(["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/json"]));
    assert_eq!(a["defects"], serde_json::json!([]));
    let parts = a["parts"].as_array().expect("parts");
    assert!(parts.iter().all(|p| p["defects"] == serde_json::json!([])), "{parts:?}");
    assert_eq!(parts[2]["name"], "2026-10-monthly.json");
    let folder = room.path().join("data/editions/monthly");
    assert_eq!(parts[2]["sha"], sha256(&folder.join("2026-10-monthly.json")), "the attachment is the file");
    let text = fs::read_to_string(folder.join("2026-10-monthly.txt")).expect("the text");
    assert_eq!(parts[0]["text"].as_str().expect("text").replace("\r\n", "\n").trim_end(), text.trim_end(), "the text part is the text");
    assert!(parts[1]["text"].as_str().is_some_and(|h| h.contains("<h1") && h.len() < 102_000));
    let raw = fs::read(&messages(room.path(), "anna")[0]).expect("the message");
    assert!(raw.is_ascii() && raw.split(|b| *b == b'\n').all(|l| l.len() <= 998));

    // What a person asks for again comes again, under the same id.
    assert_eq!(monitor(room.path(), &["send", "monthly", "--again", "anna@radar.test"]).status.code(), Some(0));
    server.delivered(1);
    let again = messages(room.path(), "anna");
    assert_eq!(again.len(), 2);
    assert_eq!(parsed(&again[0])["id"], parsed(&again[1])["id"]);
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_not_trusted() {
    // No server is needed twice: this one speaks enough SMTP to offer STARTTLS and then shows a certificate of its own.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let room = tempfile::tempdir().expect("a folder");
    certificate(room.path());
    drop(listener);
    let mut tls = Command::new("openssl")
        .args(["s_server", "-quiet", "-accept", &port.to_string(), "-cert"])
        .arg(room.path().join("cert.pem"))
        .arg("-key")
        .arg(room.path().join("key.pem"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl");
    fs::create_dir(room.path().join("data")).expect("made");
    fs::write(
        room.path().join("data/editions.toml"),
        format!(
            "schema = 1\n[group]\nname = \"CG\"\nsource_line = \"L\"\ntitle = \"T\"\n[smtp.x]\nhost = \"localhost\"\nport = {port}\ntls = \"implicit\"\nfrom = \"r@radar.test\"\ntimeout = 5\n[[edition]]\nname = \"monthly\"\nform = \"mail\"\nwindow = \"month\"\nformats = [\"txt\"]\n[[edition.channel]]\nsmtp = \"x\"\nto = [\"a@radar.test\"]\n"
        ),
    )
    .expect("written");
    fs::write(room.path().join("in.jsonl"), "{\"title\":\"x\",\"url\":\"https://example.org/x\"}\n").expect("written");
    assert!(monitor(room.path(), &["import", "in.jsonl"]).status.success());
    let sent = monitor(room.path(), &["send", "monthly"]);
    let said = String::from_utf8_lossy(&sent.stderr).into_owned();
    let _ = tls.kill();
    let _ = tls.wait();
    assert_eq!(sent.status.code(), Some(6), "{said}");
    assert!(said.to_lowercase().contains("certificate"), "{said}");
}
