//! Pictures of pixels in a figure, in drawings of at most 256 colours so that pages stay small.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kuva::render::render::Primitive;

use super::palette::Palette;

/// A picture in true colour, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Pixels a row.
    pub width: usize,
    /// Red, green and blue of each pixel.
    pub pixels: Vec<[u8; 3]>,
}

impl Image {
    /// A picture of one colour.
    pub fn filled(width: usize, height: usize, colour: [u8; 3]) -> Self {
        Self { width, pixels: vec![colour; width * height] }
    }

    /// Number of rows.
    pub fn height(&self) -> usize {
        self.pixels.len() / self.width.max(1)
    }

    /// The picture in a PNG of eight bits a channel; transparency is dropped.
    pub fn decoded(bytes: &[u8]) -> Result<Self, png::DecodingError> {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info()?;
        let mut data = vec![0; reader.output_buffer_size().unwrap_or(0)];
        let frame = reader.next_frame(&mut data)?;
        let pixels = data.chunks_exact(frame.color_type.samples());
        Ok(Self { width: frame.width as usize, pixels: pixels.map(|p| [p[0], p[1 % p.len()], p[2 % p.len()]]).collect() })
    }

    /// The picture as PNG in true colour.
    pub fn png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, self.height() as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(self.pixels.as_flattened())?;
        writer.finish()?;
        Ok(bytes)
    }

    /// Lays another picture over this one, its upper left corner at (x, y).
    pub fn paste(&mut self, other: &Self, (x, y): (usize, usize)) {
        let wide = other.width.min(self.width.saturating_sub(x));
        for (row, pixels) in other.pixels.chunks(other.width.max(1)).enumerate() {
            let from = (y + row) * self.width + x;
            if let Some(target) = self.pixels.get_mut(from..from + wide) {
                target.copy_from_slice(&pixels[..wide]);
            }
        }
    }

    /// The picture at another width, its pixels averaged where it gets smaller.
    pub fn resized(&self, width: usize) -> Self {
        let step = self.width as f64 / width.max(1) as f64;
        let height = (self.height() as f64 / step).round() as usize;
        // Places within a pixel at which the picture is looked up.
        let parts = step.ceil().max(1.0) as usize;
        let pixels = (0..width * height).map(|k| {
            let mut sum = [0.0; 3];
            for part in 0..parts * parts {
                let at = |k: usize, part: usize| (k as f64 + (part as f64 + 0.5) / parts as f64) * step;
                let colour = self.at(at(k % width, part % parts), at(k / width, part / parts));
                sum = [0, 1, 2].map(|c| sum[c] + colour[c]);
            }
            sum.map(|v| (v / (parts * parts) as f64).round() as u8)
        });
        Self { width, pixels: pixels.collect() }
    }

    /// The colour at a place in pixels, between the middles of the pixels; the border goes on beyond the picture.
    pub fn at(&self, x: f64, y: f64) -> [f64; 3] {
        let place = |v: f64, n: usize| {
            let v = (v - 0.5).clamp(0.0, n.saturating_sub(1) as f64);
            let low = v.floor();
            (low as usize, (low as usize + 1).min(n.saturating_sub(1)), v - low)
        };
        let ((x0, x1, u), (y0, y1, v)) = (place(x, self.width), place(y, self.height()));
        let pixel = |x: usize, y: usize, c: usize| f64::from(self.pixels[y * self.width + x][c]);
        [0, 1, 2].map(|c| {
            let (top, bottom) = (pixel(x0, y0, c) * (1.0 - u) + pixel(x1, y0, c) * u, pixel(x0, y1, c) * (1.0 - u) + pixel(x1, y1, c) * u);
            top * (1.0 - v) + bottom * v
        })
    }
}

/// A picture at its place on a page, with the indexed colours it has in drawings.
pub struct Bitmap {
    x: f64,
    y: f64,
    /// Units of the page a pixel.
    unit: f64,
    width: usize,
    image: Image,
    palette: Vec<[u8; 3]>,
    indices: Vec<u8>,
}

impl Bitmap {
    /// A picture with its upper left corner at (x, y), drawn in so many units a pixel.
    pub fn new((x, y): (f64, f64), unit: f64, image: &Image) -> Self {
        let palette = Palette::of([image], 256);
        let indices = image.pixels.iter().map(|&p| palette.index(p)).collect();
        Self { x, y, unit, width: image.width, image: image.clone(), palette: palette.colours, indices }
    }

