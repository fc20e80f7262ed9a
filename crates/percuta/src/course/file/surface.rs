//! The square of skin that is looked at.

use std::path::Path;

use toml::Spanned;

use super::format::SurfaceFile;
use super::surface_map;
use crate::appearance::relief::SurfacePattern;
use crate::course::SurfaceKind;
use crate::course::text::{Fault, no_such};

/// Sides, mm, between too little for a line and too much for a pixel.
pub(super) const SIDES_MM: [f64; 2] = [4.0, 40.0];
/// The pattern of sites that have none of their own.
const OTHERWISE: &str = "cheek";

pub(super) fn surface(file: &SurfaceFile, site: Option<&str>, folder: &Path, faults: &mut Vec<Fault>) -> SurfaceKind {
    let side_um = file.side.get_ref().um();
    if !(1000.0 * SIDES_MM[0]..=1000.0 * SIDES_MM[1]).contains(&side_um) {
        faults.push(
            Fault::new(file.side.span(), format!("the side of the square is {} mm", side_um / 1000.0))
                .expected(format!("{} to {} mm", SIDES_MM[0], SIDES_MM[1]))
                .example("side = \"10 mm\""),
        );
    }
    let keys = SurfacePattern::keys();
    if let Some(pattern) = &file.pattern
        && !keys.contains(&pattern.get_ref().as_str())
    {
        faults.push(no_such("surface pattern", pattern, &keys, false));
    }
    let of_site = || keys.iter().copied().find(|k| SurfacePattern::find(k).is_ok_and(|p| Some(p.site.as_str()) == site));
    let pattern = file.pattern.as_ref().map(Spanned::get_ref).cloned();
    let map = file.map.as_ref().and_then(|path| surface_map::read(path, file, folder, faults));
    let side_um = map.as_ref().map_or(side_um, |m| m.map.side_um());
    SurfaceKind { pattern: pattern.unwrap_or_else(|| of_site().unwrap_or(OTHERWISE).to_owned()), side_um, map }
}
