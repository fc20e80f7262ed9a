//! Epidermal melanin carried up by turnover, its rise after inflammation, and the excess of a lesion.
//!
//! The epidermis is a cascade of layers of equal residence, each handing its melanin on at the rate of turnover and
//! breaking down what the resting profile says is lost on the way. Melanocytes feed the lowest one with `1 + b P`: `P`
//! is an inflammatory drive that every session adds to after a delay and that fades with a fast and a slow time
//! constant; `b` grows with skin tone. A share of the excess drops into the dermis. An adjunct in the epidermis stops a
//! share of all that is made. All of it is relative to resting skin and is integrated as a difference from it, so that
//! untreated skin stays exactly at 1.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::injury::SessionInjury;
use crate::population::{Draw, ParameterError};
use crate::skin::Tone;

/// Layers of the cascade: enough for a transit with a definite duration, few enough to be cheap.
const LAYERS: usize = 8;
/// Longest step of integration, d.
const STEP_D: f64 = 0.5;
/// Longest step by the shortest time in which a layer follows the one below.
const STEP_RATE: f64 = 0.8;

/// Pigment over time, on the days asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PigmentSeries {
    /// Epidermal melanin of the treated skin relative to baseline, 1.
    pub epidermal: Vec<f64>,
    /// Dermal melanin that inflammation left, as a share of the epidermal melanin at baseline, 1.
    pub dermal: Vec<f64>,
    /// Epidermal melanin of the lesion above that of the skin around it, % of this excess at baseline.
    pub lesion_excess: Vec<f64>,
}

/// Where the resting epidermis carries its melanin: shares of the whole, adding up to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MelaninProfile {
    /// Lower half of the living epidermis.
    pub basal: f64,
    /// Upper half of the living epidermis.
    pub upper: f64,
    /// Stratum corneum.
    pub corneum: f64,
}

impl MelaninProfile {
    /// Shares of the layers of the cascade: two each for the halves of the living epidermis, four for the stratum
    /// corneum, which turns over in about the same time as the living layers.
    fn shares(&self) -> [f64; LAYERS] {
        let (b, u, c) = (self.basal / 2.0, self.upper / 2.0, self.corneum / 4.0);
        [b, b, u, u, c, c, c, c]
    }
}

/// What kind of excess pigment a lesion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LesionKind {
    /// Melanocytes stay overactive and return to it after treatment.
    #[default]
    Melasma,
    /// Left behind by an inflammation; fades by itself.
    PostAcne,
}

impl LesionKind {
    /// Name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Melasma => "melasma",
            Self::PostAcne => "post-acne mark",
        }
    }
}

/// Pigment kinetics of one member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pigment {
    /// Share of the resting melanin in each layer.
    shares: [f64; LAYERS],
    /// Rate at which each layer follows the one below it, 1/d.
    rates_per_d: [f64; LAYERS],
    delay_d: f64,
    fast_rate_per_d: f64,
    slow_rate_per_d: f64,
    slow_share: f64,
    source_rise: f64,
    half_damage: f64,
    dermal_share: f64,
    dermal_rate_per_d: f64,
    lesion_cut: f64,
    lesion_density_per_cm2: f64,
    lesion_rate_per_d: f64,
    /// What the lesion's excess source tends to, as a difference from baseline: 0 back to it, -1 to none.
    lesion_target: f64,
}

/// A time in which an adjunct stops a share of the making of melanin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inhibition {
    /// First day.
    pub from_d: f64,
    /// Last day.
    pub to_d: f64,
    /// Share that is not made, 0 to 1.
    pub share: f64,
}

/// Differences from resting skin.
#[derive(Clone, Copy, Default)]
struct State {
    layers: [f64; LAYERS],
    fast: f64,
    slow: f64,
    dermal: f64,
    lesion_source: f64,
    lesion: [f64; LAYERS],
    /// Share of the making of melanin that adjuncts stop now.
    inhibited: f64,
}

