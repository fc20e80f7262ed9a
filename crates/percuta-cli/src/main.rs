//! The `percuta` program.

fn main() {}
