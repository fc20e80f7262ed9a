//! Lists the data files, so that adding a device, a site, a permeant, a study or a parameter is adding a file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let data = Path::new("../../data").canonicalize()?;
    let mut code = String::new();
    for folder in ["parameters", "sites", "devices", "permeants", "permeability", "studies", "surfaces", "tone"] {
        let dir = data.join(folder);
        println!("cargo::rerun-if-changed={}", dir.display());
        let mut files: Vec<PathBuf> = match fs::read_dir(&dir) {
            Ok(entries) => entries.filter_map(|e| e.ok().map(|e| e.path())).collect(),
            Err(_) => Vec::new(),
        };
        files.retain(|f| f.extension().is_some_and(|e| e == "toml"));
        files.sort_by(|a, b| a.file_stem().cmp(&b.file_stem()));
        let _ = writeln!(code, "/// Files of `data/{folder}`: (stem, text).");
        let _ = writeln!(code, "pub const {}: &[(&str, &str)] = &[", folder.to_uppercase());
        for file in files {
            println!("cargo::rerun-if-changed={}", file.display());
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let _ = writeln!(code, "    ({stem:?}, include_str!({:?})),", file.display().to_string());
        }
        code.push_str("];\n");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("data.rs"), code)
}
