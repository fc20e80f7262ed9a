//! How needling moves the matrix of a scar towards normal: one balance for what is missing and for what is in excess.
//!
//! Relative to the skin around it a scar has `1 + x` of the matrix at each depth, `x < 0` below a pit and `x > 0` in a raised scar; the
//! surface lies off the surrounding skin by the integral of `x`. Needling takes away the same share of matrix inside and outside (what
//! is cut and dissolved), and the same cells lay the same new matrix, so that the difference shrinks to `x o`, with `o` what is left of
//! the original matrix. What is laid beyond that, the gain `g`, has room below a pit and lifts its floor; where matrix is in excess it
//! has none and takes the place of old matrix, as far as it does (`scars.displacement`): `x o / (1 + displacement g)`.
//!
//! The needles carry this to certain depths below the surface they enter. Where the handpiece bridges a pit they have crossed part of it
//! in air before they meet its floor, so that everything lies that much shallower; a tract below the pit leaves no matrix until its end.
//! Nothing else tells the classes of pits apart.

use super::geometry::Scar;
use crate::healing::{HealingHistory, LayerState};
use crate::population::{Group, ParameterError};

/// What needling does to any scar of one member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Remodelling {
    nose_um: f64,
    fill_efficiency: f64,
    displacement: f64,
}

/// What has become of a scar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Remodelled {
    /// Share of the deficit or excess that is left of what there was.
    pub kept: f64,
    /// Lift of the floor of a pit by new matrix, µm.
    pub lift_um: f64,
    /// Share of the scar's matrix that the course has laid.
    pub laid: f64,
}

impl Remodelled {
    /// Nothing has happened.
    pub const NONE: Self = Self { kept: 1.0, lift_um: 0.0, laid: 0.0 };

    /// Relief of a scar that was `relief_um` high, µm. It comes to rest level with the skin around it.
    #[must_use]
    pub fn relief_after(&self, relief_um: f64) -> f64 {
        let left = relief_um * self.kept;
        if relief_um < 0.0 { (left + self.lift_um).min(0.0) } else { left }
    }
}

impl Remodelling {
    /// Reads its cards of the group `scars`.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_group(scars: &Group<'_>) -> Result<Self, ParameterError> {
        Ok(Self {
            nose_um: scars.get("nose_width", "um")?,
            fill_efficiency: scars.get("fill_efficiency", "1")?,
            displacement: scars.get("displacement", "1")?,
        })
    }

    /// What has become of a scar on a day of the history, with needles that reach `reach_um` below the surface they enter.
    #[must_use]
    pub fn of(&self, scar: &Scar, history: &HealingHistory, day: usize, reach_um: f64) -> Remodelled {
        let (Some(&junction), Some(&bottom)) = (history.dermis_edges_um.first(), history.dermis_edges_um.last()) else {
            return Remodelled::NONE;
        };
        let pit = scar.relief_um < 0.0;
        // The scar's own matrix, by depth below its surface; the needles are that much less deep than beside it.
        let (from, to) = (scar.tract_um.max(junction), bottom + scar.relief_um);
        let air = scar.bridged(self.nose_um) * scar.depth_um();
        if to <= from {
            return Remodelled::NONE;
        }
        let per = 1.0 / (to - from);
        let mut all = Remodelled::NONE;
        for (top, below, state, rest) in met(history, day, reach_um) {
            let share = (below.min(to + air) - top.max(from + air)).max(0.0);
            let gain = state.filling() / rest.filling() - 1.0;
            // What is lysed still fills its place until the clot is cleared.
            let still = (state.original + state.clot).min(1.0);
            let kept = if pit { still } else { still / (1.0 + self.displacement * gain.max(0.0)) };
            all.kept += per * share * (kept - 1.0);
            all.laid += per * share * (1.0 - state.original * rest.collagen() / state.collagen()).max(0.0);
            all.lift_um += if pit { self.fill_efficiency * share * gain } else { 0.0 };
        }
        all
    }
}

/// The tissue that needles meet: top, bottom, state and state before the course of the dermal layers. A raised scar is thicker than the
/// dermis beside it, and as far as the needles reach it meets what the deepest layer met.
fn met(history: &HealingHistory, day: usize, reach_um: f64) -> impl Iterator<Item = (f64, f64, &LayerState, &LayerState)> {
    let (now, rest) = (&history.layers[day], &history.layers[0]);
    let bottom = history.dermis_edges_um.last().copied().unwrap_or(0.0);
    let below = now.last().zip(rest.last()).map(|(now, rest)| (bottom, reach_um.max(bottom), now, rest));
    let layers = now.iter().zip(rest).zip(history.dermis_edges_um.windows(2));
    layers.map(|((now, rest), edge)| (edge[0], edge[1], now, rest)).chain(below)
}

#[cfg(test)]
mod tests {
    use super::super::geometry::ScarShape;
    use super::*;
    use crate::appearance::test_history::{remodelled, resting, with_gain};

