//! A made-up permeation study for tests: curves as diffusion draws them, nothing computed by the model.

use std::sync::OnceLock;

use percuta::absorption::{Dosing, Permeant, Relation, Vehicle};
use percuta::course::Warning;
use percuta::course::permeation::{
    Arm, BarrierChoice, BlockCurve, BlockSection, ChannelStatistics, ClosedBy, Compartment, DataSeries, PermeationOutcome, PermeationStudy,
    Preparation, Profile, Quantity, Replicate, SkinSample, Treatment, Window,
};
use percuta::device::{Device, Handpiece, Motion};
use percuta::population::Interval;

use super::figures::figures;
use crate::figures::{Figure, noise};
use crate::fixture;
use crate::folder::Inputs;

const HOURS: f64 = 24.0;
const DOSE_UG_PER_CM2: f64 = 200.0;
const SAMPLES: [f64; 9] = [0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 18.0, 24.0];
const DONORS: u32 = 4;
const REPLICATES: u32 = 6;
const WASH_H: f64 = 12.0;
const BORDERS_UM: [f64; 3] = [15.0, 75.0, 400.0];

/// Inputs of the made-up run.
pub fn inputs() -> Inputs {
    Inputs {
        course_path: "examples/caffeine.toml".into(),
        course_text: "name = \"caffeine\"\n".into(),
        overrides: vec!["dose.volume=20 uL/cm2".into()],
        version: "0.1.0".into(),
        command: "percuta absorb examples/caffeine.toml".into(),
    }
}

/// A median with an interval of a factor either way.
fn about(median: f64, factor: f64) -> Interval {
    Interval { median, low: median / factor, high: median * factor }
}

/// Share of the dose absorbed by a time.
fn absorbed(needled: bool, t: f64) -> f64 {
    let (most, lag, slow) = if needled { (0.38, 0.15, 6.0) } else { (0.011, 2.2, 14.0) };
    // Smooth where it begins.
    let since = 0.5 * ((t - lag) + ((t - lag).powi(2) + 0.05 * lag).sqrt());
    let first = 0.5 * (-lag + (lag * lag + 0.05 * lag).sqrt());
    most * ((-first / slow).exp() - (-since / slow).exp())
}

fn flux(needled: bool, t: f64) -> f64 {
    let h = 1e-4;
    DOSE_UG_PER_CM2 * (absorbed(needled, t + h) - absorbed(needled, (t - h).max(0.0))) / (h + t.min(h))
}

fn times() -> Vec<f64> {
    let mut times: Vec<f64> = (0..=20).map(|i| f64::from(i) * 0.05).collect();
    times.extend((5..=96).map(|i| f64::from(i) * 0.25));
    times.sort_by(f64::total_cmp);
    times
}

/// Shares of the dose by place, from outside to inside, %.
fn places(needled: bool, t: f64) -> [f64; 9] {
    let inside = 100.0 * absorbed(needled, t);
    let fill = 1.0 - (-t / 1.5).exp();
    let gone = if t >= WASH_H { (-(t - WASH_H) / 8.0).exp() } else { 1.0 };
    let horny = 3.0 * fill * gone;
    let (viable, dermis, channels) = if needled { (0.7 * fill, 3.1 * fill * gone, 0.3 * gone) } else { (0.12 * fill, 0.31 * fill, 0.0) };
    let out = 100.0 - inside - horny - viable - dermis - channels;
    let washed = if t >= WASH_H { 0.93 * out } else { 0.0 };
    [out - washed, 0.0, washed, 0.55 * horny, 0.45 * horny, viable, dermis, channels, inside]
}

const PLACES: [(&str, &str); 9] = [
    ("vehicle", "on the skin"),
    ("evaporated", "evaporated"),
    ("washed_off", "washed off"),
    ("strips_1_2", "strips 1 and 2"),
    ("strips_3_plus", "strips 3 and deeper"),
    ("viable_epidermis", "viable epidermis"),
    ("dermis", "dermis"),
    ("channels", "channels"),
    ("absorbed", "receptor"),
];

