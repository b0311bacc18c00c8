# The words of this house. `just` alone lists them.

default:
    @just --list

# everything that CI checks, in its order
check: test fmt lint doc deny

# the README's test command
test:
    cargo test

# formatting
fmt:
    cargo fmt --all --check

# lints are errors
lint:
    cargo clippy --workspace --all-targets -- -D warnings

# documentation without warnings
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# licences, bans and sources of dependencies (the advisory database is fetched over the network: `cargo deny check advisories`)
deny:
    cargo deny check --hide-inclusion-graph bans licenses sources

# the whole pipeline on the bundled archives
demo:
    cargo run --release -- demo

# the program for this user, into ~/.cargo/bin
install:
    cargo install --locked --path crates/monitor

# manual pages and completions, printed by the program itself, into packaging/pages
pages profile="release":
    cargo build --locked --profile {{profile}} -p monitor
    rm -rf packaging/pages && mkdir -p packaging/pages
    target/{{profile}}/monitor man --out packaging/pages/man1
    target/{{profile}}/monitor completions bash > packaging/pages/monitor.bash
    target/{{profile}}/monitor completions zsh > packaging/pages/_monitor
    target/{{profile}}/monitor completions fish > packaging/pages/monitor.fish

# a Debian package in target/debian, with units, manual pages and completions (needs `cargo install cargo-deb`)
deb profile="release": (pages profile)
    cargo deb --locked -p monitor --profile {{profile}} --no-build

# write schemas/ anew after a change of what a configuration file may hold
schemas:
    cargo build
    for n in sources bodies topics calendar editions views; do target/debug/monitor schema $n > schemas/$n.schema.json; done

# make the demo archives anew from crates/testkit/demo
demo-archives:
    cargo run -p monitor-testkit --example make-demo

# kill `fetch` and `import` 200 times, at chance moments and between the steps of a commit (the suite does it 25 times)
kill kills="200":
    cargo build
    MONITOR_KILLS={{kills}} cargo test -p monitor-tests --test kill

# tests that need a browser, a mail server or an office (see .ci/run for what they install)
system-test:
    cargo test -p monitor-system-tests

# look for input that breaks something, so many seconds for each target (needs nightly and `cargo install cargo-fuzz`)
fuzz seconds="60":
    for t in feed list json csv dir dates numbers robots fields; do mkdir -p fuzz/corpus/$t && cargo +nightly fuzz run $t fuzz/corpus/$t fuzz/seeds/$t -- -max_total_time={{seconds}} || exit 1; done

# what each step costs: reading, naming, tagging, storing, trends, editions (beside other programs: docs/PERFORMANCE.md)
bench:
    cargo bench -p monitor-extract -p monitor-identify -p monitor-tag -p monitor-store -p monitor-trends -p monitor-digest
