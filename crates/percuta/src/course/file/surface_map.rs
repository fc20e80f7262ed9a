//! A height map of the user's own in place of a synthetic surface.

use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::format::SurfaceFile;
use super::surface::SIDES_MM;
use crate::appearance::relief::{MapWarning, ReadError, Reading, Scale, read_map};
use crate::course::SurfaceMap;
use crate::course::text::Fault;

/// Keys that speak of a synthetic surface, and those that speak of a map.
const SYNTHETIC: [&str; 2] = ["pattern", "side"];
const OF_A_MAP: [&str; 3] = ["pixel", "height", "replica"];
/// Coarsest pixel, µm: ten within the spacing of fine lines.
const COARSEST_UM: f64 = 100.0;
const EXAMPLE: &str = "map = \"my-skin.tif\"";

/// A surface is synthetic or measured: refuses keys that speak of both.
pub(super) fn one_surface(given: &DeTable<'_>, faults: &mut Vec<Fault>) {
    let Some(DeValue::Table(table)) = given.get("surface").map(Spanned::get_ref) else { return };
    let measured = table.get("map").is_some();
    for (key, _) in table {
        let name: &str = key.get_ref();
        if measured && SYNTHETIC.contains(&name) {
            let why = if name == "side" { "the map has its own" } else { "its lines and pores are measured" };
            faults.push(
                Fault::new(key.span(), format!("a surface with a `map` has no `{name}`: {why}"))
                    .expected(format!("`map` or `{name}`"))
                    .example(EXAMPLE),
            );
        } else if !measured && OF_A_MAP.contains(&name) {
            faults.push(
                Fault::new(key.span(), format!("`{name}` speaks of a height map, and there is none"))
                    .expected("`map`, the path of a height map")
                    .example(EXAMPLE),
            );
        }
    }
}

