//! From members to an outcome.

use super::curves::{ArmCurve, RATIOS, REPORTED, Reported, ratios};
use super::replicates::replicates;
use super::run::Member;
use super::window::delays_h;
use super::{
    Arm, ChannelStatistics, ClosedBy, Compartment, PermeationOutcome, PermeationStudy, Profile, Quantity, RunError, Window, explanation,
};
use crate::absorption::Amounts;
use crate::population::{Draw, Interval, drivers, interval};

/// Groups of parameters that absorption reads.
pub const GROUPS: [&str; 7] = ["absorption", "viable_tissue", "channels", "injury", "device", "motion", "skin"];
/// Profiles over a study.
const PROFILES: usize = 5;
/// Depths of a profile in the stratum corneum, in the viable epidermis and in the dermis.
const DEPTHS: [u32; 3] = [12, 10, 28];

pub(super) fn collate(
    study: &PermeationStudy,
    seed: u64,
    times_h: &[f64],
    draws: &[Draw],
    members: &[Member],
    central: &Member,
) -> Result<PermeationOutcome, RunError> {
    let intact: Vec<&ArmCurve> = members.iter().map(|m| &m.intact).collect();
    let needled: Option<Vec<&ArmCurve>> = members.iter().map(|m| m.needled.as_ref()).collect();
    let mut arms = Vec::new();
    if let (Some(curves), true) = (&needled, study.treatment.is_some()) {
        let mut arm = arm(true, times_h, members, curves);
        let ratio = |of: usize| interval(&curves.iter().zip(&intact).map(|(n, i)| ratios(n, i)[of]).collect::<Vec<_>>());
        arm.quantities.extend(RATIOS.iter().enumerate().map(|(i, of)| quantity(of, ratio(i))));
        arms.push(arm);
    }
    arms.push(arm(false, times_h, members, &intact));
    let first = needled.as_ref().unwrap_or(&intact);
    let amounts: Vec<f64> = first.iter().map(|c| c.reported[0]).collect();
    let centre = Draw::central(&study.parameters);
    Ok(PermeationOutcome {
        study: study.clone(),
        seed,
        members: members.len() as u32,
        times_h: times_h.to_vec(),
        channels: channels(members),
        window: window(members),
        replicates: replicates(study, seed, &centre, &central.skin)?,
        drivers: drivers(&study.parameters, draws, &GROUPS, &amounts),
        block: None,
        explanation: explanation::explain(study, &centre, central)?,
        warnings: super::warnings(study),
        arms,
    })
}

fn quantity(of: &Reported, value: Interval) -> Quantity {
    let (key, name, unit, meaning) = of;
    Quantity { key: (*key).into(), name: (*name).into(), unit: (*unit).into(), value, meaning: (*meaning).into() }
}

fn arm(needled: bool, times_h: &[f64], members: &[Member], curves: &[&ArmCurve]) -> Arm {
    let at = |value: &dyn Fn(&ArmCurve, usize) -> f64| -> Vec<Interval> {
        (0..times_h.len()).map(|t| interval(&curves.iter().map(|c| value(c, t)).collect::<Vec<_>>())).collect()
    };
    let percent = |c: &ArmCurve, t: usize, part: usize| {
        let applied = c.curve.applied[c.curve.applied.len() - 1];
        // What the march leaves below zero, a millionth of the dose at most, is nothing.
        if applied > 0.0 { (100.0 * c.curve.amounts[t].parts()[part] / applied).max(0.0) } else { 0.0 }
    };
    let gap = |c: &&ArmCurve| {
        let curve = &c.curve;
        let most = curve.applied[curve.applied.len() - 1].max(f64::MIN_POSITIVE);
        curve.amounts.iter().zip(&curve.applied).map(|(a, dose)| (a.total() - dose).abs() / most).fold(0.0, f64::max)
    };
    Arm {
        needled,
        cumulative_ug_per_cm2: at(&|c, t| c.curve.amounts[t].absorbed),
        flux_ug_per_cm2_h: at(&|c, t| c.curve.flux[t]),
        plasma_ng_per_ml: curves.iter().all(|c| c.plasma.is_some()).then(|| at(&|c, t| c.plasma.as_ref().map_or(0.0, |p| p[t]))),
        compartments: Amounts::NAMES
            .iter()
            .enumerate()
            .map(|(part, (key, name))| Compartment {
                key: (*key).into(),
                name: (*name).into(),
                percent_of_dose: at(&|c, t| percent(c, t, part)),
            })
            .collect(),
        quantities: REPORTED
            .iter()
            .enumerate()
            .map(|(i, of)| quantity(of, interval(&curves.iter().map(|c| c.reported[i]).collect::<Vec<_>>())))
            .collect(),
        profiles: profiles(times_h, members, curves),
        balance_gap: curves.iter().map(gap).fold(0.0, f64::max),
    }
}

