//! The files in `examples/`, each re-telling a published protocol.

/// A file to start from.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// Name for `percuta new --example`.
    pub name: &'static str,
    /// The course file or permeation study.
    pub text: &'static str,
    /// Files that it names, to be written beside it: name and text.
    pub beside: &'static [(&'static str, &'static str)],
}

macro_rules! examples {
    ($($folder:literal $name:literal $($data:literal)?;)*) => {
        /// All examples, courses first.
        pub const EXAMPLES: [Example; [$($name),*].len()] = [$(Example {
            name: $name,
            text: include_str!(concat!("../../../examples/", $folder, $name, ".toml")),
            beside: &[$(($data, include_str!(concat!("../../../examples/", $folder, $data))))?],
        }),*];
    };
}

examples! {
    "" "acne-scars";
    "" "fine-lines-exceed";
    "" "hypertrophic-scar";
    "" "melasma";
    "" "naloxone-pen";
    "" "photoageing-face";
    "absorption/" "naloxone-pen-cell";
    "absorption/" "ghk-array" "ghk-array.csv";
    "absorption/" "caffeine-oecd428";
    "absorption/" "tranexamic-in-vivo";
    "absorption/" "own-peptide";
}

/// The example of that name.
pub fn find(name: &str) -> Option<Example> {
    EXAMPLES.into_iter().find(|e| e.name == name)
}
