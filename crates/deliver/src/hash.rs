use monitor_model::Rendered;

/// One hash over the names and bytes of all files, whatever their order.
pub(crate) fn hash(files: &[Rendered]) -> String {
    let mut lines: Vec<(&str, blake3::Hash)> = files.iter().map(|f| (f.name.as_str(), blake3::hash(&f.bytes))).collect();
    lines.sort_by(|a, b| a.0.cmp(b.0).then_with(|| a.1.as_bytes().cmp(b.1.as_bytes())));
    let mut all = blake3::Hasher::new();
    for (name, hash) in lines {
        all.update(&(name.len() as u64).to_le_bytes());
        all.update(name.as_bytes());
        all.update(hash.as_bytes());
    }
    all.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_matter_names_and_bytes_do() {
        let file = |name: &str, bytes: &str| Rendered { name: name.into(), media_type: "text/plain".into(), bytes: bytes.into() };
        let (a, b) = (file("a", "1"), file("b", "2"));
        assert_eq!(hash(&[a.clone(), b.clone()]), hash(&[b.clone(), a.clone()]));
        assert_ne!(hash(&[file("a", "2"), file("b", "1")]), hash(&[a.clone(), b]));
        assert_ne!(hash(&[file("ab", "1")]), hash(&[file("a", "b1")]));
    }
}
