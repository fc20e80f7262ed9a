//! A made-up outcome for tests: smooth curves of plausible size, nothing computed by the model.

mod patch;

use std::sync::OnceLock;

use percuta::absorption::{IonisableGroup, Ionisation, Permeant};
use percuta::appearance::relief::{Surface, SurfacePattern};
use percuta::appearance::{Complexion, LineChange, LineFamilies, LineFamily, LinesOfDay, ScarClass, SingleScar};
use percuta::course::{
    Comparison, Course, DepthBand, GradeOutcome, GradeVisit, Outcome, Product, PunctureStatistics, READOUTS, ReadoutSeries, ScarOutcome,
    ScarState, Specimen, SpecimenVisit, SpectraOutcome, Square, SurfaceKind, SurfaceOutcome, SurfaceParameter, Uptake, Warning,
};
use percuta::device::{Device, Handpiece, Motion, PunctureTable};
use percuta::evidence::{self, Study};
use percuta::healing::LayerState;
use percuta::population::{Distribution, Draw, Driver, Interval, Kind, Parameter, ParameterSet, draw_members, interval};
use percuta::skin::{Layers, Person, Sex, Site, Tone};

use crate::figures::{Figure, figures};
use crate::folder::Inputs;

pub use patch::{drawn_with_patch, with_patch};

const MEMBERS: u32 = 16;
const VISITS: [f64; 5] = [0.0, 7.0, 28.0, 90.0, 180.0];
const SESSIONS: [f64; 3] = [0.0, 28.0, 56.0];

/// Inputs of the made-up run.
pub fn inputs() -> Inputs {
    Inputs {
        course_path: "examples/forearm.toml".into(),
        course_text: "name = \"forearm\"\n".into(),
        overrides: vec!["motion.passes=4".into()],
        version: "0.1.0".into(),
        command: "percuta run examples/forearm.toml --set motion.passes=4".into(),
    }
}

fn spread(median: f64, share: f64) -> Interval {
    Interval { median, low: median * (1.0 - share), high: median * (1.0 + share) }
}

fn card(value: f64, unit: &str, kind: Kind) -> Parameter {
    Parameter {
        value,
        unit: unit.into(),
        distribution: Distribution::Lognormal { gsd: 1.4, low: None, high: None },
        kind,
        meaning: "A made-up parameter of a test.".into(),
        source: "Author 2020, Journal 1:1".into(),
        id: Some("10.1000/xyz".into()),
        note: Some("Judgement <of a test> & nothing else.".into()),
    }
}

fn course() -> Course {
    let mut parameters = ParameterSet::default();
    for (name, unit, kind) in [
        ("device.depth_efficiency", "1", Kind::Assumed),
        ("healing.alarm_decay", "1/d", Kind::Fitted),
        ("healing.synthesis_gain", "1", Kind::Measured),
        ("injury.lysed_fraction", "1", Kind::Assumed),
        ("appearance.fine_modulus", "kPa", Kind::Measured),
        ("tone.reactivity", "1", Kind::Assumed),
    ] {
        parameters.insert(name, card(1.0, unit, kind)).unwrap();
    }
    let embedded = ParameterSet::embedded().unwrap();
    for (name, card) in embedded.iter().filter(|(name, _)| name.starts_with("photograph.")) {
        parameters.insert(name, card.clone()).unwrap();
    }
    Course {
        name: "forearm".into(),
        description: "Three monthly sessions on the volar forearm.".into(),
        person: Person { age_years: 45.0, sex: Sex::Female, tone: Tone { melanosome_fraction: 0.06 }, colour: None },
        site: Site { key: "forearm".into(), name: "volar forearm".into(), cards: Vec::new() },
        device: Device {
            key: "pen".into(),
            name: "Twelve-needle pen".into(),
            handpiece: Handpiece::Pen,
            needles: 12,
            rings: None,
            needle_length_um: 2500.0,
            setting_min_um: 250.0,
            setting_max_um: 2500.0,
            evaluated_to_um: Some((1500.0, "Author 2021".into())),
            source: "Maker's manual".into(),
            cards: Vec::new(),
        },
        motion: Motion { passes: 4, directions_deg: vec![0.0, 90.0], glide_um_per_s: 10_000.0, overlap: 0.2 },
        setting_um: 1000.0,
        area_cm2: 25.0,
        sessions: SESSIONS.to_vec(),
        visits: VISITS.to_vec(),
        product: Some(Product {
            permeant: Permeant {
                name: "Tranexamic acid".into(),
                mw_da: 157.2,
                log_kow: -1.9,
                solubility_mg_per_ml: Some(167.0),
                melting_point_c: None,
                groups: vec![IonisableGroup { pka: 4.3, kind: Ionisation::Acid }, IonisableGroup { pka: 10.2, kind: Ionisation::Base }],
                plasma: None,
                melanin: None,
                source: "Author 2019".into(),
            },
            concentration_mg_per_ml: 50.0,
            dose_ul_per_cm2: 10.0,
            applied_after_h: 0.5,
            occluded: false,
        }),
        lesion: None,
        surface: SurfaceKind { pattern: "cheek".into(), side_um: 8000.0, map: None },
        scars: vec![
            SingleScar { class: ScarClass::Boxcar, width_um: 3000.0, relief_um: -400.0, length_um: None, count: 4 },
            SingleScar { class: ScarClass::Hypertrophic, width_um: 9000.0, relief_um: 1800.0, length_um: None, count: 1 },
        ],
        study: Some(Study {
            id: "author2020".into(),
            citation: "Author A. A study of needling. Journal 2020;1:1-9".into(),
            identifier: Some("PMID 1".into()),
            access: "full text".into(),
            kind: evidence::StudyKind::Clinical,
            reliability: Vec::new(),
            assumed: Vec::new(),
            note: None,
            observations: Vec::new(),
        }),
        parameters,
    }
}

