use std::io::Cursor;
use std::path::PathBuf;

use super::*;

/// A file that is removed at the end of a test.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("percuta-relief-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

const SCALE: Scale = Scale { pixel_um: Some(10.0), height_um: Some(0.5) };

fn read(name: &str, bytes: &[u8], scale: &Scale) -> Result<Reading, ReadError> {
    read_map(&Temporary::new(name, bytes).0, scale)
}

fn png_of(width: u32, height: u32, colour: png::ColorType, depth: png::BitDepth, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    encoder.write_header().unwrap().write_image_data(data).unwrap();
    bytes
}

/// 32 x 24 levels that differ.
fn levels() -> Vec<u16> {
    (0..32 * 24).map(|i| 20_000 + 37 * (i % 32) + 11 * (i / 32)).collect()
}

fn tiff_of<C: tiff::encoder::colortype::ColorType>(
    data: &[C::Inner],
    width: u32,
    height: u32,
    dpcm: Option<(u32, u32)>,
    about: &str,
) -> Vec<u8>
where
    [C::Inner]: tiff::encoder::TiffValue,
{
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut bytes).unwrap();
    let mut image = encoder.new_image::<C>(width, height).unwrap();
    if let Some((x, y)) = dpcm {
        image.resolution_unit(tiff::tags::ResolutionUnit::Centimeter);
        image.x_resolution(tiff::encoder::Rational { n: x, d: 1 });
        image.y_resolution(tiff::encoder::Rational { n: y, d: 1 });
    }
    if !about.is_empty() {
        image.encoder().write_tag(tiff::tags::Tag::ImageDescription, about).unwrap();
    }
    image.write_data(data).unwrap();
    bytes.into_inner()
}

fn grey16() -> Vec<u8> {
    let data: Vec<u8> = levels().iter().flat_map(|l| l.to_be_bytes()).collect();
    png_of(32, 24, png::ColorType::Grayscale, png::BitDepth::Sixteen, &data)
}

#[test]
fn sixteen_bits_are_read_with_their_scale() {
    let expected: Vec<f64> = levels().iter().map(|&l| f64::from(l) * 0.5).collect();
    let from_png = read("16.png", &grey16(), &SCALE).unwrap();
    assert_eq!((from_png.map.columns, from_png.map.rows, from_png.map.pixel_um), (32, 24, 10.0));
    assert_eq!(from_png.map.height_um, expected);
    assert!(from_png.warnings.is_empty(), "{:?}", from_png.warnings);
    let tiff = tiff_of::<tiff::encoder::colortype::Gray16>(&levels(), 32, 24, None, "");
    assert_eq!(read("16.tiff", &tiff, &SCALE).unwrap().map, from_png.map);
}

#[test]
fn floating_numbers_are_read_with_what_the_file_knows() {
    let data: Vec<f32> = levels().iter().map(|&l| f32::from(l) / 7.0).collect();
    let tiff = |dpcm, about: &str| tiff_of::<tiff::encoder::colortype::Gray32Float>(&data, 32, 24, dpcm, about);
    let height = Scale { height_um: Some(1.0), ..Scale::default() };
    let reading = read("f.tiff", &tiff(Some((1000, 1000)), ""), &height).unwrap();
    assert_eq!(reading.map.pixel_um, 10.0);
    assert!(matches!(reading.warnings[..], [MapWarning::PixelFromFile { .. }]));
    assert_eq!(reading.map.height_um[5], f64::from(data[5]));
    // The file's own note knows both.
    let own = read("own.tiff", &tiff(None, "percuta height map: pixel_um=2.5 height_um=1"), &Scale::default()).unwrap();
    assert_eq!((own.map.pixel_um, own.map.height_um[5]), (2.5, f64::from(data[5])));
    // Whatever is given counts.
    assert_eq!(read("given.tiff", &tiff(Some((1000, 1000)), ""), &SCALE).unwrap().map.height_um[5], 0.5 * f64::from(data[5]));
    assert_eq!(read("none.tiff", &tiff(Some((1000, 1000)), ""), &Scale::default()), Err(ReadError::NoHeight));
    assert_eq!(read("bare.tiff", &tiff(None, ""), &height), Err(ReadError::NoPixel));
    assert!(
        matches!(read("oblong.tiff", &tiff(Some((1000, 500)), ""), &height), Err(ReadError::NotSquare { x_um, y_um }) if x_um == 10.0 && y_um == 20.0)
    );
}

