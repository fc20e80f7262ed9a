//! The data files of `data/`, embedded at build time as (file stem, TOML text).

include!(concat!(env!("OUT_DIR"), "/data.rs"));

/// How the site tables change with age.
pub const AGEING: &str = include_str!("../../../data/skin/ageing.toml");

/// What the surface of the skin has in common at all sites.
pub const RELIEF: &str = include_str!("../../../data/skin/relief.toml");

/// The usual claims.
pub const CLAIMS: &str = include_str!("../../../data/claims.toml");
