//! Height maps as pictures: PNG and TIFF.

use std::io::{BufRead, Seek};

use tiff::decoder::ifd::Value;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;

use super::{MOST_PIXELS, Raw, ReadError, check_size, scale_in};

/// Memory that a decoder may ask for beside the pixels, bytes.
const DECODER_BYTES: usize = 256 << 20;

pub(super) fn png(source: impl BufRead + Seek) -> Result<Raw, ReadError> {
    let broken = |e: png::DecodingError| ReadError::Format(format!("the PNG is damaged: {e}"));
    let mut decoder = png::Decoder::new(source);
    decoder.set_limits(png::Limits { bytes: DECODER_BYTES });
    let header = decoder.read_header_info().map_err(broken)?;
    check_size(header.width.into(), header.height.into())?;
    let samples = match header.color_type {
        png::ColorType::Grayscale => 1,
        png::ColorType::GrayscaleAlpha => 2,
        png::ColorType::Indexed => return Err(ReadError::Colour("in colours of a palette".into())),
        png::ColorType::Rgb | png::ColorType::Rgba => return Err(ReadError::Colour("in colour".into())),
    };
    let bits = header.bit_depth as usize;
    if bits < 8 {
        return Err(ReadError::Format(format!("a PNG of {bits} bits has no more than {} heights", 1 << bits)));
    }
    let mut reader = decoder.read_info().map_err(broken)?;
    let size = reader.output_buffer_size().ok_or_else(|| ReadError::Format("the PNG is too large".into()))?;
    let mut bytes = vec![0; size];
    let frame = reader.next_frame(&mut bytes).map_err(broken)?;
    let bytes = &bytes[..frame.buffer_size()];
    let level = |b: &[u8]| if bits == 16 { f64::from(u16::from_be_bytes([b[0], b[1]])) } else { f64::from(b[0]) };
    let width = bits / 8;
    let value = |pixel: &[u8]| {
        // What is not opaque has no height.
        let opaque = samples == 1 || level(&pixel[width..]) > 0.0;
        if opaque { level(pixel) } else { f64::NAN }
    };
    let info = reader.info();
    let texts = info.uncompressed_latin1_text.iter().map(|t| (&t.keyword, &t.text));
    let (pixel, height_um) = texts.filter(|(k, _)| *k == "percuta").map(|(_, text)| scale_in(text)).next().unwrap_or_default();
    let from_density = info.pixel_dims.filter(|d| d.unit == png::Unit::Meter && d.xppu > 0 && d.yppu > 0);
    let from_density = from_density.map(|d| (1e6 / f64::from(d.xppu), 1e6 / f64::from(d.yppu), "the PNG's pixels per metre"));
    Ok(Raw {
        columns: frame.width as usize,
        rows: frame.height as usize,
        values: bytes.chunks_exact(width * samples).map(value).collect(),
        levels: Some((0.0, f64::from(if bits == 16 { u32::from(u16::MAX) } else { u32::from(u8::MAX) }))),
        pixel_um: pixel.map(|p| (p, p, "the file's own note")).or(from_density),
        height_um,
    })
}

pub(super) fn tiff(source: impl BufRead + Seek) -> Result<Raw, ReadError> {
    let broken = |e: tiff::TiffError| ReadError::Format(format!("the TIFF cannot be read: {e}"));
    let mut limits = Limits::default();
    limits.decoding_buffer_size = 8 * MOST_PIXELS as usize;
    limits.intermediate_buffer_size = 8 * MOST_PIXELS as usize;
    let mut decoder = Decoder::new(source).map_err(broken)?.with_limits(limits);
    let (columns, rows) = decoder.dimensions().map_err(broken)?;
    check_size(columns.into(), rows.into())?;
    match decoder.colortype().map_err(broken)? {
        tiff::ColorType::Gray(_) => {}
        tiff::ColorType::Multiband { num_samples: 1, .. } => {}
        tiff::ColorType::Palette(_) => return Err(ReadError::Colour("in colours of a palette".into())),
        other => return Err(ReadError::Colour(format!("in colour ({other:?})"))),
    }
    let description = decoder.find_tag(Tag::ImageDescription).ok().flatten().and_then(|v| v.into_string().ok()).unwrap_or_default();
    let (pixel, height_um) = scale_in(&description);
    let resolution = resolution(&mut decoder, &description);
    let whole = |low: f64, high: f64| Some((low, high));
    let (values, levels): (Vec<f64>, _) = match decoder.read_image().map_err(broken)? {
        DecodingResult::U8(v) => (v.into_iter().map(f64::from).collect(), whole(0.0, u8::MAX.into())),
        DecodingResult::U16(v) => (v.into_iter().map(f64::from).collect(), whole(0.0, u16::MAX.into())),
        DecodingResult::U32(v) => (v.into_iter().map(f64::from).collect(), whole(0.0, u32::MAX.into())),
        DecodingResult::I8(v) => (v.into_iter().map(f64::from).collect(), whole(i8::MIN.into(), i8::MAX.into())),
        DecodingResult::I16(v) => (v.into_iter().map(f64::from).collect(), whole(i16::MIN.into(), i16::MAX.into())),
        DecodingResult::I32(v) => (v.into_iter().map(f64::from).collect(), whole(i32::MIN.into(), i32::MAX.into())),
        DecodingResult::F32(v) => (v.into_iter().map(f64::from).collect(), None),
        DecodingResult::F64(v) => (v, None),
        DecodingResult::F16(v) => (v.into_iter().map(f64::from).collect(), None),
        DecodingResult::U64(_) | DecodingResult::I64(_) => {
            return Err(ReadError::Format("a TIFF of 64-bit whole numbers is not read".into()));
        }
    };
    Ok(Raw {
        columns: columns as usize,
        rows: rows as usize,
        values,
        levels,
        pixel_um: pixel.map(|p| (p, p, "the file's own note")).or(resolution),
        height_um,
    })
}

/// Sides of a pixel by the TIFF's resolution tags, µm. A unit that the tags do not have stands in the description of ImageJ.
fn resolution(decoder: &mut Decoder<impl BufRead + Seek>, description: &str) -> Option<(f64, f64, &'static str)> {
    let mut per_unit = |tag| match decoder.find_tag(tag).ok().flatten()? {
        Value::Rational(a, b) if a > 0 && b > 0 => Some(f64::from(a) / f64::from(b)),
        _ => None,
    };
    let (x, y) = (per_unit(Tag::XResolution)?, per_unit(Tag::YResolution)?);
    let unit = decoder.find_tag_unsigned::<u16>(Tag::ResolutionUnit).ok().flatten().unwrap_or(2);
    let unit_um = match unit {
        2 => 25_400.0,
        3 => 10_000.0,
        _ => match description.lines().find_map(|line| line.trim().strip_prefix("unit="))?.trim() {
            "micron" | "um" | "µm" | "\\u00B5m" => 1.0,
            "mm" => 1000.0,
            "cm" => 10_000.0,
            "inch" => 25_400.0,
            _ => return None,
        },
    };
    Some((unit_um / x, unit_um / y, "the TIFF's resolution"))
}
