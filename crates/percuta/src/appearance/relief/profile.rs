//! Roughness of profiles across the lines (ISO 4287, lengths after ISO 4288), as skin profilometers report it.
//!
//! Parallel profiles are cut through the S-F surface at the distance of a pixel. Each loses its mean line (Gaussian,
//! cut-off lambda c) and is evaluated over its middle: up to five sampling lengths of one cut-off each.

use serde::Serialize;

use super::gaussian::LineFilter;
use super::{FilterError, Filtration, HeightMap};

/// Cut-offs of ISO 4288, µm.
const CUTOFFS_UM: [f64; 6] = [80.0, 250.0, 800.0, 2500.0, 8000.0, 25_000.0];
/// Sampling lengths that ISO 4288 asks for.
const SAMPLING_LENGTHS: usize = 5;
/// Fewest sampling lengths that the usual cut-off leaves: fewer are allowed by ISO 4288 where a part is short, and a patch of
/// skin is.
const LEAST_SAMPLING_LENGTHS: usize = 3;

/// How profiles are cut and filtered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfileSettings {
    /// Direction in which the profiles run, degrees from x towards y: across the lines.
    pub direction_deg: f64,
    /// Cut-off lambda c, µm.
    pub cutoff_um: f64,
}

/// Mean profile parameters, with all that makes them comparable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ProfileParameters {
    /// Arithmetic mean deviation Ra, µm: mean over sampling lengths and profiles.
    pub ra_um: f64,
    /// Root mean square deviation Rq, µm: mean over sampling lengths and profiles.
    pub rq_um: f64,
    /// Maximum height Rz, µm: mean over sampling lengths and profiles.
    pub rz_um: f64,
    /// Total height Rt over the evaluation length, µm: mean over profiles.
    pub rt_um: f64,
    /// Largest height within one sampling length, µm: mean over profiles.
    pub rmax_um: f64,
    /// Direction of the profiles, degrees from x towards y.
    pub direction_deg: f64,
    /// Cut-off lambda c and length of one sampling length, µm.
    pub cutoff_um: f64,
    /// Sampling lengths of each profile.
    pub sampling_lengths: usize,
    /// Number of profiles.
    pub profiles: usize,
}

impl ProfileSettings {
    /// The usual settings: across the lay, with the largest cut-off of ISO 4288 that leaves three sampling lengths.
    #[must_use]
    pub fn usual(map: &HeightMap, lay_deg: Option<f64>) -> Self {
        let direction_deg = (lay_deg.unwrap_or(90.0) + 90.0).rem_euclid(180.0);
        let length = Cut::new(map, direction_deg).points as f64 * map.pixel_um;
        let fits = |c: &&f64| LEAST_SAMPLING_LENGTHS as f64 * **c <= length * (1.0 + 1e-9);
        let cutoff_um = CUTOFFS_UM.iter().rev().find(fits).copied().unwrap_or(length / LEAST_SAMPLING_LENGTHS as f64);
        Self { direction_deg, cutoff_um }
    }
}

/// Profiles of one direction through a map.
struct Cut {
    /// Unit vector along the profiles.
    along: (f64, f64),
    /// Points of each profile.
    points: usize,
    profiles: usize,
}

impl Cut {
    fn new(map: &HeightMap, direction_deg: f64) -> Self {
        let (sine, cosine) = direction_deg.to_radians().sin_cos();
        // Along an axis the profiles are rows or columns; else they fill the largest square in the middle that fits.
        let (points, profiles) = if sine.abs() < 1e-9 {
            (map.columns, map.rows)
        } else if cosine.abs() < 1e-9 {
            (map.rows, map.columns)
        } else {
            let side = (map.columns.min(map.rows) as f64 / (sine.abs() + cosine.abs())) as usize;
            (side, side)
        };
        Self { along: (cosine, sine), points, profiles }
    }

    fn profile(&self, map: &HeightMap, which: usize) -> Vec<f64> {
        let (cosine, sine) = self.along;
        let off = which as f64 - 0.5 * (self.profiles - 1) as f64;
        let place = |k: usize| {
            let on = k as f64 - 0.5 * (self.points - 1) as f64;
            let (x, y) = (on * cosine - off * sine, on * sine + off * cosine);
            (0.5 * map.width_um() + x * map.pixel_um, 0.5 * map.length_um() + y * map.pixel_um)
        };
        (0..self.points).map(place).map(|(x, y)| map.at(x, y)).collect()
    }
}

