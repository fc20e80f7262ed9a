//! Heights as pictures that other programs read, with the scale inside.

use std::io::Cursor;

use percuta::appearance::relief::HeightMap;
use tiff::encoder::{Rational, TiffEncoder, colortype::Gray32Float};
use tiff::tags::{ResolutionUnit, Tag};

use crate::error::ReportError;

/// What the reader of the map finds its scale by.
fn note(map: &HeightMap, height_um: f64) -> String {
    format!("percuta height map: pixel_um={} height_um={height_um}", map.pixel_um)
}

/// 16-bit grey over the range of the heights: a level is `height_um` of the text chunk `percuta`, level 0 the lowest point.
///
/// # Errors
/// [`ReportError::Make`] if it cannot be encoded.
pub fn heights_png(map: &HeightMap) -> Result<Vec<u8>, ReportError> {
    let make = |e: png::EncodingError| ReportError::make("height-map.png", e);
    let (low, high) = map.range_um();
    let step = if high > low { (high - low) / f64::from(u16::MAX) } else { 1e-3 };
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, map.columns as u32, map.rows as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Sixteen);
    encoder.add_text_chunk("percuta".into(), note(map, step)).map_err(make)?;
    let levels: Vec<u8> = map.height_um.iter().flat_map(|z| (((z - low) / step).round() as u16).to_be_bytes()).collect();
    let mut writer = encoder.write_header().map_err(make)?;
    writer.write_image_data(&levels).map_err(make)?;
    writer.finish().map_err(make)?;
    Ok(bytes)
}

/// 32-bit numbers, µm, with the size of a pixel as resolution and in the description.
///
/// # Errors
/// [`ReportError::Make`] if it cannot be encoded.
pub fn heights_tiff(map: &HeightMap) -> Result<Vec<u8>, ReportError> {
    let make = |e: tiff::TiffError| ReportError::make("height-map.tiff", e);
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).map_err(make)?;
    let mut image = encoder.new_image::<Gray32Float>(map.columns as u32, map.rows as u32).map_err(make)?;
    let per_cm = Rational { n: (1e7 / map.pixel_um).round().clamp(1.0, f64::from(u32::MAX)) as u32, d: 1000 };
    image.resolution(ResolutionUnit::Centimeter, per_cm);
    image.encoder().write_tag(Tag::ImageDescription, note(map, 1.0).as_str()).map_err(make)?;
    let heights: Vec<f32> = map.height_um.iter().map(|&z| z as f32).collect();
    image.write_data(&heights).map_err(make)?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use percuta::appearance::relief::{Scale, read_map};

    #[test]
    fn what_is_written_is_read_again_with_its_scale() {
        let map = HeightMap::from_function(40, 30, 7.8125, |x, y| 40.0 * (x * 0.05).sin() - 0.2 * y).unwrap();
        let (low, high) = map.range_um();
        for (name, bytes, error) in
            [("map.png", heights_png(&map).unwrap(), (high - low) / 65_535.0), ("map.tiff", heights_tiff(&map).unwrap(), 1e-5)]
        {
            let path = std::env::temp_dir().join(format!("percuta-heights-{}-{name}", std::process::id()));
            std::fs::write(&path, bytes).unwrap();
            let reading = read_map(&path, &Scale::default()).unwrap();
            std::fs::remove_file(&path).unwrap();
            assert_eq!((reading.map.columns, reading.map.rows, reading.map.pixel_um), (40, 30, 7.8125), "{name}");
            // A picture of levels begins at its lowest point.
            let offset = if name.ends_with("png") { low } else { 0.0 };
            assert!(reading.map.height_um.iter().zip(&map.height_um).all(|(a, b)| (a + offset - b).abs() < error), "{name}");
        }
    }
}
