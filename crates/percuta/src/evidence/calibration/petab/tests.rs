use std::path::{Path, PathBuf};

use super::*;
use crate::course::file::CourseError;
use crate::evidence::study::{Protocol, Record, Study, read};
use crate::evidence::{Role, Scale};
use crate::population::ParameterSet;

const COURSE: &str = "[treatment]\nsite = \"zygoma\"\ndevice = \"skinpen\"\ndepth = \"1.0 mm\"\n";
const OBSERVABLES: &str = "observableId\tobservableFormula\tobservableTransformation\tnoiseFormula\n\
    tewl_change\ttewl\tlin\tnoiseParameter1_tewl_change\n\
    lesion_melanin_excess_change\tlesion_melanin_excess\t\t5\n\
    erythema_duration_value\terythema_duration\tlog10\tnoiseParameter1_erythema_duration_value\n";
const CONDITIONS: &str = "conditionId\tconditionName\nmine\tmine.toml\nfarshi_2020_melasma_protocol\t\n";
const MEASUREMENTS: &str = "observableId\tsimulationConditionId\tmeasurement\ttime\tnoiseParameters\tdatasetId\tsubjects\r\n\
    tewl_change\tmine\t40\t1\t6.5\town data\t16\r\n\
    erythema_duration_value\tmine\t2\t0\t0.1\town data\t16\r\n\
    lesion_melanin_excess_change\tfarshi_2020_melasma_protocol\t-30\t60\t\t\t\r\n\
    lesion_melanin_excess_change\tfarshi_2020_melasma_protocol\t-10\t14\t\t\t\r\n";

