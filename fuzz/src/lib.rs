//! What every target does with its bytes. `tests/tests/hostile_mutants.rs` does the same with fewer of them.

mod targets;

pub use targets::{TARGETS, run};
