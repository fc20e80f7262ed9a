//! The healing equations at every point of a member's dermis, for the comparison with other simulators of the same equations.

use std::error::Error;
use std::fs;
use std::path::Path;

use percuta::course::Wounded;
use percuta::healing::{
    COURSE_TOLERANCE, Equations, Exposure, HealingParameters, LayerExposure, LayerState, ReducedCourse, Tolerance, heal,
};
use percuta::population::Draw;
use percuta_report::sbml::{Point, document};
use serde_json::{Value, json};

use crate::course;
use crate::tissue::shortest;

type Fallible<T> = Result<T, Box<dyn Error>>;

/// Days on which every state is compared.
const DAYS: [f64; 12] = [0.2, 1.0, 3.0, 7.0, 14.0, 28.5, 35.0, 60.0, 85.0, 100.0, 140.0, 180.0];
/// Largest error allowed, relative to the largest value of each state.
const WITHIN: f64 = 1e-5;
/// Shares of the tolerance of courses that are tried until one is accurate enough.
const FINER: [f64; 6] = [0.1, 0.03, 0.01, 0.003, 0.001, 0.0003];
const MODEL: &str = "healing.xml";
const PROBLEM: &str = "healing.json";
const EXACT: &str = "healing-exact.json";

/// The points of one member: eight classes in each layer of the dermis.
struct Points {
    parameters: HealingParameters,
    sessions: Vec<f64>,
    /// `[point][session]`.
    met: Vec<Vec<Exposure>>,
}

fn points() -> Fallible<Points> {
    let course = course(&[])?;
    let draw = Draw::central(&course.parameters);
    let skin = Wounded::of(&course, &draw, 1, 0)?;
    let of_layer = |layer: &LayerExposure| -> Vec<Vec<Exposure>> {
        let classes = layer.classes.first().map_or(0, Vec::len);
        (0..classes).map(|class| layer.classes.iter().map(|session| session[class]).collect()).collect()
    };
    Ok(Points {
        parameters: HealingParameters::from_draw(&draw)?,
        sessions: course.sessions.clone(),
        met: skin.exposures.iter().flat_map(of_layer).collect(),
    })
}

/// Writes the model as SBML, and what each point meets.
///
/// # Errors
/// If the course or a file cannot be had.
pub fn prepare(folder: &Path) -> Fallible<()> {
    let points = points()?;
    let cards = course(&[])?.parameters;
    let sessions: Vec<(f64, Exposure)> = points.sessions.iter().copied().zip(points.met[0].iter().copied()).collect();
    let about = Point { name: "healing", about: "A point of dermis.", parameters: &points.parameters, cards: &cards, sessions: &sessions };
    fs::write(folder.join(MODEL), document(&about))?;
    let met: Vec<Vec<[f64; 2]>> = points.met.iter().map(|p| p.iter().map(|e| [e.lysed, e.signal]).collect()).collect();
    let states: Vec<String> = names()?;
    let problem = json!({"days": DAYS, "met": met, "states": states, "within": WITHIN});
    Ok(fs::write(folder.join(PROBLEM), problem.to_string())?)
}

/// Names of the states, as in the model.
fn names() -> Fallible<Vec<String>> {
    match serde_json::to_value(LayerState::default())? {
        Value::Object(fields) => Ok(fields.keys().cloned().collect()),
        _ => Err("a state without fields".into()),
    }
}

/// One way of integrating.
pub struct Measured {
    /// What was done.
    pub what: String,
    /// Time of one point, s.
    pub seconds: f64,
    /// Largest error.
    pub error: f64,
}

/// Times at the tolerance of courses, and at the loosest that is accurate to 1e-5.
///
/// # Errors
/// If the exact answer cannot be read, or if no tolerance is accurate enough.
pub fn measure(folder: &Path) -> Fallible<Vec<Measured>> {
    let points = points()?;
    let exact: Vec<Vec<Vec<f64>>> = serde_json::from_str(&fs::read_to_string(folder.join(EXACT))?)?;
    let equations = Equations::new(&points.parameters);
    let exposures: Vec<LayerExposure> =
        points.met.iter().map(|met| LayerExposure { classes: met.iter().map(|e| vec![*e]).collect() }).collect();
    let edges: Vec<f64> = (0..=exposures.len()).map(|i| i as f64).collect();
    let channels = vec![50.0; points.sessions.len()];
    let of = |share: f64| ReducedCourse {
        dermis_edges_um: &edges,
        papillary_layers: 1,
        sessions: &points.sessions,
        channel_um: &channels,
        exposures: &exposures,
        days: &DAYS,
        tolerance: Tolerance { relative: share * COURSE_TOLERANCE.relative, absolute: share * COURSE_TOLERANCE.absolute },
    };
    let mut found = Vec::new();
    for share in std::iter::once(1.0).chain(FINER) {
        let course = of(share);
        let error = error(&heal(&course, &equations)?.layers, &exact)?;
        if share < 1.0 && error > WITHIN {
            continue;
        }
        let seconds = shortest(20, || {
            let _ = std::hint::black_box(heal(std::hint::black_box(&course), &equations));
        });
        let what = if share < 1.0 { format!("{share} of the tolerance of courses") } else { "the tolerance of courses".into() };
        found.push(Measured { what, seconds: seconds / exposures.len() as f64, error });
        if share < 1.0 {
            return Ok(found);
        }
    }
    Err(format!("Percuta's equations are never within {WITHIN:e}").into())
}

/// Largest difference from `exact[point][day][state]`, relative to the largest value of each state at any point and day.
fn error(layers: &[Vec<LayerState>], exact: &[Vec<Vec<f64>>]) -> Fallible<f64> {
    let names = names()?;
    let mut worst = 0.0f64;
    for (k, name) in names.iter().enumerate() {
        let size = exact.iter().flatten().map(|states| states[k].abs()).fold(0.0, f64::max);
        for (day, points) in layers.iter().enumerate() {
            for (point, state) in points.iter().enumerate() {
                let value = serde_json::to_value(state)?[name].as_f64().ok_or("a state that is not a number")?;
                worst = worst.max((value - exact[point][day][k]).abs() / size);
            }
        }
    }
    Ok(worst)
}
