//! A folder with a configuration of its own, in which an address becomes a source.

use std::{
    path::Path,
    process::{Command, Output},
};

pub(crate) struct Room(tempfile::TempDir);

impl Room {
    pub(crate) fn new() -> Room {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(dir.path().join("sources.d")).expect("made");
        std::fs::create_dir_all(dir.path().join("tests/fixtures")).expect("made");
        let head = "schema = 1\ninclude = [\"sources.d/*.toml\"]\n[agent]\nname = \"a\"\ncontact = \"https://example.org\"\n[defaults]\nallow_private = true\nrate = \"1000/1s\"\n";
        std::fs::write(dir.path().join("sources.toml"), head).expect("written");
        Room(dir)
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        Command::new(monitor_testkit::binary()).current_dir(self.0.path()).args(args).output().expect("monitor runs")
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The block that `probe` prints for an address.
    pub(crate) fn probe(&self, url: &str) -> String {
        let probed = self.run(&["probe", "--allow-private", "--body", "Some SDO", "--id", "some-list", url]);
        let block = String::from_utf8_lossy(&probed.stdout).into_owned();
        assert!(probed.status.success(), "{block}\n{}", String::from_utf8_lossy(&probed.stderr));
        block
    }

    /// Saves a block as a source; `check` has nothing to say of it.
    pub(crate) fn save(&self, block: &str) {
        std::fs::write(self.path().join("sources.d/some-sdo.toml"), block).expect("written");
        let checked = self.run(&["check"]);
        assert!(checked.status.success(), "{block}\n{}", String::from_utf8_lossy(&checked.stderr));
    }
}