/// Numbers of the times at which profiles are shown: four times as late each time, the last one the end.
pub(super) fn profile_times(times_h: &[f64]) -> [usize; PROFILES] {
    let last = times_h[times_h.len() - 1];
    std::array::from_fn(|i| {
        let wanted = last * 0.25f64.powi((PROFILES - 1 - i) as i32);
        times_h.partition_point(|t| *t < wanted - 1e-9).min(times_h.len() - 1)
    })
}

/// Concentration by depth: members have layers of their own thickness, so that depths run within the layers of the median skin and
/// a member is read at the same share of the same layer.
fn profiles(times_h: &[f64], members: &[Member], curves: &[&ArmCurve]) -> Vec<Profile> {
    let borders = |layer: usize| interval(&members.iter().map(|m| edges_um(m)[layer]).collect::<Vec<_>>()).median;
    let borders_um = [borders(1), borders(2), borders(3)];
    let shown = profile_times(times_h);
    (0..PROFILES)
        .map(|i| {
            let t = shown[i];
            let (mut depth_um, mut concentration) = (Vec::new(), Vec::new());
            let mut top = 0.0;
            for (layer, (bottom, count)) in borders_um.iter().zip(DEPTHS).enumerate() {
                if *bottom - top > 1e-9 {
                    for k in 0..count {
                        let share = (f64::from(k) + 0.5) / f64::from(count);
                        depth_um.push(top + share * (bottom - top));
                        let values: Vec<f64> = members.iter().zip(curves).map(|(m, c)| read(m, c, t, layer, share)).collect();
                        concentration.push(interval(&values));
                    }
                }
                top = *bottom;
            }
            Profile { time_h: times_h[t], depth_um, concentration_ug_per_cm3: concentration, borders_um }
        })
        .collect()
}

/// Upper border of the skin and lower borders of its layers, µm.
fn edges_um(member: &Member) -> [f64; 4] {
    let l = &member.skin.layers;
    [0.0, l.stratum_corneum_um, l.epidermis_um(), l.skin_um()]
}

/// Concentration of a member at a share of a layer, on a straight line between the middles of cells of that layer.
fn read(member: &Member, arm: &ArmCurve, time: usize, layer: usize, share: f64) -> f64 {
    let borders = edges_um(member);
    let depth_cm = 1e-4 * (borders[layer] + share * (borders[layer + 1] - borders[layer]));
    let edges = &arm.edges_cm;
    let cells = edges.len() - 1;
    let cell = edges.partition_point(|e| *e <= depth_cm).clamp(1, cells) - 1;
    let middle = |i: usize| 0.5 * (edges[i] + edges[i + 1]);
    let inside = |i: usize| (borders[layer]..borders[layer + 1]).contains(&(1e4 * middle(i)));
    let next = if depth_cm > middle(cell) { (cell + 1).min(cells - 1) } else { cell.saturating_sub(1) };
    let values = &arm.curve.tissue[time];
    if next == cell || !inside(next) {
        return values[cell].max(0.0);
    }
    let way = (depth_cm - middle(cell)) / (middle(next) - middle(cell));
    (values[cell] + way * (values[next] - values[cell])).max(0.0)
}

fn channels(members: &[Member]) -> Option<ChannelStatistics> {
    let found: Vec<_> = members.iter().filter_map(|m| m.skin.channels).collect();
    if found.is_empty() {
        return None;
    }
    let of = |f: &dyn Fn(&crate::absorption::Channels) -> f64| interval(&found.iter().map(f).collect::<Vec<_>>());
    Some(ChannelStatistics {
        density_per_cm2: of(&|c| c.density_per_cm2),
        radius_um: of(&|c| c.radius_um),
        depth_um: of(&|c| c.depth_um),
        open_area_percent: of(&|c| 100.0 * c.open_area()),
    })
}

fn window(members: &[Member]) -> Option<Window> {
    let all: Option<Vec<_>> = members.iter().map(|m| m.window.as_ref()).collect();
    let all = all?;
    let first = all.first()?;
    let delay_h = delays_h();
    let at = |of: &dyn Fn(&super::window::MemberWindow, usize) -> f64| -> Vec<Interval> {
        (0..delay_h.len()).map(|i| interval(&all.iter().map(|w| of(w, i)).collect::<Vec<_>>())).collect()
    };
    let pays = |which: usize| interval(&all.iter().map(|w| w.pays_until_h[which]).collect::<Vec<_>>());
    let closed_by = (0..first.closed_by.len())
        .map(|i| ClosedBy {
            method: first.closed_by[i].0.into(),
            open_h: interval(&all.iter().map(|w| w.closed_by[i].1).collect::<Vec<_>>()),
            occluded_h: interval(&all.iter().map(|w| w.closed_by[i].2).collect::<Vec<_>>()),
        })
        .collect();
    Some(Window {
        enhancement_open: at(&|w, i| w.enhancement[0][i]),
        enhancement_occluded: at(&|w, i| w.enhancement[1][i]),
        gain_24h_open: at(&|w, i| w.gain_24h[0][i]),
        gain_24h_occluded: at(&|w, i| w.gain_24h[1][i]),
        pays_until_open_h: pays(0),
        pays_until_occluded_h: pays(1),
        closed_by,
        delay_h,
    })
}