    const BOTTOM: f64 = 1580.0;

    fn rule(displacement: f64) -> Remodelling {
        Remodelling { nose_um: 5000.0, fill_efficiency: 0.5, displacement }
    }

    fn scar(relief_um: f64) -> Scar {
        Scar { width_um: 3000.0, relief_um, tract_um: 0.0, length_um: 0.0, shape: ScarShape::SphericalCap }
    }

    #[test]
    fn turnover_alone_takes_the_same_share_of_a_deficit_and_of_an_excess() {
        // A tenth of the matrix replaced at every depth, nothing gained: x' = 0.9 x whatever its sign.
        let history = remodelled(resting(&[0.0, 180.0], 1500.0), 0.1, 1e9);
        for relief in [-400.0, -50.0, 50.0, 400.0, 3000.0] {
            let after = rule(1.0).of(&scar(relief), &history, 1, 1e9);
            assert!((after.kept - 0.9).abs() < 1e-12 && (after.laid - 0.1).abs() < 1e-12, "{after:?}");
            assert!((after.relief_after(relief) - 0.9 * relief).abs() < 1e-9, "{relief}");
        }
    }

    #[test]
    fn both_move_towards_normal_and_neither_passes_it() {
        let history = remodelled(with_gain(resting(&[0.0, 180.0], 1500.0), 0.15, 1e9), 0.1, 1e9);
        for displacement in [0.0, 0.5, 1.0] {
            for size in [10.0, 100.0, 500.0, 1000.0] {
                let after = |relief: f64| rule(displacement).of(&scar(relief), &history, 1, 1500.0).relief_after(relief);
                assert!(after(-size) > -size && after(-size) <= 0.0, "{size}: {}", after(-size));
                assert!(after(size) < size && after(size) > 0.0, "{size}: {}", after(size));
            }
        }
        // Skin without a scar stays level.
        assert_eq!(rule(1.0).of(&scar(0.0), &history, 1, 1500.0).relief_after(0.0), 0.0);
    }

    #[test]
    fn nothing_moves_until_the_clot_is_cleared() {
        let mut history = resting(&[0.0, 0.0], 1500.0);
        for state in &mut history.layers[1] {
            state.clot = 0.1;
            state.original = 0.9;
            for pool in
                [&mut state.collagen_i_new, &mut state.collagen_iii_new, &mut state.collagen_i_mature, &mut state.collagen_iii_mature]
            {
                *pool *= 0.9;
            }
        }
        for relief in [-300.0, 300.0] {
            let after = rule(0.5).of(&scar(relief), &history, 1, 1500.0);
            assert!((after.relief_after(relief) - relief).abs() < 1e-9, "{after:?}");
        }
    }

    #[test]
    fn an_excess_gives_way_to_new_matrix_as_far_as_that_displaces_it() {
        let history = with_gain(resting(&[0.0, 180.0], 1500.0), 0.15, 1e9);
        let left = |displacement| rule(displacement).of(&scar(500.0), &history, 1, 1e9).kept;
        assert!((left(0.0) - 1.0).abs() < 1e-12 && (left(1.0) - 1.0 / 1.15).abs() < 1e-12);
    }

    #[test]
    fn the_lift_is_the_integral_of_new_matrix_from_where_it_counts() {
        let history = with_gain(resting(&[0.0, 180.0], 1500.0), 0.15, BOTTOM);
        let lift = |scar: &Scar| rule(0.0).of(scar, &history, 1, 0.0).lift_um;
        // A pit as wide as a country lets the nose follow; the floor then stands on as much dermis as is left below it.
        let wide = Scar { width_um: 1e9, ..scar(-300.0) };
        assert!((lift(&wide) - 0.5 * 0.15 * 1200.0).abs() < 1e-6, "{}", lift(&wide));
        assert!((lift(&Scar { tract_um: 580.0, ..wide }) - 0.5 * 0.15 * 700.0).abs() < 1e-6);
        // A tract through the whole dermis leaves nothing to fill, a raised scar has no room.
        assert_eq!(rule(0.0).of(&Scar { tract_um: 5000.0, ..wide }, &history, 1, 0.0), Remodelled::NONE);
        assert_eq!(lift(&scar(300.0)), 0.0);
    }

    #[test]
    fn needles_reach_as_deep_below_the_top_of_a_raised_scar_as_they_reach() {
        // All that is met is turned over by a fifth: the share of a scar of 1500 + 1000 µm that lies above the reach counts.
        let history = remodelled(resting(&[0.0, 180.0], 1500.0), 0.2, 1e9);
        let kept = |reach| rule(0.0).of(&scar(1000.0), &history, 1, reach).kept;
        assert!((kept(0.0) - (1.0 - 0.2 * 1500.0 / 2500.0)).abs() < 1e-12);
        assert!((kept(2080.0) - (1.0 - 0.2 * 2000.0 / 2500.0)).abs() < 1e-12);
        assert!((kept(9000.0) - 0.8).abs() < 1e-12);
    }
}
