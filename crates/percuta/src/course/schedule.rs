//! The days at which a run is recorded.

/// A session day is recorded twice: this long before it (d), and on it, just after the needles.
pub const JUST_BEFORE: f64 = 1e-4;

/// Days after a session at which the fast read-outs (barrier, redness, clot) are recorded: hours first, then days.
const AFTER_SESSION: [f64; 14] = [1.0 / 24.0, 0.125, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 14.0];

/// The dense time axis of a course: it starts just before day 0 with the untreated baseline, holds every
/// visit, every session before and after, the hours and days after each session, and an even background.
#[must_use]
pub fn recorded_days(sessions: &[f64], visits: &[f64]) -> Vec<f64> {
    let end = visits.last().copied().unwrap_or(0.0);
    let mut days = vec![-JUST_BEFORE];
    days.extend(visits);
    for &session in sessions.iter().filter(|s| **s <= end) {
        days.extend([session - JUST_BEFORE, session]);
        days.extend(AFTER_SESSION.iter().map(|after| session + after));
    }
    let background = 60;
    days.extend((0..=background).map(|i| end * f64::from(i) / f64::from(background)));
    days.retain(|d| *d <= end);
    days.sort_by(f64::total_cmp);
    days.dedup_by(|a, b| (*a - *b).abs() < 1e-9);
    days
}

/// Index of a visit on the time axis: after a session on the same day.
#[must_use]
pub fn index_of(days: &[f64], visit: f64) -> Option<usize> {
    days.iter().rposition(|d| (d - visit).abs() < 1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_visit_and_both_sides_of_every_session_are_recorded() {
        let (sessions, visits) = (vec![0.0, 28.0], vec![0.0, 7.0, 28.0, 90.0]);
        let days = recorded_days(&sessions, &visits);
        assert!(days.windows(2).all(|d| d[0] < d[1]));
        assert!(visits.iter().all(|&v| index_of(&days, v).is_some()));
        assert!(days[0] < 0.0 && days.contains(&(28.0 - JUST_BEFORE)));
        assert_eq!(days.last(), Some(&90.0));
    }
}
