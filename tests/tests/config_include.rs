//! `include = ["sources.d/*.toml"]`: one file for each body, and every mistake named in the file that holds it.

use std::{path::Path, process::Command};

const HEAD: &str = "schema = 1\ninclude = [\"sources.d/*.toml\"]\n[agent]\nname = \"a\"\ncontact = \"https://example.org\"\n";

/// A folder with `sources.toml` and these files of `sources.d/`; what `check` says of it.
fn check(files: &[(&str, &str)]) -> (Option<i32>, String) {
    let room = tempfile::tempdir().expect("a folder");
    lay(room.path(), files);
    let o =
        Command::new(monitor_testkit::binary()).current_dir(room.path()).env("NO_COLOR", "1").arg("check").output().expect("monitor runs");
    (o.status.code(), String::from_utf8_lossy(&o.stderr).into_owned())
}

fn lay(room: &Path, files: &[(&str, &str)]) {
    std::fs::create_dir(room.join("sources.d")).expect("made");
    std::fs::write(room.join("sources.toml"), HEAD).expect("written");
    for (name, text) in files {
        std::fs::write(room.join("sources.d").join(name), text).expect("written");
    }
}

const NEWS: &str = "[source.etsi-news]\nbody = \"ETSI\"\nkind = \"feed\"\nurl = \"https://example.org/feed\"\n";

#[test]
fn sources_stand_in_one_file_for_each_body() {
    let (code, said) = check(&[("etsi.toml", NEWS), ("b.toml", "[source.x]\nbody = \"OASIS\"\n"), (".etsi.toml.swp.toml", "not toml")]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("2 sources, 1 of them watched"), "{said}");
    let (code, said) = check(&[]);
    assert_eq!((code, said.contains("0 sources")), (Some(0), true), "{said}");
}

#[test]
fn an_id_that_stands_twice_is_named_with_both_places() {
    let again = format!("# the same once more\n\n{NEWS}");
    let (code, said) = check(&[("a.toml", NEWS), ("b.toml", &again)]);
    assert_eq!(code, Some(2));
    let (second, first) = (Path::new("sources.d").join("b.toml"), Path::new("sources.d").join("a.toml"));
    assert!(said.contains(&format!("{}:3:9", second.display())), "{said}");
    assert!(said.contains(&format!("first at {}:1:9", first.display())), "{said}");
}

#[test]
fn mistakes_of_several_files_are_told_at_once_each_in_its_own() {
    let wrong = NEWS.replace("kind", "knd");
    let (code, said) = check(&[("a.toml", &wrong), ("b.toml", &format!("{}item = \"tr\"\n", NEWS.replace("etsi-news", "b")))]);
    assert_eq!(code, Some(2));
    assert!(said.contains("a.toml:3:1") && said.contains("did you mean `kind`"), "{said}");
    let (_, said) = check(&[("b.toml", &format!("{}item = \"tr\"\n", NEWS.replace("etsi-news", "b")))]);
    assert!(said.contains("b.toml:5:8") && said.contains("means nothing to kind"), "{said}");
}

#[test]
fn an_included_file_holds_sources_only() {
    for (text, key) in
        [("[agent]\nname = \"b\"\ncontact = \"x\"\n", "agent"), ("[defaults]\nevery = \"1h\"\n", "defaults"), ("include = []\n", "include")]
    {
        let (code, said) = check(&[("a.toml", text)]);
        assert_eq!(code, Some(2));
        assert!(said.contains("a.toml:1:") && said.contains(&format!("only the main file has `{key}`")), "{said}");
    }
    let (_, said) = check(&[("a.toml", "schema = 2\n")]);
    assert!(said.contains("a.toml:1:1"), "{said}");
}

#[test]
fn init_writes_what_the_binary_carries_and_it_includes_it() {
    let room = tempfile::tempdir().expect("a folder");
    let run = |args: &[&str]| Command::new(monitor_testkit::binary()).current_dir(room.path()).args(args).output().expect("monitor runs");
    let embedded = String::from_utf8_lossy(&run(&["check"]).stderr).into_owned();
    assert!(run(&["init", "."]).status.success());
    let written = String::from_utf8_lossy(&run(&["check"]).stderr).into_owned();
    assert_eq!(embedded, written, "the same sources, embedded and written");
}
