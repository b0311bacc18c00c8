//! Makes the list of the files of `sources.d/`, which the binary carries: a new file needs no line of Rust. Packs the largest file of
//! `data/`. And compiles `memory.c`.

use std::{env, fs, io::Write, path::Path};

fn main() {
    list_sources();
    pack_weights();
    println!("cargo::rerun-if-changed=memory.c");
    let target = |what: &str| env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        // As an object: nothing refers to it, so out of an archive the linker would not take it.
        for object in cc::Build::new().file("memory.c").compile_intermediates() {
            println!("cargo::rustc-link-arg-bins={}", object.display());
        }
    }
}

fn list_sources() {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../sources.d");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names: Vec<String> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .filter_map(|e| e.ok()?.file_name().into_string().ok())
        .filter(|n| n.ends_with(".toml") && !n.starts_with('.'))
        .collect();
    names.sort();
    let mut code = "/// The files of `sources.d/`: name and text.\npub(crate) const SOURCES_D: &[(&str, &str)] = &[\n".to_owned();
    for name in names {
        let path = folder.join(&name);
        code.push_str(&format!("    ({:?}, include_str!({:?})),\n", format!("sources.d/{name}"), path.display().to_string()));
    }
    code.push_str("];\n");
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("sources_d.rs");
    fs::write(out, code).expect("the build folder can be written");
}

fn pack_weights() {
    let path = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../data/weights.toml");
    println!("cargo::rerun-if-changed={}", path.display());
    let text = fs::read(&path).expect("data/weights.toml is there");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&text).expect("memory can be written");
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("weights.toml.gz");
    fs::write(out, packed.finish().expect("memory can be written")).expect("the build folder can be written");
}