fn quantity(key: &str, name: &str, unit: &str, value: Interval, meaning: &str) -> Quantity {
    Quantity { key: key.into(), name: name.into(), unit: unit.into(), value, meaning: meaning.into() }
}

fn quantities(needled: bool) -> Vec<Quantity> {
    let amt = DOSE_UG_PER_CM2 * absorbed(needled, HOURS);
    let mut all = vec![
        quantity("jmax", "Greatest flux", "µg/cm²/h", about(if needled { 12.1 } else { 0.139 }, 1.5), "Greatest flux into the receptor."),
        quantity("tmax", "Time of the greatest flux", "h", about(if needled { 0.4 } else { 3.1 }, 1.3), "When the flux is greatest."),
        quantity("amt", "Amount absorbed", "µg/cm²", about(amt, 1.6), "In the receptor at the end."),
        quantity(
            "percent_absorbed",
            "Share of the dose absorbed",
            "%",
            about(100.0 * amt / DOSE_UG_PER_CM2, 1.6),
            "In the receptor at the end.",
        ),
    ];
    if needled {
        all.push(quantity("enhancement_ratio", "Enhancement ratio", "1", about(37.4, 1.9), "Amount over that of intact skin."));
    }
    all
}

fn profile(needled: bool, t: f64) -> Profile {
    let [horny, viable, sample] = BORDERS_UM;
    let mut depth_um: Vec<f64> = (0..15).map(|i| 0.5 + f64::from(i)).collect();
    depth_um.extend((0..12).map(|i| horny + 2.5 + 5.0 * f64::from(i)));
    depth_um.extend((0..13).map(|i| viable + 12.5 + 25.0 * f64::from(i)));
    let gone = if t >= WASH_H { (-(t - WASH_H) / 8.0).exp() } else { 1.0 };
    let fill = 1.0 - (-t / 1.5).exp();
    let below = if needled { 260.0 } else { 26.0 };
    let concentration = |z: f64| {
        if z <= horny {
            let front = (z / (3.0 + 9.0 * t)).powi(2);
            4200.0 * gone * (1.0 - 0.96 * z / horny) * (-front).exp() + 0.3 * below * fill * z / horny
        } else {
            below * fill * (1.0 - 0.93 * (z - horny) / (sample - horny)) * (-(z / (90.0 + 160.0 * t)).powi(2)).exp()
        }
    };
    Profile {
        time_h: t,
        concentration_ug_per_cm3: depth_um.iter().map(|&z| about(concentration(z), 1.5)).collect(),
        depth_um,
        borders_um: BORDERS_UM,
    }
}

fn arm(needled: bool, times: &[f64]) -> Arm {
    // The interval opens with time as the spread of lags closes.
    let factor = |t: f64| 1.5 + 1.2 * (-t).exp();
    let compartments = PLACES
        .iter()
        .enumerate()
        .map(|(k, (key, name))| Compartment {
            key: (*key).into(),
            name: (*name).into(),
            percent_of_dose: times
                .iter()
                .map(|&t| {
                    let share = places(needled, t)[k];
                    if share > 50.0 {
                        Interval { median: share, low: share - 6.0, high: (share + 5.0).min(100.0) }
                    } else {
                        about(share, 1.5)
                    }
                })
                .collect(),
        })
        .collect();
    Arm {
        needled,
        cumulative_ug_per_cm2: times.iter().map(|&t| about(DOSE_UG_PER_CM2 * absorbed(needled, t), factor(t))).collect(),
        flux_ug_per_cm2_h: times.iter().map(|&t| about(flux(needled, t), factor(t))).collect(),
        plasma_ng_per_ml: None,
        compartments,
        quantities: quantities(needled),
        profiles: [0.0, 0.5, 1.0, 2.0, 6.0, 12.0, 24.0].map(|t| profile(needled, t)).to_vec(),
        balance_gap: 3e-9,
    }
}

