//! How large a run is: members and blocks of skin.

use toml::Spanned;

use super::error::Fault;
use crate::course::patch::RESOLUTIONS_UM;
use crate::units::Length;

/// Time and memory of a run grow with every member.
const MOST_MEMBERS: u32 = 100_000;
/// Narrowest and widest block, µm: beyond them a number is a slip of the unit.
const SIDES_UM: [f64; 2] = [20.0, 50_000.0];

/// Members of an ensemble.
pub(in crate::course) fn members(key: &Spanned<u32>, faults: &mut Vec<Fault>) -> u32 {
    let members = *key.get_ref();
    if members == 0 || members > MOST_MEMBERS {
        faults.push(
            Fault::new(key.span(), format!("{members} members cannot be run"))
                .expected(format!("1 to {MOST_MEMBERS} members"))
                .example("members = 64"),
        );
    }
    members
}

/// Side and resolution of a block of skin, µm; `examples` are a line that would be right for each.
pub(in crate::course) fn block(
    side: &Spanned<Length>,
    resolution: &Spanned<Length>,
    examples: [&str; 2],
    faults: &mut Vec<Fault>,
) -> (f64, f64) {
    let (side_um, spacing_um) = (side.get_ref().um(), resolution.get_ref().um());
    if !(SIDES_UM[0]..=SIDES_UM[1]).contains(&side_um) {
        faults.push(
            Fault::new(side.span(), format!("a block of {} mm cannot be computed", side_um / 1000.0))
                .expected(format!("a side of {} to {} mm", SIDES_UM[0] / 1000.0, SIDES_UM[1] / 1000.0))
                .example(examples[0]),
        );
    }
    if !(RESOLUTIONS_UM[0]..=RESOLUTIONS_UM[1]).contains(&spacing_um) {
        faults.push(
            Fault::new(resolution.span(), format!("voxels of {spacing_um} µm cannot be computed"))
                .expected(format!("a resolution of {} to {} µm", RESOLUTIONS_UM[0], RESOLUTIONS_UM[1]))
                .example(examples[1]),
        );
    } else if spacing_um > side_um {
        faults.push(
            Fault::new(resolution.span(), format!("voxels of {spacing_um} µm are wider than the block of {} mm", side_um / 1000.0))
                .expected("a resolution up to the side of the block")
                .example(examples[1]),
        );
    }
    (side_um, spacing_um)
}
