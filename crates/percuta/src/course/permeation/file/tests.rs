use super::*;
use crate::absorption::Relation;
use crate::course::permeation::{Preparation, Treatment};

const STUDY: &str = "permeant = \"caffeine\"\n[vehicle]\nconcentration = \"10 mg/mL\"\n[dose]\namount = \"10 µL/cm²\"\n";

fn load_text(text: &str, settings: &[&str]) -> Result<LoadedStudy, Vec<CourseError>> {
    let settings: Vec<String> = settings.iter().map(|s| (*s).to_owned()).collect();
    load(text, "my-study.toml", Path::new("."), &settings)
}

fn study(settings: &[&str]) -> PermeationStudy {
    load_text(STUDY, settings).unwrap().study
}

/// Message and marked text of each mistake of the short study with these settings.
fn wrong(settings: &[&str]) -> Vec<(String, String)> {
    let errors = load_text(STUDY, settings).unwrap_err();
    errors.into_iter().map(|e| (e.message, e.place.text[e.place.span].to_owned())).collect()
}

#[test]
fn a_short_study_takes_the_rest_from_the_template() {
    let loaded = load_text(STUDY, &[]).unwrap();
    let s = loaded.study;
    assert_eq!((s.name.as_str(), s.permeant.name.as_str(), s.site.key.as_str()), ("my-study", "Caffeine", "abdomen"));
    assert_eq!((s.sample.preparation, s.sample.thickness_um, s.sample.temperature_c), (Preparation::InVivo, None, 32.0));
    assert!(s.treatment.is_none() && s.data.is_empty() && loaded.block.is_none());
    assert_eq!((s.vehicle.concentration_ug_per_cm3, s.dosing.layer_cm), (10_000.0, 0.01));
    assert_eq!((s.dosing.applied_h.as_slice(), s.dosing.occluded, s.dosing.washed_h), (&[0.0][..], false, None));
    assert_eq!((s.duration_h, s.samples_h.len(), s.samples_h[0], s.samples_h[11]), (24.0, 12, 2.0, 24.0));
    assert_eq!((s.area_cm2, s.donors, s.replicates), (20.0, 4, 6));
    assert_eq!((s.barrier.relation, s.barrier.cleek_bunge, s.barrier.measured_kp_cm_per_h), (Relation::PottsGuy, false, None));
    assert_eq!((loaded.seed, loaded.members), (1, 64));
}

/// The template with every key that a comment shows, by table.
fn everything() -> Vec<(String, String)> {
    let key = |c: char| c.is_ascii_lowercase() || "_.".contains(c);
    let shown = |l: &str| l.starts_with('[') || l.split_once(" = ").is_some_and(|(k, _)| k.chars().all(key));
    let mut tables = vec![(String::new(), String::new())];
    for line in TEMPLATE.lines().map(|l| l.strip_prefix("# ").filter(|l| shown(l)).unwrap_or(l)) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.split_once(']')).map(|(name, _)| name) {
            tables.push((name.to_owned(), String::new()));
        }
        // A living person's skin cannot be cut to a thickness.
        if !line.starts_with("thickness = ") {
            let last = tables.len() - 1;
            tables[last].1 += &format!("{line}\n");
        }
    }
    tables
}

#[test]
fn every_key_a_comment_of_the_template_shows_exists() {
    let load_without = |left_out: &[&str], line: &str| {
        let tables = everything().into_iter().filter(|(name, _)| !left_out.contains(&name.as_str()));
        let text: String = tables.map(|(_, text)| text).collect();
        let text: String = text.lines().filter(|l| line.is_empty() || !l.starts_with(line)).map(|l| l.to_owned() + "\n").collect();
        load_text(&text, &[]).map_err(|all| all.into_iter().map(|e| e.message).collect::<Vec<_>>()).unwrap().study
    };
    // A permeant by name and in full, a treatment and an array: two of each exclude each other. There is no file of data.
    let needled = load_without(&["array", "permeant", "data"], "");
    assert!(matches!(needled.treatment, Some(Treatment::Needling { .. })) && needled.dosing.washed_h == Some(8.0));
    let own = load_without(&["treatment", "data"], "permeant = ");
    assert!(matches!(own.treatment, Some(Treatment::Array { .. })) && own.permeant.name == "My peptide");
    assert_eq!(own.permeant.groups.len(), 2);
}

