//! Pictures one after another in one PNG (APNG), small enough for a report.

use super::super::bitmap::Image;
use super::super::palette::Palette;

/// Largest error of a channel that is left standing from the frame before, so that only what moves is stored.
const STILL: u8 = 11;
/// Pictures from which the colours are chosen.
const SAMPLES: usize = 8;

/// An endless animation of pictures of one size, each shown so many ms.
pub fn apng(frames: &[Image], shown_ms: &[u16]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let Some(first) = frames.first() else { return Ok(bytes) };
    let palette = Palette::of(frames.iter().step_by(frames.len().div_ceil(SAMPLES)), 255);
    let mut encoder = png::Encoder::new(&mut bytes, first.width as u32, first.height() as u32);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    // The first entry is transparent: what it covers stays.
    encoder.set_palette([&[[0; 3]], palette.colours.as_slice()].concat().concat());
    encoder.set_trns(vec![0]);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_animated(frames.len() as u32, 0)?;
    encoder.set_blend_op(png::BlendOp::Over)?;
    encoder.set_dispose_op(png::DisposeOp::None)?;
    let mut writer = encoder.write_header()?;
    let mut standing: Vec<Option<[u8; 3]>> = vec![None; first.pixels.len()];
    for (i, frame) in frames.iter().enumerate() {
        writer.set_frame_delay(shown_ms.get(i).copied().unwrap_or(250), 1000)?;
        let draw = |(pixel, stands): (&[u8; 3], &mut Option<[u8; 3]>)| {
            if stands.is_some_and(|s| (0..3).all(|c| s[c].abs_diff(pixel[c]) <= STILL)) {
                return 0;
            }
            let index = palette.index(*pixel);
            *stands = palette.colours.get(usize::from(index)).copied();
            index + 1
        };
        let indices: Vec<u8> = frame.pixels.iter().zip(&mut standing).map(draw).collect();
        writer.write_image_data(&indices)?;
    }
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_decodes_to_the_frames_that_went_in() {
        let frame = |k: u8| Image { width: 4, pixels: (0..12u8).map(|i| if i < k { [250, 20, 20] } else { [20, 20, 20 + i] }).collect() };
        let frames: Vec<Image> = (0..5).map(frame).collect();
        let bytes = apng(&frames, &[500, 100, 100, 100, 900]).unwrap();
        let mut decoder = png::Decoder::new(std::io::Cursor::new(&bytes));
        decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().unwrap();
        let animation = *reader.info().animation_control().unwrap();
        assert_eq!((animation.num_frames, animation.num_plays), (5, 0));
        let mut seen = frames[0].pixels.clone();
        for frame in &frames {
            let mut data = vec![0; reader.output_buffer_size().unwrap()];
            reader.next_frame(&mut data).unwrap();
            for (pixel, new) in seen.iter_mut().zip(data.chunks_exact(4)) {
                if new[3] > 0 {
                    *pixel = [new[0], new[1], new[2]];
                }
            }
            for (a, b) in seen.iter().zip(&frame.pixels) {
                assert!((0..3).all(|c| a[c].abs_diff(b[c]) <= STILL), "{a:?} for {b:?}");
            }
        }
    }
}
