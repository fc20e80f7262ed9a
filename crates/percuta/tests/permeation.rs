//! Whole permeation studies beside what has been published.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::atomic::AtomicBool;

use percuta::absorption::{Barrier, Column, Dosing, Estimate, IonisableGroup, Ionisation, Permeant, Relation, Vehicle, removal_pairs};
use percuta::course::RunOptions;
use percuta::course::permeation::{BarrierChoice, PermeationOutcome, PermeationStudy, Preparation, SkinSample, Treatment, run};
use percuta::device::{Device, Motion};
use percuta::population::{Draw, Interval, ParameterSet};
use percuta::skin::{Layers, Person, Sex, Tone, site_for};

fn study(permeant: &str, preparation: Preparation, treatment: Option<Treatment>) -> PermeationStudy {
    let person = Person { age_years: 45.0, sex: Sex::Female, tone: Tone::from_fitzpatrick("II").unwrap(), colour: None };
    let site = site_for("abdomen", &person).unwrap();
    let mut parameters = ParameterSet::embedded().unwrap();
    for (key, card) in &site.cards {
        parameters.insert(&format!("skin.{key}"), card.clone()).unwrap();
    }
    if let Some(Treatment::Needling { device, .. }) = &treatment {
        for (key, card) in &device.cards {
            parameters.insert(&format!("device.{key}"), card.clone()).unwrap();
        }
    }
    PermeationStudy {
        name: "test".into(),
        description: String::new(),
        person,
        site,
        sample: SkinSample { preparation, thickness_um: None, temperature_c: 32.0 },
        treatment,
        permeant: Permeant::find(permeant).unwrap(),
        vehicle: Vehicle::water(50_000.0),
        dosing: Dosing::infinite(),
        duration_h: 6.0,
        samples_h: vec![1.0, 2.0, 4.0, 6.0],
        area_cm2: 1.0,
        donors: 2,
        replicates: 3,
        barrier: BarrierChoice { relation: Relation::PottsGuy, cleek_bunge: false, measured_kp_cm_per_h: None },
        data: vec![],
        parameters,
    }
}

/// The pen of the naloxone study.
fn pen(setting_um: f64) -> Treatment {
    Treatment::Needling {
        device: Box::new(Device::find("drpen-a6").unwrap()),
        motion: Motion { passes: 4, directions_deg: vec![0.0, 90.0], glide_um_per_s: 20_000.0, overlap: 0.0 },
        setting_um,
    }
}

fn outcome(study: &PermeationStudy, members: u32, threads: Option<usize>) -> PermeationOutcome {
    run(study, &RunOptions { seed: 1, members, threads }, &|_, _| (), &AtomicBool::new(false)).unwrap()
}

fn value(outcome: &PermeationOutcome, needled: bool, key: &str) -> Interval {
    let arm = outcome.arms.iter().find(|a| a.needled == needled).unwrap();
    arm.quantities.iter().find(|q| q.key == key).unwrap().value
}

fn holds(interval: Interval, x: f64) -> bool {
    interval.low <= x && x <= interval.high
}

/// Int J Pharm 2021;604:120739: pig skin, 0.5 mm: 56-fold in 6 h, lag about 8 min. Nothing of the model was fitted to it; the pen's
/// motion and the donor are not published, and split human skin stands in for the pig's.
#[test]
fn naloxone_after_a_pen() {
    let o = outcome(&study("naloxone", Preparation::Dermatomed, Some(pen(500.0))), 256, None);
    let (ratio, lag) = (value(&o, true, "enhancement_ratio"), value(&o, true, "lag"));
    assert!(holds(ratio, 56.0), "{ratio:?}");
    assert!(holds(lag, 8.0 / 60.0), "{lag:?}");
    // An interval that held anything would hold that.
    assert!(lag.high < 1.0, "{lag:?}");
    assert!(o.arms.iter().all(|a| a.balance_gap < 1e-9), "{} {}", o.arms[0].balance_gap, o.arms[1].balance_gap);
}

#[test]
fn a_deeper_needle_gains_less_than_its_depth() {
    let of = |depth: f64| value(&outcome(&study("naloxone", Preparation::FullThickness, Some(pen(depth))), 64, None), true, "kp").median;
    let (shallow, deep) = (of(500.0), of(1000.0));
    assert!(deep > shallow && deep < 1.9 * shallow, "{shallow} {deep}");
}

/// In living skin; open channels close within hours, covered ones within days.
#[test]
fn a_cover_lengthens_the_window_more_than_tenfold() {
    let mut s = study("naloxone", Preparation::InVivo, Some(pen(500.0)));
    s.dosing = Dosing::once(0.01);
    let window = outcome(&s, 64, None).window.unwrap();
    assert!(window.pays_until_occluded_h.median > 10.0 * window.pays_until_open_h.median, "{window:?}");
    // The same in what is absorbed: half of the gain is gone much earlier in the open.
    let half = |gain: &[Interval]| {
        let start = gain[0].median - 1.0;
        let i = gain.iter().position(|g| g.median - 1.0 < 0.5 * start).unwrap_or(gain.len() - 1);
        window.delay_h[i]
    };
    assert!(half(&window.gain_24h_occluded) > 10.0 * half(&window.gain_24h_open), "{window:?}");
}

