//! Deliberate mistakes of a person who writes configuration: each is named with its code, file, line, column and what to do.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

/// A mistake: the file, what stood there, what is written instead (`§` is where the error must be seen), the code, and words of the remedy.
type Mistake = (&'static str, &'static str, &'static str, &'static str, &'static str);

const MISTAKES: &[Mistake] = &[
    // sources.toml
    ("sources.toml", "schema = 1\n", "§schema = 2\n", "M107", "schema = 1"),
    ("sources.toml", "[agent] ", "[§agnet] ", "M103", "`agent`"),
    ("sources.toml", "every = \"24h\"", "every = §\"daily\"", "M108", "24h"),
    ("sources.toml", "concurrency = 8", "concurrency = §\"8\"", "M106", "without"),
    ("sources.toml", "include = [\"sources.d/*.toml\"]", "include = [\"sources.d/*.toml\", \"§mine.toml\"]", "M204", "must be there"),
    // sources.d
    ("sources.d/mine.toml", "", "[source.mine]\nbody = \"ETSI\"\nkind = §\"lst\"\nurl = \"https://example.org/\"\n", "M104", "`list`"),
    ("sources.d/mine.toml", "", "[source.§mine]\nbody = \"ETSI\"\nkind = \"feed\"\n", "M203", "https://"),
    ("sources.d/mine.toml", "", "[source.mine]\nbody = \"ETSI\"\nkind = \"feed\"\nurl = §\"example.org/feed\"\n", "M203", "https://"),
    (
        "sources.d/mine.toml",
        "",
        "[source.mine]\nbody = \"ETSI\"\nkind = \"list\"\nurl = \"https://example.org/\"\ncontainer = \"table\"\nitem = \"§tr[\"\nfields = { title = \"td | text\" }\n",
        "M205",
        "",
    ),
    (
        "sources.d/mine.toml",
        "",
        "[source.mine]\nbody = \"ETSI\"\nkind = \"list\"\nurl = \"https://example.org/\"\ncontainer = \"table\"\nitem = \"tr\"\nfields = { title = \"td | §txet\" }\n",
        "M205",
        "text",
    ),
    ("sources.d/mine.toml", "", "[source.§etsi-newsroom]\nbody = \"ETSI\"\nkind = \"none\"\n", "M202", "rename"),
    ("sources.d/mine.toml", "", "[source.mine§\nbody = \"ETSI\"\n", "M102", "bracket"),
    // bodies.toml
    ("data/bodies.toml", "slug = \"itu-t\"", "§slgu = \"itu-t\"", "M103", "`slug`"),
    ("data/bodies.toml", "role = \"sdo\"", "role = §\"sod\"", "M104", "`sdo`"),
    ("data/bodies.toml", "id = \"ITU\"\n", "id = §\"ITU-T\"\n", "M301", ""),
    ("data/bodies.toml", "pattern = '(?P<series>[A-Z])", "pattern = §'(?P<series>[A-Z)", "M302", "grammar"),
    ("data/bodies.toml", "[\"X.Suppl.37\", \"itu-t/x/suppl-37\"]", "[\"§X.Suppl.37\", \"itu-t/x/suppl-38\"]", "M303", "example"),
    ("data/bodies.toml", "\nprompt-injection = [\"Q16/17\"", "\n§promt-injection = [\"Q16/17\"", "M304", "prompt-injection"),
    ("data/bodies.toml", "\nquestion = \"Q16/17\"", "\nquestion = \"§Q166/17\"", "M304", "Q16/17"),
    ("data/bodies.toml", "[home]\nbody = \"ITU-T\"", "[home]\nbody = \"§ITU-TT\"", "M304", "ITU-T"),
    // topics.toml
    ("data/topics.toml", "\nlabel = \"Prompt injection", "\n§labl = \"Prompt injection", "M103", "`label`"),
    ("data/topics.toml", "id = \"model-extraction\"", "id = \"§data-poisoning\"", "M401", "rename or remove"),
    ("data/topics.toml", "axis = [\"securing-ai\"]", "axis = [\"§securing-al\"]", "M401", "securing-ai"),
    ("data/weights.toml", "\n[decision]\n", "\n[decisoin]\n§", "M402", "learn"),
    // calendar.toml
    ("data/calendar.toml", "kind = \"plenary\"", "kind = §\"plenery\"", "M104", "`plenary`"),
    (
        "data/calendar.toml",
        "id = \"sg17-2025-04\"\nkind = \"plenary\"\nstart = 2025-04-08",
        "id = §\"sg17-2025-04\"\nkind = \"plenary\"\nstart = 2025-04-28",
        "M501",
        "",
    ),
    ("data/calendar.toml", "start = 2025-04-08", "start = §2025-04-38", "M102", ""),
    // editions.toml
    ("data/editions.toml", "form = \"mail\"", "form = §\"mial\"", "M104", "`mail`"),
    ("data/editions.toml", "window = \"month\"", "window = §\"often\"", "M601", "since-last"),
    ("data/editions.toml", "\nname = \"plenary\"", "\n§name = \"monthly\"", "M601", "own name"),
    ("data/editions.toml", "\"agent-identity\"", "\"§agent-idenity\"", "M602", "agent-identity"),
    ("data/editions.toml", "bodies = [\"3GPP\"", "bodies = [\"§3GGP\"", "M602", "3GPP"),
    ("data/editions.toml", "window = \"month\"\n", "window = \"month\"\nview = \"§agnets\"\n", "M602", "agents"),
    (
        "data/editions.toml",
        "[[edition.channel]]\nfolder = \"monthly\"",
        "[[edition.channel]]\neml = \"outbox\"\nfrom = \"radar@example.org\"\nto = [\"§delegate at example.org\"]",
        "M601",
        "name@host",
    ),
    (
        "data/editions.toml",
        "\n[[edition]]\nname = \"monthly\"",
        "\n[smtp.house]\nhost = \"h\"\n§password = \"x\"\n[[edition]]\nname = \"monthly\"",
        "M601",
        "password_env",
    ),
    // views.toml
    ("data/views.toml", "query = \"topic:agent-identity,", "query = \"topic:§agent-idenity,", "M603", "agent-identity"),
    (
        "data/views.toml",
        "query = \"relevance:relevant stage:consultation\"",
        "query = §\"relevance:relevant stag:consultation\"",
        "M603",
        "stage",
    ),
    ("data/views.toml", "name = \"telecom\"", "name = §\"agents\"", "M603", "name of its own"),
    // templates
    ("templates/mail.html", "{% include \"_top.html\" %}", "{% §include \"_tpo.html\" %}", "M701", ""),
    ("templates/mail.html", "{% endif %}", "{% §endfi %}", "M701", ""),
    ("templates/mial.html", "", "<p>x</p>\n", "M702", "mail.html"),
];

fn monitor(dir: &Path, args: &[&str]) -> (Option<i32>, Vec<Value>) {
    let out =
        Command::new(monitor_testkit::binary()).current_dir(dir).args(["--log-format", "json"]).args(args).output().expect("monitor runs");
    let said = String::from_utf8_lossy(&out.stderr);
    (out.status.code(), said.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect())
}

#[test]
fn each_mistake_in_a_file_is_named_with_code_place_and_remedy() {
    let room = tempfile::tempdir().expect("a folder");
    assert_eq!(monitor(room.path(), &["init", "."]).0, Some(0));
    let mut wrong = Vec::new();
    for (file, stood, written, code, remedy) in MISTAKES {
        let path = room.path().join(file);
        let before = fs::read_to_string(&path).ok();
        let whole = before.clone().unwrap_or_default();
        assert!(whole.contains(stood), "{file} has no “{stood}”");
        let marked = if stood.is_empty() { (*written).to_owned() } else { whole.replacen(stood, written, 1) };
        let place = marked.split_once('§').map(|(above, _)| {
            let last = above.rsplit('\n').next().unwrap_or_default();
            (above.matches('\n').count() + 1, last.chars().count() + 1)
        });
        fs::write(&path, marked.replacen('§', "", 1)).expect("written");
        let (exit, said) = monitor(room.path(), &["check"]);
        match before {
            Some(text) => fs::write(&path, text).expect("written"),
            None => fs::remove_file(&path).expect("removed"),
        }
        let seen = |v: &Value| {
            v["code"] == *code
                && v["file"].as_str().is_some_and(|f| f.ends_with(file))
                && place.is_none_or(|(line, column)| v["line"] == line && v["column"] == column)
                && !v["message"].as_str().unwrap_or_default().is_empty()
                && v["help"].as_str().is_some_and(|h| !h.is_empty() && h.contains(remedy))
        };
        let errors: Vec<&Value> = said.iter().filter(|v| v["level"] == "error").collect();
        if exit != Some(2) || !errors.iter().any(|v| seen(v)) {
            let all: Vec<String> = errors.iter().map(|e| e.to_string()).collect();
            wrong.push(format!(
                "{file}: {}\n  wanted {code} at {place:?} with “{remedy}”; exit {exit:?}:\n  {}",
                written.trim(),
                all.join("\n  ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} mistakes are not told well:\n{}", wrong.len(), MISTAKES.len(), wrong.join("\n"));
}

/// What is typed, the code, and words of the remedy or the message.
const TYPED: &[(&[&str], &str, &str)] = &[
    (&["fetsh"], "M001", "fetch"),
    (&["fetch", "--deadlin", "2h"], "M001", "--deadline"),
    (&["list", "--format", "cvs"], "M002", "csv"),
    (&["fetch", "--now", "yesterday"], "M002", "yesterday"),
    (&["trends", "--window", "soon"], "M002", "soon"),
    (&["fetch", "--source", "ETSY"], "M003", "ETSI"),
    (&["init", "x", "--home", "ITU-T SG177"], "M005", "SG17"),
    (&["init", "."], "M009", "empty folder"),
    (&["list", "--topic", "promt-injection"], "M005", "prompt-injection"),
    (&["show", "ETSI TS 104 223"], "M011", "monitor fetch"),
    (&["tag", "nowhere.jsonl"], "M007", "nowhere.jsonl"),
    (&["import-opml", "nowhere.opml"], "M007", "nowhere.opml"),
    (&["check", "--config", "nowhere.toml"], "M101", "monitor init"),
    (&["fetch", "--source", "etsi-newsroom", "--replay", "nowhere.warc.gz"], "M902", "warc"),
    (&["digest", "--edition", "montly"], "M006", "monthly"),
];

#[test]
fn each_mistake_on_the_command_line_is_named_with_code_and_remedy() {
    let room = tempfile::tempdir().expect("a folder");
    assert_eq!(monitor(room.path(), &["init", "."]).0, Some(0));
    let try_all = |list: &[(&[&str], &str, &str)]| {
        for (args, code, words) in list {
            let (exit, said) = monitor(room.path(), args);
            let error = said.iter().find(|v| v["level"] == "error").unwrap_or_else(|| panic!("{args:?}: no error: {said:?}"));
            assert_eq!(error["code"], *code, "{args:?}: {error}");
            assert_eq!(error["exit"].as_i64(), exit.map(i64::from), "{args:?}: {error}");
            assert_eq!(exit, Some(2), "{args:?}: {error}");
            let all = format!("{} {}", error["message"], error["help"]);
            assert!(all.contains(words), "{args:?}: {error}");
        }
    };
    try_all(TYPED);
    fs::write(room.path().join("in.jsonl"), "{\"number\":\"ETSI TS 104 223\",\"body\":\"ETSI\",\"title\":\"x\"}\n").expect("written");
    assert_eq!(monitor(room.path(), &["import", "in.jsonl"]).0, Some(0));
    try_all(&[
        (&["list", "--topic", "promt-injection"], "M005", "prompt-injection"),
        (&["list", "--view", "agnets"], "M005", "agents"),
        (&["search", "stag:draft"], "M008", "stage"),
        (&["show", "etsi/ts-104-224"], "M004", "etsi/ts-104-223"),
        (&["digest", "--edition", "montly"], "M006", "monthly"),
        (&["digest", "--form", "mial"], "M010", "mail"),
    ]);
}

#[test]
fn for_people_the_place_stands_first_and_the_excerpt_keeps_to_the_width() {
    let room = tempfile::tempdir().expect("a folder");
    let text = "schema = 1\n[agent]\nname = \"a\"\ncontact = \"https://example.org\"\n[source.x]\nbody = \"ETSI\"\nknd = \"feed\"\n";
    fs::write(room.path().join("sources.toml"), text).expect("written");
    for width in ["50", "120"] {
        let out = Command::new(monitor_testkit::binary())
            .current_dir(room.path())
            .env("COLUMNS", width)
            .env("NO_COLOR", "1")
            .arg("check")
            .output()
            .expect("monitor runs");
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(said.starts_with("error[M103]: sources.toml:7:1: unknown field `knd`"), "{said}");
        assert!(said.contains("did you mean `kind`?"), "{said}");
        assert!(!said.contains('\u{1b}'), "no colour where it is not wanted: {said:?}");
        let excerpt = said.lines().skip(1).map(|l| l.chars().count()).max().unwrap_or_default();
        assert!(excerpt <= width.parse().expect("a number"), "{width}: {said}");
    }
}
