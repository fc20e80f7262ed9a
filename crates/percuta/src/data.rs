//! The data files of `data/`, embedded at build time as (file stem, TOML text).

include!(concat!(env!("OUT_DIR"), "/data.rs"));
