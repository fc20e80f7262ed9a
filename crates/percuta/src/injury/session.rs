//! What one session did, as the later stages read it.

use serde::{Deserialize, Serialize};

use super::{Injury, Track};
use crate::device::{Device, Handpiece, PunctureTable};
use crate::skin::Layers;
use crate::tissue::Grid;

/// Averages over the treated area after one session in one member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionInjury {
    /// Day of the session, counted from the first one.
    pub day: f64,
    /// Needle length protruding at the setting, µm.
    pub setting_um: f64,
    /// Needles that strike at once.
    pub needles: u32,
    /// Punctures per cm².
    pub density_per_cm2: f64,
    /// Mean depth reached below the surface, µm.
    pub depth_um: f64,
    /// Mean radius of the open channel at the surface, µm.
    pub channel_radius_um: f64,
    /// Share of the surface that is open channel.
    pub open_area: f64,
    /// Open-channel share of the area in each layer of the grid.
    pub open_area_by_layer: Vec<f64>,
    /// Damaged (cut or lysed) fraction of each layer of the grid.
    pub damaged: Vec<f64>,
    /// Damaged fraction of the viable epidermis.
    pub damaged_epidermis: f64,
    /// Damaged fraction of the papillary dermis.
    pub damaged_papillary: f64,
    /// Share of punctures that reach the papillary dermis.
    pub reaching_dermis: f64,
}

impl SessionInjury {
    /// A session for tests of the read-outs, which damages the share `damaged` of epidermis and papillary dermis.
    #[cfg(test)]
    pub(crate) fn sample(day: f64, depth_um: f64, density_per_cm2: f64, damaged: f64) -> Self {
        Self {
            day,
            setting_um: depth_um,
            needles: 12,
            density_per_cm2,
            depth_um,
            channel_radius_um: 40.0,
            open_area: damaged,
            open_area_by_layer: vec![],
            damaged: vec![],
            damaged_epidermis: damaged,
            damaged_papillary: damaged,
            reaching_dermis: 1.0,
        }
    }

    /// The average of two windows of the same session.
    #[must_use]
    pub fn mean(&self, other: &Self) -> Self {
        let of = |a: f64, b: f64| 0.5 * (a + b);
        let each = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| of(*a, *b)).collect();
        Self {
            density_per_cm2: of(self.density_per_cm2, other.density_per_cm2),
            depth_um: of(self.depth_um, other.depth_um),
            channel_radius_um: of(self.channel_radius_um, other.channel_radius_um),
            open_area: of(self.open_area, other.open_area),
            open_area_by_layer: each(&self.open_area_by_layer, &other.open_area_by_layer),
            damaged: each(&self.damaged, &other.damaged),
            damaged_epidermis: of(self.damaged_epidermis, other.damaged_epidermis),
            damaged_papillary: of(self.damaged_papillary, other.damaged_papillary),
            reaching_dermis: of(self.reaching_dermis, other.reaching_dermis),
            ..self.clone()
        }
    }

    /// Summary of one session's punctures and injury for skin of these layers.
    ///
    /// `needles` is the whole cartridge or array, and one row of a roller's drum. The stratum corneum is dead: it counts for the
    /// open area, not for the damage of the epidermis.
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "one argument for each stage that has gone before")]
    pub fn new(
        day: f64,
        setting_um: f64,
        device: &Device,
        table: &PunctureTable,
        track: &Track,
        injury: &Injury,
        grid: &Grid,
        layers: &Layers,
    ) -> Self {
        let n = table.len() as f64;
        let mean = |sum: f64| if table.is_empty() { 0.0 } else { sum / n };
        let dermis_um = layers.epidermis_um();
        let between = |from, to| average(grid, &injury.damaged_by_layer, from, to);
        Self {
            day,
            setting_um,
            needles: match device.handpiece {
                Handpiece::Roller => device.rings.unwrap_or(device.needles),
                Handpiece::Pen | Handpiece::Stamp => device.needles,
            },
            density_per_cm2: 1e8 * n / (table.window_um * table.window_um),
            depth_um: mean(table.depth_um.iter().sum()),
            channel_radius_um: mean(table.depth_um.iter().map(|&reach| track.hole_radius_um(0.0, reach)).sum()),
            open_area: injury.open_area,
            open_area_by_layer: injury.open_area_by_layer.clone(),
            damaged: injury.damaged_by_layer.clone(),
            damaged_epidermis: between(layers.stratum_corneum_um, dermis_um),
            damaged_papillary: between(dermis_um, dermis_um + layers.papillary_dermis_um),
            reaching_dermis: mean(table.depth_um.iter().filter(|&&reach| reach > dermis_um).count() as f64),
        }
    }
}

