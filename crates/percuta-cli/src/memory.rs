//! Whether a block of skin fits in memory, found out before any of it is asked for.

use std::thread::available_parallelism;

use percuta::course::Course;
use percuta::course::patch::{PatchSettings, RESOLUTIONS_UM, bytes_needed};
use percuta::population::Draw;
use percuta::skin::Layers;
use sysinfo::System;

use crate::arguments::How;
use crate::failure::Failure;

/// Refuses a block that needs more memory than is free, and says which resolution would fit.
pub fn enough_for(course: &Course, settings: &PatchSettings, how: &How) -> Result<(), Failure> {
    let layers = Layers::from_draw(&Draw::central(&course.parameters)).map_err(|e| Failure::run(e.to_string()))?;
    let threads = how.output.threads.map_or_else(|| available_parallelism().map_or(1, usize::from), usize::from);
    refuse(settings, &layers, (course.sessions.len(), threads), available())
}

fn refuse(settings: &PatchSettings, layers: &Layers, counts: (usize, usize), available: Option<f64>) -> Result<(), Failure> {
    let needed = |spacing_um: f64| bytes_needed_at(settings, layers, counts, spacing_um);
    let Some(available) = available.filter(|a| needed(settings.spacing_um) > *a) else { return Ok(()) };
    // Voxels grow with the third power of the spacing: a few steps of a few per cent get there, if any resolution does.
    let coarsest = settings.side_um.min(RESOLUTIONS_UM[1]);
    let mut fits = settings.spacing_um;
    while needed(fits) > available && fits < coarsest {
        fits = (fits * 1.1).ceil().min(coarsest);
    }
    let help = match needed(fits) <= available {
        true => format!("`--set patch.resolution=\"{fits} µm\"` would fit, or make `patch.side` smaller"),
        false => "make `patch.side` smaller".to_owned(),
    };
    let gigabytes = |bytes: f64| format!("{:.1} GB", bytes / 1e9);
    Err(Failure::input(format!(
        "a block of {} mm at {} µm needs {} of memory, {} are free\n  help: {help}",
        settings.side_um / 1000.0,
        settings.spacing_um,
        gigabytes(needed(settings.spacing_um)),
        gigabytes(available),
    )))
}

/// The grid is described, not made: its description is as long as its layers.
fn bytes_needed_at(settings: &PatchSettings, layers: &Layers, (sessions, threads): (usize, usize), spacing_um: f64) -> f64 {
    let settings = PatchSettings { spacing_um, ..settings.clone() };
    bytes_needed(&settings, &settings.grid(layers), sessions, threads)
}

/// Memory that is free, bytes: of the machine or of the container, whichever is less.
fn available() -> Option<f64> {
    let mut system = System::new().ok()?;
    system.refresh_memory();
    let machine = system.available_memory();
    let free = system.cgroup_limits().map_or(machine, |limits| limits.free_memory.min(machine));
    (free > 0).then_some(free as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYERS: Layers = Layers { stratum_corneum_um: 15.0, viable_epidermis_um: 60.0, papillary_dermis_um: 180.0, dermis_um: 1500.0 };

    #[test]
    fn a_block_that_does_not_fit_is_refused_with_one_that_does() {
        let settings = PatchSettings { side_um: 5000.0, spacing_um: 5.0, field_days: vec![] };
        let failure = refuse(&settings, &LAYERS, (4, 2), Some(4e9)).unwrap_err();
        assert!(failure.text.contains("needs") && failure.text.contains("4.0 GB are free"), "{}", failure.text);
        let fits: f64 = failure.text.split("resolution=\"").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        assert!(bytes_needed_at(&settings, &LAYERS, (4, 2), fits) < 4e9);
        assert!(bytes_needed_at(&settings, &LAYERS, (4, 2), 0.8 * fits) > 4e9, "not coarser than it has to be");
        assert!(refuse(&settings, &LAYERS, (4, 2), None).is_ok(), "where free memory is not known, nobody is refused");
        assert!(refuse(&PatchSettings { spacing_um: 50.0, ..settings.clone() }, &LAYERS, (4, 2), Some(4e9)).is_ok());
        let nothing = refuse(&settings, &LAYERS, (4, 2), Some(1.0)).unwrap_err();
        assert!(!nothing.text.contains("would fit") && nothing.text.contains("smaller"), "{}", nothing.text);
    }

    #[test]
    fn this_machine_has_memory() {
        assert!(available().is_none_or(|bytes| bytes > 1e6));
    }
}