fn replicates() -> Vec<Replicate> {
    let mut all = Vec::new();
    for needled in [true, false] {
        for donor in 1..=DONORS {
            for replicate in 1..=REPLICATES {
                let at = u64::from(donor * 100 + replicate);
                let centred = |seed: u64, at: u64| noise(seed, at) + noise(seed + 1, at) - 1.0;
                let scale = (0.5 * centred(11, u64::from(donor)) + 0.35 * centred(21 + u64::from(needled), at)).exp();
                let share = |t: f64| absorbed(needled, t) * scale;
                let mut percent = places(needled, HOURS);
                let more = 100.0 * share(HOURS) - percent[8];
                percent[8] += more;
                percent[2] -= more + 1.5 + centred(31, at);
                let cumulative: Vec<f64> = SAMPLES.iter().map(|&t| DOSE_UG_PER_CM2 * share(t)).collect();
                let (mut jmax, mut tmax, mut last) = (0.0, 0.0, (0.0, 0.0));
                for (&t, &q) in SAMPLES.iter().zip(&cumulative) {
                    let j = (q - last.1) / (t - last.0);
                    if j > jmax {
                        (jmax, tmax) = (j, 0.5 * (t + last.0));
                    }
                    last = (t, q);
                }
                all.push(Replicate {
                    donor,
                    replicate,
                    needled,
                    jmax_ug_per_cm2_h: jmax,
                    tmax_h: tmax,
                    amt_ug_per_cm2: DOSE_UG_PER_CM2 * share(HOURS),
                    t_half_percent: 100.0 * share(0.5 * HOURS) / share(HOURS),
                    percent_of_dose: percent.to_vec(),
                    recovery_percent: percent.iter().sum(),
                    cumulative_ug_per_cm2: cumulative,
                });
            }
        }
    }
    all
}

fn window() -> Window {
    let delay_h: Vec<f64> = vec![0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 18.0, 24.0, 36.0, 48.0, 72.0];
    let fall = |gain: f64, half: f64, factor: f64| {
        delay_h
            .iter()
            .map(|h| {
                let more = about(gain * 0.5f64.powf(h / half), factor);
                Interval { median: 1.0 + more.median, low: 1.0 + more.low, high: 1.0 + more.high }
            })
            .collect::<Vec<_>>()
    };
    let closed = |method: &str, open: f64, occluded: f64| ClosedBy {
        method: method.into(),
        open_h: about(open, 1.5),
        occluded_h: about(occluded, 1.4),
    };
    Window {
        enhancement_open: fall(52.0, 1.1, 1.7),
        enhancement_occluded: fall(52.0, 16.0, 1.7),
        gain_24h_open: fall(30.0, 1.3, 1.6),
        gain_24h_occluded: fall(36.0, 14.0, 1.6),
        delay_h,
        pays_until_open_h: about(3.7, 1.5),
        pays_until_occluded_h: about(53.0, 1.3),
        closed_by: vec![closed("impedance", 2.4, 42.0), closed("water loss", 6.0, 30.0), closed("dye", 17.0, 66.0)],
    }
}

fn block(times: &[f64]) -> BlockCurve {
    let mut edges = vec![0.0, 5.0, 10.0, 15.0];
    while edges.last().copied().unwrap_or(0.0) < 399.0 {
        edges.push(edges.last().copied().unwrap_or(0.0) + if edges.len() < 16 { 5.0 } else { 20.0 });
    }
    let x_um: Vec<f64> = (0..60).map(|i| 5.0 + 10.0 * f64::from(i)).collect();
    let section = |t: f64| {
        let at = |z: f64, x: f64| {
            let near = [140.0, 450.0].map(|c: f64| (x - c).abs()).into_iter().fold(f64::INFINITY, f64::min);
            let below = (z - 150.0).max(0.0);
            let spread = 40.0 + 90.0 * t.sqrt();
            let channel = if near < 25.0 && below == 0.0 { 9000.0 } else { 900.0 * (-(near.hypot(below) / spread).powi(2)).exp() };
            channel + if z < 15.0 { 2000.0 * (1.0 - z / 15.0) + 8.0 } else { 8.0 * (-z / 80.0).exp() }
        };
        let rows = edges.windows(2).map(|e| x_um.iter().map(|&x| at(0.5 * (e[0] + e[1]), x)).collect()).collect();
        BlockSection { time_h: t, x_um: x_um.clone(), depth_edges_um: edges.clone(), concentration_ug_per_cm3: rows }
    };
    let column: Vec<f64> = times.iter().map(|&t| DOSE_UG_PER_CM2 * absorbed(true, t)).collect();
    BlockCurve {
        side_um: 600.0,
        resolution_um: 10.0,
        voxels: 60 * 60 * (edges.len() - 1),
        channels: 4,
        times_h: times.to_vec(),
        cumulative_ug_per_cm2: column.iter().map(|q| 0.94 * q).collect(),
        column_cumulative_ug_per_cm2: column,
        sections: [0.5, 2.0, 8.0].map(section).to_vec(),
        balance_gap: 2e-7,
        seconds: 41.0,
    }
}