#[test]
fn settings_take_the_place_of_the_file_and_make_tables() {
    assert_eq!(study(&["study.duration=6 h"]).samples_h[0], 0.5);
    assert_eq!(study(&["permeant=naloxone"]).permeant.name, "Naloxone");
    let needled = study(&["treatment.device=drpen-a6", "treatment.depth=0.5 mm"]).treatment.unwrap();
    let Treatment::Needling { motion, setting_um, .. } = needled else { panic!("no device") };
    assert_eq!((motion.passes, motion.glide_um_per_s, setting_um), (4, 40_000.0, 500.0));
    let array = study(&["array={ density = \"100 /cm²\", radius = \"35 µm\", depth = \"150 µm\" }"]).treatment.unwrap();
    assert!(matches!(array, Treatment::Array { density_per_cm2: 100.0, radius_um: 35.0, depth_um: 150.0 }));
    let block = load_text(STUDY, &["run.fidelity=block", "block.side=105 µm"]).unwrap().block.unwrap();
    assert_eq!((block.side_um, block.resolution_um), (110.0, 10.0), "whole voxels");
}

#[test]
fn what_follows_from_other_keys() {
    let dermatomed = study(&["skin.preparation=dermatomed", "skin.thickness=350 um"]);
    assert_eq!((dermatomed.area_cm2, dermatomed.sample.thickness_um), (0.64, Some(350.0)));
    let infinite = load_text(&STUDY.replace("amount = \"10 µL/cm²\"", "infinite = true"), &[]).unwrap().study;
    assert!(infinite.dosing.infinite && infinite.dosing.occluded);
    assert!(!load_text(&STUDY.replace("amount = \"10 µL/cm²\"", "infinite = true\noccluded = false"), &[]).unwrap().study.dosing.occluded);
    assert_eq!(study(&["study.samples=[\"1 h\", \"2 h\"]"]).samples_h, [1.0, 2.0, 24.0], "the end is always among them");
    let own = "permeant={ name = \"X\", mw_da = 200, log_kow = 0, solubility_mg_per_ml = 40, source = \"here\" }";
    assert_eq!(study(&[own]).vehicle.solubility_ug_per_cm3, Some(40_000.0), "the permeant's own");
    assert_eq!(study(&[own, "vehicle.partition=2.0"]).vehicle.solubility_ug_per_cm3, Some(80_000.0), "at equal activity");
    assert_eq!(study(&[own, "vehicle.solubility=60 mg/mL"]).vehicle.solubility_ug_per_cm3, Some(60_000.0));
    assert!(study(&[own, "vehicle.concentration=41 mg/mL", "vehicle.suspension=true"]).vehicle.concentration_ug_per_cm3 > 40_999.0);
    assert!(wrong(&[own, "vehicle.concentration=41 mg/mL"])[0].0.contains("41 mg/mL of X are more than the 40 mg/mL"));
}

#[test]
fn a_fault_says_which_text_and_which_value_it_is_in() {
    let text = STUDY.replace("permeant = \"caffeine\"\n", "") + "[permeant]\nname = \"X\"\nmw_da = 0\nlog_kow = 1\nsource = \"here\"\n";
    let error = &load_text(&text, &[]).unwrap_err()[0];
    assert_eq!((error.place.name.as_str(), &error.place.text[error.place.span.clone()]), ("my-study.toml", "0"), "{error:?}");
    let error =
        &load_text(&text.replace("mw_da = 0", "mw_da = 300\nplasma = { clearance_l_per_h = -1, volume_l = 3, source = \"here\" }"), &[])
            .unwrap_err()[0];
    assert_eq!(&error.place.text[error.place.span.clone()], "-1", "{error:?}");
    let error = &load_text(STUDY, &["dose.wash_off=0 h"]).unwrap_err()[0];
    assert_eq!(error.place.name, "--set dose.wash_off");
}

