//! From the keys of a file to a permeation study: catalogue entries are looked up and every value is checked.

use std::fs;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;

use super::format::{BarrierFile, DataFile, Fidelity, PermeantKey, PlanFile, StudyFile};
use super::{LoadedStudy, Places, dose, skin};
use crate::absorption::{Permeant, Relation};
use crate::course::permeation::{BarrierChoice, BlockSettings, DataSeries, PermeationStudy, Treatment, read_data};
use crate::course::text::{CourseError, Fault, block, density, members, name, parameters, permeant, person, site};
use crate::population::nearest;
use crate::units::Duration;

/// Longer than any study of permeation; longer is a slip of the unit.
const LONGEST_H: f64 = 60.0 * 24.0;
const MOST_SAMPLES: usize = 1000;
/// Simulated studies are drawn cell by cell.
const MOST_OF_EACH: u32 = 50;
/// One second.
const SHORTEST_H: f64 = 1.0 / 3600.0;
/// Water on the stratum corneum's stripped side passes at a few 0.1 cm/h; more is a slip of the unit.
const LARGEST_KP_CM_PER_H: f64 = 10.0;

const RELATIONS: [(&str, Relation); 4] = [
    ("potts-guy", Relation::PottsGuy),
    ("wilschut", Relation::Wilschut),
    ("mitragotri", Relation::Mitragotri),
    ("surrey", Relation::Surrey),
];

/// What is wrong with a study and with the data it names.
pub(super) struct Mistakes {
    pub faults: Vec<Fault>,
    pub of_data: Vec<CourseError>,
}

impl From<Vec<Fault>> for Mistakes {
    fn from(faults: Vec<Fault>) -> Self {
        Self { faults, of_data: Vec::new() }
    }
}

/// Builds the study or lists everything that is wrong with it. `places` are those of the permeant's properties in the file.
pub(super) fn resolve(file: StudyFile, places: &Places, label: &str, folder: &Path) -> Result<LoadedStudy, Mistakes> {
    let mut faults = Vec::new();
    let name = name(file.name.as_ref(), label, "caffeine-cell", &mut faults);
    let person = person(&file.person, &mut faults);
    let site = site(&file.skin.site, person.as_ref(), &mut faults);
    let sample = skin::sample(&file.skin, &mut faults);
    let treatment = skin::treatment(&file, folder, &mut faults);
    let permeant = own_or_named(&file.permeant, places, folder).map_err(|f| faults.push(f)).ok();
    let vehicle = dose::vehicle(&file.vehicle, permeant.as_ref(), &mut faults);
    let duration_h = duration(&file.study, &mut faults);
    let samples = samples(&file.study, duration_h, &mut faults);
    let treated = file.treatment.is_some() || file.array.is_some();
    let dosing = dose::dosing(&file.dose, duration_h, treated, &mut faults);
    let area = dose::area(&file.dose, sample.is_some_and(|s| s.preparation.excised()), &mut faults);
    for (key, count) in [("donors", &file.study.donors), ("replicates", &file.study.replicates)] {
        if *count.get_ref() == 0 || *count.get_ref() > MOST_OF_EACH {
            faults.push(
                Fault::new(count.span(), format!("a study cannot have {} {key}", count.get_ref()))
                    .expected(format!("1 to {MOST_OF_EACH} {key}"))
                    .example(format!("{key} = {}", if key == "donors" { 4 } else { 6 })),
            );
        }
    }
    let barrier = barrier(&file.barrier, &mut faults);
    let (data, of_data) = file.data.as_ref().map_or_else(Default::default, |d| measured(d, treated, folder, &mut faults));
    let members = members(&file.run.members, &mut faults);
    let (side_um, resolution_um) =
        block(&file.block.side, &file.block.resolution, ["side = \"1 mm\"", "resolution = \"10 µm\""], &mut faults);
    let parameters = {
        let mut cards = vec![site.as_ref().map(|s| ("skin", s.cards.as_slice(), file.skin.site.span()))];
        // The cards of a device exist only where there is one.
        match (&file.treatment, &treatment) {
            (Some(keys), Some(Some(Treatment::Needling { device, .. }))) => {
                cards.push(Some(("device", device.cards.as_slice(), keys.device.span())));
            }
            (Some(_), _) => cards.push(None),
            (None, _) => {}
        }
        parameters(&cards, &file.parameters, &mut faults)
    };
    // Each of these is missing only if its fault is in the list.
    let (
        Some(person),
        Some(site),
        Some(sample),
        Some(treatment),
        Some(permeant),
        Some(vehicle),
        Some(duration_h),
        Some(samples_h),
        Some(dosing),
        Some(barrier),
        true,
    ) = (person, site, sample, treatment, permeant, vehicle, duration_h, samples, dosing, barrier, faults.is_empty() && of_data.is_empty())
    else {
        faults.sort_by_key(|f| f.span.start);
        return Err(Mistakes { faults, of_data });
    };
    if let (Some(Treatment::Needling { device, motion, .. }), Some(keys)) = (&treatment, &file.treatment) {
        density(device, motion, &parameters, keys.device.span(), keys.glide.span()).map_err(|f| vec![f])?;
    }
    let study = PermeationStudy {
        name,
        description: file.description,
        person,
        site,
        sample,
        treatment,
        permeant,
        vehicle,
        dosing,
        duration_h,
        samples_h,
        area_cm2: area,
        donors: *file.study.donors.get_ref(),
        replicates: *file.study.replicates.get_ref(),
        barrier,
        data,
        parameters,
    };
    skin::thickness(&study, &file.skin).map_err(|f| vec![f])?;
    // Whole voxels.
    let side_um = (side_um / resolution_um).round().max(1.0) * resolution_um;
    let block = (file.run.fidelity == Fidelity::Block).then_some(BlockSettings { side_um, resolution_um });
    Ok(LoadedStudy { study, seed: file.run.seed, members, block })
}

