//! Where the built `monitor` lies.

use std::path::PathBuf;

/// The `monitor` binary that was built beside the running test.
///
/// # Panics
/// When it was not built: `cargo test` at the top builds it, `cargo test -p …` alone may not.
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    // target/<profile>/deps/<test>
    let profile = test.ancestors().nth(2).expect("tests lie in target/<profile>/deps");
    let binary = profile.join(format!("monitor{}", std::env::consts::EXE_SUFFIX));
    assert!(binary.is_file(), "{} is missing: run `cargo build` first, or `cargo test` at the top of the project", binary.display());
    binary
}
