//! One member of the ensemble: the chain from punctures to read-outs for one draw of the parameters.

use super::adjunct::inhibition;
use super::window::{FIRST_DERMAL_LAYER, PAPILLARY_LAYERS};
use super::wounded::Wounded;
use super::{Course, RunError, index_of};
use crate::absorption::{Barrier as SkinBarrier, Channels, Closure, Estimate, Uptake};
use crate::appearance::light::Spectrum;
use crate::appearance::{Complexion, LesionKind, Lines, Pigment, Scars, SingleScarSeries, Tint};
use crate::device::PunctureTable;
use crate::evidence::observation;
use crate::healing::{COURSE_TOLERANCE, Equations, HealingHistory, HealingParameters, ReducedCourse, heal};
use crate::injury::{SessionInjury, Track};
use crate::population::{Draw, ParameterError};
use crate::risk::{Barrier, Bleeding, Downtime, Erythema, Pain, Pih, Recovery};
use crate::skin::Layers;

/// Everything one member hands to the ensemble.
#[derive(Debug, Clone)]
pub struct Member {
    /// Thickness of the skin's layers.
    pub layers: Layers,
    /// Punctures of a session in the first window.
    pub punctures: PunctureTable,
    /// Geometry of the channels.
    pub track: Track,
    /// Borders of the grid's layers, µm.
    pub depth_edges_um: Vec<f64>,
    /// What each session did.
    pub sessions: Vec<SessionInjury>,
    /// The dermis and epidermis over time.
    pub history: HealingHistory,
    /// Every read-out on `history.days`, by key.
    pub readouts: Vec<(&'static str, Vec<f64>)>,
    /// The single scars of the course, on `history.days`.
    pub scars: Vec<SingleScarSeries>,
    /// Its lines.
    pub lines: Lines,
    /// What light makes of its skin.
    pub complexion: Complexion,
    /// What colours it, on `history.days`.
    pub tint: Tint,
    /// What its skin reflects before the first session, just after it, and at the last visit.
    pub spectra: [Spectrum; 3],
    /// Recovery after one session.
    pub downtime: Option<Downtime>,
    /// The product on this skin.
    pub uptake: Option<Uptake>,
}

/// Where the wall time of a member goes, s.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StageTimes {
    /// Punctures and injury.
    pub injury: f64,
    /// Signal field and classes.
    pub field: f64,
    /// Healing equations.
    pub healing: f64,
    /// Read-outs.
    pub readouts: f64,
}

/// Runs one member. `number` keys its random streams.
///
/// # Errors
/// See [`RunError`].
pub fn run_member(course: &Course, draw: &Draw, seed: u64, number: u32, days: &[f64]) -> Result<Member, RunError> {
    run_member_timed(course, draw, seed, number, days).map(|(member, _)| member)
}

/// The same, with the time each stage took: for benchmarks.
///
/// # Errors
/// See [`RunError`].
pub fn run_member_timed(course: &Course, draw: &Draw, seed: u64, number: u32, days: &[f64]) -> Result<(Member, StageTimes), RunError> {
    let clock = std::time::Instant::now();
    let Wounded { layers, track, punctures, sessions, depth_edges_um, exposures, injury_s } = Wounded::of(course, draw, seed, number)?;
    let wounded = clock.elapsed().as_secs_f64();

    let healing = HealingParameters::from_draw(draw)?;
    let history = heal(
        &ReducedCourse {
            dermis_edges_um: &depth_edges_um[FIRST_DERMAL_LAYER..],
            papillary_layers: PAPILLARY_LAYERS,
            sessions: &course.sessions,
            channel_um: &sessions.iter().map(|s| s.channel_radius_um).collect::<Vec<_>>(),
            exposures: &exposures,
            days,
            tolerance: COURSE_TOLERANCE,
        },
        &Equations::new(&healing),
    )
    .map_err(|e| RunError::Numerics { member: number, day: e.day, reason: e.to_string() })?;
    let healed = clock.elapsed().as_secs_f64();

    let uptake = uptake(course, draw, &layers, &sessions)?;
    let Read { readouts, complexion, tint, visible_rise } = readouts(course, draw, &layers, &sessions, &history)?;
    for (key, values) in &readouts {
        if let Some(i) = values.iter().position(|v| !v.is_finite()) {
            return Err(RunError::NotFinite { member: number, readout: (*key).to_owned(), day: days[i] });
        }
    }
    let downtime = sessions.first().map(|s| Recovery::from_draw(draw, &layers, visible_rise).map(|r| r.downtime(s))).transpose()?;
    let scars = Scars::from_draw(draw, &course.scars)?.single(&history, reach_um(&sessions));
    let lines = Lines::from_draw(draw, &layers, course.person.age_years)?;
    let at = |day: f64| complexion.spectrum(&tint, index_of(days, day).unwrap_or(0));
    let spectra = [complexion.spectrum(&tint, 0)?, at(0.0)?, at(course.visits.last().copied().unwrap_or(0.0))?];
    let times = StageTimes {
        injury: injury_s,
        field: wounded - injury_s,
        healing: healed - wounded,
        readouts: clock.elapsed().as_secs_f64() - healed,
    };
    let member = Member {
        layers,
        punctures,
        track,
        depth_edges_um,
        sessions,
        history,
        readouts,
        scars,
        lines,
        complexion,
        tint,
        spectra,
        downtime,
        uptake,
    };
    Ok((member, times))
}