/// Dense axis: the baseline, then two entries (before, after) at each later session, and every visit.
fn days() -> Vec<f64> {
    let mut days: Vec<f64> = [0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 14.0].to_vec();
    days.extend((1..=45).map(|i| f64::from(i) * 4.0));
    days.extend([90.0, 180.0]);
    days.extend([0.0, 28.0, 56.0]);
    days.sort_by(f64::total_cmp);
    days.dedup();
    let mut twice = Vec::new();
    for d in days {
        if SESSIONS.contains(&d) {
            twice.push(d);
        }
        twice.push(d);
    }
    twice
}

/// Sum over the sessions so far of a rise-and-fall; `after` says whether a session of this very day is over.
fn response(day: f64, after: bool, rise: f64, fall: f64) -> f64 {
    SESSIONS
        .iter()
        .filter(|&&s| s < day || (s == day && after))
        .map(|s| (if rise > 0.0 { 1.0 - (-(day - s) / rise).exp() } else { 1.0 }) * (-(day - s) / fall).exp())
        .sum()
}

/// Baseline, and size, rise and fall time (days) of the response, by read-out.
fn curve(key: &str) -> (f64, f64, f64, f64) {
    match key {
        "collagen_mass" => (100.0, 5.0, 25.0, 900.0),
        "papillary_collagen_mass" => (100.0, 11.0, 25.0, 700.0),
        "collagen_iii_i_ratio" => (0.3, 0.05, 10.0, 90.0),
        "collagen_maturity" => (80.0, -4.0, 15.0, 120.0),
        "procollagen" => (100.0, 60.0, 5.0, 30.0),
        "stained_collagen_area" => (55.0, 4.0, 25.0, 800.0),
        "ultrasound_dermal_density" => (100.0, 6.0, 25.0, 700.0),
        "suction_elasticity" => (100.0, 4.0, 25.0, 700.0),
        "epidermal_thickness" => (58.0, 6.0, 20.0, 200.0),
        "microrelief_depth" => (42.0, -2.0, 20.0, 300.0),
        "fine_line_depth" => (75.0, -11.0, 25.0, 500.0),
        "fine_lines_vanished" => (0.0, 9.0, 25.0, 500.0),
        "coarse_line_depth" => (230.0, -6.0, 25.0, 600.0),
        "lemperle_grade" => (2.4, -0.1, 25.0, 600.0),
        "scar_depth_icepick" => (900.0, -10.0, 25.0, 900.0),
        "scar_depth_boxcar" => (420.0, -45.0, 25.0, 900.0),
        "scar_depth_rolling" => (300.0, -40.0, 25.0, 900.0),
        "scar_volume_icepick" => (0.35, -0.01, 25.0, 900.0),
        "scar_volume_boxcar" => (1.8, -0.15, 25.0, 900.0),
        "scar_volume_rolling" => (3.0, -0.3, 25.0, 900.0),
        "hypertrophic_scar_height" => (1800.0, -90.0, 25.0, 900.0),
        "hypertrophic_scar_volume" => (70.0, -4.0, 25.0, 900.0),
        "linear_scar_depth" => (220.0, -15.0, 25.0, 900.0),
        "linear_scar_width" => (1700.0, -60.0, 25.0, 900.0),
        "scar_alignment" => (0.4, -0.01, 25.0, 900.0),
        "goodman_baron_score" => (14.0, -1.4, 25.0, 900.0),
        "goodman_baron_grade" => (3.0, -0.2, 25.0, 900.0),
        "ecca_score" => (110.0, -4.0, 25.0, 900.0),
        "vss_score" => (6.5, -0.3, 25.0, 900.0),
        "posas_observer_score" => (26.0, -1.2, 25.0, 900.0),
        "melanin_index" => (160.0, 8.0, 8.0, 30.0),
        "erythema_index" => (10.0, 14.0, 0.0, 1.6),
        "lightness" => (64.0, -3.0, 0.0, 1.6),
        "redness" => (9.0, 5.0, 0.0, 1.6),
        "yellowness" => (17.0, 0.6, 8.0, 30.0),
        "ita" => (39.0, -7.0, 0.0, 1.8),
        "tewl" => (11.0, 26.0, 0.0, 0.9),
        "product_enhancement_ratio" => (1.0, 40.0, 0.0, 0.3),
        "pain" => (0.0, 34.0, 0.0, 0.001),
        "bleeding_points" => (0.0, 90.0, 0.0, 0.001),
        "pih_probability" => (0.0, 3.0, 10.0, 60.0),
        _ => (0.0, 0.0, 1.0, 1.0),
    }
}

