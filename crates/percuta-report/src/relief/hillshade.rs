//! A surface under raking light, as it looks in a photograph of a replica.

use percuta::appearance::relief::HeightMap;

use crate::error::ReportError;

/// Share of the light that comes from everywhere: shadows are not black.
const AMBIENT: f64 = 0.12;
/// Grey of a level surface, 0 to 1; bright slopes are compressed towards white.
const LEVEL_GREY: f64 = 0.66;

/// Where the light stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Light {
    /// Angle above the surface, degrees.
    pub elevation_deg: f64,
    /// Direction it comes from, degrees: 0 right, 90 below, 180 left, 270 above.
    pub azimuth_deg: f64,
}

impl Light {
    /// From the upper left at 25 degrees.
    pub const RAKING: Self = Self { elevation_deg: 25.0, azimuth_deg: 225.0 };
}

/// Grey values of a surface that scatters evenly (Lambert), row by row; slopes are those of the map, nothing casts a shadow.
#[must_use]
pub fn hillshade(map: &HeightMap, light: Light) -> Vec<u8> {
    let (elevation, azimuth) = (light.elevation_deg.to_radians(), light.azimuth_deg.to_radians());
    let (x, y, z) = (azimuth.cos() * elevation.cos(), azimuth.sin() * elevation.cos(), elevation.sin());
    let contrast = -(1.0 - LEVEL_GREY).ln();
    let grey = |i: usize| {
        let (dx, dy) = map.slope(i / map.columns, i % map.columns);
        let lit = ((z - x * dx - y * dy) / (1.0 + dx * dx + dy * dy).sqrt()).max(0.0) / z;
        let bright = AMBIENT + (1.0 - AMBIENT) * lit;
        (255.0 * (1.0 - (-contrast * bright).exp())).round() as u8
    };
    (0..map.rows * map.columns).map(grey).collect()
}

/// The picture as PNG, one pixel a pixel.
///
/// # Errors
/// [`ReportError::Make`] if it cannot be encoded.
pub fn hillshade_png(map: &HeightMap, light: Light) -> Result<Vec<u8>, ReportError> {
    let make = |e: png::EncodingError| ReportError::make("hillshade.png", e);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, map.columns as u32, map.rows as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(make)?;
    writer.write_image_data(&hillshade(map, light)).map_err(make)?;
    writer.finish().map_err(make)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_skin_is_even_and_slopes_are_lit_from_their_side() {
        let shade = |f: fn(f64, f64) -> f64, azimuth_deg| {
            let map = HeightMap::from_function(20, 20, 10.0, f).unwrap();
            hillshade(&map, Light { elevation_deg: 25.0, azimuth_deg })[210]
        };
        let level = shade(|_, _| 3.0, 180.0);
        assert_eq!(level, 168);
        // Rising to the right faces the light from the left.
        assert!(shade(|x, _| 0.3 * x, 180.0) > level + 20);
        assert!(shade(|x, _| 0.3 * x, 0.0) < level - 20);
        assert!(shade(|_, y| 0.3 * y, 270.0) > level + 20);
        // Away from the light only what comes from everywhere is left.
        assert_eq!(shade(|x, _| -3.0 * x, 180.0), 31);
    }
}