/// Mean depth that the needles of a session reach below the surface they enter, µm.
fn reach_um(sessions: &[SessionInjury]) -> f64 {
    sessions.first().map_or(0.0, |s| s.depth_um)
}

/// The course's product on this skin, intact and after a session.
pub(super) fn uptake(course: &Course, draw: &Draw, layers: &Layers, sessions: &[SessionInjury]) -> Result<Option<Uptake>, ParameterError> {
    let Some(product) = &course.product else { return Ok(None) };
    let barrier = SkinBarrier::living(&product.permeant, layers, &Estimate::default(), draw)?;
    let channels = match sessions.first() {
        Some(session) => Channels::of(session, layers, draw)?,
        None => None,
    };
    Uptake::new(&barrier, channels.as_ref(), Closure::living(&course.person, &course.site.key, draw)?, draw).map(Some)
}

/// What is read of one member.
pub(super) struct Read {
    /// Every read-out on the history's days, by key.
    pub readouts: Vec<(&'static str, Vec<f64>)>,
    /// What light makes of the skin.
    pub complexion: Complexion,
    /// What colours it, on those days.
    pub tint: Tint,
    /// Blood above its resting content, as a share of it, that can just be seen.
    pub visible_rise: f64,
}

/// All read-outs on the history's days.
pub(super) fn readouts(
    course: &Course,
    draw: &Draw,
    layers: &Layers,
    sessions: &[SessionInjury],
    history: &HealingHistory,
) -> Result<Read, RunError> {
    let days = &history.days;
    let lines = Lines::from_draw(draw, layers, course.person.age_years)?.series(history);
    let scars = Scars::from_draw(draw, &course.scars)?.series(history, reach_um(sessions));
    let session_days: Vec<f64> = sessions.iter().map(|s| s.day).collect();
    let on_skin = uptake(course, draw, layers, sessions)?;
    let adjunct = match (&course.product, &on_skin) {
        (Some(product), Some(uptake)) => inhibition(product, uptake, &session_days, draw)?,
        _ => Vec::new(),
    };
    let complexion = Complexion::from_draw(draw, layers, &course.person)?;
    let kind = course.lesion.map_or(LesionKind::default(), |l| l.kind);
    let pigment = Pigment::from_draw(draw, course.person.tone, complexion.melanin_profile(), kind)?.series(days, sessions, &adjunct);
    // Without a lesion there is no excess; with one it starts at what the course says.
    let excess = course.lesion.map_or(0.0, |l| l.melanin_ratio - 1.0);
    let lesion = pigment.lesion_excess.iter().map(|percent| percent * excess).collect();
    let dilation = Erythema::from_draw(draw)?.series(days, sessions);
    let tint = Tint { pigment, lesion_ratio: 1.0 + excess, dilation };
    let colour = complexion.series(&tint, draw.group("erythema").get("visible_difference", "CIELAB")?)?;
    let epidermis = history.epidermis_factor.iter().map(|f| f * layers.viable_epidermis_um).collect();
    let enhancement = match (&course.product, &on_skin) {
        (Some(product), Some(uptake)) => uptake.enhancement_series(days, &session_days, product.occluded),
        _ => vec![1.0; days.len()],
    };
    let readouts = vec![
        ("collagen_mass", observation::collagen_mass(history)),
        ("papillary_collagen_mass", observation::papillary_collagen_mass(history)),
        ("collagen_iii_i_ratio", observation::collagen_iii_i_ratio(history)),
        ("collagen_maturity", observation::collagen_maturity(history)),
        ("procollagen", observation::procollagen(history)),
        ("stained_collagen_area", observation::stained_collagen_area(history, draw)?),
        ("ultrasound_dermal_density", observation::ultrasound_dermal_density(history, draw)?),
        ("suction_elasticity", observation::suction_elasticity(history, draw)?),
        ("epidermal_thickness", epidermis),
        ("microrelief_depth", lines.microrelief_depth),
        ("fine_line_depth", lines.fine_line_depth),
        ("fine_lines_vanished", lines.fine_lines_vanished),
        ("coarse_line_depth", lines.coarse_line_depth),
        ("lemperle_grade", lines.lemperle_grade),
        ("scar_depth_icepick", scars.depth_icepick),
        ("scar_depth_boxcar", scars.depth_boxcar),
        ("scar_depth_rolling", scars.depth_rolling),
        ("scar_volume_icepick", scars.volume_icepick),
        ("scar_volume_boxcar", scars.volume_boxcar),
        ("scar_volume_rolling", scars.volume_rolling),
        ("hypertrophic_scar_height", scars.hypertrophic_height),
        ("hypertrophic_scar_volume", scars.hypertrophic_volume),
        ("linear_scar_depth", scars.linear_depth),
        ("linear_scar_width", scars.linear_width),
        ("scar_alignment", scars.alignment),
        ("goodman_baron_score", scars.goodman_baron_score),
        ("goodman_baron_grade", scars.goodman_baron_grade),
        ("ecca_score", scars.ecca_score),
        ("vss_score", scars.vss_score),
        ("posas_observer_score", scars.posas_score),
        ("melanin_index", colour.melanin_index),
        ("lesion_melanin_excess", lesion),
        ("lesion_index_excess", colour.lesion_index_excess),
        ("lesion_contrast", colour.lesion_contrast),
        ("erythema_index", colour.erythema_index),
        ("lightness", colour.lightness),
        ("redness", colour.redness),
        ("yellowness", colour.yellowness),
        ("ita", colour.ita),
        ("tewl", Barrier::from_draw(draw)?.series(days, sessions)),
        ("product_enhancement_ratio", enhancement),
        ("pain", Pain::from_draw(draw)?.series(days, sessions)),
        ("bleeding_points", Bleeding::from_draw(draw, layers)?.series(days, sessions)),
        ("pih_probability", Pih::from_draw(draw, course.person.tone)?.series(days, sessions)),
    ];
    Ok(Read { readouts, complexion, tint, visible_rise: colour.visible_rise })
}

impl Member {
    /// A read-out at a visit.
    #[must_use]
    pub fn at(&self, key: &str, visit: f64) -> Option<f64> {
        let i = index_of(&self.history.days, visit)?;
        self.readouts.iter().find(|(k, _)| *k == key).map(|(_, v)| v[i])
    }

