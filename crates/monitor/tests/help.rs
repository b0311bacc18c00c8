//! `--help` names every command, and every command has help with an example.

use std::process::Command;

fn help(args: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_monitor")).args(args).arg("--help").output().expect("monitor runs");
    assert!(out.status.success(), "{args:?}");
    String::from_utf8(out.stdout).expect("help is UTF-8")
}

#[test]
fn every_command_of_the_contract_has_help_with_an_example() {
    let top = help(&[]);
    for command in [
        "init",
        "check",
        "probe",
        "test",
        "fetch",
        "import",
        "tag",
        "identify",
        "list",
        "events",
        "search",
        "show",
        "explain",
        "ignore",
        "merge",
        "split",
        "correct",
        "retag",
        "trends",
        "landscape",
        "digest",
        "review",
        "approve",
        "corrections",
        "run",
        "doctor",
        "demo",
    ] {
        assert!(top.contains(&format!("\n  {command}")), "{command} is missing in --help");
        let text = help(&[command]);
        assert!(text.contains("monitor") && text.len() > 200, "{command} has no useful help");
        if command != "check" {
            assert!(text.contains("Example"), "{command} has no example");
        }
    }
    assert!(help(&["store"]).contains("verify"));
}
