//! What happens to the tissue of a course, and when.

/// What happens to the tissue at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A session cuts and lyses tissue.
    Lysis(usize),
    /// The alarm of a session begins to call macrophages.
    Alarm(usize),
    /// The tissue is recorded.
    Record(usize),
    /// A picture is taken.
    Frame(usize),
}

/// Everything that happens up to the last of the recorded `days`, in order; at one moment lysis comes first, then alarms, records
/// and pictures (`frames`, days).
#[must_use]
pub fn agenda(sessions: &[f64], days: &[f64], frames: &[f64], alarm_delay: f64) -> Vec<(f64, Event)> {
    let mut agenda: Vec<(f64, Event)> = Vec::new();
    let end = days.last().copied().unwrap_or(0.0);
    for (s, &day) in sessions.iter().enumerate().filter(|(_, day)| **day <= end) {
        agenda.push((day, Event::Lysis(s)));
        agenda.push((day + alarm_delay, Event::Alarm(s)));
    }
    agenda.extend(days.iter().enumerate().map(|(i, &d)| (d, Event::Record(i))));
    agenda.extend(frames.iter().enumerate().map(|(i, &d)| (d, Event::Frame(i))));
    let rank = |e: &Event| match e {
        Event::Lysis(_) => 0,
        Event::Alarm(_) => 1,
        Event::Record(_) => 2,
        Event::Frame(_) => 3,
    };
    agenda.sort_by(|a, b| a.0.total_cmp(&b.0).then(rank(&a.1).cmp(&rank(&b.1))));
    agenda.retain(|(when, _)| *when <= end);
    agenda
}
