use super::*;
use crate::appearance::test_history::{remodelled, resting, with_gain};
use crate::healing::HealingHistory;
use crate::population::{ParameterSet, draw_members};

fn central() -> Scars {
    Scars::from_draw(&Draw::central(&ParameterSet::embedded().unwrap()), &[]).unwrap()
}

/// New matrix and turnover down to `reach_um` in a dermis of 1.5 mm.
fn treated(reach_um: f64) -> HealingHistory {
    remodelled(with_gain(resting(&[0.0, 180.0], 1500.0), 0.15, reach_um), 0.08, reach_um)
}

/// Share of a scar's relief that is gone.
fn gone(scars: &Scars, scar: &Scar, reach_um: f64) -> f64 {
    1.0 - scars.relief_um(scar, &treated(reach_um), 1, reach_um) / scar.relief_um
}

fn single(class: ScarClass, width_um: f64, relief_um: f64) -> SingleScar {
    SingleScar { class, width_um, relief_um, length_um: (class == ScarClass::Linear).then_some(40_000.0), count: 1 }
}

#[test]
fn untreated_scars_stay_as_they_are() {
    let history = resting(&[0.0, 28.0, 3650.0], 1500.0);
    for draw in draw_members(&ParameterSet::embedded().unwrap(), 1, 16) {
        let listed = [single(ScarClass::Hypertrophic, 8000.0, 2500.0), single(ScarClass::Linear, 2000.0, -300.0)];
        let scars = Scars::from_draw(&draw, &listed).unwrap();
        let s = scars.series(&history, 1500.0);
        for of in [&s.depth_icepick, &s.hypertrophic_height, &s.linear_depth, &s.linear_width, &s.alignment] {
            assert!(of.iter().all(|v| (v / of[0] - 1.0).abs() < 1e-12), "{of:?}");
        }
        for of in [&s.goodman_baron_score, &s.goodman_baron_grade, &s.ecca_score, &s.vss_score, &s.posas_score] {
            assert!(of.iter().all(|v| (v / of[0] - 1.0).abs() < 1e-12), "{of:?}");
        }
        assert!((s.depth_icepick[0] / scars.icepick.depth_um() - 1.0).abs() < 1e-12);
        assert!((s.hypertrophic_height[0] - 2500.0).abs() < 1e-9 && (s.linear_depth[0] - 300.0).abs() < 1e-9);
        for scar in scars.single(&history, 1500.0) {
            assert!(scar.volume_mm3.iter().all(|v| (v / scar.volume_mm3[0] - 1.0).abs() < 1e-12));
        }
    }
}

#[test]
fn icepick_scars_respond_least_because_of_their_geometry() {
    let scars = central();
    for reach in [800.0, 1200.0, 1580.0] {
        let (ice, box_, roll) =
            (gone(&scars, &scars.icepick, reach), gone(&scars, &scars.boxcar, reach), gone(&scars, &scars.rolling, reach));
        assert!(roll > box_ && box_ > ice && ice >= 0.0, "reach {reach}: {roll} {box_} {ice}");
    }
}

#[test]
fn classes_of_one_geometry_respond_alike() {
    let scars = central();
    let like_rolling = |shape| Scar { shape, ..scars.rolling };
    let response = gone(&scars, &scars.rolling, 1200.0);
    for shape in [ScarShape::Cone, ScarShape::Cylinder, ScarShape::SphericalCap, ScarShape::Ridge] {
        assert_eq!(gone(&scars, &like_rolling(shape), 1200.0), response, "{shape:?}");
    }
    let of = |class| single(class, 3000.0, -300.0);
    let listed: Vec<SingleScar> = [ScarClass::Boxcar, ScarClass::Rolling, ScarClass::Linear].map(of).to_vec();
    let draw = Draw::central(&ParameterSet::embedded().unwrap());
    let series = Scars::from_draw(&draw, &listed).unwrap().single(&treated(1200.0), 1200.0);
    assert!(series[0].relief_um == series[1].relief_um && series[1].relief_um == series[2].relief_um);
    // What sets an ice-pick scar apart is how narrow it is and how far its tract goes.
    let (wider, shorter) = (Scar { width_um: 5000.0, ..scars.icepick }, Scar { tract_um: 0.0, ..scars.icepick });
    assert!(gone(&scars, &wider, 1200.0) > gone(&scars, &scars.icepick, 1200.0));
    assert!(gone(&scars, &shorter, 1200.0) > gone(&scars, &scars.icepick, 1200.0));
}

