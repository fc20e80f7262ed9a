//! From the keys of a course file to a course: catalogue entries are looked up and every value is checked.

use std::path::Path;

use toml::Spanned;

use super::LoadedCourse;
use super::format::{CourseFile, FollowUpFile, LesionFile, ProductFile, TreatmentFile};
use super::{lines, patch, posterior, scars, surface};
use crate::course::text::{Fault, MotionKeys, density, device, members, motion, name, no_such, parameters, permeant, person, site};
use crate::course::{Course, Lesion, Product};
use crate::evidence::Study;

/// How a course without treatment looks.
const UNTREATED: &str = "an untreated course has `sessions = 0`";
/// Time and memory of a run grow with every session; no published course comes near.
const MOST_SESSIONS: u32 = 100;
/// Ten years with their leap days.
const LAST_DAY: f64 = 3653.0;
/// Area of the whole skin of an adult is below this; larger is a slip of the unit.
const LARGEST_AREA_CM2: f64 = 30_000.0;

/// Builds the course or lists everything that is wrong with it.
pub(super) fn resolve(file: CourseFile, label: &str, folder: &Path) -> Result<LoadedCourse, Vec<Fault>> {
    let mut faults = Vec::new();
    let name = name(file.name.as_ref(), label, "fine-lines", &mut faults);
    let person = person(&file.person, &mut faults);
    let device = device(&file.treatment.device, &file.treatment.depth, UNTREATED, folder, &mut faults);
    let site = site(&file.treatment.site, person.as_ref(), &mut faults);
    let TreatmentFile { passes, directions, glide, overlap, .. } = &file.treatment;
    let motion = motion(&MotionKeys { passes, directions, glide, overlap }, UNTREATED, &mut faults);
    let sessions = sessions(&file.treatment, &mut faults);
    let visits = visits(&file.follow_up, &mut faults);
    let patch = patch::patch(&file, visits.as_deref(), &mut faults);
    let product = file.product.as_ref().and_then(|p| product(p, folder, &mut faults));
    let lesion = file.lesion.as_ref().and_then(|l| lesion(l, &mut faults));
    let scars = scars::scars(&file.scars, &mut faults);
    let surface = surface::surface(&file.surface, site.as_ref().map(|s| s.key.as_str()), folder, &mut faults);
    let study = file.study.as_ref().and_then(|s| study(s, &mut faults));
    let area = file.treatment.area.get_ref().cm2();
    if area <= 0.0 || area > LARGEST_AREA_CM2 {
        faults.push(
            Fault::new(file.treatment.area.span(), format!("the treated area is {area} cm²"))
                .expected(format!("an area above 0 and up to {LARGEST_AREA_CM2} cm²"))
                .example("area = \"20 cm²\""),
        );
    }
    let members = members(&file.run.members, &mut faults);
    let cards = [
        device.as_ref().map(|d| ("device", d.cards.as_slice(), file.treatment.device.span())),
        site.as_ref().map(|s| ("skin", s.cards.as_slice(), file.treatment.site.span())),
    ];
    let mut parameters = parameters(&cards, &file.parameters, &mut faults);
    posterior::lay_over(file.posterior.as_ref(), folder, &mut parameters, &mut faults);
    lines::explain(&file.lines, &file.parameters, &mut parameters, &mut faults);
    // Each of these is missing only if its fault is in the list.
    let (Some(person), Some(device), Some(site), Some(motion), Some(sessions), Some(visits), true) =
        (person, device, site, motion, sessions, visits, faults.is_empty())
    else {
        faults.sort_by_key(|f| f.span.start);
        return Err(faults);
    };
    let course = Course {
        name,
        description: file.description,
        person,
        site,
        device,
        motion,
        setting_um: file.treatment.depth.get_ref().um(),
        area_cm2: area,
        sessions,
        visits,
        product,
        lesion,
        scars,
        surface,
        study,
        parameters,
    };
    if !course.sessions.is_empty() {
        let (at, glide) = (file.treatment.device.span(), file.treatment.glide.span());
        density(&course.device, &course.motion, &course.parameters, at, glide).map_err(|f| vec![f])?;
    }
    Ok(LoadedCourse { course, seed: file.run.seed, members, patch })
}

