//! The courses in `examples/`, each re-telling a published protocol.

/// Names of the examples.
pub const NAMES: [&str; 5] = ["acne-scars", "fine-lines-exceed", "melasma", "naloxone-pen", "photoageing-face"];

const TEXTS: [&str; 5] = [
    include_str!("../../../examples/acne-scars.toml"),
    include_str!("../../../examples/fine-lines-exceed.toml"),
    include_str!("../../../examples/melasma.toml"),
    include_str!("../../../examples/naloxone-pen.toml"),
    include_str!("../../../examples/photoageing-face.toml"),
];

/// Text of the example of that name.
pub fn text(name: &str) -> Option<&'static str> {
    NAMES.iter().position(|n| *n == name).map(|i| TEXTS[i])
}
