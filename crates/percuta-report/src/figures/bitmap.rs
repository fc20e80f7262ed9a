//! Pictures of pixels in a figure, in at most 256 colours so that files stay small.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kuva::render::color::Color;
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

/// A picture of indexed colours at its place on a page.
pub struct Bitmap {
    x: f64,
    y: f64,
    /// Units of the page a pixel.
    unit: f64,
    width: usize,
    palette: Vec<[u8; 3]>,
    indices: Vec<u8>,
}

impl Bitmap {
    /// A picture with its upper left corner at (x, y), drawn in so many units a pixel.
    pub fn new((x, y): (f64, f64), unit: f64, image: &Image) -> Self {
        let palette = Palette::of([image], 256);
        let indices = image.pixels.iter().map(|&p| palette.index(p)).collect();
        Self { x, y, unit, width: image.width, palette: palette.colours, indices }
    }

    fn height(&self) -> usize {
        self.indices.len() / self.width.max(1)
    }

    /// Rectangles for the renderer of pixels, which has no pictures; equal neighbours are one.
    pub fn rectangles(&self) -> Primitive {
        let (mut x, mut y, mut w, mut fills) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (row, indices) in self.indices.chunks(self.width.max(1)).enumerate() {
            let mut column = 0;
            for run in indices.chunk_by(|a, b| a == b) {
                let [red, green, blue] = self.palette[usize::from(run[0])];
                x.push(self.x + self.unit * column as f64);
                y.push(self.y + self.unit * row as f64);
                w.push(self.unit * run.len() as f64);
                fills.push(Color::Rgb(red, green, blue));
                column += run.len();
            }
        }
        Primitive::RectBatch { h: vec![self.unit; x.len()], x, y, w, fills }
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
    fn colours_between_pixels_are_mixed() {
        let image = Image { width: 2, pixels: vec![[0, 0, 0], [100, 0, 0], [0, 0, 0], [100, 200, 0]] };
        assert_eq!(image.at(0.5, 0.5), [0.0, 0.0, 0.0]);
        assert_eq!(image.at(1.0, 1.0), [50.0, 50.0, 0.0]);
        assert_eq!(image.at(9.0, 9.0), [100.0, 200.0, 0.0]);
    }
}
