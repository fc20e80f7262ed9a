//! From the members of an ensemble to one outcome.

use rayon::prelude::*;

use super::member::Member;
use super::schedule::index_of;
use super::surface::{Metrology, Square, SurfaceOutcome};
use super::{
    Course, DepthBand, DowntimeStatistics, INJURY, Outcome, PunctureStatistics, READOUTS, ReadoutSeries, RunError, ScarOutcome, ScarState,
    Specimen, SpecimenVisit, SpectraOutcome, Uptake, Warning, grades::grades, warnings::warnings,
};
use crate::appearance::{SingleScar, SingleScarSeries};
use crate::device::statistics::{nearest_neighbours_um, slit_lengths_um, uncovered_fraction};
use crate::device::{self, PunctureTable};
use crate::evidence::{Predicted, compare};
use crate::healing::LayerState;
use crate::injury::SessionInjury;
use crate::population::{Draw, Interval, Purpose, drivers, interval, stream};
use crate::risk::Bleeding;

/// Thickness of the depth bands of reports, µm.
const BAND_UM: f64 = 25.0;
/// Side of the window whose punctures are drawn and tabled, µm.
const SPECIMEN_UM: f64 = 5000.0;
/// Punctures of each member that enter the pooled intervals.
const PUNCTURES_PER_MEMBER: usize = 64;

/// Collects the members' results.
///
/// # Errors
/// If a card of the observation models is missing or in another unit.
pub fn collate(course: &Course, seed: u64, draws: Vec<Draw>, members: Vec<Member>, central: Member) -> Result<Outcome, RunError> {
    let days = central.history.days.clone();
    let readouts: Vec<ReadoutSeries> = READOUTS
        .iter()
        .filter_map(|readout| {
            let position = central.readouts.iter().position(|(key, _)| *key == readout.key)?;
            let values: Vec<Vec<f64>> = members.iter().map(|m| m.readouts[position].1.clone()).collect();
            let drivers = match telling_visit(&values, &days, &course.visits) {
                Some(i) => {
                    let change: Vec<f64> = values.iter().map(|v| v[i] - v[0]).collect();
                    drivers(&course.parameters, &draws, &[INJURY, readout.groups].concat(), &change)
                }
                None => Vec::new(),
            };
            Some(ReadoutSeries { readout: *readout, members: values, drivers })
        })
        .collect();
    let uptake = uptake(course, &members)?;
    let grades = grades(course, seed, &draws, &days, &readouts)?;
    let comparison = match &course.study {
        None => Vec::new(),
        Some(study) => compare(study, &draws, seed, |key, day| predicted(key, day, &members))?,
    };
    Ok(Outcome {
        course: course.clone(),
        seed,
        punctures: puncture_statistics(course, &members)?,
        damage_by_depth: damage_by_depth(&members),
        collagen_by_depth: course.visits.iter().filter_map(|v| index_of(&days, *v)).map(|day| collagen_by_depth(&members, day)).collect(),
        downtime: downtime(&members),
        specimen: specimen(course, central, seed)?,
        warnings: warnings(course).into_iter().chain(closure_warning(&readouts)).collect(),
        days,
        readouts,
        draws,
        uptake,
        patch: None,
        surface: surface(course, seed, &members)?,
        spectra: spectra(course, &members),
        scars: scars(course, &members),
        grades,
        comparison,
    })
}

/// Median collagen gain, %, up to which the reduced model was within a point of the three-dimensional block.
const TRUSTED_GAIN: f64 = 30.0;

/// A caution if collagen rises beyond what the reduced model was held to.
fn closure_warning(readouts: &[ReadoutSeries]) -> Option<Warning> {
    let mass = readouts.iter().find(|r| r.readout.key == "collagen_mass")?;
    let last: Vec<f64> = mass.members.iter().filter_map(|m| m.last().copied()).collect();
    let gain = interval(&last).median - 100.0;
    (gain > TRUSTED_GAIN).then(|| Warning {
        code: "reduced-closure".into(),
        message: format!(
            "A median collagen gain of {gain:.0} % is above the {TRUSTED_GAIN} % up to which the reduced model was within a point of a block of skin in three dimensions (beyond, up to two points too high); a run with `--fidelity patch` measures it."
        ),
    })
}

