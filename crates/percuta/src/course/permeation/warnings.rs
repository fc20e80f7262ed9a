//! What is unusual about a permeation study: it runs, but outside the range the evidence or the model's checks cover.

use super::{PermeationStudy, Preparation, Treatment};
use crate::course::Warning;
use crate::device::expected_density_per_cm2;
use crate::population::{Draw, Parameter};
use crate::skin::Layers;

/// Cautions for a study that is valid but lies outside a tested range; each names the range.
#[must_use]
pub fn warnings(study: &PermeationStudy) -> Vec<Warning> {
    let mut found: Vec<Warning> = Vec::new();
    let mut warn = |code: &str, message: String| found.push(Warning { code: code.into(), message });
    for message in study.permeant.extrapolation() {
        warn("permeant-extrapolated", format!("{message}."));
    }
    of_the_channels(study, &mut warn);
    let mm = |um: f64| (um / 1000.0 * 1e6).round() / 1e6;

    let centre = Draw::central(&study.parameters);
    if let (Ok(layers), Some(deepest)) = (Layers::from_draw(&centre), deepest_um(study, &centre)) {
        let sample_um = match study.sample.preparation {
            // What lies below the skin of a person is not modelled either.
            Preparation::InVivo => layers.skin_um(),
            Preparation::Epidermis => layers.epidermis_um(),
            Preparation::Dermatomed => study
                .sample
                .thickness_um
                .or_else(|| card(study, "viable_tissue.dermatomed_thickness").map(|c| c.value))
                .unwrap_or(f64::INFINITY),
            Preparation::FullThickness => study.sample.thickness_um.unwrap_or_else(|| layers.skin_um()),
        };
        if deepest > sample_um {
            let (deepest, sample) = (mm(deepest), mm(sample_um));
            warn(
                "sample-pierced",
                format!(
                    "The needles go {deepest:.2} mm deep and the skin is {sample:.2} mm thick: channels may open into what lies below."
                ),
            );
        }
        if deepest <= layers.stratum_corneum_um {
            let corneum = layers.stratum_corneum_um;
            warn(
                "channels-too-shallow",
                format!("Channels {deepest:.0} µm deep do not pass the stratum corneum of this site, {corneum:.0} µm thick."),
            );
        }
    }
    if study.sample.preparation.excised() && study.treatment.is_some() {
        warn(
            "excised-needled",
            "Channels in excised skin do not heal but contract (Gomaa 2010), at a rate that nobody has measured; half-lives measured in people do not hold there.".into(),
        );
    }
    if study.sample.preparation == Preparation::InVivo && study.permeant.plasma.is_none() {
        warn(
            "plasma-unknown",
            format!("{} has no clearance and volume of distribution, so that its level in plasma is not computed.", study.permeant.name),
        );
    }
    let [low, high] = TEMPERATURES_TESTED_C;
    let temperature = study.sample.temperature_c;
    if !(low..=high).contains(&temperature) {
        warn(
            "temperature-untested",
            format!(
                "A skin temperature of {temperature} °C is outside the {low} to {high} °C at which permeation is measured (OECD Test Guideline 428: 32 °C)."
            ),
        );
    }
    let dose = (1e9 * study.dosing.layer_cm).round() / 1e6;
    if !study.dosing.infinite && dose > OECD_FINITE_UL_PER_CM2 && study.vehicle.drying_half_life_h.is_none() && !study.dosing.occluded {
        warn(
            "finite-dose-large",
            format!(
                "{dose} µL/cm² are more than the {OECD_FINITE_UL_PER_CM2} µL/cm² of a finite dose (OECD Test Guideline 428): in the open such a layer runs off."
            ),
        );
    }
    if study.vehicle.solubility_ug_per_cm3.is_none() && study.vehicle.drying_half_life_h.is_some() {
        warn(
            "solubility-unknown",
            "The vehicle dries and the solubility of the permeant is not known: it is taken to stay dissolved however concentrated it becomes.".into(),
        );
    }
    if let Some(last) = study.data.iter().filter_map(|d| d.time_h.last()).copied().reduce(f64::max)
        && last > study.duration_h
    {
        warn(
            "data-beyond-the-end",
            format!("Measured points go to {last} h, the study to {} h: later points have no curve.", study.duration_h),
        );
    }
    found
}

