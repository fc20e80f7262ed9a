//! Colour of one member's skin over time: its melanin and blood, through the light model.

use super::light::colorimetry::colour_difference;
use super::light::fit::{FitError, Specular, fit_colour};
use super::light::{ColourTable, Extent, LightError, LitTissue, Optics, Spectrum};
use super::pigment::{MelaninProfile, PigmentSeries};
use crate::population::Draw;
use crate::skin::{Lab, Layers, Person};

/// Most blood, relative to rest, that is looked at for what can just be seen.
const MOST_BLOOD: f64 = 4.0;

/// What light makes of one member's skin.
#[derive(Debug, Clone)]
pub struct Complexion {
    /// Optical constants.
    pub optics: Optics,
    /// The skin at rest.
    pub tissue: LitTissue,
}

/// Colour and indices over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ColourSeries {
    /// `melanin_index`, a.u.
    pub melanin_index: Vec<f64>,
    /// `erythema_index`, a.u.
    pub erythema_index: Vec<f64>,
    /// `lightness`, L*.
    pub lightness: Vec<f64>,
    /// `redness`, a*.
    pub redness: Vec<f64>,
    /// `yellowness`, b*.
    pub yellowness: Vec<f64>,
    /// `ita`, degrees.
    pub ita: Vec<f64>,
    /// `lesion_index_excess`: melanin index of the lesion minus that of the skin around it, a.u.
    pub lesion_index_excess: Vec<f64>,
    /// `lesion_contrast`: CIEDE2000 between the lesion and the skin around it.
    pub lesion_contrast: Vec<f64>,
    /// Blood above its resting content, as a share of it, that can just be seen.
    pub visible_rise: f64,
}

/// What changes the colour, on the same days.
#[derive(Debug, Clone, PartialEq)]
pub struct Tint {
    /// Melanin of skin and lesion.
    pub pigment: PigmentSeries,
    /// Epidermal melanin of the lesion before treatment relative to the skin around it; 1 without one.
    pub lesion_ratio: f64,
    /// Blood above its resting content, as a share of it.
    pub dilation: Vec<f64>,
}

impl Tint {
    /// Number of days.
    fn days(&self) -> usize {
        self.pigment.epidermal.len().min(self.dilation.len())
    }

    /// Epidermal melanin relative to the skin at rest, on a day.
    #[must_use]
    pub fn melanin(&self, day: usize) -> f64 {
        self.pigment.epidermal[day]
    }

    /// Blood relative to its resting content, on a day.
    #[must_use]
    pub fn blood(&self, day: usize) -> f64 {
        1.0 + self.dilation[day]
    }

    /// Epidermal melanin of the lesion relative to the skin around it at rest, on a day.
    #[must_use]
    pub fn lesion(&self, day: usize) -> f64 {
        self.pigment.epidermal[day] + (self.lesion_ratio - 1.0) * self.pigment.lesion_excess[day] / 100.0
    }
}

impl Complexion {
    /// Reads the cards `optics.*`. Where a colour was measured, melanin and blood of the member are those that come nearest to it.
    ///
    /// # Errors
    /// If a card is missing or in another unit, or a constant leaves the range of the light model.
    pub fn from_draw(draw: &Draw, layers: &Layers, person: &Person) -> Result<Self, LightError> {
        let optics = Optics::from_draw(draw)?;
        let tissue = optics.resting(layers, person.tone.melanosome_fraction);
        // A measured colour is that of every member, whatever its optical constants: melanin and blood make up for them as far as they can.
        let tissue = match person.colour {
            Some(colour) => match fit_colour(&optics, &tissue, colour, Specular::Included) {
                Ok(fit) => fit.tissue,
                Err(FitError::Colour { .. } | FitError::NoColour { .. } | FitError::Spectrum(_)) => tissue,
                Err(FitError::Light(e)) => return Err(e),
            },
            None => tissue,
        };
        Ok(Self { optics, tissue })
    }

    /// Where the epidermis carries its melanin.
    #[must_use]
    pub fn melanin_profile(&self) -> MelaninProfile {
        let t = &self.tissue;
        let [corneum, upper, basal] = t.melanosome_fraction;
        let amounts = [basal * t.basal_epidermis_um, upper * t.upper_epidermis_um, corneum * t.stratum_corneum_um];
        let whole: f64 = amounts.iter().sum();
        let [basal, upper, corneum] = amounts.map(|a| a / whole);
        MelaninProfile { basal, upper, corneum }
    }