#[test]
fn a_matrix_is_read_however_it_is_separated() {
    let rows = |separator: &str, point: &str| -> String {
        let row = |r: usize| (0..20).map(|c| format!("{}{point}5", r * 20 + c)).collect::<Vec<_>>().join(separator);
        (0..16).map(row).collect::<Vec<_>>().join("\n")
    };
    let scale = Scale { pixel_um: Some(10.0), height_um: Some(2.0) };
    let expected: Vec<f64> = (0..320).map(|i| 2.0 * (f64::from(i) + 0.5)).collect();
    let texts = [
        rows(", ", "."),
        rows(";", ","),
        rows("\t", "."),
        rows("  ", "."),
        format!("# heights\r\n\r\n{}\r\n", rows(",", ".").replace('\n', "\r\n")),
    ];
    for (k, text) in texts.iter().enumerate() {
        let reading = read(&format!("{k}.csv"), text.as_bytes(), &scale).unwrap();
        assert_eq!((reading.map.columns, reading.map.rows), (20, 16), "{text}");
        assert_eq!(reading.map.height_um, expected);
    }
    let ragged = rows(",", ".") + "\n1,2,3";
    assert!(matches!(read("ragged.csv", ragged.as_bytes(), &scale), Err(ReadError::Line { line: 17, .. })));
    let word = rows(",", ".").replacen("21.5", "tall", 1);
    let error = read("word.csv", word.as_bytes(), &scale).unwrap_err();
    assert!(error.to_string().contains("line 2: `tall` is no number"), "{error}");
}

#[test]
fn an_sdf_file_brings_its_scale() {
    let numbers: String = (0..16).map(|r| (0..18).map(|c| format!("{} ", r * 18 + c)).collect::<String>() + "\r\n").collect();
    let text = format!(
        "aISO-1.0\r\nManufacID = test\r\nNumPoints = 18\r\nNumProfiles = 16\r\nXscale = 5.0E-6\r\nYscale = 5.0E-6\r\nZscale = 1.0E-7\r\n*\r\n{numbers}*\r\n"
    );
    let reading = read("map.sdf", text.as_bytes(), &Scale::default()).unwrap();
    assert_eq!((reading.map.columns, reading.map.rows), (18, 16));
    assert!((reading.map.pixel_um - 5.0).abs() < 1e-9 && (reading.map.height_um[20] - 2.0).abs() < 1e-9);
    let fails = |from: &str, to: &str| read("bad.sdf", text.replace(from, to).as_bytes(), &Scale::default()).unwrap_err().to_string();
    assert!(fails("Zscale", "Zsale").contains("Zscale"));
    assert!(fails("NumProfiles = 16", "NumProfiles = 17").contains("fewer numbers"));
    assert!(fails("NumProfiles = 16", "NumProfiles = 15").contains("more numbers"));
    assert!(fails("NumProfiles = 16", "NumProfiles = 1e9").contains("million"));
}

#[test]
fn colour_is_refused() {
    let rgb = png_of(20, 20, png::ColorType::Rgb, png::BitDepth::Eight, &[90; 1200]);
    assert!(matches!(read("rgb.png", &rgb, &SCALE), Err(ReadError::Colour(_))));
    let tiff = tiff_of::<tiff::encoder::colortype::RGB8>(&[90; 1200], 20, 20, None, "");
    assert!(matches!(read("rgb.tiff", &tiff, &SCALE), Err(ReadError::Colour(_))));
}