/// The visit at which the median change from baseline is largest: there the drivers are told. None if nothing changes.
fn telling_visit(values: &[Vec<f64>], days: &[f64], visits: &[f64]) -> Option<usize> {
    visits
        .iter()
        .filter_map(|v| index_of(days, *v))
        .map(|i| (i, interval(&values.iter().map(|v| v[i] - v[0]).collect::<Vec<_>>()).median.abs()))
        .filter(|(_, change)| *change > 0.0)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(i, _)| i)
}

/// The members' baseline and value on a day.
fn predicted(key: &str, day: f64, members: &[Member]) -> Option<Predicted> {
    let observed: Option<Vec<(f64, f64)>> = members.iter().map(|m| m.observed(key, day)).collect();
    let (baseline, at_day) = observed?.into_iter().unzip();
    Some(Predicted { baseline, at_day })
}

fn over(members: &[Member], value: impl Fn(&Member) -> f64) -> Interval {
    interval(&members.iter().map(value).collect::<Vec<_>>())
}

/// A property of single punctures over all members together.
fn pooled(members: &[Member], values: impl Fn(&Member) -> Vec<f64>) -> Interval {
    let sample: Vec<f64> = members
        .iter()
        .flat_map(|m| {
            let all = values(m);
            let step = all.len().div_ceil(PUNCTURES_PER_MEMBER).max(1);
            all.into_iter().step_by(step)
        })
        .collect();
    if sample.is_empty() { Interval { median: 0.0, low: 0.0, high: 0.0 } } else { interval(&sample) }
}

fn puncture_statistics(course: &Course, members: &[Member]) -> Result<PunctureStatistics, RunError> {
    let beyond_um = Draw::central(&course.parameters).get("motion.coverage_radius", "um")?;
    let first = |f: fn(&SessionInjury) -> f64| move |m: &Member| m.sessions.first().map_or(0.0, f);
    let treated = !course.sessions.is_empty();
    let of_table = |f: fn(&Member) -> Vec<f64>| if treated { pooled(members, f) } else { Interval { median: 0.0, low: 0.0, high: 0.0 } };
    Ok(PunctureStatistics {
        per_session: over(members, |m| (first(|s| s.density_per_cm2)(m) * course.area_cm2).round()),
        density_per_cm2: over(members, first(|s| s.density_per_cm2)),
        depth_um: of_table(|m| m.punctures.depth_um.clone()),
        uncovered_area_fraction: over(members, |m| if treated { uncovered_fraction(&m.punctures, beyond_um) } else { 1.0 }),
        nearest_neighbour_um: of_table(|m| nearest_neighbours_um(&m.punctures)),
        slit_um: of_table(|m| slit_lengths_um(&m.punctures)),
        open_area_fraction: over(members, first(|s| s.open_area)),
    })
}

/// Bands from the surface to the deepest skin of any member; a band a member has no tissue in is left to the others.
fn bands(members: &[Member], value: impl Fn(&Member, f64) -> Option<(f64, Option<f64>)>) -> Vec<DepthBand> {
    let deepest = members.iter().map(|m| m.layers.skin_um()).fold(0.0, f64::max);
    (0..(deepest / BAND_UM).ceil() as usize)
        .filter_map(|i| {
            let top_um = i as f64 * BAND_UM;
            let found: Vec<(f64, Option<f64>)> = members.iter().filter_map(|m| value(m, top_um + 0.5 * BAND_UM)).collect();
            // Fewer than half of the members would no longer be this skin.
            if 2 * found.len() < members.len() || found.is_empty() {
                return None;
            }
            let open: Option<Vec<f64>> = found.iter().map(|f| f.1).collect();
            Some(DepthBand {
                top_um,
                bottom_um: top_um + BAND_UM,
                value: interval(&found.iter().map(|f| f.0).collect::<Vec<_>>()),
                open_area: open.map(|o| interval(&o)),
            })
        })
        .collect()
}