fn sessions(file: &TreatmentFile, faults: &mut Vec<Fault>) -> Option<Vec<f64>> {
    let (count, interval) = (*file.sessions.get_ref(), file.interval.get_ref().days());
    if count > MOST_SESSIONS {
        faults.push(
            Fault::new(file.sessions.span(), format!("{count} sessions are more than a course can have"))
                .expected(format!("0 to {MOST_SESSIONS} sessions"))
                .example("sessions = 4")
                .help("no published course comes near; time and memory of a run grow with every session"),
        );
        return None;
    }
    if count > 1 && interval <= 0.0 {
        faults.push(
            Fault::new(file.interval.span(), format!("{count} sessions cannot all be on one day"))
                .expected("an interval above 0")
                .example("interval = \"28 d\"")
                .help("to needle more on one day, raise `passes`"),
        );
        return None;
    }
    let days: Vec<f64> = (0..count).map(|i| f64::from(i) * interval).collect();
    if let Some(last) = days.last().filter(|d| **d > LAST_DAY) {
        faults.push(
            Fault::new(file.interval.span(), format!("the last session would be on day {last}"))
                .expected("a course of at most 10 years")
                .example("interval = \"28 d\""),
        );
        return None;
    }
    Some(days)
}

fn visits(file: &FollowUpFile, faults: &mut Vec<Fault>) -> Option<Vec<f64>> {
    let before = faults.len();
    let mut days: Vec<f64> = Vec::new();
    for visit in file.visits.get_ref() {
        let day = visit.get_ref().days();
        if day > LAST_DAY {
            faults.push(
                Fault::new(visit.span(), format!("a visit on day {day} is too late")).expected("at most 10 years").example("\"180 d\""),
            );
        }
        if let Some(previous) = days.last().filter(|p| **p >= day) {
            faults.push(
                Fault::new(visit.span(), format!("the visit on day {day} does not come after the one on day {previous}"))
                    .expected("increasing times")
                    .example("visits = [\"0 d\", \"28 d\", \"90 d\"]"),
            );
        }
        days.push(day);
    }
    if days.is_empty() {
        faults.push(
            Fault::new(file.visits.span(), "there is no visit").expected("at least one time").example("visits = [\"28 d\", \"90 d\"]"),
        );
    }
    if days.first().is_some_and(|d| *d > 0.0) {
        days.insert(0, 0.0);
    }
    (faults.len() == before).then_some(days)
}

fn product(file: &ProductFile, folder: &Path, faults: &mut Vec<Fault>) -> Option<Product> {
    let before = faults.len();
    let permeant = permeant(&file.permeant, folder).map_err(|f| faults.push(f)).ok();
    let (concentration, dose) = (file.concentration.get_ref().mg_per_ml(), file.dose.get_ref().ul_per_cm2());
    // One mg/mL of the lightest vehicle would be solid beyond this.
    if concentration <= 0.0 || concentration > 2000.0 {
        faults.push(
            Fault::new(file.concentration.span(), format!("the concentration is {concentration} mg/mL"))
                .expected("above 0 and up to 2000 mg/mL, the density of a solid")
                .example("concentration = \"50 mg/mL\""),
        );
    }
    if dose <= 0.0 {
        faults.push(
            Fault::new(file.dose.span(), "the dose is 0")
                .expected("a volume above 0; leave `[product]` out if there is none")
                .example("dose = \"10 µL/cm²\""),
        );
    }
    if faults.len() > before {
        return None;
    }
    Some(Product {
        permeant: permeant?,
        concentration_mg_per_ml: concentration,
        dose_ul_per_cm2: dose,
        applied_after_h: file.applied_after.map_or(0.0, crate::units::Duration::hours),
        occluded: file.occluded,
    })
}

fn lesion(file: &LesionFile, faults: &mut Vec<Fault>) -> Option<Lesion> {
    let excess = file.melanin_excess.get_ref().fraction();
    if excess <= 0.0 || excess > 10.0 {
        faults.push(
            Fault::new(file.melanin_excess.span(), format!("the lesion has {} % more melanin than the skin around it", 100.0 * excess))
                .expected("above 0 % and up to 1000 %; leave `[lesion]` out if there is none")
                .example("melanin_excess = \"30 %\""),
        );
        return None;
    }
    Some(Lesion { kind: file.kind, melanin_ratio: 1.0 + excess })
}

fn study(id: &Spanned<String>, faults: &mut Vec<Fault>) -> Option<Study> {
    let found = if Study::ids().any(|k| k == id.get_ref()) {
        Study::find(id.get_ref()).map_err(|e| Fault::new(id.span(), e.to_string()))
    } else {
        Err(no_such("study", id, &Study::ids().collect::<Vec<_>>(), false))
    };
    found.map_err(|f| faults.push(f)).ok()
}
