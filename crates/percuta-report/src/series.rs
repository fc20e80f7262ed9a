//! Read-outs over time: baseline, visits and paired changes.

use percuta::course::{Outcome, ReadoutSeries};
use percuta::population::{Interval, interval};

use crate::format;

/// Days this close are the same day.
const SAME_DAY: f64 = 1e-9;

/// The read-out of that key, if the run has it and the course has what it speaks of: a lesion, a product.
pub fn find<'a>(outcome: &'a Outcome, key: &str) -> Option<&'a ReadoutSeries> {
    outcome.readouts.iter().find(|s| s.readout.key == key && outcome.course.concerns(key))
}

/// The visit at which the median change of a read-out is largest: there its drivers are told. None if nothing changes.
pub fn telling_day(outcome: &Outcome, series: &ReadoutSeries) -> Option<f64> {
    outcome
        .course
        .visits
        .iter()
        .filter_map(|&day| Some((day, change(outcome, series, day)?.median.abs())))
        .filter(|(_, size)| *size > 0.0)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(day, _)| day)
}

/// Index of a visit on the dense axis. A day with a session stands there twice, before and after it; a visit sees the skin after.
pub fn visit_index(outcome: &Outcome, day: f64) -> Option<usize> {
    outcome.days.iter().rposition(|d| (d - day).abs() < SAME_DAY)
}

/// Members' values at one index of the dense axis.
pub fn values(series: &ReadoutSeries, index: usize) -> Vec<f64> {
    series.members.iter().filter_map(|m| m.get(index).copied()).collect()
}

/// Members' values before anything was done.
pub fn baseline(series: &ReadoutSeries) -> Vec<f64> {
    values(series, 0)
}

/// Median and interval at every day of the dense axis.
pub fn band(outcome: &Outcome, series: &ReadoutSeries) -> Vec<Interval> {
    (0..outcome.days.len()).map(|i| interval(&values(series, i))).collect()
}

/// Change of each member from its own baseline to a visit, summarised.
pub fn change(outcome: &Outcome, series: &ReadoutSeries, day: f64) -> Option<Interval> {
    let index = visit_index(outcome, day)?;
    let changes: Vec<f64> = series.members.iter().filter_map(|m| Some(m.get(index)? - m.first()?)).collect();
    Some(interval(&changes))
}

/// The change of a read-out to a visit as text, to no more digits than its baseline or its largest change deserves.
pub fn change_text(outcome: &Outcome, series: &ReadoutSeries, day: f64) -> Option<String> {
    let largest = |i: Interval| i.median.abs().max(i.low.abs()).max(i.high.abs());
    let changes = outcome.course.visits.iter().filter_map(|&d| change(outcome, series, d)).map(largest);
    let scale = changes.fold(interval(&baseline(series)).median.abs(), f64::max);
    Some(format::change(&change(outcome, series, day)?, scale))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn a_visit_on_a_session_day_sees_the_skin_after_it() {
        let o = fixture::outcome();
        assert_eq!(o.days[..2], [0.0, 0.0], "the fixture has day 0 twice");
        assert_eq!(visit_index(&o, 0.0), Some(1));
        let tewl = find(&o, "tewl").unwrap();
        assert!(interval(&values(tewl, 1)).median > interval(&baseline(tewl)).median);
        assert!(visit_index(&o, 12345.0).is_none());
    }

    #[test]
    fn a_readout_of_what_the_course_lacks_is_not_shown() {
        let mut o = fixture::outcome();
        o.course.lesion = None;
        assert!(find(&o, "lesion_melanin_excess").is_none() && find(&o, "melanin_index").is_some());
        assert!(find(&o, "product_enhancement_ratio").is_some());
        o.course.product = None;
        assert!(find(&o, "product_enhancement_ratio").is_none());
        // The scars of the course decide which read-outs of scars it is about.
        let shown = |o: &Outcome| {
            ["scar_depth_rolling", "hypertrophic_scar_height", "linear_scar_width", "vss_score"].map(|k| find(o, k).is_some())
        };
        assert_eq!(shown(&o), [true, true, false, true]);
        o.course.scars.retain(|s| s.class.is_acne());
        assert_eq!(shown(&o), [true, false, false, false]);
        o.course.scars.clear();
        assert_eq!(shown(&o), [true, false, false, false]);
    }

    #[test]
    fn drivers_are_told_where_the_change_is_largest() {
        let o = fixture::outcome();
        let s = find(&o, "melanin_index").unwrap();
        let day = telling_day(&o, s).unwrap();
        let largest = o.course.visits.iter().map(|d| change(&o, s, *d).unwrap().median.abs()).fold(0.0, f64::max);
        assert_eq!(change(&o, s, day).unwrap().median.abs(), largest);
        let still = fixture::untreated();
        assert!(telling_day(&still, find(&still, "melanin_index").unwrap()).is_none());
    }

    #[test]
    fn changes_are_paired() {
        let o = fixture::outcome();
        let s = find(&o, "scar_depth_icepick").unwrap();
        let last = *o.course.visits.last().unwrap();
        let c = change(&o, s, last).unwrap();
        let unpaired = interval(&baseline(s));
        assert!(c.high - c.low < unpaired.high - unpaired.low, "the spread between members must not enter the change");
    }
}