/// The permeant of the catalogue or of a file, or the properties that the study gives itself.
fn own_or_named(key: &Spanned<PermeantKey>, places: &Places, folder: &Path) -> Result<Permeant, Fault> {
    match key.get_ref() {
        PermeantKey::Named(name) => permeant(&Spanned::new(key.span(), name.clone()), folder),
        PermeantKey::Own(own) => match own.fault() {
            None => Ok((**own).clone()),
            Some(f) => {
                let span = places.get(f.field).cloned().unwrap_or_else(|| key.span());
                Err(Fault::new(span, f.message).expected(f.expected).example(f.example))
            }
        },
    }
}

/// Length of the study, h.
fn duration(file: &PlanFile, faults: &mut Vec<Fault>) -> Option<f64> {
    let hours = file.duration.get_ref().hours();
    if (SHORTEST_H..=LONGEST_H).contains(&hours) {
        return Some(hours);
    }
    faults.push(
        Fault::new(file.duration.span(), format!("the study takes {hours} h"))
            .expected(format!("a duration of 1 s to {} d", LONGEST_H / 24.0))
            .example("duration = \"24 h\""),
    );
    None
}

/// Times of the samples, h; the end is always among them.
fn samples(file: &PlanFile, duration_h: Option<f64>, faults: &mut Vec<Fault>) -> Option<Vec<f64>> {
    const EVEN: u32 = 12;
    let Some(given) = &file.samples else {
        return duration_h.map(|end| (1..=EVEN).map(|i| end * f64::from(i) / f64::from(EVEN)).collect());
    };
    let before = faults.len();
    let example = "samples = [\"1 h\", \"2 h\", \"4 h\", \"8 h\", \"24 h\"]";
    let whole = |message: String, expected: String| Fault::new(given.span(), message).expected(expected).example(example);
    if given.get_ref().is_empty() {
        faults.push(whole("there is no sample".into(), "at least one time; leave the key out for 12 even ones".into()));
    }
    if given.get_ref().len() > MOST_SAMPLES {
        faults.push(whole(format!("there are {} samples", given.get_ref().len()), format!("at most {MOST_SAMPLES}")));
    }
    let mut hours = increasing(given.get_ref(), "the sample at", example, faults);
    for (time, at) in hours.iter().zip(given.get_ref()) {
        if *time <= 0.0 {
            faults.push(Fault::new(at.span(), "a sample at 0 h holds nothing yet").expected("times above 0").example(example));
        }
        if let Some(end) = duration_h.filter(|end| time > end) {
            faults.push(
                Fault::new(at.span(), format!("the sample at {time} h comes after the end of the study at {end} h"))
                    .expected("times up to `study.duration`")
                    .example(example),
            );
        }
    }
    if faults.len() > before {
        return None;
    }
    let end = duration_h?;
    if hours.last().is_some_and(|last| *last < end) {
        hours.push(end);
    }
    Some(hours)
}