#[test]
fn every_mistake_of_a_file_is_reported() {
    let settings = [
        "skin.temperature=80 °C",
        "skin.preparation=dermatome",
        "dose.amount=0 µL/cm²",
        "dose.times=[\"1 h\"]",
        "dose.area=0 cm²",
        "study.donors=0",
        "barrier.relation=potts",
        "vehicle.ph=15",
    ];
    let errors = load_text(STUDY, &settings).unwrap_err();
    assert_eq!(errors.len(), settings.len(), "{errors:#?}");
    assert!(errors.iter().all(|e| e.expected.is_some() && e.example.is_some()), "{errors:#?}");
    let message = |settings: &[&str]| wrong(settings)[0].0.clone();
    assert!(message(&["study.samples=[]"]).contains("no sample"));
    assert!(message(&["study.samples=[\"2 h\", \"1 h\"]"]).contains("does not come after"));
    assert!(message(&["study.samples=[\"0 h\"]"]).contains("holds nothing yet"));
    assert!(message(&["study.samples=[\"2 d\"]"]).contains("after the end of the study at 24 h"));
    assert!(message(&["dose.wash_off=0 h"]).contains("before anything has been on it"));
    assert!(message(&["dose.wash_off=25 h"]).contains("after the end"));
    assert!(message(&["dose.after_treatment=1 h"]).contains("no treatment"));
    assert!(message(&["dose.infinite=true"]).contains("has no amount"));
    assert!(message(&["skin.thickness=400 µm"]).contains("has the thickness of its site"));
    assert!(message(&["skin.preparation=full-thickness", "skin.thickness=0.1 mm"]).contains("cannot be 100 µm thick"));
    assert!(
        message(&["skin.preparation=dermatomed", "skin.thickness=0.1 mm", "parameters.skin.viable_epidermis=90"]).contains("do not reach")
    );
    assert!(message(&["barrier.kp=100 cm/h"]).contains("100 cm/h"));
    assert!(message(&["array={ density = \"20000 /cm²\", radius = \"50 µm\", depth = \"1 mm\" }"]).contains("of the surface"));
    let both = ["treatment.device=drpen-a6", "treatment.depth=1 mm", "array={ density = \"1 /cm²\", radius = \"5 µm\", depth = \"1 mm\" }"];
    assert!(message(&both).contains("from `[treatment]` and from `[array]`"));
    assert!(message(&["array.density=100 /cm²"]).contains("`[array]` has no `radius`"));
    assert!(message(&["parameters.device.stroke=3"]).contains("no parameter"), "there is no device");
    assert_eq!(message(&["vehicle.concentration=5 mm"]), "`5 mm` is a length, not a concentration");
}

#[test]
fn keys_without_default_are_asked_for() {
    let message = |text: &str| load_text(text, &[]).unwrap_err()[0].message.clone();
    assert!(message("").contains("no `permeant`"));
    assert!(message("permeant = \"caffeine\"\n[dose]\namount = \"1 µL/cm²\"\n").contains("`[vehicle]` has no `concentration`"));
    assert!(message(&STUDY.replace("amount = \"10 µL/cm²\"", "")).contains("`[dose]` has no `amount`"));
    assert!(message(&STUDY.replace("amount = \"10 µL/cm²\"", "infinite = false")).contains("a finite dose has no `amount`"));
    assert!(message(&format!("{STUDY}[treatment]\n")).contains("`[treatment]` has no `device`"));
    assert!(message(&format!("{STUDY}[skn]\n")).contains("a permeation study has no key `skn`"));
}

#[test]
fn a_study_is_told_from_a_course_even_if_it_is_broken() {
    for text in [STUDY, TEMPLATE, "permeant=\"x\"", "[vehicle\nx", "name = \"a\"\npermeant = 3\n[person]\n", "[dose]\n", "[permeant]\n"] {
        assert!(is_study(text), "{text}");
    }
    for text in ["", crate::course::file::TEMPLATE, "[treatment]\nsite = \"zygoma\"\n", "[product]\npermeant = \"x\"\n", "# permeant = 3\n"]
    {
        assert!(!is_study(text), "{text}");
    }
}

#[test]
fn mistakes_of_the_data_are_shown_in_the_data() {
    let folder = std::env::temp_dir().join(format!("percuta-study-data-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("p.csv"), "time_h,amount_ug_per_cm2\n1,x\n").unwrap();
    let with = |name: &str| load(STUDY, "s.toml", &folder, &[format!("data.file=\"{name}\""), "study.donors=0".into()]).unwrap_err();
    let errors = with("p.csv");
    assert_eq!((errors.len(), errors[1].place.name.as_str()), (2, "p.csv"), "{errors:#?}");
    assert!(with("nowhere.csv")[0].message.contains("cannot be read"), "in the order of the texts");
    std::fs::write(folder.join("p.csv"), "time_h,amount_ug_per_cm2\n1,2\n").unwrap();
    let loaded = load(STUDY, "s.toml", &folder, &["data.file=p.csv".into()]).unwrap();
    assert!(!loaded.study.data[0].needled && loaded.study.data[0].group == "p");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_checked_in_schema_is_the_generated_one() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/absorb.schema.json");
    let kept = std::fs::read_to_string(file).unwrap_or_default().replace("\r\n", "\n");
    let made = format!("{:#}\n", schema());
    assert!(kept == made, "docs/absorb.schema.json is out of date: run `cargo xtask schema`");
}