/// A folder of its own that is gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, tables: [&str; 3]) -> Self {
        let path = std::env::temp_dir().join(format!("percuta-petab-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        std::fs::write(path.join("mine.toml"), COURSE).unwrap();
        for (file, text) in TABLES.iter().zip(tables) {
            std::fs::write(path.join(file), text).unwrap();
        }
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn known() -> Vec<Record> {
    let text = Study::texts().find(|(label, _)| label.contains("farshi-2020-melasma")).unwrap();
    vec![read(&text.0, text.1, Path::new(".")).unwrap()]
}

fn refused(name: &str, tables: [&str; 3]) -> CourseError {
    let folder = Folder::new(name, tables);
    records(&folder.0, &known()).unwrap_err().remove(0)
}

#[test]
fn measurements_of_a_course_file_and_of_a_known_study_become_observations() {
    let folder = Folder::new("read", [OBSERVABLES, CONDITIONS, MEASUREMENTS]);
    let found = records(&folder.0, &known()).unwrap();
    assert_eq!(found.iter().map(|r| r.study.id.as_str()).collect::<Vec<_>>(), ["farshi-2020-melasma", "own_data"]);
    let of = |r: &Record| -> Vec<(f64, f64)> {
        r.study.observations.iter().filter(|o| o.role == Role::Calibration).map(|o| (o.value, o.standard_error().unwrap())).collect()
    };
    // The known observation is replaced where it stands, the other one added; a noise that is a number holds for both.
    let known = &known()[0].study.observations;
    let at = known.iter().position(|o| o.readout == "lesion_melanin_excess" && o.day == 60.0).unwrap();
    assert_eq!((found[0].study.observations[at].value, found[0].study.observations[at].role), (-30.0, Role::Calibration));
    assert_eq!(found[0].study.observations.len(), known.len() + 1);
    let near = |a: &[(f64, f64)], b: &[(f64, f64)]| {
        assert_eq!(a.len(), b.len(), "{a:?}");
        for (a, b) in a.iter().zip(b) {
            assert!((a.0 - b.0).abs() < 1e-12 && (a.1 - b.1).abs() < 1e-9, "{a:?} {b:?}");
        }
    };
    near(&of(&found[0]), &[(-30.0, 5.0), (-10.0, 5.0)]);
    // A decade of noise is 2.3 times the number.
    near(&of(&found[1]), &[(40.0, 6.5), (2.0, 0.2 * std::f64::consts::LN_10)]);
    let own = &found[1].study.observations[0];
    assert_eq!((own.scale, own.unit.as_str(), own.n, own.group.as_deref()), (Scale::PercentChange, "%", Some(16), Some("mine")));
    let Protocol::Course(course) = &found[1].arms[0].protocol else { panic!("a course was given") };
    assert_eq!(course.visits, [0.0, 1.0]);
    let Protocol::Course(course) = &found[0].arms[0].protocol else { panic!("farshi is a course") };
    assert!(course.visits.contains(&14.0) && course.visits.contains(&60.0));
}

#[test]
fn mistakes_in_tables_are_named_with_file_line_and_an_example() {
    let change = |table: &str, from: &str, to: &str| {
        assert!(table.contains(from), "{from}");
        table.replacen(from, to, 1)
    };
    let o = |from: &str, to: &str| [change(OBSERVABLES, from, to), CONDITIONS.to_owned(), MEASUREMENTS.to_owned()];
    let c = |from: &str, to: &str| [OBSERVABLES.to_owned(), change(CONDITIONS, from, to), MEASUREMENTS.to_owned()];
    let m = |from: &str, to: &str| [OBSERVABLES.to_owned(), CONDITIONS.to_owned(), change(MEASUREMENTS, from, to)];
    let cases = [
        (o("tewl_change\ttewl", "tewl_chang\ttewl"), "observables.tsv", 2, "no observable is called `tewl_chang`"),
        (o("\tlin\t", "\tlog\t"), "observables.tsv", 2, "`log` is not possible"),
        (o("\t5\n", "\t0.1 * tewl\n"), "observables.tsv", 3, "not a noise"),
        (o("noiseFormula", "noise"), "observables.tsv", 1, "no column `noiseFormula`"),
        (o("erythema_duration_value\t", "tewl_change\t"), "observables.tsv", 4, "stands twice"),
        (c("mine.toml", "yours.toml"), "conditions.tsv", 2, "`yours.toml` cannot be read"),
        (c("farshi_2020_melasma_protocol", "farshi_2020_melasma"), "conditions.tsv", 3, "no arm of a study"),
        (m("\t40\t", "\tforty\t"), "measurements.tsv", 2, "`forty` is no number"),
        (m("\t2\t0\t", "\t-2\t0\t"), "measurements.tsv", 3, "no logarithm"),
        (m("\t-30\t60\t", "\t-30\tinf\t"), "measurements.tsv", 4, "`inf` is no number"),
        (m("\t-30\t60\t", "\t-30\t-60\t"), "measurements.tsv", 4, "day -60"),
        (m("\t6.5\t", "\t0\t"), "measurements.tsv", 2, "not above 0"),
        (m("\t6.5\town data\t16", "\t\town data\t"), "measurements.tsv", 2, "neither noise nor subjects"),
        (m("tewl_change\tmine", "tewl_change\tmin"), "measurements.tsv", 2, "no row `min`"),
        (m("tewl_change\tmine", "tewl_changes\tmine"), "measurements.tsv", 2, "no row `tewl_changes`"),
        (m("\town data\t16", "\town data\t16\t9"), "measurements.tsv", 2, "8 cells"),
        (m("subjects", "preequilibrationConditionId"), "measurements.tsv", 2, "has no meaning here"),
    ];
    for (i, (tables, file, line, message)) in cases.iter().enumerate() {
        let error = refused(&format!("mistake-{i}"), [&tables[0], &tables[1], &tables[2]]);
        assert!(error.message.contains(message) && error.expected.is_some(), "{message}: {error:?}");
        assert!(error.place.name.ends_with(file), "{message}: {}", error.place.name);
        let found = 1 + error.place.text[..error.place.span.start].matches('\n').count();
        assert_eq!(found, *line, "{message}");
    }
}

#[test]
fn parameters_are_named_by_their_table_and_their_priors_are_those_of_the_cards() {
    let set = ParameterSet::embedded().unwrap();
    let card = set.card("barrier.recovery_half_time").unwrap();
    let own = prior(card).unwrap();
    let head = "parameterId\tparameterName\testimate\tobjectivePriorType\tobjectivePriorParameters\n";
    let row = |sd: f64| format!("barrier_recovery_half_time\t\t1\t{}\t{};{sd}\n", own.kind, own.numbers.0);
    let folder = Folder::new("parameters", ["", "", ""]);
    let write = |rows: &str| std::fs::write(folder.0.join(PARAMETERS), format!("{head}{rows}")).unwrap();
    write(&format!("{}pigment_lesion_cut\tpigment.lesion_cut\t1\t\t\nscars_fill_efficiency\t\t0\t\t\n", row(own.numbers.1)));
    assert_eq!(named(&folder.0).unwrap(), ["barrier.recovery_half_time", "pigment.lesion_cut"]);
    for (rows, message) in [
        (row(own.numbers.1 * 1.01), "not that of its card"),
        (row(own.numbers.1).replace(own.kind, "laplace"), "not that of its card"),
        ("rater_expectatoin\t\t1\t\t\n".to_owned(), "no parameter is called"),
        ("rater_expectation\t\t0\t\t\n".to_owned(), "no parameter to find"),
    ] {
        write(&rows);
        let error = named(&folder.0).unwrap_err().remove(0);
        assert!(error.message.contains(message) && error.expected.is_some(), "{error:?}");
    }
}

#[test]
fn identifiers_are_those_of_petab_and_lead_back() {
    assert_eq!(condition_id("farshi-2020-melasma", None), "farshi_2020_melasma_protocol");
    assert_eq!(condition_id("gill-2008", Some("1.5 mm")), "gill_2008_1_5_mm");
    assert_eq!(id("2-sided"), "_2_sided");
    for (scale, published, ending) in [
        (Scale::PercentChange, 0.0, "change"),
        (Scale::Difference, 1.0, "difference"),
        (Scale::Value, 2.0, "value"),
        (Scale::Value, 0.0, "value_lin"),
    ] {
        let own = observable_id("tewl", scale, published);
        assert_eq!(own, format!("tewl_{ending}"));
        assert_eq!(names::observable_of(&own), Some(("tewl", scale)));
    }
}