    /// An observable before the first session and on a day, between recorded days on a straight line; those of a single session
    /// are the same on every day. None if this course has no such thing.
    #[must_use]
    pub fn observed(&self, key: &str, day: f64) -> Option<(f64, f64)> {
        let session = self.sessions.first();
        match key {
            "puncture_density" => return session.map(|s| (0.0, s.density_per_cm2)),
            "puncture_depth" => return session.map(|s| (0.0, s.depth_um)),
            "erythema_duration" => return self.downtime.as_ref().map(|d| (0.0, d.erythema_d)),
            "barrier_recovery" => return self.downtime.as_ref().map(|d| (0.0, d.barrier_h)),
            // As studies of excised skin publish them.
            "enhancement_ratio" | "enhancement_ratio_kp" => return self.uptake.as_ref().map(|u| (1.0, u.enhancement(1.0))),
            "lag" => return self.uptake.as_ref().map(|u| (u.intact.steady(0.0).lag_h, u.steady(1.0).lag_h)),
            "product_lag" => return self.uptake.as_ref().map(|u| (60.0 * u.intact.steady(0.0).lag_h, 60.0 * u.steady(1.0).lag_h)),
            _ => {}
        }
        let days = &self.history.days;
        let (_, values) = self.readouts.iter().find(|(k, _)| *k == key)?;
        let last = days.iter().rposition(|d| *d <= day + 1e-9)?;
        let next = (last + 1).min(days.len() - 1);
        let share = if next > last { ((day - days[last]) / (days[next] - days[last])).clamp(0.0, 1.0) } else { 0.0 };
        Some((values[0], values[last] + share * (values[next] - values[last])))
    }
}
