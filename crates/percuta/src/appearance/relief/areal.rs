//! Areal parameters of a surface after ISO 25178-2, with the filters and the area they belong to.

use rayon::prelude::*;
use serde::Serialize;

use super::autocorrelation::decay;
use super::{FilterError, Filtration, HeightMap};

/// Areal parameters of a scale-limited surface.
///
/// Heights count from the mean. A parameter without a value does not exist for that surface: shape and spacing of a flat
/// one, or the aspect of one that is correlated across half the map in some direction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ArealParameters {
    /// Arithmetic mean height Sa, µm.
    pub sa_um: f64,
    /// Root mean square height Sq, µm.
    pub sq_um: f64,
    /// Maximum height Sz, µm: highest peak to deepest pit.
    pub sz_um: f64,
    /// Maximum peak height Sp, µm.
    pub sp_um: f64,
    /// Maximum pit depth Sv, µm.
    pub sv_um: f64,
    /// Skewness Ssk, 1.
    pub ssk: Option<f64>,
    /// Kurtosis Sku, 1.
    pub sku: Option<f64>,
    /// Root mean square gradient Sdq, 1.
    pub sdq: f64,
    /// Developed interfacial area ratio Sdr: surface beyond the flat area, as a share of it.
    pub sdr: f64,
    /// Autocorrelation length Sal (to 0.2), µm.
    pub sal_um: Option<f64>,
    /// Texture aspect ratio Str (to 0.2): 1 the same in all directions, near 0 lines.
    pub str: Option<f64>,
    /// Direction of the slowest decay of the autocorrelation, degrees from x towards y: that in which lines run.
    pub lay_deg: Option<f64>,
}

/// Parameters with all that makes them comparable.
#[derive(Debug, Clone, PartialEq)]
pub struct ArealResult {
    /// The parameters.
    pub parameters: ArealParameters,
    /// What was filtered out before.
    pub filtration: Filtration,
    /// Evaluation area: width and length, µm.
    pub area_um: (f64, f64),
    /// Side of a pixel, µm.
    pub pixel_um: f64,
}

/// Filters a map and computes the parameters over all of it.
///
/// # Errors
/// Filters that do not fit the map.
pub fn areal(map: &HeightMap, filtration: &Filtration) -> Result<ArealResult, FilterError> {
    let surface = filtration.apply(map)?;
    Ok(ArealResult {
        parameters: parameters(&surface),
        filtration: *filtration,
        area_um: (map.width_um(), map.length_um()),
        pixel_um: map.pixel_um,
    })
}