/// Average of a value per layer of the grid between two depths, weighted by thickness; 0 where the grid has no layer there.
fn average(grid: &Grid, by_layer: &[f64], from_um: f64, to_um: f64) -> f64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    for (value, edge) in by_layer.iter().zip(grid.depth_edges_um.windows(2)) {
        let share = (edge[1].min(to_um) - edge[0].max(from_um)).max(0.0);
        sum += share * value;
        weight += share;
    }
    if weight > 0.0 { sum / weight } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::{Motion, expected_density_per_cm2, punctures};
    use crate::injury::injure;
    use crate::population::{Draw, ParameterSet, Purpose, stream};

    const LAYERS: Layers = Layers { stratum_corneum_um: 17.0, viable_epidermis_um: 60.0, papillary_dermis_um: 150.0, dermis_um: 1100.0 };

    fn grid() -> Grid {
        let edges = [0.0, 17.0, 47.0, 77.0, 127.0, 177.0, 227.0, 300.0, 400.0, 500.0, 620.0, 750.0, 880.0, 1020.0, 1177.0];
        Grid { n: 100, spacing_um: 25.0, depth_edges_um: edges.to_vec() }
    }

    /// A 1.5 mm course at central parameters, averaged over windows.
    fn course(key: &str, passes: u32, windows: u32) -> (SessionInjury, f64) {
        let device = Device::find(key).unwrap();
        let mut set = ParameterSet::embedded().unwrap();
        device.enter(&mut set).unwrap();
        let draw = Draw::central(&set);
        let motion = Motion { passes, directions_deg: vec![0.0, 90.0, 45.0, 135.0], glide_um_per_s: 20_000.0, overlap: 0.0 };
        let track = Track::from_draw(&draw).unwrap();
        let (mut mean, mut area): (Option<SessionInjury>, f64) = (None, 0.0);
        for session in 0..windows {
            let mut rng = stream(1, 0, session, Purpose::Punctures);
            let table = punctures(&device, &motion, 1500.0, 2500.0, &draw, &mut rng).unwrap();
            area += crate::device::statistics::entry_area_fraction(&table) / f64::from(windows);
            let injury = injure(&table, &track, &grid());
            let s = SessionInjury::new(0.0, 1500.0, &device, &table, &track, &injury, &grid(), &LAYERS);
            let part = |x: f64| x / f64::from(windows);
            let m = mean.get_or_insert_with(|| SessionInjury { density_per_cm2: 0.0, damaged: vec![0.0; 14], open_area: 0.0, ..s.clone() });
            m.density_per_cm2 += part(s.density_per_cm2);
            m.open_area += part(s.open_area);
            m.damaged.iter_mut().zip(&s.damaged).for_each(|(m, s)| *m += part(*s));
        }
        let expected = expected_density_per_cm2(&device, &motion, &draw).unwrap();
        let mean = mean.unwrap();
        assert!((mean.density_per_cm2 / expected - 1.0).abs() < 0.1, "{key}: {} for {expected}", mean.density_per_cm2);
        (mean, area)
    }

    #[test]
    fn a_pen_course_makes_many_more_holes_and_reaches_deeper_than_a_roller_course() {
        let (pen, pen_area) = course("skinpen", 4, 20);
        let (roller, roller_area) = course("dermaroller-mf8", 15, 60);
        assert!(pen.density_per_cm2 / roller.density_per_cm2 > 8.0);
        assert!(pen_area > roller_area && pen.open_area > roller.open_area);
        assert!(pen.depth_um > roller.depth_um);
        for layer in 0..14 {
            assert!(pen.damaged[layer] > roller.damaged[layer], "layer {layer}");
            assert!((0.0..1.0).contains(&pen.damaged[layer]));
        }
        assert!(pen.damaged.windows(2).all(|w| w[1] <= w[0]), "damage falls with depth: the needle tapers");
        assert_eq!((pen.needles, roller.needles), (14, 8));
    }

    #[test]
    fn layers_of_the_skin_are_averaged_by_thickness() {
        let grid = Grid { n: 1, spacing_um: 100.0, depth_edges_um: vec![0.0, 17.0, 50.0, 100.0, 227.0, 1200.0] };
        let by_layer = [0.9, 0.4, 0.2, 0.1, 0.0];
        let found = average(&grid, &by_layer, 17.0, 77.0);
        assert!((found - (33.0 * 0.4 + 27.0 * 0.2) / 60.0).abs() < 1e-12, "without the stratum corneum");
        let found = average(&grid, &by_layer, 77.0, 227.0);
        assert!((found - (23.0 * 0.2 + 127.0 * 0.1) / 150.0).abs() < 1e-12);
        assert_eq!(average(&grid, &by_layer, 1300.0, 1400.0), 0.0);
    }

    #[test]
    fn a_session_without_punctures_is_all_zero() {
        let device = Device::find("skinpen").unwrap();
        let mut set = ParameterSet::embedded().unwrap();
        device.enter(&mut set).unwrap();
        let track = Track::from_draw(&Draw::central(&set)).unwrap();
        let table = PunctureTable { window_um: 2500.0, ..PunctureTable::default() };
        let s = SessionInjury::new(0.0, 0.0, &device, &table, &track, &injure(&table, &track, &grid()), &grid(), &LAYERS);
        assert_eq!((s.density_per_cm2, s.depth_um, s.channel_radius_um, s.reaching_dermis), (0.0, 0.0, 0.0, 0.0));
        assert_eq!((s.damaged_epidermis, s.damaged_papillary, s.open_area), (0.0, 0.0, 0.0));
    }
}
