//! Melanin, blood, oxygenation and scattering of a measured spectrum.

use super::search::{Found, descend};
use super::{FitError, Specular};
use crate::appearance::light::{LightError, LitTissue, Optics, Range, Spectrum, SpectrumError, published_ranges};

/// Wavelengths that are used, nm: those of colour.
const USED_NM: (f64, f64) = (380.0, 780.0);
/// Fewest points of a spectrum: two more than there are parameters.
const LEAST: usize = 6;
/// Closer points are averaged, nm.
const SPACING_NM: f64 = 5.0;
/// Quantile of the normal distribution at the ends of a 90 % interval.
const Z90: f64 = 1.645;
/// An interval that is wider, as a ratio of its ends, is no determination; for oxygenation as a difference.
const WIDE_RATIO: f64 = 3.0;
const WIDE_SHARE: f64 = 0.5;
/// Melanosome fractions from which the search may start; the best one is taken.
const STARTS: [f64; 4] = [0.01, 0.03, 0.1, 0.3];
/// Bounds of the search, far outside what skin has: melanosome and blood fraction, oxygenation, scattering factor.
const LOW: [f64; 4] = [1e-4, 1e-5, 0.005, 0.05];
const HIGH: [f64; 4] = [2.0, 0.5, 0.995, 20.0];

/// A quantity that was fitted.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Estimate {
    /// Best value.
    pub value: f64,
    /// 90 % interval: of one fit from its residuals, as if they were independent, which they are not, so that it is too narrow; of
    /// [`Members`](super::Members) with what constants and layers that are not known add to it.
    pub low: f64,
    /// Its other end.
    pub high: f64,
    /// The interval is too wide to mean much.
    pub badly_determined: bool,
    /// The value lies outside what has been published.
    pub outside_published: bool,
}

/// What explains a spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct SpectrumFit {
    /// Volume fraction of melanosomes in the viable epidermis.
    pub melanosome_fraction: Estimate,
    /// Volume fraction of blood in the dermis.
    pub blood_fraction: Estimate,
    /// Share of the haemoglobin that carries oxygen.
    pub oxygenation: Estimate,
    /// Reduced scattering coefficient of the dermis at 500 nm, 1/mm.
    pub scattering_per_mm: Estimate,
    /// The tissue of these values.
    pub tissue: LitTissue,
    /// Its reflectance at the wavelengths that were used.
    pub predicted: Spectrum,
    /// Root of the mean squared difference of the reflectances.
    pub residual: f64,
}

/// Fits melanosome fraction, blood fraction, oxygenation and scattering of `like` to a measured spectrum; layers and the distribution of
/// melanin and blood stay those of `like`. Points outside 380 to 780 nm are left out.
///
/// # Errors
/// Too few points, or a tissue or constants that are none.
pub fn fit_spectrum(optics: &Optics, like: &LitTissue, measured: &Spectrum, specular: Specular) -> Result<SpectrumFit, FitError> {
    let used = used(measured)?;
    let missing = specular.missing(optics);
    let reflectances = |at: &[f64; 4]| optics.reflectances(&tissue(like, at), &used.wavelength_nm);
    let residuals = |at: &[f64; 4]| -> Result<Vec<f64>, LightError> {
        Ok(reflectances(at)?.iter().zip(&used.reflectance).map(|(r, m)| r - missing - m).collect())
    };
    let from = |fraction| encode([fraction, like.mean_blood_fraction(), like.oxygenation, like.scattering_factor]);
    let squares = |at: &[f64; 4]| -> Result<f64, LightError> { Ok(residuals(at)?.iter().map(|r| r * r).sum()) };
    let mut start = (f64::INFINITY, from(STARTS[0]));
    for at in STARTS.map(from) {
        let s = squares(&at)?;
        if s < start.0 {
            start = (s, at);
        }
    }
    let found = descend(residuals, start.1, encode(LOW), encode(HIGH))?;
    let ranges = published_ranges();
    let spread = found.covariance();
    let estimate = |k: usize, unit: f64, range: Range| estimate(&found, spread.as_ref().map(|c| c[k][k].sqrt()), k, unit, range);
    let reflectance = reflectances(&found.at)?.iter().map(|r| r - missing).collect();
    Ok(SpectrumFit {
        melanosome_fraction: estimate(0, 1.0, ranges.melanosome_fraction),
        blood_fraction: estimate(1, 1.0, ranges.blood_fraction),
        oxygenation: estimate(2, 1.0, ranges.oxygenation),
        scattering_per_mm: estimate(3, optics.dermis_scattering_per_mm(1.0), ranges.scattering_per_mm),
        tissue: tissue(like, &found.at),
        residual: (found.squares() / used.wavelength_nm.len() as f64).sqrt(),
        predicted: Spectrum { wavelength_nm: used.wavelength_nm.clone(), reflectance },
    })
}