impl Pigment {
    /// Reads the cards `pigment.*` for a person of that tone.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw, tone: Tone, profile: MelaninProfile, lesion: LesionKind) -> Result<Self, ParameterError> {
        let pigment = draw.group("pigment");
        let relative_tone = tone.melanosome_fraction / pigment.get("reference_melanosomes", "1")?;
        let shares = profile.shares();
        let handed_on_per_d = LAYERS as f64 / pigment.get("turnover", "d")?;
        // At rest a layer takes in what the one below hands on, and hands on or breaks down as much.
        let rates_per_d = std::array::from_fn(|i| handed_on_per_d * if i == 0 { 1.0 } else { shares[i - 1] / shares[i] });
        let (fading_d, lesion_target) = match lesion {
            LesionKind::Melasma => (pigment.get("lesion_return", "d")?, 0.0),
            LesionKind::PostAcne => (pigment.get("mark_fading", "d")?, -1.0),
        };
        Ok(Self {
            shares,
            rates_per_d,
            delay_d: pigment.get("onset", "d")?,
            fast_rate_per_d: 1.0 / pigment.get("drive_decay_fast", "d")?,
            slow_rate_per_d: 1.0 / pigment.get("drive_decay_slow", "d")?,
            slow_share: pigment.get("drive_slow_share", "1")?,
            source_rise: pigment.get("source_rise", "1")? * relative_tone.powf(pigment.get("tone_exponent", "1")?),
            half_damage: pigment.get("half_damage", "1")?,
            dermal_share: pigment.get("dermal_share", "1")?,
            dermal_rate_per_d: 1.0 / pigment.get("dermal_clearance", "d")?,
            lesion_cut: pigment.get("lesion_cut", "1")?,
            lesion_density_per_cm2: pigment.get("lesion_density", "1/cm2")?,
            lesion_rate_per_d: 1.0 / fading_d,
            lesion_target,
        })
    }

    /// Melanin and lesion excess on `days` (increasing). A session takes effect at its own day; `adjunct` holds the times in which
    /// an adjunct acts, none of which overlap.
    #[must_use]
    pub fn series(&self, days: &[f64], sessions: &[SessionInjury], adjunct: &[Inhibition]) -> PigmentSeries {
        let mut events: Vec<Event> = sessions.iter().flat_map(|s| self.events(s)).collect();
        let switch = |day: f64, share: f64| Event { day, inhibited: Some(share), ..Event::NONE };
        // Ends come before the beginnings of the same day: the sort is stable.
        events.extend(adjunct.iter().map(|i| switch(i.to_d, 0.0)));
        events.extend(adjunct.iter().map(|i| switch(i.from_d, i.share)));
        events.sort_by(|a, b| a.day.total_cmp(&b.day));
        let mut events = events.into_iter().peekable();

        let mut series = PigmentSeries::default();
        let mut state = State::default();
        let mut now = f64::NEG_INFINITY;
        for &day in days {
            while let Some(event) = events.next_if(|e| e.day <= day) {
                state = self.advance(state, event.day - now);
                now = event.day;
                event.apply(&mut state);
            }
            state = self.advance(state, day - now);
            now = day;
            series.epidermal.push(1.0 + self.whole(&state.layers));
            series.dermal.push(state.dermal);
            series.lesion_excess.push(100.0 * (1.0 + self.whole(&state.lesion)).max(0.0));
        }
        series
    }

    fn events(&self, session: &SessionInjury) -> [Event; 2] {
        let damage = session.damaged_epidermis + session.damaged_papillary;
        let drive = if damage > 0.0 { damage / (damage + self.half_damage) } else { 0.0 };
        let treated = 1.0 - (-session.density_per_cm2 / self.lesion_density_per_cm2).exp();
        [
            Event { day: session.day + self.delay_d, fast: drive * (1.0 - self.slow_share), slow: drive * self.slow_share, ..Event::NONE },
            Event { day: session.day, lesion_cut: self.lesion_cut * treated, ..Event::NONE },
        ]
    }

    /// Classical Runge-Kutta with short enough steps.
    fn advance(&self, mut state: State, duration_d: f64) -> State {
        // Before the first event everything rests.
        if !duration_d.is_finite() || duration_d <= 0.0 {
            return state;
        }
        let fastest = self.rates_per_d.iter().copied().fold(0.0, f64::max);
        let steps = (duration_d / STEP_D.min(STEP_RATE / fastest)).ceil();
        let h = duration_d / steps;
        for _ in 0..steps as usize {
            let k1 = self.rates(&state);
            let k2 = self.rates(&state.plus(0.5 * h, &k1));
            let k3 = self.rates(&state.plus(0.5 * h, &k2));
            let k4 = self.rates(&state.plus(h, &k3));
            state = state.plus(h / 6.0, &k1).plus(h / 3.0, &k2).plus(h / 3.0, &k3).plus(h / 6.0, &k4);
        }
        state
    }

    fn rates(&self, state: &State) -> State {
        let made = 1.0 - state.inhibited;
        // Of resting skin's own making, 1, the inhibited share is missing too.
        let excess = made * self.source_rise * (state.fast + state.slow) - state.inhibited;
        State {
            layers: self.carried(&state.layers, excess),
            fast: -self.fast_rate_per_d * state.fast,
            slow: -self.slow_rate_per_d * state.slow,
            // At rest the source makes what the lowest layer hands on; a share of the excess drops into the dermis.
            dermal: self.dermal_share * (excess + state.inhibited) * self.rates_per_d[0] * self.shares[0]
                - self.dermal_rate_per_d * state.dermal,
            lesion_source: self.lesion_rate_per_d * (self.lesion_target - state.lesion_source),
            lesion: self.carried(&state.lesion, made * (1.0 + state.lesion_source) - 1.0),
            inhibited: 0.0,
        }
    }

    /// Turnover: each layer follows the one below, the lowest the source.
    fn carried(&self, layers: &[f64; LAYERS], source: f64) -> [f64; LAYERS] {
        std::array::from_fn(|i| self.rates_per_d[i] * (if i == 0 { source } else { layers[i - 1] } - layers[i]))
    }

    /// Melanin of the whole epidermis from that of its layers, each relative to rest.
    fn whole(&self, layers: &[f64; LAYERS]) -> f64 {
        layers.iter().zip(&self.shares).map(|(relative, share)| relative * share).sum()
    }
}