/// The parameters of a surface whose mean height is 0.
fn parameters(surface: &HeightMap) -> ArealParameters {
    let n = surface.height_um.len() as f64;
    // Row sums are added in order, so that the threads do not show.
    let rows: Vec<[f64; 6]> = surface
        .height_um
        .par_chunks_exact(surface.columns)
        .enumerate()
        .map(|(r, row)| {
            let mut sums = [0.0; 6];
            for (c, &z) in row.iter().enumerate() {
                let (x, y) = surface.slope(r, c);
                let gradient = x * x + y * y;
                let z2 = z * z;
                let terms = [z.abs(), z2, z2 * z, z2 * z2, gradient, (1.0 + gradient).sqrt() - 1.0];
                sums.iter_mut().zip(terms).for_each(|(s, t)| *s += t);
            }
            sums
        })
        .collect();
    let mut sums = [0.0; 6];
    rows.iter().for_each(|row| sums.iter_mut().zip(row).for_each(|(s, r)| *s += r));
    let [sa, square, cube, fourth, gradient, developed] = sums.map(|s| s / n);
    let (low, high) = surface.range_um();
    let sq = square.sqrt();
    // What rounding leaves of a flat surface has no shape.
    let flat = sq <= 1e-12 * surface.pixel_um;
    let decay = if flat { None } else { decay(surface) };
    ArealParameters {
        sa_um: sa,
        sq_um: sq,
        sz_um: high - low,
        sp_um: high,
        sv_um: -low,
        ssk: (!flat).then(|| cube / sq.powi(3)),
        sku: (!flat).then(|| fourth / sq.powi(4)),
        sdq: gradient.sqrt(),
        sdr: developed,
        sal_um: decay.and_then(|d| d.shortest_um),
        str: decay.and_then(|d| Some(d.shortest_um? / d.longest_um?)),
        lay_deg: decay.map(|d| d.lay_deg),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appearance::relief::Form;
    use crate::appearance::relief::gaussian::transposed;
    use crate::appearance::relief::noise::normal;
    use rustfft::FftPlanner;
    use rustfft::num_complex::Complex;
    use std::f64::consts::{PI, TAU};

    const LEVEL: Filtration = Filtration { s_um: None, form: Form::Level, l_um: None };

    fn of(map: &HeightMap) -> ArealParameters {
        areal(map, &LEVEL).unwrap().parameters
    }

    /// Within half a per cent.
    fn close(name: &str, found: f64, exact: f64) {
        assert!((found - exact).abs() <= 0.005 * exact.abs().max(1e-9), "{name}: {found} for {exact}");
    }

    #[test]
    fn a_sine() {
        let (amplitude, period) = (12.0, 400.0);
        let p = of(&HeightMap::from_function(8000, 100, 2.0, |x, _| amplitude * (TAU * x / period).sin()).unwrap());
        close("Sa", p.sa_um, 2.0 / PI * amplitude);
        close("Sq", p.sq_um, amplitude / 2f64.sqrt());
        close("Sz", p.sz_um, 2.0 * amplitude);
        close("Sp", p.sp_um, amplitude);
        close("Sv", p.sv_um, amplitude);
        assert!(p.ssk.unwrap().abs() < 1e-6);
        close("Sku", p.sku.unwrap(), 1.5);
        let slope = amplitude * TAU / period;
        close("Sdq", p.sdq, slope / 2f64.sqrt());
        // The length of a sine's arc: mean of sqrt(1 + slope^2 cos^2), by the fine sum.
        let arc = (0..100_000).map(|i| (1.0 + (slope * (TAU * f64::from(i) / 100_000.0).cos()).powi(2)).sqrt()).sum::<f64>() / 100_000.0;
        close("Sdr", p.sdr, arc - 1.0);
        close("Sal", p.sal_um.unwrap(), period * 0.2f64.acos() / TAU);
        assert_eq!(p.str, None);
    }

    #[test]
    fn a_sine_times_a_sine() {
        let map = HeightMap::from_function(1600, 1600, 5.0, |x, y| 8.0 * (TAU * x / 200.0).sin() * (TAU * y / 200.0).sin()).unwrap();
        let p = of(&map);
        close("Sa", p.sa_um, 8.0 * (2.0 / PI).powi(2));
        close("Sq", p.sq_um, 4.0);
        close("Sku", p.sku.unwrap(), 2.25);
        close("Sdq", p.sdq, 8.0 * TAU / 200.0 / 2f64.sqrt());
        // Along the axes the cosine falls to 0.2, along the diagonal its square.
        let (axis, diagonal) = (0.2f64.acos(), 2f64.sqrt() * 0.2f64.sqrt().acos());
        close("Sal", p.sal_um.unwrap(), 200.0 / TAU * axis);
        close("Str", p.str.unwrap(), axis / diagonal);
    }

    #[test]
    fn steps() {
        let p = of(&HeightMap::from_function(400, 100, 1.0, |x, _| if (x / 50.0) as i64 % 2 == 0 { 3.0 } else { -3.0 }).unwrap());
        close("Sa", p.sa_um, 3.0);
        close("Sq", p.sq_um, 3.0);
        close("Sku", p.sku.unwrap(), 1.0);
        assert!(p.ssk.unwrap().abs() < 1e-9);
        // One part in five is a pit.
        let p = of(&HeightMap::from_function(400, 100, 1.0, |x, _| if (x / 20.0) as i64 % 5 == 0 { -10.0 } else { 0.0 }).unwrap());
        close("Sa", p.sa_um, 3.2);
        close("Sq", p.sq_um, 4.0);
        close("Sv", p.sv_um, 8.0);
        close("Ssk", p.ssk.unwrap(), -1.5);
    }

    #[test]
    fn a_ramp() {
        let p = of(&HeightMap::from_function(100, 100, 2.0, |x, y| 0.75 * x + 0.2 * y).unwrap());
        let gradient = 0.75f64 * 0.75 + 0.2 * 0.2;
        assert!((p.sdq - gradient.sqrt()).abs() < 1e-9);
        assert!((p.sdr - ((1.0 + gradient).sqrt() - 1.0)).abs() < 1e-9);
    }

    #[test]
    fn a_cap_of_a_sphere() {
        // A cap of radius 300 of a sphere of 500: area 2 pi R h, on a flat around it.
        let (sphere, rim) = (500.0f64, 300.0f64);
        let depth = sphere - (sphere * sphere - rim * rim).sqrt();
        let height = |r: f64| if r < rim { (sphere * sphere - r * r).sqrt() - sphere + depth } else { 0.0 };
        let p = of(&HeightMap::from_function(1000, 1000, 1.0, |x, y| height((x - 500.0).hypot(y - 500.0))).unwrap());
        close("Sz", p.sz_um, depth);
        close("Sdr", p.sdr, (TAU * sphere * depth - PI * rim * rim) / 1e6);
        // Volume of the cap is its mean height times the area.
        let mean = PI * depth * depth * (3.0 * sphere - depth) / 3.0 / 1e6;
        close("Sv", p.sv_um, mean);
    }

    /// A surface with autocorrelation exp(-(x/a)^2 - (y/b)^2) and nearly normal heights: the amplitude of every wave is that
    /// of the spectrum, its phase that of white noise.
    fn gaussian_surface(n: usize, a: f64, b: f64, sq: f64) -> HeightMap {
        let forward = FftPlanner::new().plan_fft_forward(n);
        let inverse = FftPlanner::new().plan_fft_inverse(n);
        let mut field: Vec<Complex<f64>> = (0..n * n).map(|i| Complex::new(normal(11, i as i64), 0.0)).collect();
        forward.process(&mut field);
        field = transposed(&field, n);
        forward.process(&mut field);
        let frequency = |k: usize| k.min(n - k) as f64 / n as f64;
        let mut power = 0.0;
        for (i, z) in field.iter_mut().enumerate() {
            let (fx, fy) = (frequency(i / n), frequency(i % n));
            let amplitude = if i == 0 { 0.0 } else { (-0.5 * PI * PI * ((a * fx).powi(2) + (b * fy).powi(2))).exp() };
            power += amplitude * amplitude;
            *z *= amplitude / z.norm();
        }
        inverse.process(&mut field);
        field = transposed(&field, n);
        inverse.process(&mut field);
        HeightMap::new(n, n, 1.0, field.iter().map(|z| sq / power.sqrt() * z.re).collect()).unwrap()
    }

    #[test]
    fn a_random_surface_of_known_autocorrelation() {
        let (a, b, sq) = (5.0f64, 10.0f64, 7.0);
        let p = of(&gaussian_surface(1024, a, b, sq));
        close("Sq", p.sq_um, sq);
        close("Sa", p.sa_um, sq * (2.0 / PI).sqrt());
        close("Sdq", p.sdq, sq * (2.0 / (a * a) + 2.0 / (b * b)).sqrt());
        close("Sal", p.sal_um.unwrap(), a * 5f64.ln().sqrt());
        close("Str", p.str.unwrap(), a / b);
        // Amplitudes without scatter leave kurtosis and skewness that of some thousand independent places.
        close("Sku", p.sku.unwrap(), 3.0);
        assert!(p.ssk.unwrap().abs() < 0.015, "{:?}", p.ssk);
        assert!((p.lay_deg.unwrap() - 90.0).abs() < 1.0, "{:?}", p.lay_deg);
    }

    #[test]
    fn a_flat_map_has_no_shape() {
        let p = of(&HeightMap::from_function(40, 40, 1.0, |_, _| 7.0).unwrap());
        assert_eq!((p.sq_um, p.sz_um, p.ssk, p.sku, p.sal_um, p.str), (0.0, 0.0, None, None, None, None));
    }

    #[test]
    fn the_result_says_what_it_belongs_to() {
        let map = HeightMap::from_function(500, 400, 10.0, |x, y| (x * 0.01).sin() + (y * 0.02).cos()).unwrap();
        let filtration = Filtration::usual(&map);
        let result = areal(&map, &filtration).unwrap();
        assert_eq!((result.area_um, result.pixel_um, result.filtration), ((5000.0, 4000.0), 10.0, filtration));
    }
}
