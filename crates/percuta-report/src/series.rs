//! Read-outs over time: baseline, visits and paired changes.

use percuta::course::{Outcome, ReadoutSeries};
use percuta::population::{Interval, interval};

use crate::format;

/// Days this close are the same day.
const SAME_DAY: f64 = 1e-9;

/// The read-out of that key, if the run has it.
pub fn find<'a>(outcome: &'a Outcome, key: &str) -> Option<&'a ReadoutSeries> {
    outcome.readouts.iter().find(|s| s.readout.key == key)
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
    fn changes_are_paired() {
        let o = fixture::outcome();
        let s = find(&o, "scar_depth_icepick").unwrap();
        let last = *o.course.visits.last().unwrap();
        let c = change(&o, s, last).unwrap();
        let unpaired = interval(&baseline(s));
        assert!(c.high - c.low < unpaired.high - unpaired.low, "the spread between members must not enter the change");
    }
}