#[test]
fn small_holes_are_filled_and_told_large_ones_refused() {
    let data = |holes: usize| -> Vec<f32> { (0..768).map(|i| if i % 97 < holes { f32::NAN } else { i as f32 }).collect() };
    let tiff = |holes| tiff_of::<tiff::encoder::colortype::Gray32Float>(&data(holes), 32, 24, None, "");
    let reading = read("few.tiff", &tiff(2), &SCALE).unwrap();
    assert!(matches!(reading.warnings[..], [MapWarning::Filled { count: 16, .. }]), "{:?}", reading.warnings);
    assert!(reading.map.height_um.iter().all(|z| z.is_finite()));
    assert!(matches!(read("many.tiff", &tiff(20), &SCALE), Err(ReadError::Holes { share, .. }) if share > 0.05));
    assert!(matches!(read("all.tiff", &tiff(97), &SCALE), Err(ReadError::Holes { .. })));
}

#[test]
fn clipped_levels_are_holes() {
    let clip = |count: usize| {
        let data: Vec<u8> = (0..4096)
            .flat_map(|i: usize| if i.is_multiple_of(4096 / count) { u16::MAX } else { 1000 + (i % 64) as u16 * 50 }.to_be_bytes())
            .collect();
        png_of(64, 64, png::ColorType::Grayscale, png::BitDepth::Sixteen, &data)
    };
    let reading = read("clip.png", &clip(64), &SCALE).unwrap();
    assert!(
        matches!(reading.warnings[..], [MapWarning::Clipped { count: 64, .. }, MapWarning::Filled { count: 64, .. }]),
        "{:?}",
        reading.warnings
    );
    assert!(reading.map.range_um().1 < 2500.0);
    // A single pixel at the end is how a map scaled to its range looks.
    assert!(read("one.png", &clip(1), &SCALE).unwrap().warnings.is_empty());
    assert!(matches!(read("lots.png", &clip(512), &SCALE), Err(ReadError::Holes { .. })));
}

#[test]
fn coarse_steps_are_told() {
    let data: Vec<u8> = (0..1024).map(|i: u32| 100 + (i % 3) as u8).collect();
    let reading = read("8.png", &png_of(32, 32, png::ColorType::Grayscale, png::BitDepth::Eight, &data), &SCALE).unwrap();
    assert!(matches!(reading.warnings[..], [MapWarning::Quantised { step_um: 0.5, .. }]), "{:?}", reading.warnings);
}

#[test]
fn a_map_that_needs_too_much_memory_is_refused_before_it_is_read() {
    // The header of a PNG of 20 000 x 20 000 pixels, and nothing after it.
    let mut bytes = png_of(20, 20, png::ColorType::Grayscale, png::BitDepth::Eight, &[7; 400]);
    bytes[16..20].copy_from_slice(&20_000u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&20_000u32.to_be_bytes());
    let check = crc32fast::hash(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&check.to_be_bytes());
    let error = read("large.png", &bytes, &SCALE).unwrap_err();
    assert!(matches!(error, ReadError::TooLarge { columns: 20_000, rows: 20_000, .. }), "{error}");
    assert!(error.to_string().contains("400 million") && error.to_string().contains("every 4. pixel"), "{error}");
}

#[test]
fn what_is_no_map_is_named() {
    let says = |name: &str, bytes: &[u8], words: &str| {
        let error = read(name, bytes, &SCALE).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    says("wide.csv", "1\n2\n3\n".as_bytes(), "1 x 3 pixels");
    says("empty.csv", b"", "no numbers");
    says("junk", &[0xff, 0x00, 0x80, 0x0a, 0x99], "neither a picture nor a text");
    says("cut.png", &grey16()[..60], "damaged");
    says("cut.tiff", b"II*\0\x08\0\0\0", "cannot be read");
    says("a.x3p", b"PK\x03\x04rest", "X3P");
    says("b.sdf", b"bISO-1.0", "binary SDF");
    assert!(matches!(read_map(Path::new("/nowhere/map.png"), &SCALE), Err(ReadError::Io(_))));
    let zero = Scale { height_um: Some(0.0), ..SCALE };
    assert_eq!(read("zero.png", &grey16(), &zero), Err(ReadError::Height(0.0)));
    let none = Scale { pixel_um: Some(0.0), ..SCALE };
    assert!(matches!(read("none.png", &grey16(), &none), Err(ReadError::Map(_))));
}