/// The points that are used, averaged where they lie close.
pub(crate) fn used(measured: &Spectrum) -> Result<Spectrum, SpectrumError> {
    let mut used = Spectrum { wavelength_nm: Vec::new(), reflectance: Vec::new() };
    let mut count = 0.0;
    let mut first = f64::NEG_INFINITY;
    for (&nm, &r) in measured.wavelength_nm.iter().zip(&measured.reflectance).filter(|(nm, _)| (USED_NM.0..=USED_NM.1).contains(*nm)) {
        if let (true, Some(w), Some(m)) = (nm < first + SPACING_NM, used.wavelength_nm.last_mut(), used.reflectance.last_mut()) {
            count += 1.0;
            *w += (nm - *w) / count;
            *m += (r - *m) / count;
        } else {
            (count, first) = (1.0, nm);
            used.wavelength_nm.push(nm);
            used.reflectance.push(r);
        }
    }
    let found = used.wavelength_nm.len();
    if found < LEAST { Err(SpectrumError::Few { found, least: LEAST }) } else { Ok(used) }
}

/// The tissue of a place of the search.
fn tissue(like: &LitTissue, at: &[f64; 4]) -> LitTissue {
    let [melanin, blood, oxygenation, scattering_factor] = decode(at);
    let scaled = like.scaled(melanin / like.mean_melanosome_fraction(), blood / like.mean_blood_fraction());
    LitTissue { oxygenation, scattering_factor, ..scaled }
}

/// Fractions by their logarithm, oxygenation by its logit.
fn encode([melanin, blood, oxygenation, scattering]: [f64; 4]) -> [f64; 4] {
    [melanin.ln(), blood.ln(), (oxygenation / (1.0 - oxygenation)).ln(), scattering.ln()]
}

fn decode(at: &[f64; 4]) -> [f64; 4] {
    [at[0].exp(), at[1].exp(), 1.0 / (1.0 + (-at[2]).exp()), at[3].exp()]
}

/// Parameter `k` in units of `unit`, with the interval of its standard error.
fn estimate(found: &Found<4>, error: Option<f64>, k: usize, unit: f64, range: Range) -> Estimate {
    let reach = Z90 * error.unwrap_or(f64::INFINITY);
    let moved = |by: f64| {
        let mut at = found.at;
        at[k] += by;
        unit * decode(&at)[k]
    };
    let (value, low, high) = (moved(0.0), moved(-reach), moved(reach));
    let mut estimate = Estimate { value, low, high, badly_determined: false, outside_published: !range.contains(value) };
    estimate.badly_determined = if k == 2 { estimate.wide_share() } else { estimate.wide() };
    estimate
}

impl Estimate {
    pub(super) fn wide(&self) -> bool {
        self.high > WIDE_RATIO * self.low
    }

    pub(super) fn wide_share(&self) -> bool {
        self.high - self.low > WIDE_SHARE
    }
}
