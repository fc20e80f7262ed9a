//! The skin of a permeation study and the channels in it.

use std::path::Path;

use super::format::{ArrayFile, NeedlingFile, SkinFile, StudyFile};
use super::resolve::choice;
use crate::course::permeation::{PermeationStudy, Preparation, SkinSample, Treatment};
use crate::course::text::{Fault, MotionKeys, device, motion};
use crate::population::Draw;
use crate::skin::Layers;

/// Below, the skin is hypothermic; above, it is burnt.
const TEMPERATURES_C: [f64; 2] = [20.0, 42.0];
/// Wider or deeper, and it is a wound that no needle of a cartridge or an array makes.
const LARGEST_RADIUS_UM: f64 = 500.0;
const DEEPEST_UM: f64 = 3000.0;
const LARGEST_DENSITY_PER_CM2: f64 = 20_000.0;
/// Share of the surface beyond which channels run into one another.
const LARGEST_OPEN_AREA: f64 = 0.5;
/// How a study of intact skin looks.
const UNTREATED: &str = "for intact skin leave `[treatment]` out";

const PREPARATIONS: [(&str, Preparation); 4] = [
    ("in-vivo", Preparation::InVivo),
    ("epidermis", Preparation::Epidermis),
    ("dermatomed", Preparation::Dermatomed),
    ("full-thickness", Preparation::FullThickness),
];

/// Thicknesses that a preparation can be cut to, µm.
fn thicknesses_um(preparation: Preparation) -> Option<[f64; 2]> {
    match preparation {
        Preparation::InVivo | Preparation::Epidermis => None,
        Preparation::Dermatomed => Some([100.0, 1500.0]),
        Preparation::FullThickness => Some([300.0, 6000.0]),
    }
}

/// Preparation, thickness and temperature.
pub(super) fn sample(file: &SkinFile, faults: &mut Vec<Fault>) -> Option<SkinSample> {
    let before = faults.len();
    let temperature_c = file.temperature.get_ref().celsius();
    if !(TEMPERATURES_C[0]..=TEMPERATURES_C[1]).contains(&temperature_c) {
        faults.push(
            Fault::new(file.temperature.span(), format!("the skin has {temperature_c} °C"))
                .expected(format!("{} to {} °C", TEMPERATURES_C[0], TEMPERATURES_C[1]))
                .example("temperature = \"32 °C\"")
                .help("diffusion cells are kept at 32 °C, the temperature of skin"),
        );
    }
    let preparation = choice("preparation", &file.preparation, &PREPARATIONS, "preparation = \"dermatomed\"");
    let preparation = preparation.map_err(|f| faults.push(f)).ok()?;
    let thickness_um = file.thickness.as_ref().map(|t| t.get_ref().um());
    if let (Some(um), Some(key)) = (thickness_um, &file.thickness) {
        let name = file.preparation.get_ref();
        match thicknesses_um(preparation) {
            None => faults.push(
                Fault::new(key.span(), format!("a preparation `{name}` has the thickness of its site"))
                    .expected("no `thickness`, or the `preparation` that was cut to one")
                    .example("preparation = \"dermatomed\""),
            ),
            Some([low, high]) if !(low..=high).contains(&um) => faults.push(
                Fault::new(key.span(), format!("a preparation `{name}` cannot be {um} µm thick"))
                    .expected(format!("{low} to {high} µm"))
                    .example("thickness = \"400 µm\""),
            ),
            Some(_) => {}
        }
    }
    (faults.len() == before).then_some(SkinSample { preparation, thickness_um, temperature_c })
}

/// The sample must go through the epidermis.
pub(super) fn thickness(study: &PermeationStudy, file: &SkinFile) -> Result<(), Fault> {
    let (Some(um), Some(key)) = (study.sample.thickness_um, &file.thickness) else { return Ok(()) };
    let layers = Layers::from_draw(&Draw::central(&study.parameters)).map_err(|e| Fault::new(file.site.span(), e.to_string()))?;
    let least = layers.epidermis_um();
    if um > least {
        return Ok(());
    }
    Err(Fault::new(key.span(), format!("{um} µm do not reach through the epidermis of this site, {least:.0} µm thick"))
        .expected(format!("more than {least:.0} µm"))
        .example("thickness = \"400 µm\"")
        .help("skin without dermis is `preparation = \"epidermis\"`"))
}

/// How the channels came about: `None` if that is wrong, `Some(None)` if the skin is intact.
pub(super) fn treatment(file: &StudyFile, folder: &Path, faults: &mut Vec<Fault>) -> Option<Option<Treatment>> {
    if let (Some(_), Some(array)) = (&file.treatment, &file.array) {
        faults.push(
            Fault::new(array.span(), "the channels come from `[treatment]` and from `[array]`")
                .expected("one of the two: a device that is moved over the skin, or channels as they are")
                .example("[array]"),
        );
        return None;
    }
    match (&file.treatment, &file.array) {
        (Some(needling), _) => needled(needling, folder, faults).map(Some),
        (None, Some(array)) => described(array.get_ref(), faults).map(Some),
        (None, None) => Some(None),
    }
}

fn needled(file: &NeedlingFile, folder: &Path, faults: &mut Vec<Fault>) -> Option<Treatment> {
    let device = device(&file.device, &file.depth, UNTREATED, folder, faults);
    let NeedlingFile { passes, directions, glide, overlap, .. } = file;
    let motion = motion(&MotionKeys { passes, directions, glide, overlap }, UNTREATED, faults);
    Some(Treatment::Needling { device: Box::new(device?), motion: motion?, setting_um: file.depth.get_ref().um() })
}

fn described(file: &ArrayFile, faults: &mut Vec<Fault>) -> Option<Treatment> {
    let before = faults.len();
    let (density, radius, depth) = (file.density.get_ref().per_cm2(), file.radius.get_ref().um(), file.depth.get_ref().um());
    let mut within = |value: f64, most: f64, span, what: String, unit: &str, example: &str| {
        if value <= 0.0 || value > most {
            let expected = format!("above 0 and up to {most} {unit}; for intact skin leave `[array]` out");
            faults.push(Fault::new(span, what).expected(expected).example(example));
        }
    };
    within(
        density,
        LARGEST_DENSITY_PER_CM2,
        file.density.span(),
        format!("there are {density} channels per cm²"),
        "per cm²",
        "density = \"100 /cm²\"",
    );
    within(radius, LARGEST_RADIUS_UM, file.radius.span(), format!("the channels have a radius of {radius} µm"), "µm", "radius = \"35 µm\"");
    within(depth, DEEPEST_UM, file.depth.span(), format!("the channels are {depth} µm deep"), "µm", "depth = \"150 µm\"");
    let open = density * std::f64::consts::PI * (radius * 1e-4).powi(2);
    if faults.len() == before && open > LARGEST_OPEN_AREA {
        faults.push(
            Fault::new(file.density.span(), format!("channels of this radius take {:.0} % of the surface", 100.0 * open))
                .expected(format!("at most {:.0} %: beyond, they run into one another", 100.0 * LARGEST_OPEN_AREA))
                .example("density = \"100 /cm²\""),
        );
    }
    (faults.len() == before).then_some(Treatment::Array { density_per_cm2: density, radius_um: radius, depth_um: depth })
}