#[test]
fn pits_rise_raised_scars_sink_and_order_falls() {
    let listed = [
        single(ScarClass::Boxcar, 3000.0, -400.0),
        single(ScarClass::Hypertrophic, 8000.0, 2000.0),
        single(ScarClass::Linear, 2000.0, -250.0),
        single(ScarClass::Linear, 2000.0, 250.0),
    ];
    for draw in draw_members(&ParameterSet::embedded().unwrap(), 5, 40) {
        let scars = Scars::from_draw(&draw, &listed).unwrap();
        for (scar, was) in scars.single(&treated(1580.0), 1500.0).iter().zip(&listed) {
            let [before, after] = [scar.relief_um[0], scar.relief_um[1]];
            assert!((before - was.relief_um).abs() < 1e-9);
            assert!(after.abs() < before.abs() && after * before >= 0.0, "{was:?}: {before} to {after}");
            assert!(scar.volume_mm3[1] < scar.volume_mm3[0] && scar.area_mm2[1] <= scar.area_mm2[0]);
        }
    }
    let scars = central();
    let s = scars.series(&treated(1580.0), 1500.0);
    assert!(s.alignment[1] < s.alignment[0] && s.alignment[1] > scars.alignment.normal);
    assert!(s.hypertrophic_height[1] < s.hypertrophic_height[0] && s.linear_depth[1] < s.linear_depth[0]);
    assert!(s.linear_width[1] < s.linear_width[0] && s.hypertrophic_volume[1] < s.hypertrophic_volume[0]);
    for grade in [s.goodman_baron_score, s.goodman_baron_grade, s.ecca_score, s.vss_score, s.posas_score] {
        assert!(grade[1] < grade[0] && grade[1] > 0.0, "{grade:?}");
    }
}

#[test]
fn deeper_reach_fills_more_and_never_beyond_the_rim() {
    let scars = central();
    assert!(gone(&scars, &scars.boxcar, 1580.0) > gone(&scars, &scars.boxcar, 800.0));
    let series = scars.series(&with_gain(resting(&[0.0, 180.0], 1500.0), 5.0, 1580.0), 1500.0);
    assert_eq!(series.depth_rolling[1], 0.0);
    assert!(series.goodman_baron_score[1] >= 0.0);
}

#[test]
fn listed_scars_take_the_place_of_the_typical_one() {
    let draw = Draw::central(&ParameterSet::embedded().unwrap());
    let two = [single(ScarClass::Hypertrophic, 8000.0, 3000.0), SingleScar { count: 3, ..single(ScarClass::Hypertrophic, 4000.0, 1000.0) }];
    let history = treated(1580.0);
    let height = |listed: &[SingleScar]| Scars::from_draw(&draw, listed).unwrap().series(&history, 1500.0).hypertrophic_height[0];
    assert!((height(&[]) - 2000.0).abs() < 1e-9);
    assert!((height(&two) - 1500.0).abs() < 1e-9, "weighted by their number");
    // A listed acne scar leaves the usual mix of the face alone.
    let pit = [single(ScarClass::Boxcar, 9000.0, -90.0)];
    let series = |listed: &[SingleScar]| Scars::from_draw(&draw, listed).unwrap().series(&history, 1500.0);
    assert_eq!(series(&pit), series(&[]));
}
