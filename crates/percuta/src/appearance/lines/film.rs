//! Wrinkling of a stiff film on a soft foundation.
//!
//! Textbook theory (plane-strain moduli): wavelength `2 pi h (Ef/3Es)^(1/3)`, critical compression
//! `1/4 (3Es/Ef)^(2/3)`, amplitude `h sqrt(strain/critical - 1)`. A film of several layers has a bending stiffness B and a stiffness M
//! against compression; for a wave number `k` it wrinkles at the strain `(B k^2 + Es/2k)/M`, and the amplitude is
//! `(2/k) sqrt(strain - that)`. At the preferred `k` a uniform film gives the textbook result.

use std::f64::consts::TAU;

/// Wavelength that a film prefers, µm; `stiffness_ratio` is film over foundation (plane-strain moduli).
#[must_use]
pub fn critical_wavelength_um(film_um: f64, stiffness_ratio: f64) -> f64 {
    TAU * film_um * (stiffness_ratio / 3.0).cbrt()
}

/// Compressive strain at which a film wrinkles, 1; `stiffness_ratio` is film over foundation.
#[must_use]
pub fn critical_strain(stiffness_ratio: f64) -> f64 {
    0.25 * (3.0 / stiffness_ratio).powf(2.0 / 3.0)
}

/// Share of a foundation's deformation that lies above a depth, under a wave of wave number `k` on its surface.
///
/// The incompressible half-space under a wave without shear at its surface stores energy as `(kz)^2 exp(-2kz)`; a small change of
/// stiffness at a depth counts by that weight (first-order perturbation). It is greatest at `kz = 1`.
#[must_use]
pub fn felt_above(wave_number_per_um: f64, depth_um: f64) -> f64 {
    let x = 2.0 * wave_number_per_um * depth_um.max(0.0);
    1.0 - (-x).exp() * (1.0 + x + 0.5 * x * x)
}

/// A film of bonded layers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plate {
    /// Stiffness against bending, modulus times µm³.
    pub bending: f64,
    /// Stiffness against compression along the film, modulus times µm.
    pub membrane: f64,
}

impl Plate {
    /// Layers from the top down: thickness, µm, and plane-strain modulus in any unit.
    #[must_use]
    pub fn of(layers: &[(f64, f64)]) -> Self {
        let membrane: f64 = layers.iter().map(|(h, e)| h * e).sum();
        let middles = || {
            layers.iter().scan(0.0, |top, &(h, e)| {
                let middle = *top + 0.5 * h;
                *top += h;
                Some((middle, h, e))
            })
        };
        let neutral = middles().map(|(z, h, e)| z * h * e).sum::<f64>() / membrane;
        let bending = middles().map(|(z, h, e)| e * h * (h * h / 12.0 + (z - neutral).powi(2))).sum();
        Self { bending, membrane }
    }

    /// Thickness of the uniform film that wrinkles alike, µm.
    #[must_use]
    pub fn thickness_um(&self) -> f64 {
        (12.0 * self.bending / self.membrane).sqrt()
    }

    /// Modulus of the uniform film that wrinkles alike.
    #[cfg(test)]
    pub fn modulus(&self) -> f64 {
        self.membrane / self.thickness_um()
    }
}

/// Lines of one kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineFamily {
    /// Thickness of the film that wrinkles, µm: that of the uniform film that wrinkles alike.
    pub film_um: f64,
    /// Distance between neighbouring lines, µm.
    pub wavelength_um: f64,
    /// Depth from peak to valley, µm: twice the amplitude.
    pub depth_um: f64,
}

/// How film, foundation and compression differ from baseline. [`LineChange::NONE`] is baseline itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineChange {
    /// Bending stiffness of the film relative to baseline.
    pub bending: f64,
    /// Stiffness of the film against compression relative to baseline.
    pub membrane: f64,
    /// Stiffness of the foundation relative to baseline.
    pub foundation: f64,
    /// Compressive strain of the film that new matrix has taken away, 1.
    pub relief: f64,
}

impl LineChange {
    /// No change.
    pub const NONE: Self = Self { bending: 1.0, membrane: 1.0, foundation: 1.0, relief: 0.0 };
}

