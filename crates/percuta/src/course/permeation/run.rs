//! Running a permeation study over an ensemble.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rayon::prelude::*;

use super::collate::{collate, profile_times};
use super::curves::{ArmCurve, curves};
use super::member::MemberSkin;
use super::window::{MemberWindow, window};
use super::{PermeationOutcome, PermeationStudy, RunError};
use crate::course::{RunOptions, in_pool};
use crate::population::{Draw, Purpose, draw_members, stream};

/// Number of the member with central parameters.
pub(super) const CENTRAL: u32 = u32::MAX;
/// Times of the curves beside the samples.
const TIMES: u32 = 60;

/// What one member hands to the ensemble.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub skin: MemberSkin,
    pub intact: ArmCurve,
    pub needled: Option<ArmCurve>,
    pub window: Option<MemberWindow>,
}

/// Runs `study`; `progress(done, total)` is called after each member, from any thread.
///
/// # Errors
/// See [`RunError`]. Setting `cancel` stops after the members in flight.
pub fn run(
    study: &PermeationStudy,
    options: &RunOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
    cancel: &AtomicBool,
) -> Result<PermeationOutcome, RunError> {
    let times_h = times(study);
    let draws = draw_members(&study.parameters, options.seed, options.members);
    let total = draws.len();
    let done = AtomicUsize::new(0);
    let members: Vec<Member> = in_pool(options.threads, || {
        draws
            .par_iter()
            .enumerate()
            .map(|(i, draw)| {
                if cancel.load(Ordering::Relaxed) {
                    return Err(RunError::Cancelled { done: done.load(Ordering::Relaxed), total });
                }
                let member = member(study, draw, options.seed, i as u32, &times_h)?;
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
                Ok(member)
            })
            .collect::<Result<_, RunError>>()
    })??;
    let centre = Draw::central(&study.parameters);
    let central = member(study, &centre, options.seed, CENTRAL, &times_h)?;
    collate(study, options.seed, &times_h, &draws, &members, &central)
}

fn member(study: &PermeationStudy, draw: &Draw, seed: u64, number: u32, times_h: &[f64]) -> Result<Member, RunError> {
    let skin = MemberSkin::new(study, draw, &mut stream(seed, number, 0, Purpose::Punctures))?;
    let (uptake, mut intact, mut needled) = curves(study, &skin, draw, times_h, number)?;
    // Of the tissue only what the profiles show is kept.
    let shown = profile_times(times_h);
    for arm in std::iter::once(&mut intact).chain(&mut needled) {
        for (_, tissue) in arm.curve.tissue.iter_mut().enumerate().filter(|(t, _)| !shown.contains(t)) {
            *tissue = Vec::new();
        }
    }
    for arm in std::iter::once(&intact).chain(&needled) {
        let finite =
            arm.curve.amounts.iter().all(|a| a.total().is_finite()) && arm.curve.flux.iter().chain(&arm.reported).all(|f| f.is_finite());
        if !finite {
            return Err(RunError::NotFinite { member: number, readout: "absorbed".into(), day: study.duration_h / 24.0 });
        }
    }
    let window = study.treatment.as_ref().map(|_| window(study, &uptake, draw, number)).transpose()?;
    Ok(Member { skin, intact, needled, window })
}

/// Times of a study's curves, h: 0, denser towards the start, and every sample.
#[must_use]
pub fn times(study: &PermeationStudy) -> Vec<f64> {
    let mut times: Vec<f64> = (0..=TIMES).map(|i| study.duration_h * (f64::from(i) / f64::from(TIMES)).powi(2)).collect();
    times.extend(&study.samples_h);
    times.push(0.5 * study.duration_h);
    times.sort_by(f64::total_cmp);
    // Neighbours closer than a millionth of the study are one time; a sample keeps its own number.
    let close = 1e-6 * study.duration_h;
    let mut kept: Vec<f64> = Vec::with_capacity(times.len());
    for time in times {
        match kept.last_mut() {
            Some(last) if time - *last < close => {
                if study.samples_h.contains(&time) {
                    *last = time;
                }
            }
            _ => kept.push(time),
        }
    }
    kept
}