fn study() -> PermeationStudy {
    let course = fixture::outcome().course;
    let series = |group: &str, needled: bool, share: f64| {
        let time_h = vec![2.0, 6.0, 12.0, 24.0];
        let amount: Vec<f64> = time_h.iter().map(|&t| share * DOSE_UG_PER_CM2 * absorbed(needled, t)).collect();
        DataSeries {
            group: group.into(),
            needled,
            sd_ug_per_cm2: Some(amount.iter().map(|a| 0.3 * a).collect()),
            amount_ug_per_cm2: amount,
            time_h,
        }
    };
    PermeationStudy {
        name: "caffeine".into(),
        description: "Caffeine from a finite dose through dermatomed abdominal skin, needled and intact.".into(),
        person: course.person,
        site: course.site,
        sample: SkinSample { preparation: Preparation::Dermatomed, thickness_um: Some(400.0), temperature_c: 32.0 },
        treatment: Some(Treatment::Needling {
            device: Box::new(Device {
                key: "pen".into(),
                name: "Twelve-needle pen".into(),
                handpiece: Handpiece::Pen,
                needles: 12,
                rings: None,
                needle_length_um: 2500.0,
                setting_min_um: 250.0,
                setting_max_um: 2500.0,
                evaluated_to_um: None,
                source: "Maker's manual".into(),
                cards: Vec::new(),
            }),
            motion: Motion { passes: 4, directions_deg: vec![0.0, 90.0], glide_um_per_s: 10_000.0, overlap: 0.2 },
            setting_um: 500.0,
        }),
        permeant: Permeant {
            name: "Caffeine".into(),
            mw_da: 194.19,
            log_kow: -0.07,
            solubility_mg_per_ml: None,
            melting_point_c: None,
            groups: vec![],
            plasma: None,
            melanin: None,
            source: "Author 2019".into(),
        },
        vehicle: Vehicle { drying_half_life_h: Some(0.2), residue: 0.3, ..Vehicle::water(10_000.0) },
        dosing: Dosing { washed_h: Some(WASH_H), washed_share: 0.93, ..Dosing::once(0.02) },
        duration_h: HOURS,
        samples_h: SAMPLES.to_vec(),
        area_cm2: 1.77,
        donors: DONORS,
        replicates: REPLICATES,
        barrier: BarrierChoice { relation: Relation::PottsGuy, cleek_bunge: true, measured_kp_cm_per_h: None },
        data: vec![series("needled, 500 µm", true, 0.85), series("control", false, 1.3)],
        parameters: course.parameters,
    }
}

