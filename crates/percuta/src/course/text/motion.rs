//! How a handpiece is moved.

use toml::Spanned;

use super::error::Fault;
use crate::device::{Device, Motion, expected_density_per_cm2};
use crate::population::{Draw, ParameterSet};
use crate::units::{Angle, Share, Speed};

const MOST_PASSES: u32 = 100;

/// Keys that say how a handpiece is moved.
pub(in crate::course) struct MotionKeys<'a> {
    pub passes: &'a Spanned<u32>,
    pub directions: &'a Spanned<Vec<Angle>>,
    pub glide: &'a Spanned<Speed>,
    pub overlap: &'a Spanned<Share>,
}

/// The motion; `untreated` says how a file without treatment looks.
pub(in crate::course) fn motion(file: &MotionKeys<'_>, untreated: &str, faults: &mut Vec<Fault>) -> Option<Motion> {
    let before = faults.len();
    let (passes, glide, overlap) = (*file.passes.get_ref(), file.glide.get_ref().um_per_s(), file.overlap.get_ref().fraction());
    if passes == 0 || passes > MOST_PASSES {
        faults.push(
            Fault::new(file.passes.span(), format!("{passes} passes cannot be run"))
                .expected(format!("1 to {MOST_PASSES} passes; {untreated}"))
                .example("passes = 4"),
        );
    }
    if glide <= 0.0 {
        faults.push(
            Fault::new(file.glide.span(), "the handpiece does not move")
                .expected("a speed above 0: at rest the needles would strike one place without end")
                .example("glide = \"20 mm/s\""),
        );
    }
    if overlap >= 1.0 {
        faults.push(
            Fault::new(file.overlap.span(), format!("tracks overlap by {} %", 100.0 * overlap))
                .expected("less than 100 %: each track must move on from the one before")
                .example("overlap = \"25 %\""),
        );
    }
    if file.directions.get_ref().is_empty() {
        faults.push(
            Fault::new(file.directions.span(), "there is no direction").expected("at least one angle").example("directions = [\"0 deg\"]"),
        );
    }
    let directions_deg = file.directions.get_ref().iter().map(|d| d.degrees()).collect();
    (faults.len() == before).then_some(Motion { passes, directions_deg, glide_um_per_s: glide, overlap })
}

/// Motion and device together must leave a density that means something.
pub(in crate::course) fn density(
    device: &Device,
    motion: &Motion,
    parameters: &ParameterSet,
    at: std::ops::Range<usize>,
    glide: std::ops::Range<usize>,
) -> Result<(), Fault> {
    let broken = |e: &dyn std::fmt::Display| Fault::new(at.clone(), e.to_string());
    let density = expected_density_per_cm2(device, motion, &Draw::central(parameters)).map_err(|e| broken(&e))?;
    let most = parameters.card("tested.density_refused").map_err(|e| broken(&e))?;
    if density > most.value {
        return Err(Fault::new(glide, format!("this motion leaves {density:.0} punctures per cm²"))
            .expected(format!("at most {} per cm²", most.value))
            .example("glide = \"20 mm/s\"")
            .help(format!("{} Glide faster, make fewer passes or overlap less.", most.meaning)));
    }
    Ok(())
}