    /// The same with the error of each colour handed on to the pixels after it (Floyd & Steinberg 1976, Proc SID 17:75), for
    /// photographs, in which few colours would show as steps.
    pub fn diffused((x, y): (f64, f64), unit: f64, image: &Image) -> Self {
        let palette = Palette::of([image], 256);
        let width = image.width;
        let mut indices = Vec::with_capacity(image.pixels.len());
        let (mut here, mut below) = (vec![[0i32; 3]; width + 2], vec![[0i32; 3]; width + 2]);
        for row in image.pixels.chunks(width.max(1)) {
            for (column, pixel) in row.iter().enumerate() {
                // Errors are kept in sixteenths.
                let wanted = [0, 1, 2].map(|c| i32::from(pixel[c]) + (here[column + 1][c] + 8).div_euclid(16));
                let index = palette.index(wanted.map(|v| v.clamp(0, 255) as u8));
                for c in 0..3 {
                    let off = wanted[c] - i32::from(palette.colours[usize::from(index)][c]);
                    here[column + 2][c] += 7 * off;
                    below[column][c] += 3 * off;
                    below[column + 1][c] += 5 * off;
                    below[column + 2][c] += off;
                }
                indices.push(index);
            }
            std::mem::swap(&mut here, &mut below);
            below.fill([0; 3]);
        }
        Self { x, y, unit, width, image: image.clone(), palette: palette.colours, indices }
    }

    fn height(&self) -> usize {
        self.indices.len() / self.width.max(1)
    }

    /// A black rectangle in the place of the picture.
    pub fn blank(&self) -> Primitive {
        let (w, h) = (self.unit * self.width as f64, self.unit * self.height() as f64);
        Primitive::Rect {
            x: self.x,
            y: self.y,
            width: w,
            height: h,
            fill: "#000000".into(),
            stroke: None,
            stroke_width: None,
            opacity: None,
        }
    }

    /// The pixels of a sheet that the picture covers, at so many pixels a unit, and their colours.
    pub fn pixels(&self, scale: f64, (wide, high): (usize, usize)) -> impl Iterator<Item = (usize, usize, [f64; 3])> + '_ {
        let span = |from: f64, pixels: usize, most: usize| {
            let first = (from * scale).floor().max(0.0) as usize;
            first..(((from + self.unit * pixels as f64) * scale).ceil() as usize).min(most)
        };
        let (columns, rows) = (span(self.x, self.width, wide), span(self.y, self.height(), high));
        let place = move |k: usize, from: f64| ((k as f64 + 0.5) / scale - from) / self.unit;
        rows.flat_map(move |y| columns.clone().map(move |x| (x, y)))
            .map(move |(x, y)| (x, y, self.image.at(place(x, self.x), place(y, self.y))))
    }

    /// An SVG element with the picture inside.
    pub fn svg(&self) -> Result<String, png::EncodingError> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, self.height() as u32);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(self.palette.concat());
        encoder.set_compression(png::Compression::High);
        encoder.set_filter(png::Filter::NoFilter);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.indices)?;
        writer.finish()?;
        let data = STANDARD.encode(&bytes);
        let (x, y, w, h) = (self.x, self.y, self.unit * self.width as f64, self.unit * self.height() as f64);
        Ok(format!("<image x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" href=\"data:image/png;base64,{data}\"/>"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photograph_keeps_its_colours_on_average() {
        let pixels = (0..64 * 64u32).map(|i| [(120 + i % 64) as u8, (90 + i / 64) as u8, (70 + i % 7 * 3) as u8]).collect();
        let image = Image { width: 64, pixels };
        let bitmap = Bitmap::diffused((0.0, 0.0), 1.0, &image);
        for c in 0..3 {
            let wanted: i64 = image.pixels.iter().map(|p| i64::from(p[c])).sum();
            let shown: i64 = bitmap.indices.iter().map(|&i| i64::from(bitmap.palette[usize::from(i)][c])).sum();
            assert!((wanted - shown).abs() < 64 * 64 / 10, "{wanted} {shown}");
        }
    }

    #[test]
    fn true_colours_come_back_from_their_file() {
        let image = Image { width: 3, pixels: vec![[1, 2, 3], [200, 10, 90], [7, 7, 7], [0, 0, 0], [255, 255, 255], [9, 8, 7]] };
        assert_eq!(Image::decoded(&image.png().unwrap()).unwrap(), image);
    }

    #[test]
    fn colours_between_pixels_are_mixed() {
        let image = Image { width: 2, pixels: vec![[0, 0, 0], [100, 0, 0], [0, 0, 0], [100, 200, 0]] };
        assert_eq!(image.at(0.5, 0.5), [0.0, 0.0, 0.0]);
        assert_eq!(image.at(1.0, 1.0), [50.0, 50.0, 0.0]);
        assert_eq!(image.at(9.0, 9.0), [100.0, 200.0, 0.0]);
    }
}