fn layer_state(gain: f64, fresh: f64) -> LayerState {
    LayerState {
        fibroblasts: 1.0,
        clot: 0.02 * fresh,
        collagen_i_new: 0.1 + gain * 0.5 + 0.1 * fresh,
        collagen_iii_new: 0.05 + gain * 0.3,
        collagen_i_mature: 0.65,
        collagen_iii_mature: 0.2,
        elastin: 1.0,
        synthesis: 1.0 + fresh,
        original: 1.0 - 0.02 * fresh,
        ..LayerState::default()
    }
}

fn surface() -> SurfaceOutcome {
    let one = |symbol, name, unit, value: f64| SurfaceParameter {
        symbol,
        name,
        unit,
        before: spread(value, 0.3),
        after: spread(0.9 * value, 0.3),
        change: Interval { median: -10.0, low: -18.0, high: -3.0 },
    };
    SurfaceOutcome {
        day: 180.0,
        side_um: 10_000.0,
        pixel_um: 50.0,
        s_um: Some(250.0),
        l_um: Some(8000.0),
        form: "second order",
        cutoff_um: 2500.0,
        direction_deg: 90.0,
        parameters: vec![one("Sa", "arithmetic mean height", "µm", 22.0), one("Rz", "maximum height of the profile", "µm", 110.0)],
    }
}

fn spectra() -> SpectraOutcome {
    let wavelength_nm: Vec<f64> = (0..=40).map(|i| 380.0 + 10.0 * f64::from(i)).collect();
    let at = |scale: f64| wavelength_nm.iter().map(|nm| spread(scale * (0.1 + 0.5 * (nm - 380.0) / 400.0), 0.15)).collect();
    SpectraOutcome { day: 180.0, before: at(1.0), just_after: Some(at(0.9)), after: at(1.02), wavelength_nm }
}