/// Slow, charged, hydrophilic permeants gain most; small neutral ones little.
#[test]
fn who_gains() {
    let of = |permeant: &str| {
        value(&outcome(&study(permeant, Preparation::Dermatomed, Some(pen(500.0))), 64, None), true, "enhancement_ratio_kp").median
    };
    let ions = [of("naloxone"), of("tranexamic-acid"), of("methotrexate")];
    let neutral = [of("testosterone"), of("hydroquinone"), of("caffeine")];
    let (least, most) = (ions.iter().copied().fold(f64::INFINITY, f64::min), neutral.iter().copied().fold(0.0, f64::max));
    assert!(least > 2.0 * most, "{ions:?} {neutral:?}");
    assert!(neutral[0] < 10.0, "{neutral:?}");
}

#[test]
fn threads_and_intact_skin() {
    let with = |threads| outcome(&study("caffeine", Preparation::Dermatomed, Some(pen(500.0))), 8, threads);
    let (one, two) = (with(Some(1)), with(Some(2)));
    assert_eq!(one.arms[0].cumulative_ug_per_cm2, two.arms[0].cumulative_ug_per_cm2);
    assert_eq!(one.replicates, two.replicates);
    // Without a treatment there is one arm, and no window.
    let intact = outcome(&study("caffeine", Preparation::Dermatomed, None), 8, None);
    assert!(intact.arms.len() == 1 && intact.window.is_none() && intact.channels.is_none());
    assert_eq!(intact.arms[0].cumulative_ug_per_cm2, one.arms[1].cumulative_ug_per_cm2);
}

/// Removing the stratum corneum altogether, in pairs of permeabilities from one paper: the model's intact skin is an epidermal
/// membrane, its skin without stratum corneum a dermis of one millimetre, as most of those papers had.
#[test]
fn the_ceiling_falls_with_lipophilicity_as_measured() {
    let draw = Draw::central(&ParameterSet::embedded().unwrap());
    let pairs = removal_pairs().unwrap();
    let layers = |dermis_um| Layers { stratum_corneum_um: 15.0, viable_epidermis_um: 60.0, papillary_dermis_um: 0.0, dermis_um };
    let mut misses = Vec::new();
    let mut logs = Vec::new();
    for pair in &pairs {
        let mut permeant = Permeant {
            name: pair.name.clone(),
            mw_da: pair.mw_da,
            log_kow: pair.log_kow,
            solubility_mg_per_ml: None,
            melting_point_c: None,
            groups: vec![],
            plasma: None,
            melanin: None,
            source: "removal of stratum corneum".into(),
        };
        if pair.name == "Amphetamine" {
            // Ionised in the study.
            permeant.groups = vec![IonisableGroup { pka: 9.9, kind: Ionisation::Base }];
        }
        let membrane = Barrier::over_receptor(&permeant, &layers(0.0), &Estimate::default(), &draw).unwrap();
        let intact = Column::new(&membrane, None).steady(0.0).permeability_cm_per_h;
        let whole = Barrier::over_receptor(&permeant, &layers(1000.0), &Estimate::default(), &draw).unwrap();
        let bare = whole.dermis.unwrap().permeability_cm_per_h();
        let (model, measured) = ((bare / intact).log10(), pair.ratio().log10());
        misses.push(model - measured);
        logs.push((permeant.log_kow, model, measured));
    }
    let n = misses.len() as f64;
    let bias = misses.iter().sum::<f64>() / n;
    let rmse = (misses.iter().map(|m| m * m).sum::<f64>() / n).sqrt();
    // The model has the order right and gives too much by a factor of four: the relation puts these alcohols' intact permeability too
    // low. 0.59 is what measurements of one compound scatter by.
    let order = rank_correlation(&logs.iter().map(|l| (l.1, l.2)).collect::<Vec<_>>());
    assert!(order > 0.75, "{order}: {logs:?}");
    assert!(rmse < 1.0 && bias.abs() < 0.75, "bias {bias}, RMSE {rmse}: {logs:?}");
    let ion = logs.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    assert_eq!(ion.0, 1.58, "the ion gains most: {logs:?}");
    assert!(logs.iter().filter(|l| l.0 > 2.9).all(|l| l.1 < 5f64.log10()), "a few-fold at most for the lipophilic: {logs:?}");
}

fn rank_correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let rank = |of: &dyn Fn(&(f64, f64)) -> f64, p: &(f64, f64)| pairs.iter().filter(|q| of(q) < of(p)).count() as f64;
    let squares: f64 = pairs.iter().map(|p| (rank(&|q| q.0, p) - rank(&|q| q.1, p)).powi(2)).sum();
    1.0 - 6.0 * squares / (n * (n * n - 1.0))
}