    /// Colours and indices over time. Redness can be seen from a difference of `visible_difference` (CIEDE2000) on.
    ///
    /// # Errors
    /// If a constant leaves the range of the light model.
    pub fn series(&self, tint: &Tint, visible_difference: f64) -> Result<ColourSeries, LightError> {
        let days = tint.days();
        let melanin = Extent::of((0..days).flat_map(|i| [tint.melanin(i), tint.lesion(i)]));
        let blood = Extent::of((0..days).map(|i| tint.blood(i)).chain([MOST_BLOOD]));
        let table = ColourTable::new(&self.optics, &self.tissue, melanin, blood)?;
        let dermal_unit = self.dermal_unit();
        let mut series = ColourSeries::default();
        for i in 0..days {
            let (blood, dermal) = (tint.blood(i), dermal_unit * tint.pigment.dermal[i]);
            let seen = table.at(tint.melanin(i), blood, dermal);
            let lab = seen.lab();
            series.melanin_index.push(seen.melanin_index);
            series.erythema_index.push(seen.erythema_index);
            series.lightness.push(lab.l);
            series.redness.push(lab.a);
            series.yellowness.push(lab.b);
            series.ita.push(lab.ita_deg());
            let patch = table.at(tint.lesion(i), blood, dermal);
            series.lesion_index_excess.push(patch.melanin_index - seen.melanin_index);
            series.lesion_contrast.push(colour_difference(patch.lab(), lab));
        }
        series.visible_rise = visible_rise(&table, visible_difference);
        Ok(series)
    }

    /// What the skin around a lesion reflects on a day.
    ///
    /// # Errors
    /// If a constant leaves the range of the light model.
    pub fn spectrum(&self, tint: &Tint, day: usize) -> Result<Spectrum, LightError> {
        let tissue = self.tissue.scaled(tint.melanin(day), tint.blood(day));
        let dermal = tissue.dermal_melanosome_fraction + self.dermal_unit() * tint.pigment.dermal[day];
        self.optics.spectrum(&LitTissue { dermal_melanosome_fraction: dermal, ..tissue })
    }

    /// Dermal melanin is given by the epidermis' own; spread over the papillary dermis it is thinner.
    fn dermal_unit(&self) -> f64 {
        let t = &self.tissue;
        t.mean_melanosome_fraction() * (t.upper_epidermis_um + t.basal_epidermis_um) / t.papillary_dermis_um
    }
}

/// Blood above rest from which a difference can be seen, by bisection; all that the table holds if none can.
fn visible_rise(table: &ColourTable, difference: f64) -> f64 {
    let rest = table.at(1.0, 1.0, 0.0).lab();
    let seen = |rise: f64| colour_difference(table.at(1.0, 1.0 + rise, 0.0).lab(), rest) >= difference;
    let (mut low, mut high) = (0.0, MOST_BLOOD - 1.0);
    if !seen(high) {
        return high;
    }
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if seen(middle) { high = middle } else { low = middle }
    }
    high
}

