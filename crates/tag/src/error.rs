/// Why a taxonomy or its weights could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TaxonomyError {
    /// Not TOML, or TOML of another shape.
    #[error("topics.toml, line {line}, column {column}: {message}; correct the file or delete it to use the one that is built in")]
    Toml {
        /// From 1; 0 when unknown.
        line: usize,
        /// From 1; 0 when unknown.
        column: usize,
        /// What the reader of TOML says.
        message: String,
    },
    /// A line of the weights that says nothing we know.
    #[error("weights, line {line}: {message}; write the file again with `cargo run --example learn`")]
    Weights {
        /// From 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
}