impl LineFamily {
    /// Stiffness of film over foundation that the wavelength and the film's thickness imply.
    #[must_use]
    pub fn stiffness_ratio(&self) -> f64 {
        3.0 * (self.wavelength_um / (TAU * self.film_um)).powi(3)
    }

    /// Compressive strain at which the family appears.
    #[must_use]
    pub fn critical_strain(&self) -> f64 {
        critical_strain(self.stiffness_ratio())
    }

    /// Compressive strain that the depth implies.
    #[must_use]
    pub fn pre_strain(&self) -> f64 {
        self.critical_strain() * (1.0 + (0.5 * self.depth_um / self.film_um).powi(2))
    }

    /// What a change does to lines of this family, whatever their depth.
    ///
    /// Furrows are anchored in the tissue, so that a line cannot change its wavelength freely: `wavelength_freedom` 1 lets it follow
    /// to the newly preferred one, 0 keeps it.
    #[must_use]
    pub fn shift(&self, change: LineChange, wavelength_freedom: f64) -> LineShift {
        let wave_number = (change.foundation / change.bending).powf(wavelength_freedom / 3.0);
        let bent = change.bending * wave_number * wave_number / change.membrane;
        let borne = change.foundation / (wave_number * change.membrane);
        LineShift {
            wave_number,
            loss: ((bent - 1.0) + 2.0 * (borne - 1.0)) / 3.0 + change.relief / self.critical_strain(),
            twice_film_um: 2.0 * self.film_um,
            typical_um: self.depth_um,
        }
    }

    /// The family after a change; its depth is 0 below the threshold. No change gives exactly the same family.
    #[must_use]
    pub fn after(&self, change: LineChange, wavelength_freedom: f64) -> Self {
        let shift = self.shift(change, wavelength_freedom);
        Self {
            film_um: self.film_um * (change.bending / change.membrane).sqrt(),
            wavelength_um: self.wavelength_um / shift.wave_number,
            depth_um: shift.depth_after(self.depth_um),
        }
    }
}

/// What a change does to the lines of a family, each with its own depth at baseline and thus its own compression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineShift {
    /// Wave number relative to baseline.
    wave_number: f64,
    /// Rise of the threshold and fall of the compression together, relative to the critical strain at baseline.
    loss: f64,
    /// Depth at which a line is compressed twice as far as it takes to wrinkle, µm.
    twice_film_um: f64,
    /// Depth of the family's typical line at baseline, µm.
    typical_um: f64,
}

impl LineShift {
    /// Depth of a line that was `depth_um` deep at baseline, µm. Shallow lines vanish, deep ones hardly move; what deepens does so in
    /// proportion up to the typical depth, because a lower threshold says nothing of where flat skin would fold.
    #[must_use]
    pub fn depth_after(&self, depth_um: f64) -> f64 {
        let over = |depth_um: f64| (depth_um / self.twice_film_um).powi(2);
        let load = if self.loss < 0.0 { over(depth_um.max(self.typical_um)) } else { over(depth_um) };
        if load > self.loss && depth_um > 0.0 { depth_um / self.wave_number * (1.0 - self.loss / load).sqrt() } else { 0.0 }
    }