/// Temperatures of a diffusion cell and of skin under clothes.
const TEMPERATURES_TESTED_C: [f64; 2] = [30.0, 37.0];
/// Largest finite dose of a liquid.
const OECD_FINITE_UL_PER_CM2: f64 = 10.0;

/// Density and depth outside what was tested.
fn of_the_channels(study: &PermeationStudy, warn: &mut impl FnMut(&str, String)) {
    let density = match &study.treatment {
        None => return,
        Some(Treatment::Array { density_per_cm2, .. }) => *density_per_cm2,
        Some(Treatment::Needling { device, motion, setting_um }) => {
            if let Some((to, source)) = device.evaluated_to_um.as_ref().filter(|(to, _)| setting_um > to) {
                let (set, to) = (setting_um / 1000.0, to / 1000.0);
                warn(
                    "depth-untested",
                    format!("A depth of {set} mm is beyond the {to} mm to which the {} was evaluated ({source}).", device.name),
                );
            }
            match expected_density_per_cm2(device, motion, &Draw::central(&study.parameters)) {
                Ok(density) => density,
                Err(_) => return,
            }
        }
    };
    // An array's pitch is its own; only what a handpiece leaves is compared with the range of needling.
    let low = card(study, "tested.density_low").filter(|_| matches!(study.treatment, Some(Treatment::Needling { .. })));
    if let Some(card) = low.filter(|c| density < c.value).or_else(|| card(study, "tested.density_high").filter(|c| density > c.value)) {
        let (side, unit) = (if density < card.value { "below" } else { "above" }, "per cm²");
        let source = card.source.trim_end_matches('.');
        warn(
            "density-untested",
            format!("{density:.0} punctures {unit} are {side} the {} {unit} that were tested ({source}).", card.value),
        );
    }
}

/// How deep needles or channels go at central parameters, µm; none for intact skin.
fn deepest_um(study: &PermeationStudy, centre: &Draw) -> Option<f64> {
    match study.treatment.as_ref()? {
        Treatment::Array { depth_um, .. } => Some(*depth_um),
        Treatment::Needling { setting_um, .. } => Some(setting_um * centre.group("device").get("depth_efficiency", "1").ok()?),
    }
}

/// A card. They are embedded, so that one is missing only from a set that a test has made.
fn card<'a>(study: &'a PermeationStudy, name: &str) -> Option<&'a Parameter> {
    study.parameters.card(name).ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::course::permeation::file::load;

    fn codes(text: &str) -> Vec<String> {
        let text = format!("permeant = \"caffeine\"\n[vehicle]\nconcentration = \"10 mg/mL\"\n[dose]\namount = \"10 µL/cm²\"\n{text}");
        warnings(&load(&text, "s.toml", Path::new("."), &[]).unwrap().study).into_iter().map(|w| w.code).collect()
    }

    #[test]
    fn a_plain_cell_has_no_warning() {
        assert_eq!(codes("[skin]\npreparation = \"dermatomed\"\n"), [""; 0]);
    }

    #[test]
    fn each_caution_is_given_where_it_holds() {
        let needled = "[treatment]\ndevice = \"drpen-a6\"\ndepth = \"1.5 mm\"\n[skin]\npreparation = \"dermatomed\"\n";
        assert_eq!(codes(needled), ["sample-pierced", "excised-needled"]);
        let shallow = "[array]\ndensity = \"100 /cm²\"\nradius = \"10 µm\"\ndepth = \"5 µm\"\n[skin]\ntemperature = \"25 °C\"\n";
        let found = codes(shallow);
        assert!(["channels-too-shallow", "temperature-untested"].iter().all(|c| found.iter().any(|f| f == c)), "{found:?}");
        let dense = "[array]\ndensity = \"15000 /cm²\"\nradius = \"10 µm\"\ndepth = \"50 µm\"\n[skin]\npreparation = \"full-thickness\"\n";
        assert_eq!(codes(dense), ["density-untested", "excised-needled"]);
        let dries = "times = [\"0 h\", \"1 h\"]\n[skin]\npreparation = \"epidermis\"\n";
        assert_eq!(codes(dries), [""; 0]);
    }
}