fn specimen() -> Specimen {
    let layers = Layers { stratum_corneum_um: 15.0, viable_epidermis_um: 58.0, papillary_dermis_um: 150.0, dermis_um: 1150.0 };
    let mut punctures = PunctureTable { window_um: 8000.0, ..PunctureTable::default() };
    for i in 0..320u32 {
        let (u, v) = (f64::from(i * 7919 % 1009) / 1009.0, f64::from(i * 104_729 % 1013) / 1013.0);
        punctures.x_um.push(8000.0 * u);
        punctures.y_um.push(8000.0 * v);
        punctures.depth_um.push(520.0 + 360.0 * f64::from(i % 11) / 11.0);
        punctures.entry_radius_um.push(55.0 + f64::from(i % 5) * 6.0);
        let along_x = i % 4 % 2 == 0;
        punctures.drag_x_um.push(if along_x { 160.0 } else { 0.0 });
        punctures.drag_y_um.push(if along_x { 0.0 } else { 160.0 });
        punctures.pass.push(i % 4);
        punctures.time_s.push(f64::from(i) * 0.01);
    }
    let visits = VISITS
        .iter()
        .map(|&day| {
            let since = SESSIONS.iter().rev().find(|&&s| s <= day).map(|s| day - s);
            let fresh = since.map_or(0.0, |d| (-d / 10.0).exp());
            let gain = response(day, true, 25.0, 900.0);
            SpecimenVisit {
                day,
                since_session: since,
                epidermis_factor: 1.0 + 0.08 * response(day, true, 20.0, 300.0),
                channel_open: since.map_or(0.0, |d| (1.0 - d / 2.0).max(0.0)),
                lines: lines_of_day(gain),
                scar_relief_um: vec![-400.0 * (1.0 - 0.2 * gain), 800.0 * (1.0 - 0.2 * gain)],
                melanin: 1.0 + 0.05 * fresh,
                lesion_melanin: 1.0 + 0.05 * fresh,
                blood: 1.0 + 1.5 * fresh,
                layers: vec![
                    (73.0, 223.0, layer_state(0.11 * gain, fresh)),
                    (223.0, 560.0, layer_state(0.07 * gain, fresh)),
                    (560.0, 900.0, layer_state(0.03 * gain, 0.5 * fresh)),
                    (900.0, 1223.0, layer_state(0.005 * gain, 0.0)),
                ],
            }
        })
        .collect();
    let channel_profile = (0..=10).map(|i| (f64::from(i) / 10.0, 18.0 * (1.0 - f64::from(i) / 10.0) + 2.0)).collect();
    let person = Person { age_years: 45.0, sex: Sex::Female, tone: Tone { melanosome_fraction: 0.06 }, colour: None };
    let complexion = Complexion::from_draw(&Draw::central(&ParameterSet::embedded().unwrap()), &layers, &person).unwrap();
    let pattern = SurfacePattern::find("cheek").unwrap();
    let square = Square {
        pattern: pattern.name.clone(),
        measured: false,
        orientation: pattern.orientation.clone(),
        lines: LINES,
        surface: Surface::synthesise(&pattern, &LINES, 8000.0, 160, 3).unwrap(),
        scars: Vec::new(),
    };
    Specimen { punctures, layers, channel_profile, lines: LINES, square, complexion, bled: 0.1, visits }
}

const LINES: LineFamilies = LineFamilies {
    microrelief: LineFamily { film_um: 15.0, wavelength_um: 300.0, depth_um: 42.0 },
    fine: LineFamily { film_um: 73.0, wavelength_um: 1000.0, depth_um: 75.0 },
    coarse: LineFamily { film_um: 180.0, wavelength_um: 2800.0, depth_um: 230.0 },
};

/// Every family relieved of some compression.
fn lines_of_day(gain: f64) -> LinesOfDay {
    let of = |f: LineFamily| f.shift(LineChange { relief: 0.004 * gain, ..LineChange::NONE }, 0.5);
    LinesOfDay { microrelief: of(LINES.microrelief), fine: of(LINES.fine), coarse: of(LINES.coarse) }
}

/// Single scars whose size falls by a share at each visit.
fn scars(course: &Course) -> Vec<ScarOutcome> {
    let state = |s: &SingleScar, day: f64| {
        let left = 1.0 - 0.07 * response(day, true, 25.0, 900.0);
        let relief = |share: f64| s.relief_um * (1.0 - share * (1.0 - left));
        let scar = s.scar(0.0);
        let of = |f: &dyn Fn(f64) -> f64| {
            let ends = [f(relief(1.5)), f(relief(0.5))];
            Interval { median: f(relief(1.0)), low: ends[0].min(ends[1]), high: ends[0].max(ends[1]) }
        };
        ScarState {
            relief_um: of(&|r| r),
            volume_mm3: of(&|r| scar.volume_mm3(r)),
            area_mm2: of(&|r| scar.visible_area_mm2(r, 50.0)),
            alignment: spread(0.4 - 0.01 * (1.0 - left), 0.2),
        }
    };
    let one =
        |s: &SingleScar| ScarOutcome { scar: *s, baseline: state(s, -1.0), visits: VISITS.iter().map(|&d| (d, state(s, d))).collect() };
    course.scars.iter().map(one).collect()
}

