//! From the keys of a course file to a course: catalogue entries are looked up and every value is checked.

use std::fs;
use std::path::Path;

use toml::Spanned;

use super::LoadedCourse;
use super::error::Fault;
use super::format::{CourseFile, FollowUpFile, LesionFile, PersonFile, ProductFile, ToneFile, TreatmentFile};
use super::{overrides, patch};
use crate::absorption::Permeant;
use crate::course::{Course, Lesion, Product};
use crate::device::{Device, Motion, expected_density_per_cm2};
use crate::evidence::Study;
use crate::population::{Draw, Parameter, ParameterSet, nearest};
use crate::skin::{Person, Site, Tone, site_for, site_keys};

/// Time and memory of a run grow with every session; no published course comes near.
const MOST_SESSIONS: u32 = 100;
const MOST_PASSES: u32 = 100;
const MOST_MEMBERS: u32 = 100_000;
/// Ten years with their leap days.
const LAST_DAY: f64 = 3653.0;
/// Area of the whole skin of an adult is below this; larger is a slip of the unit.
const LARGEST_AREA_CM2: f64 = 30_000.0;
/// Ages the skin tables cover; nobody is older.
const AGES_YEARS: [f64; 2] = [18.0, 120.0];

/// Builds the course or lists everything that is wrong with it.
pub(super) fn resolve(file: CourseFile, label: &str, folder: &Path) -> Result<LoadedCourse, Vec<Fault>> {
    let mut faults = Vec::new();
    let name = course_name(file.name.as_ref(), label, &mut faults);
    let person = person(&file.person, &mut faults);
    let device = device(&file.treatment, folder, &mut faults);
    let site = site(&file.treatment.site, person.as_ref(), &mut faults);
    let motion = motion(&file.treatment, &mut faults);
    let sessions = sessions(&file.treatment, &mut faults);
    let visits = visits(&file.follow_up, &mut faults);
    let patch = patch::patch(&file, visits.as_deref(), &mut faults);
    let product = file.product.as_ref().and_then(|p| product(p, folder, &mut faults));
    let lesion = file.lesion.as_ref().and_then(|l| lesion(l, &mut faults));
    let study = file.study.as_ref().and_then(|s| study(s, &mut faults));
    let area = file.treatment.area.get_ref().cm2();
    if area <= 0.0 || area > LARGEST_AREA_CM2 {
        faults.push(
            Fault::new(file.treatment.area.span(), format!("the treated area is {area} cm²"))
                .expected(format!("an area above 0 and up to {LARGEST_AREA_CM2} cm²"))
                .example("area = \"20 cm²\""),
        );
    }
    let members = *file.run.members.get_ref();
    if members == 0 || members > MOST_MEMBERS {
        faults.push(
            Fault::new(file.run.members.span(), format!("{members} members cannot be run"))
                .expected(format!("1 to {MOST_MEMBERS} members"))
                .example("members = 64"),
        );
    }
    let parameters = parameters(&file, device.as_ref(), site.as_ref(), &mut faults);
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
        study,
        parameters,
    };
    density(&course, &file.treatment).map_err(|f| vec![f])?;
    Ok(LoadedCourse { course, seed: file.run.seed, members, patch })
}

/// The name given, or the file's; it becomes a folder's name, so that only plain characters are allowed.
fn course_name(name: Option<&Spanned<String>>, label: &str, faults: &mut Vec<Fault>) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    match name {
        Some(n) => {
            let text = n.get_ref().trim();
            if text.is_empty() || text.starts_with('.') || !text.chars().all(plain) {
                faults.push(
                    Fault::new(n.span(), format!("`{text}` cannot be the name of a folder"))
                        .expected("letters, digits, `-`, `_` and `.`")
                        .example("name = \"fine-lines\""),
                );
            }
            text.to_owned()
        }
        None => {
            let stem = Path::new(label).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
            let name: String = stem.chars().map(|c| if plain(c) { c } else { '-' }).collect();
            let name = name.trim_start_matches('.').to_owned();
            if name.is_empty() { "course".into() } else { name }
        }
    }
}

