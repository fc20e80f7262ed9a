//! The files as a whole: bytes, interruptions and failures. The Python libraries read them in `tests/python/`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use percuta::healing::patch::{FIELDS, PatchFields};
use percuta::tissue::Grid;
use serde_json::Value;

use super::{FieldFiles, FieldMeta};
use crate::error::ReportError;

const DERMIS: usize = 3;

/// An empty folder for one test.
fn scratch(test: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("percuta-fields-{test}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    dir
}

fn meta() -> FieldMeta {
    FieldMeta { version: "0.1.0".into(), seed: u64::MAX, course: "forearm, 1 µm \"A\" <&>".into() }
}

/// Thin layers above, thicker ones below.
fn grid(n: usize, layers: usize) -> Grid {
    let depth_edges_um = (0..=layers).map(|i| 10.0 * i as f64 + 0.3 * (i * i) as f64).collect();
    Grid { n, spacing_um: 12.5, depth_edges_um }
}

/// Made-up fields: smooth bumps that fade with depth, different for each field and day.
fn fields(grid: &Grid, day: f64) -> PatchFields {
    let (n, plane) = (grid.n, grid.plane());
    let side = n as f64;
    let bump = |field: usize, voxel: usize| {
        let (layer, y, x) = (voxel / plane, (voxel / n) % n, voxel % n);
        let wave = (x as f64 / side * 6.0 + field as f64).sin() * (y as f64 / side * 4.0 + day * 0.1).cos();
        ((1.5 + wave) * (-grid.depth_um(layer) / 400.0).exp()) as f32
    };
    let values = (0..FIELDS.len()).map(|field| {
        let defined = |voxel| voxel >= DERMIS * plane || FIELDS[field].key == "tgf_beta";
        (0..grid.voxels()).map(|voxel| if defined(voxel) { bump(field, voxel) } else { f32::NAN }).collect()
    });
    PatchFields {
        day,
        since_session: (day >= 1.0).then_some(day - 1.0),
        grid: grid.clone(),
        first_dermal_layer: DERMIS,
        values: values.collect(),
        epidermis_factor: (0..plane).map(|column| 1.0 + 0.01 * column as f32).collect(),
        epidermal_wound: 0.25,
    }
}

/// Every file below a folder with its contents.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(dir).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn assert_same(a: &Path, b: &Path) {
    let (a, b) = (files(a), files(b));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (path, bytes) in &a {
        assert!(*bytes == b[path], "{} differs", path.display());
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Writes these days into a new folder.
fn written(dir: &Path, grid: &Grid, days: &[f64]) {
    let mut files = FieldFiles::create(dir, grid, DERMIS, &meta()).unwrap();
    for day in days {
        files.append(&fields(grid, *day)).unwrap();
    }
    assert_eq!(files.days(), days);
}

#[test]
fn a_store_says_what_it_holds_and_a_chunk_holds_it() {
    let dir = scratch("structure");
    let grid = grid(256, 15);
    written(&dir, &grid, &[0.0, 0.25, 28.0]);

    let store = dir.join("fields.zarr");
    let group = json(&store.join("zarr.json"));
    assert_eq!(group["node_type"], "group");
    assert_eq!(group["attributes"]["seed"], u64::MAX);
    let arrays = group["consolidated_metadata"]["metadata"].as_object().unwrap();
    assert_eq!(arrays.len(), FIELDS.len() + 8);
    for (name, array) in arrays {
        assert_eq!(*array, json(&store.join(name).join("zarr.json")), "{name}");
        assert_eq!(array["shape"].as_array().unwrap().len(), array["dimension_names"].as_array().unwrap().len());
    }
    let clot = &arrays["clot"];
    assert_eq!(clot["shape"], serde_json::json!([3, 15, 256, 256]));
    // Two chunks in depth of a quarter of a megabyte a layer, evenly filled.
    assert_eq!(clot["chunk_grid"]["configuration"]["chunk_shape"], serde_json::json!([1, 8, 256, 256]));
    assert_eq!(clot["dimension_names"], serde_json::json!(["time", "z", "y", "x"]));
    assert_eq!((&clot["attributes"]["units"], &clot["fill_value"]), (&"1".into(), &"NaN".into()));

    let mut chunk = Vec::new();
    let file = fs::File::open(store.join("elastin/c/2/1/0/0")).unwrap();
    flate2::read::GzDecoder::new(file).read_to_end(&mut chunk).unwrap();
    let chunk: Vec<f32> = chunk.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    let expected = fields(&grid, 28.0);
    assert_eq!(chunk.len(), 8 * grid.plane());
    assert!(chunk[..7 * grid.plane()] == expected.get("elastin").unwrap()[8 * grid.plane()..]);
    assert!(chunk[7 * grid.plane()..].iter().all(|v| v.is_nan()), "the chunk is filled up");
    assert_eq!(fs::read(store.join("time/c/1")).unwrap(), 0.25_f64.to_le_bytes());

    let names: Vec<String> = files(&dir.join("vtk")).keys().map(|p| p.to_string_lossy().into_owned()).collect();
    assert_eq!(names, ["day-0000.25.vtr", "day-0000.vtr", "day-0028.vtr"]);
    let series = fs::read_to_string(dir.join("fields.pvd")).unwrap();
    assert!(series.contains("timestep=\"0.25\" group=\"\" part=\"0\" file=\"vtk/day-0000.25.vtr\""));
    assert!(files(&dir).keys().all(|p| p.extension().is_none_or(|e| e != "partial")));
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let dir = scratch("threads");
    let grid = grid(24, 9);
    for threads in [1, 4] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| written(&dir.join(threads.to_string()), &grid, &[0.0, 7.0]));
    }
    assert_same(&dir.join("1"), &dir.join("4"));
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_resumed_run_ends_with_the_bytes_of_an_uninterrupted_one() {
    let dir = scratch("resumed");
    let (whole, resumed, grid) = (dir.join("whole"), dir.join("resumed"), grid(12, 7));
    let days = [0.0, 0.25, 7.0, 28.0, 90.0];
    written(&whole, &grid, &days);

    written(&resumed, &grid, &days[..3]);
    // The snapshot was older than the last two visits written: they come again.
    let mut files = FieldFiles::open(&resumed, &grid, DERMIS, &meta()).unwrap();
    assert_eq!(files.days(), &days[..3]);
    for day in &days[1..4] {
        files.append(&fields(&grid, *day)).unwrap();
    }
    let mut files = FieldFiles::open(&resumed, &grid, DERMIS, &meta()).unwrap();
    files.append(&fields(&grid, days[4])).unwrap();
    assert_same(&whole, &resumed);
    fs::remove_dir_all(dir).unwrap();
}

/// Copies the files of `from` that `keep` says.
fn copy(from: &Path, to: &Path, keep: impl Fn(&str) -> bool) {
    for (path, bytes) in files(from) {
        if keep(&path.to_string_lossy().replace('\\', "/")) {
            let to = to.join(path);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(to, bytes).unwrap();
        }
    }
}

#[test]
fn a_run_killed_while_it_writes_leaves_the_visits_before() {
    let dir = scratch("killed");
    let (before, after, grid) = (dir.join("before"), dir.join("after"), grid(12, 7));
    written(&before, &grid, &[0.0, 7.0]);
    written(&after, &grid, &[0.0, 7.0, 28.0]);
    // What a kill can leave of the third visit, in the order of writing: chunks, the VTK file, lengths of arrays, the list.
    type Kept = fn(&str) -> bool;
    let stages: [(&str, Kept); 4] = [
        ("chunks", |p| p.starts_with("fields.zarr/clot/c/2/") || p.starts_with("fields.zarr/macrophages/c/2/")),
        ("all chunks", |p| p.contains("/c/2") || p.starts_with("vtk/day-0028")),
        ("lengths", |p| p.contains("/c/2") || p.starts_with("vtk/day-0028") || p.contains("/clot/zarr.json")),
        ("list", |p| p != "fields.zarr/zarr.json"),
    ];
    for (stage, written) in stages {
        let run = dir.join("run");
        let _ = fs::remove_dir_all(&run);
        copy(&before, &run, |_| true);
        copy(&after, &run, written);
        for unfinished in ["vtk/day-0028.vtr.partial", "fields.zarr/zarr.json.partial", "fields.zarr/elastin/c/2/0/0/0.partial"] {
            fs::create_dir_all(run.join(unfinished).parent().unwrap()).unwrap();
            fs::write(run.join(unfinished), "half").unwrap();
        }
        let group = json(&run.join("fields.zarr/zarr.json"));
        assert_eq!(group["consolidated_metadata"]["metadata"]["clot"]["shape"][0], 2, "{stage}: a reader sees two visits");

        let mut resumed = FieldFiles::open(&run, &grid, DERMIS, &meta()).unwrap();
        assert_eq!(resumed.days(), [0.0, 7.0], "{stage}");
        assert_same(&before, &run);
        resumed.append(&fields(&grid, 28.0)).unwrap();
        assert_same(&after, &run);
    }
    // Killed while the store was being made: it starts over.
    let run = dir.join("begun");
    copy(&before, &run, |p| p.starts_with("fields.zarr/z"));
    fs::remove_file(run.join("fields.zarr/zarr.json")).unwrap();
    let mut begun = FieldFiles::open(&run, &grid, DERMIS, &meta()).unwrap();
    begun.append(&fields(&grid, 0.0)).unwrap();
    begun.append(&fields(&grid, 7.0)).unwrap();
    assert_same(&before, &run);
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn the_files_of_another_run_are_neither_overwritten_nor_continued() {
    let dir = scratch("foreign");
    let grid = grid(4, 5);
    written(&dir, &grid, &[0.0]);
    let before = files(&dir);
    assert!(matches!(FieldFiles::create(&dir, &grid, DERMIS, &meta()), Err(ReportError::Exists { .. })));
    let mut shifted = grid.clone();
    shifted.depth_edges_um[4] += 1e-9;
    let others = [
        ("another seed", &grid, DERMIS, FieldMeta { seed: 1, ..meta() }),
        ("another course", &grid, DERMIS, FieldMeta { course: "face".into(), ..meta() }),
        ("another version", &grid, DERMIS, FieldMeta { version: "0.2.0".into(), ..meta() }),
        ("another block", &grid, DERMIS + 1, meta()),
        ("another block", &shifted, DERMIS, meta()),
    ];
    for (what, grid, dermis, meta) in others {
        let fault = FieldFiles::open(&dir, grid, dermis, &meta).unwrap_err();
        assert!(matches!(&fault, ReportError::ForeignFields { path, .. } if path.ends_with("zarr.json")), "{fault}");
        assert!(fault.to_string().contains(what), "{fault}");
    }
    assert!(before == files(&dir));
    fs::write(dir.join("fields.zarr/zarr.json"), "{").unwrap();
    assert!(matches!(FieldFiles::open(&dir, &grid, DERMIS, &meta()), Err(ReportError::ForeignFields { .. })));
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn fields_that_do_not_fit_are_refused() {
    let dir = scratch("refused");
    let grid = grid(4, 5);
    let mut files = FieldFiles::create(&dir, &grid, DERMIS, &meta()).unwrap();
    files.append(&fields(&grid, 0.0)).unwrap();
    files.append(&fields(&grid, 7.0)).unwrap();
    let mut nan = fields(&grid, 28.0);
    nan.values[10][DERMIS * 16 + 5] = f32::NAN;
    let fault = files.append(&nan).unwrap_err().to_string();
    assert!(fault.contains("elastin on day 28 at a depth of"), "{fault}");
    let mut short = fields(&grid, 28.0);
    short.values[3].pop();
    assert!(matches!(files.append(&short), Err(ReportError::Make { .. })));
    let mut other = fields(&grid, 28.0);
    other.grid.spacing_um = 25.0;
    assert!(matches!(files.append(&other), Err(ReportError::Make { .. })));
    assert!(matches!(files.append(&fields(&grid, 3.0)), Err(ReportError::Make { .. })), "day 3 after day 7");
    assert!(matches!(files.append(&fields(&grid, f64::NAN)), Err(ReportError::NotFinite { .. })));
    assert_eq!(files.days(), [0.0, 7.0]);
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn an_unwritable_folder_is_named() {
    let dir = scratch("unwritable");
    fs::write(dir.join("file"), "x").unwrap();
    let fault = FieldFiles::create(&dir.join("file"), &grid(4, 5), DERMIS, &meta()).unwrap_err();
    assert!(fault.to_string().contains("file"), "{fault}");
    assert!(matches!(fault, ReportError::Io { .. } | ReportError::Read { .. }), "{fault:?}");
    fs::remove_dir_all(dir).unwrap();
}

/// `/dev/full` is a disk that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported_and_costs_nothing_already_written() {
    let dir = scratch("full");
    let grid = grid(64, 9);
    written(&dir, &grid, &[0.0]);
    let before = files(&dir);
    for unfinished in ["fields.zarr/primed/c/1/0/0/0.partial", "vtk/day-0007.vtr.partial", "fields.zarr/time/c/1.partial"] {
        let mut open = FieldFiles::open(&dir, &grid, DERMIS, &meta()).unwrap();
        assert!(before == files(&dir), "{unfinished}");
        fs::create_dir_all(dir.join(unfinished).parent().unwrap()).unwrap();
        std::os::unix::fs::symlink("/dev/full", dir.join(unfinished)).unwrap();
        let fault = open.append(&fields(&grid, 7.0)).unwrap_err();
        let named = unfinished.trim_end_matches(".partial");
        assert!(
            matches!(&fault, ReportError::Io { path, source } if path.ends_with(named) && source.kind() == std::io::ErrorKind::StorageFull)
        );
        assert_eq!(open.days(), [0.0]);
        // With room again the same files go on.
        open.append(&fields(&grid, 7.0)).unwrap();
        fs::remove_dir_all(&dir).unwrap();
        written(&dir, &grid, &[0.0]);
    }
    fs::remove_dir_all(dir).unwrap();
}

/// Not a test: writes the sample that the Python libraries read, with the expected values beside it as raw numbers.
#[test]
#[ignore = "writes files for tests/python, into the folder PERCUTA_SAMPLE"]
fn write_sample_for_python() {
    let dir = PathBuf::from(std::env::var("PERCUTA_SAMPLE").unwrap());
    // Several chunks in depth, the last one padded.
    let grid = grid(120, 37);
    let days = [0.0, 0.25, 28.0];
    written(&dir, &grid, &days);
    let expected = dir.join("expected");
    fs::create_dir(&expected).unwrap();
    for (i, day) in days.iter().enumerate() {
        let fields = fields(&grid, *day);
        let epidermis = ("epidermis_factor", &fields.epidermis_factor);
        for (key, values) in FIELDS.iter().map(|f| f.key).zip(&fields.values).chain([epidermis]) {
            let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
            fs::write(expected.join(format!("{key}-{i}")), bytes).unwrap();
        }
    }
    let about = serde_json::json!({
        "days": days,
        "since_session": [null, null, 27.0],
        "n": grid.n,
        "spacing_um": grid.spacing_um,
        "depth_edges_um": grid.depth_edges_um,
        "first_dermal_layer": DERMIS,
        "fields": FIELDS.iter().map(|f| (f.key, f.name, f.unit, f.meaning)).collect::<Vec<_>>(),
        "meta": [meta().version, meta().course, meta().seed.to_string()],
    });
    fs::write(expected.join("about.json"), about.to_string()).unwrap();
    // A second store, as a run killed while it wrote the third visit leaves it.
    let (killed, two) = (dir.join("killed"), dir.join("two"));
    written(&two, &grid, &days[..2]);
    copy(&two.join("fields.zarr"), &killed.join("fields.zarr"), |_| true);
    copy(&dir.join("fields.zarr"), &killed.join("fields.zarr"), |p| p.contains("clot/c/2") || p == "clot/zarr.json");
    fs::remove_dir_all(two).unwrap();
}

/// Not a test: megabytes a second on this machine.
#[test]
#[ignore = "a measurement"]
fn speed() {
    let dir = scratch("speed");
    let grid = grid(200, 80);
    let mut files = FieldFiles::create(&dir, &grid, DERMIS, &meta()).unwrap();
    for day in [0.0, 7.0, 28.0] {
        let fields = fields(&grid, day);
        let megabytes = (fields.values.len() * grid.voxels() * 4) as f64 / 1e6;
        let start = Instant::now();
        files.append(&fields).unwrap();
        let seconds = start.elapsed().as_secs_f64();
        println!("{megabytes:.0} MB in {seconds:.2} s, {:.0} MB/s", megabytes / seconds);
    }
    let size = |name| self::files(&dir.join(name)).values().map(Vec::len).sum::<usize>() as f64 / 3e6;
    println!("a visit: fields.zarr {:.1} MB, vtk {:.1} MB", size("fields.zarr"), size("vtk"));
    fs::remove_dir_all(dir).unwrap();
}