/// Cuts profiles through a map and evaluates them; of the filtration S-filter and form count, and the cut-off takes the
/// place of the L-filter.
///
/// # Errors
/// A cut-off below four pixels or beyond the profiles, or an S-filter that does not fit the map.
pub fn profile(map: &HeightMap, filtration: &Filtration, settings: &ProfileSettings) -> Result<ProfileParameters, FilterError> {
    let surface = Filtration { l_um: None, ..*filtration }.apply(map)?;
    let cut = Cut::new(&surface, settings.direction_deg);
    let (cutoff, pixel_um) = (settings.cutoff_um, surface.pixel_um);
    let length_um = cut.points as f64 * pixel_um;
    if cutoff.is_nan() || cutoff < 4.0 * pixel_um {
        return Err(FilterError::TooFine { filter: "cut-off of the profiles", index_um: cutoff, pixel_um });
    }
    let within = (length_um / cutoff * (1.0 + 1e-9)) as usize;
    if within == 0 {
        return Err(FilterError::TooCoarse { filter: "cut-off of the profiles", index_um: cutoff, side_um: length_um });
    }
    let sampling_lengths = within.min(SAMPLING_LENGTHS);
    let filter = LineFilter::new(cut.points, pixel_um, cutoff);
    let (sample, mut sums) = (cutoff / pixel_um, [0.0; 5]);
    let first = 0.5 * (cut.points as f64 - sample * sampling_lengths as f64);
    for which in 0..cut.profiles {
        let mut line = cut.profile(&surface, which);
        let mut mean = line.clone();
        filter.apply(&mut mean);
        line.iter_mut().zip(&mean).for_each(|(z, m)| *z -= m);
        let mut total = (f64::INFINITY, f64::NEG_INFINITY);
        let mut largest = 0.0f64;
        for n in 0..sampling_lengths {
            let border = |n: usize| ((first + sample * n as f64).round().max(0.0) as usize).min(cut.points);
            let part = &line[border(n)..border(n + 1)];
            let count = part.len() as f64;
            let (low, high) = part.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &z| (l.min(z), h.max(z)));
            sums[0] += part.iter().map(|z| z.abs()).sum::<f64>() / count;
            sums[1] += (part.iter().map(|z| z * z).sum::<f64>() / count).sqrt();
            sums[2] += high - low;
            largest = largest.max(high - low);
            total = (total.0.min(low), total.1.max(high));
        }
        sums[3] += total.1 - total.0;
        sums[4] += largest;
    }
    let (profiles, parts) = (cut.profiles as f64, (cut.profiles * sampling_lengths) as f64);
    Ok(ProfileParameters {
        ra_um: sums[0] / parts,
        rq_um: sums[1] / parts,
        rz_um: sums[2] / parts,
        rt_um: sums[3] / profiles,
        rmax_um: sums[4] / profiles,
        direction_deg: settings.direction_deg,
        cutoff_um: cutoff,
        sampling_lengths,
        profiles: cut.profiles,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appearance::relief::Form;
    use std::f64::consts::{PI, TAU};

    const LEVEL: Filtration = Filtration { s_um: None, form: Form::Level, l_um: None };

    fn close(found: f64, exact: f64) {
        assert!((found / exact - 1.0).abs() < 0.005, "{found} for {exact}");
    }

    #[test]
    fn a_sine_across_its_lines() {
        for direction in [0.0f64, 90.0, 30.0] {
            let (sine, cosine) = direction.to_radians().sin_cos();
            let map = HeightMap::from_function(1400, 1400, 10.0, |x, y| 50.0 * (TAU * (x * cosine + y * sine) / 250.0).sin()).unwrap();
            let settings = ProfileSettings { direction_deg: direction, cutoff_um: 2500.0 };
            let p = profile(&map, &LEVEL, &settings).unwrap();
            // The cut-off takes 2^-100 of it: nothing.
            close(p.ra_um, 50.0 * 2.0 / PI);
            close(p.rq_um, 50.0 / 2f64.sqrt());
            close(p.rz_um, 100.0);
            close(p.rt_um, 100.0);
            assert_eq!(p.sampling_lengths, if direction == 30.0 { 4 } else { 5 });
        }
    }

    #[test]
    fn rz_is_a_mean_where_rt_is_the_whole() {
        let map = HeightMap::from_function(1250, 20, 10.0, |x, _| if (x - 6250.0).abs() < 50.0 { -80.0 } else { 0.0 }).unwrap();
        let p = profile(&map, &LEVEL, &ProfileSettings { direction_deg: 0.0, cutoff_um: 2500.0 }).unwrap();
        assert_eq!(p.sampling_lengths, 5);
        assert!(p.rt_um > 79.0 && (p.rt_um - p.rmax_um).abs() < 3.0);
        assert!(p.rz_um < 0.3 * p.rt_um, "{p:?}");
    }

    #[test]
    fn the_usual_cut_off_leaves_three_sampling_lengths() {
        let of = |side: usize| ProfileSettings::usual(&HeightMap::from_function(side, side, 10.0, |_, _| 0.0).unwrap(), Some(0.0));
        assert_eq!(of(1000), ProfileSettings { direction_deg: 90.0, cutoff_um: 2500.0 });
        assert_eq!(of(700).cutoff_um, 800.0);
        assert_eq!(of(18).cutoff_um, 60.0);
    }

    #[test]
    fn cut_offs_that_do_not_fit_are_refused() {
        let map = HeightMap::from_function(100, 100, 10.0, |x, _| x).unwrap();
        let with = |cutoff_um| profile(&map, &LEVEL, &ProfileSettings { direction_deg: 0.0, cutoff_um });
        assert!(matches!(with(30.0), Err(FilterError::TooFine { .. })));
        assert!(matches!(with(2000.0), Err(FilterError::TooCoarse { .. })));
        assert!(with(1000.0).is_ok());
    }
}