fn person(file: &PersonFile, faults: &mut Vec<Fault>) -> Option<Person> {
    let age = *file.age.get_ref();
    let covered = (AGES_YEARS[0]..=AGES_YEARS[1]).contains(&age);
    if !covered {
        faults.push(
            Fault::new(file.age.span(), format!("the age is {} years", plain_number(age)))
                .expected(format!("{} to {} years, the ages of the skin tables", AGES_YEARS[0], AGES_YEARS[1]))
                .example("age = 45"),
        );
    }
    let tone = tone(&file.tone, faults)?;
    covered.then_some(Person { age_years: age, sex: file.sex, tone })
}

fn tone(file: &Spanned<ToneFile>, faults: &mut Vec<Fault>) -> Option<Tone> {
    let t = file.get_ref();
    let given = [t.fitzpatrick.is_some(), t.ita.is_some(), t.lab.is_some(), t.melanosome_fraction.is_some()];
    let count = given.iter().filter(|g| **g).count();
    if count != 1 {
        faults.push(
            Fault::new(file.span(), format!("the skin tone is given in {count} ways"))
                .expected("one of `fitzpatrick`, `ita`, `lab` and `melanosome_fraction`")
                .example("tone = { fitzpatrick = \"II\" }"),
        );
        return None;
    }
    let (tone, what, expected, example) = if let Some(fst) = &t.fitzpatrick {
        (Tone::from_fitzpatrick(fst), format!("there is no Fitzpatrick type `{fst}`"), "a type from I to VI", "{ fitzpatrick = \"II\" }")
    } else if let Some(ita) = t.ita {
        let what = format!("no skin has an individual typology angle of {} degrees", plain_number(ita));
        (
            ita.is_finite().then(|| Tone::from_ita(ita)).flatten(),
            what,
            "an angle between -90 and 90 degrees, as skin has it",
            "{ ita = 42 }",
        )
    } else if let Some([l, a, b]) = t.lab {
        let finite = [l, a, b].iter().all(|x| x.is_finite());
        let what = format!("no skin has the colour L* {}, a* {}, b* {}", plain_number(l), plain_number(a), plain_number(b));
        (finite.then(|| Tone::from_lab(l, a, b)).flatten(), what, "L*, a* and b* of untanned skin", "{ lab = [66, 9, 15] }")
    } else {
        let f = t.melanosome_fraction.unwrap_or(f64::NAN);
        let what = format!("the melanosome fraction is {}", plain_number(f));
        (Tone::from_melanosome_fraction(f), what, "a volume fraction as skin has it, 0.005 to 0.43", "{ melanosome_fraction = 0.03 }")
    };
    if tone.is_none() {
        faults.push(Fault::new(file.span(), what).expected(expected).example(format!("tone = {example}")));
    }
    tone
}

/// NaN and infinity as TOML spells them.
fn plain_number(x: f64) -> String {
    x.to_string().to_lowercase()
}