/// Grades of which expectation takes a seventh.
fn grades(readouts: &[ReadoutSeries], days: &[f64]) -> Vec<GradeOutcome> {
    let graded = readouts.iter().filter(|s| evidence::grade(s.readout.key).is_some());
    graded
        .map(|s| {
            let visit = |&day: &f64| {
                let at = days.iter().rposition(|d| *d == day)?;
                let of = |f: &dyn Fn(f64, f64) -> f64| interval(&s.members.iter().map(|m| f(m[0], m[at])).collect::<Vec<_>>());
                Some(GradeVisit {
                    day,
                    tissue: of(&|before, after| after - before),
                    expectation: of(&|_, after| -after / 7.0),
                    rated: of(&|before, after| after - before - after / 7.0),
                })
            };
            GradeOutcome {
                readout: s.readout,
                baseline: interval(&s.members.iter().map(|m| m[0]).collect::<Vec<_>>()),
                visits: VISITS.iter().filter(|d| **d > 0.0).filter_map(visit).collect(),
            }
        })
        .collect()
}

/// Bands of 50 µm; the interval spans a share of how far the value lies from `rest`.
fn depth_bands(value: impl Fn(f64) -> f64, rest: f64, open: bool) -> Vec<DepthBand> {
    (0..24)
        .map(|i| {
            let top = f64::from(i) * 50.0;
            let v = value(top + 25.0);
            let value = Interval { median: v, low: v - 0.4 * (v - rest), high: v + 0.5 * (v - rest) };
            DepthBand { top_um: top, bottom_um: top + 50.0, value, open_area: open.then(|| spread(0.15 * v, 0.4)) }
        })
        .collect()
}

fn comparison() -> Vec<Comparison> {
    let row = |quantity: &str, readout: &str, unit: &str, day: f64, published: f64, ci, predicted, role: &str| Comparison {
        quantity: quantity.into(),
        readout: readout.into(),
        group: Some("treated side".into()),
        unit: unit.into(),
        day,
        published,
        published_ci: ci,
        predicted,
        tissue: None,
        role: role.into(),
        note: Some("Table 2; 12 subjects.".into()),
    };
    vec![
        row(
            "collagen I stained area, percent change",
            "stained_collagen_area",
            "%",
            90.0,
            14.0,
            Some((6.0, 22.0)),
            spread(17.0, 0.5),
            "calibration",
        ),
        row("dermal echo density, percent change", "ultrasound_dermal_density", "%", 180.0, 12.0, None, spread(15.0, 0.4), "validation"),
        row(
            "R2 of the suction device, percent change",
            "suction_elasticity",
            "%",
            90.0,
            7.0,
            Some((1.0, 13.0)),
            spread(8.0, 0.9),
            "validation",
        ),
        row("TEWL", "tewl", "g/m²/h", 7.0, 13.0, None, spread(11.6, 0.2), "context"),
        row("skin colour L*, difference", "lightness", "CIELAB", 90.0, 1.2, Some((-0.4, 2.8)), spread(0.3, 2.0), "validation"),
    ]
}