/// The map at `path`, if a course can start from it.
pub(super) fn read(path: &Spanned<String>, file: &SurfaceFile, folder: &Path, faults: &mut Vec<Fault>) -> Option<SurfaceMap> {
    let um = |key: &Option<Spanned<crate::units::Length>>| key.as_ref().map(|l| l.get_ref().um());
    let scale = Scale { pixel_um: um(&file.pixel), height_um: um(&file.height) };
    let replica = file.replica.as_ref().is_some_and(|r| *r.get_ref());
    let at = folder.join(path.get_ref());
    let found = fs::read(&at)
        .map_err(|e| ReadError::Io(e.to_string()))
        .and_then(|bytes| Ok((digest(&bytes), read_map(&at, &scale)?)))
        .map_err(|e| unreadable(path, &e))
        .and_then(|(sha256, reading)| Ok((sha256, suitable(path, reading)?)));
    let (sha256, mut reading) = found.map_err(|f| faults.push(f)).ok()?;
    if replica {
        reading.map.height_um.iter_mut().for_each(|z| *z = -*z);
    }
    Some(SurfaceMap {
        path: path.get_ref().clone(),
        sha256,
        map: reading.map.middle_square(),
        given: (scale.pixel_um, scale.height_um, replica),
        warnings: reading.warnings.iter().map(in_a_course).collect(),
    })
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A map without holes, and neither too small for a line nor too large.
fn suitable(path: &Spanned<String>, reading: Reading) -> Result<Reading, Fault> {
    let name = path.get_ref();
    if let Some(count) = reading.warnings.iter().find_map(|w| if let MapWarning::Filled { count, .. } = w { Some(*count) } else { None }) {
        return Err(Fault::new(path.span(), format!("the surface map `{name}` has {count} pixels without height"))
            .expected("a map without holes: a course cannot tell what is filled from what is skin")
            .example(EXAMPLE)
            .help("crop it to a part without holes, or fill them in the software of the profilometer"));
    }
    let side_mm = reading.map.side_um() / 1000.0;
    // The way from a pixel size in text leaves a rounding error.
    if !(SIDES_MM[0] * (1.0 - 1e-9)..=SIDES_MM[1] * (1.0 + 1e-9)).contains(&side_mm) {
        let (width, length) = (round(reading.map.width_um() / 1000.0), round(reading.map.length_um() / 1000.0));
        return Err(Fault::new(path.span(), format!("the surface map `{name}` is {width} mm x {length} mm"))
            .expected(format!("a shorter side of {} to {} mm", SIDES_MM[0], SIDES_MM[1]))
            .example("1000 x 1000 pixels with `pixel = \"10 µm\"`"));
    }
    if reading.map.pixel_um > COARSEST_UM * (1.0 + 1e-9) {
        let pixel_um = round(reading.map.pixel_um);
        return Err(Fault::new(path.span(), format!("the surface map `{name}` has pixels of {pixel_um} µm, too coarse for lines"))
            .expected(format!("pixels of at most {COARSEST_UM} µm"))
            .example("pixel = \"10 µm\""));
    }
    Ok(reading)
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// Why a file is no map, with the keys of a course in place of the options of the program.
fn unreadable(path: &Spanned<String>, error: &ReadError) -> Fault {
    let text = error.to_string().replace("--pixel ", "pixel = ").replace("--height ", "height = ");
    let mut lines = text.lines();
    let what = lines.next().unwrap_or_default();
    let mut fault = Fault::new(path.span(), format!("the surface map `{}`: {what}", path.get_ref()));
    for line in lines {
        if let Some(expected) = line.strip_prefix("expected ") {
            fault = fault.expected(expected);
        } else if let Some(example) = line.strip_prefix("example: ") {
            fault = fault.example(example);
        }
    }
    match error {
        ReadError::Io(_) => {
            fault.expected("a file that can be read").example(EXAMPLE).help("the path starts at the folder of the file that names it")
        }
        _ => fault,
    }
}

/// A warning in the words of a course file.
fn in_a_course(warning: &MapWarning) -> String {
    format!("The map of the surface: {}.", warning.to_string().replace("--pixel says", "`pixel` of `[surface]` says"))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::course::Course;
    use crate::course::file::load;

    const COURSE: &str = "[treatment]\nsite = \"zygoma\"\ndevice = \"skinpen\"\ndepth = \"1.0 mm\"\n[surface]\n";

    /// A folder with `map.csv` of so many numbers, in rows of `columns`.
    fn folder(name: &str, columns: usize, rows: usize, number: impl Fn(usize, usize) -> String) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("percuta-surface-map-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let row = |r: usize| (0..columns).map(|c| number(r, c)).collect::<Vec<_>>().join(",") + "\n";
        fs::write(folder.join("map.csv"), (0..rows).map(row).collect::<String>()).unwrap();
        folder
    }

    fn waves(r: usize, c: usize) -> String {
        format!("{:.3}", 40.0 * (r as f64 / 3.0).sin() + 10.0 * (c as f64 / 5.0).cos())
    }

    fn read(folder: &Path, keys: &str) -> Result<Course, String> {
        load(&format!("{COURSE}{keys}\n"), "course.toml", folder, &[]).map(|l| l.course).map_err(|errors| {
            let one = |e: crate::course::file::CourseError| {
                let (expected, example) = (e.expected.unwrap_or_default(), e.example.unwrap_or_default());
                format!("{} | {} | {expected} | {example}", &e.place.text[e.place.span.clone()], e.message)
            };
            errors.into_iter().map(one).collect::<Vec<_>>().join("; ")
        })
    }

    const SCALE: &str = "map = \"map.csv\"\npixel = \"50 um\"\nheight = \"1 um\"";

    #[test]
    fn a_map_is_the_surface() {
        let folder = folder("is", 120, 100, waves);
        let course = read(&folder, SCALE).unwrap();
        let map = course.surface.map.unwrap();
        assert_eq!((map.map.columns, map.map.rows, map.map.pixel_um), (100, 100, 50.0));
        assert_eq!((map.path.as_str(), course.surface.side_um), ("map.csv", 5000.0));
        assert_eq!(map.sha256.len(), 64);
        let replica = read(&folder, &format!("{SCALE}\nreplica = true")).unwrap().surface.map.unwrap();
        assert!(replica.map.height_um.iter().zip(&map.map.height_um).all(|(a, b)| *a == -*b));
        assert!(read(&folder, "").unwrap().surface.map.is_none());
    }

    #[test]
    fn every_refusal_says_what_was_expected() {
        let good = folder("good", 100, 100, waves);
        let fails = |folder: &Path, keys: &str| read(folder, keys).unwrap_err();
        for (keys, expected) in [
            (
                "map = \"map.csv\"\npattern = \"neck\"",
                "pattern | a surface with a `map` has no `pattern`: its lines and pores are measured | `map` or `pattern` | map = \"my-skin.tif\"",
            ),
            (
                "map = \"map.csv\"\nside = \"8 mm\"",
                "side | a surface with a `map` has no `side`: the map has its own | `map` or `side` | map = \"my-skin.tif\"",
            ),
            (
                "pixel = \"8 um\"",
                "pixel | `pixel` speaks of a height map, and there is none | `map`, the path of a height map | map = \"my-skin.tif\"",
            ),
            (
                "replica = true",
                "replica | `replica` speaks of a height map, and there is none | `map`, the path of a height map | map = \"my-skin.tif\"",
            ),
            (
                "map = \"map.csv\"\nheight = \"1 um\"",
                "\"map.csv\" | the surface map `map.csv`: it does not say how large a pixel is | the side of a pixel | pixel = \"10 µm\"",
            ),
            (
                "map = \"map.csv\"\npixel = \"50 um\"",
                "\"map.csv\" | the surface map `map.csv`: it does not say how high a level (or a unit of its numbers) is | the height of one level | height = \"0.05 µm\", or height = \"1 µm\" for numbers that are micrometres",
            ),
            (
                "map = \"map.csv\"\npixel = \"39 um\"\nheight = \"1 um\"",
                "\"map.csv\" | the surface map `map.csv` is 3.9 mm x 3.9 mm | a shorter side of 4 to 40 mm | 1000 x 1000 pixels with `pixel = \"10 µm\"`",
            ),
            (
                "map = \"map.csv\"\npixel = \"401 um\"\nheight = \"1 um\"",
                "\"map.csv\" | the surface map `map.csv` is 40.1 mm x 40.1 mm | a shorter side of 4 to 40 mm | 1000 x 1000 pixels with `pixel = \"10 µm\"`",
            ),
            (
                "map = \"map.csv\"\npixel = \"101 um\"\nheight = \"1 um\"",
                "\"map.csv\" | the surface map `map.csv` has pixels of 101 µm, too coarse for lines | pixels of at most 100 µm | pixel = \"10 µm\"",
            ),
            (
                "map = \"map.csv\"\npixel = \"50 um\"\nheight = \"0 um\"",
                "\"map.csv\" | the surface map `map.csv`: a level of 0 µm has no height | a length other than zero | 0.05 µm",
            ),
        ] {
            assert_eq!(fails(&good, keys), expected);
        }
        let missing = fails(&good, "map = \"nowhere.tif\"");
        assert!(missing.starts_with("\"nowhere.tif\" | the surface map `nowhere.tif`: it cannot be read: "), "{missing}");
        assert!(missing.ends_with(" | a file that can be read | map = \"my-skin.tif\""), "{missing}");
        let holes = folder("holes", 100, 100, |r, c| if (r, c) == (50, 50) { "nan".into() } else { waves(r, c) });
        assert_eq!(
            fails(&holes, SCALE),
            "\"map.csv\" | the surface map `map.csv` has 1 pixels without height | a map without holes: a course cannot tell what is filled from what is skin | map = \"my-skin.tif\""
        );
        let many = folder("many", 100, 100, |r, c| if r < 20 { "nan".into() } else { waves(r, c) });
        assert!(fails(&many, SCALE).contains("2000 pixels (20.0 %) have no height"));
        let text = folder("text", 100, 100, |_, _| "skin".into());
        assert!(fails(&text, SCALE).starts_with("\"map.csv\" | the surface map `map.csv`: line 1: "));
        // A setting is laid over the file and meets the same checks.
        let settings = ["surface.side=8 mm".to_owned()];
        let errors = load(&format!("{COURSE}{SCALE}\n"), "course.toml", &good, &settings).unwrap_err();
        assert_eq!((errors[0].place.name.as_str(), errors.len()), ("--set surface.side", 1));
    }
}
