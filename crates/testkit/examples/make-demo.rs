//! Writes the demo archives into `data/demo`: `cargo run -p monitor-testkit --example make-demo`.

use monitor_testkit::demo;

fn main() -> Result<(), demo::DemoError> {
    for path in demo::make_all(&demo::archives())? {
        println!("{}", path.display());
    }
    Ok(())
}