    /// Lines shallower than this at baseline have vanished, µm.
    #[must_use]
    pub fn vanished_below_um(&self) -> f64 {
        self.twice_film_um * self.loss.max(0.0).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: LineFamily = LineFamily { film_um: 80.0, wavelength_um: 1000.0, depth_um: 120.0 };

    /// A film whose every layer is that many times as thick.
    fn thickened(by: f64) -> LineChange {
        LineChange { bending: by.powi(3), membrane: by, ..LineChange::NONE }
    }

    #[test]
    fn textbook_values() {
        for (film, ratio, wavelength, strain) in
            [(15.0, 100.0, 303.0, 0.0241), (15.0, 1000.0, 653.0, 0.0052), (80.0, 10.0, 751.0, 0.112), (300.0, 10.0, 2816.0, 0.112)]
        {
            assert!((critical_wavelength_um(film, ratio) / wavelength - 1.0).abs() < 0.003);
            assert!((critical_strain(ratio) / strain - 1.0).abs() < 0.01, "{}", critical_strain(ratio));
        }
    }

    #[test]
    fn solving_back_and_forth_gives_the_same_family() {
        let ratio = FINE.stiffness_ratio();
        assert!((critical_wavelength_um(80.0, ratio) - 1000.0).abs() < 1e-9);
        let amplitude = 80.0 * (FINE.pre_strain() / critical_strain(ratio) - 1.0).sqrt();
        assert!((2.0 * amplitude - 120.0).abs() < 1e-9);
        for freedom in [0.0, 0.3, 1.0] {
            assert_eq!(FINE.after(LineChange::NONE, freedom), FINE);
            for depth in [0.0, 1e-9, 3.7, 120.0, 4000.0] {
                assert_eq!(FINE.shift(LineChange::NONE, freedom).depth_after(depth), depth, "no change leaves every line as it was");
            }
        }
    }

    #[test]
    fn a_free_wavelength_gives_the_textbook_amplitude() {
        let change = LineChange { foundation: 1.3, relief: 0.004, ..thickened(1.2) };
        let after = FINE.after(change, 1.0);
        let ratio = FINE.stiffness_ratio() / 1.3;
        let film = 80.0 * 1.2;
        assert!((after.wavelength_um - critical_wavelength_um(film, ratio)).abs() < 1e-9 && (after.film_um - film).abs() < 1e-9);
        let amplitude = film * ((FINE.pre_strain() - change.relief) / critical_strain(ratio) - 1.0).sqrt();
        assert!((after.depth_um - 2.0 * amplitude).abs() < 1e-9, "{} {}", after.depth_um, 2.0 * amplitude);
    }

    #[test]
    fn a_layered_film_is_the_plate_of_composite_theory() {
        // Layers of one modulus are one layer; the order of two does not matter to bending.
        let (one, two) = (Plate::of(&[(80.0, 2.0)]), Plate::of(&[(15.0, 2.0), (65.0, 2.0)]));
        assert!((one.bending / two.bending - 1.0).abs() < 1e-12 && (one.membrane - two.membrane).abs() < 1e-12);
        assert!((one.thickness_um() - 80.0).abs() < 1e-9 && (one.modulus() - 2.0).abs() < 1e-9);
        let (up, down) = (Plate::of(&[(10.0, 9.0), (50.0, 1.0)]), Plate::of(&[(50.0, 1.0), (10.0, 9.0)]));
        assert!((up.bending / down.bending - 1.0).abs() < 1e-12);
        // Two layers by Timoshenko's formula for a bimetal strip.
        let (h1, e1, h2, e2) = (10.0f64, 9.0, 50.0f64, 1.0);
        let bimetal = (e1 * h1.powi(3) + e2 * h2.powi(3)) / 12.0 + e1 * h1 * e2 * h2 * (0.5 * (h1 + h2)).powi(2) / (e1 * h1 + e2 * h2);
        assert!((up.bending / bimetal - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_foundation_is_felt_by_its_energy() {
        // The closed form against a sum over the energy density, whose total is 1 and which peaks at kz = 1.
        let k = std::f64::consts::TAU / 1000.0;
        let density = |z: f64| 4.0 * k * (k * z).powi(2) * (-2.0 * k * z).exp();
        let step = 0.01;
        let mut sum = 0.0;
        for i in 0..100_000u32 {
            sum += step * density(step * (f64::from(i) + 0.5));
            if i % 10_000 == 0 {
                assert!((felt_above(k, step * f64::from(i + 1)) - sum).abs() < 1e-7);
            }
        }
        assert!(density(1.0 / k) > density(0.99 / k) && density(1.0 / k) > density(1.01 / k));
        assert_eq!(felt_above(k, 0.0), 0.0);
        assert!((felt_above(k, 1e5) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_foundation_of_two_stiffnesses_against_its_own_energy_minimum() {
        // Independent of the perturbation: Rayleigh-Ritz with the half-space's own field is an upper bound that the weights must give
        // exactly, since both are linear in the stiffness of each layer.
        let k = std::f64::consts::TAU / 800.0;
        let (upper, lower, border) = (1.2, 0.9, 140.0);
        let energy = |from: f64, to: f64| {
            let n = 40_000;
            let step = (to - from) / f64::from(n);
            (0..n).map(|i| from + step * (f64::from(i) + 0.5)).map(|z| step * (k * z * (-k * z).exp()).powi(2)).sum::<f64>()
        };
        let exact = (upper * energy(0.0, border) + lower * energy(border, 5000.0)) / energy(0.0, 5000.0);
        let weighted = lower + (upper - lower) * felt_above(k, border);
        assert!((weighted - exact).abs() < 1e-6, "{weighted} {exact}");
    }

    #[test]
    fn collagen_alone_moves_the_wavelength_by_two_to_six_per_cent() {
        let moved = |foundation| 1.0 - FINE.after(LineChange { foundation, ..LineChange::NONE }, 1.0).wavelength_um / 1000.0;
        assert!((0.015..0.02).contains(&moved(1.05)));
        assert!((0.05..0.065).contains(&moved(1.2)));
    }

    #[test]
    fn lines_near_threshold_vanish_and_deep_ones_barely_move() {
        let change = LineChange { foundation: 1.05, relief: 0.005, ..LineChange::NONE };
        let shift = FINE.shift(change, 1.0);
        let left = |depth: f64| shift.depth_after(depth) / depth;
        assert_eq!(left(40.0), 0.0);
        assert!(left(80.0) < left(160.0) && left(160.0) < left(600.0));
        assert!(left(600.0) > 0.95 && left(600.0) < 1.0);
        // The border between them is where it says.
        let border = shift.vanished_below_um();
        assert!((40.0..80.0).contains(&border));
        assert!(shift.depth_after(0.999 * border) == 0.0 && shift.depth_after(1.001 * border) > 0.0);
        // A line of another depth is the family at that depth.
        let other = LineFamily { depth_um: 333.0, ..FINE }.after(change, 1.0).depth_um;
        assert!((shift.depth_after(333.0) - other).abs() < 1e-9);
    }

    #[test]
    fn deeper_before_is_deeper_after_whatever_happens() {
        let changes = [
            LineChange { foundation: 1.1, relief: 0.01, ..LineChange::NONE },
            LineChange { foundation: 0.8, ..LineChange::NONE },
            LineChange { relief: -0.02, ..thickened(1.3) },
            thickened(0.7),
        ];
        for change in changes {
            for freedom in [0.0, 0.5, 1.0] {
                let shift = FINE.shift(change, freedom);
                let depths: Vec<f64> = (0..2000).map(|i| shift.depth_after(f64::from(i) * 0.5)).collect();
                assert!(depths.is_sorted() && depths[0] == 0.0, "{change:?}");
                // Without jumps, but for the steep start of a square root.
                assert!(depths.windows(2).all(|d| d[1] - d[0] < 12.0), "{change:?}");
            }
        }
    }

    #[test]
    fn thinning_and_stiffening_of_the_epidermis_switch_the_mode_and_ageing_of_the_dermis_does_not() {
        // Kuwazuru et al. 2008: two ways to buckle, the horny layer on the living epidermis and the whole epidermis on the dermis; the one
        // with the lower strain comes first. Moduli relative to the living epidermis of young skin.
        let epidermis_folds = |living: (f64, f64), dermis: f64| {
            let corneum = (15.0, 20.0);
            critical_strain(Plate::of(&[corneum, living]).modulus() / dermis) < critical_strain(corneum.1 / living.1)
        };
        assert!(!epidermis_folds((100.0, 1.0), 0.27), "young skin shows its microrelief");
        assert!(epidermis_folds((50.0, 1.0), 0.27), "a thin epidermis folds as a whole");
        assert!(epidermis_folds((100.0, 2.0), 0.27), "so does a stiff one");
        assert!(!epidermis_folds((100.0, 1.0), 0.4), "a dermis that stiffens with age does not bring it about");
    }
}