/// The colour on a screen: CIELAB (D65, 2 degrees; CIE 15) to sRGB (IEC 61966-2-1), cut to the gamut.
#[must_use]
pub fn srgb(lab: Lab) -> [u8; 3] {
    super::light::colorimetry::screen_of(lab).rgb
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::{ParameterSet, draw_members};
    use crate::skin::{Sex, Tone};

    const LAYERS: Layers = Layers { stratum_corneum_um: 15.0, viable_epidermis_um: 65.0, papillary_dermis_um: 250.0, dermis_um: 1100.0 };

    fn person(melanosome_fraction: f64) -> Person {
        Person { age_years: 40.0, sex: Sex::Female, tone: Tone { melanosome_fraction }, colour: None }
    }

    fn central(fraction: f64) -> Complexion {
        Complexion::from_draw(&Draw::central(&ParameterSet::embedded().unwrap()), &LAYERS, &person(fraction)).unwrap()
    }

    fn series(complexion: &Complexion, epidermal: f64, dilation: f64) -> ColourSeries {
        let pigment = PigmentSeries { epidermal: vec![1.0, epidermal], dermal: vec![0.0; 2], lesion_excess: vec![100.0, 80.0] };
        complexion.series(&Tint { pigment, lesion_ratio: 1.4, dilation: vec![0.0, dilation] }, 1.0).unwrap()
    }

    #[test]
    fn srgb_of_known_colours() {
        let lab = |l, a, b| srgb(Lab { l, a, b });
        assert_eq!(lab(100.0, 0.0, 0.0), [255, 255, 255]);
        assert_eq!(lab(0.0, 0.0, 0.0), [0, 0, 0]);
        assert_eq!(lab(53.585, 0.0, 0.0), [128, 128, 128]);
        assert_eq!(lab(53.2408, 80.0925, 67.2032), [255, 0, 0]);
        assert_eq!(lab(87.7347, -86.1827, 83.1793), [0, 255, 0]);
        assert_eq!(lab(32.297, 79.1875, -107.8602), [0, 0, 255]);
    }

    #[test]
    fn ita_of_the_published_groups() {
        // Alaluf 2002: Europeans and Africans.
        assert!((Lab { l: 65.0, a: 7.1, b: 13.3 }.ita_deg() - 48.4).abs() < 0.1);
        assert!((Lab { l: 49.2, a: 10.2, b: 18.4 }.ita_deg() + 2.5).abs() < 0.1);
    }

    #[test]
    fn the_profile_is_that_of_the_tissue() {
        let profile = central(0.05).melanin_profile();
        assert!((profile.basal + profile.upper + profile.corneum - 1.0).abs() < 1e-12);
        assert!(profile.corneum < profile.basal && profile.corneum < profile.upper);
    }

    #[test]
    fn blood_reddens_melanin_darkens_and_a_lesion_stands_out_less_as_it_fades() {
        let skin = central(0.04);
        let (red, dark) = (series(&skin, 1.0, 2.0), series(&skin, 1.3, 0.0));
        assert!(red.redness[1] > red.redness[0] + 2.0 && red.erythema_index[1] > red.erythema_index[0]);
        assert!(dark.lightness[1] < dark.lightness[0] && dark.ita[1] < dark.ita[0] && dark.melanin_index[1] > dark.melanin_index[0]);
        let fades = series(&skin, 1.0, 0.0);
        assert!(fades.lesion_contrast[0] > 1.0 && fades.lesion_contrast[1] < fades.lesion_contrast[0]);
        assert!(fades.lesion_index_excess[1] < fades.lesion_index_excess[0] && fades.lesion_index_excess[1] > 0.0);
    }

    #[test]
    fn what_can_just_be_seen_differs_by_as_much_as_it_should() {
        let skin = central(0.04);
        let pigment = PigmentSeries { epidermal: vec![1.0], dermal: vec![0.0], lesion_excess: vec![100.0] };
        let tint = Tint { pigment, lesion_ratio: 1.0, dilation: vec![0.0] };
        let rise = |difference| skin.series(&tint, difference).unwrap().visible_rise;
        assert!(rise(0.5) > 0.0 && rise(0.5) < rise(1.0) && rise(1.0) < rise(2.0));
        let (rest, seen) =
            (skin.optics.spectrum(&skin.tissue).unwrap(), skin.optics.spectrum(&skin.tissue.scaled(1.0, 1.0 + rise(1.0))).unwrap());
        assert!((colour_difference(rest.lab(), seen.lab()) - 1.0).abs() < 0.05);
    }

    #[test]
    fn redness_is_harder_to_see_in_dark_skin() {
        let rise = |fraction| series(&central(fraction), 1.0, 0.0).visible_rise;
        assert!(rise(0.02) < rise(0.1) && rise(0.1) < rise(0.3), "{} {} {}", rise(0.02), rise(0.1), rise(0.3));
    }

    #[test]
    fn every_member_has_the_colour_that_was_measured() {
        let measured = Lab { l: 62.0, a: 9.5, b: 15.5 };
        let person = Person { colour: Some(measured), ..person(0.05) };
        for draw in draw_members(&ParameterSet::embedded().unwrap(), 1, 6) {
            let skin = Complexion::from_draw(&draw, &LAYERS, &person).unwrap();
            let own = skin.optics.spectrum(&skin.tissue).unwrap().lab();
            // Two quantities cannot meet three numbers in every member; without the fit members differ by ten.
            assert!(colour_difference(own, measured) < 4.0, "{own:?}");
        }
    }

    #[test]
    fn unchanged_skin_keeps_its_colour_exactly() {
        for draw in draw_members(&ParameterSet::embedded().unwrap(), 1, 4) {
            let skin = Complexion::from_draw(&draw, &LAYERS, &person(0.1)).unwrap();
            let s = series(&skin, 1.0, 0.0);
            assert!(s.lightness[0] == s.lightness[1] && s.redness[0] == s.redness[1] && s.erythema_index[0] == s.erythema_index[1]);
        }
    }
}