/// A catalogue entry that does not exist: the nearest one and the list.
fn no_such(what: &str, key: &Spanned<String>, keys: &[&'static str], own_file: bool) -> Fault {
    let name = key.get_ref();
    let list = keys.join(", ");
    let list = if own_file {
        format!("there are {list}; or give the path of a {what} file that ends in .toml")
    } else {
        format!("there are {list}")
    };
    let fault = Fault::new(key.span(), format!("there is no {what} `{name}`")).help(list);
    match nearest(name, keys.iter().copied()) {
        Some(s) => fault.expected(format!("did you mean `{s}`?")),
        None => fault.expected(format!("a {what} of the catalogue")),
    }
}

/// The text of a file that a course names, if `key` is a path.
fn own_file(what: &str, key: &Spanned<String>, folder: &Path) -> Option<Result<(String, String), Fault>> {
    let path = key.get_ref();
    if !path.to_lowercase().ends_with(".toml") {
        return None;
    }
    let stem = Path::new(path).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    Some(fs::read_to_string(folder.join(path)).map(|text| (stem, text)).map_err(|e| {
        Fault::new(key.span(), format!("the {what} file `{path}` cannot be read: {e}"))
            .help("the path starts at the folder of the course file")
    }))
}

fn device(file: &TreatmentFile, folder: &Path, faults: &mut Vec<Fault>) -> Option<Device> {
    let key = &file.device;
    let found = match own_file("device", key, folder) {
        Some(read) => {
            read.and_then(|(stem, text)| Device::parse(&stem, key.get_ref(), &text).map_err(|e| Fault::new(key.span(), e.to_string())))
        }
        None if !Device::keys().contains(&key.get_ref().as_str()) => Err(no_such("device", key, &Device::keys(), true)),
        None => Device::find(key.get_ref()).map_err(|e| Fault::new(key.span(), e.to_string())),
    };
    let device = found.map_err(|f| faults.push(f)).ok()?;
    setting(&device, file).map_err(|f| faults.push(f)).ok()?;
    Some(device)
}

/// The depth must be one the device can be set to.
fn setting(device: &Device, file: &TreatmentFile) -> Result<(), Fault> {
    let set = file.depth.get_ref().um();
    let mm = |um: f64| format!("{} mm", (um / 1000.0 * 1e6).round() / 1e6);
    let fault = |message: String, expected: String, example: f64| {
        Err(Fault::new(file.depth.span(), message)
            .expected(expected)
            .example(format!("depth = \"{}\"", mm(example)))
            .help(format!("figures of the {}: {}", device.name, device.source)))
    };
    let deepest = device.setting_max_um.min(device.needle_length_um);
    if set > device.needle_length_um {
        let message = format!("a depth of {} is beyond the needles of the {}", mm(set), device.name);
        return fault(message, format!("at most {}, the length of its needles", mm(device.needle_length_um)), deepest);
    }
    if set > device.setting_max_um || set < device.setting_min_um {
        let message = format!("the {} cannot be set to {}", device.name, mm(set));
        let range = format!("{} to {}", mm(device.setting_min_um), mm(deepest));
        return fault(message, range, if set > deepest { deepest } else { device.setting_min_um });
    }
    if set <= 0.0 {
        return fault("the depth is 0 mm".into(), "a depth above 0; an untreated course has `sessions = 0`".into(), deepest);
    }
    Ok(())
}

fn site(key: &Spanned<String>, person: Option<&Person>, faults: &mut Vec<Fault>) -> Option<Site> {
    if !site_keys().contains(&key.get_ref().as_str()) {
        faults.push(no_such("site", key, &site_keys(), false));
        return None;
    }
    site_for(key.get_ref(), person?).map_err(|e| faults.push(Fault::new(key.span(), e.to_string()))).ok()
}

fn motion(file: &TreatmentFile, faults: &mut Vec<Fault>) -> Option<Motion> {
    let before = faults.len();
    let (passes, glide, overlap) = (*file.passes.get_ref(), file.glide.get_ref().um_per_s(), file.overlap.get_ref().fraction());
    if passes == 0 || passes > MOST_PASSES {
        faults.push(
            Fault::new(file.passes.span(), format!("{passes} passes cannot be run"))
                .expected(format!("1 to {MOST_PASSES} passes; an untreated course has `sessions = 0`"))
                .example("passes = 4"),
        );
    }
    if glide <= 0.0 {
        faults.push(
            Fault::new(file.glide.span(), "the handpiece does not move")
                .expected("a speed above 0: at rest the needles would strike one place without end")
                .example("glide = \"20 mm/s\""),
        );
    }
    if overlap >= 1.0 {
        faults.push(
            Fault::new(file.overlap.span(), format!("tracks overlap by {} %", 100.0 * overlap))
                .expected("less than 100 %: each track must move on from the one before")
                .example("overlap = \"25 %\""),
        );
    }
    if file.directions.get_ref().is_empty() {
        faults.push(
            Fault::new(file.directions.span(), "there is no direction").expected("at least one angle").example("directions = [\"0 deg\"]"),
        );
    }
    let directions_deg = file.directions.get_ref().iter().map(|d| d.degrees()).collect();
    (faults.len() == before).then_some(Motion { passes, directions_deg, glide_um_per_s: glide, overlap })
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
    let key = &file.permeant;
    let before = faults.len();
    let permeant = match own_file("permeant", key, folder) {
        Some(read) => {
            read.and_then(|(stem, text)| Permeant::parse(&stem, key.get_ref(), &text).map_err(|e| Fault::new(key.span(), e.to_string())))
        }
        None if !Permeant::keys().any(|k| k == key.get_ref()) => Err(no_such("permeant", key, &Permeant::keys().collect::<Vec<_>>(), true)),
        None => Permeant::find(key.get_ref()).map_err(|e| Fault::new(key.span(), e.to_string())),
    };
    let permeant = permeant.map_err(|f| faults.push(f)).ok();
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
    Some(Lesion { melanin_ratio: 1.0 + excess })
}

fn study(id: &Spanned<String>, faults: &mut Vec<Fault>) -> Option<Study> {
    let found = if Study::ids().any(|k| k == id.get_ref()) {
        Study::find(id.get_ref()).map_err(|e| Fault::new(id.span(), e.to_string()))
    } else {
        Err(no_such("study", id, &Study::ids().collect::<Vec<_>>(), false))
    };
    found.map_err(|f| faults.push(f)).ok()
}

/// The embedded parameters, those of the site and the device, and the course's own over them.
fn parameters(file: &CourseFile, device: Option<&Device>, site: Option<&Site>, faults: &mut Vec<Fault>) -> ParameterSet {
    let mut set = match ParameterSet::embedded() {
        Ok(set) => set,
        Err(e) => {
            faults.push(Fault::new(0..0, e.to_string()).help("this is a defect of Percuta"));
            return ParameterSet::default();
        }
    };
    let mut insert = |prefix: &str, cards: &[(String, Parameter)], span: std::ops::Range<usize>| {
        for (key, card) in cards {
            if let Err(e) = set.insert(&format!("{prefix}.{key}"), card.clone()) {
                faults.push(Fault::new(span.clone(), e.to_string()));
            }
        }
    };
    // The cards of an entry that was not found are unknown, and so would be the names of their overrides.
    let (Some(device), Some(site)) = (device, site) else { return set };
    insert("device", &device.cards, file.treatment.device.span());
    insert("skin", &site.cards, file.treatment.site.span());
    overrides::apply(&mut set, &file.parameters, faults);
    set
}

/// Motion and device together must leave a density that means something.
fn density(course: &Course, file: &TreatmentFile) -> Result<(), Fault> {
    if course.sessions.is_empty() {
        return Ok(());
    }
    let span = file.glide.span();
    let broken = |e: &dyn std::fmt::Display| Fault::new(file.device.span(), e.to_string());
    let density = expected_density_per_cm2(&course.device, &course.motion, &Draw::central(&course.parameters)).map_err(|e| broken(&e))?;
    let most = course.parameters.card("tested.density_refused").map_err(|e| broken(&e))?;
    if density > most.value {
        return Err(Fault::new(span, format!("this motion leaves {density:.0} punctures per cm²"))
            .expected(format!("at most {} per cm²", most.value))
            .example("glide = \"20 mm/s\"")
            .help(format!("{} Glide faster, make fewer passes or overlap less.", most.meaning)));
    }
    Ok(())
}