/// The made-up outcome.
pub fn outcome() -> Outcome {
    let course = course();
    let draws = draw_members(&course.parameters, 7, MEMBERS);
    let days = days();
    let readouts: Vec<ReadoutSeries> = READOUTS
        .iter()
        .enumerate()
        .map(|(k, readout)| {
            let (base, size, rise, fall) = curve(readout.key);
            let relative = readout.unit == "% of baseline";
            let members = draws
                .iter()
                .map(|draw| {
                    let named = course.parameters.names().zip(draw.values());
                    let v: Vec<f64> = named.filter(|(name, _)| !name.starts_with("photograph.")).map(|(_, v)| *v).collect();
                    let level = if relative || base == 0.0 { base } else { base * (0.85 + 0.15 * v[k % v.len()]) };
                    let gain = size * v[(k + 1) % v.len()].sqrt() * v[(k + 3) % v.len()].sqrt();
                    days.iter()
                        .enumerate()
                        .map(|(i, &d)| {
                            let after = i > 0 && days[i - 1] == d;
                            if i == 0 { level } else { level + gain * response(d, after, rise, fall) }
                        })
                        .collect()
                })
                .collect();
            let drivers = course
                .parameters
                .names()
                .enumerate()
                .map(|(i, name)| Driver {
                    parameter: name.to_owned(),
                    rank_correlation: (0.85 - 0.17 * i as f64) * if (i + k) % 2 == 0 { 1.0 } else { -1.0 },
                })
                .collect();
            ReadoutSeries { readout: *readout, members, drivers }
        })
        .collect();
    let delay_h: Vec<f64> = vec![0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 48.0];
    let enhancement = |half: f64| delay_h.iter().map(|h| spread(1.0 + 45.0 * (-h / half).exp(), 0.45)).collect::<Vec<_>>();
    let uptake = Uptake {
        enhancement_open: enhancement(1.2),
        enhancement_occluded: enhancement(16.0),
        delay_h: delay_h.clone(),
        delivered_24h_ug_per_cm2: spread(22.0, 0.5),
        intact_24h_ug_per_cm2: spread(0.9, 0.6),
        lag_min: spread(9.0, 0.5),
    };
    Outcome {
        seed: 7,
        draws,
        scars: scars(&course),
        grades: grades(&readouts, &days),
        days,
        readouts,
        punctures: PunctureStatistics {
            per_session: spread(12_500.0, 0.1),
            density_per_cm2: spread(500.0, 0.1),
            depth_um: spread(700.0, 0.25),
            uncovered_area_fraction: spread(0.21, 0.3),
            nearest_neighbour_um: spread(210.0, 0.6),
            slit_um: spread(160.0, 0.4),
            open_area_fraction: spread(0.012, 0.5),
        },
        damage_by_depth: depth_bands(|z| 0.05 / (1.0 + ((z - 700.0) / 110.0).exp()), 0.0, true),
        collagen_by_depth: VISITS
            .iter()
            .map(|&d| depth_bands(|z| 1.0 + 0.03 * response(d, true, 25.0, 900.0) * (-z / 500.0).exp(), 1.0, false))
            .collect(),
        downtime: None,
        surface: surface(),
        spectra: spectra(),
        specimen: specimen(),
        uptake: Some(uptake),
        patch: None,
        comparison: comparison(),
        warnings: vec![
            Warning {
                code: "depth-untested".into(),
                message: "Depth against dial is untested in human skin for pens; 0.25 to 1.5 mm <measured on gels>.".into(),
            },
            Warning { code: "pih-prior".into(), message: "The probability of hyperpigmentation rests on a wide prior.".into() },
        ],
        course,
    }
}

/// The figures of the made-up outcome, drawn once for all tests.
pub fn drawn() -> &'static [Figure] {
    static DRAWN: OnceLock<Vec<Figure>> = OnceLock::new();
    DRAWN.get_or_init(|| figures(&outcome(), "0.1.0").unwrap())
}

/// A course without sessions, product or study: every read-out stays at its baseline.
pub fn untreated() -> Outcome {
    let mut o = outcome();
    o.course.sessions.clear();
    o.course.product = None;
    o.course.study = None;
    o.uptake = None;
    o.course.scars.clear();
    o.scars.clear();
    o.comparison.clear();
    o.warnings.clear();
    for s in &mut o.readouts {
        s.drivers.clear();
        for m in &mut s.members {
            let first = m[0];
            m.fill(first);
        }
    }
    o.grades = grades(&o.readouts, &o.days);
    let none = Interval { median: f64::NAN, low: f64::NAN, high: f64::NAN };
    o.punctures = PunctureStatistics {
        per_session: none,
        density_per_cm2: none,
        depth_um: none,
        uncovered_area_fraction: none,
        nearest_neighbour_um: none,
        slit_um: none,
        open_area_fraction: none,
    };
    o.damage_by_depth.clear();
    o.specimen.punctures = PunctureTable::default();
    o.specimen.channel_profile.clear();
    for v in &mut o.specimen.visits {
        v.since_session = None;
        v.channel_open = 0.0;
        v.epidermis_factor = 1.0;
        v.lines = lines_of_day(0.0);
        (v.melanin, v.lesion_melanin, v.blood) = (1.0, 1.0, 1.0);
        for layer in &mut v.layers {
            layer.2 = layer_state(0.0, 0.0);
        }
    }
    o
}

/// Writes a report to look at: `cargo test -p percuta-report -- --ignored sample`.
#[test]
#[ignore = "for the eye"]
fn sample() {
    let dir = std::env::temp_dir().join("percuta-sample-report");
    let _ = std::fs::remove_dir_all(&dir);
    crate::write(&outcome(), &inputs(), &dir, None).unwrap();
}
