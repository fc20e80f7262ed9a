//! Fits over an ensemble of optical constants and layers: their uncertainty is larger than that of the search.

use rayon::prelude::*;

use super::spectrum::Estimate;
use super::{ColourFit, FitError, SpectrumFit, Specular, fit_colour, fit_spectrum};
use crate::appearance::light::{LightError, LitTissue, Optics, Range, Spectrum, published_ranges};
use crate::population::{Draw, ParameterSet, draw_members, interval};
use crate::skin::{Lab, Layers};

/// Melanosome fraction of the tissue that fits start from; every fit replaces it.
const ANY: f64 = 0.03;

/// Central constants, and draws of them.
#[derive(Debug, Clone)]
pub struct Members {
    central: (Optics, LitTissue),
    drawn: Vec<(Optics, LitTissue)>,
}

/// What explains a colour, with 90 % intervals over the members.
#[derive(Debug, Clone, PartialEq)]
pub struct ColourEstimate {
    /// With central constants.
    pub central: ColourFit,
    /// Volume fraction of melanosomes in the viable epidermis.
    pub melanosome_fraction: Estimate,
    /// Volume fraction of blood in the dermis.
    pub blood_fraction: Estimate,
    /// Members in which some skin has this colour.
    pub explained: usize,
}

impl Members {
    /// So many draws of the cards `optics.*` and `skin.*` of `set`.
    ///
    /// # Errors
    /// If a card is missing, in another unit or no matter's.
    pub fn draw(set: &ParameterSet, seed: u64, members: u32) -> Result<Self, LightError> {
        let of = |draw: &Draw| -> Result<(Optics, LitTissue), LightError> {
            let optics = Optics::from_draw(draw)?;
            let tissue = optics.resting(&Layers::from_draw(draw)?, ANY);
            Ok((optics, tissue))
        };
        let drawn = draw_members(set, seed, members).iter().map(of).collect::<Result<_, _>>()?;
        Ok(Self { central: of(&Draw::central(set))?, drawn })
    }

    /// The optical constants at their central values.
    #[must_use]
    pub fn central(&self) -> &Optics {
        &self.central.0
    }

    /// Fits a spectrum as [`fit_spectrum`] does, with intervals that hold both the residuals' and the members' spread.
    ///
    /// # Errors
    /// As for a single fit.
    pub fn fit_spectrum(&self, measured: &Spectrum, specular: Specular) -> Result<SpectrumFit, FitError> {
        let fit = |(optics, like): &(Optics, LitTissue)| fit_spectrum(optics, like, measured, specular);
        let mut central = fit(&self.central)?;
        let all = self.drawn.par_iter().map(fit).collect::<Result<Vec<_>, _>>()?;
        let values = |of: fn(&SpectrumFit) -> f64| -> Vec<f64> { all.iter().map(of).collect() };
        central.melanosome_fraction.widen(&values(|f| f.melanosome_fraction.value));
        central.blood_fraction.widen(&values(|f| f.blood_fraction.value));
        central.oxygenation.widen_share(&values(|f| f.oxygenation.value));
        central.scattering_per_mm.widen(&values(|f| f.scattering_per_mm.value));
        Ok(central)
    }

    /// Fits a colour as [`fit_colour`] does; members in which no skin has it are left out.
    ///
    /// # Errors
    /// As for a single fit with central constants.
    pub fn fit_colour(&self, colour: Lab, specular: Specular) -> Result<ColourEstimate, FitError> {
        let fit = |(optics, like): &(Optics, LitTissue)| fit_colour(optics, like, colour, specular);
        let central = fit(&self.central)?;
        let of_member = |member| match fit(member) {
            Ok(found) => Ok(Some(found)),
            Err(FitError::Colour { .. }) => Ok(None),
            Err(other) => Err(other),
        };
        let all: Vec<ColourFit> = self.drawn.par_iter().map(of_member).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        let ranges = published_ranges();
        let estimate = |of: fn(&ColourFit) -> f64, range: Range| {
            let mut estimate = Estimate::exact(of(&central), range);
            estimate.widen(&all.iter().map(of).collect::<Vec<f64>>());
            estimate
        };
        Ok(ColourEstimate {
            melanosome_fraction: estimate(|f| f.melanosome_fraction, ranges.melanosome_fraction),
            blood_fraction: estimate(|f| f.blood_fraction, ranges.blood_fraction),
            explained: all.len(),
            central,
        })
    }
}

impl Estimate {
    fn exact(value: f64, range: Range) -> Self {
        Self { value, low: value, high: value, badly_determined: false, outside_published: !range.contains(value) }
    }

    /// Adds a spread to the interval as independent errors add, in the logarithm.
    fn widen(&mut self, values: &[f64]) {
        if values.is_empty() {
            return;
        }
        let spread = interval(values);
        let reach = |own: f64, other: f64| own.ln().hypot(other.ln().max(0.0));
        self.low = self.value / reach(self.value / self.low, self.value / spread.low).exp();
        self.high = self.value * reach(self.high / self.value, spread.high / self.value).exp();
        self.badly_determined |= self.wide();
    }

    /// The same for a share, as it is.
    fn widen_share(&mut self, values: &[f64]) {
        if values.is_empty() {
            return;
        }
        let spread = interval(values);
        self.low = (self.value - (self.value - self.low).hypot((self.value - spread.low).max(0.0))).max(0.0);
        self.high = (self.value + (self.high - self.value).hypot((spread.high - self.value).max(0.0))).min(1.0);
        self.badly_determined |= self.wide_share();
    }
}