/// The made-up outcome: a finite dose on excised skin, washed off halfway.
pub fn outcome() -> PermeationOutcome {
    let times = times();
    PermeationOutcome {
        study: study(),
        seed: 7,
        members: 64,
        arms: vec![arm(true, &times), arm(false, &times)],
        channels: Some(ChannelStatistics {
            density_per_cm2: about(480.0, 1.2),
            radius_um: about(34.0, 1.4),
            depth_um: about(210.0, 1.5),
            open_area_percent: about(1.7, 1.9),
        }),
        window: Some(window()),
        replicates: replicates(),
        drivers: fixture::outcome().readouts[0].drivers.clone(),
        block: Some(block(&times)),
        explanation: "Caffeine is small and hydrophilic: intact stratum corneum is nearly the whole resistance, and channels go round it."
            .into(),
        warnings: vec![Warning { code: "permeant-untested".into(), message: "The relation was fitted to neutral <permeants>.".into() }],
        times_h: times,
    }
}

/// On a living person, with plasma data.
pub fn in_vivo() -> PermeationOutcome {
    let mut o = outcome();
    o.study.name = "caffeine in vivo".into();
    o.study.sample = SkinSample { preparation: Preparation::InVivo, thickness_um: None, temperature_c: 32.0 };
    for arm in &mut o.arms {
        let needled = arm.needled;
        let level = |t: f64| (0..48).map(|i| f64::from(i) * t / 48.0).map(|s| flux(needled, s) * (-(t - s) / 5.0).exp() * t / 48.0).sum();
        let level = |t: f64| -> f64 { level(t) };
        arm.plasma_ng_per_ml = Some(o.times_h.iter().map(|&t| about(0.9 * level(t), 1.8)).collect());
    }
    o
}

/// From a donor that never depletes, to steady flux.
pub fn infinite() -> PermeationOutcome {
    let mut o = outcome();
    o.study.name = "caffeine from an infinite dose".into();
    o.study.dosing = Dosing::infinite();
    o.study.data.clear();
    o.block = None;
    for arm in &mut o.arms {
        let (jss, lag) = if arm.needled { (2.6, 0.7) } else { (0.5, 2.4) };
        // Soft knee at the lag.
        let q = |t: f64| jss * 0.4 * lag * ((1.0 + ((t - lag) / (0.4 * lag)).exp()).ln() - (1.0 + (-1.0 / 0.4f64).exp()).ln());
        arm.cumulative_ug_per_cm2 = o.times_h.iter().map(|&t| about(q(t).max(0.0), 1.4)).collect();
        arm.flux_ug_per_cm2_h = o.times_h.iter().map(|&t| about(jss / (1.0 + (-(t - lag) / (0.4 * lag)).exp()), 1.4)).collect();
        arm.quantities = vec![
            quantity("jss", "Steady flux", "µg/cm²/h", about(jss, 1.4), "Slope of the straight part."),
            quantity("kp", "Permeability", "cm/h", about(jss / 10_000.0, 1.4), "Steady flux over the donor's concentration."),
            quantity("lag", "Lag time", "h", about(lag, 1.3), "Where the straight part meets the time axis."),
        ];
    }
    o
}

/// Intact skin alone, one member, no data, no replicates.
pub fn intact() -> PermeationOutcome {
    let mut o = outcome();
    o.study.name = "caffeine on intact skin".into();
    o.study.treatment = None;
    o.study.data.clear();
    o.study.parameters = Default::default();
    o.members = 1;
    o.arms.remove(0);
    (o.channels, o.window, o.block) = (None, None, None);
    o.drivers.clear();
    o.warnings.clear();
    o.replicates.clear();
    o
}

/// The figures of the made-up outcome, drawn once for all tests.
pub fn drawn() -> &'static [Figure] {
    static DRAWN: OnceLock<Vec<Figure>> = OnceLock::new();
    DRAWN.get_or_init(|| figures(&outcome(), "0.1.0").unwrap())
}

/// Writes reports to look at: `cargo test -p percuta-report -- --ignored sample_studies`.
#[test]
#[ignore = "for the eye"]
fn sample_studies() {
    for (name, o) in [("finite", outcome()), ("vivo", in_vivo()), ("infinite", infinite()), ("intact", intact())] {
        let dir = std::env::temp_dir().join(format!("percuta-sample-study-{name}"));
        let _ = std::fs::remove_dir_all(&dir);
        super::write(&o, &inputs(), &dir).unwrap();
    }
}
