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

fn monitor(args: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_monitor")).args(args).output().expect("monitor runs");
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("UTF-8")
}

/// The commands that `--help` lists.
fn commands() -> Vec<String> {
    let top = monitor(&["--help"]);
    let lines = top.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.is_empty());
    let names = lines.filter_map(|l| l.strip_prefix("  ")?.split(' ').next().filter(|n| !n.is_empty() && *n != "help"));
    names.map(str::to_owned).collect()
}

#[test]
fn completions_know_every_command_and_their_shell_can_read_them() {
    let dir = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish"] {
        let text = monitor(&["completions", shell]);
        for command in commands() {
            assert!(text.contains(&command), "{shell} does not know {command}");
        }
        assert!(text.contains("progress") && text.contains("log-format"), "{shell}: global options");
        let path = dir.path().join(shell);
        std::fs::write(&path, &text).expect("written");
        // Where the shell is on this machine, it reads the file without running it.
        if let Ok(out) = Command::new(shell).arg("-n").arg(&path).output() {
            assert!(out.status.success() && out.stderr.is_empty(), "{shell}: {}", String::from_utf8_lossy(&out.stderr));
        }
    }
}

#[test]
fn every_command_has_a_page_of_the_manual() {
    let dir = tempfile::tempdir().expect("a folder");
    monitor(&["man", "--out", dir.path().to_str().expect("a path")]);
    let page = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(page("monitor.1"), monitor(&["man"]));
    for command in commands() {
        let text = page(&format!("monitor-{command}.1"));
        assert!(text.contains(".SH NAME") && text.contains("\\-\\-help"), "{command}");
    }
    assert!(page("monitor-store-verify.1").contains("journal"));
}
