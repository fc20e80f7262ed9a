//! Courses on the patch: grid independence, threads, stopping and going on, bad snapshots, untreated skin.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::io::Cursor;
use std::path::Path;

use percuta::course::patch::{PatchOutcome, PatchRun, PatchSettings, Readouts, SnapshotError, Unwatched, Watch};
use percuta::course::{Course, READOUTS, file, in_pool};
use percuta::healing::patch::PatchFields;

fn course(settings: &[&str]) -> Course {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let text = std::fs::read_to_string(folder.join("photoageing-face.toml")).unwrap();
    let settings: Vec<String> = settings.iter().map(|s| (*s).to_owned()).collect();
    file::load(&text, "photoageing-face.toml", &folder, &settings).unwrap().course
}

fn settings(side_um: f64, spacing_um: f64) -> PatchSettings {
    PatchSettings { side_um, spacing_um, field_days: Vec::new() }
}

fn whole(course: &Course, settings: &PatchSettings) -> PatchOutcome {
    let mut run = PatchRun::new(course, settings, 1).unwrap();
    assert!(run.march(&mut Unwatched).unwrap());
    run.finish().unwrap()
}

fn bytes(run: &PatchRun) -> Vec<u8> {
    let mut bytes = Vec::new();
    run.save("key", &mut bytes).unwrap();
    bytes
}

/// Stops after so many stretches, and counts fields.
struct StopAfter {
    left: usize,
    fields: usize,
}

impl Watch for StopAfter {
    fn stop(&mut self, _: &PatchRun) -> bool {
        self.left = self.left.saturating_sub(1);
        self.left == 0
    }

    fn fields(&mut self, fields: &PatchFields) -> Result<(), String> {
        assert!(fields.get("collagen_i_mature").unwrap().iter().any(|v| v.is_nan()), "nothing is defined above the dermis");
        self.fields += 1;
        Ok(())
    }
}

#[test]
fn read_outs_agree_on_grids_of_50_25_and_12_um() {
    let course = course(&["treatment.sessions=2"]);
    let outcomes: Vec<PatchOutcome> = [50.0, 25.0, 12.5].iter().map(|&h| whole(&course, &settings(600.0, h))).collect();
    let fine: &Readouts = &outcomes[2].readouts;
    let mut worst = (0.0, "");
    for outcome in &outcomes[..2] {
        for ((key, values), (_, best)) in outcome.readouts.iter().zip(fine) {
            let size = best.iter().fold(0.0f64, |a, b| a.max(b.abs())).max(1e-9);
            for (day, (v, b)) in outcome.history.days.iter().zip(values.iter().zip(best)) {
                let off = (v - b).abs() / b.abs().max(0.02 * size);
                worst = if off > worst.0 { (off, *key) } else { worst };
                assert!(off < 0.02, "{key} on day {day}: {v} at {} µm, {b} at 12.5 µm", outcome.grid.spacing_um);
            }
        }
    }
    println!("largest difference from 12.5 µm: {:.2e} ({})", worst.0, worst.1);
    // The coarser grid that each run carries along is such a grid.
    let carried = outcomes[1].coarser.as_ref().unwrap();
    for ((key, a), (_, b)) in carried.iter().zip(&outcomes[0].readouts) {
        assert_eq!(a, b, "{key}");
    }
    assert!(outcomes.iter().all(|o| o.facts.ledger_error < 1e-9 && o.readouts.len() == READOUTS.len()));
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let course = course(&["treatment.sessions=2", "follow_up.visits=[\"0 d\",\"30 d\"]"]);
    let run = |threads: usize| {
        in_pool(Some(threads), || {
            let mut run = PatchRun::new(&course, &settings(700.0, 25.0), 1).unwrap();
            run.march(&mut Unwatched).unwrap();
            bytes(&run)
        })
        .unwrap()
    };
    let one = run(1);
    for threads in [2, 3, 5] {
        assert!(one == run(threads), "{threads} threads");
    }
}