/// Times in hours, with a fault for each that does not come after the one before.
pub(super) fn increasing(given: &[Spanned<Duration>], what: &str, example: &str, faults: &mut Vec<Fault>) -> Vec<f64> {
    let hours: Vec<f64> = given.iter().map(|t| t.get_ref().hours()).collect();
    for (pair, at) in hours.windows(2).zip(given.iter().skip(1)) {
        if pair[1] <= pair[0] {
            faults.push(
                Fault::new(at.span(), format!("{what} {} h does not come after the one at {} h", pair[1], pair[0]))
                    .expected("increasing times")
                    .example(example),
            );
        }
    }
    hours
}

fn barrier(file: &BarrierFile, faults: &mut Vec<Fault>) -> Option<BarrierChoice> {
    let measured_kp_cm_per_h = file.kp.as_ref().map(|k| k.get_ref().cm_per_h());
    if let (Some(kp), Some(key)) = (measured_kp_cm_per_h, &file.kp)
        && (kp <= 0.0 || kp > LARGEST_KP_CM_PER_H)
    {
        faults.push(
            Fault::new(key.span(), format!("the permeability of intact skin is {kp} cm/h"))
                .expected(format!("above 0 and up to {LARGEST_KP_CM_PER_H} cm/h"))
                .example("kp = \"1e-3 cm/h\""),
        );
    }
    let relation = choice("relation", &file.relation, &RELATIONS, "relation = \"potts-guy\"").map_err(|f| faults.push(f)).ok()?;
    Some(BarrierChoice { relation, cleek_bunge: file.cleek_bunge, measured_kp_cm_per_h })
}

/// One of a few words.
pub(super) fn choice<T: Copy>(what: &str, key: &Spanned<String>, known: &[(&'static str, T)], example: &str) -> Result<T, Fault> {
    let word = key.get_ref();
    if let Some((_, value)) = known.iter().find(|(k, _)| k == word) {
        return Ok(*value);
    }
    let list = known.iter().map(|(k, _)| format!("`{k}`")).collect::<Vec<_>>().join(", ");
    let fault = Fault::new(key.span(), format!("there is no {what} `{word}`")).example(example);
    Err(match nearest(word, known.iter().map(|(k, _)| *k)) {
        Some(near) => fault.expected(format!("did you mean `{near}`?")).help(format!("there are {list}")),
        None => fault.expected(format!("one of {list}")),
    })
}

/// The measured points of the file that the study names.
fn measured(file: &DataFile, treated: bool, folder: &Path, faults: &mut Vec<Fault>) -> (Vec<DataSeries>, Vec<CourseError>) {
    let path = file.file.get_ref();
    let text = match fs::read_to_string(folder.join(path)) {
        Ok(text) => text,
        Err(e) => {
            let span: Range<usize> = file.file.span();
            faults.push(
                Fault::new(span, format!("the data file `{path}` cannot be read: {e}"))
                    .help("the path starts at the folder of the file that names it"),
            );
            return Default::default();
        }
    };
    match read_data(&text, path, treated) {
        Ok(data) => (data, Vec::new()),
        Err(mistakes) => (Vec::new(), mistakes),
    }
}