impl State {
    fn plus(&self, h: f64, rate: &Self) -> Self {
        Self {
            layers: std::array::from_fn(|i| self.layers[i] + h * rate.layers[i]),
            fast: self.fast + h * rate.fast,
            slow: self.slow + h * rate.slow,
            dermal: self.dermal + h * rate.dermal,
            lesion_source: self.lesion_source + h * rate.lesion_source,
            lesion: std::array::from_fn(|i| self.lesion[i] + h * rate.lesion[i]),
            inhibited: self.inhibited,
        }
    }
}

/// A jump of the state.
struct Event {
    day: f64,
    fast: f64,
    slow: f64,
    lesion_cut: f64,
    inhibited: Option<f64>,
}

impl Event {
    const NONE: Self = Self { day: 0.0, fast: 0.0, slow: 0.0, lesion_cut: 0.0, inhibited: None };

    fn apply(&self, state: &mut State) {
        state.fast += self.fast;
        state.slow += self.slow;
        // The excess source that is left, 1 + lesion_source, loses a share.
        state.lesion_source -= self.lesion_cut * (1.0 + state.lesion_source);
        state.inhibited = self.inhibited.unwrap_or(state.inhibited);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appearance::light::Optics;
    use crate::population::{ParameterSet, draw_members};
    use crate::skin::Layers;

    const LAYERS: Layers = Layers { stratum_corneum_um: 15.0, viable_epidermis_um: 65.0, papillary_dermis_um: 250.0, dermis_um: 1100.0 };
    /// About that of the light model.
    const PROFILE: MelaninProfile = MelaninProfile { basal: 0.39, upper: 0.59, corneum: 0.02 };

    fn of(draw: &Draw, melanosome_fraction: f64, lesion: LesionKind) -> Pigment {
        Pigment::from_draw(draw, Tone { melanosome_fraction }, PROFILE, lesion).unwrap()
    }

    fn central(melanosome_fraction: f64) -> Pigment {
        of(&Draw::central(&ParameterSet::embedded().unwrap()), melanosome_fraction, LesionKind::Melasma)
    }

    fn days(to: u32) -> Vec<f64> {
        (0..=to).map(f64::from).collect()
    }

    #[test]
    fn untreated_skin_keeps_its_melanin() {
        for draw in draw_members(&ParameterSet::embedded().unwrap(), 1, 16) {
            let series = of(&draw, 0.2, LesionKind::Melasma).series(&days(400), &[], &[]);
            assert!(series.epidermal.iter().all(|&m| m == 1.0));
            assert!(series.lesion_excess.iter().all(|&m| m == 100.0));
        }
    }

    #[test]
    fn the_lesion_follows_the_calibration_series() {
        // Two monthly sessions took 43.7 units of excess to 34.5 on day 60 (Farshi & Mansouri 2020).
        let series = central(0.1).series(
            &[0.0, 60.0],
            &[SessionInjury::sample(0.0, 500.0, 250.0, 0.02), SessionInjury::sample(30.0, 500.0, 250.0, 0.02)],
            &[],
        );
        assert!((series.lesion_excess[1] - 100.0 * 34.5 / 43.7).abs() < 0.5, "{:?}", series.lesion_excess);
    }

    #[test]
    fn the_lesion_returns_when_treatment_stops() {
        let series = central(0.1).series(&[0.0, 60.0, 720.0], &[SessionInjury::sample(0.0, 500.0, 250.0, 0.02)], &[]);
        assert!(series.lesion_excess[1] < series.lesion_excess[2]);
        assert!(series.lesion_excess[2] < 100.0);
    }

    #[test]
    fn a_mark_fades_by_itself_and_faster_when_needled() {
        let mark = of(&Draw::central(&ParameterSet::embedded().unwrap()), 0.1, LesionKind::PostAcne);
        let left = |sessions: &[SessionInjury]| mark.series(&[0.0, 90.0, 720.0], sessions, &[]).lesion_excess;
        let (alone, needled) = (left(&[]), left(&[SessionInjury::sample(0.0, 500.0, 250.0, 0.02)]));
        assert!(alone[0] > 99.9 && alone[1] < 80.0 && alone[2] < 5.0, "{alone:?}");
        assert!(needled[1] < alone[1] && needled[2] < alone[2]);
    }

    #[test]
    fn melanin_that_is_lost_on_the_way_makes_the_epidermis_follow_faster() {
        let draw = Draw::central(&ParameterSet::embedded().unwrap());
        let kept = MelaninProfile { basal: 0.25, upper: 0.25, corneum: 0.5 };
        let at_rise = |profile| {
            let pigment = Pigment::from_draw(&draw, Tone { melanosome_fraction: 0.1 }, profile, LesionKind::Melasma).unwrap();
            let rise: Vec<f64> = pigment.series(&days(60), &[SessionInjury::sample(0.0, 500.0, 250.0, 0.02)], &[]).epidermal;
            let peak = rise.iter().copied().fold(0.0, f64::max);
            rise.iter().position(|&r| r == peak).unwrap()
        };
        assert!(at_rise(PROFILE) < at_rise(kept), "{} {}", at_rise(PROFILE), at_rise(kept));
    }

    #[test]
    fn the_rise_has_the_timing_of_a_tan() {
        // Melanin starts on day 2, is highest near day 19 and back by 9.5 months (reflectance after one exposure).
        // A tan leaves no melanin in the dermis.
        let tan = Pigment { dermal_share: 0.0, ..central(0.1) };
        let melanin = tan.series(&days(400), &[SessionInjury::sample(0.0, 1000.0, 500.0, 0.05)], &[]).epidermal;
        let rise: Vec<f64> = melanin.iter().map(|m| m - 1.0).collect();
        let peak = rise.iter().copied().fold(0.0, f64::max);
        let day = rise.iter().position(|&r| r == peak).unwrap();
        assert!(rise[1] < 0.02 * peak, "nothing before the onset: {} of {peak}", rise[1]);
        assert!(rise[4] > 0.1 * peak);
        assert!((13..=28).contains(&day), "peak on day {day}");
        assert!(rise[288] < 0.05 * peak, "{} of {peak}", rise[288]);
    }

    #[test]
    fn integration_has_converged() {
        // Total melanin of a cascade fed by a fading source, against the integral of inflow minus outflow in closed form
        // for the first layer: r s/(r - l) (exp(-l t) - exp(-r t)).
        let pigment = Pigment { slow_share: 0.0, delay_d: 0.0, ..central(0.1) };
        let state = pigment.advance(State { fast: 1.0, ..State::default() }, 10.0);
        let (r, l) = (pigment.rates_per_d[0], pigment.fast_rate_per_d);
        let exact = pigment.source_rise * r / (r - l) * ((-l * 10.0f64).exp() - (-r * 10.0f64).exp());
        assert!((state.layers[0] / exact - 1.0).abs() < 1e-5);
    }

    #[test]
    fn more_damage_and_darker_skin_darken_more() {
        let rise = |fraction, damage| {
            let melanin = central(fraction).series(&days(60), &[SessionInjury::sample(0.0, 1000.0, 500.0, damage)], &[]).epidermal;
            melanin.into_iter().fold(0.0, f64::max)
        };
        assert!(rise(0.1, 0.01) < rise(0.1, 0.05) && rise(0.1, 0.05) < rise(0.1, 0.2));
        assert!(rise(0.03, 0.05) < rise(0.1, 0.05) && rise(0.1, 0.05) < rise(0.3, 0.05));
    }

    #[test]
    fn the_result_does_not_depend_on_the_days_asked_for() {
        let sessions = [SessionInjury::sample(0.0, 1000.0, 500.0, 0.05), SessionInjury::sample(28.0, 1000.0, 500.0, 0.05)];
        let dense = central(0.2).series(&days(100), &sessions, &[]);
        let sparse = central(0.2).series(&[0.0, 100.0], &sessions, &[]);
        assert!((dense.epidermal[100] - sparse.epidermal[1]).abs() < 1e-6);
    }

    #[test]
    fn a_usual_course_darkens_visibly_in_few_members_only() {
        // PIH after needling is reported in 1-15 % of Fitzpatrick IV-V; 0.8 of L* is the least visible darkening.
        let sessions: Vec<SessionInjury> = (0..3).map(|i| SessionInjury::sample(28.0 * f64::from(i), 1500.0, 500.0, 0.03)).collect();
        let draws = draw_members(&ParameterSet::embedded().unwrap(), 1, 300);
        let darkened = |draw: &Draw| {
            let melanin = of(draw, 0.135, LesionKind::Melasma).series(&days(120), &sessions, &[]).epidermal;
            let optics = Optics::from_draw(draw).unwrap();
            let tissue = optics.resting(&LAYERS, 0.135);
            let lightness = |factor| optics.spectrum(&tissue.scaled(factor, 1.0)).unwrap().lab().l;
            lightness(melanin.into_iter().fold(1.0, f64::max)) < lightness(1.0) - 0.8
        };
        let share = draws.iter().filter(|d| darkened(d)).count() as f64 / draws.len() as f64;
        assert!((0.01..0.15).contains(&share), "{share}");
    }

    #[test]
    fn an_adjunct_lightens_for_as_long_as_it_acts() {
        let acts = [Inhibition { from_d: 10.0, to_d: 40.0, share: 0.5 }];
        let series = central(0.1).series(&days(400), &[], &acts);
        assert_eq!(series.epidermal[10], 1.0);
        // Half of the melanin is made for a whole turnover: half of it is left, and the lesion has half of its excess.
        assert!((0.5..0.7).contains(&series.epidermal[40]), "{}", series.epidermal[40]);
        assert!((50.0..70.0).contains(&series.lesion_excess[40]));
        assert!((series.epidermal[200] - 1.0).abs() < 1e-3, "{}", series.epidermal[200]);
        // Two halves of the same time are the same.
        let halves = [Inhibition { to_d: 25.0, ..acts[0] }, Inhibition { from_d: 25.0, ..acts[0] }];
        let twice = central(0.1).series(&days(400), &[], &halves);
        assert!(series.epidermal.iter().zip(&twice.epidermal).all(|(a, b)| (a - b).abs() < 1e-9));
    }
}