fn layer_at(edges: &[f64], depth_um: f64) -> Option<usize> {
    edges.windows(2).position(|e| e[0] <= depth_um && depth_um < e[1])
}

fn damage_by_depth(members: &[Member]) -> Vec<DepthBand> {
    bands(members, |m, depth| {
        let session = m.sessions.first()?;
        let layer = layer_at(&m.depth_edges_um, depth)?;
        Some((session.damaged[layer], Some(session.open_area_by_layer[layer])))
    })
}

fn collagen_by_depth(members: &[Member], day: usize) -> Vec<DepthBand> {
    bands(members, |m, depth| {
        let layer = layer_at(&m.history.dermis_edges_um, depth)?;
        Some((m.history.layers[day][layer].collagen(), None))
    })
}

fn downtime(members: &[Member]) -> Option<DowntimeStatistics> {
    let all: Option<Vec<_>> = members.iter().map(|m| m.downtime).collect();
    let all = all?;
    let of = |f: fn(&crate::risk::Downtime) -> f64| interval(&all.iter().map(f).collect::<Vec<_>>());
    Some(DowntimeStatistics {
        erythema_d: of(|d| d.erythema_d),
        barrier_h: of(|d| d.barrier_h),
        crusts_d: of(|d| d.crusts_d),
        makeup_d: of(|d| d.makeup_d),
    })
}

/// The square in every member, before and after.
fn surface(course: &Course, seed: u64, members: &[Member]) -> Result<SurfaceOutcome, RunError> {
    let square = Square::of_ensemble(course, seed)?;
    let metrology = Metrology::of(&square)?;
    let last = course.visits.last().copied().unwrap_or(0.0);
    let both = |m: &Member| {
        let relief = |i: usize| m.scars.iter().map(|s| s.relief_um[i]).collect::<Vec<f64>>();
        let i = index_of(&m.history.days, last).unwrap_or(0);
        let (before, after) = (square.heights(&m.lines.baseline(), None, &relief(0)), m.lines.on(&m.history, i));
        let after = square.heights(&m.lines.baseline(), Some(&after), &relief(i));
        Ok((metrology.roughness(&before)?, metrology.roughness(&after)?))
    };
    let found = members.par_iter().map(both).collect::<Result<Vec<_>, RunError>>()?;
    Ok(metrology.outcome(&square, last, &found))
}

fn spectra(course: &Course, members: &[Member]) -> SpectraOutcome {
    let wavelength_nm = members.first().map_or_else(Vec::new, |m| m.spectra[0].wavelength_nm.clone());
    let at = |which: usize| {
        let one = |i: usize| interval(&members.iter().map(|m| m.spectra[which].reflectance[i]).collect::<Vec<_>>());
        (0..wavelength_nm.len()).map(one).collect()
    };
    SpectraOutcome {
        day: course.visits.last().copied().unwrap_or(0.0),
        before: at(0),
        just_after: (!course.sessions.is_empty()).then(|| at(1)),
        after: at(2),
        wavelength_nm,
    }
}

fn scars(course: &Course, members: &[Member]) -> Vec<ScarOutcome> {
    let days = |m: &Member, visit: f64| index_of(&m.history.days, visit);
    let state = |n: usize, visit: Option<f64>| {
        let of = |f: fn(&SingleScarSeries) -> &[f64]| {
            let at = |m: &Member| f(&m.scars[n]).get(visit.map_or(Some(0), |v| days(m, v))?).copied();
            interval(&members.iter().filter_map(at).collect::<Vec<_>>())
        };
        ScarState {
            relief_um: of(|s| &s.relief_um),
            volume_mm3: of(|s| &s.volume_mm3),
            area_mm2: of(|s| &s.area_mm2),
            alignment: of(|s| &s.alignment),
        }
    };
    let one = |(n, scar): (usize, &SingleScar)| ScarOutcome {
        scar: *scar,
        baseline: state(n, None),
        visits: course.visits.iter().map(|&v| (v, state(n, Some(v)))).collect(),
    };
    course.scars.iter().enumerate().map(one).collect()
}