#[test]
fn a_run_that_was_stopped_goes_on_to_the_same_bytes() {
    let course = course(&["treatment.sessions=3", "follow_up.visits=[\"0 d\",\"28 d\",\"90 d\"]"]);
    let mut settings = settings(400.0, 50.0);
    settings.field_days = vec![28.0, 90.0];
    let mut straight = PatchRun::new(&course, &settings, 1).unwrap();
    let mut watch = StopAfter { left: usize::MAX, fields: 0 };
    assert!(straight.march(&mut watch).unwrap());
    assert_eq!(watch.fields, 2);
    let expected = bytes(&straight);

    // Stopped after every few stretches, each time gone on with from nothing but the snapshot.
    for every in [1, 7] {
        let mut run = PatchRun::new(&course, &settings, 1).unwrap();
        let mut stops = 0;
        while !run.march(&mut StopAfter { left: every, fields: 0 }).unwrap() {
            let kept = bytes(&run);
            run = PatchRun::resume(&course, &settings, 1, "key", &mut Cursor::new(&kept)).unwrap();
            assert!(bytes(&run) == kept, "what is read is what was written");
            stops += 1;
        }
        assert!(stops > 5 && bytes(&run) == expected, "every {every}: {stops} stops");
        if every == 7 {
            let (a, b) = (run.finish().unwrap(), whole(&course, &settings));
            assert_eq!(a.readouts, b.readouts);
            assert_eq!(a.visits.len(), 3);
            assert!(a.frames.len() > 20 && a.frames.len() == b.frames.len());
        }
    }
}

#[test]
fn snapshots_that_are_not_whole_or_not_ones_own_are_refused() {
    let course = course(&["treatment.sessions=1", "follow_up.visits=[\"0 d\",\"1 d\"]"]);
    let s = settings(200.0, 50.0);
    let mut run = PatchRun::new(&course, &s, 1).unwrap();
    run.march(&mut StopAfter { left: 3, fields: 0 }).unwrap();
    let whole = bytes(&run);
    let read = |bytes: &[u8], key: &str| PatchRun::resume(&course, &s, 1, key, &mut Cursor::new(bytes)).map(|_| ());
    assert!(read(&whole, "key").is_ok());
    assert!(matches!(read(&whole, "another"), Err(SnapshotError::OtherRun)));
    assert!(matches!(read(b"PNG and something", "key"), Err(SnapshotError::Foreign)));
    assert!(matches!(read(b"", "key"), Err(SnapshotError::Foreign)));
    for cut in [20, 30, whole.len() / 2, whole.len() - 1] {
        assert!(matches!(read(&whole[..cut], "key"), Err(SnapshotError::Damaged(_))), "cut at {cut}");
    }
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    let error = read(&flipped, "key").unwrap_err();
    assert!(matches!(error, SnapshotError::Damaged(_)), "{error}");
    // A state of another grid under the right key is not read into this one.
    assert!(PatchRun::resume(&course, &settings(400.0, 50.0), 1, "key", &mut Cursor::new(&whole)).is_err());
}

#[test]
fn untreated_skin_is_at_rest_for_ten_years() {
    let course = course(&["treatment.sessions=0", "follow_up.visits=[\"0 d\",\"3650 d\"]"]);
    let outcome = whole(&course, &settings(200.0, 50.0));
    for (key, values) in &outcome.readouts {
        for value in values {
            assert!((value - values[0]).abs() < 1e-11 * values[0].abs().max(1.0), "{key}: {value} from {}", values[0]);
        }
    }
    assert!(outcome.frames.is_empty() && outcome.punctures.is_empty());
}

#[test]
fn sessions_closer_than_the_alarm_takes_are_each_heard() {
    // The second session comes 8 hours after the first, whose alarm is raised after 0.44 days.
    let course = course(&["treatment.sessions=2", "treatment.interval=\"8 h\"", "follow_up.visits=[\"0 d\",\"28 d\"]"]);
    let outcome = whole(&course, &settings(400.0, 50.0));
    let last = |readouts: &Readouts| readouts.iter().find(|(k, _)| *k == "procollagen").unwrap().1.last().copied().unwrap();
    let (own, reduced) = (last(&outcome.readouts), last(&outcome.reduced_on_patch));
    assert!((own / reduced - 1.0).abs() < 0.02, "{own} against {reduced}");
}

#[test]
fn blocks_of_one_and_of_four_columns_run_to_the_end() {
    let course = course(&["treatment.sessions=1", "follow_up.visits=[\"0 d\",\"7 d\"]"]);
    for (side, columns) in [(50.0, 1), (100.0, 2)] {
        let outcome = whole(&course, &settings(side, 50.0));
        assert_eq!(outcome.grid.n, columns);
        assert!(outcome.readouts.iter().all(|(_, values)| values.iter().all(|v| v.is_finite())));
    }
}