fn uptake(course: &Course, members: &[Member]) -> Result<Option<Uptake>, RunError> {
    let Some(product) = &course.product else { return Ok(None) };
    if course.sessions.is_empty() {
        return Ok(None);
    }
    let all: Vec<_> = members.iter().filter_map(|m| m.uptake.as_ref()).collect();
    let of = |values: Vec<f64>| interval(&values);
    // Even in the logarithm from three minutes to four days, and the moment of the session itself.
    let mut delay_h = vec![0.0];
    delay_h.extend((0..=40).map(|i| 0.05 * (96.0f64 / 0.05).powf(f64::from(i) / 40.0)));
    let at = |occluded: bool| -> Vec<Interval> {
        delay_h.iter().map(|&h| of(all.iter().map(|u| u.enhancement(u.closure.open_share(h, occluded))).collect())).collect()
    };
    let (vehicle, dosing) = (product.vehicle(), product.dosing());
    let absorbed = |needled: bool| -> Result<Vec<f64>, RunError> {
        all.iter()
            .enumerate()
            .map(|(i, u)| {
                let curve = if needled { u.absorb(&vehicle, &dosing, &[24.0]) } else { u.absorb_intact(&vehicle, &dosing, &[24.0]) };
                let curve = curve.map_err(|e| RunError::Numerics { member: i as u32, day: 0.0, reason: e.to_string() })?;
                Ok(curve.amounts[0].absorbed)
            })
            .collect()
    };
    Ok(Some(Uptake {
        enhancement_open: at(false),
        enhancement_occluded: at(true),
        delivered_24h_ug_per_cm2: of(absorbed(true)?),
        intact_24h_ug_per_cm2: of(absorbed(false)?),
        lag_min: of(all.iter().map(|u| 60.0 * u.steady(u.closure.open_share(product.applied_after_h, false)).lag_h).collect()),
        delay_h,
    }))
}

fn specimen(course: &Course, central: Member, seed: u64) -> Result<Specimen, RunError> {
    let history = &central.history;
    let reach = central.sessions.first().map_or(0.0, |s| s.depth_um);
    let channel_profile = (0..=20)
        .map(|i| f64::from(i) / 20.0)
        .map(|share| (share, if reach > 0.0 { central.track.hole_radius_um(share * reach, reach) } else { 0.0 }))
        .collect();
    let visits = course
        .visits
        .iter()
        .filter_map(|&day| {
            let i = index_of(&history.days, day)?;
            let last = course.sessions.iter().rev().find(|s| **s <= day);
            Some(SpecimenVisit {
                day,
                since_session: last.map(|s| day - s),
                epidermis_factor: history.epidermis_factor[i],
                channel_open: history.epidermal_wound[i],
                lines: central.lines.on(history, i),
                scar_relief_um: central.scars.iter().map(|s| s.relief_um[i]).collect(),
                melanin: central.tint.melanin(i),
                lesion_melanin: central.tint.lesion(i),
                blood: central.tint.blood(i),
                layers: history
                    .dermis_edges_um
                    .windows(2)
                    .zip(&history.layers[i])
                    .map(|(e, state): (&[f64], &LayerState)| (e[0], e[1], *state))
                    .collect(),
            })
        })
        .collect();
    let punctures = if course.sessions.is_empty() {
        PunctureTable::default()
    } else {
        let draw = Draw::central(&course.parameters);
        let mut rng = stream(seed, u32::MAX, u32::MAX, Purpose::Punctures);
        device::punctures(&course.device, &course.motion, course.setting_um, SPECIMEN_UM, &draw, &mut rng)?
    };
    let bled = match central.sessions.first() {
        Some(session) if session.density_per_cm2 > 0.0 => {
            let points = Bleeding::from_draw(&Draw::central(&course.parameters), &central.layers)?.points_per_cm2(session);
            (points / session.density_per_cm2).min(1.0)
        }
        _ => 0.0,
    };
    Ok(Specimen {
        punctures,
        layers: central.layers,
        channel_profile,
        lines: central.lines.baseline(),
        square: Square::of_picture(course, seed)?,
        complexion: central.complexion,
        bled,
        visits,
    })
}
